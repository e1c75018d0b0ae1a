// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis

/// What came of one requirement.
public struct RequirementOutcome: Hashable, Sendable {
  /// What was required.
  public let requirement: Requirement
  /// The figure that came out; nil when no loop gave the characteristic.
  public let value: Double?
  /// The standard error of the figure, from the number of loops; nil with `value`.
  public let standardError: Double?
  /// The lower limit after widening.
  public let lower: Double?
  /// The upper limit after widening.
  public let upper: Double?

  /// Whether the figure keeps the limits.
  public var passes: Bool {
    guard let value else { return false }
    return value >= lower ?? -.infinity && value <= upper ?? .infinity
  }
}

/// The errors and uncertainties of one characteristic over the loops of a cell.
///
/// Percentages are of the exact value, or of the number of loops for coverages. A standard error says how far the
/// figure would scatter if the simulation were repeated with other seeds.
public struct ValidationRow: Hashable, Sendable {
  /// The characteristic.
  public let characteristic: Characteristic
  /// Its exact value, in the characteristic's unit.
  public let exactValue: Double
  /// In how many loops it was given.
  public let count: Int
  /// In how many it was absent; a row with requirements passes only when it never was.
  public let absent: Int
  /// The figures; none when no loop gave a value.
  public let figures: [ValidationFigure: Double]
  /// The standard errors of the figures.
  public let standardErrors: [ValidationFigure: Double]
  /// The mean error with its sign, in %; nil when no loop gave a value.
  public let meanErrorPercent: Double?
  /// The bound of Cramér and Rao in %; nil when there is none.
  public let boundPercent: Double?
  /// What is required and what came of it.
  public let outcomes: [RequirementOutcome]

  /// The root mean square error in units of the bound; nil without a positive bound.
  public var ratioToBound: Double? {
    guard let boundPercent, boundPercent > 0, let rmse = figures[.rmse] else { return nil }
    return rmse / boundPercent
  }

  /// Whether everything required is kept; nil when nothing is.
  public var passes: Bool? { outcomes.isEmpty ? nil : absent == 0 && outcomes.allSatisfy(\.passes) }

  /// The row of a characteristic from its readings in the order of the runs, nil for a loop without it.
  init(
    _ characteristic: Characteristic, exactValue: Double, readings: [LoopTrial.Reading?], bound: Double?,
    requirements: [Requirement]
  ) {
    self.characteristic = characteristic
    self.exactValue = exactValue
    boundPercent = bound
    let given = readings.compactMap(\.self)
    count = given.count
    absent = readings.count - given.count
    guard !given.isEmpty else {
      (figures, standardErrors, meanErrorPercent) = ([:], [:], nil)
      outcomes = requirements.map {
        RequirementOutcome(
          requirement: $0, value: nil, standardError: nil, lower: $0.lower, upper: $0.upper)
      }
      return
    }
    let statistics = ErrorStatistics(given, exactValue: exactValue)
    let errors = statistics.standardErrors(loops: given.count)
    (figures, standardErrors) = (statistics.figures, errors)
    meanErrorPercent = statistics.meanError
    outcomes = requirements.map { requirement in
      let allowance = statistics.allowance(for: requirement, loops: given.count)
      return RequirementOutcome(
        requirement: requirement, value: statistics.figures[requirement.figure],
        standardError: errors[requirement.figure], lower: requirement.lower.map { $0 - allowance },
        upper: requirement.upper.map { $0 + allowance })
    }
  }
}

/// The statistics of the readings of one characteristic, at least one.
private struct ErrorStatistics {
  let meanError: Double
  let figures: [ValidationFigure: Double]
  /// Standard deviations of the errors and of U, in % of the exact value.
  private let deviation: Double
  private let uncertaintyDeviation: Double

  init(_ readings: [LoopTrial.Reading], exactValue: Double) {
    let errors = readings.map { ($0.value / exactValue - 1) * 100 }
    let uncertainties = readings.map { $0.expandedUncertainty / exactValue * 100 }
    (meanError, deviation) = Self.moments(errors)
    uncertaintyDeviation = Self.moments(uncertainties).deviation
    func held(by interval: (LoopTrial.Reading) -> Double) -> Double {
      let count = readings.count { abs($0.value - exactValue) <= interval($0) }
      return Double(count) / Double(readings.count) * 100
    }
    var figures: [ValidationFigure: Double] = [
      .rmse: (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot(),
      .standardDeviation: deviation, .bias: abs(meanError), .coverage: held(by: \.expandedUncertainty),
      .noiseCoverage: held(by: \.expandedNoise), .medianUncertainty: Self.median(uncertainties),
    ]
    // Without a noise line there is no z, and nothing that was required of it is kept.
    if readings.allSatisfy({ $0.noise > 0 }) {
      let deviations = Self.moments(readings.map { ($0.value - exactValue) / $0.noise })
      figures[.meanDeviation] = abs(deviations.mean)
      figures[.varianceOfDeviation] = deviations.deviation * deviations.deviation
    }
    self.figures = figures
  }

  /// How far the figures would scatter from simulation to simulation.
  func standardErrors(loops: Int) -> [ValidationFigure: Double] {
    var result: [ValidationFigure: Double] = [:]
    for (figure, value) in figures { result[figure] = standardError(of: figure, at: value, loops: loops) }
    return result
  }

  /// By how much a limit is widened because there are fewer loops than it is meant for.
  func allowance(for requirement: Requirement, loops: Int) -> Double {
    guard loops < requirement.loops, let limit = requirement.upper ?? requirement.lower else { return 0 }
    func error(_ loops: Int) -> Double { standardError(of: requirement.figure, at: limit, loops: loops) }
    return 2 * (error(loops) - error(requirement.loops))
  }

  private func standardError(of figure: ValidationFigure, at value: Double, loops: Int) -> Double {
    let root = Double(loops).squareRoot()
    switch figure {
    case .rmse, .standardDeviation: return value / (2.0.squareRoot() * root)
    case .bias: return deviation / root
    case .coverage, .noiseCoverage:
      // Two successes and two failures more (Agresti and Coull 1998): no certainty from few loops.
      let share = (value / 100 * Double(loops) + 2) / Double(loops + 4)
      return 100 * (share * (1 - share) / Double(loops + 4)).squareRoot()
    case .meanDeviation: return 1 / root
    case .varianceOfDeviation: return value * 2.0.squareRoot() / root
    // Of the median of a normal distribution: √(π/2) times that of the mean.
    case .medianUncertainty: return (Double.pi / 2).squareRoot() * uncertaintyDeviation / root
    }
  }

  /// The mean and the standard deviation; the latter 0 for a single number.
  private static func moments(_ numbers: [Double]) -> (mean: Double, deviation: Double) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let sum = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (sum / Double(max(1, numbers.count - 1))).squareRoot())
  }

  private static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
