// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct EddyCurrentTests {
  private let budget = TypeBBudget(
    name: "test", isDefault: false,
    lines: [.init(id: "field-gain", title: "field", input: .fieldGain, standardUncertainty: 0.003)])

  /// Both branches of truth A as a coil sees them of a cylinder of 2 mm radius, every fourth of 4001 points.
  private func analysis(frequency: Double) throws -> LoopAnalysis {
    let curve = EddyCurve(radius: 2e-3, frequency: frequency)
    let points = stride(from: 0, to: 4001, by: 4)
    let (fields, values) = (points.map { curve.fields[$0] }, points.map { curve.polarisations[$0] })
    let loop = LoopMeasurement(
      instrument: "simulation", field: .internal(Series(si: fields + fields.map { -$0 })),
      response: .polarisation(Series(si: values + values.map { -$0 })))
    return try loop.analyzed(budget: budget)
  }

  /// The analysis of a loop without noise with HcJ and Br put in place of its own.
  private func analysis(_ base: LoopAnalysis, hcJ: Double, br: Double, noise: Double = 0) -> LoopAnalysis {
    var result = base
    result.properties = MagnetProperties()
    let lines = [
      BudgetLine(id: "noise", evaluation: .typeA, title: "noise", contribution: noise),
      BudgetLine(id: "estimator", evaluation: .typeB, title: "model", contribution: 2),
      BudgetLine(id: "gain", evaluation: .typeB, title: "gain", contribution: 0.001 * hcJ),
    ]
    result.properties.coercivityHcJ = Estimate(value: Quantity(si: hcJ), budget: lines, method: "fit")
    result.properties.remanence = Estimate(value: Quantity(si: br), budget: [], method: "fit")
    return result
  }

  // a = 5 mm, ρ = 1.5·10⁻⁶ Ω·m, µr = 1.04, dH/dt = −7·10⁸ A/(m·s), printed to 1e-9 T; a sphere has a²/10 for a²/8.
  @Test func theLinearPartIsThatOfTheFormula() {
    let diameter = Quantity<Length>(si: 10e-3)
    func added(_ shape: Shape) -> Double {
      shape.linearEddyPolarisation(resistivity: 1.5e-6, relativePermeability: 1.04, fieldRate: -7e8).si
    }
    let cylinder = added(.cylinder(diameter: diameter, length: diameter))
    #expect(abs(cylinder - 2.490825e-3) < 1e-9)
    #expect(abs(added(.sphere(diameter: diameter)) / cylinder - 0.8) < 1e-12)
    #expect(
      abs(added(.ellipsoid(a: diameter, b: diameter, c: diameter)) / added(.sphere(diameter: diameter)) - 1)
        < 1e-12)
    // The square about the circle reaches further out: (2a)²·2/12 = 2a²/3 for a²/2.
    let square = added(.cuboid(a: diameter, b: diameter, c: diameter))
    #expect(abs(square / cylinder - 4.0 / 3) < 1e-12)
  }

  // An independent program gave HcJ errors of 0.224 and 0.406 % and 0.042 % after the extrapolation; the estimators of
  // noise-free loops are good for 0.01 % of HcJ. Br is to be left with less than a tenth of its 0.016 %.
  @Test func twoRatesGiveTheLoopAtRest() throws {
    let truth = ReferenceLoop.a.answers
    let slow = try analysis(frequency: 15)
    let fast = try analysis(frequency: 30)
    let rest = try RateExtrapolation([slow, fast], rates: [15, 30], unit: .hertz).analysis()
    func error(_ analysis: LoopAnalysis, _ key: Characteristic, _ value: Double) throws -> Double {
      try #require(analysis[key]).value / value - 1
    }
    #expect(abs(try error(slow, .coercivityHcJ, truth.coercivityHcJ) - 0.224e-2) < 0.015e-2)
    #expect(abs(try error(rest, .coercivityHcJ, truth.coercivityHcJ) - 0.042e-2) < 0.02e-2)
    #expect(abs(try error(rest, .remanence, truth.remanence)) < 0.0016e-2)
    #expect(abs(try error(rest, .coercivityHcB, truth.coercivityHcB)) < 0.002e-2)
    #expect(abs(try error(rest, .energyProduct, truth.energyProduct)) < 0.004e-2)
    #expect(abs(try error(rest, .kneeField, truth.kneeField)) < 0.1e-2)
    #expect(!rest.codes.contains(.rateDependent))
    // Every stated uncertainty covers what is left, once over.
    for (key, value) in [
      (Characteristic.coercivityHcJ, truth.coercivityHcJ), (.remanence, truth.remanence),
      (.energyProduct, truth.energyProduct),
    ] {
      let estimate = try #require(rest[key])
      #expect(abs(estimate.value - value) < estimate.standardUncertainty)
    }
    let record = try #require(rest.corrections.last)
    #expect(record.id == "eddy-currents")
    #expect(record.parameters.prefix(2).map(\.value) == [15, 30])
    let amount = try #require(record.parameters.first { $0.name == "HcJ" }).value
    let lines = try #require(rest[.coercivityHcJ]).budget
    #expect(lines.first { $0.id == "eddy-extrapolation" }?.contribution == abs(amount) / 2)
    // One gain for both: 2·a − b is the gain's effect on the result, not √5 of it.
    let gain = try #require(lines.first { $0.id == "field-gain" }).contribution
    #expect(abs(abs(gain) / (0.003 * truth.coercivityHcJ) - 1) < 0.01)
  }

  // X = X0 + c·f^0.75 is what Aitken's rule is exact for; the line through 15 and 30 Hz leaves 2 − 2^0.75 of c·15^0.75.
  @Test func threeRatesFollowAPower() throws {
    let base = try SimulatedLoop(.a).measurement().analyzed()
    let power = 1.681792830507429
    func loop(_ k: Double, noise: Double = 0) -> LoopAnalysis {
      analysis(base, hcJ: 1e6 + 4000 * k, br: 1.3 + 0.001 * (k == 1 ? 1 : k == power ? 2 : 4), noise: noise)
    }
    let loops = [loop(1), loop(power), loop(power * power)]
    let rest = try RateExtrapolation(loops, rates: [15, 30, 60], unit: .hertz).analysis()
    let hcJ = try #require(rest[.coercivityHcJ])
    // Differences of some thousand at a million lose three digits.
    #expect(abs(hcJ.value - 1e6) < 1e-6)
    #expect(hcJ.method == "fit/three-rates")
    #expect(abs(try #require(hcJ.alternative).value - (1e6 + 4000 * (2 - power))) < 1e-6)
    // Br goes with the rate, and both rules are one.
    #expect(abs(try #require(rest[.remanence]).value - 1.3) < 1e-12)
    // The gain of 0.1 % acts on the result; two thousandths of the model come to (1+s)², 2s(1+s), s² of it.
    #expect(abs(try #require(hcJ.budget.first { $0.id == "gain" }).contribution - 1000) < 1e-3)
    let s = 1 / (power - 1)
    let weights = [(1 + s) * (1 + s), 2 * s * (1 + s), s * s]
    let model = 2 * weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(try #require(hcJ.budget.first { $0.id == "estimator" }).contribution - model) < 1e-9)
    // Where noise hides the differences a power cannot be told, and the line serves.
    let noisy = [loop(1, noise: 1500), loop(power, noise: 1500), loop(power * power, noise: 1500)]
    let unsure = try RateExtrapolation(noisy, rates: [15, 30, 60], unit: .hertz).analysis()
    #expect(unsure[.coercivityHcJ]?.method == "fit/two-rates")
  }

  @Test func whatDependsOnTheRateIsFlaggedAndWhatIsMissingStaysAway() throws {
    let base = try SimulatedLoop(.a).measurement().analyzed()
    let slow = analysis(base, hcJ: 1e6, br: 1.3)
    var fast = analysis(base, hcJ: 1.02e6, br: 1.3)
    fast.properties.remanence = nil
    fast.absences = [Absence(.remanence, .incompleteBr)]
    let rest = try RateExtrapolation([slow, fast], rates: [1, 3], unit: .hertz).analysis()
    #expect(rest.codes.contains(.rateDependent))
    #expect(abs(try #require(rest[.coercivityHcJ]).value - 0.99e6) < 1e-6)
    #expect(rest[.remanence] == nil)
    #expect(rest.absences.contains(Absence(.remanence, .incompleteBr)))
    let steep = try RateExtrapolation(
      [slow, analysis(base, hcJ: 9e6, br: 1.3)], rates: [1, 1.1], unit: .hertz
    ).analysis()
    #expect(steep[.coercivityHcJ] == nil)
    #expect(steep.absences.contains(Absence(.coercivityHcJ, .rateDependent)))
  }

  @Test(arguments: [[30.0, 15], [0, 15], [15], [15, .infinity], [15, 15]])
  func ratesHaveToRise(_ rates: [Double]) throws {
    let base = try SimulatedLoop(.a).measurement().analyzed()
    let error = #expect(throws: AnalysisError.self) {
      try RateExtrapolation([base, base], rates: rates, unit: .hertz)
    }
    #expect(error?.code == .rates)
  }
}
