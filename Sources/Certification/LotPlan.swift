// SPDX-License-Identifier: GPL-3.0-or-later
public import LotStatistics

/// How a lot is sampled and judged.
public enum LotPlan: Hashable, Sendable {
  /// Pieces that do not conform are counted: MIL-STD-105E, ANSI/ASQ Z1.4.
  case attributes(AttributePlan)
  /// Mean and spread of each characteristic are judged: ANSI/ASQ Z1.9.
  case variables(VariablesPlan, VariablesForm)

  /// How many pieces the plan asks for: no more than the lot has.
  public var sampleSize: Int { min(tabledSampleSize, lotSize ?? .max) }

  /// How many pieces the table asks for.
  public var tabledSampleSize: Int {
    switch self {
    case .attributes(let plan): plan.tabledSampleSize
    case .variables(let plan, _): plan.tabledSampleSize
    }
  }

  /// Whether the whole lot is judged.
  public var inspectsAll: Bool { lotSize.map { tabledSampleSize >= $0 } ?? false }

  /// The number of pieces in the lot; nil for a plan that was read by its letter.
  public var lotSize: Int? {
    switch self {
    case .attributes(let plan): plan.lotSize
    case .variables(let plan, _): plan.lotSize
    }
  }

  /// The acceptance quality limit.
  public var limit: AcceptanceQualityLimit {
    switch self {
    case .attributes(let plan): plan.limit
    case .variables(let plan, _): plan.limit
    }
  }

  /// How severe the inspection is.
  public var severity: InspectionSeverity {
    switch self {
    case .attributes(let plan): plan.severity
    case .variables(let plan, _): plan.severity
    }
  }

  /// The code letter of the lot's size and the inspection level.
  public var codeLetter: Character {
    switch self {
    case .attributes(let plan): plan.codeLetter
    case .variables(let plan, _): plan.codeLetter
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
