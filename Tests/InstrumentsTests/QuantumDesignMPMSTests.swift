// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Quantum Design MPMS files")
struct QuantumDesignMPMSTests {
  private static let model = "MPMS MultiVu Application, Revision 1.60,  Build 081"
  private static let golden = [
    GoldenLoop(
      path: "SampleData/QuantumDesignMPMS/extraction.dc.dat", count: 27,
      rows: [
        .init(
          index: 0, line: 25, time: 1480485275.036, kelvin: 4.999600, oersted: 5.001250e+004,
          emu: 5.396949e-002),
        .init(
          index: 9, line: 35, time: 1480485385.646, kelvin: 5.003200, oersted: -1.921827e+004,
          emu: -4.938408e-002),
        .init(
          index: 18, line: 44, time: 1480485496.256, kelvin: 5.006800, oersted: -1.152596e+004,
          emu: -5.085747e-002),
        .init(
          index: 26, line: 52, time: 1480485594.576, kelvin: 5.010000, oersted: 5.001250e+004,
          emu: 5.396582e-002),
      ], model: model, measured: "2016-11-29T21:54:22",
      notes: ["comment", "rows-without-moment", "poor-fit", "instrument-error"]),
    GoldenLoop(
      path: "SampleData/QuantumDesignMPMS/reciprocating.rso.dat", count: 25,
      rows: [
        .init(
          index: 0, line: 25, time: 992641027.520, kelvin: 2.998500e+002, oersted: 2.999575e+004,
          emu: 1.800000e-003),
        .init(
          index: 8, line: 34, time: 992641125.840, kelvin: 2.998532e+002, oersted: -1.000425e+004,
          emu: -1.797529e-003),
        .init(
          index: 16, line: 42, time: 992641224.160, kelvin: 2.998564e+002, oersted: -1.000425e+004,
          emu: -1.799313e-003),
        .init(
          index: 24, line: 50, time: 992641322.480, kelvin: 2.998596e+002, oersted: 2.999575e+004,
          emu: 1.800000e-003),
      ], model: model, measured: "2001-06-15T16:36:55",
      notes: ["comment", "rows-without-moment", "instrument-error", "placeholder-value"]),
    GoldenLoop(
      path: "SampleData/QuantumDesignMPMS/transverse.dc.dat", count: 23,
      rows: [
        .init(
          index: 0, line: 25, time: 1480485275.036, kelvin: 1.000200e+001, oersted: 2.000650e+004,
          emu: 1.249947e-002),
        .init(
          index: 7, line: 33, time: 1480485361.066, kelvin: 1.000480e+001, oersted: -5.448045e+003,
          emu: -9.451063e-003),
        .init(
          index: 15, line: 41, time: 1480485459.386, kelvin: 1.000800e+001, oersted: -5.448045e+003,
          emu: -1.167207e-002),
        .init(
          index: 22, line: 48, time: 1480485545.416, kelvin: 1.001080e+001, oersted: 2.000650e+004,
          emu: 1.249783e-002),
      ], model: model, measured: "2016-11-29T21:54:22",
      notes: [
        "transverse-moment", "comment", "rows-without-moment", "poor-fit", "instrument-error",
        "placeholder-value",
      ]),
  ]

  @Test("samples read as their text says", arguments: golden)
  func goldenRows(_ golden: GoldenLoop) throws {
    let loop = try #require(try golden.expectRead(by: .quantumDesignMPMS))
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.notes.contains { $0.message == "line 38: centred" }, "\(loop.notes)")
  }

  @Test("name and mass come from the header, whose keys stand before the values")
  func header() throws {
    let loop = try #require(try Self.golden[0].expectRead(by: .quantumDesignMPMS))
    #expect(loop.sample.id == Sourced("Probe 16", .header))
    #expect(loop.sample.mass == Sourced(Quantity(si: 48.4 * 1e-6), .header))
    #expect(loop.header.first == HeaderEntry("TITLE", "MPMS DC Measurement"))
    #expect(loop.header.contains(HeaderEntry("COMMENT", "field along c, after grinding")))
    #expect(loop.header.contains(HeaderEntry("BACKGROUND DATA FILE:", "None")))
    #expect(loop.header.contains(HeaderEntry("INFO", "SEQUENCE FILE: loop.seq")))
    // 0.000 mg and 1.000 mg are what the program offers.
    for golden in Self.golden.dropFirst() {
      #expect(try golden.expectRead(by: .quantumDesignMPMS)?.sample.mass == nil)
    }
  }

  @Test("rows with a poor fit or an error are kept and counted, and the transverse moment is never silent")
  func doubts() throws {
    func message(_ index: Int, _ code: String) throws -> String? {
      try Self.golden[index].expectRead(by: .quantumDesignMPMS)?.notes.first { $0.code == code }?.message
    }
    #expect(try message(0, "poor-fit") == "1 row with Long Reg Fit below 0.9 kept, in line 46")
    #expect(try message(1, "instrument-error") == "1 row with an Error other than 0 kept, in line 33")
    #expect(
      try message(2, "transverse-moment")
        == "“Long Moment (emu)” is empty in all rows; the moment is “Trans Moment (emu)”")
    #expect(try message(2, "poor-fit")?.contains("Trans Reg Fit") == true)
  }

  @Test(
    "M(T) and raw scans are claimed and refused",
    arguments: [
      Refusal("qd_mpms_xl/jhilgar_pb6051_ZFC_0p1T.dc.dat", .notALoop, "1000.0 Oe"),
      Refusal("qd_mpms_xl/quantumPPMS_sample1.dat", .notALoop, "0.0 Oe"),
      Refusal("SampleData/QuantumDesignMPMS/cooling.dc.dat", .notALoop, "1000.0 Oe"),
      Refusal("SampleData/QuantumDesignMPMS/scans.dc.raw", .notALoop, "raw MPMS scans"),
    ])
  func refusals(_ refusal: Refusal) throws {
    try refusal.expect(by: .quantumDesignMPMS)
  }

  @Test("a spreadsheet's padding changes nothing")
  func padding() throws {
    let file = try #require(try Self.golden[0].file())
    let loop = try Instrument.quantumDesignMPMS.readLoop(file, ReadingOptions())
    var padded: [UInt8] = []
    for byte in file.bytes {
      if byte == 13 { padded += Array(",,,".utf8) }
      padded.append(byte)
    }
    let again = try Instrument.quantumDesignMPMS.readLoop(
      SourceFile(name: "", bytes: padded), ReadingOptions())
    #expect(again == loop)
  }
}
