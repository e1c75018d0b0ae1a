// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Measurements
internal import Quantities
internal import Simulation

/// The propagation of distributions through the analysis of one loop (JCGM 101:2008).
///
/// Every draw is a loop as the fitted curve has it, with noise of the spectrum that the analysis found and an error
/// of every input of the Type B budget, analysed anew. What the budget of a quantity holds beside these, such as the
/// uncertainty of the estimator, is no input of the loop: it is added as a normal error of the quantity.
public struct MonteCarlo: Sendable {
  /// The analysis whose uncertainties are checked.
  public let analysis: LoopAnalysis
  /// The base of the seeds: each draw has numbers of its own.
  public let seed: UInt32
  private let model: LoopModel
  private let analyzer: LoopAnalyzer
  private let lines: [TypeBBudget.Line]
  private let sample: Sample
  /// What is left of a knee field's line for the recoil permeability without the noise, which is drawn.
  private let recoilShare: Double
  /// The values without any error: what draws are compared with.
  private let undisturbed: [Characteristic: Double]

  /// A Monte Carlo evaluation of an analysis that was made with `settings` and gave `model`.
  ///
  /// Throws when the analysis of the model's own loop does.
  public init(
    _ analysis: LoopAnalysis, _ model: LoopModel, settings: AnalysisSettings, sample: Sample, seed: UInt32
  ) throws(AnalysisError) {
    self.analysis = analysis
    self.model = model
    self.seed = seed
    self.sample = sample
    lines = settings.budget.lines
    let shared = Set(settings.budget.lines.map(\.id))
    let recoil = analysis.estimates.first { $0.characteristic == .recoilPermeability }?.budget ?? []
    let own = recoil.filter { !shared.contains($0.id) }
    let whole = combinedStandardUncertainty(own)
    recoilShare = whole > 0 ? combinedStandardUncertainty(own.filter { $0.id != "noise" }) / whole : 0
    var settings = settings
    settings.budget = TypeBBudget(name: "none", isDefault: false, lines: [])
    settings.approachToSaturation = false
    analyzer = LoopAnalyzer(settings: settings)
    let plain = try analyzer.analyze(model.loop(errors: []) { 0 }, sample: sample)
    undisturbed = Self.values(plain)
  }

  /// The values of one draw, counted from 0; without those that its loop does not give.
  public func values(ofDraw draw: Int) -> [Characteristic: Double] {
    let stream = UInt64(seed) << 32 + UInt64(draw)
    var normal = GaussianSource(seed: stream)
    var uniform = SplitMix64(seed: ~stream)
    let errors = lines.flatMap { line in
      line.input.independent.map { input -> LoopModel.InputError in
        let error =
          switch line.distribution {
          case .normal: normal.next()
          case .rectangular: 3.0.squareRoot() * (2 * uniform.nextUniform() - 1)
          }
        return (input, error * line.standardUncertainty)
      }
    }
    // In one order for every draw, whatever its loop gives.
    let others = analysis.estimates.map { estimate in
      estimate.budget.reduce(0.0) { $0 + undrawn($1) * normal.next() }
    }
    let loop = model.loop(errors: errors) { normal.next() }
    guard let drawn = try? Self.values(analyzer.analyze(loop, sample: sample)) else { return [:] }
    var result: [Characteristic: Double] = [:]
    for (estimate, other) in zip(analysis.estimates, others) {
      guard let value = drawn[estimate.characteristic], let plain = undisturbed[estimate.characteristic]
      else { continue }
      result[estimate.characteristic] = estimate.value + (value - plain) + other
    }
    return result
  }

  /// The standard uncertainty of a budget line that no drawn loop holds.
  private func undrawn(_ line: BudgetLine) -> Double {
    if line.id == "noise" || lines.contains(where: { $0.id == line.id }) { return 0 }
    return line.contribution * (line.id == "recoil-permeability" ? recoilShare : 1)
  }

  private static func values(_ analysis: LoopAnalysis) -> [Characteristic: Double] {
    var result: [Characteristic: Double] = [:]
    for estimate in analysis.estimates { result[estimate.characteristic] = estimate.value }
    return result
  }
}

/// What Monte Carlo says of the uncertainties of one analysis.
public struct MonteCarloOutcome: Hashable, Sendable {
  /// How many loops were drawn.
  public let draws: Int
  /// The base of their seeds.
  public let seed: UInt32
  /// What came of each quantity, in the order of the analysis; without those that fewer than half the draws gave.
  public let quantities: [MonteCarloQuantity]

  /// The outcome of draws in their order.
  public init(_ evaluation: MonteCarlo, draws: [[Characteristic: Double]]) {
    self.draws = draws.count
    seed = evaluation.seed
    quantities = evaluation.analysis.estimates.compactMap { estimate in
      let values = draws.compactMap { $0[estimate.characteristic] }
      return MonteCarloQuantity(estimate, values: values, draws: draws.count)
    }
  }
}

/// The uncertainty of one quantity by linear propagation and by Monte Carlo, in the unit of the quantity.
public struct MonteCarloQuantity: Hashable, Sendable {
  /// Whether the two agree within the numerical tolerance.
  public enum Agreement: String, Hashable, Sendable {
    /// They do, whatever other seeds would say.
    case agrees
    /// They do not, whatever other seeds would say.
    case differs
    /// The draws are too few to tell.
    case undecided
  }

  /// The quantity.
  public let characteristic: Characteristic
  /// The standard uncertainty by linear propagation.
  public let linearUncertainty: Double
  /// The standard deviation of the draws.
  public let standardUncertainty: Double
  /// The mean of the draws less the value: what linear propagation does not know of.
  public let meanShift: Double
  /// How many draws did not give the quantity.
  public let absent: Int
  /// The shortest interval that holds the coverage probability's share of the draws.
  public let shortest: ClosedRange<Double>
  /// Half a unit of the second significant digit of the linear standard uncertainty (JCGM 101:2008, 7.9.2).
  public let tolerance: Double
  /// By how much the ends of value ± k·u differ from those of the draws' symmetric interval (8.1.3); magnitudes.
  public let differences: [Double]
  /// The standard errors of these ends, from the number of draws.
  public let standardErrors: [Double]
  private let count: Int

  /// The linear standard uncertainty over that of the draws.
  public var ratio: Double { linearUncertainty / standardUncertainty }

  /// The standard error of `ratio` that the number of draws leaves, for a normal distribution.
  public var ratioStandardError: Double { ratio / Double(2 * (count - 1)).squareRoot() }

  /// Whether both ends agree within the tolerance by more than twice their standard errors, or one does not.
  public var agreement: Agreement {
    let ends = zip(differences, standardErrors)
    if ends.allSatisfy({ $0 + 2 * $1 <= tolerance }) { return .agrees }
    return ends.contains { $0 - 2 * $1 > tolerance } ? .differs : .undecided
  }

  /// How many draws make the standard errors of the ends a quarter of the tolerance.
  public var drawsToDecide: Int {
    let needed = (standardErrors.max() ?? 0) / (0.25 * tolerance)
    // More than this nobody waits for.
    return Int(min(1e12, (Double(count + absent) * needed * needed).rounded(.up)))
  }

  /// Nil when the uncertainty is 0 or fewer than half the draws, or fewer than 100, gave the quantity.
  init?(_ estimate: CharacteristicEstimate, values: [Double], draws: Int) {
    let values = values.filter(\.isFinite).sorted()
    guard values.count >= max(100, (draws + 1) / 2) else { return nil }
    let number = Double(values.count)
    let mean = values.reduce(0) { $0 + $1 / number }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (number - 1)
    guard variance > 0, estimate.standardUncertainty > 0 else { return nil }
    characteristic = estimate.characteristic
    count = values.count
    absent = draws - values.count
    linearUncertainty = estimate.standardUncertainty
    standardUncertainty = variance.squareRoot()
    meanShift = mean - estimate.value
    let probability = estimate.coverage.probability
    shortest = Self.shortestInterval(values, probability: probability)
    tolerance = Self.tolerance(of: estimate.standardUncertainty)
    // The spectrum of the noise is taken as known, so the degrees of freedom of its level widen neither interval.
    let half =
      CoverageFactor(probability: probability, degreesOfFreedom: nil).k * estimate.standardUncertainty
    let tail = (1 - probability) / 2
    // The rank of a quantile scatters as a binomial count does.
    let spread = (tail * (1 - tail) * number).squareRoot()
    func value(_ rank: Double) -> Double { Self.value(atRank: rank, of: values) }
    let ranks = [tail * number, (1 - tail) * number]
    differences = zip(ranks, [-half, half]).map { abs(estimate.value + $1 - value($0)) }
    standardErrors = ranks.map { (value($0 + spread) - value($0 - spread)) / 2 }
  }

  /// Between neighbouring values at ranks that are no whole numbers; the ends outside.
  private static func value(atRank rank: Double, of values: [Double]) -> Double {
    let place = min(max(rank - 0.5, 0), Double(values.count - 1))
    let below = Int(place)
    let above = min(below + 1, values.count - 1)
    return values[below] + (place - Double(below)) * (values[above] - values[below])
  }

  /// Of all intervals between values that hold the share, the shortest (JCGM 101:2008, 7.7.2 and 5.3.4).
  private static func shortestInterval(_ values: [Double], probability: Double) -> ClosedRange<Double> {
    let width = min(values.count - 1, Int((probability * Double(values.count) + 0.5).rounded(.down)))
    let starts = 0..<values.count - width
    let start = starts.min { values[$0 + width] - values[$0] < values[$1 + width] - values[$1] } ?? 0
    return values[start]...values[start + width]
  }

  /// ½·10^r for u = c·10^r with a whole number c of two digits.
  static func tolerance(of uncertainty: Double) -> Double {
    var (unit, magnitude) = (1.0, uncertainty)
    while magnitude >= 99.5, magnitude.isFinite {
      magnitude /= 10
      unit *= 10
    }
    while magnitude < 9.95, magnitude > 0 {
      magnitude *= 10
      unit /= 10
    }
    return unit / 2
  }
}
