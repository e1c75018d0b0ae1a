// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("MicroMag files with a one-line header")
struct MicroMagLegacyTests {
  private func stated(_ units: [String: String]) throws -> ReadingOptions {
    ReadingOptions(columnUnits: try units.mapValues { try #require(UnitOfMeasure(word: $0)) })
  }

  @Test("version 7 is refused until the unit of the moment is stated")
  func version7() throws {
    let file = try sampleFile("MicroMagLegacy/loop.agm")
    let error = refusal(.microMagLegacy, file)
    #expect(error?.code == .unit)
    #expect(error?.column == "Moment")
    #expect(error?.detail.contains("--unit \"Moment=µemu\"") == true, "\(error?.detail ?? "")")
    let loop = try readLoop(.microMagLegacy, file, stated(["Moment": "µemu"]))
    #expect(loop.count == 33)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 3, 9.1005e3, 3.1245e4), GoldenRow(7, line: 10, 1.0605e3, 2.092e4),
        GoldenRow(24, line: 27, -654.0, -1.629e4), GoldenRow(32, line: 35, 9.1605e3, 3.12325e4),
      ], field: { $0 * oersted }, response: { $0 * 1e-9 })
    #expect(loop.sample.id?.value == "Probe 12, synthetic")
    #expect(loop.sample.mass == nil)
    #expect(loop.measured == "2003-03-17T08:30:00")
    #expect(loop.model == "MicroMag 2900, file version 7")
    #expect(loop.notes.map(\.code) == ["unit-stated"])
    #expect(loop.header.prefix(2) == [HeaderEntry("0", "Model 2900 ASCII Data File"), HeaderEntry("1", "7")])
    #expect(loop.header.count == 32)
  }

  @Test("a version with a unit code has its units and its mass in the header")
  func version8() throws {
    let loop = try readLoop(.microMagLegacy, try sampleFile("MicroMagLegacy/version-8.agm"))
    #expect(loop.count == 33)
    try expectRows(
      loop, [GoldenRow(0, line: 3, 0.91, 3.09942e-5), GoldenRow(32, line: 35, 0.9160211, 3.098282e-5)],
      field: { $0 / magneticConstant }, response: { $0 })
    #expect(loop.sample.mass == Sourced(Quantity(si: 2.45e-5), .header))
    #expect(loop.notes.map(\.code) == ["unverified-series"])
    let units: [(code: String, field: Double, moment: Double)] = [
      ("0", 0.91 * oersted, 3.09942e-5 * 1e-3), ("1", 0.91, 3.09942e-5),
    ]
    for (code, field, moment) in units {
      let other = try readLoop(
        .microMagLegacy,
        edited("MicroMagLegacy/version-8.agm", [("16:12\",0,2,", "16:12\",0,\(code),")]))
      #expect(other.field.amperesPerMetre.first == field)
      #expect(other.response.si.first == moment)
    }
  }

  @Test("a version of which nothing is known needs both units")
  func unknownVersion() throws {
    let file = try edited("MicroMagLegacy/loop.agm", [("File\",7,-1", "File\",-1,-1")])
    #expect(refusal(.microMagLegacy, file, try stated(["Moment": "emu"]))?.column == "Field")
    let loop = try readLoop(.microMagLegacy, file, stated(["Moment": "emu", "Field": "Oe"]))
    #expect(loop.field.amperesPerMetre.first == 9.1005e3 * oersted)
    #expect(loop.sample.id == nil)
  }

  @Test("a remanence curve is refused, with or without units")
  func remanence() throws {
    for options in [ReadingOptions(), try stated(["Moment": "µemu"])] {
      let error = refusal(.microMagLegacy, try sampleFile("MicroMagLegacy/remanence.irm"), options)
      #expect(error?.code == .notALoop)
      #expect(error?.detail.contains("remanence curve") == true)
    }
  }

  @Test("a cut file is refused and a saved-again one is read")
  func variants() throws {
    let options = try stated(["Moment": "µemu"])
    let end = "\"Model 2900 Data File ends\"\r\n"
    let cut = try edited("MicroMagLegacy/loop.agm", [("+9.160500E+03,+3.123250E+04\r\n" + end, "")])
    #expect(refusal(.microMagLegacy, cut, options)?.code == .truncated)
    // A spreadsheet takes the quotation marks away, so that a comma in the name would be one between fields.
    let saved = try edited(
      "MicroMagLegacy/loop.agm", [(", synthetic", ""), ("\"", ""), ("\r\n", ",,,\r\n")])
    #expect(Instrument.microMagLegacy.recognize(saved).recognition == .certain)
    let one = try readLoop(.microMagLegacy, try sampleFile("MicroMagLegacy/loop.agm"), options)
    let other = try readLoop(.microMagLegacy, saved, options)
    #expect(one.field == other.field)
    #expect(one.response == other.response)
    #expect(one.measured == other.measured)
  }

  // The moment range of 50000 and the largest moment of 46195 fit 50 memu, and the specimen weighs about a gram.
  @Test("the real loop needs a unit and reads as its text says, and the real remanence curve is refused")
  func realFiles() throws {
    guard let file = try realFile("micromag/PmagPy_IS01a-1_legacy.agm"),
      let curve = try realFile("micromag/PmagPy_IS01a-1_legacy.irm")
    else { return }
    #expect(refusal(.microMagLegacy, file)?.code == .unit)
    #expect(refusal(.microMagLegacy, curve)?.code == .notALoop)
    let loop = try readLoop(.microMagLegacy, file, stated(["Moment": "µemu"]))
    #expect(loop.count == 284)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 3, 1.2012e4, 4.5755e4), GoldenRow(1, line: 4, 1.1961e4, 4.57475e4),
        GoldenRow(282, line: 285, 1.18755e4, 4.60475e4), GoldenRow(283, line: 286, 1.2012e4, 4.6195e4),
      ], field: { $0 * oersted }, response: { $0 * 1e-9 })
    #expect(loop.sample.id?.value == "tg010")
    #expect(loop.measured == "2002-09-12T18:57:00")
  }
}
