// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Measurements
import Quantities
import Report
import Simulation
import TestSupport
import Testing
import Validation

// Any JSON, to be read by Foundation and written again with sorted keys.
private enum Tree: Codable {
  case truth(Bool), number(Double), text(String), array([Tree]), object([String: Tree])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let truth = try? container.decode(Bool.self) {
      self = .truth(truth)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let array = try? container.decode([Tree].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: Tree].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .truth(let truth): try container.encode(truth)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .array(let array): try container.encode(array)
    case .object(let object): try container.encode(object)
    }
  }
}

/// The same tree as Foundation writes it; a member that stands twice is there once.
private func rewritten(_ line: String) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let tree = try JSONDecoder().decode(Tree.self, from: Data(line.utf8))
  return String(decoding: try encoder.encode(tree), as: UTF8.self)
}

@Suite struct JSONOrderTests {
  private let budget = TypeBBudget(
    name: "gains \u{7} “µ” / \\", isDefault: false,
    lines: [
      TypeBBudget.Line(
        id: "gain", title: "gain \"of\" J", input: .polarisationGain, standardUncertainty: 0.01),
      TypeBBudget.Line(
        id: "temperature", title: "temperature",
        input: .temperature(alphaPerKelvin: 0.01, betaPerKelvin: 0.01), standardUncertainty: 1),
    ])

  /// A sample with everything that a result can have.
  private func whole(_ loop: SimulatedLoop) throws -> ReportedSample {
    let settings = AnalysisSettings(budget: budget, approachToSaturation: true)
    let analyzer = LoopAnalyzer(settings: settings)
    let measurement = loop.measurement()
    let (made, model) = try analyzer.analyzeWithModel(
      try #require(measurement.separatedLoops().first), sample: measurement.sample)
    let evaluation = try MonteCarlo(
      made, try #require(model), settings: settings, sample: measurement.sample, seed: 7)
    var sample = Fixture.sample(id: "\u{0}é\u{1F9F2}\t\"")
    sample.analysis = made
    sample.monteCarlo = MonteCarloOutcome(evaluation, draws: (0..<3).map { evaluation.values(ofDraw: $0) })
    let celsius = Quantity<Temperature>(si: 293.15)
    sample.analysis.reduce(
      by: TemperatureReduction(
        to: celsius,
        coefficients: [
          .remanence: [
            TemperatureCoefficient(perKelvin: -0.001, standardUncertainty: 1e-5, reference: celsius)
          ]
        ]), budget: budget)
    sample.analysis.blank = BlankIdentity(name: "empty.dat", sha256: "cd")
    sample.analysis.conditions.sweepRate = 1e5
    sample.analysis.conditions.demagnetisingFactor = Sourced(Quantity(si: 0.25), .computed)
    sample.analysis.instrumentComparisons = [
      InstrumentComparison(
        result: InstrumentResult(.remanence, si: 0.5, rounding: 0.05, spelled: "Br 5.0 kG"),
        difference: -0.2,
        expandedUncertainty: 0.1)
    ]
    sample.sample.material = Sourced("NdFeB", .user)
    sample.sample.density = Sourced(Quantity(si: 7500), .assumed)
    sample.source.loopCount = 2
    sample.source.channels = [ReportedChannel(name: "A", unit: "V")]
    sample.source.companions = [ReportedCompanion(role: "setup", path: "s.toml", sha256: "ef")]
    let members = [293.15, 373.15].map { temperature in
      TemperatureSeries.Member(
        temperature: Quantity(si: temperature), estimates: made.estimates, budget: budget, instrument: "i")
    }
    sample.temperatureSeries = ReportedTemperatureSeries(
      specimen: "7A", series: try TemperatureSeries(members, reference: celsius),
      sources: [sample.source, sample.source])
    return sample
  }

  @Test(arguments: [SimulatedLoop(.a), SimulatedLoop(.a).with { $0.sweep = .initialCurveAndLoop }.asCube])
  func membersStandOnceAndInTheOrderOfTheirNames(loop: SimulatedLoop) throws {
    let sample = try whole(
      loop.with {
        $0.points = 400
        $0.noisePercent = 0.1
      })
    for line in [sample.jsonLine(), sample.jsonLine(showBudget: true)] {
      #expect(line == (try rewritten(line)))
    }
    let series = try #require(sample.temperatureSeries).jsonLine()
    #expect(series == (try rewritten(series)))
    #expect(sample.jsonLine(showBudget: true).contains(String(series.dropFirst().dropLast())))
    let failure = Fixture.failure.jsonLine()
    #expect(failure == (try rewritten(failure)))
  }

  @Test(arguments: [false, true]) func refusedNumbersAreFlaggedBehindTheOtherFlags(isFirst: Bool) throws {
    var sample = Fixture.sample()
    if isFirst { sample.analysis.flags = [] }
    let last = sample.analysis.flags.last?.message
    sample.analysis.conditions.maximumFieldAmperesPerMetre = .nan
    sample.analysis.properties.coercivityHcJ = Estimate(
      value: Quantity(si: 1.6e6),
      budget: [BudgetLine(id: "gain", evaluation: .typeB, title: "gain", contribution: .infinity)],
      method: "m")
    let line = sample.jsonLine(showBudget: true)
    #expect(line == (try rewritten(line)))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let flags = try #require(object["flags"] as? [[String: String]])
    #expect(
      flags.compactMap { $0["message"] } == [last].compactMap(\.self)
        + [
          "conditions.maximumField", "quantities.HcJ.budget.gain", "quantities.HcJ.expandedUncertainty",
          "quantities.HcJ.standardUncertainty",
        ].map { $0 + " is not a finite number and was left out." })
    let budget = (object["quantities"] as? [String: [String: Any]])?["HcJ"]?["budget"] as? [[String: Any]]
    #expect(budget?.first?["contribution"] == nil && budget?.first?["id"] as? String == "gain")
  }

  @Test func anArchivedLineBecomesTheFullOneWithTheBudgetsOfTheTables() throws {
    let sample = try whole(
      SimulatedLoop(.a).with {
        $0.points = 400
        $0.noisePercent = 0.1
      })
    let budgets = Dictionary(
      uniqueKeysWithValues: sample.analysis.estimates.map { ($0.characteristic, $0.budget) })
    let (archived, full) = (sample.archivedLine(), sample.jsonLine(showBudget: true))
    #expect(archived.utf8.count < full.utf8.count)
    // Values at another temperature have no table.
    let reduced = try #require(archived.range(of: #""reduced":{"#))
    #expect(archived[reduced.upperBound...].contains(#""budget":["#))
    #expect(archivedLine(archived) { budgets } == full)
    // Lines of older archives have them.
    #expect(
      archivedLine(full) { () throws(Never) in preconditionFailure("asked for budgets that are there") }
        == full)
    #expect(archivedLine(archived) { [:] } == archived)
    let failure = Fixture.failure.jsonLine()
    #expect(archivedLine(failure) { budgets } == failure)
    #expect(sample.hasBudgetsWithoutTables && !Fixture.sample().hasBudgetsWithoutTables)
    #expect(!Fixture.sample().archivedLine().contains(#""budget":["#))
  }

  // A line may be of an archive that somebody changed.
  @Test(arguments: [
    "", "{", "\"", #"{"quantities":"#, #"{"quantities":{"Br":{"#, #"{"quantities":{"Br":{"z"#, "\\",
  ])
  func whatIsNoJSONComesBackAsItIs(line: String) {
    #expect(archivedLine(line) { [.remanence: []] } == line)
  }

  @Test func namesOfMembersInTextsAreNoMembers() throws {
    var sample = Fixture.sample()
    sample.analysis.flags = [
      Flag(.unsaturated, #""quantities":{"Br":{"coverageFactor":2},"HcJ":{"unit":\"#)
    ]
    let budgets = Dictionary(
      uniqueKeysWithValues: sample.analysis.estimates.map { ($0.characteristic, $0.budget) })
    #expect(archivedLine(sample.archivedLine()) { budgets } == sample.jsonLine(showBudget: true))
  }
}
