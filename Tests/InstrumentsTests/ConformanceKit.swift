// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities

/// What every driver has to hold, without knowing which one it is.
enum ConformanceCheck: String, CaseIterable, Sendable {
  case empty, truncation, lineEnds, byteOrderMark, windows1252, headerOnly, shortRow, foreignFiles, fileName
  case strangeNumbers, manyColumns, repetition, parallel, mutation, roundTrip, header
  case padding, otherDelimiter, utf16, zeroBytes, longLine
}

/// What the checks look at in a record of either kind.
extension InstrumentRecord {
  /// The numbers of every channel, of the instrument's own corrections and of what goes with the rows, in SI.
  var numbers: [[Double]] {
    guard case .loop(let loop) = self else { return columns }
    let processed = loop.processed.map { [$0.field.amperesPerMetre, $0.response.si] } ?? []
    return columns + processed + [loop.time?.si, loop.temperature?.si].compactMap(\.self)
      + [loop.instrumentResults.map(\.si)]
  }

  /// The numbers of every channel, in SI.
  var columns: [[Double]] {
    switch self {
    case .loop(let loop): [loop.field.amperesPerMetre, loop.response.si]
    case .waveform(let waveform): waveform.channels.map(\.signal.si)
    }
  }

  var count: Int { columns.first?.count ?? 0 }

  var header: [HeaderEntry] {
    switch self {
    case .loop(let loop): loop.header
    case .waveform(let waveform): waveform.header
    }
  }

  var sampleID: String? {
    switch self {
    case .loop(let loop): loop.sample.id?.value
    case .waveform(let waveform): waveform.sample.id?.value
    }
  }

  /// Whether the measured values and what orders them are the same.
  func isEqualInData(_ other: InstrumentRecord) -> Bool {
    switch (self, other) {
    case (.loop(let one), .loop(let two)):
      one.field == two.field && one.response == two.response && one.processed == two.processed
        && one.time == two.time && one.temperature == two.temperature && one.lines == two.lines
        && one.instrumentResults.map(\.si) == two.instrumentResults.map(\.si)
    case (.waveform(let one), .waveform(let two)):
      one.channels == two.channels && one.timeBase == two.timeBase
    default: false
    }
  }
}

/// Runs one check on one file of a driver; the answer names what is wrong, and is empty when all is well.
struct ConformanceKit {
  let driver: Instrument
  let sample: SourceFile
  let foreign: [SourceFile]

  func faults(_ check: ConformanceCheck) async throws -> [String] {
    let whole = try driver.read(sample, ReadingOptions())
    if isBinary, Self.textChecks.contains(check) { return [] }
    switch check {
    case .empty: return refusal([], [.empty])
    case .truncation: return truncated(whole)
    case .lineEnds: return lineEnds(whole)
    case .byteOrderMark: return same(whole, [0xEF, 0xBB, 0xBF] + sample.bytes)
    case .windows1252: return same(whole, windows1252(whole))
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
    case .padding: return same(whole, padded(whole))
    case .otherDelimiter: return otherDelimiter(whole)
    case .utf16: return utf16()
    case .zeroBytes: return zeroBytes(whole)
    case .longLine: return longLines(whole)
    }
  }

  // MARK: reading one variant

  func read(_ bytes: [UInt8], name: String = "variant") -> Result<InstrumentRecord, ReadError> {
    Result { () throws(ReadError) in
      try driver.read(SourceFile(name: name, bytes: bytes), ReadingOptions())
    }
  }

  /// What any answer has to hold, whatever the bytes are.
  func soundness(_ result: Result<InstrumentRecord, ReadError>) -> [String] {
    switch result {
    case .failure(let error): return error.detail.count < 10 ? ["an error without a sentence"] : []
    case .success(let record):
      var faults: [String] = []
      if record.count == 0 { faults.append("a measurement without rows") }
      if !record.numbers.allSatisfy({ $0.allSatisfy(\.isFinite) }) {
        faults.append("a number that is not finite")
      }
      if case .loop(let loop) = record, loop.lines.count != loop.count {
        faults.append("\(loop.lines.count) lines for \(loop.count) rows")
      }
      return faults
    }
  }

  func same(_ whole: InstrumentRecord, _ bytes: [UInt8]) -> [String] {
    switch read(bytes) {
    case .failure(let error): return ["refused: \(error)"]
    case .success(let record):
      let equal = record.isEqualInData(whole) && record.header.count == whole.header.count
      return equal ? [] : ["another answer for the same content"]
    }
  }

  private func refusal(_ bytes: [UInt8], _ codes: [ReadError.Code]) -> [String] {
    switch read(bytes) {
    case .success(let record): ["read as \(record.count) rows"]
    case .failure(let error): codes.contains(error.code) ? [] : ["refused as \(error.code): \(error)"]
    }
  }

  /// The file's lines without their ends.
  var lines: [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    for byte in sample.bytes where byte != 13 {
      if byte == 10 { lines.append([]) } else { lines[lines.count - 1].append(byte) }
    }
    return lines.last == [] ? lines.dropLast() : lines
  }

  func joined(_ lines: some Sequence<[UInt8]>, _ end: (Int) -> [UInt8] = { _ in [10] }) -> [UInt8] {
    lines.enumerated().flatMap { $1 + end($0) }
  }

  /// Checks of what only text has; what they ask of numbers and lengths, mutations ask of binary files.
  private static let textChecks: Set<ConformanceCheck> = [
    .lineEnds, .byteOrderMark, .windows1252, .headerOnly, .shortRow, .strangeNumbers, .manyColumns, .padding,
    .otherDelimiter, .utf16, .zeroBytes, .longLine,
  ]

  private var isBinary: Bool { sample.bytes.contains(0) }

  /// The line of every row, counted from 1; those of a waveform are the last of the file.
  func rowLines(_ whole: InstrumentRecord) -> [Int] {
    switch whole {
    case .loop(let loop): loop.lines
    case .waveform(let waveform): Array((1...max(1, lines.count)).suffix(waveform.count))
    }
  }

  /// The byte between the cells of a row.
  func delimiter(of row: [UInt8]) -> UInt8 { [9, 59, 44].first(where: row.contains) ?? 32 }

  // MARK: the checks

  private func truncated(_ whole: InstrumentRecord) -> [String] {
    var faults: [String] = []
    for length in stride(from: 0, to: sample.bytes.count, by: 53) {
      let result = read(Array(sample.bytes.prefix(length)))
      faults += soundness(result)
      guard case .success(let part) = result else { continue }
      // A cut inside the last number of a file that is whole otherwise cannot be seen.
      let sure = max(0, part.count - 1)
      let isPart =
        part.columns.count == whole.columns.count
        && zip(part.columns, whole.columns).allSatisfy { $0.prefix(sure) == $1.prefix(sure) }
      if part.count > whole.count || !isPart {
        faults.append("\(length) bytes give rows that the whole file does not have")
      }
    }
    return faults
  }

  private func lineEnds(_ whole: InstrumentRecord) -> [String] {
    let ends: [[UInt8]] = [[10], [13], [13, 10]]
    let lines = lines
    return ends.flatMap { end in same(whole, joined(lines) { _ in end }) }
      + same(whole, joined(lines) { ends[$0 % 3] })
  }

  private func headerOnly(_ whole: InstrumentRecord) -> [String] {
    guard let first = rowLines(whole).first else { return ["the lines of the rows were not kept"] }
    return refusal(joined(lines.prefix(first - 1)), [.truncated, .empty])
  }

  private func shortRow(_ whole: InstrumentRecord) -> [String] {
    guard whole.count > 20 else { return ["the sample is too short for this check"] }
    var lines = lines
    let row = rowLines(whole)[whole.count / 2] - 1
    lines[row] = Array(lines[row].prefix(3))
    let result = read(joined(lines))
    if case .success(let record) = result, record.count >= whole.count {
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

  private func fileNames(_ whole: InstrumentRecord) -> [String] {
    ["", "a.dat", "a.csv", "b.jpg"].flatMap { name -> [String] in
      let claim = driver.recognize(SourceFile(name: name, bytes: sample.bytes))
      let stranger = driver.recognize(SourceFile(name: name, bytes: Array("nothing\n".utf8)))
      return (claim.recognition > .no ? [] : ["does not claim its own file under the name “\(name)”"])
        + (stranger.recognition == .no ? [] : ["claims any file called “\(name)”"])
    }
  }

  private func strangeNumbers(_ whole: InstrumentRecord) -> [String] {
    let lines = lines
    let row = rowLines(whole)[whole.count / 2] - 1
    let delimiter = delimiter(of: lines[row])
    let cells = lines[row].split(separator: delimiter, omittingEmptySubsequences: false)
    let strange = [
      "1e999", "-1e999", "1e-999", "4.9e-324", "nan", "inf", "-INF", "1e308", "1e", "--1", "0x10", "٣",
    ]
    return (strange + [String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "1"])
      .flatMap { text in
        cells.indices.prefix(8).flatMap { cell -> [String] in
          var changed = cells
          changed[cell] = Array(text.utf8)[...]
          var lines = lines
          lines[row] = Array(changed.joined(separator: [delimiter]))
          return soundness(read(joined(lines)))
        }
      }
  }

  private func manyColumns(_ whole: InstrumentRecord) -> [String] {
    guard let first = rowLines(whole).first else { return ["the lines of the rows were not kept"] }
    let padding = [UInt8](repeating: delimiter(of: lines[first - 1]), count: 10_000)
    let wide = lines.enumerated().map { $0 < first - 2 ? $1 : $1 + padding }
    return same(whole, joined(wide))
  }

  private func parallel(_ whole: InstrumentRecord) async -> [String] {
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

  private func roundTrip(_ whole: InstrumentRecord) throws -> [String] {
    guard let written = try rewritten(whole) else { return [] }
    let again = try driver.read(SourceFile(name: "written", bytes: written), ReadingOptions())
    var faults: [String] = []
    // Oe and emu and back cost at most one rounding each way: within 2 units in the last place.
    for (one, other) in zip(whole.columns.joined(), again.columns.joined())
    where abs(one - other) > 2 * one.ulp { faults.append("\(one) was read back as \(other)") }
    if again.count != whole.count { faults.append("\(whole.count) rows were read back as \(again.count)") }
    if again.sampleID != whole.sampleID { faults.append("the sample's name was lost") }
    if case .waveform(let one) = whole, case .waveform(let other) = again {
      if one.timeBase != other.timeBase { faults.append("the time base was read back as another") }
      if one.channels.map(\.name) != other.channels.map(\.name) { faults.append("a channel's name was lost") }
    }
    return faults
  }

  private func rewritten(_ whole: InstrumentRecord) throws -> [UInt8]? {
    switch whole {
    case .loop(let loop): try driver.write?(loop)
    case .waveform(let waveform): try waveform.timeBase == nil ? nil : driver.writeWaveform?(waveform)
    }
  }
}
