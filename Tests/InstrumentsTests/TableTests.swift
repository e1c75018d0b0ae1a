// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

@Suite("Tables")
struct TableTests {
  /// Ten rows of two numbers below a header line.
  private func file(
    _ header: String, delimiter: String = ",", comma: Bool = false, before: [String] = [],
    ending: String = "\n"
  ) -> SourceFile {
    let rows = (0..<10).map { row in
      ["\(1000.5 * Double(row - 4))", "\(0.25 * Double(row) - 1)"].map { number in
        comma ? number.replacing(".", with: ",") : number
      }.joined(separator: delimiter)
    }
    return textFile((before + [header] + rows).joined(separator: "\n") + ending)
  }

  private func read(_ file: SourceFile, _ units: [String: String] = [:]) throws -> LoopMeasurement {
    try Instrument.table.readLoop(
      file, ReadingOptions(columnUnits: units.compactMapValues(UnitOfMeasure.init(word:))))
  }

  @Test(
    "column names with units give field and response in SI",
    arguments: [
      ("H (A/m),J (T)", 1.0, "polarisation", 1.0), ("H [kA/m],J [mT]", 1e3, "polarisation", 1e-3),
      ("H/kA/m,B/T", 1e3, "flux density", 1), ("\"H, kA/m\",\"J, T\"", 1e3, "polarisation", 1),
      ("\"H (A_per_meter)\",\"B (tesla)\"", 1, "flux density", 1),
      ("Magnetic Field [Oe],Moment (emu)", 1000 / (4 * Double.pi), "moment", 1e-3),
      ("Magnetic Field (kOe),4piM (kG)", 1e6 / (4 * Double.pi), "polarisation", 0.1),
      ("H_int (kA/m),M (kA/m)", 1e3, "magnetisation", 1e3), ("Ha (A/m),M (emu/cm3)", 1, "magnetisation", 1e3),
      ("mu0H (T),M (emu/g)", 1 / magneticConstant, "specific moment", 1),
      ("µ0H [T],Moment (A m²)", 1 / magneticConstant, "moment", 1),
      ("applied field (A/m),M (emu)", 1, "moment", 1e-3),
    ])
  func columnNames(_ header: String, _ field: Double, _ response: String, _ factor: Double) throws {
    let file = file(header)
    #expect(Instrument.table.recognize(file).recognition == .certain)
    let loop = try read(file)
    #expect(loop.count == 10)
    #expect(loop.response.name == response)
    // One or two roundings against the product computed here.
    #expect(abs(loop.field.amperesPerMetre[9] - 5002.5 * field) <= 2 * (5002.5 * field).ulp)
    #expect(abs(loop.response.si[9] - 1.25 * factor) <= 2 * (1.25 * factor).ulp)
    #expect(loop.lines == Array(2...11))
  }

  @Test(
    "a plain H is internal beside J, B or M and applied beside a moment, unless the file says the circuit")
  func plainField() throws {
    func isInternal(_ header: String, _ before: [String] = []) throws -> (Bool, Circuit?, String?) {
      let loop = try read(file(header, before: before))
      let isInternal = if case .internal = loop.field { true } else { false }
      return (isInternal, loop.sample.circuit?.value, loop.notes.first?.code)
    }
    #expect(try isInternal("H (A/m),J (T)") == (true, .closed, "field-taken-as-internal"))
    #expect(try isInternal("H (A/m),Moment (emu)") == (false, .open, "field-taken-as-applied"))
    #expect(try isInternal("H (A/m),J (T)", ["# circuit: open"]) == (false, .open, nil))
    #expect(try isInternal("H_applied (A/m),J (T)") == (false, .open, nil))
    #expect(try isInternal("H_int (A/m),Moment (emu)") == (true, .closed, nil))
  }

  @Test("delimiters and the decimal comma are found", arguments: [";", "\t"])
  func delimiters(_ delimiter: String) throws {
    let header = "H (A/m)\(delimiter)J (T)"
    let point = try read(file(header, delimiter: delimiter))
    let comma = try read(file(header, delimiter: delimiter, comma: true))
    #expect(point.field == comma.field)
    #expect(point.response == comma.response)
    #expect(comma.notes.contains { $0.code == "decimal-comma" })
    #expect(!point.notes.contains { $0.code == "decimal-comma" })
    let rows = (0..<9).map { "\($0),5\(delimiter)1,25" } + ["9.5\(delimiter)1"]
    let error = #expect(throws: ReadError.self) {
      try read(textFile(([header] + rows).joined(separator: "\n")))
    }
    #expect(error?.code == .malformed)
    #expect(error?.line == 11)
  }

  @Test("comment lines give header entries and, with units, the specimen")
  func sampleValues() throws {
    let loop = try read(
      file(
        "H (A/m),J (T)",
        before: [
          "# sample: X1", "; lot: L1", "% mass: 54.86 mg", "! density: 7.5 g/cm3",
          "// size: 1.98x1.99x2.70 mm",
          "# shape: cuboid", "# temperature: 23 °C", "# volume: 10.6", "# a line of text",
        ]))
    #expect(loop.sample.id == Sourced("X1", .header))
    #expect(loop.sample.lot == Sourced("L1", .header))
    #expect(loop.sample.mass == Sourced(Quantity(si: 54.86 * 1e-6), .header))
    #expect(loop.sample.density == Sourced(Quantity(si: 7500), .header))
    #expect(loop.sample.shape?.value.lengths == [1.98 * 1e-3, 1.99 * 1e-3, 2.70 * 1e-3])
    #expect(loop.sample.temperature == Sourced(Quantity(si: 23 + 273.15), .header))
    #expect(loop.sample.volume == nil)
    #expect(loop.notes.contains { $0.code == "header-value-ignored" && $0.message.contains("10.6") })
    #expect(loop.header.contains(HeaderEntry("mass", "54.86 mg")))
    #expect(loop.header.contains(HeaderEntry("#", "a line of text")))
  }

  @Test("temperature and time columns are read, T and t told apart")
  func temperatureAndTime() throws {
    let rows = (0..<10).map { "\($0),\($0 * 100),\(20 + $0),0.5" }.joined(separator: "\n")
    let loop = try read(textFile("t (s),H_applied (A/m),T (°C),J (T)\n\(rows)\n"))
    #expect(loop.time?.si == (0..<10).map(Double.init))
    #expect(loop.temperature?.si == (0..<10).map { Double(20 + $0) + 273.15 })
  }

  @Test("of several responses J comes first, and B has to agree with it")
  func preferredResponse() throws {
    func file(_ flux: (Double) -> Double) -> SourceFile {
      let rows = (0..<10).map { row in
        let field = 1e5 * Double(row - 5)
        return "\(field),\(flux(magneticConstant * field + 1.2)),1.2"
      }
      return textFile((["H (A/m),B (T),J (T)"] + rows).joined(separator: "\n") + "\n")
    }
    #expect(try read(file { $0 }).response.name == "polarisation")
    #expect(try read(file { ($0 * 1000).rounded() / 1000 }).response.si[0] == 1.2)
    let error = #expect(throws: ReadError.self) { try read(file { $0 * 1.05 }) }
    #expect(error?.code == .malformed)
    #expect(error?.line == 2)
  }

  @Test("an applied and an internal field become raw and processed columns")
  func bothFields() throws {
    let rows = (0..<10).map { "\($0 * 100),\($0 * 90),0.5" }.joined(separator: "\n")
    let loop = try read(textFile("H_applied (A/m),H_int (A/m),J (T)\n\(rows)\n"))
    #expect(loop.field == .applied(Series(si: (0..<10).map { Double($0 * 100) })))
    #expect(loop.processed?.field == .internal(Series(si: (0..<10).map { Double($0 * 90) })))
  }

  @Test(
    "what is missing or wrong is said with line and column",
    arguments: [
      ("H,J (T)", ReadError.Code.unit, "--unit \"H=A/m\""), ("H (furlong),J (T)", .unit, "furlong"),
      ("H (A/m),M (G)", .unit, "4πM"), ("H (T),J (A/m)", .unit, "A/m"),
      ("a (T),J (T)", .missingColumn, "field"),
      ("H (A/m),c (T)", .missingColumn, "response"), ("H (A/m),H (Oe)", .malformed, "mean the same"),
    ])
  func headerFaults(_ header: String, _ code: ReadError.Code, _ words: String) {
    let error = #expect(throws: ReadError.self) { try read(file(header)) }
    #expect(error?.code == code)
    #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
  }

  @Test(
    "bad cells are errors at their place",
    arguments: [
      ("x", "x"), ("", "empty"), ("nan", "nan"), ("inf", "inf"), ("1e999", "1e999"), ("1 2", "1 2"),
    ])
  func cellFaults(_ cell: String, _ words: String) {
    let rows = (0..<10).map { $0 == 6 ? "5,\(cell)" : "\($0),1" }.joined(separator: "\n")
    let error = #expect(throws: ReadError.self) { try read(textFile("H (A/m),J (T)\n\(rows)\n")) }
    #expect(error?.code == .malformed)
    #expect(error?.line == 8)
    #expect(error?.column == "J (T)")
    #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
  }

  @Test("numbers without a header, too few rows and a cut last row are refused")
  func incompleteFiles() {
    let numbers = textFile((0..<10).map { "\($0)\t1" }.joined(separator: "\n"))
    #expect(Instrument.table.recognize(numbers).recognition == .no)
    #expect(#expect(throws: ReadError.self) { try read(numbers) }?.detail.contains("header line") == true)
    let few = #expect(throws: ReadError.self) { try read(textFile("H (A/m),J (T)\n1,2\n")) }
    #expect(few?.code == .truncated)
    let rows = (0..<10).map { "\($0),1" }.joined(separator: "\n")
    let cut = #expect(throws: ReadError.self) { try read(textFile("H (A/m),J (T)\n\(rows)\n12")) }
    #expect(cut?.code == .truncated)
    #expect(cut?.line == 12)
  }

  @Test("a header behind a comment mark is found, as NumPy writes it")
  func commentedHeader() throws {
    let loop = try read(file("# H (A/m),J (T)", before: ["# sample: X1"]))
    #expect(loop.count == 10)
    #expect(loop.sample.id?.value == "X1")
  }

  @Test("units stated by the user serve columns without one")
  func statedUnits() throws {
    let loop = try read(file("H,B"), ["H": "kA/m", "B": "T"])
    #expect(loop.field.amperesPerMetre[9] == 5_002_500)
    #expect(loop.response.name == "flux density")
    #expect(loop.notes.filter { $0.code == "unit-stated" }.count == 2)
    let known = try read(file("H (A/m),B (T)"), ["H": "kA/m"])
    #expect(known.field.amperesPerMetre[9] == 5002.5)
    let corrected = try read(file("H (A/m),B (T)"), ["H (A/m)": "kA/m"])
    #expect(corrected.field.amperesPerMetre[9] == 5_002_500)
  }

  @Test("real digitised curves read as their text says")
  func realCurves() throws {
    if let file = try realFile("bh_curves/ansys_Arnold_N30UH_80C.tab") {
      let loop = try read(file)
      let places = [0, 29, 58, 86]
      #expect(loop.count == 87)
      #expect(places.map { loop.field.amperesPerMetre[$0] } == [-1_406_000, -943_000, -463_000, 0])
      #expect(places.map { loop.response.si[$0] } == [-1.8289, -0.1877, 0.4402, 1.044])
      #expect(loop.response.name == "flux density")
    }
    let curves = [
      ("jafit_VegaTechnik_LNG37", 66, [0, -50020.010318], [1.2363, 0]),
      ("jafit_Jesenik_AlNiCo5_loop", 158, [80905.72, 80848.005], [1.759189, 1.763485]),
      ("jafit_Ibrayeva_LNGT72", 149, [673_378, 673_378], [1.977742, 1.980922]),
    ]
    for (name, count, fields, fluxes) in curves {
      guard let file = try realFile("bh_curves/\(name).tab") else { return }
      let error = #expect(throws: ReadError.self) { try read(file) }
      #expect(error?.code == .unit)
      let loop = try read(file, ["H": "A/m", "B": "T"])
      #expect(loop.count == count)
      #expect([loop.field.amperesPerMetre[0], loop.field.amperesPerMetre[count - 1]] == fields)
      #expect([loop.response.si[0], loop.response.si[count - 1]] == fluxes)
    }
  }

  // Where a falling or rising curve crosses zero, on the straight line between the two points around it.
  private func zero(of values: [Double], _ field: [Double]) -> Double? {
    let after = values.indices.dropFirst().first { values[$0 - 1] < 0 && values[$0] >= 0 }
    return after.map { after in
      let share = -values[after - 1] / (values[after] - values[after - 1])
      return field[after - 1] + share * (field[after] - field[after - 1])
    }
  }

  @Test("a curve of Ansys has the Br, HcB, HcJ and (BH)max that are known of it")
  func knownMagnet() throws {
    guard let file = try realFile("bh_curves/ansys_Arnold_N30UH_80C.tab") else { return }
    let loop = try read(file)
    let (field, flux) = (loop.field.amperesPerMetre, loop.response.si)
    let polarisation = zip(field, flux).map { $1 - magneticConstant * $0 }
    // The known numbers are rounded to four digits, and the product is that of a straight line between points.
    #expect(flux.last == 1.044)
    #expect(abs(try #require(zero(of: flux, field)) + 800.1e3) <= 50)
    #expect(abs(try #require(zero(of: polarisation, field)) + 1405.6e3) <= 50)
    let product = zip(field, flux).reduce(0) { max($0, -$1.0 * $1.1) }
    #expect(abs(product / 209.1e3 - 1) < 1e-3)
  }

  @Test("the samples of both kinds of B-H collections read as their text says")
  func collections() throws {
    func sample(_ name: String) throws -> SourceFile {
      let url = Repository.root.appending(path: "SampleData/Table/\(name)")
      return SourceFile(name: name, bytes: Array(try Data(contentsOf: url)))
    }
    let ansys = try read(try sample("ansys.tab"))
    let fields: [Double] = [-1300000, -975000, -488000, 0]
    #expect(ansys.count == 41)
    #expect([0, 10, 25, 40].map { ansys.field.amperesPerMetre[$0] } == fields)
    #expect([0, 10, 25, 40].map { ansys.response.si[$0] } == [-2.6555, -0.1303, 0.5011, 1.1270])
    #expect(ansys.lines == Array(3...43))
    let plain = try sample("jafit.tab")
    let error = #expect(throws: ReadError.self) { try read(plain) }
    #expect(error?.code == .unit)
    #expect(error?.detail.contains("--unit \"H=A/m\"") == true, "\(error?.detail ?? "")")
    let jafit = try read(plain, ["H": "A/m", "B": "T"])
    #expect(jafit.count == 60)
    #expect(
      [0, 20, 40, 59].map { jafit.field.amperesPerMetre[$0] } == [
        210700.000000, -110688.390705, -91134.537296, 210700.000000,
      ])
    #expect([0, 20, 40, 59].map { jafit.response.si[$0] } == [1.474773, -1.348106, -1.324523, 1.474773])
    #expect(jafit.notes.contains { $0.code == "no-final-line-end" })
  }

  @Test("a written table reads back to the last bit", arguments: [false, true])
  func roundTrip(_ internalField: Bool) throws {
    var loop = generatedLoop(internalField: internalField)
    loop.sample.lot = Sourced("L1", .header)
    loop.sample.circuit = Sourced(internalField ? .closed : .open, .header)
    loop.sample.temperature = Sourced(Quantity(si: 296.15), .header)
    loop.sample.density = Sourced(Quantity(si: 7512.3), .header)
    let bytes = try #require(try Instrument.table.write?(loop))
    let again = try read(SourceFile(name: "", bytes: bytes))
    #expect(again.field == loop.field)
    #expect(again.response == loop.response)
    #expect(again.time == loop.time)
    #expect(again.temperature == loop.temperature)
    #expect(again.sample == loop.sample)
    #expect(again.measured == loop.measured)
    #expect(
      String(decoding: bytes, as: UTF8.self).contains(
        internalField ? "\nH (A/m),J (T)" : "\nH_applied (A/m),"))
  }

  @Test(
    "a sign in a name that makes another quantity of it is no field and no response",
    arguments: [
      "|H| (A/m),J (T)", "-H (A/m),J (T)", "H (A/m),ΔM (A/m)", "H (A/m),M' (A/m)", "H² (A/m),J (T)",
    ])
  func changedNames(_ header: String) {
    let rows = (0..<12).map { "\($0 - 6),\(Double($0) / 10)" }.joined(separator: "\n")
    let file = textFile(header + "\n" + rows + "\n")
    #expect(Instrument.table.recognize(file).recognition == .no)
    #expect(throws: ReadError.self) { try Instrument.table.readLoop(file, ReadingOptions()) }
  }

  @Test("a description in Chinese beside the symbol is passed over")
  func describedNames() throws {
    let rows = (0..<12).map { "\($0 - 6),\(Double($0) / 10)" }.joined(separator: "\n")
    let file = textFile("磁场强度H (kA/m),磁极化强度J (T)\n" + rows + "\n")
    #expect(Instrument.table.recognize(file).recognition == .certain)
    #expect(try Instrument.table.readLoop(file, ReadingOptions()).count == 12)
  }

  @Test("the columns of ACMS without their header are refused")
  func otherMeasurements() {
    func code(_ header: String, _ row: (Int) -> String) -> ReadError.Code? {
      let text = header + "\n" + (0..<12).map(row).joined(separator: "\n") + "\n"
      return #expect(throws: ReadError.self) {
        try Instrument.table.readLoop(textFile(text), ReadingOptions())
      }?.code
    }
    #expect(
      code("Magnetic Field (Oe),M-DC (emu),Moment (emu)") { "\(1000 * ($0 - 6)),\($0),0.1" } == .notALoop)
  }

  @Test("a file of nothing but comments is given up after ten thousand of them")
  func endlessComments() {
    let file = textFile(String(repeating: "# a\n", count: 20_000) + "H (A/m),J (T)\n")
    #expect(Instrument.table.recognize(file).recognition == .no)
  }
}
