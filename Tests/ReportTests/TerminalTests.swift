// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Measurements
import Quantities
import Report
import Testing

/// The words of the line for Br of a specimen whose only quantity is Br = `value` ± 2·`u` tesla.
private func remanenceLine(_ value: Double, u: Double, units: DisplayUnits = .si) -> String? {
  var sample = Fixture.sample(verdict: nil, grades: nil)
  sample.analysis.properties = MagnetProperties()
  sample.analysis.absences = []
  sample.analysis.properties.remanence = Estimate(
    value: Quantity(si: value),
    budget: [BudgetLine(id: "a", evaluation: .typeB, title: "a", contribution: u)], method: "m")
  let line = sample.terminalTable(units: units).split(separator: "\n").first { $0.hasPrefix("  Br ") }
  return line?.split(separator: " ").joined(separator: " ")
}

@Test(arguments: [
  // value, u, shown; U = 2u has two significant digits.
  (1.31237, 0.008, "Br 1.312 ± 0.016 T 2.00"),
  // Ties go to the even digit: 1.3125 down to 1.312, 1.3135 up to 1.314.
  (1.3125, 0.008, "Br 1.312 ± 0.016 T 2.00"), (1.3135, 0.008, "Br 1.314 ± 0.016 T 2.00"),
  (1.31250001, 0.008, "Br 1.313 ± 0.016 T 2.00"),
  // U itself at a tie: 0.0125 and 0.0135.
  (1.3, 0.00625, "Br 1.300 ± 0.012 T 2.00"), (1.3, 0.00675, "Br 1.300 ± 0.014 T 2.00"),
  // U = 0.0996 rounds up to 0.10 and not to 0.100.
  (1.31237, 0.0498, "Br 1.31 ± 0.10 T 2.00"),
  // Carries through nines, small and large numbers, signs and zero.
  (0.99996, 0.0005, "Br 1.0000 ± 0.0010 T 2.00"), (-1.25, 0.05, "Br −1.25 ± 0.10 T 2.00"),
  (0, 0.05, "Br 0.00 ± 0.10 T 2.00"), (-0.001, 0.05, "Br 0.00 ± 0.10 T 2.00"),
  (1_234_567, 617, "Br 1234600 ± 1200 T 2.00"), (3, 617, "Br 0 ± 1200 T 2.00"),
  (0.00001234567, 0.00000006, "Br 0.00001235 ± 0.00000012 T 2.00"),
  // Without an uncertainty: five digits and no k.
  (1.31237456, 0, "Br 1.3124 T"),
])
func digitsFollowTheUncertainty(value: Double, u: Double, shown: String) {
  #expect(remanenceLine(value, u: u) == shown)
}

@Test func numbersThatAreNotFiniteAreDashesAndNoTrap() {
  for number in [Double.nan, .infinity, -.infinity] {
    #expect(remanenceLine(number, u: 0.01) == "Br – T")
    #expect(remanenceLine(1.3, u: number)?.hasPrefix("Br 1.3000 T") == true)
  }
}

@Test func cgsUnitsAreConverted() {
  #expect(remanenceLine(1.31237, u: 0.008, units: .cgs) == "Br 13.12 ± 0.16 kG 2.00")
  let table = Fixture.sample().terminalTable(units: .cgs)
  // 1 624 000 A/m = 20.408 kOe; 330 900 J/m³ = 41.582 MGOe.
  #expect(table.contains("20.41    ± 0.20  kOe"))
  #expect(table.contains("41.58    ± 0.80  MGOe"))
}

@Test func theTableSaysEverythingThatMatters() {
  let table = Fixture.sample().terminalTable()
  for words in [
    "7A/µ-12, lot 2025-041", "quantum-design-vsm (PPMS VSM), measured 2025-02-12 15:36:00", "23.0 °C",
    "N = 0.26826 (computed)", "≥ 1592  pass", "conditional pass    93.70 %", "> 1500 ",
    "The data do not reach the knee.", "only one branch was measured",
    "verdict: CONDITIONAL PASS against N42SH",
    "rule ilac-g8, guard band w = 1·U", "N42SH (conditional pass), N42H, N40X (limits unchecked)",
    "! The uncertainty rests on a default budget",
  ] {
    #expect(table.contains(words), "“\(words)” is missing in\n\(table)")
  }
}

@Test func theWholeFamilyIsShownWhenItIsAskedFor() {
  var sample = Fixture.sample()
  sample.analysis.properties.kneeField80 = Estimate(value: Quantity(si: 1.58e6), budget: [], method: "m")
  sample.analysis.absences.append(Absence(.irreversibleLoss5, .noRecoilLoop))
  let (plain, all) = (sample.terminalTable(), sample.terminalTable(allQuantities: true))
  for words in ["Hx80", "HD5", "the data hold no recoil loop"] {
    #expect(!plain.contains(words))
    #expect(all.contains(words), "“\(words)” is missing in\n\(all)")
  }
  #expect(sample.budgetTable(allQuantities: true).contains("Hx80 = "))
  #expect(!sample.budgetTable().contains("Hx80 = "))
}

// Where it is known, the width of the switching is one of the main quantities; its absence is not worth a line.
@Test func theWidthOfTheSwitchingIsShownWhereItIsKnown() {
  var sample = Fixture.sample()
  sample.analysis.absences.append(Absence(.switchingFieldWidth, .unsaturated))
  #expect(!sample.terminalTable().contains("SFDwidth"))
  #expect(sample.terminalTable(allQuantities: true).contains("SFDwidth"))
  sample.analysis.absences.removeLast()
  sample.analysis.properties.switchingFieldWidth = Estimate(
    value: Quantity(si: 37_910.83), budget: [], method: "m")
  #expect(sample.terminalTable().contains("SFDwidth"))
}

/// The lines between the heading of a table and the next empty line.
private func rows(_ text: String, from heading: String) -> [[Character]] {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
  guard let start = lines.firstIndex(where: { String($0).contains(heading) }) else { return [] }
  return Array(lines[start...].prefix { !$0.isEmpty })
}

@Test func columnsAreAligned() throws {
  let table = rows(Fixture.sample().terminalTable(), from: "± U")
  #expect(table.count == 9)
  let heading = String(table[0])
  // Left-aligned columns begin below their heading, right-aligned ones end there: the cell beside is blank.
  for (word, isRight) in [("value", true), ("± U", true), ("unit", false), ("k", true), ("result", false)] {
    let found = try #require(heading.range(of: " \(word) "))
    let start = heading.distance(from: heading.startIndex, to: found.lowerBound) + 1
    let beside = isRight ? start + word.count : start - 1
    for row in table where row.count > beside { #expect(row[beside] == " ", "\(String(row)) under \(word)") }
  }
}

@Test func widthCountsColumnsAndNotBytes() {
  let samples = ["plain", "µ²³±", "日本", "e\u{301}e\u{301}"].map { Fixture.sample(id: $0) }
  let lines = rows(lotTable(samples), from: "verdict")
  let ends = lines.dropFirst().map { line in
    String(line).range(of: "1.312").map {
      String(line).distance(from: String(line).startIndex, to: $0.lowerBound)
    }
  }
  // A wide character is one `Character` on two columns, so two of them shift the text by two to the left.
  #expect(ends == [ends[0], ends[0], ends[0].map { $0 - 2 }, ends[0]])
}

@Test(arguments: [false, true])
func noLineEndsWithABlankAndColourOnlyWhenAsked(colour: Bool) {
  let sample = Fixture.sample()
  let texts = [
    sample.terminalTable(colour: colour), sample.budgetTable(colour: colour),
    lotTable([sample], failures: [Fixture.failure], lot: "1", colour: colour),
  ]
  for text in texts {
    #expect(text.hasSuffix("\n"))
    #expect(text.contains("\u{1B}") == colour)
    #expect(text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
  }
}

@Test func controlCharactersOfAFileDoNotReachTheTerminal() {
  var sample = Fixture.sample(id: "x\u{1B}[2Jy\u{7}\u{202E}z")
  sample.source.path = "a\u{1B}]0;title\u{7}"
  sample.analysis.flags.append(Flag(.sparse, "bad \u{9B}31m"))
  let failure = ReportedFailure(source: sample.source, code: "malformed", message: "\u{1B}c", line: nil)
  let text =
    sample.terminalTable() + sample.budgetTable() + lotTable([sample], failures: [failure], lot: "\u{1B}c")
  let controls = text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
  #expect(controls.isEmpty)
  #expect(!text.contains("\u{202E}"))
}

@Test func theLotTableHasALinePerSampleAndACount() {
  let samples = [Fixture.sample(id: "A"), Fixture.sample(id: "B", verdict: Fixture.verdict(.fail))]
  let text = lotTable(samples, failures: [Fixture.failure], lot: "L7")
  #expect(
    text.contains("A       1.312 ± 0.016    1624 ± 16       330.9 ± 6.4  0.9649 ± 0.0042  conditional pass"))
  #expect(text.contains("fail              (BH)max ≥ 326 kJ/m³ (93.70 %)"))
  #expect(
    text.contains("data/broken.dat: error: line 812, column “Field”: The field “12,3,4” is not a number."))
  #expect(
    text.hasSuffix(
      "  lot L7: 2 samples: 1 conditional pass, 1 fail; 1 file gave no result; worst result: fail\n"))
}

@Test func theBudgetTableHasSharesAndTheCombinedLine() {
  let text = Fixture.sample().budgetTable()
  #expect(text.contains("Br = 1.312 ± 0.016 T, k = 2.00, method local-polynomial"))
  // 0.8² and 0.6² of the variance.
  #expect(text.contains("moment-gain  calibration of the moment  B     0.0064  64.0 %     ∞"))
  #expect(text.contains("noise        noise of the loop          A     0.0048  36.0 %   200"))
}

@Test(arguments: [(72, 16), (40, 10), (120, 40), (0, 0)])
func thePlotKeepsItsSizeAndShowsItsMarks(width: Int, height: Int) throws {
  let plot = try #require(Fixture.sample().terminalPlot(width: width, height: height))
  let lines = plot.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  #expect(lines.count == max(8, height))
  // The legend is 54 characters long whatever the width is.
  #expect(lines.dropLast().allSatisfy { $0.count <= max(30, width) })
  #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  // Once in the diagram, once in the legend.
  #expect(plot.filter { $0 == "◆" }.count == 2)
  #expect(plot.filter { $0 == "●" }.count == 2)
  #expect(plot.contains("in T against H in kA/m"))
}

@Test func thePlainPlotIsASCII() throws {
  let plot = try #require(Fixture.sample().terminalPlot(ascii: true))
  #expect(plot.utf8.allSatisfy { $0 < 128 })
  #expect(plot.contains("***"))
  #expect(plot.contains("-2000"))
}

@Test func aCurveThatCannotBeDrawnGivesNoPlot() {
  var sample = Fixture.sample()
  let hostile: [([Double], [Double])] = [
    ([], []), ([-1], [1]), ([1, 2], [1, 2]), ([.nan, .infinity, -1], [1, 1, .nan]),
  ]
  for (fields, polarisations) in hostile {
    sample.analysis.curve = DemagnetisationCurve(
      internalField: Series(si: fields), polarisation: Series(si: polarisations))
    #expect(sample.terminalPlot() == nil)
    #expect(throws: PlotRefusal.self) { try Plot([sample]) }
  }
}

@Test func extremeNumbersDoNotTrap() throws {
  var sample = Fixture.sample()
  for scale in [1e-300, 1e-30, 1, 1e30, 1e99, 1e300, Double.greatestFiniteMagnitude] {
    sample.analysis.curve = DemagnetisationCurve(
      internalField: Series(si: [scale, 0, -scale, -scale, -0.9 * scale]),
      polarisation: Series(si: [1.1, 1, 0.9, -scale, scale]))
    for value in [scale, -scale, .nan, .infinity, -.infinity] {
      sample.analysis.properties.remanence = Estimate(
        value: Quantity(si: value), budget: Fixture.budget(value), method: "m")
      sample.analysis.properties.coercivityHcJ = Estimate(
        value: Quantity(si: value), budget: Fixture.budget(value), method: "m")
      sample.analysis.properties.kneeField = Estimate(value: Quantity(si: value), budget: [], method: "m")
      for units in DisplayUnits.allCases {
        #expect(sample.terminalTable(units: units).contains("HcJ"))
        #expect(sample.budgetTable(units: units).contains("HcJ"))
        _ = sample.terminalPlot(units: units)
        _ = try? Plot([sample], content: .all, units: units).svg()
      }
      #expect(sample.jsonLine(showBudget: true).hasSuffix("}"))
    }
  }
}
