// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import TestSupport
internal import Testing

@Suite("What a table is not read as")
struct TableRefusalTests {
  private func read(_ header: String, _ rows: [String]) throws -> LoopMeasurement {
    try Instrument.table.readLoop(
      textFile(([header] + rows).joined(separator: "\n") + "\n"), ReadingOptions())
  }

  private func refusal(_ header: String, _ rows: [String]) -> ReadError? {
    #expect(throws: ReadError.self) { try read(header, rows) }
  }

  // -100 000 to 100 000 in steps of 8000 with a separator in every number of four digits and more.
  private func groupedRows(_ separator: String, _ between: String = ";") -> [String] {
    (0...25).map { row in
      let field = -100_000 + 8000 * row + (row == 12 ? 4000 : 0)
      func grouped(_ number: Int) -> String {
        let (thousands, rest) = (abs(number) / 1000, abs(number) % 1000)
        guard thousands > 0 else { return "\(number)" }
        return "\(number < 0 ? "-" : "")\(thousands)\(separator)\(String(rest + 1000).dropFirst())"
      }
      return grouped(field) + between + grouped(field / 2)
    }
  }

  @Test(
    "a mark before three digits everywhere parts thousands when other numbers have none",
    arguments: [",", "."])
  func groupedNumbers(_ separator: String) {
    let error = refusal("H (A/m);M (A/m)", groupedRows(separator))
    #expect(error?.code == .malformed)
    #expect(error?.line == 2)
    #expect(error?.column == "H (A/m)")
    #expect(error?.detail.contains("separators of thousands") == true, "\(error?.detail ?? "")")
    // Between quotation marks they are the same numbers.
    let quoted = groupedRows(separator).map { row in
      row.split(separator: ";").map { "\"\($0)\"" }.joined(separator: ";")
    }
    #expect(refusal("H (A/m);M (A/m)", quoted)?.detail.contains("separators of thousands") == true)
    #expect(refusal("H (A/m)\tM (A/m)", groupedRows(separator, "\t")) == error)
  }

  @Test("three decimals in all numbers are decimals, and so are those of a column with other numbers")
  func threeDecimals() throws {
    let fields = (0..<30).map { "\(100 + $0),\(String(1000 + 7 * $0).dropFirst())" }
    let all = try read("H (kA/m);J (T)", fields.map { "\($0);1,5" })
    #expect(all.count == 30)
    #expect(all.field.amperesPerMetre[1] == 101.007 * 1000)
    // 999 beside them has no mark, and 12,5 shows that the mark is a decimal one.
    let mixed = try read("H (kA/m);J (T)", (fields + ["999", "12,5"]).map { "\($0);1,5" })
    #expect(mixed.field.amperesPerMetre[30...] == [999_000, 12_500])
    let zero = try read("H (kA/m);J (T)", (fields + ["0,000", "7"]).map { "\($0);1,5" })
    #expect(zero.field.amperesPerMetre[30...] == [0, 7000])
  }

  @Test(
    "a number with both marks, or with one of them twice, is refused at its place",
    arguments: ["1,289.5", "1.289,5", "1,591,545", "-1.591.545", "1.591.545,25"])
  func bothMarks(_ number: String) {
    let rows = (0..<12).map { "\($0 == 7 ? number : "\($0)");0.5" }
    let error = refusal("H (A/m);J (T)", rows)
    #expect(error?.code == .malformed)
    // Where the number with commas comes first, a point in the first row is at odds with it already.
    #expect(error.map { $0.line == 9 && $0.column == "H (A/m)" } == true, "\(String(describing: error))")
    #expect(error?.detail.contains("separators of thousands") == true, "\(error?.detail ?? "")")
  }

  // Curves from each reversal field back to `top`, in Oe.
  private func curves(_ reversals: [Int], top: Int, step: Int = 100) -> [String] {
    reversals.flatMap { reversal in
      stride(from: reversal, through: top, by: step).map { "\($0),\(Double($0) / 1e4 + 1)" }
    }
  }

  @Test("first-order reversal curves are no loop, in either order of the reversal fields")
  func reversalCurves() {
    let reversals = Array(stride(from: 4500, through: -4500, by: -500))
    for order in [reversals, reversals.reversed()] {
      let error = refusal("H (Oe),Moment (emu)", ["5000,1.5"] + curves(order, top: 5000))
      #expect(error?.code == .notALoop)
      #expect(error?.detail.contains("first-order reversal curves") == true, "\(error?.detail ?? "")")
    }
    let mirrored = curves(reversals, top: 5000).map { $0.hasPrefix("-") ? String($0.dropFirst()) : "-" + $0 }
    #expect(refusal("H (Oe),Moment (emu)", mirrored)?.code == .notALoop)
  }

  @Test("recoil loops, loops that grow, repeated loops and a few curves are read")
  func otherTurns() throws {
    let header = "H (Oe),Moment (emu)"
    // Twelve recoil loops of the second quadrant, each from a step deeper back to zero, behind saturation.
    let recoil = (1...12).flatMap { loop in
      (0...8).map { "\(-loop * 100 * (4 - abs(4 - $0)) / 4)" }.map { "\($0),1" }
    }
    #expect(try read(header, ["5000,1.5", "2000,1.4"] + recoil).count == recoil.count + 2)
    let growing = (1...12).flatMap { loop in [0, 1, 0, -1].map { "\($0 * loop * 400),\($0)" } }
    #expect(try read(header, growing).count == growing.count)
    let repeated = (0..<12).flatMap { _ in [5000, 0, -5000, 0].map { "\($0),\($0)" } }
    #expect(try read(header, repeated).count == repeated.count)
    let few = ["5000,1.5"] + curves([4000, 2000, 0, -2000, -4000], top: 5000)
    #expect(try read(header, few).count == few.count)
  }

  @Test(
    "a held field with a swept temperature is no loop; with a steady one it may be a record without a specimen"
  )
  func heldField() throws {
    func rows(_ kelvin: (Int) -> Double, field: (Int) -> Double = { 1000 + 0.1 * Double($0 % 5) }) -> [String]
    {
      (0..<40).map { "\(kelvin($0)),\(field($0)),\(1 / (10 + Double($0)))" }
    }
    let header = "Temperature (K),H (Oe),Moment (emu)"
    let error = refusal(header, rows { 10 + 5 * Double($0) })
    #expect(error?.code == .notALoop)
    #expect(error?.detail.contains("against temperature") == true, "\(error?.detail ?? "")")
    #expect(try read(header, rows { 295 + 0.05 * Double($0) }).count == 40)
    #expect(try read(header, rows({ 10 + 5 * Double($0) }, field: { 100 * Double($0) })).count == 40)
  }
}
