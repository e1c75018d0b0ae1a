// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

private let amperesPerMetrePerOersted = 1000 / (4 * Double.pi)

/// What a real file holds, taken from its text.
struct GoldenLoop: CustomTestStringConvertible, Sendable {
  struct Row: Sendable {
    let index, line: Int
    let time, kelvin, oersted, emu: Double
  }
  let path: String
  let count: Int
  let rows: [Row]
  let model: String
  let measured: String
  let notes: Set<String>
  var testDescription: String { path }

  static let all = [
    GoldenLoop(
      path: "qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT", count: 4864,
      rows: [
        Row(
          index: 0, line: 37, time: 35310960.65, kelvin: 300.0058289, oersted: 159.3925,
          emu: -0.300012917328173),
        Row(
          index: 1621, line: 1659, time: 35313868.575, kelvin: 300.0046997, oersted: 1967.961,
          emu: 4.26476618053131),
        Row(
          index: 3242, line: 3280, time: 35316836.75, kelvin: 300, oersted: -167.5985, emu: -3.92765629699296),
        Row(
          index: 4863, line: 4901, time: 35319796.735, kelvin: 299.9994354, oersted: 0.105,
          emu: 3.77886307265876),
      ], model: "PPMS VSM Option Release 1.4.10 Build 1", measured: "2025-02-12T15:36:00",
      notes: ["comment", "rows-without-moment", "assumed-shape"]),
    GoldenLoop(
      path: "qd_ppms_vsm/quantumPPMS_MVSH_3K.DAT", count: 520,
      rows: [
        Row(
          index: 0, line: 25, time: 2827461.66, kelvin: 3.0027109, oersted: 20000.257,
          emu: -1.05639267791654E-5),
        Row(
          index: 173, line: 198, time: 2827733.49, kelvin: 2.9999813, oersted: -7497.3165,
          emu: -4.36788927805966E-5),
        Row(
          index: 346, line: 371, time: 2828017.89, kelvin: 2.99745605, oersted: -5742.888,
          emu: -5.9324960556891E-5),
        Row(
          index: 519, line: 544, time: 2828284.2, kelvin: 3.0015023, oersted: 19999.1055,
          emu: -1.16826110298571E-5),
      ], model: "PPMS VSM Option Release 1.3.7 Build 2", measured: "2017-06-20T17:24:00",
      notes: ["rows-without-moment"]),
    GoldenLoop(
      path: "qd_mpms3/BRimmler_MA2936_MH_300K.dat", count: 199,
      rows: [
        Row(
          index: 0, line: 46, time: 3842600520.58284, kelvin: 299.999206542969, oersted: 69999.828125,
          emu: -0.000415030383638286),
        Row(
          index: 66, line: 112, time: 3842602880.9573, kelvin: 300.00032043457, oersted: -40.8509826660156,
          emu: 5.08847725147115E-7),
        Row(
          index: 132, line: 178, time: 3842605729.0828, kelvin: 300, oersted: -41.5747680664063,
          emu: -2.90445221431872E-7),
        Row(
          index: 198, line: 244, time: 3842607937.53306, kelvin: 299.999649047852, oersted: 69999.4765625,
          emu: -0.000414546356567536),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.19",
      measured: "2021-10-05T14:02:00", notes: ["sample-size"]),
    GoldenLoop(
      path: "qd_mpms3/nomad_MPMS_test.dat", count: 1122,
      rows: [
        Row(
          index: 0, line: 41, time: 3907409041.21466, kelvin: 1.99978995323181, oersted: 0.0363077335059643,
          emu: -0.000155412707237067),
        Row(
          index: 374, line: 415, time: 3907415356.7905, kelvin: 2.5001392364502, oersted: -0.399385094642639,
          emu: -0.000189656730245464),
        Row(
          index: 748, line: 789, time: 3907421471.60779, kelvin: 3.00032138824463, oersted: 0.254154145717621,
          emu: -0.000573967928250231),
        Row(
          index: 1121, line: 1162, time: 3907427193.53765, kelvin: 3.00021147727966, oersted: 69999.53125,
          emu: 1.0137917830553),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.26",
      measured: "2023-10-25T15:00:00", notes: ["no-final-line-end"]),
    GoldenLoop(
      path: "qd_mpms3/MagnetoPy_mvsh3.dat", count: 141,
      rows: [
        Row(
          index: 0, line: 29, time: 3778189772, kelvin: 5.00263834, oersted: -69999.66406, emu: -0.055872575),
        Row(
          index: 47, line: 76, time: 3778191015, kelvin: 5.002637386, oersted: 4500.348145, emu: 0.039676804),
        Row(
          index: 94, line: 123, time: 3778192324, kelvin: 5.002499104, oersted: 4000.461426, emu: 0.039735612),
        Row(
          index: 140, line: 169, time: 3778193561, kelvin: 5.003013611, oersted: -70000.375, emu: -0.0557941),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 399\t MultiVu Release 2.3.4.15",
      measured: "2019-09-21T01:57:00", notes: ["dc-moment-fixed"]),
    GoldenLoop(
      path: "qd_mpms3/MagnetoPy_mvsh5.dat", count: 229,
      rows: [
        Row(
          index: 0, line: 43, time: 3874607983.63813, kelvin: 293.220718383789, oersted: -70000.0390625,
          emu: -0.000832562585055842),
        Row(
          index: 76, line: 119, time: 3874609943.67613, kelvin: 293.168472290039, oersted: 3250.234375,
          emu: 0.000913512200702972),
        Row(
          index: 152, line: 195, time: 3874612005.03615, kelvin: 293.242141723633, oersted: 3250.2099609375,
          emu: 0.000908880332304495),
        Row(
          index: 228, line: 271, time: 3874613959.29783, kelvin: 293.27214050293, oersted: -70000.421875,
          emu: -0.000831176891945647),
      ], model: "MPMS3 Measurement Release 1.1.16 Build 424, MultiVu Release 2.3.4.19",
      measured: "2022-10-10T23:44:00", notes: ["dc-moment-fixed", "comment", "rows-without-moment"]),
  ]
}

@Suite("Quantum Design VSM files")
struct QuantumDesignVSMTests {
  @Test("real files read as their text says", arguments: GoldenLoop.all)
  func goldenRows(_ golden: GoldenLoop) throws {
    guard let file = try realFile(golden.path) else { return }
    let loop = try Instrument.quantumDesignVSM.readLoop(file, ReadingOptions())
    #expect(loop.count == golden.count)
    #expect(loop.model == golden.model)
    #expect(loop.measured == golden.measured)
    #expect(Set(loop.notes.map(\.code)) == golden.notes, "\(loop.notes)")
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    guard case .applied(let field) = loop.field, case .moment(let moment) = loop.response else {
      Issue.record("not an applied field and a moment")
      return
    }
    for row in golden.rows where row.index < loop.count {
      #expect(loop.lines[row.index] == row.line)
      // One multiplication: exact to the last bit.
      #expect(field.si[row.index] == row.oersted * amperesPerMetrePerOersted)
      #expect(moment.si[row.index] == row.emu * 1e-3)
      #expect(loop.time?.si[row.index] == row.time)
      #expect(loop.temperature?.si[row.index] == row.kelvin)
    }
  }

  @Test("mass, size and title of the published sample come from its header")
  func publishedSample() throws {
    guard let file = try realFile("qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT") else { return }
    let loop = try Instrument.quantumDesignVSM.readLoop(file, ReadingOptions())
    #expect(loop.sample.id == Sourced("22576_01", .header))
    #expect(loop.sample.mass == Sourced(Quantity(si: 54.86 * 1e-6), .header))
    #expect(
      loop.sample.shape
        == Sourced(
          .cuboid(
            a: Quantity(si: 1.98 * 1e-3), b: Quantity(si: 1.99 * 1e-3), c: Quantity(si: 2.70 * 1e-3)), .header
        ))
    #expect(loop.header.first == HeaderEntry(";", "VSM Data File (default extension .dat)"))
    #expect(loop.header.contains(HeaderEntry("SAMPLE_SIZE", "(1.98, 1.99, 2.70)")))
    #expect(loop.header.contains(HeaderEntry("FILEOPENTIME", "35309680.81,02/12/2025,3:36 pm")))
    #expect(loop.notes.first?.message.contains("touchdown = 9.72000043839216 mm") == true)
  }

  /// H where M = 0 on the first falling branch is published with 16 digits; one part in 1e9 leaves room for the
  /// order of operations only.
  @Test("the published coercivity follows from the rows")
  func publishedCoercivity() throws {
    guard let file = try realFile("qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT") else { return }
    let loop = try Instrument.quantumDesignVSM.readLoop(file, ReadingOptions())
    let (field, moment) = (loop.field.amperesPerMetre, loop.response.si)
    let top = try #require(field.indices.max { field[$0] < field[$1] })
    let crossing = try #require((top..<field.count - 1).first { moment[$0] > 0 && moment[$0 + 1] <= 0 })
    let part = moment[crossing] / (moment[crossing] - moment[crossing + 1])
    let coercivity = -(field[crossing] + part * (field[crossing + 1] - field[crossing]))
    #expect(abs(coercivity / 245_352.9830215174 - 1) < 1e-9, "\(coercivity)")
  }

  @Test(
    "the right container with another measurement is claimed and refused",
    arguments: [
      ("qd_ppms_vsm/fjose10_SS5-FC_MvsT.DAT", ReadError.Code.notALoop, "200.0 Oe"),
      ("qd_acms/nomad_ACMS_test.dat", .notALoop, "ACMS"),
      ("qd_acms/quantumPPMS_sample3.DAT", .notALoop, "ACMS"),
      ("qd_ppms_log/quantumPPMS_sample2.DAT", .notALoop, "no moment column"),
      ("qd_ppms_vsm/quantumPPMS_empty_vsm.dat", .truncated, "0 data rows: the sequence was stopped"),
    ])
  func refusals(_ path: String, _ code: ReadError.Code, _ words: String) throws {
    guard let file = try realFile(path) else { return }
    #expect(Instrument.quantumDesignVSM.recognize(file).recognition == .certain)
    let error = #expect(throws: ReadError.self) {
      try Instrument.quantumDesignVSM.readLoop(file, ReadingOptions())
    }
    #expect(error?.code == code)
    #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
  }

  @Test("a file written in the format reads back as it was")
  func roundTrip() throws {
    let loop = generatedLoop()
    let bytes = try #require(try Instrument.quantumDesignVSM.write?(loop))
    let again = try Instrument.quantumDesignVSM.readLoop(SourceFile(name: "", bytes: bytes), ReadingOptions())
    #expect(String(decoding: bytes, as: UTF8.self).contains("synthetic"))
    #expect(again.sample.id == loop.sample.id)
    #expect(again.sample.material == loop.sample.material)
    #expect(again.sample.shape?.value.name == "cuboid")
    #expect(again.measured == loop.measured)
    #expect(again.time == loop.time)
    #expect(again.temperature == loop.temperature)
    let pairs = zip(
      again.field.amperesPerMetre + again.response.si + (again.sample.shape?.value.lengths ?? []),
      loop.field.amperesPerMetre + loop.response.si + (loop.sample.shape?.value.lengths ?? []))
    // Division by and multiplication with the unit round once each, which adds up to less than 2 ulp.
    for (one, other) in pairs { #expect(abs(one - other) <= other.ulp, "\(one) for \(other)") }
  }

  // MARK: generated text

  /// A VSM file with these header lines and rows of comment, time, temperature, field and moment.
  private func file(
    header: [String] = [], columns: String? = nil, rows: [String]? = nil, ending: String = "\n"
  ) -> SourceFile {
    let some = (0..<12).map { ",\($0),300,\(1000 * (6 - $0)),\(0.5 - 0.1 * Double($0))" }
    let lines =
      ["[Header]", "; VSM Data File (default extension .dat)"] + header + ["[Data]"]
      + [columns ?? "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (Oe),Moment (emu)"]
      + (rows ?? some)
    return textFile(lines.joined(separator: "\n") + ending)
  }

  private func read(_ file: SourceFile) throws -> LoopMeasurement {
    try Instrument.quantumDesignVSM.readLoop(file, ReadingOptions())
  }

  @Test("header values are split at the first and the last comma, and operators' own lines are kept")
  func headerGrammar() throws {
    let loop = try read(
      file(header: [
        "TITLE,TS1, FEPC(200NM)/SI, AT 230C", "INFO,a, b, c,SAMPLE_COMMENT", "INFO,mass,53.10 mg", "INFO,,",
        "FILEOPENTIME,1.5,12/31/2024,12:05 am",
      ]))
    #expect(loop.sample.id?.value == "TS1, FEPC(200NM)/SI, AT 230C")
    #expect(loop.header.contains(HeaderEntry("SAMPLE_COMMENT", "a, b, c")))
    #expect(loop.header.contains(HeaderEntry("INFO", "mass,53.10 mg")))
    #expect(loop.measured == "2024-12-31T00:05:00")
  }

  @Test("placeholders are left out with a note", arguments: ["0", "1", "1.00000", "N/A", "-3"])
  func placeholders(_ text: String) throws {
    let loop = try read(file(header: ["INFO,\(text),SAMPLE_MASS", "INFO,\(text),SAMPLE_VOLUME"]))
    #expect(loop.sample.mass == nil && loop.sample.volume == nil)
    #expect(loop.notes.filter { $0.code == "placeholder-value" }.count == 2)
  }

  @Test("a named shape is respected where the sizes fit it")
  func shapes() throws {
    func shape(_ size: String, _ word: String) throws -> Shape? {
      try read(file(header: ["INFO,\(size),SAMPLE_SIZE", "INFO,\(word),SAMPLE_SHAPE"])).sample.shape?.value
    }
    let three = Quantity<Length>(si: 3 * 1e-3)
    let two = Quantity<Length>(si: 2 * 1e-3)
    #expect(try shape("(3, 3, 2)", "Cylinder") == .cylinder(diameter: three, length: two))
    #expect(try shape("(3, 2)", "cylinder") == .cylinder(diameter: three, length: two))
    #expect(try shape("3", "sphere") == .sphere(diameter: three))
    #expect(try shape("(3, 2, 2)", "") == .cuboid(a: three, b: two, c: two))
    #expect(try shape("(3, 2, 2)", "cylinder") == nil)
    #expect(try shape("4x10mm", "") == nil)
    #expect(try shape("(1, 1, 1)", "") == nil)
  }

  @Test("rows without a moment are dropped, their comments kept, and no value is read as a number")
  func droppedRows() throws {
    var rows = (0..<10).map { ",\($0),300,\(1000 * (5 - $0)),0.\($0)" }
    rows.insert("\"MvsH, 20 C\",5", at: 0)
    rows.insert("touchdown,3,300,5000,", at: 4)
    rows.insert(",3,300,5000,-99999999", at: 5)
    rows.insert(",3,300,INF,0.5", at: 6)
    let loop = try read(file(rows: rows))
    #expect(loop.count == 10)
    #expect(loop.lines == [6, 7, 8, 12, 13, 14, 15, 16, 17, 18])
    #expect(
      loop.notes.filter { $0.code == "comment" }.map(\.message) == [
        "line 5: MvsH, 20 C", "line 9: touchdown",
      ])
    #expect(loop.notes.contains { $0.code == "rows-without-moment" && $0.message.hasPrefix("4 rows") })
  }

  @Test("the fixed, then the free DC moment serves when the moment is empty in all rows")
  func dcMoments() throws {
    let columns =
      "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (Oe),Moment (emu),AC Moment (emu),"
      + "DC Moment Free Ctr (emu),DC Moment Fixed Ctr (emu)"
    func response(_ cells: String) throws -> (Double?, String?) {
      let loop = try read(
        file(columns: columns, rows: (0..<10).map { ",\($0),300,\(1000 * (5 - $0)),\(cells)" }))
      return (loop.response.si.first, loop.notes.first?.code)
    }
    #expect(try response("1,2,3,4") == (1e-3, nil))
    #expect(try response(",2,3,4") == (4 * 1e-3, "dc-moment-fixed"))
    #expect(try response(",2,3,") == (3 * 1e-3, "dc-moment-free"))
    #expect(#expect(throws: ReadError.self) { try response(",2,,") }?.code == .truncated)
  }

  @Test("units in column names are read, and an unknown one is an error that names the column")
  func units() throws {
    let columns = "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (mT),Moment (Am2)"
    let loop = try read(file(columns: columns))
    // Two roundings: the unit and the division by µ0.
    #expect(abs(loop.field.amperesPerMetre[0] * magneticConstant - 6) < 1e-12)
    #expect(loop.response.si[0] == 0.5)
    let error = #expect(throws: ReadError.self) {
      try read(
        file(columns: "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (furlong),Moment (emu)"))
    }
    #expect(error?.code == .unit)
    #expect(error?.column == "Magnetic Field (furlong)")
  }

  @Test("cut files are told from whole ones")
  func cutFiles() throws {
    let whole = (0..<12).map { ",\($0),300,\(1000 * (6 - $0)),\(0.5 - 0.1 * Double($0)),,,," }
    let columns = "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (Oe),Moment (emu),A,B,C,D"
    #expect(
      try read(file(columns: columns, rows: whole, ending: "")).notes.map(\.code) == ["no-final-line-end"])
    let cut = #expect(throws: ReadError.self) {
      try read(file(columns: columns, rows: whole + [",12,300,-6000,-0."], ending: ""))
    }
    #expect(cut?.code == .truncated)
    #expect(cut?.line == 17)
    for text in ["[Header]", "[Header]\n; VSM Data File\nTITLE,x", "[Header]\n[Data]\nComment,Time St"] {
      let error = #expect(throws: ReadError.self) { try read(textFile(text)) }
      #expect(error?.code == .truncated, "\(text)")
    }
    let few = #expect(throws: ReadError.self) { try read(file(rows: [",0,300,5000,1", ",0,300,-5000,1"])) }
    #expect(few?.code == .truncated)
  }

  @Test("a word in a number column is an error that names line and column")
  func wordInColumn() throws {
    let rows = (0..<10).map { ",\($0),300,\(1000 * (5 - $0)),\($0 == 7 ? "broken" : "1")" }
    let error = #expect(throws: ReadError.self) { try read(file(rows: rows)) }
    #expect(error?.code == .malformed)
    #expect(error?.line == 12)
    #expect(error?.column == "Moment (emu)")
  }

  @Test("an MPMS XL file is not claimed, and refused when it is forced upon the driver")
  func otherGrammar() throws {
    guard let file = try realFile("qd_mpms_xl/quantumPPMS_sample1.dat") else { return }
    #expect(Instrument.quantumDesignVSM.recognize(file).recognition == .no)
    #expect(#expect(throws: ReadError.self) { try read(file) }?.code == .unknownFormat)
  }

  @Test("raw scans are refused by name")
  func rawScans() {
    let raw = textFile(
      "[Header]\n; DC Raw Data File (default extension .raw)\n[Data]\nComment,Time Stamp (sec)\n")
    #expect(Instrument.quantumDesignVSM.recognize(raw).recognition == .certain)
    let error = #expect(throws: ReadError.self) { try read(raw) }
    #expect(error?.code == .notALoop)
  }
}
