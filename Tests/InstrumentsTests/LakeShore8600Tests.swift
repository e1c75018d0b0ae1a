// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Lake Shore 8600 files")
struct LakeShore8600Tests {
  private static let twoSteps = "SampleData/LakeShore8600/8600-two-steps.csv"
  private static let golden = [
    GoldenLoop(
      path: "lakeshore_8600/BRimmler_8600_sw1.2_hysteresis_cgs.csv", count: 802,
      rows: [
        .init(index: 0, line: 45, time: 0, oersted: 20000.20798, emu: -7.81e-05),
        .init(index: 30, line: 75, time: 61.2, oersted: 17000.28038, emu: -6.07e-05),
        .init(index: 801, line: 847, time: 1605.47, oersted: 20000.09822, emu: -7.86e-05),
      ], model: "Lake Shore 8600, software 1.2", measured: "2021-08-11T10:22:19",
      notes: ["few-digits", "placeholder-value"]),
    GoldenLoop(
      path: "SampleData/LakeShore8600/8600-initial-curve.csv", count: 41,
      rows: [
        .init(index: 0, line: 25, time: 0, oersted: 0, emu: 0),
        .init(index: 13, line: 38, time: 26.65, oersted: 7511.25, emu: 7.172177215e-02),
        .init(index: 27, line: 52, time: 55.35, oersted: -12488.75, emu: -7.208322863e-02),
        .init(index: 40, line: 65, time: 82, oersted: 20011.25, emu: 7.209951739e-02),
      ], model: "Lake Shore 8600, software 1.3", measured: "2021-08-11T10:22:19", notes: ["flagged-rows"]),
    GoldenLoop(
      path: "SampleData/LakeShore8600/8600-resaved.csv", count: 27,
      rows: [
        .init(index: 0, line: 25, time: 0, oersted: 1.854, emu: 6.40e-05),
        .init(index: 9, line: 34, time: 18.45, oersted: -0.70754, emu: -5.42e-05),
        .init(index: 18, line: 43, time: 36.9, oersted: -0.42292, emu: -5.77e-05),
        .init(index: 26, line: 51, time: 53.3, oersted: 1.854, emu: 6.40e-05),
      ], model: "Lake Shore 8600, software 1.2", measured: "2024-03-17T00:07:09",
      notes: ["few-digits", "placeholder-value"],
      fieldInSI: { $0 / magneticConstant }, momentInSI: { $0 }),
  ]
  private static let steps = [
    GoldenLoop(
      path: twoSteps, count: 25,
      rows: [
        .init(index: 0, line: 25, time: 0, oersted: 12005.5, emu: 3.099984597e-02),
        .init(index: 8, line: 33, time: 16.4, oersted: -3994.5, emu: -2.831324888e-02),
        .init(index: 16, line: 41, time: 32.8, oersted: -3994.5, emu: -3.043812141e-02),
        .init(index: 24, line: 49, time: 49.2, oersted: 12005.5, emu: 3.099923710e-02),
      ], model: "Lake Shore 8600, software 1.3", measured: "2021-08-11T10:22:19", notes: ["placeholder-value"]
    ),
    GoldenLoop(
      path: twoSteps, count: 23,
      rows: [
        .init(index: 0, line: 58, time: 0, oersted: 7996.5, emu: 2.899476167e-02),
        .init(index: 7, line: 65, time: 14.35, oersted: -2185.31818, emu: -1.757810163e-02),
        .init(index: 15, line: 73, time: 30.75, oersted: -2185.31818, emu: -2.620852023e-02),
        .init(index: 22, line: 80, time: 45.1, oersted: 7996.5, emu: 2.897460373e-02),
      ], model: "Lake Shore 8600, software 1.3", measured: "2021-08-11T11:02:00", notes: ["placeholder-value"]
    ),
  ]

  @Test("files read as their text says", arguments: golden)
  func goldenRows(_ golden: GoldenLoop) throws {
    guard let loop = try golden.expectRead(by: .lakeShore8600) else { return }
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.header.first == HeaderEntry("#", "RUN ON SOFTWARE VERSION:"))
  }

  @Test("a step of several is read by its number, and without one the numbers are listed")
  func severalSteps() throws {
    for (step, golden) in zip(["1", "2"], Self.steps) {
      _ = try golden.expectRead(by: .lakeShore8600, ReadingOptions(block: step))
    }
    let file = try #require(try Self.steps[0].file())
    #expect(Instrument.lakeShore8600.recognize(file).recognition == .certain)
    for (block, words) in [
      (nil, "choose one of 1, 2 with --block"), ("3", "“3”; the steps with rows are 1, 2"),
    ] {
      let error = #expect(throws: ReadError.self) {
        try Instrument.lakeShore8600.readLoop(file, ReadingOptions(block: block))
      }
      #expect(error?.code == .block)
      #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }
  }

  // The reference values were computed by linear interpolation between neighbouring points, with 6 digits.
  @Test("coercivity and remanence of the real file are those that were computed from its text")
  func referenceValues() throws {
    guard let loop = try Self.golden[0].expectRead(by: .lakeShore8600) else { return }
    let oersted = 1000 / (4 * Double.pi)
    let (field, moment) = (loop.field.amperesPerMetre.map { $0 / oersted }, loop.response.si.map { $0 * 1e3 })
    func crossings(_ values: [Double], of others: [Double]) -> [Double] {
      values.indices.dropLast().filter { values[$0] * values[$0 + 1] < 0 }.map { row in
        let part = values[row] / (values[row] - values[row + 1])
        return others[row] + part * (others[row + 1] - others[row])
      }
    }
    let zeros = crossings(moment, of: field).filter { abs($0) < 1000 }
    #expect(zeros.count == 2 && abs(zeros[0] + 137.606) < 1e-3 && abs(zeros[1] - 137.548) < 1e-3, "\(zeros)")
    let remanences = crossings(field, of: moment)
    #expect(
      remanences.count == 2 && abs(remanences[0] - 3.46642e-5) < 1e-10
        && abs(remanences[1] + 3.51785e-5) < 1e-10,
      "\(remanences)")
  }

  @Test("sample, flags and digits come with what is known of them")
  func headerAndNotes() throws {
    let curve = try #require(try Self.golden[1].expectRead(by: .lakeShore8600))
    #expect(curve.sample.id == Sourced("Probe 21", .header))
    #expect(curve.sample.volume?.value == Quantity(si: 4 * 1e-9))
    #expect(curve.sample.mass?.value == Quantity(si: 0.0301 * 1e-3))
    #expect(curve.header.contains(HeaderEntry("Area", "1.00000 cm²")))
    #expect(
      curve.notes.map(\.message) == [
        "2 rows with the status “OVERRANGE” kept, the first in line 34",
        "1 row with the status “UNSTABLE” kept, in line 55",
      ])
    let resaved = try #require(try Self.golden[2].expectRead(by: .lakeShore8600))
    #expect(resaved.sample.id == nil && resaved.sample.volume == nil && resaved.sample.mass == nil)
    #expect(resaved.header.contains(HeaderEntry("Demagnetization factor", "0.33000 in SI µ0H")))
    #expect(resaved.notes.first?.message.contains("no moment has more than 3 digits") == true)
  }

  @Test(
    "FORC is claimed and refused, and so are several steps without a choice",
    arguments: [
      Refusal("SampleData/LakeShore8600/8600-forc.csv", .notALoop, "first-order reversal curves"),
      Refusal(twoSteps, .block, "--block"),
    ])
  func refusals(_ refusal: Refusal) throws {
    try refusal.expect(by: .lakeShore8600)
  }

  // MARK: generated text

  private func export(
    title: String = "HYSTERESIS MEASUREMENT",
    columns: String =
      "Step,Iteration,Segment,Field [Oe],Moment (m) [emu],Time Stamp [s],Field Status,Moment (m) Status",
    rows: [String]? = nil, ending: String = "\n"
  ) -> SourceFile {
    let some = (0..<12).map { "1,0,0,\(6000 - 1000 * $0),0.\(5000 - 311 * $0),\($0),GOOD,GOOD" }
    let head = [
      "#RUN ON SOFTWARE VERSION:", "1.3", "#SAMPLE SETTINGS", "Mass: 0.5 m", "#\(title)", "#DATA: 1",
    ]
    let lines = head + ["##DATA TABLE Moment (m) [emu] vs Field [Oe]", columns] + (rows ?? some)
    return textFile(lines.joined(separator: "\n") + ending)
  }

  private func fault(_ file: SourceFile) -> ReadError? {
    #expect(throws: ReadError.self) { try Instrument.lakeShore8600.readLoop(file, ReadingOptions()) }
  }

  @Test(
    "measurements that are no loops are refused by their titles",
    arguments: [
      "FORC MEASUREMENT", "DCD MEASUREMENT", "IRM MEASUREMENT", "MOMENT VS TEMPERATURE MEASUREMENT",
    ])
  func otherMeasurements(_ title: String) throws {
    let error = fault(export(title: title))
    #expect(error?.code == .notALoop)
    #expect(error?.detail.contains(title) == true)
  }

  @Test("units in brackets are read, stated ones too, and unknown ones are errors")
  func units() throws {
    let milli = try Instrument.lakeShore8600.readLoop(
      export(columns: "Step,Iteration,Segment,Field (µ0H) [mT],Moment (m) [A?m?],Time Stamp [s],A,B"),
      ReadingOptions())
    #expect(milli.field.amperesPerMetre[0] == 6000 * 1e-3 / magneticConstant)
    #expect(milli.response.si[0] == 0.5)
    let unknown = fault(
      export(columns: "Step,Iteration,Segment,Field [x],Moment (m) [emu],Time Stamp [s],A,B"))
    #expect(unknown?.code == .unit && unknown?.column == "Field [x]")
    let options = ReadingOptions(columnUnits: ["Field [x]": try #require(UnitOfMeasure(word: "kOe"))])
    let stated = try Instrument.lakeShore8600.readLoop(
      export(columns: "Step,Iteration,Segment,Field [x],Moment (m) [emu],Time Stamp [s],A,B"), options)
    #expect(stated.field.amperesPerMetre[11] == -5000 * (1e3 * (1000 / (4 * Double.pi))))
    for columns in [
      "Step,Iteration,Segment,Moment (m) [emu]", "Step,Field [Oe],Field Status,Moment (m) Status",
    ] {
      #expect(fault(export(columns: columns))?.code == .missingColumn)
    }
  }

  @Test("cut, empty and broken tables are told from whole ones")
  func broken() throws {
    let whole = (0..<12).map { "1,0,0,\(6000 - 1000 * $0),0.\(5000 - 311 * $0),\($0),GOOD,GOOD" }
    #expect(
      try Instrument.lakeShore8600.readLoop(export(ending: ""), ReadingOptions()).notes.map(\.code)
        == ["no-final-line-end", "header-value-ignored"])
    let cut = fault(export(rows: whole + ["1,0,0,-6000,0.1"], ending: ""))
    #expect(cut?.code == .truncated && cut?.line == 21)
    #expect(fault(export(rows: []))?.code == .truncated)
    #expect(fault(export(rows: Array(whole.prefix(7))))?.code == .truncated)
    #expect(fault(textFile("#RUN ON SOFTWARE VERSION:\n1.3\n"))?.code == .truncated)
    #expect(fault(textFile("1.3\n"))?.code == .malformed)
    #expect(fault(export(rows: whole + ["1,0,0,x,0.1,3,GOOD,GOOD"]))?.line == 21)
    #expect(fault(export(rows: (0..<20).map { "1,0,0,500.\($0),0.1,3,GOOD,GOOD" }))?.code == .notALoop)
    let gap = try Instrument.lakeShore8600.readLoop(
      export(rows: whole + ["1,0,0,,0.1,3,GOOD,GOOD", "", ",,,,,,,", "1,0,0,1,NaN,3,BAD,BAD"]),
      ReadingOptions())
    #expect(gap.count == 12)
    #expect(gap.notes.first?.message == "2 rows without a moment left out, the first in line 21")
  }

  @Test("of very many status words twenty are told apart")
  func manyWords() throws {
    let rows = (0..<40).map { "1,0,0,\(6000 - 300 * $0),0.4321,\($0),GOOD,W\($0)" }
    let notes = try Instrument.lakeShore8600.readLoop(export(rows: rows), ReadingOptions()).notes
    let flags = notes.filter { $0.code == "flagged-rows" }
    #expect(flags.count == 21)
    #expect(flags.last?.message == "20 rows with other status words kept, the first in line 29")
  }

  @Test("columns are found by their whole names, and the temperature is read")
  func columnNames() throws {
    let rows = (0..<12).map { "1,\(9000 - $0),\(6000 - 1000 * $0),27,0.7,0.\(5000 - 311 * $0),\($0)" }
    func columns(_ field: String = "Field setpoint [Oe]", _ moment: String = "Moment X [emu]") -> String {
      "Step,\(field),Field [Oe],Temperature [°C],\(moment),Moment (m) [emu],Time Stamp [s]"
    }
    for moment in ["Moment X [emu]", "Moment [emu]", "Moment (x) [emu]"] {
      let loop = try Instrument.lakeShore8600.readLoop(
        export(columns: columns("Field (µ0H) [T]", moment), rows: rows), ReadingOptions())
      #expect(loop.field.amperesPerMetre[11] == -5000 * (1000 / (4 * Double.pi)))
      #expect(loop.response.si[0] == 0.5 * 1e-3)
      #expect(loop.temperature?.si == Array(repeating: 27 + 273.15, count: 12))
    }
    let twice = fault(export(columns: columns("Field [Oe]"), rows: rows))
    #expect(twice?.code == .malformed)
    let others = fault(
      export(
        columns: "Step,A,Field (H) [Oe],B,Moment (x) [emu],Moment (y) [emu],Time Stamp [s]", rows: rows))
    #expect(others?.detail.contains("“Moment (x) [emu]” and “Moment (y) [emu]”") == true)
    let none = fault(
      export(columns: "Step,Field setpoint [Oe],A,B,Moment (m) [emu],C,Time Stamp [s]", rows: rows))
    #expect(none?.code == .missingColumn)
  }

  @Test("a decimal comma between commas and a table between semicolons are refused")
  func otherMarks() throws {
    let rows = (0..<12).map { "1,0,0,\(6000 - 1000 * $0),0000,0,\(5000 - 311 * $0),\($0),GOOD,GOOD" }
    let comma = fault(export(rows: rows))
    #expect(comma?.code == .malformed && comma?.line == 9)
    #expect(comma?.detail.contains("decimal comma") == true)
    let semicolons = fault(export(columns: "Step;Field [Oe];Moment (m) [emu]", rows: ["1;2,5;3"]))
    #expect(semicolons?.detail.contains("between semicolons") == true)
  }
}
