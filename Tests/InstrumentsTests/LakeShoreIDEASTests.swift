// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Lake Shore IDEAS files")
struct LakeShoreIDEASTests {
  private static let golden = [
    GoldenLoop(
      path: "SampleData/LakeShoreIDEAS/ideas-gauss.txt", count: 29,
      rows: [
        .init(index: 0, line: 13, oersted: 18992.5, emu: 0.023099993),
        .init(index: 9, line: 22, oersted: -5436.0714, emu: -0.022078008),
        .init(index: 19, line: 32, oersted: -5436.0714, emu: -0.022721712),
        .init(index: 28, line: 41, oersted: 18992.5, emu: 0.023099982),
      ], model: nil, measured: nil, notes: [], fieldInSI: { $0 * 1e-4 / magneticConstant }),
    GoldenLoop(
      path: "SampleData/LakeShoreIDEAS/ideas-kilooersted.txt", count: 25,
      rows: [
        .init(index: 0, line: 13, oersted: 15.005, emu: 1.6249988),
        .init(index: 8, line: 21, oersted: -4.995, emu: -1.5148407),
        .init(index: 16, line: 29, oersted: -4.995, emu: -1.6125281),
        .init(index: 24, line: 37, oersted: 15.005, emu: 1.6249893),
      ], model: nil, measured: "2023-04-17T09:41:05", notes: [],
      fieldInSI: { $0 * (1e3 * (1000 / (4 * Double.pi))) }),
    GoldenLoop(
      path: "SampleData/LakeShoreIDEAS/ideas-first-quadrant.txt", count: 26,
      rows: [
        .init(index: 0, line: 13, oersted: 18980, emu: 0.018799997),
        .init(index: 8, line: 21, oersted: 12900, emu: 0.018799531),
        .init(index: 17, line: 30, oersted: 6060, emu: 0.018660318),
        .init(index: 25, line: 38, oersted: -20, emu: 0.0048246887),
      ], model: nil, measured: "2025-03-03T08:00:12", notes: []),
  ]

  @Test("samples read as their text says", arguments: golden)
  func goldenRows(_ golden: GoldenLoop) throws {
    let loop = try #require(try golden.expectRead(by: .lakeShoreIDEAS))
    #expect(loop.sample.circuit == Sourced(.open, .assumed))
    #expect(loop.time == nil && loop.temperature == nil)
  }

  @Test("the three times of the first line, the sample and the mass come from the text around the table")
  func header() throws {
    let loop = try #require(try Self.golden[1].expectRead(by: .lakeShoreIDEAS))
    #expect(
      loop.header.prefix(4) == [
        HeaderEntry("Start Time", "17/04/2023 9:41:05"), HeaderEntry("Time Completed", "17/04/2023 10:32:02"),
        HeaderEntry("Elapsed Time", "00:50:57"), HeaderEntry("Sample ID", "Probe 25  upper half"),
      ])
    #expect(loop.header.contains(HeaderEntry("Data File", "C:\\IDEASVSM\\synthetic.txt")))
    #expect(loop.header.last == HeaderEntry("Mass", "0.125 g"))
    #expect(loop.sample.id == Sourced("Probe 25  upper half", .header))
    #expect(loop.sample.mass == Sourced(Quantity(si: 0.125 * 1e-3), .header))
  }

  @Test("a file without rows is claimed and refused")
  func refusal() throws {
    try Refusal("SampleData/LakeShoreIDEAS/ideas-header-only.txt", .truncated, "0 rows").expect(
      by: .lakeShoreIDEAS)
  }

  // MARK: generated text

  private func export(
    start: String = "04-12-2024 14:41:41", columns: String = "Field(G)\t Moment(emu)\t",
    rows: [String]? = nil,
    footer: String = "\n\t\n"
  ) -> SourceFile {
    let some = (0..<12).map { " \(6000 - 1000 * $0) \t 0.\(5000 - 311 * $0) \t" }
    let head =
      "Start Time:  \(start)     Time Completed:  x      Elapsed Time:  00:50:20\nSample ID:     \n\n***DATA***\n\n"
    return textFile(head + ([columns] + (rows ?? some)).joined(separator: "\n") + footer)
  }

  private func read(_ file: SourceFile) throws -> LoopMeasurement {
    try Instrument.lakeShoreIDEAS.readLoop(file, ReadingOptions())
  }

  @Test(
    "a date is read when it has one reading only",
    arguments: [
      ("04-12-2024 14:41:41", nil), ("17-04-2024 14:41:41", "2024-04-17T14:41:41"),
      ("4/17/2024 2:41:41 PM", "2024-04-17T14:41:41"), ("5.5.2024 7:01:02", "2024-05-05T07:01:02"),
      ("17-17-2024 14:41:41", nil), ("17-04-2024 24:41:41", nil), ("17-04-24 14:41:41", nil), ("", nil),
    ])
  func dates(_ text: String, _ iso: String?) throws {
    #expect(try read(export(start: text)).measured == iso)
  }

  @Test("a unit that is missing or unknown is an error that names the column")
  func units() throws {
    let none = #expect(throws: ReadError.self) { try read(export(columns: "Field\t Moment(emu)\t")) }
    #expect(none?.code == .unit && none?.column == "Field")
    let options = ReadingOptions(columnUnits: ["Field": try #require(UnitOfMeasure(word: "G"))])
    let stated = try Instrument.lakeShoreIDEAS.readLoop(export(columns: "Field\t Moment(emu)\t"), options)
    #expect(stated.field == (try read(export())).field)
    let other = #expect(throws: ReadError.self) { try read(export(columns: "Angle(deg)\t Moment(emu)\t")) }
    #expect(other?.code == .missingColumn)
  }

  @Test("cut and broken tables are told from whole ones")
  func broken() throws {
    let whole = (0..<12).map { " \(6000 - 1000 * $0) \t 0.\(5000 - 311 * $0) \t" }
    let cases: [(SourceFile, ReadError.Code, Int?)] = [
      (export(rows: whole + [" -700"], footer: ""), .truncated, 19),
      (export(rows: Array(whole.prefix(7))), .truncated, nil),
      (export(rows: whole + [" -700 \t--3 \t"]), .malformed, 19),
      (export(rows: whole + ["Mass: 3 g", " 1 \t 2 \t"]), .malformed, 20),
      (export(rows: (0..<20).map { " 500.\($0) \t 0.3 \t" }), .notALoop, nil),
      (textFile("Start Time:  a   Time Completed:  b\nSample ID: x\n"), .truncated, 2),
      (textFile("Start Time:  a   Time Completed:  b\n***DATA***\n\n"), .truncated, 3),
      (textFile("Start Time:  a\n"), .malformed, nil),
    ]
    for (file, code, line) in cases {
      let error = #expect(throws: ReadError.self) { try read(file) }
      #expect(error?.code == code && error?.line == line, "\(error.map { "\($0)" } ?? "read")")
    }
    #expect(try read(export(footer: "")).notes.map(\.code) == ["no-final-line-end"])
    let gap = try read(export(rows: whole + [" \t 0.3 \t", "\t\t"]))
    #expect(gap.count == 12)
    #expect(gap.notes.map(\.message) == ["1 row without a moment left out, in line 19"])
    #expect(try read(export(rows: whole + ["Mass: 3"])).notes.map(\.code) == ["header-value-ignored"])
  }

  @Test("a column of temperatures is read, and a unit that the user states instead of the file's is noted")
  func temperatureAndStatedUnit() throws {
    let rows = (0..<12).map { " \(6000 - 1000 * $0) \t 0.\(5000 - 311 * $0) \t 77 \t" }
    let file = export(columns: "Field(G)\t Moment(emu)\t Temperature(K)\t", rows: rows)
    let loop = try read(file)
    #expect(loop.temperature?.si == Array(repeating: 77, count: 12) && loop.notes.isEmpty)
    let options = ReadingOptions(columnUnits: ["Field(G)": try #require(UnitOfMeasure(word: "mT"))])
    let stated = try Instrument.lakeShoreIDEAS.readLoop(file, options)
    #expect(stated.field.amperesPerMetre[0] == 6000 * 1e-3 / magneticConstant)
    #expect(stated.notes.map(\.code) == ["unit-stated"])
  }

  @Test("two columns of one name are an error that names them")
  func twoMoments() throws {
    let rows = (0..<12).map { " \(6000 - 1000 * $0) \t 0.\(5000 - 311 * $0) \t 0.7 \t" }
    let error = #expect(throws: ReadError.self) {
      try read(export(columns: "Field(G)\t Moment(emu)\t Moment(memu)\t", rows: rows))
    }
    #expect(error?.detail.contains("“Moment(emu)” and “Moment(memu)”") == true)
  }

  @Test("a mass of 1 is what nobody changed", arguments: ["1 g", "1.00000 mg", "0 g", "N/A"])
  func placeholderMass(_ text: String) throws {
    let loop = try read(export(footer: "\nMass: \(text)\n"))
    #expect(loop.sample.mass == nil && loop.notes.map(\.code) == ["placeholder-value"])
  }
}
