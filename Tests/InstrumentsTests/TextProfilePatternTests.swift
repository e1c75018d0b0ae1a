// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Testing

/// A profile that looks for one value in the header.
private func profile(
  _ pattern: String, value: String = "sample", more: String = "", mark: String = "point", shape: String = ""
) -> String {
  """
  id = "bench"
  title = "Bench"
  encoding = "utf-8"
  delimiter = "semicolon"
  decimal_mark = "\(mark)"
  table_begins_after = "H;J"
  circuit = "closed"
  \(shape)

  [[column]]
  position = 1
  role = "H"
  unit = "kA/m"

  [[column]]
  position = 2
  role = "J"
  unit = "T"

  [[header]]
  value = "\(value)"
  pattern = '\(pattern)'
  \(more)
  """
}

private func read(_ profile: String, _ line: String) throws -> LoopMeasurement {
  let rows = (0..<10).map { "\($0 - 4);\($0)\n" }.joined()
  return try TextProfile(text: profile).instrument.readLoop(
    textFile(line + "\nH;J\n" + rows), ReadingOptions())
}

@Suite("Text profiles: header patterns")
struct TextProfilePatternTests {
  @Test(
    "expressions find what they describe",
    arguments: [
      ("^Sample: (.+)", "Sample: A 7", "A 7"), ("^Sample: (.+)", "My Sample: A", nil),
      ("Sample[:=]\\s*(\\S+)", "x Sample=  A7 B", "A7"), ("(?i)sample (\\w+)$", "SAMPLE Übung_1", "Übung_1"),
      ("a(b*)c", "abbbc", "bbb"), ("a(b*?)b", "abbb", nil), ("(a|ab)(?:c|bcd)$", "abcd", "a"),
      ("(?:x|yy){2}(z?)", "xyyz", "z"), ("(\\d{3,4})", "12 12345", "1234"), ("([^;]+);q", "n;m;q", "m"),
      ("([a-f]{2}?)", "xyzcafe", "ca"), ("(?:a*)*(b)", "aaab", "b"), ("q\\.(\\D)", "qa q.x", "x"),
      ("[\\]x-](.)", "a-b", "b"), ("编号[：:]\\s*(.+)", "样品编号：丂", "丂"), ("(é.{2,})", "éa", nil),
    ] as [(String, String, String?)])
  func patterns(_ pattern: String, _ line: String, _ found: String?) throws {
    let loop = try read(profile(pattern), line)
    #expect(loop.sample.id?.value == found)
    #expect(loop.notes.map(\.code) == (found == nil ? ["header-value-missing"] : []))
  }

  @Test(
    "what is no expression is refused",
    arguments: [
      "(a", "a)", "[a", "*(a)", "a{2(b)", "a{3,1}(b)", "a{999}(b)", "a**(b)", "(?=a)(b)", "\\q(a)", "\\1(a)",
      "(a)\\",
      "[z-a](b)", "none", "(a)(b)", "a{x}(b)",
    ])
  func faults(_ pattern: String) {
    let error = #expect(throws: TextProfileError.self) { try TextProfile(text: profile(pattern)) }
    #expect(error?.line == 22)
  }

  // Tried one way after the other, the first of these would take longer than the universe is old.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["(?:(?:a+)+)+(b)", "(?:a|a|aa)*(b)", "(?:a?){90}a{90}(b)", "(?:.*.*.*.*)*(b)"])
  func noExpressionHangs(_ pattern: String) throws {
    let line = String(repeating: "a", count: 900)
    let lines = (0..<60).map { _ in line }.joined(separator: "\n")
    #expect(try read(profile(pattern), lines).sample.id == nil)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "(", count: 400),
      String(repeating: "(?:", count: 20) + String(repeating: "){100}", count: 20) + "(a)",
      String(repeating: "(?:", count: 10) + "a" + String(repeating: "){100}", count: 10) + "(a)",
      String(repeating: "a", count: 600) + "(b)",
    ])
  func tooLargeExpressionsAreRefused(_ pattern: String) {
    #expect(throws: TextProfileError.self) { try TextProfile(text: profile(pattern)) }
  }

  @Test(
    "dates are read in the order that the profile states",
    arguments: [
      ("day-month-year", "12.02.2025 15:36", "2025-02-12T15:36:00"),
      // No hour is made up for a day.
      ("month-day-year", "12/02/2025", nil), ("year-month-day", "2025-02-12 bench 3", nil),
      ("month-day-year", "2/12/2025 3:36:09 PM", "2025-02-12T15:36:09"),
      ("month-day-year", "2/12/2025 12:05 a.m.", "2025-02-12T00:05:00"),
      ("month-day-year", "2/12/2025 3:36:09pm", "2025-02-12T15:36:09"),
      ("year-month-day", "2025年2月12日 下午3:36", "2025-02-12T15:36:00"),
      ("year-month-day", "2025-02-12T15:36:09.25", "2025-02-12T15:36:09"),
      ("month-day-year", "2/12/2025 15:36 PM", nil), ("day-month-year", "31.02.2025 15:36", nil),
      ("year-month-day", "2025年2月3日 4:05:06", "2025-02-03T04:05:06"), ("day-month-year", "31.13.2025", nil),
      ("year-month-day", "25-02-12", nil), ("day-month-year", "1.2.2025 24:00", nil),
      ("day-month-year", "99999999999999999999.1.1", nil),
    ] as [(String, String, String?)])
  func dates(_ order: String, _ text: String, _ measured: String?) throws {
    let loop = try read(profile("^Date (.+)", value: "date", more: "order = \"\(order)\""), "Date \(text)")
    #expect(loop.measured == measured)
    #expect(loop.notes.map(\.code) == (measured == nil ? ["header-value-ignored"] : []))
  }

  @Test(
    "results keep what their printing may have changed",
    arguments: [
      ("BHmax", "MGOe", "41.52", 41.52e5 / (4 * Double.pi), 0.005e5 / (4 * Double.pi)),
      ("HcJ", "kA/m", "-1.4E3", 1.4e6, 0.05e6), ("Br", "mT", "1305", 1.305, 0.0005),
      ("Hk", "T", "1.5", 1.5 * 1e7 / (4 * Double.pi), 0.05 * 1e7 / (4 * Double.pi)),
    ])
  func results(_ value: String, _ unit: String, _ text: String, _ si: Double, _ rounding: Double) throws {
    let loop = try read(profile("= (.+)", value: value, more: "unit = \"\(unit)\""), "R = \(text)")
    let result = try #require(loop.instrumentResults.first)
    #expect(result.kind.rawValue == value)
    // µ0 is 1.3e-10 off 4π·1e-7 since 2019; the rest is rounding.
    #expect(abs(result.si - si) <= 1e-9 * si)
    #expect(abs(result.rounding - rounding) <= 1e-9 * rounding)
    #expect(result.spelled == "R = \(text)")
  }

  @Test(
    "numbers that are none, and placeholder values, are not used",
    arguments: [
      ("mass", "g", "n/a"), ("mass", "g", "0"), ("temperature", "°C", "-300"), ("Br", "T", "0.000"),
      ("size", "mm", "5 x"),
      ("Br", "T", "1e999"),
    ])
  func placeholders(_ value: String, _ unit: String, _ text: String) throws {
    let loop = try read(profile("= (.+)", value: value, more: "unit = \"\(unit)\""), "V = \(text)")
    #expect(loop.notes.map(\.code) == ["header-value-ignored"])
    #expect(loop.sample.mass == nil && loop.sample.temperature == nil && loop.sample.shape == nil)
    #expect(loop.instrumentResults.isEmpty)
  }

  @Test func sizesFollowTheDecimalMarkAndTheShape() throws {
    let loop = try read(
      profile("= (.+)", value: "size", more: "unit = \"mm\"", mark: "comma", shape: "shape = \"cylinder\""),
      "D = 5,5 x 10,25 mm")
    #expect(loop.sample.shape?.value.name == "cylinder")
    #expect(loop.sample.shape?.value.lengths == [5.5 * 1e-3, 10.25 * 1e-3])
  }
}
