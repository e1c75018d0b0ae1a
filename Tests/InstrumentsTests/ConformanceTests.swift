// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Synchronization
internal import Testing

@Suite("Conformance")
struct ConformanceTests {
  @Test("every driver passes every check on every file of its own", arguments: ConformanceCheck.allCases)
  func everyDriverConforms(_ check: ConformanceCheck) async throws {
    let all = try generatedFiles() + sampleFiles().filter { !$0.isRefused }
    // The pieces of a lot differ in their numbers alone, and one of them stands for all.
    var shapes: Set<String> = []
    for known in all {
      let driver = try #require(allInstruments.first { $0.id == known.owner })
      let record = try driver.read(known.file, ReadingOptions())
      let shape = "\(driver.id) \(record.count) \(record.header.count) \(known.file.bytes.count / 8192)"
      guard shapes.insert(shape).inserted else { continue }
      let kit = ConformanceKit(
        driver: driver, sample: known.file, foreign: all.filter { $0.owner != known.owner }.map(\.file))
      let faults = try await kit.faults(check)
      #expect(faults.isEmpty, "\(known.file.name): \(faults.prefix(3))")
    }
  }

  @Test("real files cut anywhere or with wrong bytes never trap and give sound answers")
  func realFilesSurvive() throws {
    let files = try (realFiles() + sampleFiles()).filter { $0.file.bytes.count < 60_000 }
    var random = SeededNumbers(seed: 11)
    for known in files {
      for driver in allInstruments {
        for _ in 0..<6 {
          var bytes = Array(
            known.file.bytes.prefix(Int.random(in: 0...known.file.bytes.count, using: &random)))
          for _ in 0..<3 where !bytes.isEmpty {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
          }
          let file = SourceFile(name: known.file.name, bytes: bytes)
          _ = driver.recognize(file)
          do throws(ReadError) {
            let record = try driver.read(file, ReadingOptions())
            #expect(record.columns.allSatisfy { $0.allSatisfy(\.isFinite) })
          } catch {
            #expect(error.detail.count > 10)
          }
        }
      }
    }
  }

  @Test("every check fails for a driver that breaks its rule", arguments: ConformanceCheck.allCases)
  func everyCheckCanFail(_ check: ConformanceCheck) async throws {
    let table = try #require(try Instrument.table.write?(generatedLoop()))
    // With a line that is written in another place, so that what is written is another file.
    let waveform =
      try Array("# first: line\n".utf8)
      + #require(try Instrument.waveformTable.writeWaveform?(generatedWaveform()))
    let foreign = SourceFile(name: "foreign", bytes: Array("something else\n".utf8))
    for (driver, bytes) in [(Instrument.table, table), (.waveformTable, waveform)] {
      let sample = SourceFile(name: driver.id, bytes: bytes)
      let kit = ConformanceKit(driver: broken(driver, check, sample), sample: sample, foreign: [foreign])
      #expect(try await kit.faults(check).isEmpty == false, "\(check) passed a \(driver.id) made to fail it")
    }
  }

  /// A driver with one fault.
  private func broken(
    _ driver: Instrument, _ check: ConformanceCheck, _ sample: SourceFile
  ) -> Instrument {
    let calls = Counter()
    @Sendable func recognize(_ file: SourceFile) -> Claim {
      switch check {
      case .foreignFiles: Claim(.certain, "claims everything")
      case .fileName: Claim(file.name.hasSuffix(".dat") ? .certain : .no, "looks at the name")
      default: driver.recognize(file)
      }
    }
    return driver.readsWaveforms
      ? Instrument(
        id: "broken", title: "broken", recognize: recognize,
        readWaveform: { file, options throws(ReadError) in
          try brokenRecord(check, isSample: file.bytes == sample.bytes, calls) { isOwn throws(ReadError) in
            try driver.readWaveform(isOwn ? sample : file, options)
          }
        }, writeWaveform: driver.writeWaveform)
      : Instrument(
        id: "broken", title: "broken", recognize: recognize,
        read: { file, options throws(ReadError) in
          try brokenRecord(check, isSample: file.bytes == sample.bytes, calls) { isOwn throws(ReadError) in
            try driver.readLoop(isOwn ? sample : file, options)
          }
        }, write: driver.write)
  }
}

/// A record as a driver with one fault gives it; `read` reads the file asked for or, when told, the sample.
private func brokenRecord<Record: Breakable>(
  _ check: ConformanceCheck, isSample: Bool, _ calls: Counter,
  read: (_ sample: Bool) throws(ReadError) -> Record
) throws(ReadError) -> Record {
  var record: Record
  do throws(ReadError) { record = try read(false) } catch {
    switch check {
    // Answers where it should refuse.
    case .empty, .headerOnly, .shortRow, .utf16: return try read(true)
    case .mutation, .zeroBytes, .longLine: return try read(true).withNotANumber(true)
    default: throw error
    }
  }
  switch check {
  case .repetition, .parallel: record = record.shifted(by: Double(calls.next()))
  case .truncation, .windows1252, .byteOrderMark, .lineEnds, .manyColumns, .padding, .otherDelimiter:
    if !isSample { record = record.shifted(by: 1) }
  case .strangeNumbers where !isSample: record = record.withNotANumber(true)
  case .roundTrip where !isSample: record = record.shifted(by: 1)
  case .header: record.header = []
  default: break
  }
  return record
}

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock { value in
      value += 1
      return value
    }
  }
}

private protocol Breakable {
  var header: [HeaderEntry] { get set }
  /// With the numbers of its first channel changed.
  func changed(_ change: (Double) -> Double) -> Self
}

extension Breakable {
  func shifted(by offset: Double) -> Self { changed { $0 + offset } }
  func withNotANumber(_ wanted: Bool) -> Self { wanted ? changed { _ in .nan } : self }
}

extension LoopMeasurement: Breakable {
  func changed(_ change: (Double) -> Double) -> Self {
    var result = self
    result.field = .applied(Series(si: field.amperesPerMetre.map(change)))
    return result
  }
}

extension WaveformMeasurement: Breakable {
  func changed(_ change: (Double) -> Double) -> Self {
    var result = self
    result.channels[0].signal = .voltage(Series(si: channels[0].signal.si.map(change)))
    return result
  }
}
