// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Measurements
import Quantities
import Report
import Testing

/// A small result whose whole text is known.
private func smallSample() -> ReportedSample {
  var properties = MagnetProperties()
  properties.remanence = Estimate(
    value: Quantity(si: 0.1 + 0.2),
    budget: [BudgetLine(id: "gain", evaluation: .typeB, title: "gain", contribution: -0.25)], method: "m")
  var sample = Sample()
  sample.id = Sourced("a/b “µ”\n", .user)
  sample.volume = Sourced(Quantity(si: 1.0639e-8), .header)
  return ReportedSample(
    source: ReportedSource(
      path: "d/x.dat", sha256: "ab", bytes: 7, instrument: "i", measured: "2025-02-12", loopIndex: 2,
      loopCount: 3),
    sample: sample,
    analysis: LoopAnalysis(
      properties: properties, absences: [],
      conditions: Conditions(
        temperature: nil, circuit: Sourced(.closed, .assumed), demagnetisingFactor: nil,
        fieldIsInternal: false,
        maximumFieldAmperesPerMetre: 1.1e22),
      flags: [Flag(.noTemperature, "No temperature.")], corrections: [],
      loop: ConditionedLoop(internalField: Series(si: []), polarisation: Series(si: []), sweeps: []),
      curve: DemagnetisationCurve(internalField: Series(si: []), polarisation: Series(si: [])),
      budgetName: "b", coverageProbability: CoverageFactor.conventional),
    grades: [])
}

/// The object of one JSON line.
private func parsed(_ line: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
}

@Test func theInstrumentsOwnResultsStandBesideOurs() throws {
  var sample = smallSample()
  sample.analysis.instrumentComparisons = [
    InstrumentComparison(
      result: InstrumentResult(.remanence, si: 0.5, rounding: 0.05, spelled: "Br 5.0 kG"), difference: -0.2,
      expandedUncertainty: 0.1)
  ]
  let results = try #require(parsed(sample.jsonLine())["instrumentResults"] as? [[String: Any]])
  #expect(results.count == 1)
  #expect(results[0]["quantity"] as? String == "Br")
  #expect(results[0]["value"] as? Double == 0.5)
  #expect(results[0]["unit"] as? String == "T")
  #expect(results[0]["spelled"] as? String == "Br 5.0 kG")
  #expect(results[0]["difference"] as? Double == -0.2)
  #expect(results[0]["agrees"] as? Bool == false)
}

@Test func aResultIsExactlyTheDocumentedLine() {
  let expected =
    #"{"absent":[],"budgetName":"b","conditions":{"circuit":"closed","circuitOrigin":"assumed","#
    + #""field":"applied","maximumField":{"unit":"A/m","value":1.1e+22}},"corrections":[],"#
    + #""estimation":{"method":"fit","recoilMethod":"auto"},"#
    + #""flags":[{"code":"no-temperature","message":"No temperature."}],"gradeResults":[],"grades":[],"notes":[],"#
    + #""quantities":{"Br":{"coverageFactor":2,"coverageProbability":0.9545,"expandedUncertainty":0.5,"#
    + #""method":"m","standardUncertainty":0.25,"unit":"T","value":0.30000000000000004}},"#
    + #""sample":{"id":"a/b “µ”\n","origins":{"id":"user"},"#
    + #""volume":{"origin":"header","unit":"m3","value":1.0639e-08}},"schema":"magcert.result/1","#
    + #""source":{"bytes":7,"instrument":"i","loop":{"count":3,"index":2},"measured":"2025-02-12","#
    + #""path":"d/x.dat","sha256":"ab"}}"#
  #expect(smallSample().jsonLine() == expected)
}

@Test func aFailureIsExactlyTheDocumentedLine() {
  let expected =
    #"{"error":{"code":"malformed","column":"Field","line":812,"#
    + #""message":"The field “12,3,4” is not a number."},"schema":"magcert.result/1","#
    + #""source":{"bytes":12,"path":"data/broken.dat","sha256":"\#(Fixture.sha256)"}}"#
  #expect(Fixture.failure.jsonLine() == expected)
}

@Test func aLotIsExactlyTheDocumentedLine() {
  let samples = [
    Fixture.sample(), Fixture.sample(verdict: Fixture.verdict(.pass)), Fixture.sample(verdict: nil),
  ]
  let expected =
    #"{"counts":{"conditional-fail":0,"conditional-pass":1,"fail":0,"failed":1,"pass":1,"total":4,"#
    + #""undetermined":0,"unjudged":1},"lot":"L7","schema":"magcert.lot/1","statistics":{},"#
    + #""verdict":{"method":"worst-of","result":"undetermined"}}"#
  let summary = LotSummary(lot: "L7", samples: samples, failures: [Fixture.failure])
  let report = LotReport(summary, plan: nil, pieces: LotPieces(for: nil), grade: nil, table: nil)
  #expect(report.jsonLine() == expected)
}

private struct RemanenceOnly: Decodable {
  struct Quantity: Decodable {
    let value: Double
    let degreesOfFreedom: Double?
  }
  let quantities: [String: Quantity]
}

@Test func everyNumberReadsBackToTheSameNumber() throws {
  // Numbers of every magnitude with full mantissas: the shortest text must read back bit by bit.
  // JSONDecoder rounds correctly; JSONSerialization is off by some units in the last place on Linux.
  var seed: UInt64 = 20_250_212
  for exponent in stride(from: -300, through: 300, by: 7) {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let number = (1 + Double(seed >> 12) * 0x1p-52) * pow(10, Double(exponent))
    var sample = smallSample()
    sample.analysis.properties.remanence = Estimate(value: Quantity(si: number), budget: [], method: "m")
    let line = sample.jsonLine()
    #expect(line.contains("\"value\":\(number)}".replacing(".0}", with: "}")), "\(number) is not in \(line)")
    let quantity = try JSONDecoder().decode(RemanenceOnly.self, from: Data(line.utf8)).quantities["Br"]
    #expect(quantity?.value == number)
    #expect(quantity?.degreesOfFreedom == nil)
  }
}

@Test func valuesByASecondMethodStandBesideTheFirst() throws {
  var sample = smallSample()
  sample.analysis.properties.remanence?.alternative = AlternativeValue(value: 0.31, method: "other")
  sample.analysis.ladderComponents = 4
  sample.analysis.blank = BlankIdentity(name: "empty.dat", sha256: "cd")
  let object = try parsed(sample.jsonLine())
  let quantities = try #require(object["quantities"] as? [String: [String: Any]])
  let alternative = try #require(quantities["Br"]?["alternative"] as? [String: Any])
  #expect(alternative["value"] as? Double == 0.31)
  #expect(alternative["method"] as? String == "other")
  let estimation = try #require(object["estimation"] as? [String: Any])
  #expect(estimation["ladderComponents"] as? Int == 4)
  #expect(estimation["blank"] as? [String: String] == ["path": "empty.dat", "sha256": "cd"])
}

@Test func theVerdictHasEveryKeyOfTheContract() throws {
  let object = try parsed(Fixture.sample().jsonLine())
  let verdict = try #require(object["verdict"] as? [String: Any])
  #expect(
    Set(verdict.keys) == [
      "grade", "table", "edition", "confidence", "rule", "guardBand", "result", "reasons", "characteristics",
      "notLimited",
    ])
  let decisions = try #require(verdict["characteristics"] as? [[String: Any]])
  #expect(
    Set(decisions[0].keys) == [
      "quantity", "side", "limit", "unit", "value", "expandedUncertainty", "probabilityOfConformity",
      "result",
    ])
  #expect(decisions[3]["result"] as? String == "conditional-pass")
  #expect(Set(decisions[4].keys) == ["quantity", "side", "limit", "unit", "result", "reason"])
  #expect(object["grades"] as? [String] == ["N42SH", "N42H", "N40X"])
}

@Test func anAbsentQuantityHasReasonAndBoundButNoValue() throws {
  let object = try parsed(Fixture.sample().jsonLine())
  #expect((object["quantities"] as? [String: Any])?["Hk"] == nil)
  let absent = try #require(object["absent"] as? [[String: Any]])
  #expect(absent[0]["reason"] as? String == "incomplete-hk")
  #expect(absent[0]["lowerBound"] as? Double == 1.5e6)
  #expect(absent[1]["lowerBound"] == nil)
}

@Test func theBudgetIsThereOnlyWhenAsked() throws {
  #expect(!Fixture.sample().jsonLine().contains("\"budget\""))
  let object = try parsed(Fixture.sample().jsonLine(showBudget: true))
  let lines = (object["quantities"] as? [String: [String: Any]])?["Br"]?["budget"] as? [[String: Any]]
  #expect(lines?.map { $0["id"] as? String } == ["noise", "moment-gain"])
  #expect(lines?.first?["degreesOfFreedom"] as? Double == 200)
  #expect(lines?.last?["degreesOfFreedom"] == nil)
}

@Test(arguments: [Double.nan, .infinity, -.infinity])
func aNumberThatIsNotFiniteIsLeftOutAndFlagged(number: Double) throws {
  var sample = Fixture.sample()
  sample.analysis.properties.remanence = Estimate(
    value: Quantity(si: number), budget: Fixture.budget(0.01), method: "m")
  sample.analysis.conditions.maximumFieldAmperesPerMetre = number
  let object = try parsed(sample.jsonLine(showBudget: true))
  #expect((object["quantities"] as? [String: Any])?["Br"] == nil)
  #expect((object["conditions"] as? [String: Any])?["maximumField"] == nil)
  let flags = try #require(object["flags"] as? [[String: String]])
  #expect(flags.filter { $0["code"] == "not-finite" }.count == 2)
  #expect(flags.contains { $0["message"]?.contains("quantities.Br") == true })
}

@Test func theWorstSampleDecidesALot() {
  func worst(_ results: [Conformity], failures: Int = 0) -> Conformity? {
    LotSummary(
      lot: nil, samples: results.map { Fixture.sample(verdict: Fixture.verdict($0)) },
      failures: Array(repeating: Fixture.failure, count: failures)
    ).worst
  }
  #expect(worst([]) == nil)
  #expect(worst([.pass, .pass]) == .pass)
  #expect(worst([.pass, .conditionalPass]) == .conditionalPass)
  #expect(worst([.pass, .undetermined, .conditionalPass]) == .undetermined)
  #expect(worst([.pass, .undetermined, .conditionalFail]) == .conditionalFail)
  #expect(worst([.fail, .conditionalFail, .undetermined]) == .fail)
  #expect(worst([.pass], failures: 1) == .undetermined)
  #expect(worst([.fail], failures: 1) == .fail)
}

/// Js stands among the quantities, diagnostics by themselves; neither is there when nothing is known.
@Test func saturationAndDiagnosticsAreWritten() {
  var sample = Fixture.sample()
  #expect(!sample.jsonLine().contains("\"Js\"") && !sample.jsonLine().contains("diagnostics"))
  sample.analysis.saturationPolarisation = Estimate(
    value: Quantity(si: 1.5),
    budget: [BudgetLine(id: "a", evaluation: .typeB, title: "a", contribution: 0.125)],
    method: "approach-to-saturation")
  sample.analysis.diagnostics = LoopDiagnostics(
    signalToNoise: 2.5, recoilLinearity: .nan,
    initialSusceptibility: Estimate(
      value: Quantity(si: 8),
      budget: [BudgetLine(id: "a", evaluation: .typeA, title: "a", contribution: 0.5)],
      method: "initial-slope"))
  let line = sample.jsonLine()
  #expect(
    line.contains(
      #""Js":{"coverageFactor":2,"coverageProbability":0.9545,"expandedUncertainty":0.25,"#
        + #""method":"approach-to-saturation","standardUncertainty":0.125,"unit":"T","value":1.5}"#))
  #expect(
    line.contains(
      #""diagnostics":{"initialSusceptibility":{"method":"initial-slope","standardUncertainty":0.5,"value":8},"#
        + #""signalToNoise":2.5}"#))
  #expect(line.contains("diagnostics.recoilLinearity is not a finite number"))
  #expect(sample.terminalTable().contains("Js 1.50 ± 0.25 T"))
}
