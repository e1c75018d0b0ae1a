// SPDX-License-Identifier: GPL-3.0-or-later
import TOMLText
import Testing

struct DecodeTOMLTests {
  struct Table: Decodable {
    struct Row: Decodable {
      let name: String
      let limit_kA_per_m: TOMLNumber?
    }
    let id: String
    let factor: TOMLNumber?
    let strict: Bool?
    let row: [Row]?
  }

  private func error(in text: String) -> TOMLTextError? {
    #expect(throws: TOMLTextError.self) { try decodeTOML(Table.self, from: text) }
  }

  @Test(arguments: [
    ("915", 915.0), ("915.0", 915), ("-0.12", -0.12), ("1e3", 1000), ("0", 0), ("0.6e-2", 0.006),
    ("1_592", 1592), ("9007199254740993", 9007199254740992),
  ])
  func wholeAndBrokenNumbersAreBothNumbers(_ text: String, _ value: Double) throws {
    #expect(try decodeTOML(Table.self, from: "id = 'x'\nfactor = \(text)").factor?.value == value)
  }

  @Test(arguments: ["nan", "inf", "-inf", "+nan", "'1'", "true", "[1]"])
  func whatIsNoFiniteNumberIsRefusedWithItsKey(_ text: String) throws {
    let refused = try #require(error(in: "id = 'x'\nfactor = \(text)"))
    #expect(refused.description.contains("factor"), "\(refused)")
  }

  @Test func absentOptionalKeysAreAbsent() throws {
    let table = try decodeTOML(Table.self, from: "id = \"x\"")
    #expect(table.id == "x")
    #expect(table.factor == nil)
    #expect(table.row == nil)
  }

  @Test func rowsKeepTheirOrder() throws {
    let text = "id = 'x'\n" + (0..<50).map { "[[row]]\nname = 'r\($0)'\nlimit_kA_per_m = \($0)\n" }.joined()
    let table = try decodeTOML(Table.self, from: text)
    #expect(table.row?.map(\.name) == (0..<50).map { "r\($0)" })
    #expect(table.row?.map { $0.limit_kA_per_m?.value } == (0..<50).map { Double($0) })
  }

  @Test func faultsOfSyntaxNameTheirLine() throws {
    let fault = try #require(error(in: "id = 'x'\n\nfactor = = 1\n"))
    #expect(fault.line == 3)
    #expect(fault.description.hasPrefix("line 3: "))
    #expect(try #require(error(in: "id = 'x'\nid = 'y'")).line == 2)
  }

  @Test func unknownKeysAreErrorsAtEveryDepth() throws {
    let top = try #require(error(in: "id = 'x'\nfaktor = 1"))
    #expect(top.key == "faktor")
    let deep = try #require(error(in: "id = 'x'\n[[row]]\nname = 'a'\nlimit_kOe = 12"))
    #expect(deep.description.contains("limit_kOe"), "\(deep)")
  }

  @Test func missingAndMistypedKeysAreNamed() throws {
    let missing = try #require(error(in: "factor = 1"))
    #expect(missing.key?.hasSuffix("id") == true, "\(missing)")
    let mistyped = try #require(error(in: "id = 5"))
    #expect(mistyped.key?.hasSuffix("id") == true, "\(mistyped)")
    let row = try #require(error(in: "id = 'x'\n[[row]]\nname = 'a'\n[[row]]\nlimit_kA_per_m = 2"))
    #expect(row.description.contains("name"), "\(row)")
  }

  @Test(
    "what would stop the parser or take it minutes is refused with its line",
    arguments: [
      ("id = 'x'\n[" + String(repeating: "a.", count: 20_000) + "a]", 2, "parts"),
      ("id = 'x'\n\n" + String(repeating: "a.", count: 32) + "a = 1", 3, "parts"),
      ("id = " + String(repeating: "[", count: 33), 1, "nested"),
      ("id = '''\n''''' \nrow = " + String(repeating: "{a=", count: 33), 3, "nested"),
      ((0..<2001).map { "k\($0) = 1\n" }.joined(), 2001, "keys"),
      ((0..<2001).map { "[k\($0)]\n" }.joined(), 2001, "keys"),
      ("id = 'x'\n[]", 2, "name"), ("\u{FEFF}[[ ]]", 1, "name"),
      ("id = '" + String(repeating: "x", count: 262_144) + "'", nil, "longer"),
    ] as [(String, Int?, String)])
  func limits(_ text: String, _ line: Int?, _ word: String) throws {
    let refused = try #require(error(in: text))
    #expect(refused.line == line)
    #expect(refused.detail.contains(word), "\(refused)")
  }

  @Test func bracketsAndPointsInsideValuesAreNoTables() throws {
    struct Values: Decodable {
      let id: String
      let list: [[TOMLNumber]]
    }
    let text = String(repeating: ".[{=", count: 2100)
    let more = "list = [\n  [1, 2.5],\n  [],\n  [3]\n]\n"
    for mark in ["\"", "'", "\"\"\"", "'''"] {
      let values = try decodeTOML(Values.self, from: "# \(text)\nid = \(mark)\(text)\(mark)\n\(more)")
      #expect(values.id == text)
      #expect(values.list.map { $0.map(\.value) } == [[1, 2.5], [], [3]])
    }
  }
}
