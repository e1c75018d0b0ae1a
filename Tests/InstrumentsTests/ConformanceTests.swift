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
    let all = try generatedFiles()
    for known in all {
      let driver = try #require(allInstruments.first { $0.id == known.owner })
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
            let loop = try driver.readLoop(file, ReadingOptions())
            #expect(
              loop.field.amperesPerMetre.allSatisfy(\.isFinite) && loop.response.si.allSatisfy(\.isFinite))
          } catch {
            #expect(error.detail.count > 10)
          }
        }
      }
    }
  }

  @Test("every check fails for a driver that breaks its rule", arguments: ConformanceCheck.allCases)
  func everyCheckCanFail(_ check: ConformanceCheck) async throws {
    let sample = SourceFile(name: "table", bytes: try #require(try Instrument.table.write?(generatedLoop())))
    let foreign = SourceFile(name: "foreign", bytes: Array("something else\n".utf8))
    let kit = ConformanceKit(driver: brokenDriver(check, sample), sample: sample, foreign: [foreign])
    #expect(try await kit.faults(check).isEmpty == false, "\(check) passed a driver made to fail it")
  }

  /// The table driver with one fault.
  private func brokenDriver(_ check: ConformanceCheck, _ sample: SourceFile) -> Instrument {
    let table = Instrument.table
    let calls = Counter()
    return Instrument(
      id: "broken", title: "broken",
      recognize: { file in
        switch check {
        case .foreignFiles: Claim(.certain, "claims everything")
        case .fileName: Claim(file.name.hasSuffix(".dat") ? .certain : .no, "looks at the name")
        default: table.recognize(file)
        }
      },
      read: { file, options throws(ReadError) in
        let isSample = file.bytes == sample.bytes
        var loop: LoopMeasurement
        do throws(ReadError) { loop = try table.readLoop(file, options) } catch {
          switch check {
          // Answers where it should refuse.
          case .empty, .headerOnly, .shortRow, .mutation:
            return try table.readLoop(sample, options).withNotANumber(check == .mutation)
          default: throw error
          }
        }
        switch check {
        case .repetition, .parallel: loop = loop.shifted(by: Double(calls.next()))
        case .truncation, .windows1252, .byteOrderMark, .lineEnds, .manyColumns:
          if !isSample { loop = loop.shifted(by: 1) }
        case .strangeNumbers where !isSample: loop = loop.withNotANumber(true)
        case .roundTrip where !isSample: loop = loop.shifted(by: 1)
        case .header: loop.header = []
        default: break
        }
        return loop
      }, write: table.write)
  }
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

extension LoopMeasurement {
  fileprivate func shifted(by fields: Double) -> LoopMeasurement {
    var result = self
    result.field = .applied(Series(si: field.amperesPerMetre.map { $0 + fields }))
    return result
  }

  fileprivate func withNotANumber(_ wanted: Bool) -> LoopMeasurement {
    guard wanted else { return self }
    var result = self
    result.field = .applied(Series(si: field.amperesPerMetre.map { _ in .nan }))
    return result
  }
}
