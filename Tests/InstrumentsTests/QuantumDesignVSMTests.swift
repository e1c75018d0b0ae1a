// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Quantum Design VSM files")
struct QuantumDesignVSMTests {
  @Test("files read as their text says", arguments: GoldenVSM.real + GoldenVSM.samples)
  func goldenRows(_ golden: GoldenLoop) throws {
    guard let loop = try golden.expectRead(by: .quantumDesignVSM) else { return }
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
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

  @Test("mass, size, material and title of samples come from their headers")
  func sampleHeaders() throws {
    func loop(_ index: Int) throws -> LoopMeasurement {
      try #require(try GoldenVSM.samples[index].expectRead(by: .quantumDesignVSM))
    }
    let ppms = try loop(0)
    #expect(ppms.sample.id == Sourced("Probe 7, second face", .header))
    #expect(ppms.sample.material == Sourced("NdFeB, sintered", .header))
    #expect(ppms.sample.mass == Sourced(Quantity(si: 61.25 * 1e-6), .header))
    #expect(ppms.sample.volume == nil)
    #expect(ppms.sample.shape?.value.lengths == [2.10 * 1e-3, 1.90 * 1e-3, 2.05 * 1e-3])
    #expect(ppms.header.contains(HeaderEntry("INFO", "operator,N. N.")))
    let messages = ppms.notes.map(\.message)
    #expect(messages.contains("line 38: half way, at last") && messages.contains("line 54: sequence ended"))
    #expect(
      messages.contains(
        "4 rows without a moment (1 touchdown, 2 over-range) left out, the first in line 22"), "\(messages)")

    let resaved = try loop(2)
    #expect(resaved.sample.id == Sourced("Probe 9, north face", .header))
    #expect(
      resaved.sample.shape
        == Sourced(.cylinder(diameter: Quantity(si: 2e-3), length: Quantity(si: 1.5e-3)), .header))
  }

  @Test(
    "the right container with another measurement is claimed and refused",
    arguments: [
      Refusal("qd_ppms_vsm/fjose10_SS5-FC_MvsT.DAT", .notALoop, "200.0 Oe"),
      Refusal("qd_ppms_log/quantumPPMS_sample2.DAT", .notALoop, "no moment column"),
      Refusal("qd_ppms_vsm/quantumPPMS_empty_vsm.dat", .truncated, "0 data rows: the sequence was stopped"),
      Refusal("SampleData/QuantumDesignVSM/ppms-temperature-series.dat", .notALoop, "200.0 Oe"),
      Refusal("SampleData/QuantumDesignVSM/ppms-system-log.dat", .notALoop, "no moment column"),
      Refusal("SampleData/QuantumDesignVSM/ppms-header-only.dat", .truncated, "0 data rows"),
      Refusal("SampleData/QuantumDesignVSM/mpms3-raw-scan.rw.dat", .notALoop, "raw SQUID scans"),
    ])
  func refusals(_ refusal: Refusal) throws {
    try refusal.expect(by: .quantumDesignVSM)
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

  @Test(
    "placeholder values and sizes that are none are left out with a note",
    arguments: [
      ("0", "placeholder-value"), ("1", "placeholder-value"), ("1.00000", "placeholder-value"),
      ("N/A", "placeholder-value"), ("-3", "header-value-ignored"),
    ])
  func placeholders(_ text: String, _ code: String) throws {
    let loop = try read(file(header: ["INFO,\(text),SAMPLE_MASS", "INFO,\(text),SAMPLE_VOLUME"]))
    #expect(loop.sample.mass == nil && loop.sample.volume == nil)
    #expect(loop.notes.filter { $0.code == code }.count == 2)
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

  @Test("a table saved without its header is read when the driver is named, and is not claimed")
  func withoutHeader() throws {
    let rows = (0..<10).map { "\($0),\(5000 - 1000 * $0),\(0.5 - 0.1 * Double($0)),300,\($0)" }
    let table = textFile(
      (["\"\",Magnetic Field (Oe),Moment (emu),Temperature (K),Time Stamp (sec)"] + rows).joined(
        separator: "\n") + "\n")
    #expect(Instrument.quantumDesignVSM.recognize(table).recognition == .no)
    let loop = try read(table)
    #expect(loop.count == 10)
    #expect(loop.response.si[9] == (0.5 - 0.1 * 9) * 1e-3)
    #expect(loop.temperature?.si[0] == 300)
    #expect(#expect(throws: ReadError.self) { try read(textFile("a,b\n1,2\n")) }?.code == .malformed)
  }

  @Test("temperatures that cannot be are left out with a note", arguments: ["0", "-273.15", "", "inf"])
  func temperatures(_ text: String) throws {
    let rows = (0..<10).map { ",\($0),\($0 == 4 ? text : "300"),\(1000 * (5 - $0)),1" }
    let loop = try read(file(rows: rows))
    #expect(loop.temperature == nil)
    #expect(loop.notes.contains { $0.code == "temperature-not-physical" && $0.message.contains("line 9") })
  }

  @Test(
    "a comment with marks in it is one cell",
    arguments: [
      ("\"5\" disc, thin\"", "5\" disc, thin"), ("\"a,\"\"b\"\",c\"", "a,\"b\",c"),
      ("\"\"\"a\"\", b\"", "\"a\", b"),
      ("\"a\" b", "\"a\" b"), ("\"x,\"", "x,"), ("\"\"", nil),
    ])
  func quotedComments(_ cell: String, _ comment: String?) throws {
    let rows = (0..<10).map { "\($0 == 3 ? cell : ""),\($0),300,\(1000 * (5 - $0)),1" }
    let loop = try read(file(rows: rows))
    #expect(loop.count == 10)
    #expect(loop.notes.map(\.message) == (comment.map { ["line 8: \($0)"] } ?? []))
  }

  // Looking for the end of each cell anew would take minutes.
  @Test(
    "a line of unclosed quotation marks is given up at once", .timeLimit(.minutes(1)),
    arguments: ["\"", "\"\"", " \"\"\""])
  func unclosedQuotes(_ marks: String) throws {
    let line = String(repeating: marks + "a,", count: 300_000)
    let columns = String(repeating: "a,", count: 15_000) + "Magnetic Field (Oe),Moment (emu)"
    #expect(
      #expect(throws: ReadError.self) { try read(file(columns: columns, rows: [line])) }?.code == .malformed)
    #expect(
      #expect(throws: ReadError.self) { try read(file(rows: [",0,300,1,2", line], ending: "")) } != nil)
  }

  @Test("of very many comments the first hundred are kept")
  func manyComments() throws {
    let loop = try read(file(rows: (0..<150).map { "c\($0),\($0),300,\(1000 * (75 - $0)),1" }))
    let comments = loop.notes.filter { $0.code == "comment" }
    #expect(comments.count == 101)
    #expect(comments.last?.message == "50 more comments are in the file")
  }

  @Test("a unit stated for a column that is not there is an error")
  func strangeUnit() throws {
    let options = ReadingOptions(columnUnits: ["Feld": try #require(UnitOfMeasure(word: "Oe"))])
    let error = #expect(throws: ReadError.self) {
      try Instrument.quantumDesignVSM.readLoop(file(), options)
    }
    #expect(error?.code == .missingColumn)
  }
}
