// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements

/// What becomes of a file on its way through spreadsheets, editors and broken disks.
extension ConformanceKit {
  /// The sample's name with a byte that is no UTF-8, wherever it stands.
  func windows1252(_ whole: InstrumentRecord) -> [UInt8] {
    guard let name = whole.sampleID.map({ Array($0.utf8) }), name.count > 3 else { return sample.bytes }
    var bytes = sample.bytes
    for start in bytes.indices.dropLast(name.count - 1) where bytes[start..<start + name.count] == name[...] {
      bytes[start + 2] = 0xF6
    }
    return bytes
  }

  /// Every line as long as the widest one, as a spreadsheet fills it up.
  func padded(_ whole: InstrumentRecord) -> [UInt8] {
    let lines = lines
    guard let first = rowLines(whole).first else { return [] }
    let delimiter = delimiter(of: lines[first - 1])
    // Three more than the widest line has, where somebody wrote beside the table.
    let widest = (lines.map { count(delimiter, in: $0) }.max() ?? 0) + 3
    return joined(
      lines.map { line in
        line + [UInt8](repeating: delimiter, count: delimiter == 32 ? 3 : widest - count(delimiter, in: line))
      })
  }

  /// Another delimiter may be refused, and otherwise changes nothing.
  func otherDelimiter(_ whole: InstrumentRecord) -> [String] {
    let lines = lines
    guard let first = rowLines(whole).first else { return ["the lines of the rows were not kept"] }
    let delimiter = delimiter(of: lines[first - 1])
    return [9, 59].filter { $0 != delimiter }.flatMap { other -> [String] in
      let bytes = sample.bytes.map { $0 == delimiter ? other : $0 }
      let result = read(bytes)
      guard case .success(let record) = result else { return soundness(result) }
      return record.columns == whole.columns
        ? [] : ["other numbers between \(other) than between \(delimiter)"]
    }
  }

  /// Two bytes a character, in both orders, with the mark in front and without it.
  func utf16() -> [String] {
    let little: [UInt8] = sample.bytes.flatMap { [$0, 0] }
    let big: [UInt8] = sample.bytes.flatMap { [0, $0] }
    return [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big].flatMap { bytes -> [String] in
      let result = read(bytes)
      if case .success = result { return ["read as text of one byte a character"] }
      return soundness(result)
    }
  }

  /// Blocks of zeros, as a file system leaves them behind after a crash.
  func zeroBytes(_ whole: InstrumentRecord) -> [String] {
    let zeros = [UInt8](repeating: 0, count: 4096)
    let half = sample.bytes.count / 2
    let files = [
      zeros, sample.bytes + zeros, sample.bytes.prefix(half) + zeros,
      sample.bytes.prefix(half) + zeros + sample.bytes.dropFirst(half),
    ]
    return files.flatMap { soundness(read(Array($0))) }
  }

  /// A megabyte without a line end, in place of the whole file and of its first row.
  func longLines(_ whole: InstrumentRecord) -> [String] {
    let lines = lines
    guard let first = rowLines(whole).first else { return ["the lines of the rows were not kept"] }
    let head = joined(lines.prefix(first - 1))
    let clock = ContinuousClock()
    return [49, 34, 58, delimiter(of: lines[first - 1])].flatMap { byte -> [String] in
      let long = [UInt8](repeating: byte, count: 1 << 20)
      var faults: [String] = []
      let duration = clock.measure {
        for bytes in [long, head + long, head + long + [10] + lines[first - 1]] {
          _ = driver.recognize(SourceFile(name: "long line", bytes: bytes))
          faults += soundness(read(bytes))
        }
      }
      // Far more than a few passes over a megabyte take, and far less than a megabyte squared.
      return duration > .seconds(20) ? faults + ["\(duration) for lines of the byte \(byte)"] : faults
    }
  }

  private func count(_ byte: UInt8, in line: [UInt8]) -> Int { line.count { $0 == byte } }
}
