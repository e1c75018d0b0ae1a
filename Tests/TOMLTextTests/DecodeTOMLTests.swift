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
}
