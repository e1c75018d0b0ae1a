// SPDX-License-Identifier: GPL-3.0-or-later
public import LotStatistics

/// How a lot is sampled and judged.
public enum LotPlan: Hashable, Sendable {
  /// Pieces that do not conform are counted: MIL-STD-105E, ANSI/ASQ Z1.4.
  case attributes(AttributePlan)
  /// Mean and spread of each characteristic are judged: ANSI/ASQ Z1.9.
  case variables(VariablesPlan, VariablesForm)

  /// How many pieces the plan asks for.
  public var sampleSize: Int {
    switch self {
    case .attributes(let plan): plan.sampleSize
    case .variables(let plan, _): plan.sampleSize
    }
  }

  /// The number of pieces in the lot; nil for a plan that was read by its letter.
  public var lotSize: Int? {
    switch self {
    case .attributes(let plan): plan.lotSize
    case .variables(let plan, _): plan.lotSize
    }
  }

  /// The method by the word that options and records use.
  public var method: String {
    switch self {
    case .attributes: "attributes"
    case .variables(_, let form): "variables-\(form.rawValue)"
    }
  }
}

/// The two forms in which ANSI/ASQ Z1.9 compares a sample with its plan.
public enum VariablesForm: String, Hashable, Sendable, CaseIterable {
  /// Form 1: the quality index with k; for one limit.
  case k
  /// Form 2: the estimated fraction that does not conform with M.
  case m
}
