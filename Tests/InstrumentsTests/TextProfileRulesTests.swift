// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

/// A profile with lines put in place of others.
private func text(_ changes: [(String, String)] = [], more: String = "") -> String {
  let plain = """
    id = "bench"
    title = "Bench"
    encoding = "utf-8"
    delimiter = "semicolon"
    decimal_mark = "point"
    table_begins_after = "H;J"
    circuit = "closed"

    [[column]]
    position = 1
    role = "H"
    unit = "kA/m"

    [[column]]
    position = 2
    role = "J"
    unit = "T"

    """
  return changes.reduce(plain) { $0.replacing($1.0, with: $1.1) } + more
}

private func read(
  _ profile: String, _ file: String, _ options: ReadingOptions = ReadingOptions()
) throws -> LoopMeasurement {
  try TextProfile(text: profile).instrument.readLoop(textFile(file), options)
}

private let rows = (0..<10).map { "\($0 - 4);\(Double($0) / 8)" }
private let table = rows.joined(separator: "\n") + "\n"

@Suite("Text profiles: rules")
struct TextProfileRulesTests {
  @Test(
    "a profile that cannot be used is refused with the line and what is wrong",
    arguments: [
      ("unit = \"T\"", "untis = \"T\"", 17, "not a key"),
      ("unit = \"T\"", "", 14, "has no unit"),
      ("unit = \"T\"", "unit = \"?\"", 17, "only you know it"),
      ("unit = \"T\"", "unit = \"Oe\"", 17, "is not a unit of column"),
      ("circuit = \"closed\"", "circuit = \"?\"", 7, "only you know it"),
      ("circuit = \"closed\"", "", nil, "circuit"),
      ("id = \"bench\"", "id = \"My Bench\"", 1, "lower-case"),
      ("title = \"Bench\"", "title = ", 2, "value"),
      ("encoding = \"utf-8\"", "encoding = \"utf-7\"", 3, "windows-1252"),
      ("\"semicolon\"", "\"7\"", 4, "is not tab"),
      (
        "\"semicolon\"\ndecimal_mark = \"point\"", "\"comma\"\ndecimal_mark = \"comma\"", 5,
        "cannot be the decimal mark"
      ),
      ("decimal_mark = \"point\"", "decimal_mark = \"dot\"", 5, "point, comma"),
      ("table_begins_after = \"H;J\"", "table_begins_after = '/H(/'", 6, "not closed"),
      ("table_begins_after = \"H;J\"", "table_begins_after = 0", 6, "number of a line"),
      ("table_begins_after = \"H;J\"", "table_begins_after = true", 6, "text"),
      ("table_begins_after = \"H;J\"", "skip_lines = 1.5", 6, "not a count"),
      ("position = 2", "position = 0", 15, "the first column is 1"),
      ("position = 2", "position = 1", 14, "described twice"),
      ("position = 2", "name = \"J\"\nposition = 2", 14, "either a position"),
      ("role = \"J\"", "role = \"H\"", 16, "two columns have the role H internal"),
      ("role = \"J\"", "role = \"ignored\"", nil, "no column has one of the roles J, B and M"),
      ("role = \"J\"", "role = \"J\"\nsign = -2", 17, "1 or -1"),
      ("role = \"J\"", "role = \"J\"\nfield = \"internal\"", 17, "role H"),
    ] as [(String, String, Int?, String)])
  func faultsHaveALine(_ old: String, _ new: String, _ line: Int?, _ word: String) {
    let error = #expect(throws: TextProfileError.self) { try TextProfile(text: text([(old, new)])) }
    #expect(error?.detail.contains(word) == true, "\(error?.description ?? "")")
    #expect(error?.line == line, "\(error?.description ?? "")")
  }

  @Test func positionsSignsAndMagnitudes() throws {
    let plain = try read(text(), "anything\nH;J\n" + table)
    #expect(plain.field.amperesPerMetre == (0..<10).map { Double($0 - 4) * 1e3 })
    #expect(plain.response.si == (0..<10).map { Double($0) / 8 })
    #expect(plain.lines == Array(3...12))
    #expect(plain.header == [HeaderEntry("#", "anything"), HeaderEntry("#", "H;J")])
    guard case .internal = plain.field else {
      Issue.record("a closed circuit gives the internal field")
      return
    }
    let turned = try read(text([("position = 2", "position = 2\nsign = -1")]), "H;J\n" + table)
    #expect(turned.response.si == (0..<10).map { -Double($0) / 8 })
    let positive = "second_quadrant_field = \"positive\"\ncircuit"
    let magnitude = try read(text([("circuit", positive)]), "H;J\n" + table.replacing("-", with: ""))
    let expected: [Double] = [-4000, -3000, -2000, -1000, 0, -1000, -2000, -3000, -4000, -5000]
    #expect(magnitude.field.amperesPerMetre == expected)
    let signed = #expect(throws: ReadError.self) {
      try read(text([("circuit", positive)]), "H;J\n" + table)
    }
    #expect(signed?.detail.contains("both signs") == true)
    let both = text([("circuit", positive), ("position = 1", "position = 1\nsign = -1")])
    let twice = #expect(throws: TextProfileError.self) { try TextProfile(text: both) }
    #expect(twice?.detail.contains("turns the field already") == true)
  }

  @Test func rowsOfMoreCellsAreRefused() throws {
    let commas = text([("\"semicolon\"", "\"comma\""), ("H;J", "H,J")])
    let body = table.replacing(";", with: ",")
    #expect(try read(commas, "H,J\n" + body).count == 10)
    let error = #expect(throws: ReadError.self) { try read(commas, "H,J\n" + body + "6,1,375\n") }
    #expect(error?.line == 12)
    #expect(error?.detail.contains("decimal comma") == true)
  }

  @Test func aRowOfNumbersCanEndTheTable() throws {
    let profile = text([("circuit", "table_ends_before = \"-999\"\ncircuit")])
    #expect(try read(profile, "H;J\n" + table + "-999;-999\n").count == 10)
  }

  @Test func bothFieldsAreKept() throws {
    let profile =
      text([("position = 1", "position = 1\nfield = \"applied\"")])
      + "[[column]]\nposition = 3\nrole = \"H\"\nfield = \"internal\"\nunit = \"Oe\"\n"
    let loop = try read(profile, "H;J\n" + rows.enumerated().map { "\($1);\($0)\n" }.joined())
    guard case .applied = loop.field, case .internal(let inner) = loop.processed?.field else {
      Issue.record("not both fields")
      return
    }
    #expect(inner.si == (0..<10).map { Double($0) * (1000 / (4 * Double.pi)) })
  }

  @Test(
    "the table ends where the profile says, and what follows belongs to the header",
    arguments: [
      ("\"End\"", "\nEnd of data\nlast: 7\n"), ("'/^Br\\s*=/'", "\nBr = 1.2\nlast: 7\n"),
      ("\"\"", "\n\n1;2\nlast: 7\n"), ("12", "5;6\nlast: 7\n"),
    ])
  func theEndOfTheTable(_ mark: String, _ tail: String) throws {
    let profile = text([("circuit", "table_ends_before = \(mark)\ncircuit")])
    let loop = try read(profile, "H;J\n" + table + tail)
    #expect(loop.count == 10)
    #expect(loop.header.last == HeaderEntry("last", "7"))
    // Without a mark the same line is a fault.
    guard tail.hasPrefix("\n\n") == false, mark != "12" else { return }
    let error = #expect(throws: ReadError.self) { try read(text(), "H;J\n" + table + tail) }
    #expect(error?.code == .malformed)
    #expect(error?.detail.contains("table_ends_before") == true)
    #expect(error?.line == 13)
  }

  @Test(
    "the table begins after a text, an expression, a line's number, skipped lines or nothing",
    arguments: [
      ("\"H;J\"", 0, "x\nH;J;;\n"), ("'/^h.?j$/'", 0, "x\n\nhj\n"), ("3", 0, "1;2\n2;3\n3;4\n"),
      ("\"[Data]\"", 2, "[Data]\n\nH;J\n"),
    ])
  func theStartOfTheTable(_ mark: String, _ skipped: Int, _ head: String) throws {
    let profile = text([("\"H;J\"", "\(mark)\nskip_lines = \(skipped)")])
    #expect(try read(profile, head + table).response.si.first == 0)
    #expect(try read(profile, head + table).count == 10)
    #expect(TextProfileRulesTests.claim(profile, head + table) == .plausible)
    #expect(TextProfileRulesTests.claim(profile, head) == .no)
    let bare = text([("table_begins_after = \"H;J\"", "")])
    #expect(try read(bare, "\n" + table).count == 10)
  }

  static func claim(_ profile: String, _ file: String) -> Recognition? {
    try? TextProfile(text: profile).instrument.recognize(textFile(file)).recognition
  }

  @Test func aSignatureMakesSureAndIsRequired() throws {
    let profile = text([("circuit", "signature = \"BENCH 3\"\ncircuit")])
    #expect(Self.claim(profile, "BENCH 3.1\nH;J\n" + table) == .certain)
    #expect(Self.claim(profile, "H;J\n" + table) == .no)
    #expect(try read(profile, "BENCH 3.1\nH;J\n" + table).count == 10)
    let error = #expect(throws: ReadError.self) { try read(profile, "H;J\n" + table) }
    #expect(error?.code == .unknownFormat)
  }

  private static let good = "H;J\n" + table
  private static let late = String(repeating: "x\n", count: 50_000) + good

  @Test(
    "what a file says against the profile is refused",
    arguments: [
      (good.replacing("0;0.5", with: "0;;"), ReadError.Code.malformed, "cell 2 is empty"),
      (good.replacing("0;0.5", with: "0;0,5"), .malformed, "decimal point"),
      (good.replacing("0;0.5", with: "0;1e999"), .malformed, "is not a number"),
      (String(good.dropLast(6)), .truncated, "middle of this row"),
      (String(good.prefix(58)), .truncated, "7 rows"),
      ("no table\n", .truncated, "begins with “H;J”"), ("", .empty, "empty"),
      (late, .truncated, "begins with “H;J”"),
    ] as [(String, ReadError.Code, String)])
  func filesThatDoNotFit(_ file: String, _ code: ReadError.Code, _ word: String) {
    let error = #expect(throws: ReadError.self) { try read(text(), file) }
    #expect(error?.code == code)
    #expect(error?.detail.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test func namesAndTheirUnitsAreChecked() throws {
    let named = text([("position = 1", "name = \"H\""), ("position = 2", "name = \"J\""), ("H;J", "Nr")])
    let wide = rows.enumerated().map { "\($0);\($1)\n" }.joined()
    #expect(try read(named, "Nr;H [kA/m];J\n" + wide).response.si.last == 9.0 / 8)
    let missing = #expect(throws: ReadError.self) { try read(named, "Nr;H;M\n" + wide) }
    #expect(missing?.code == .missingColumn)
    #expect(missing?.column == "J")
    let skipping = named.replacing("circuit =", with: "skip_lines = 1\ncircuit =")
    for (profile, head) in [(named, "Nr;H (kOe);J\n"), (skipping, "Nr;H;J\n;kA/m;mT\n")] {
      let error = #expect(throws: ReadError.self) { try read(profile, head + wide) }
      #expect(error?.code == .unit)
      #expect(error?.detail.contains("where the profile says") == true)
    }
    // A column that is left out need not be there.
    let spare = named + "[[column]]\nname = \"K\"\nrole = \"ignored\"\n"
    #expect(try read(spare, "Nr;H;J\n" + wide).count == 10)
    #expect(Self.claim(spare, "Nr;H;J\n" + wide) == .plausible)
    // T is the name of a temperature here.
    let warm = named.replacing(
      "\"J\"\nunit = \"T\"",
      with: "\"J\"\nunit = \"T\"\n[[column]]\nname = \"T\"\nrole = \"temperature\"\nunit = \"C\"")
    let warmRows = rows.enumerated().map { "\($0);\($1);\(20 + $0)\n" }.joined()
    #expect(try read(warm, "Nr;H;J;T\n" + warmRows).temperature?.si.first == 293.15)
    let cold = try read(warm, "Nr;H;J;T\n" + warmRows.replacing(";25\n", with: ";-273.15\n"))
    #expect(cold.temperature == nil)
    #expect(cold.notes.map(\.code) == ["temperature-not-physical"])
  }

  @Test func unitsAreStatedInTheProfileOnly() throws {
    let unit = try #require(UnitOfMeasure(word: "kOe"))
    let error = #expect(throws: ReadError.self) {
      try read(text(), "H;J\n" + table, ReadingOptions(columnUnits: ["H": unit]))
    }
    #expect(error?.code == .unit)
  }

  @Test("a mark between thousands is stated, and is never taken for the decimal one")
  func marksOfThousands() throws {
    let grouped = (0..<10).map { "-1,50\($0),250.5;0.5" }
    let file = "H;J\n" + grouped.joined(separator: "\n") + "\n"
    let error = #expect(throws: ReadError.self) { try read(text(), file) }
    #expect(error?.line == 2)
    #expect(error?.detail.contains("thousands_mark = \"comma\"") == true, "\(error?.detail ?? "")")
    let stated = text([("circuit", "thousands_mark = \"comma\"\ncircuit")])
    let loop = try read(stated, file)
    let kiloamperes = (0..<10).map { -1_500_250.5 - 1000 * Double($0) }
    #expect(loop.field.amperesPerMetre == kiloamperes.map { $0 * 1e3 })
    let german = text([("\"point\"", "\"comma\""), ("circuit", "thousands_mark = \"point\"\ncircuit")])
    let swapped = file.map { $0 == "," ? "." : $0 == "." ? "," : $0 }
    #expect(try read(german, String(swapped)).field == loop.field)
    // What is no such mark stays a fault.
    for cell in ["1,23", "0,123", "1234,567", "12,3456", "1,234,56", "1.234,567"] {
      #expect(throws: ReadError.self) { try read(stated, "H;J\n\(cell);1\n" + table) }
    }
    for (mark, place) in [("point", 7), ("blank", 7)] {
      let profile = text([("circuit", "thousands_mark = \"\(mark)\"\ncircuit")])
      let fault = #expect(throws: TextProfileError.self) { try TextProfile(text: profile) }
      #expect(fault?.line == place)
    }
  }

  @Test(
    "a result of a header that may be a thousand times larger is left out",
    arguments: [
      ("comma", "", "([0-9.,]+)", "1.289", nil), ("comma", "", "([0-9.,]+)", "1.289,5", nil),
      ("comma", "", "([0-9.,]+)", "1,289", 1.289), ("comma", "", "([0-9.,]+)", "0.289", 0.289),
      ("comma", "point", "([0-9.,]+)", "1.289,5", 1289.5), ("comma", "", "([0-9]+)", "1.289", nil),
      ("point", "", "([0-9.,]+)", "1,289", nil), ("point", "", "([0-9.]+)", "1,289.5", nil),
      ("point", "comma", "([0-9.,]+)", "1,289", 1289), ("point", "", "([0-9.]+)", "1289, 300", 1289),
    ] as [(String, String, String, String, Double?)])
  func doubtfulResults(
    _ mark: String, _ thousands: String, _ pattern: String, _ printed: String, _ value: Double?
  ) throws {
    let more = "[[header]]\nvalue = \"HcJ\"\npattern = 'HcJ = \(pattern)'\nunit = \"kA/m\"\n"
    let stated = thousands.isEmpty ? "" : "\nthousands_mark = \"\(thousands)\""
    let profile = text([("\"point\"", "\"\(mark)\"\(stated)")], more: more)
    let body = mark == "comma" ? table.replacing(".", with: ",") : table
    let loop = try read(profile, "HcJ = \(printed) kA/m\nH;J\n" + body)
    let expected: [Double] = value.map { [$0 * 1e3] } ?? []
    #expect(loop.instrumentResults.map(\.si) == expected)
    let codes: [String] = value == nil ? ["header-value-ignored"] : []
    #expect(loop.notes.map(\.code) == codes)
  }

  @Test func twoTablesAreNotJoined() throws {
    for between in ["\n", ";;\n", "\n\n"] {
      let error = #expect(throws: ReadError.self) { try read(text(), "H;J\n" + table + between + table) }
      #expect(error?.line == 12 + between.count { $0 == "\n" })
      #expect(error?.detail.contains("a second table begins here, behind the empty line 12") == true)
      #expect(error?.detail.contains("table_ends_before = \"\"") == true)
    }
    let file = "H;J\n" + table + "\n" + table
    #expect(try read(text([("circuit", "table_ends_before = \"\"\ncircuit")]), file).count == 10)
    #expect(try read(text([("circuit", "empty_lines = \"inside\"\ncircuit")]), file).count == 20)
    // Empty lines between all rows, as after a change of line ends, and at the end part nothing.
    let spaced = table.replacing("\n", with: "\n\n")
    #expect(try read(text(), "H;J\n" + spaced + "\n").count == 10)
  }

  @Test func anUnsignedDemagnetisingFieldIsAsked() throws {
    let quadrant = "H;J\n" + (0..<12).map { "\($0 * 50);\(Double(20 - $0) / 16)\n" }.joined()
    let error = #expect(throws: ReadError.self) { try read(text(), quadrant) }
    #expect(error?.detail.contains("second_quadrant_field = \"positive\"") == true)
    for (word, sign) in [("positive", -1.0), ("negative", 1.0)] {
      let stated = text([("circuit", "second_quadrant_field = \"\(word)\"\ncircuit")])
      #expect(try read(stated, quadrant).field.amperesPerMetre.last == sign * 550e3)
    }
    // An initial curve and the way back from saturation have a field without a sign as well.
    let initial = "H;J\n" + (0..<12).map { "\($0 * 50);\(Double($0) / 16)\n" }.joined()
    #expect(try read(text(), initial).count == 12)
    let back = "H;J\n" + (0..<12).map { "\(550 - $0 * 50);\(1.3 - Double($0) / 160)\n" }.joined()
    #expect(try read(text(), back).count == 12)
  }

  @Test func aMeasurementAgainstTemperatureIsNoLoop() throws {
    let profile = text() + "[[column]]\nposition = 3\nrole = \"temperature\"\nunit = \"K\"\n"
    func file(_ step: Int) -> String {
      "H;J\n" + (0..<20).map { "80.\($0 % 3);\(1 / Double($0 + 1));\(300 + $0 * step)\n" }.joined()
    }
    let error = #expect(throws: ReadError.self) { try read(profile, file(5)) }
    #expect(error?.code == .notALoop)
    // Held at one temperature it may be the record of a blank.
    let blank = profile.replacing("circuit =", with: "second_quadrant_field = \"negative\"\ncircuit =")
    #expect(try read(blank, file(0)).count == 20)
  }

  @Test func reversalCurvesAreNoLoop() {
    let curves = (0..<19).flatMap { curve in
      stride(from: 450 - 50 * curve, through: 500, by: 50).map { "\($0);\(Double($0) / 1e3 + 1)\n" }
    }
    let error = #expect(throws: ReadError.self) { try read(text(), "H;J\n500;1.5\n" + curves.joined()) }
    #expect(error?.code == .notALoop)
    #expect(error?.detail.contains("first-order reversal curves") == true, "\(error?.detail ?? "")")
  }

  @Test func fluxDensityIsCheckedAgainstPolarisation() throws {
    let profile = text() + "[[column]]\nposition = 3\nrole = \"B\"\nunit = \"T\"\n"
    func file(_ factor: Double) -> String {
      "H;J\n"
        + (0..<10).map { row in
          let (field, polarisation) = (Double(row * 40 - 300), 1.2 - Double(row) / 50)
          return "\(field);\(polarisation);\(polarisation + factor * magneticConstant * 1e3 * field)\n"
        }.joined()
    }
    let loop = try read(profile, file(1))
    guard case .polarisation = loop.response else {
      Issue.record("not the polarisation")
      return
    }
    let error = #expect(throws: ReadError.self) { try read(profile, file(-1)) }
    #expect(error?.code == .malformed)
    #expect(error?.line == 2)
  }

  @Test func commentsBlanksAndOtherDelimiters() throws {
    let bars = text([
      ("\"semicolon\"", "\"|\""), ("H;J", "H"), ("circuit", "comment_marks = [\"//\"]\ncircuit"),
    ])
    let body = table.replacing(";", with: " | ").replacing("0 | 0.5", with: "// 1 | 2\n||||\n0 | 0.5|")
    #expect(try read(bars, "H|J\n" + body).count == 10)
    let blanks = text([("\"semicolon\"", "\"blanks\""), ("H;J", "H")])
    let loop = try read(
      blanks, "H J\n" + table.replacing(";", with: " \t  ").replacing("\n", with: " \t\n  "))
    #expect(loop.response.si == (0..<10).map { Double($0) / 8 })
    let comma = text([("\"point\"", "\"comma\"")])
    #expect(try read(comma, "H;J\n" + table.replacing(".", with: ",")).response.si.last == 9.0 / 8)
  }
}
