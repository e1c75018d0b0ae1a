// SPDX-License-Identifier: GPL-3.0-or-later

/// How a component of uncertainty was evaluated (JCGM 100:2008, 4.2 and 4.3).
public enum Evaluation: String, Codable, Hashable, Sendable {
  /// From the statistics of this measurement.
  case typeA = "A"
  /// From other knowledge.
  case typeB = "B"
}

/// One line of an uncertainty budget.
public struct BudgetLine: Codable, Hashable, Sendable {
  /// A stable name such as `noise` or `moment-gain`.
  public let id: String
  /// Type A or Type B.
  public let evaluation: Evaluation
  /// What the line stands for, in words.
  public let title: String
  /// The signed change of the result for one standard uncertainty of the input, in the unit of the result.
  public let contribution: Double
  /// Degrees of freedom; absent when infinite.
  public let degreesOfFreedom: Double?

  /// A line from its parts; `contribution` in the unit of the result, `degreesOfFreedom` nil for infinite.
  public init(
    id: String, evaluation: Evaluation, title: String, contribution: Double, degreesOfFreedom: Double? = nil
  ) {
    self.id = id
    self.evaluation = evaluation
    self.title = title
    self.contribution = contribution
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// The value of the same quantity by a second method, for comparison.
public struct AlternativeValue: Hashable, Sendable {
  /// The value, in the unit of the estimate that it belongs to.
  public let value: Double
  /// A stable id of definition and estimator.
  public let method: String

  /// A value from its parts, in the unit of the estimate that it belongs to.
  public init(value: Double, method: String) {
    self.value = value
    self.method = method
  }
}

/// A measured value with its uncertainty budget and the method that gave it.
///
/// Not `Comparable`: whether an estimate is above a limit is decided by a named decision rule.
public struct Estimate<Kind: QuantityKind>: Hashable, Sendable {
  /// The best estimate.
  public let value: Quantity<Kind>
  /// The independent components of its uncertainty, in `Kind.unit`.
  public let budget: [BudgetLine]
  /// A stable id of definition and estimator, such as `local-polynomial`.
  public let method: String
  /// The value by a second method; nil when only one was used.
  public var alternative: AlternativeValue?

  /// An estimate from its parts; budget contributions and `alternative` are in `Kind.unit`.
  public init(
    value: Quantity<Kind>, budget: [BudgetLine], method: String, alternative: AlternativeValue? = nil
  ) {
    self.value = value
    self.budget = budget
    self.method = method
    self.alternative = alternative
  }

  /// The combined standard uncertainty, in `Kind.unit` (JCGM 100:2008, equation 10).
  public var standardUncertainty: Double { combinedStandardUncertainty(budget) }

  /// The effective degrees of freedom; nil when infinite (Welch–Satterthwaite, JCGM 100:2008, equation G.2b).
  public var degreesOfFreedom: Double? { effectiveDegreesOfFreedom(budget) }
}

/// The root sum of squares of independent budget lines, in their unit (JCGM 100:2008, equation 10).
public func combinedStandardUncertainty(_ budget: [BudgetLine]) -> Double {
  budget.reduce(0) { $0 + $1.contribution * $1.contribution }.squareRoot()
}

/// The effective degrees of freedom of a budget; nil when infinite (JCGM 100:2008, equation G.2b).
public func effectiveDegreesOfFreedom(_ budget: [BudgetLine]) -> Double? {
  let combined = combinedStandardUncertainty(budget)
  guard combined > 0 else { return nil }
  let sum = budget.reduce(0.0) { sum, line in
    guard let degrees = line.degreesOfFreedom else { return sum }
    let share = line.contribution / combined
    return sum + share * share * share * share / degrees
  }
  return sum > 0 ? 1 / sum : nil
}
