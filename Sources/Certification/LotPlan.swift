// SPDX-License-Identifier: GPL-3.0-or-later
public import LotStatistics

/// How a lot is sampled and judged.
public enum LotPlan: Hashable, Sendable {
  /// Pieces that do not conform are counted: MIL-STD-105E, ANSI/ASQ Z1.4.
  case attributes(AttributePlan)
  /// Mean and spread of each characteristic are judged: ANSI/ASQ Z1.9.
  case variables(VariablesPlan, VariablesForm)

  /// What both kinds of plan have.
  public var basis: any SamplingPlan {
    switch self {
    case .attributes(let plan): plan
    case .variables(let plan, _): plan
    }
  }

  /// The name of the standard.
  public var standard: String {
    switch self {
    case .attributes: "ANSI/ASQ Z1.4 (MIL-STD-105E)"
    case .variables: "ANSI/ASQ Z1.9 (MIL-STD-414)"
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
