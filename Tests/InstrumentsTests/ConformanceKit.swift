// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements

/// What every driver has to hold, without knowing which one it is.
enum ConformanceCheck: String, CaseIterable, Sendable {
  case empty, truncation, lineEnds, byteOrderMark, windows1252, headerOnly, shortRow, foreignFiles, fileName
  case strangeNumbers, manyColumns, repetition, parallel, mutation, roundTrip, header
}

/// Runs one check on one file of a driver; the answer names what is wrong, and is empty when all is well.
struct ConformanceKit {
  let driver: Instrument
  let sample: SourceFile
  let foreign: [SourceFile]

  func faults(_ check: ConformanceCheck) async throws -> [String] {
    let whole = try driver.readLoop(sample, ReadingOptions())
    switch check {
    case .empty: return refusal([], [.empty])
    case .truncation: return truncated(whole)
    case .lineEnds: return lineEnds(whole)
    case .byteOrderMark: return same(whole, [0xEF, 0xBB, 0xBF] + sample.bytes)
    case .windows1252: return same(whole, windows1252())
    case .headerOnly: return headerOnly(whole)
    case .shortRow: return shortRow(whole)
    case .foreignFiles: return foreignFaults()
    case .fileName: return fileNames(whole)
    case .strangeNumbers: return strangeNumbers(whole)
    case .manyColumns: return manyColumns(whole)
    case .repetition: return same(whole, sample.bytes) + same(whole, sample.bytes)
    case .parallel: return await parallel(whole)
    case .mutation: return mutations()
    case .roundTrip: return try roundTrip(whole)
    case .header: return whole.header.isEmpty ? ["the header was not kept"] : []
    }
  }

  // MARK: reading one variant

  private func read(_ bytes: [UInt8], name: String = "variant") -> Result<LoopMeasurement, ReadError> {
    Result { () throws(ReadError) in
      try driver.readLoop(SourceFile(name: name, bytes: bytes), ReadingOptions())
    }
  }

  /// What any answer has to hold, whatever the bytes are.
  private func soundness(_ result: Result<LoopMeasurement, ReadError>) -> [String] {
    switch result {
    case .failure(let error): return error.detail.count < 10 ? ["an error without a sentence"] : []
    case .success(let loop):
      var faults: [String] = []
      if loop.count == 0 { faults.append("a measurement without rows") }
      if !(loop.field.amperesPerMetre + loop.response.si).allSatisfy(\.isFinite) {
        faults.append("a number that is not finite")
      }
      if loop.lines.count != loop.count { faults.append("\(loop.lines.count) lines for \(loop.count) rows") }
      return faults
    }
  }

  private func same(_ whole: LoopMeasurement, _ bytes: [UInt8]) -> [String] {
    switch read(bytes) {
    case .failure(let error): return ["refused: \(error)"]
    case .success(let loop):
      let equal =
        loop.field == whole.field && loop.response == whole.response && loop.time == whole.time
        && loop.temperature == whole.temperature && loop.lines == whole.lines
        && loop.header.count == whole.header.count
      return equal ? [] : ["another answer for the same content"]
    }
  }

  private func refusal(_ bytes: [UInt8], _ codes: [ReadError.Code]) -> [String] {
    switch read(bytes) {
    case .success(let loop): ["read as \(loop.count) rows"]
    case .failure(let error): codes.contains(error.code) ? [] : ["refused as \(error.code): \(error)"]
    }
  }

  /// The file's lines without their ends.
  private var lines: [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    for byte in sample.bytes where byte != 13 {
      if byte == 10 { lines.append([]) } else { lines[lines.count - 1].append(byte) }
    }
    return lines.last == [] ? lines.dropLast() : lines
  }

  private func joined(_ lines: some Sequence<[UInt8]>, _ end: (Int) -> [UInt8] = { _ in [10] }) -> [UInt8] {
    lines.enumerated().flatMap { $1 + end($0) }
  }

  // MARK: the checks

  private func truncated(_ whole: LoopMeasurement) -> [String] {
    var faults: [String] = []
    for length in stride(from: 0, to: sample.bytes.count, by: 53) {
      let result = read(Array(sample.bytes.prefix(length)))
      faults += soundness(result)
      guard case .success(let part) = result else { continue }
      // A cut inside the last number of a file that is whole otherwise cannot be seen.
      let sure = max(0, part.count - 1)
      if part.count > whole.count || part.rows(0..<sure).field != whole.rows(0..<sure).field
        || part.rows(0..<sure).response != whole.rows(0..<sure).response
      {
        faults.append("\(length) bytes give rows that the whole file does not have")
      }
    }
    return faults
  }

  private func lineEnds(_ whole: LoopMeasurement) -> [String] {
    let ends: [[UInt8]] = [[10], [13], [13, 10]]
    let lines = lines
    return ends.flatMap { end in same(whole, joined(lines) { _ in end }) }
      + same(whole, joined(lines) { ends[$0 % 3] })
  }

  /// The sample's name with a byte that is no UTF-8.
  private func windows1252() -> [UInt8] {
    var bytes = sample.bytes
    let name = Array("Probe".utf8)
    for start in bytes.indices.dropLast(name.count) where Array(bytes[start..<start + name.count]) == name {
      bytes[start + 2] = 0xF6
    }
    return bytes
  }

  private func headerOnly(_ whole: LoopMeasurement) -> [String] {
    guard let first = whole.lines.first else { return ["the lines of the rows were not kept"] }
    return refusal(joined(lines.prefix(first - 1)), [.truncated, .empty])
  }

  private func shortRow(_ whole: LoopMeasurement) -> [String] {
    guard whole.count > 20 else { return ["the sample is too short for this check"] }
    var lines = lines
    let row = whole.lines[whole.count / 2] - 1
    lines[row] = Array(lines[row].prefix(3))
    let result = read(joined(lines))
    if case .success(let loop) = result, loop.count >= whole.count {
      return ["a short row was read as a full one"]
    }
    return soundness(result)
  }

  private func foreignFaults() -> [String] {
    foreign.flatMap { file -> [String] in
      let claim = driver.recognize(file)
      return (claim.recognition == .no ? [] : ["claims \(file.name): \(claim.reason)"])
        + soundness(read(file.bytes))
    }
  }

  private func fileNames(_ whole: LoopMeasurement) -> [String] {
    ["", "a.dat", "a.csv", "b.jpg"].flatMap { name -> [String] in
      let claim = driver.recognize(SourceFile(name: name, bytes: sample.bytes))
      let stranger = driver.recognize(SourceFile(name: name, bytes: Array("nothing\n".utf8)))
      return (claim.recognition > .no ? [] : ["does not claim its own file under the name “\(name)”"])
        + (stranger.recognition == .no ? [] : ["claims any file called “\(name)”"])
    }
  }

  private func strangeNumbers(_ whole: LoopMeasurement) -> [String] {
    let lines = lines
    let row = whole.lines[whole.count / 2] - 1
    let cells = lines[row].split(separator: 44, omittingEmptySubsequences: false)
    let strange = [
      "1e999", "-1e999", "1e-999", "4.9e-324", "nan", "inf", "-INF", "1e308", "1e", "--1", "0x10", "٣",
    ]
    return (strange + [String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "1"])
      .flatMap { text in
        cells.indices.prefix(8).flatMap { cell -> [String] in
          var changed = cells
          changed[cell] = Array(text.utf8)[...]
          var lines = lines
          lines[row] = Array(changed.joined(separator: [44]))
          return soundness(read(joined(lines)))
        }
      }
  }

  private func manyColumns(_ whole: LoopMeasurement) -> [String] {
    guard let first = whole.lines.first else { return ["the lines of the rows were not kept"] }
    let padding = [UInt8](repeating: 44, count: 10_000)
    let wide = lines.enumerated().map { $0 < first - 2 ? $1 : $1 + padding }
    return same(whole, joined(wide))
  }

  private func parallel(_ whole: LoopMeasurement) async -> [String] {
    await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { same(whole, sample.bytes) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func mutations() -> [String] {
    var random = SeededNumbers(seed: 7)
    var faults: [String] = []
    let likely = Array("0123456789.,;\t\"+-eE\r\n[]()#: ".utf8) + [0, 0xB5, 0xFF]
    for _ in 0..<300 {
      var bytes = sample.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(likely.randomElement(using: &random) ?? 0, at: place)
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
        default: bytes[place] = likely.randomElement(using: &random) ?? 0
        }
      }
      _ = driver.recognize(SourceFile(name: "mutated", bytes: bytes))
      faults += soundness(read(bytes))
    }
    return faults
  }

  private func roundTrip(_ whole: LoopMeasurement) throws -> [String] {
    guard let write = driver.write else { return [] }
    let again = try driver.readLoop(SourceFile(name: "written", bytes: try write(whole)), ReadingOptions())
    var faults: [String] = []
    // Oe and emu and back cost at most one rounding each way: within 2 units in the last place.
    for (one, other) in zip(
      whole.field.amperesPerMetre + whole.response.si, again.field.amperesPerMetre + again.response.si)
    where abs(one - other) > 2 * one.ulp { faults.append("\(one) was read back as \(other)") }
    if again.count != whole.count { faults.append("\(whole.count) rows were read back as \(again.count)") }
    if again.sample.id != whole.sample.id { faults.append("the sample's name was lost") }
    return faults
  }
}
