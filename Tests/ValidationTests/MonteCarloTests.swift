// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing
import Validation

@Suite struct MonteCarloTests {
  private static let quantities: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField,
  ]
  // The published example: J gain 0.25 %, H gain ±0.3 % and ±0.5 K rectangular, coefficients of sintered NdFeB.
  private static let example = TypeBBudget(
    name: "example", isDefault: false,
    lines: [
      .init(id: "gain", title: "", input: .polarisationGain, standardUncertainty: 0.25e-2),
      .init(
        id: "field", title: "", input: .fieldGain, standardUncertainty: 0.3e-2 / 3.0.squareRoot(),
        distribution: .rectangular),
      .init(
        id: "temperature", title: "",
        input: .temperature(alphaPerKelvin: -0.12e-2, betaPerKelvin: -0.60e-2),
        standardUncertainty: 0.5 / 3.0.squareRoot(), distribution: .rectangular),
    ])

  private static func evaluation(
    of loop: SimulatedLoop, _ budget: TypeBBudget = example
  ) throws -> (MonteCarlo, LoopModel) {
    let settings = AnalysisSettings(budget: budget)
    let measurement = loop.measurement()
    let separated = try #require(try measurement.separatedLoops().first)
    let (analysis, model) = try LoopAnalyzer(settings: settings)
      .analyzeWithModel(separated, sample: measurement.sample)
    let found = try #require(model)
    return (
      try MonteCarlo(analysis, found, settings: settings, sample: measurement.sample, seed: 1), found
    )
  }

  // The published standard uncertainties of the example in %, by linear propagation and by Monte Carlo. Those by
  // linear propagation have four digits; for the knee every part of A was shifted by β times its own field, and one loop
  // tells only HcJ, which is 2 % of that entry;
  // 400 draws know a standard deviation to 1/√800 = 3.5 %, and noise and estimator add 1 to 5 % to the total.
  @Test func publishedExample() throws {
    let (evaluation, _) = try Self.evaluation(of: SimulatedLoop(.a).with { $0.noisePercent = 0.3 })
    let outcome = MonteCarloOutcome(evaluation, draws: (0..<400).map(evaluation.values))
    let published = [0.2524, 0.2450, 0.2428, 0.4951, 0.2471]
    for (characteristic, percent) in zip(Self.quantities, published) {
      let estimate = try #require(evaluation.analysis[characteristic])
      let typeB = combinedStandardUncertainty(
        estimate.budget.filter { ["gain", "field", "temperature"].contains($0.id) })
      let allowed = characteristic == .kneeField ? 0.0035 : 0.0005
      #expect(abs(100 * typeB / estimate.value - percent) < allowed, "\(characteristic)")
      let row = try #require(outcome.quantities.first { $0.characteristic == characteristic })
      #expect(row.absent == 0)
      #expect(abs(row.ratio - 1) < 3 * row.ratioStandardError, "\(characteristic): \(row.ratio)")
      #expect(row.shortest.contains(estimate.value), "\(characteristic)")
      // Two digits need more draws, and two rectangular errors make HcJ's interval shorter than a normal one's.
      #expect(row.agreement != .agrees, "\(characteristic)")
    }
  }

  private static let inputs: [(input: TypeBBudget.Input, u: Double)] = [
    (.polarisationGain, 1e-3), (.fieldGain, 1e-3), (.susceptibility, 1e-4), (.demagnetisingFactor, 1e-3),
    (.temperature(alphaPerKelvin: -0.12e-2, betaPerKelvin: -0.60e-2), 0.1), (.loopLevel, 1e-4),
    (.polarisationOffset, 1e-4), (.fieldOffset, 100),
  ]

  // Without noise, a loop with an error of one input is read wrong by the line of that input. Second order is some
  // thousandth of the error; 2e-6 of the value is what two fits of different data differ by.
  @Test(arguments: inputs.indices, [false, true])
  func eachErrorIsThatOfItsLine(_ index: Int, inOpenCircuit: Bool) throws {
    let (input, u) = Self.inputs[index]
    let loop = SimulatedLoop(.l2).with { $0.points = 2000 }
    let budget = TypeBBudget(
      name: "one", isDefault: false,
      lines: [.init(id: "only", title: "", input: input, standardUncertainty: u)])
    let measured = inOpenCircuit ? loop.asCube : loop
    let (evaluation, model) = try Self.evaluation(of: measured, budget)
    let sample = measured.measurement().sample
    let analyzer = LoopAnalyzer(settings: AnalysisSettings(budget: Budgets.none))
    func analysis(_ error: Double) throws -> LoopAnalysis {
      try analyzer.analyze(model.loop(errors: [(input, error)]) { 0 }, sample: sample)
    }
    let (plus, minus) = (try analysis(u), try analysis(-u))
    for characteristic in Self.quantities {
      let estimate = try #require(evaluation.analysis[characteristic])
      let line = estimate.budget.first { $0.id == "only" }?.contribution ?? 0
      let change = try (#require(plus[characteristic]).value - #require(minus[characteristic]).value) / 2
      #expect(
        abs(change - line) < 0.02 * abs(line) + 2e-6 * estimate.value,
        "\(input), \(characteristic): \(change) for \(line)")
    }
  }

  // Draws at the quantiles of a normal distribution, for which the linear interval is right, or too small by a fifth.
  @Test func agreementNeedsDrawsAndRightUncertainties() throws {
    let (evaluation, _) = try Self.evaluation(of: SimulatedLoop(.a).with { $0.noisePercent = 0.3 })
    let estimate = try #require(evaluation.analysis[.remanence])
    func row(_ count: Int, _ scale: Double) throws -> MonteCarloQuantity {
      let outcome = MonteCarloOutcome(
        evaluation,
        draws: (0..<count).map { index in
          let z = normalQuantile((Double(index) + 0.5) / Double(count))
          return [.remanence: estimate.value + scale * estimate.standardUncertainty * z]
        })
      return try #require(outcome.quantities.first)
    }
    let few = try row(1000, 1)
    #expect(few.agreement == .undecided)
    #expect(few.drawsToDecide > 10_000)
    #expect(abs(few.ratio - 1) < 0.01)
    #expect(try row(2 * few.drawsToDecide, 1).agreement == .agrees)
    let wrong = try row(2000, 1.2)
    #expect(wrong.agreement == .differs)
    #expect(abs(wrong.ratio - 1 / 1.2) < 0.01)
    // A quarter of the draws without the quantity is a finding, three quarters are no evidence.
    let gaps = MonteCarloOutcome(
      evaluation,
      draws: (0..<1000).map { $0 < 250 ? [:] : [.remanence: estimate.value + Double($0 % 10)] })
    #expect(gaps.quantities.map(\.absent) == [250])
    let nothing = MonteCarloOutcome(
      evaluation, draws: (0..<1000).map { $0 < 750 ? [:] : [.remanence: Double($0)] })
    #expect(nothing.quantities.isEmpty)
  }

  // Half of an exponential distribution's draws lie nearest together from its beginning on.
  @Test func theShortestIntervalOfASkewedDistributionIsOneSided() throws {
    let (evaluation, _) = try Self.evaluation(of: SimulatedLoop(.a).with { $0.noisePercent = 0.3 })
    let draws = (0..<1000).map { index in
      [Characteristic.remanence: 1 - exponentialQuantile((Double(index) + 0.5) / 1000)]
    }
    let row = try #require(MonteCarloOutcome(evaluation, draws: draws.reversed()).quantities.first)
    #expect(abs(row.shortest.upperBound - 1) < 2e-3)
    // −ln(1 − 0.9545) = 3.09.
    #expect(abs(row.shortest.lowerBound - (1 - 3.09)) < 0.05)
  }
}

private func exponentialQuantile(_ probability: Double) -> Double { -log(1 - probability) }

/// The z below which a normal variable lies with a probability, by bisection.
private func normalQuantile(_ probability: Double) -> Double {
  var (low, high) = (-8.0, 8.0)
  for _ in 0..<50 {
    let middle = (low + high) / 2
    if normalProbability(below: middle) < probability { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
