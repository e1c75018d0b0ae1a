// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certificates
import Certification
import Foundation
import LotStatistics
import Measurements
import Quantities
import Report
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as an XML parser sees it.
private struct ParsedPage {
  let source: String
  let root: XMLElement

  init(_ source: String) throws {
    self.source = source
    let start = "<!DOCTYPE html>\n"
    #expect(source.hasPrefix(start))
    let document = try XMLDocument(data: Data(source.dropFirst(start.count).utf8))
    root = try #require(document.rootElement())
  }

  func elements(_ path: String) throws -> [XMLElement] {
    try root.nodes(forXPath: path).compactMap { $0 as? XMLElement }
  }

  func texts(_ path: String) throws -> [String] { try elements(path).map { $0.stringValue ?? "" } }

  func number(_ path: String, _ attribute: String) throws -> Double {
    let element = try #require(try elements(path).first, "nothing at \(path)")
    return try #require(element.attribute(forName: attribute)?.stringValue.flatMap(Double.init))
  }

  /// A number in a diagram's scale, with where it stands; those of an axis across have their words in the middle.
  func ticks(_ figure: String, across: Bool) throws -> [(value: Double, place: Double)] {
    try elements("//figure[@id='\(figure)']//text[@class='']").compactMap { element in
      guard (element.attribute(forName: "text-anchor")?.stringValue == "middle") == across,
        let value = Double((element.stringValue ?? "").replacing("−", with: "-")),
        let place = element.attribute(forName: across ? "x" : "y")?.stringValue.flatMap(Double.init)
      else { return nil }
      // The words stand 4 pixels below the line that they belong to.
      return (value, across ? place : place - 4)
    }
  }
}

private let origin = LotPageOrigin(
  created: "2025-02-13T09:00:00Z", software: Software(name: "magcert", version: "0.1.0"),
  archive: "L17.h5", archiveChain: String(repeating: "8899", count: 16))

private let limit = 1.592e6

/// A piece with an HcJ in A/m, judged against a minimum where told so.
private func piece(
  _ number: Int, coercivity: Double, isJudged: Bool = true, curve: DemagnetisationCurve? = nil
) -> LotPiece {
  let result: Conformity = coercivity < limit ? .fail : .pass
  let decision = CharacteristicVerdict(
    characteristic: .coercivityHcJ, side: .minimum, limit: limit, value: coercivity,
    expandedUncertainty: 16000, probabilityOfConformity: nil, result: result)
  return LotPiece(
    name: "P\(number)", path: "lot/P\(number).dat",
    verdict: isJudged
      ? Verdict(
        grade: "N42SH", table: "consensus-ndfeb", edition: "1", confidence: "consensus", rule: "ilac-g8",
        guardBand: 1, result: result, reasons: [], characteristics: [decision]) : nil,
    values: [
      .coercivityHcJ: .init(value: coercivity, standardUncertainty: 8000, coverageFactor: 2),
      .remanence: .init(value: 1.31, standardUncertainty: 0.004, coverageFactor: 2),
    ], curve: curve)
}

private func page(_ pieces: [LotPiece], units: DisplayUnits = .si) throws -> ParsedPage {
  var page = LotPage(lot: "L17", units: units)
  for piece in pieces { page.add(piece) }
  return try ParsedPage(page.html(origin: origin))
}

/// Twelve coercivities about 1.65 MA/m, of which the fifth fails, in A/m.
private let coercivities = [1640, 1662, 1655, 1671, 1540, 1648, 1659, 1666, 1651, 1645, 1668, 1657]
  .map { 1000 * Double($0) }

/// The numbers of JSON, to the last digit.
private struct LotLine: Decodable {
  struct Index: Decodable { let value: Double }
  struct Row: Decodable {
    let count: Double
    let mean: Double
    let standardDeviation: Double
    let least: Double
    let largest: Double
    let standardUncertainty: Double
    let Ppk: Index?
  }
  let statistics: [String: Row]
}

private struct SampleLine: Decodable {
  let quantities: [String: LotLine.Index]
}

@Suite struct LotPageTests {
  private let lot = coercivities.enumerated().map { piece($0.offset + 1, coercivity: $0.element) }

  @Test func thePageSaysWhatTheLotIs() throws {
    let page = try page(lot)
    let words = page.root.stringValue ?? ""
    for expected in [
      "Lot L17", "Worst result: fail", "N42SH", "table consensus-ndfeb, edition 1",
      "rule ilac-g8, guard band w = 1·U",
      "2025-02-13T09:00:00Z by magcert 0.1.0", "L17.h5", "88998899", "1655 ± 16", "HcJ ≥ 1592 kA/m",
    ] {
      #expect(words.contains(expected), "“\(expected)” is missing")
    }
    #expect(try page.texts("//table[1]/caption").first == "Pieces by verdict")
    let counts = try page.elements("//table[1]/tbody/tr").map { row in
      (row.children ?? []).map { $0.stringValue ?? "" }
    }
    #expect(counts == [["pass", "11", "91.67 %"], ["fail", "1", "8.33 %"], ["all", "12", "100.00 %"]])
  }

  // What would fetch anything: an address, a style's url(), an attribute that names a file.
  @Test func thePageAsksForNothing() throws {
    let source = try page(lot).source
    for part in ["http:", "https:", "//", "url(", "src=", "href=", "@import", "<link", "<iframe", "<object"] {
      #expect(!source.contains(part), "\(part)")
    }
    #expect(source.contains("default-src 'none'"))
    #expect(!source.contains("unsafe-inline"))
    #expect(!source.contains(" style=\""))
  }

  @Test func namesStayWords() throws {
    let name = "<script>alert(\"1\")</script>&amp;'\u{1B}[2J"
    var page = LotPage(lot: name)
    var sample = Fixture.sample(id: name)
    sample.source.path = "\" onload=\"x"
    page.add(sample)
    var failure = Fixture.failure
    failure.message = name
    page.add(failure)
    let parsed = try ParsedPage(page.html(origin: origin))
    #expect(try parsed.elements("//script").count == 1)
    let shown = "<script>alert(\"1\")</script>&amp;'\u{FFFD}[2J"
    #expect(try parsed.texts("//table[@id='pieces']/tbody/tr[1]/th") == [shown])
    #expect(try parsed.texts("//table[@id='pieces']/tbody/tr[2]/td[last()]") == [shown])
    #expect(try parsed.texts("//h1") == ["Lot " + shown])
    #expect(try parsed.elements("//*[@onload]").isEmpty)
  }

  // The numbers are those of the statistics that JSON has, to the last digit.
  @Test func theNumbersAreThoseOfTheJSON() throws {
    let verdict = Fixture.verdict()
    var page = LotPage(lot: "L17")
    let samples = (0..<5).map { index in
      var sample = Fixture.sample(id: "P\(index)", verdict: verdict)
      let value = 1.31 + 0.003 * Double(index * index % 5)
      sample.analysis.properties.remanence = Estimate(
        value: Quantity(si: value), budget: Fixture.budget(0.008), method: "local-polynomial")
      return sample
    }
    let plan = LotPlan.attributes(
      try AttributePlan(lotSize: 8, limit: AcceptanceQualityLimit("2.5")))
    var pieces = LotPieces(for: plan)
    for sample in samples {
      page.add(sample)
      pieces.add(LotSpecimen(sample.analysis, verdict: sample.verdict))
    }
    let report = LotReport(
      LotSummary(lot: "L17", samples: samples), plan: plan, pieces: pieces,
      grade: verdict.grade, table: verdict.table)
    let parsed = try ParsedPage(page.html(report: report, origin: origin))
    let lot = try JSONDecoder().decode(LotLine.self, from: Data(report.jsonLine().utf8))
    for (quantity, row) in lot.statistics {
      let numbers = [
        row.count, row.mean, row.standardDeviation, row.least, row.largest, row.standardUncertainty, nil,
        row.Ppk?.value,
      ]
      for (index, number) in numbers.enumerated() {
        guard let number, ["Br", "HcJ", "BHmax"].contains(quantity) else { continue }
        let path = "//tr[@data-quantity='\(quantity)']/td[\(index + 1)]"
        #expect(try parsed.number(path, "data-value") == number, "\(quantity), column \(index + 1)")
      }
    }
    #expect(lot.statistics["Br"]?.Ppk != nil)
    // A piece's own.
    let line = try JSONDecoder().decode(SampleLine.self, from: Data(samples[3].jsonLine().utf8))
    let cell = "//table[@id='pieces']/tbody/tr[4]/td[3]"
    #expect(try parsed.number(cell, "data-value") == line.quantities["Br"]?.value)
    let decision = try #require(report.verdict?.result.rawValue)
    #expect(try parsed.texts("//p[@class='decision \(decision)']").count == 1)
    #expect(parsed.root.stringValue?.contains("MIL-STD-105E") == true)
  }

  // 1592 kA/m lies where the scale says, to the tenth of a pixel that coordinates have.
  @Test func limitsAndBarsAreWhereTheScaleSays() throws {
    let page = try page(lot)
    let figure = "distribution-HcJ"
    let ticks = try page.ticks(figure, across: true)
    let (first, last) = try (#require(ticks.first), #require(ticks.last))
    #expect(ticks.count >= 3)
    let scale = (last.place - first.place) / (last.value - first.value)
    func place(_ value: Double) -> Double { first.place + scale * (value - first.value) }
    let x = try page.number("//figure[@id='\(figure)']//line[@class='limit']", "x1")
    #expect(abs(x - place(1592)) < 0.15)
    // What does not conform is shaded up to there.
    let shade = "//figure[@id='\(figure)']//rect[@class='outside']"
    #expect(abs(try page.number(shade, "x") + page.number(shade, "width") - place(1592)) < 0.25)
    let mean = try page.number("//figure[@id='\(figure)']//line[@class='mean']", "x1")
    #expect(abs(mean - place(coercivities.reduce(0, +) / 12000)) < 0.15)
    // Together the bars are as high as there are pieces.
    let heights = try page.ticks(figure, across: false)
    let (low, high) = try (#require(heights.first), #require(heights.last))
    let perPiece = (low.place - high.place) / (high.value - low.value)
    let bars = try page.elements("//figure[@id='\(figure)']//rect[@class='bar']")
    let total = bars.compactMap { $0.attribute(forName: "height")?.stringValue.flatMap(Double.init) }.reduce(
      0, +)
    #expect(abs(total / perPiece - 12) < 0.05)
    // None of the lines is outside of the drawing.
    #expect((0...460).contains(x))
  }

  // The fifth of twelve, 110 kA/m below the others, is beyond three sigma of the moving range, or the chart is blind.
  @Test func whatSignalsIsMarkedOnTheControlChart() throws {
    let chart = try ControlChartPair(individuals: coercivities).location
    let expected = chart.signals[.beyondLimits] ?? []
    #expect(expected == [4])
    let page = try page(lot)
    let marks = try page.elements("//figure[@id='chart-HcJ']//polygon[@class='signal']")
    #expect(marks.count == Set(chart.signals.values.joined()).count)
    #expect(marks.first?.stringValue == "piece 5: 1540, Nelson’s rule 1")
    #expect(
      try page.texts("//figure[@id='chart-HcJ']/figcaption")[0].contains(
        "Nelson’s rule 1, one point more than 3 σ from the centre: piece 5."))
    let heights = try page.ticks("chart-HcJ", across: false)
    let (low, high) = try (#require(heights.first), #require(heights.last))
    let scale = (high.place - low.place) / (high.value - low.value)
    let limits = try page.elements("//figure[@id='chart-HcJ']//line[@class='control']")
      .compactMap { $0.attribute(forName: "y1")?.stringValue.flatMap(Double.init) }
    for (place, value) in zip(limits, [chart.lowerLimit, chart.upperLimit]) {
      #expect(abs(place - (low.place + scale * (value / 1000 - low.value))) < 0.15)
    }
    #expect(limits.count == 2)
  }

  @Test func unitsAreThoseThatWereAskedFor() throws {
    let page = try page(lot, units: .cgs)
    #expect(try page.texts("//table[@id='pieces']/thead//th").contains("HcJ in kOe"))
    // 1592 kA/m is 20.006 kOe.
    #expect(page.root.stringValue?.contains("limit ≥ 20.006") == true)
    #expect(try page.number("//table[@id='pieces']/tbody/tr[1]/td[4]", "data-value") == 1.64e6)
  }

  @Test func anEmptyLotHasAPage() throws {
    let page = try page([])
    #expect(try page.elements("//figure").isEmpty)
    #expect(try page.elements("//table[@id='pieces']").isEmpty)
    #expect(try page.texts("//table[1]/tbody/tr/td") == ["0", "–"])
  }

  @Test func aSinglePieceHasABarAndNoStatistics() throws {
    let page = try page([piece(1, coercivity: 1.65e6)])
    #expect(try page.elements("//table[@id='statistics']").isEmpty)
    #expect(try page.elements("//figure[@id='distribution-HcJ']//rect[@class='bar']").count == 1)
    #expect(
      try page.texts("//figure[@id='chart-HcJ']/figcaption") == [
        "There is no control chart of a single value."
      ])
  }

  @Test func valuesThatDoNotVaryHaveOneBar() throws {
    let page = try page((1...20).map { piece($0, coercivity: 1.65e6) })
    #expect(try page.elements("//figure[@id='distribution-HcJ']//rect[@class='bar']").count == 1)
    #expect(try page.elements("//figure[@id='distribution-HcJ']//polyline[@class='normal']").isEmpty)
    #expect(
      try page.texts("//figure[@id='distribution-HcJ']/figcaption")[0].contains("the values do not vary"))
    #expect(
      try page.texts("//figure[@id='chart-HcJ']/figcaption") == [
        "There is no control chart of values that do not vary."
      ])
    #expect(try page.elements("//figure[@id='chart-HcJ']//*[@class='control']").isEmpty)
  }

  // Without a grade: what every overview shows, and no limits.
  @Test func aLotThatWasNotJudgedHasNoLimits() throws {
    let page = try page((1...8).map { piece($0, coercivity: 1.6e6 + 1e4 * Double($0), isJudged: false) })
    #expect(try page.elements("//figure[starts-with(@id, 'distribution')]").count == 2)
    #expect(try page.elements("//figure[starts-with(@id, 'distribution')]//line[@class='limit']").isEmpty)
    #expect(page.root.stringValue?.contains("were not judged against a grade") == true)
    #expect(try page.texts("//table[@id='pieces']/tbody/tr[1]/td[2]") == ["not judged"])
  }

  @Test func numbersWithoutMeasureDoNoHarm() throws {
    let values = [
      1e300, -1e300, 0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, .nan, 1e-300,
    ]
    for units in DisplayUnits.allCases {
      _ = try page(values.enumerated().map { piece($0.offset, coercivity: $0.element) }, units: units)
      for value in values {
        _ = try page([piece(1, coercivity: value), piece(2, coercivity: 2 * value)], units: units)
      }
    }
  }
}

@Suite struct LargeLotPageTests {
  // Rows are left out, the worst are kept, and the page says so.
  @Test func theWorstRowsOfALargeLotAreKept() throws {
    var page = LotPage(lot: "L17")
    let count = 2 * LotPage.mostRows + 1234
    // Every fourth fails, the last one among them; what conforms fills the rest from the first on.
    for number in 1...count { page.add(piece(number, coercivity: number.isMultiple(of: 4) ? 1.5e6 : 1.65e6)) }
    let parsed = try ParsedPage(page.html(origin: origin))
    let numbers = try parsed.texts("//table[@id='pieces']/tbody/tr/td[1]").compactMap(Int.init)
    #expect(numbers.count == LotPage.mostRows)
    #expect(numbers == numbers.sorted())
    #expect(numbers.count { $0.isMultiple(of: 4) } == count / 4)
    let good = numbers.filter { !$0.isMultiple(of: 4) }
    #expect(good == Array((1...count).filter { !$0.isMultiple(of: 4) }.prefix(good.count)))
    #expect(
      parsed.root.stringValue?.contains(
        "The table holds the worst 5000 of 11234 pieces; all of them are in the archive L17.h5.") == true)
    #expect(try parsed.number("//tr[@data-quantity='HcJ']/td[1]", "data-value") == Double(count))
    // All points in a line of two for each pixel at most, 488 of them.
    let points = try #require(
      try parsed.elements("//figure[@id='chart-HcJ']//polyline[@class='values']").first)
    let places = points.attribute(forName: "points")?.stringValue?.split(separator: " ").count ?? 0
    #expect((400...1000).contains(places))
    #expect(try parsed.elements("//figure[@id='chart-HcJ']//polygon").count <= 300)
  }

  @Test func curvesAreChosenEvenlyAndThinned() throws {
    var page = LotPage(lot: nil)
    let (good, bad) = (Fixture.curve(), Fixture.curve(coercivity: 1.5e6))
    for number in 1...700 {
      let fails = number.isMultiple(of: 10)
      page.add(piece(number, coercivity: fails ? 1.5e6 : 1.65e6, curve: fails ? bad : good))
    }
    let parsed = try ParsedPage(page.html(origin: origin))
    let drawn = try parsed.elements("//figure[@id='curves']//polyline[starts-with(@class, 'polarisation')]")
    let kinds = drawn.map { $0.attribute(forName: "class")?.stringValue ?? "" }
    // 630 in 150: every eighth, 79. 70 in 50: every second, 35. Those that fail come last, in front.
    #expect(
      kinds == Array(repeating: "polarisation", count: 79) + Array(repeating: "polarisation bad", count: 35))
    #expect(
      try parsed.texts("//figure[@id='curves']/figcaption")[0].hasPrefix(
        "114 of 700 demagnetisation curves, evenly chosen"))
    for line in drawn {
      let places = line.attribute(forName: "points")?.stringValue?.split(separator: " ") ?? []
      #expect((10...120).contains(places.count))
    }
    // Thinning moves no point: the last one lies on the axis of J = 0, at −1.624 MA/m.
    let ticks = try parsed.ticks("curves", across: true)
    let (first, last) = try (#require(ticks.first), #require(ticks.last))
    let scale = (last.place - first.place) / (last.value - first.value)
    let end = try #require(
      drawn[0].attribute(forName: "points")?.stringValue?.split(separator: " ").last?.split(separator: ",")
        .first)
    let expected = first.place + scale * (-1624 - first.value)
    // One pixel is 3 kA/m; the fixture's curve crosses zero 2 % of HcJ·0.06 beyond its coercivity at most.
    #expect(abs(try #require(Double(end)) - expected) < 3)
  }
}
