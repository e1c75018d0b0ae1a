// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

@Suite("MagIC files")
struct MagICTests {
  private func sample(_ name: String) throws -> SourceFile {
    let url = Repository.root.appending(path: "SampleData/MagIC/\(name)")
    return SourceFile(name: name, bytes: Array(try Data(contentsOf: url)))
  }

  private func read(
    _ file: SourceFile, block: String? = nil, _ units: [String: String] = [:]
  ) throws -> LoopMeasurement {
    try Instrument.magic.readLoop(
      file,
      ReadingOptions(columnUnits: units.compactMapValues(UnitOfMeasure.init(word:)), block: block))
  }

  private func refusal(_ file: SourceFile, block: String? = nil, _ units: [String: String] = [:])
    -> ReadError?
  {
    #expect(throws: ReadError.self) { try read(file, block: block, units) }
  }

  // A table of twelve rows of one loop, its columns and cells changed at will.
  private func table(
    columns: String = "experiment\tspecimen\tmethod_codes\tmeas_field_dc\tmagn_moment\tmeas_temp",
    rows: Int = 12, before: [String] = [], after: [String] = [],
    _ row: (Int) -> String = { "E\tS\tLP-HYS\t\(0.5 - 0.1 * Double($0))\t\(1e-6 - 1e-7 * Double($0))\t293" }
  ) -> SourceFile {
    textFile(
      (before + ["tab \tmeasurements", columns] + (0..<rows).map(row) + after).joined(separator: "\n") + "\n")
  }

  @Test("version 3.0: a loop per mass among rows of another method, without the bad row")
  func versionThree() throws {
    let loop = try read(try sample("magic-3.txt"))
    #expect(loop.count == 47)
    let fields = [0.45310, -0.33064, -0.36790, 0.45310].map { $0 / magneticConstant }
    #expect([0, 17, 18, 46].map { loop.field.amperesPerMetre[$0] } == fields)
    guard case .specificMoment(let response) = loop.response else {
      Issue.record("the response is a \(loop.response.name)")
      return
    }
    #expect([0, 17, 18, 46].map { response.si[$0] } == [9.0415e-01, -8.9387e-01, -8.9496e-01, 9.0406e-01])
    #expect([0, 46].map { loop.temperature?.si[$0] } == [295.10, 295.57])
    #expect(loop.lines.prefix(2) == [8, 9])
    #expect(loop.sample.id == Sourced("Probe 1", .header))
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.model == "Bench VSM")
    #expect(loop.notes.map(\.code) == ["bad-rows-left-out"])
    #expect(loop.header.contains(HeaderEntry("method_codes", "LP-HYS:LT-NO")))
    #expect(!loop.header.contains { $0.key == "treat_step_num" })
    let result = try #require(loop.instrumentResults.first)
    #expect(loop.instrumentResults.count == 1)
    #expect(result.kind == .coercivityHcJ)
    #expect(result.si == 0.02412 * (1 / magneticConstant))
    #expect(abs(result.rounding - 0.5e-5 / magneticConstant) < 1e-9)
    #expect(result.spelled == "hyst_bc 0.02412")
  }

  @Test("version 2.5, padded by a spreadsheet: a loop per moment and the laboratory's results")
  func versionTwo() throws {
    let loop = try read(try sample("magic-2.5-padded.txt"))
    #expect(loop.count == 40)
    let fields = [1.2031, -1.1930, -1.1930, 1.2031].map { $0 / magneticConstant }
    #expect([0, 19, 20, 39].map { loop.field.amperesPerMetre[$0] } == fields)
    guard case .moment(let response) = loop.response else {
      Issue.record("the response is a \(loop.response.name)")
      return
    }
    #expect(
      [0, 19, 20, 39].map { response.si[$0] } == [2.40216E-06, -2.36630E-06, -2.39631E-06, 2.36526E-06])
    #expect(loop.temperature == nil)
    #expect(loop.notes.map(\.code) == ["placeholder-value"])
    #expect(loop.sample.id == Sourced("Probe 2", .header))
    #expect(loop.model == "Bench AGM")
    #expect(loop.instrumentResults.map(\.kind) == [.coercivityHcJ, .remanentMoment])
    #expect(loop.instrumentResults.last?.si == 1.702E-06)
    // Half of 1e-9 in three roundings.
    #expect(abs((loop.instrumentResults.last?.rounding ?? 0) - 0.5e-9) < 1e-23)
  }

  @Test("several loops are told apart by experiment, and by specimen where that is enough")
  func blocks() throws {
    let file = try sample("magic-two-loops.txt")
    let error = refusal(file)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("“Probe 3:LP-HYS”, “Probe 4:LP-HYS”") == true, "\(error?.detail ?? "")")
    #expect(refusal(file, block: "Probe 7")?.code == .block)
    let remanence = refusal(file, block: "Probe 4:LP-IRM-DCD")
    #expect(remanence?.code == .notALoop)
    #expect(remanence?.detail.contains("LP-IRM-DCD") == true)
    let one = try read(file, block: "Probe 3:LP-HYS")
    let other = try read(file, block: "Probe 4")
    #expect(one.count == 30)
    #expect(other.count == 30)
    #expect(one.lines.prefix(3) == [3, 5, 7])
    #expect(other.lines.prefix(3) == [4, 6, 8])
    #expect([0, 15, 29].map { one.response.si[$0] } == [4.10998e+05, -4.08998e+05, 4.10989e+05])
    #expect([0, 29].map { other.response.si[$0] } == [3.28e+05, 3.27999e+05])
    #expect(other.sample.id?.value == "Probe 4")
    guard case .magnetisation = one.response else {
      Issue.record("the response is a \(one.response.name)")
      return
    }
    #expect(one.notes.map(\.code) == ["block-chosen"])
  }

  @Test("what is no loop is claimed and refused by name")
  func refusals() throws {
    let remanence = refusal(try sample("magic-remanence.txt"))
    #expect(remanence?.code == .notALoop)
    #expect(remanence?.detail.contains("LP-IRM-DCD") == true)
    #expect(Instrument.magic.recognize(try sample("magic-remanence.txt")).recognition == .certain)
    let sites = textFile("tab \tsites\nsite\tlat\nA\t1\n>>>>>>>>>>\n")
    #expect(Instrument.magic.recognize(sites).recognition == .certain)
    #expect(refusal(sites)?.code == .notALoop)
    #expect(refusal(sites)?.detail.contains("sites") == true)
    #expect(refusal(table(rows: 0))?.code == .truncated)
    #expect(refusal(table(rows: 5))?.code == .truncated)
    #expect(
      refusal(table(columns: "specimen\tmethod_codes\tmeas_field_dc\tmagn_moment"))?.code == .missingColumn)
    #expect(
      refusal(table(columns: "experiment\tspecimen\tmethod_codes\ttreat_dc_field\tmagn_moment\tx"))?.code
        == .missingColumn)
    #expect(
      refusal(table(columns: "experiment\tspecimen\tmethod_codes\tmeas_field_dc\tmagn_x\tx"))?.code
        == .missingColumn)
    #expect(refusal(textFile("tab \tmeasurements\n"))?.code == .truncated)
  }

  @Test(
    "a row that does not hold together is refused with its line",
    arguments: [
      "E\tS\tLP-HYS\t0.1\t\t293", "E\tS\tLP-HYS\t0.1\tx\t293", "E\tS\tLP-HYS\t0.1\t1e999\t293",
      "\tS\tLP-HYS\t0.1\t1e-6\t293", "E\tS\tLP-HYS\t0.1\t1e-6\t293\t7",
    ])
  func faultyRows(_ row: String) {
    let error = refusal(
      table { $0 == 6 ? row : "E\tS\tLP-HYS\t\(0.5 - 0.1 * Double($0))\t\(1e-6 - 1e-7 * Double($0))\t293" })
    #expect(error?.code == .malformed)
    #expect(error?.line == 9)
  }

  @Test("a unit that the user states counts more than the data model's, and a stranger's is refused")
  func statedUnits() throws {
    let plain = try read(table())
    let stated = try read(table(), ["magn_moment": "emu"])
    #expect(stated.response.si == plain.response.si.map { $0 * 1e-3 })
    #expect(stated.notes.map(\.code) == ["unit-stated"])
    #expect(refusal(table(), ["magn_moment": "T"])?.code == .unit)
    #expect(refusal(table(), ["moment": "emu"])?.code == .missingColumn)
  }

  @Test("temperatures that cannot be true are left out, others kept")
  func temperatures() throws {
    func kelvin(_ text: String) throws -> Double? {
      try read(table { "E\tS\tLP-HYS\t\(0.5 - 0.1 * Double($0))\t1e-6\t\($0 == 3 ? text : "290")" })
        .temperature?.si[3]
    }
    #expect(try kelvin("291.5") == 291.5)
    #expect(try kelvin("") == nil)
    #expect(try kelvin("-4") == nil)
    #expect(try kelvin("9000") == nil)
    let notes = try read(table { "E\tS\tLP-HYS\t\(0.5 - 0.1 * Double($0))\t1e-6\t\($0 == 3 ? "" : "290")" })
      .notes
    #expect(notes.map(\.code) == ["temperature-not-physical"])
    #expect(notes.first?.message.contains("line 6 holds no temperature") == true)
  }

  @Test("a result counts only when one row alone speaks of the loop")
  func results() throws {
    func results(_ rows: [String]) throws -> [String] {
      let before = ["tab \tspecimens", "specimen\texperiments\thyst_bc"] + rows + [">>>>>>>>>>"]
      return try read(table(before: before)).instrumentResults.map(\.spelled)
    }
    #expect(try results(["S\tE\t0.02"]) == ["hyst_bc 0.02"])
    #expect(try results(["S\tX:E\t0.02"]) == ["hyst_bc 0.02"])
    #expect(try results(["S\t\t0.02", "T\tE\t0.03"]) == ["hyst_bc 0.02"])
    #expect(try results(["S\tX\t0.02"]).isEmpty)
    #expect(try results(["S\tE\t0.02", "S\tE\t0.03"]).isEmpty)
    #expect(try results(["S\tE\tnone"]).isEmpty)
  }

  @Test("two tables of measurements and text outside tables are refused")
  func strangeTables() throws {
    let twice = table(after: [">>>>>>>>>>", "tab \tmeasurements", "experiment\tmethod_codes", "E\tLP-HYS"])
    #expect(refusal(twice)?.code == .malformed)
    #expect(refusal(table(after: [">>>>>>>>>>", "something else"]))?.code == .malformed)
  }

  @Test("the loops of a real contribution are read one by one")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("magic/PmagPy_hysteresis_magic_measurements_v3.txt") else {
      return
    }
    let error = refusal(file)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("“IS06a-1:LP-HYS”") == true)
    let loop = try read(file, block: "IS06a-1")
    #expect(loop.count == 283)
    #expect(loop.lines.first == 3)
    #expect(loop.field.amperesPerMetre[0] == 1.196 / magneticConstant)
    #expect(loop.response.si[0] == 62.98)
    #expect(loop.response.si[1] == 62.68)
    #expect(loop.notes.map(\.code) == ["placeholder-value", "block-chosen"])
    #expect(try read(file, block: "IS06a-2:LP-HYS").count == 403)
    #expect(refusal(file, block: "IS06a-1:LP-IRM-DCD")?.code == .notALoop)
  }
}
