// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Oxford Instruments .fld files")
struct OxfordFLDTests {
  private let sample = "OxfordFLD/loop.fld"

  private func tesla(_ value: Double) -> Double { value / magneticConstant }

  @Test("field, moment, time and temperature come from their columns, date and units from their lines")
  func rows() throws {
    let loop = try readLoop(.oxfordFLD, try sampleFile(sample))
    #expect(loop.count == 40)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 7, 0, 3e-5), GoldenRow(1, line: 8, 5.167e-2, 2.707306e-4),
        GoldenRow(14, line: 21, 2e-2, 1.916245e-3), GoldenRow(39, line: 46, 0.32, 2.328271e-3),
      ], field: tesla, response: { $0 * 1e-3 })
    #expect([0, 14, 39].map { loop.time?.si[$0] } == [0.3, 31.8, 88.05])
    #expect([0, 14, 39].map { loop.temperature?.si[$0] } == [10.2, 10.214, 10.239])
    #expect(loop.measured == "2026-03-03T14:06:15")
    #expect(loop.header.map(\.key) == ["date", "names", "units", "formats"])
    #expect(loop.header.first?.value == "Tue Mar 03 14:06:15 2026")
  }

  @Test("the typed mass and volume are told and not used")
  func typedNumbers() throws {
    let loop = try readLoop(.oxfordFLD, try sampleFile(sample))
    #expect(loop.sample.mass == nil && loop.sample.volume == nil)
    #expect(loop.notes.map(\.code) == ["typed-mass", "typed-volume"])
    #expect(loop.notes.first?.message.contains("m divided by 0.00281 ") == true, "\(loop.notes)")
    #expect(loop.notes.last?.message.contains("m divided by 0.00037 ") == true, "\(loop.notes)")
  }

  @Test("a temperature series, missing columns and units and a cut row are refused")
  func refusals() throws {
    #expect(refusal(.oxfordFLD, try sampleFile("OxfordFLD/temperature.fld"))?.code == .notALoop)
    let cases: [(String, String, ReadError.Code)] = [
      ("           m, ", "           p, ", .missingColumn), ("         emu, ", "           ?, ", .unit),
      ("2.707306E-04", "2.707306-04", .malformed), ("5.167000E-02 ", "5.167000E-02,", .malformed),
      ("H_vsm", "Hvsm", .truncated),
    ]
    for (old, new, code) in cases {
      let file = try edited(sample, [(old, new)])
      #expect(refusal(.oxfordFLD, file)?.code == code, "\(old)")
    }
    let bytes = try sampleFile(sample).bytes
    let cut = refusal(.oxfordFLD, SourceFile(name: "cut", bytes: Array(bytes.dropLast(25))))
    #expect(cut?.code == .truncated)
  }

  @Test("the real file reads as its text says")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("oxford_leeds_vsm/Stoner_VSM-Data.fld") else { return }
    let loop = try readLoop(.oxfordFLD, file)
    #expect(loop.count == 498)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 7, 0, 1.098548e-4), GoldenRow(165, line: 172, 3.448e-2, 1.163044e-4),
        GoldenRow(333, line: 340, -6.607e-2, -1.240137e-4), GoldenRow(497, line: 504, 0.1, 1.081847e-4),
      ], field: tesla, response: { $0 * 1e-3 })
    #expect(loop.measured == "2011-12-02T14:06:15")
    #expect(loop.notes.map(\.code) == ["typed-mass", "typed-volume"])
    #expect(loop.notes.first?.message.contains("m divided by 0.0056 ") == true, "\(loop.notes)")
    // Computed with six digits.
    let zeros = crossings(loop.field.amperesPerMetre, loop.response.si).map { $0 * magneticConstant }
    #expect(zeros.contains { abs($0 + 0.0209947) < 0.5e-7 }, "\(zeros)")
    #expect(zeros.contains { abs($0 + 0.00783688) < 0.5e-8 }, "\(zeros)")
  }
}
