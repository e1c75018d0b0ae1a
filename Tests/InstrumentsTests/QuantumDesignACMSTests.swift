// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Quantum Design ACMS files")
struct QuantumDesignACMSTests {
  private static let golden = [
    GoldenLoop(
      path: "qd_acms/nomad_ACMS_test.dat", count: 61,
      rows: [
        .init(
          index: 0, line: 33, time: 35111082.39, kelvin: 1.9970365, oersted: 1999.359, emu: 0.0112873817495618
        ),
        .init(
          index: 10, line: 253, time: 35122740.17, kelvin: 5.00017715, oersted: -0.457,
          emu: 0.000163299753973723),
        .init(
          index: 36, line: 825, time: 35148334.78, kelvin: 4.9982612, oersted: 34999.355,
          emu: 0.0795339128674621),
        .init(
          index: 60, line: 1353, time: 35174641.39, kelvin: 10.00178195, oersted: 599.518,
          emu: 0.00113304971044005),
      ], model: "PPMS ACMS Option Version: 1.0.9 Build 14", measured: "2016-02-11T16:32:00",
      notes: ["rows-without-moment"]),
    GoldenLoop(
      path: "SampleData/QuantumDesignACMS/acms-loop.dat", count: 27,
      rows: [
        .init(index: 0, line: 15, time: 35108860.75, kelvin: 295.1, oersted: 39986.5, emu: 1.72499147116),
        .init(
          index: 9, line: 26, time: 35109466.00, kelvin: 295.118, oersted: -15398.115, emu: -1.54740036112),
        .init(
          index: 18, line: 37, time: 35110071.25, kelvin: 295.136, oersted: -9244.269, emu: -1.65043792508),
        .init(index: 26, line: 47, time: 35110616.25, kelvin: 295.152, oersted: 39986.5, emu: 1.72487842105),
      ], model: "PPMS ACMS Option Version: 1.0.9 Build 14", measured: "2016-02-11T16:32:00",
      notes: ["comment", "rows-without-moment"]),
  ]

  @Test("the rows with a DC moment are read", arguments: golden)
  func goldenRows(_ golden: GoldenLoop) throws {
    guard let loop = try golden.expectRead(by: .quantumDesignACMS) else { return }
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    let note = try #require(loop.notes.first { $0.code == "rows-without-moment" })
    #expect(note.message.contains("of AC susceptibility"), "\(note.message)")
  }

  @Test("the title and the operator's own lines come from the header")
  func header() throws {
    let loop = try #require(try Self.golden[1].expectRead(by: .quantumDesignACMS))
    #expect(loop.sample.id == Sourced("Probe 14", .header))
    #expect(loop.header.contains(HeaderEntry("INFO", "mass,48.20 mg")))
    // A number that an operator wrote under a name of their own is not taken for the mass.
    #expect(loop.sample.mass == nil)
    #expect(loop.notes.contains { $0.message == "line 15: start, at saturation" })
    #expect(loop.notes.contains { $0.message.hasPrefix("6 rows without a moment (6 of AC") }, "\(loop.notes)")
  }

  @Test(
    "AC susceptibility is claimed and refused",
    arguments: [
      Refusal("qd_acms/quantumPPMS_sample3.DAT", .notALoop, "AC susceptibility"),
      Refusal("SampleData/QuantumDesignACMS/acms-susceptibility.dat", .notALoop, "AC susceptibility"),
    ])
  func refusals(_ refusal: Refusal) throws {
    try refusal.expect(by: .quantumDesignACMS)
  }

  @Test("DC moments at one field are refused, and so is another kind of file that is forced upon the driver")
  func constantField() throws {
    let head =
      "[Header]\n; ACMS Data File\n[Data]\nComment,Temperature (K),Magnetic Field (Oe),M-DC (emu),M' (emu)\n"
    let rows = (0..<30).map { ",\(5 + $0),1000.\($0 % 3),0.\($0 + 10),\n" }.joined()
    let series = #expect(throws: ReadError.self) {
      try Instrument.quantumDesignACMS.readLoop(textFile(head + rows), ReadingOptions())
    }
    #expect(series?.code == .notALoop)
    #expect(series?.detail.contains("stays at 1000.0 Oe") == true)
    let other = textFile("[Header]\n; VSM Data File\n[Data]\nComment,Magnetic Field (Oe),Moment (emu)\n")
    let stranger = #expect(throws: ReadError.self) {
      try Instrument.quantumDesignACMS.readLoop(other, ReadingOptions())
    }
    #expect(stranger?.code == .unknownFormat)
    #expect(stranger?.detail.contains("quantum-design-vsm") == true)
  }
}
