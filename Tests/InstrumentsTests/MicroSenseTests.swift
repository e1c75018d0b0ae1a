// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("MicroSense EasyVSM files")
struct MicroSenseTests {
  private let sample = "MicroSense/two-coils.RAW"

  private func read(_ path: String, _ edits: [(String, String)] = []) throws -> LoopMeasurement {
    try readLoop(.microSense, edited(path, edits))
  }

  @Test("the first block is read, by the names of its columns, between mixed line ends")
  func twoCoils() throws {
    let loop = try read(sample)
    #expect(loop.count == 40)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 92, 0, -1.3e-2), GoldenRow(1, line: 93, 149.6452, 1.181984),
        GoldenRow(13, line: 105, 215.3059, 11.13369), GoldenRow(38, line: 130, 811.0359, 13.93229),
        GoldenRow(39, line: 131, 940.0812, 13.95825),
      ], field: { $0 * oersted }, response: { $0 * 1e-3 })
    #expect([0, 13, 39].map { loop.time?.si[$0] } == [19.3, 184.4, 514.6])
    #expect(loop.temperature?.si == [Double](repeating: 21.4 + 273.15, count: 40))
    #expect(loop.sample.id?.value == "Probe 14, synthetic")
    #expect(loop.sample.mass == Sourced(Quantity(si: 0.1145 * 1e-3), .header))
    #expect(loop.sample.volume == Sourced(Quantity(si: 1.526e-8), .header))
    #expect(loop.sample.shape == nil)
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.measured == "2026-03-03T14:05:59")
    #expect(loop.model == "MicroSense EasyVSM Software version EasyVSM 20200101-01")
    #expect(loop.notes.map(\.code) == ["instrument-corrections", "later-blocks-left-out"])
    #expect(loop.notes[0].message.hasSuffix("Point By Point Correction, Image Effect Correction"))
    #expect(loop.instrumentResults.isEmpty)
  }

  @Test("the header keeps keys, INI lines and paths as they are")
  func header() throws {
    let loop = try read(sample)
    #expect(loop.header.first == HeaderEntry("@Filename", "c:\\data\\synthetic\\probe.VHD"))
    #expect(loop.header.contains(HeaderEntry("@Parameter Filec:\\data\\settings\\last.par", "")))
    #expect(loop.header.contains(HeaderEntry("Maximum Field", "18000.000000")))
    #expect(loop.header.contains(HeaderEntry("Column 5", "Applied Field, Applied Field [Oe]")))
  }

  // What an older program writes: fields of 0 in the first pair, −273.15 °C and the size of a film nobody typed in.
  @Test("zero fields, open temperature inputs and offered sizes are not believed")
  func oneCoil() throws {
    let loop = try read("MicroSense/one-coil.VHD")
    #expect(loop.count == 33)
    try expectRows(
      loop,
      [
        GoldenRow(6, line: 71, 214.6344, 11.11991), GoldenRow(27, line: 92, 293.3660, 10.21154),
        GoldenRow(32, line: 97, 940.0812, 13.95825),
      ], field: { $0 * oersted }, response: { $0 * 1e-3 })
    #expect(loop.temperature == nil)
    #expect(loop.sample.mass == nil)
    #expect(loop.sample.volume == nil)
    #expect(
      loop.notes.map(\.code) == [
        "field-column", "placeholder-value", "placeholder-value", "temperature-not-physical",
      ])
  }

  @Test("manipulations are named whatever the word for on, and a corrected field is refused")
  func manipulations() throws {
    let on = try read("MicroSense/one-coil.VHD", [("Image Effect Correction = No", "Remove Slope = True")])
    #expect(on.notes.contains { $0.code == "instrument-corrections" && $0.message.hasSuffix("Remove Slope") })
    let corrected = try edited(
      sample, [("Demagnetizing Field Correction = No;", "Demagnetizing Field Correction = Yes,")])
    let error = refusal(.microSense, corrected)
    #expect(error?.code == .malformed)
    #expect(error?.detail.contains("“Demagnetizing Field Correction” is on") == true)
  }

  @Test("a second block of data is told of")
  func secondBlock() throws {
    let end = "@@END Data.\r\n"
    let text = String(decoding: try sampleFile("MicroSense/one-coil.VHD").bytes, as: UTF8.self)
    try #require(text.contains(end))
    let loop = try readLoop(.microSense, textFile(text + "@@Data\r\nNew Section: Section 1: \r\n" + end))
    #expect(loop.count == 33)
    #expect(
      loop.notes.contains { $0.code == "later-blocks-left-out" && $0.message.contains("second @@Data") })
  }

  @Test("another measurement, a held field and a field of zeros are no loops")
  func noLoops() throws {
    let error = refusal(.microSense, try sampleFile("MicroSense/remanence.VRD"))
    #expect(error?.code == .notALoop)
    #expect(error?.detail.contains("DCD Remanence Curve") == true)
    let zeros = try edited(
      "MicroSense/one-coil.VHD",
      [
        ("Column 8: Applied Field For Plot ", "Column 8: X"),
        ("Column 7: Raw Applied Field For Plot ", "Column 7: Y"),
      ])
    #expect(refusal(.microSense, zeros)?.detail.contains("zero in all rows") == true)
  }

  @Test("a missing end, a missing column and a column out of turn are refused")
  func faults() throws {
    let cases: [(String, String, ReadError.Code)] = [
      ("@@END Data.", "", .malformed), ("Signal X direction, Moment", "Signal, Moment", .missingColumn),
      ("Column 4:", "Column 5:", .malformed), ("Applied Field [Oe]", "Applied Field [deg]", .unit),
      ("@@Data\r\n", "@@Dat\r\n", .truncated), ("   7.053148E+2", "   x7.053148E+2", .malformed),
    ]
    for (old, new, code) in cases {
      let error = refusal(.microSense, try edited(sample, [(old, new)]))
      #expect(error?.code == code, "\(old): \(error?.description ?? "")")
    }
    let bytes = try sampleFile(sample).bytes
    let cut = SourceFile(name: "cut", bytes: Array(bytes.prefix(bytes.count / 2)))
    #expect(refusal(.microSense, cut)?.code == .truncated)
  }

  @Test("a real virgin curve with loops reads as its text says")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("microsense_easyvsm/magLabUtilities_HY100_virgin.RAW")
    else {
      return
    }
    let loop = try readLoop(.microSense, file)
    #expect(loop.count == 1751)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 612, -2.953740e-2, -2.052735e-2), GoldenRow(583, line: 1195, 663.9821, 89.64485),
        GoldenRow(1167, line: 1779, 663.9671, 89.71866), GoldenRow(1750, line: 2362, -3.275580e-2, 14.14688),
      ], field: { $0 * oersted }, response: { $0 * 1e-3 })
    #expect(loop.temperature?.si.first == 20.11151 + 273.15)
    #expect(loop.measured == "2021-01-13T10:02:01")
    #expect(loop.sample.volume == Sourced(Quantity(si: 5.69e-8), .header))
    #expect(
      loop.notes.map(\.code) == ["instrument-corrections", "later-blocks-left-out"], "\(loop.notes)")
    // Both published with four decimals.
    let zeros = crossings(loop.field.amperesPerMetre, loop.response.si).map { $0 / oersted }
    #expect(zeros.contains { abs($0 + 9.8564) < 0.5e-4 } && zeros.contains { abs($0 - 9.8247) < 0.5e-4 })
    // The footer has M at the largest field with four digits.
    #expect(abs((loop.response.si.max() ?? 0) - 90.67e-3) < 0.5e-4)
  }
}
