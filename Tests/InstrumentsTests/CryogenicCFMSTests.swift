// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Cryogenic CFMS files")
struct CryogenicCFMSTests {
  private let sample = "CryogenicCFMS/loop.dat"

  private func tesla(_ value: Double) -> Double { value / magneticConstant }

  @Test("rows are sorted by time, spikes are left out, a clipped field is noted")
  func rows() throws {
    let loop = try readLoop(.cryogenicCFMS, try sampleFile(sample))
    // 63 rows, two of them spikes.
    #expect(loop.count == 61)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 3, 0, 0), GoldenRow(1, line: 2, 0.867549, 3.77786e-4),
        GoldenRow(21, line: 23, 2.49423, 7.70215e-3), GoldenRow(22, line: 26, 0.825478, 6.4167e-3),
        GoldenRow(60, line: 64, 6.85596, 7.97808e-3),
      ], field: tesla, response: { $0 * 1e-3 })
    #expect([0, 1, 60].map { loop.time?.si[$0] } == [41003.1, 41005.1, 41131.1])
    #expect([0, 1, 60].map { loop.temperature?.si[$0] } == [4.2, 4.20084, 4.20099])
    #expect(loop.notes.map(\.code) == ["field-spikes", "sorted-by-time", "field-clipped"])
    #expect(loop.notes[0].message.contains("2 rows") && loop.notes[0].message.contains("line 24"))
    #expect(loop.notes[2].message.contains("6.93 T in 5 rows") && loop.notes[2].message.contains("6.98 T"))
    #expect(loop.header.map(\.key) == ["columns"])
    #expect(loop.header.first?.value.hasPrefix("B_analog_(T)\tsensor_B_(K)") == true)
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
  }

  @Test("without B_digital nothing is left out, and a re-save with semicolons reads the same")
  func variants() throws {
    let all = try readLoop(.cryogenicCFMS, edited(sample, [("B_digital_(T)", "other")]))
    #expect(all.count == 63)
    #expect(all.notes.map(\.code) == ["sorted-by-time"])
    let one = try readLoop(.cryogenicCFMS, try sampleFile(sample))
    let other = try readLoop(.cryogenicCFMS, edited(sample, [("\t", ";"), ("\r\n", ";;;\n")]))
    #expect(one.field == other.field && one.response == other.response && one.lines == other.lines)
  }

  @Test("a temperature series, a missing column and a cut row are refused")
  func refusals() throws {
    let series = refusal(.cryogenicCFMS, try sampleFile("CryogenicCFMS/temperature.dat"))
    #expect(series?.code == .notALoop)
    #expect(refusal(.cryogenicCFMS, try edited(sample, [("moment_(emu)", "m")]))?.code == .missingColumn)
    let bytes = try sampleFile(sample).bytes
    let cut = refusal(.cryogenicCFMS, SourceFile(name: "cut", bytes: Array(bytes.dropLast(30))))
    #expect(cut?.code == .truncated)
    #expect(cut?.line == 64)
  }

  // A row every two seconds; `clock` and `digital` give the time and the field of B_digital of a row.
  private func log(
    rows: Int = 200, clock: (Int) -> Int = { 2 * $0 }, digital: (Int, Double) -> Double = { $1 }
  ) -> SourceFile {
    let lines = (0..<rows).map { row in
      let field = 2 - 0.02 * Double(row)
      return "\(field)\t300\t\(field / 1000)\t\(clock(row))\t\(digital(row, field))"
    }
    return textFile(
      (["B_analog_(T)\tsensor_B_(K)\tmoment_(emu)\tTime\tB_digital_(T)"] + lines).joined(separator: "\r\n")
        + "\r\n")
  }

  @Test("a clock that begins anew is refused, and single rows out of turn are not")
  func restart() throws {
    for first in [100, 197] {
      let error = refusal(.cryogenicCFMS, log(clock: { 2 * ($0 < first ? $0 : $0 - first) }))
      #expect(error?.code == .malformed)
      #expect(error?.line == first + 2)
      #expect(error?.detail.contains("appended") == true)
    }
    let swapped = try readLoop(.cryogenicCFMS, log(clock: { 2 * ($0 == 50 ? 51 : $0 == 51 ? 50 : $0) }))
    #expect(swapped.notes.map(\.code) == ["sorted-by-time"])
    #expect(Array(swapped.lines[49...52]) == [51, 53, 52, 54])
  }

  @Test("fields that contradict each other in many rows are no spikes")
  func manySpikes() throws {
    let error = refusal(.cryogenicCFMS, log(digital: { $1 * ($0 < 60 ? 1.2 : 1) }))
    #expect(error?.code == .malformed)
    #expect(error?.line == 2)
    #expect(error?.detail.contains("60 of 200") == true, "\(error?.detail ?? "")")
    #expect(try readLoop(.cryogenicCFMS, log(digital: { $0 < 4 ? $1 + 3 : $1 })).count == 196)
  }

  @Test("the real log reads as its text says")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("cryogenic_cfms/DomiDre_CFMS_example.dat") else { return }
    let loop = try readLoop(.cryogenicCFMS, file)
    // 8245 rows, four of them spikes.
    #expect(loop.count == 8241)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 3, 7.25783e-3, 5.26004e-3), GoldenRow(1, line: 2, 7.26468e-3, 5.26015e-3),
        GoldenRow(5493, line: 5499, -6.47136e-2, -5.53616e-3),
        GoldenRow(8240, line: 8246, 8.0616e-3, 5.28708e-3),
      ], field: tesla, response: { $0 * 1e-3 })
    #expect(loop.temperature?.si.first == 4.99999)
    #expect(loop.notes.map(\.code) == ["field-spikes", "sorted-by-time", "field-clipped", "field-clipped"])
    #expect(loop.notes[0].message.contains("4 rows") && loop.notes[0].message.contains("line 734"))
    // Computed with five and six digits; the curve crosses zero more than once near each of them.
    let zeros = crossings(loop.field.amperesPerMetre, loop.response.si).map { $0 * magneticConstant }
    #expect(zeros.contains { abs($0 + 1.5421) < 0.5e-4 }, "\(zeros)")
    #expect(zeros.contains { abs($0 - 1.55613) < 0.5e-5 }, "\(zeros)")
  }
}
