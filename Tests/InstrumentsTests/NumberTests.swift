// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Testing

@Suite("Numbers")
struct NumberTests {
  /// Reads spellings as the polarisation of a table, in T, where nothing is converted.
  private func read(_ spellings: [String], comma: Bool = false) throws -> [Double] {
    let rows = spellings.map { "0;\(comma ? $0.replacing(".", with: ",") : $0)" }
    return try Instrument.table.readLoop(
      textFile((["H (A/m);J (T)"] + rows).joined(separator: "\n") + "\n"), ReadingOptions()
    ).response.si
  }

  private func expectSameBits(_ spellings: [String], comma: Bool = false) throws {
    let numbers = try read(spellings, comma: comma)
    #expect(numbers.count == spellings.count)
    for (spelling, number) in zip(spellings, numbers) {
      let expected = try #require(Double(spelling), "\(spelling)")
      guard number.bitPattern != expected.bitPattern else { continue }
      Issue.record("“\(spelling)” was read as \(number), and is \(expected)")
    }
  }

  @Test("every form that instruments write is read as Double reads it")
  func knownForms() throws {
    try expectSameBits([
      "1.23E-05", "2.999857e+002", "+10.32191E-06", "-24.99999851E-3", "24.", "0.", "7.26468E-3", ".5", "-.5",
      "4.24E-33", "-0", "0", "-0.0", "007", "9007199254740993", "9007199254740992.5", "0.1", "0.3",
      "1.7976931348623157e308", "4.9e-324", "2.2250738585072014e-308", "1e22", "1e23", "1e-22", "1e-23",
      "18446744073709551615", "18446744073709551616", "0.99380000000000002", "123456789012345678901234567890",
      "0.00000000000000000000000000000000000001", "6.62607015e-34", "8.5e-0000000005",
    ])
  }

  @Test("100 000 seeded spellings are read to the last bit", arguments: [false, true])
  func randomSpellings(_ comma: Bool) throws {
    var random = SeededNumbers(seed: comma ? 5 : 3)
    let spellings = (0..<100_000).map { index -> String in
      switch index % 5 {
      case 0: return "\(Double.random(in: -2e6...2e6, using: &random))"
      case 1:
        // Any finite double in its shortest spelling.
        let any = Double(bitPattern: random.next())
        return any.isFinite ? "\(any)" : "1"
      default:
        var text = ["", "-", "+"].randomElement(using: &random) ?? ""
        let whole = Int.random(in: 0...(index % 5 == 2 ? 6 : 22), using: &random)
        let fraction = Int.random(in: whole == 0 ? 1...19 : 0...19, using: &random)
        for _ in 0..<whole { text += "\(Int.random(in: 0...9, using: &random))" }
        if fraction > 0 || Bool.random(using: &random) { text += "." }
        for _ in 0..<fraction { text += "\(Int.random(in: 0...9, using: &random))" }
        if Bool.random(using: &random) {
          text += (Bool.random(using: &random) ? "e" : "E")
          text +=
            (["", "-", "+"].randomElement(using: &random) ?? "")
            + "\(Int.random(in: 0...250, using: &random))"
        }
        return text
      }
    }
    try expectSameBits(spellings, comma: comma)
  }

  @Test("halves between two doubles are rounded to even")
  func ties() throws {
    var random = SeededNumbers(seed: 9)
    // An odd multiple of 2⁻ᵏ one bit too long for a double, written out in full.
    let spellings = (0..<2000).map { _ -> String in
      let whole = UInt64.random(in: 1 << 53..<1 << 54, using: &random) | 1
      let tail = Bool.random(using: &random) ? "" : ".000000000000"
      return "\(whole)\(tail)"
    }
    try expectSameBits(spellings + (1 << 52..<(1 << 52) + 200).map { "\($0).5" })
  }

  @Test(
    "what is no number is refused",
    arguments: ["1e", "--1", "+", "-", ".", "1.2.3", "0x10", "1_000", "e5", "1e+"])
  func noNumbers(_ text: String) {
    let error = #expect(throws: ReadError.self) { try read(["1", text] + Array(repeating: "1", count: 9)) }
    #expect(error?.code == .malformed)
  }
}
