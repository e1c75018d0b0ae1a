// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

/// What a real file holds, taken from its text.
private struct RealMicroMag: CustomTestStringConvertible {
  let path: String
  let count: Int
  let raw: [GoldenRow]
  let adjusted: [GoldenRow]
  let coercivity, remanence: Double
  let measured: String
  let notes: [String]
  var kelvin: [(index: Int, value: Double)] = []
  var testDescription: String { path }

  static let all = [
    RealMicroMag(
      path: "micromag/HystLab_CP4Q_s0015.hyst", count: 1602,
      raw: [
        GoldenRow(0, line: 80, 7.997968e-01, 2.921634e-05),
        GoldenRow(533, line: 613, -2.657458e-01, -2.069189e-05),
        GoldenRow(1067, line: 1148, -2.678955e-01, -2.108093e-05),
        GoldenRow(1601, line: 1682, 7.997529e-01, 2.921259e-05),
      ],
      adjusted: [
        GoldenRow(0, line: 80, 7.997968e-01, 1.899436e-05),
        GoldenRow(533, line: 613, -2.657458e-01, -1.729547e-05),
        GoldenRow(1601, line: 1682, 7.997529e-01, 1.899116e-05),
      ], coercivity: 0.03700107, remanence: 8.23017e-06, measured: "2008-07-19T12:18:00", notes: []),
    RealMicroMag(
      path: "micromag/HystLab_Conc_40_C2A_s0016.002.hys", count: 302,
      raw: [
        GoldenRow(0, line: 86, 299.7096e-03, -1.566121e-06),
        GoldenRow(99, line: 185, -95.67361e-03, -915.7003e-09),
        GoldenRow(200, line: 287, -104.1759e-03, -892.7927e-09),
        GoldenRow(301, line: 388, 299.6993e-03, -1.548672e-06),
      ], adjusted: [GoldenRow(200, line: 287, -104.1759e-03, -637.9759e-09)], coercivity: 0.02279717,
      remanence: 3.364728e-07, measured: "2012-03-30T13:55:00", notes: ["temperature-not-physical"]),
    RealMicroMag(
      path: "micromag/HystLab_DL362_s0016.000.hys", count: 402,
      raw: [
        GoldenRow(0, line: 86, 999.2296e-03, 10.32191e-06),
        GoldenRow(133, line: 219, -329.9184e-03, -3.625709e-06),
        GoldenRow(267, line: 354, -339.4930e-03, -3.756194e-06),
        GoldenRow(401, line: 488, 998.4865e-03, 10.50676e-06),
      ], adjusted: [GoldenRow(133, line: 219, -329.9184e-03, -314.4452e-09)], coercivity: 0.01129461,
      remanence: 5.762677e-08, measured: "2012-05-10T08:54:00", notes: [],
      kelvin: [(0, 341.3419), (133, 340.6377), (267, 340.5760), (401, 340.9357)]),
    RealMicroMag(
      path: "micromag/HystLab_H11_s0016.002.hys", count: 802,
      raw: [
        GoldenRow(0, line: 87, 1.497713, 4.400772e-06),
        GoldenRow(266, line: 353, -494.4939e-03, -2.506355e-06),
        GoldenRow(533, line: 621, -509.4146e-03, -5.011831e-06),
        GoldenRow(801, line: 889, 1.497564, 4.377114e-06),
      ], adjusted: [GoldenRow(801, line: 889, 1.497564, 5.838243e-06)], coercivity: 0.1464152,
      remanence: 3.207275e-06, measured: "2012-01-30T10:54:00", notes: []),
    RealMicroMag(
      path: "micromag/HystLab_PIOX_s0015.loop", count: 1002,
      raw: [
        GoldenRow(0, line: 80, 9.992318e-01, 1.219352e-03),
        GoldenRow(333, line: 413, -3.315114e-01, -8.798757e-04),
        GoldenRow(667, line: 748, -3.360809e-01, -8.895978e-04),
        GoldenRow(1001, line: 1082, 9.983809e-01, 1.216839e-03),
      ], adjusted: [GoldenRow(333, line: 413, -3.315114e-01, -7.464730e-04)], coercivity: 0.03136126,
      remanence: 4.071822e-04, measured: "2008-02-11T15:21:00", notes: []),
  ]
}

@Suite("MicroMag files")
struct MicroMagTests {
  private func read(_ file: SourceFile, _ options: ReadingOptions = ReadingOptions()) throws
    -> LoopMeasurement
  {
    try readLoop(.microMag, file, options)
  }

  private func tesla(_ value: Double) -> Double { value / magneticConstant }

  @Test("real files read as their text says", arguments: RealMicroMag.all)
  fileprivate func realRows(_ known: RealMicroMag) throws {
    guard let file = try realFile(known.path) else { return }
    let loop = try read(file)
    #expect(loop.count == known.count)
    try expectRows(loop, known.raw, field: tesla, response: { $0 })
    try expectRows(loop, known.adjusted, processed: true, field: tesla, response: { $0 })
    #expect(loop.measured == known.measured)
    #expect(loop.notes.map(\.code) == known.notes)
    #expect((loop.temperature == nil) == known.kelvin.isEmpty)
    for (index, value) in known.kelvin { #expect(loop.temperature?.si[index] == value) }
  }

  // The program prints seven digits, and its rule is the mean of the branches of the adjusted columns: 3e-7 was
  // found, so 1e-6 leaves room for the last digit of the rows.
  @Test(
    "the program's own coercivity and remanence follow from the adjusted columns", arguments: RealMicroMag.all
  )
  fileprivate func realResults(_ known: RealMicroMag) throws {
    guard let file = try realFile(known.path) else { return }
    try expectResults(try read(file), known.coercivity, known.remanence)
  }

  private func expectResults(_ loop: LoopMeasurement, _ tesla: Double, _ moment: Double) throws {
    let processed = try #require(loop.processed)
    let (field, response) = (processed.field.amperesPerMetre, processed.response.si)
    let (fields, moments) = (crossings(field, response), crossings(response, field))
    try #require(fields.count == 2 && moments.count == 2)
    try #require(loop.instrumentResults.map(\.kind) == [.coercivityHcJ, .remanentMoment])
    let stated = [tesla / magneticConstant, moment]
    for (index, result) in loop.instrumentResults.enumerated() {
      let pair = index == 0 ? fields : moments
      let mean = abs(pair[0] - pair[1]) / 2
      #expect(abs(result.si / stated[index] - 1) < 1e-15)
      #expect(abs(mean / result.si - 1) < 1e-6, "\(result.spelled)")
      #expect(result.isOfProcessedColumns)
      // Seven printed digits.
      #expect((0.5e-7...0.5e-6).contains(result.rounding / result.si), "\(result.rounding)")
    }
  }

  @Test("series 0016: temperatures, specimen, adjusted columns and results come from their places")
  func series16() throws {
    let loop = try read(try sampleFile("MicroMag/series-0016.002"))
    #expect(loop.count == 41)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 66, 910.0000e-03, 6.750645e-06),
        GoldenRow(13, line: 79, -376.9576e-03, -4.627306e-06),
        GoldenRow(33, line: 100, 177.8243e-03, 1.280589e-06),
        GoldenRow(40, line: 107, 900.3544e-03, 6.715711e-06),
      ], field: tesla, response: { $0 })
    try expectRows(
      loop,
      [
        GoldenRow(13, line: 79, -378.0576e-03, -3.288737e-06),
        GoldenRow(40, line: 107, 0.8992544, 4.094613e-06),
      ],
      processed: true, field: tesla, response: { $0 })
    #expect([0, 13, 40].map { loop.temperature?.si[$0] } == [351.3, 351.56, 351.98])
    #expect(loop.sample.id?.value == "Probe 7, synthetic")
    #expect(loop.sample.mass == Sourced(Quantity(si: 31.7e-6), .header))
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.measured == "2026-11-03T14:05:00")
    #expect(loop.model == "MicroMag 2900/3900 VSM, series 0016.002")
    #expect(loop.notes.isEmpty)
    try expectResults(loop, 0.1376543, 2.299521e-06)
    let coercivity = try #require(loop.instrumentResults.first)
    #expect(coercivity.spelled == "Coercivity +137.6543E-03")
    #expect(abs(coercivity.rounding * magneticConstant - 0.5e-7) < 1e-20)
  }

  @Test("the header is kept in file order with its sections and segments")
  func header() throws {
    let loop = try read(try sampleFile("MicroMag/series-0016.002"))
    #expect(loop.header.first == HeaderEntry("MicroMag 2900/3900 Data File", "(Series 0016.002)"))
    #expect(loop.header.prefix(4).last == HeaderEntry("Configuration", "VSM"))
    #expect(
      loop.header.filter { $0.key == "Averaging time" }.map(\.value) == ["+300.0000E-03", "+400.0000E-03"])
    #expect(loop.header.last?.key == "Segment")
    #expect(loop.header.last?.value.hasSuffix(",0000041") == true)
  }

  @Test("series 0015: cgs units without a unit line, a segment without points, another order of the table")
  func series15() throws {
    let loop = try read(try sampleFile("MicroMag/series-0015"))
    #expect(loop.count == 45)
    let rows = [
      GoldenRow(0, line: 55, 7.9e3, 2.3754e-2), GoldenRow(12, line: 67, -8.282786e2, -9.592908e-3),
      GoldenRow(34, line: 90, 3.133675e2, -1.881395e-3), GoldenRow(44, line: 100, 7.946797e3, 2.376617e-2),
    ]
    try expectRows(loop, rows, field: { $0 * oersted }, response: { $0 * 1e-3 })
    try expectRows(
      loop, [GoldenRow(12, line: 67, -8.282786e2, -9.377556e-3)], processed: true, field: { $0 * oersted },
      response: { $0 * 1e-3 })
    #expect(loop.temperature == nil)
    #expect(loop.sample.mass == nil)
    #expect(loop.notes.isEmpty)
    let (hc, mr) = (try #require(loop.instrumentResults.first), try #require(loop.instrumentResults.last))
    let processed = try #require(loop.processed)
    let (field, moment) = (processed.field.amperesPerMetre, processed.response.si)
    let (fields, moments) = (crossings(field, moment), crossings(moment, field))
    #expect(abs((fields[1] - fields[0]) / 2 / hc.si - 1) < 1e-6)
    #expect(abs((moments[0] - moments[1]) / 2 / mr.si - 1) < 1e-6)
  }

  @Test("SI units, raw columns only, the initial curve before the loop, no temperature without a controller")
  func initialCurve() throws {
    let loop = try read(try sampleFile("MicroMag/initial-curve.001"))
    #expect(loop.count == 36)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 43, 0, 0), GoldenRow(8, line: 51, 609_809.8, 225.9447e-6),
        GoldenRow(9, line: 53, 600e3, 229.8596e-6), GoldenRow(35, line: 80, 619_791.7, 229.2096e-6),
      ], field: { $0 }, response: { $0 })
    #expect(loop.processed == nil)
    #expect(loop.sample.temperature == nil)
    #expect(loop.instrumentResults.map(\.si) == [83_500])
    #expect(loop.instrumentResults.map(\.isOfProcessedColumns) == [false])
    let warm = try read(
      edited("MicroMag/initial-curve.001", [("control             None", "control             Oven")]))
    #expect(warm.sample.temperature == Sourced(Quantity(si: 23 + 273.15), .header))
  }

  @Test(
    "other measurements are claimed and refused by name",
    arguments: [
      ("MicroMag/remanence-dcd.001", "remanence curve (DCD)"), ("MicroMag/curves.forc", "FORC"),
    ])
  func otherMeasurements(_ path: String, _ words: String) throws {
    let error = refusal(.microMag, try sampleFile(path))
    #expect(error?.code == .notALoop)
    #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
  }

  @Test(
    "real files of other measurements are refused",
    arguments: ["micromag/RockPy_dcd_vsm.001", "micromag/forcsensei_UB199BF.forc"])
  func realRefusals(_ path: String) throws {
    guard let file = try realFile(path) else { return }
    #expect(refusal(.microMag, file)?.code == .notALoop)
  }

  @Test("multiple segments are not taken for a loop")
  func multipleSegments() throws {
    let file = try edited("MicroMag/series-0015", [("; Hysteresis loop", "; Multiple segments")])
    #expect(refusal(.microMag, file)?.detail.contains("Multiple segments") == true)
  }

  @Test("a cut file is refused, a stopped measurement is read with a note")
  func completeness() throws {
    let end = "\r\nMicroMag 2900/3900 Data File ends\r\n"
    let last = "+900.3544E-03,+6.715711E-06,+351.9800E+00,+899.2544E-03,+4.094613E-06\r\n"
    let cases: [(edits: [(String, String)], code: ReadError.Code?, notes: [String])] = [
      ([(last + end, "")], .truncated, []),
      ([(last, "")], nil, ["announced-rows"]),
      ([(end, "")], nil, ["no-end-line"]),
      ([("\r\n" + end, "")], .truncated, []),
      ([(end, end + "MicroMag 2900/3900 Data File (Series 0015)\r\n")], .malformed, []),
      ([("(Series 0016.002)", "(Series 0017)")], nil, ["unverified-series"]),
    ]
    for (edits, code, notes) in cases {
      let file = try edited("MicroMag/series-0016.002", edits)
      if let code {
        #expect(refusal(.microMag, file)?.code == code, "\(edits)")
      } else {
        #expect(try read(file).notes.map(\.code) == notes, "\(edits)")
      }
    }
  }

  @Test("units that are missing or contradict each other are refused, and may be stated")
  func units() throws {
    let unknown = try edited(
      "MicroMag/series-0015", [("Units of measure        cgs", "Units of measure        N/A")])
    let error = refusal(.microMag, unknown)
    #expect(error?.code == .unit)
    #expect(error?.detail.contains("--unit") == true)
    let options = ReadingOptions(columnUnits: [
      "Field": try #require(UnitOfMeasure(word: "mT")), "Moment": try #require(UnitOfMeasure(word: "memu")),
    ])
    let stated = try read(unknown, options)
    #expect(stated.response.si.first == 2.3754e-2 * 1e-6)
    #expect(stated.notes.map(\.code) == ["unit-stated", "unit-stated"])
    let contradiction = try edited(
      "MicroMag/series-0016.002",
      [("Units of measure                Hybrid SI", "Units of measure                cgs")])
    #expect(refusal(.microMag, contradiction)?.code == .unit)
    let celsius = refusal(
      .microMag,
      try edited(
        "MicroMag/series-0016.002",
        [("Temperature in                  Kelvin", "Temperature in                  Celsius")]))
    #expect(celsius?.column == "Temperature")
    #expect(celsius?.detail.contains("“Temperature in” says Celsius") == true, "\(celsius?.detail ?? "")")
  }

  @Test("corrections decide what the adjusted columns are")
  func corrections() throws {
    let normalised = try read(
      edited(
        "MicroMag/series-0016.002",
        [("Normalization                   No", "Normalization                   Yes")]))
    #expect(normalised.processed == nil)
    #expect(normalised.notes.map(\.code) == ["normalized-columns"])
    #expect(normalised.instrumentResults.map(\.kind) == [.coercivityHcJ])
    let sections = "PROCESSING\r\nBackground subtraction          No\r\nDemagnetizing factor            "
    let internalField = try read(edited("MicroMag/series-0016.002", [(sections + "No", sections + "Yes")]))
    guard case .internal? = internalField.processed?.field, case .applied = internalField.field else {
      Issue.record("the adjusted field is not the internal one")
      return
    }
  }

  @Test("a mass in a cgs file, of which nobody knows the unit, and a wrong temperature are noted")
  func placeholders() throws {
    let cgs = try read(
      edited(
        "MicroMag/series-0015", [("Mass                    N/A", "Mass                   +2.000000E-03")]))
    #expect(cgs.sample.mass == nil)
    #expect(cgs.notes.map(\.code) == ["header-value-ignored"])
    let hot = try read(edited("MicroMag/series-0016.002", [("+351.5600E+00", "+1.700000E+03")]))
    #expect(hot.temperature == nil)
    #expect(hot.notes.map(\.code) == ["temperature-not-physical"])
  }

  @Test("a file saved by a spreadsheet, every line padded with commas, reads the same")
  func padded() throws {
    let plain = try sampleFile("MicroMag/series-0015")
    let text = String(decoding: plain.bytes, as: UTF8.self)
    let padded = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + ",,," }
    let (one, other) = (try read(plain), try read(textFile(padded.joined(separator: "\r\n") + "\r\n")))
    #expect(one.field == other.field && one.response == other.response && one.processed == other.processed)
    #expect(one.header == other.header && one.lines == other.lines)
  }
}
