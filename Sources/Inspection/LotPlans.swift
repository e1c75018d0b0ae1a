// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification
public import LotStatistics

/// What a user asks of a sampling plan.
public struct LotPlanRequest: Sendable {
  /// The number of pieces in the lot.
  public var lotSize: Int
  /// The acceptance quality limit in percent, as written: `0.65`.
  public var limit: String
  /// The inspection level.
  public var level: InspectionLevel
  /// The severity that the switching rules ask for.
  public var severity: InspectionSeverity
  /// How values are judged; nil to count pieces.
  public var variables: VariablesForm?
  /// Whether σ is known; for variables only.
  public var sigma: SigmaKnowledge

  /// A request; by default for counting under normal inspection at level II.
  public init(
    lotSize: Int, limit: String, level: InspectionLevel = .two, severity: InspectionSeverity = .normal,
    variables: VariablesForm? = nil, sigma: SigmaKnowledge = .unknown
  ) {
    self.lotSize = lotSize
    self.limit = limit
    self.level = level
    self.severity = severity
    self.variables = variables
    self.sigma = sigma
  }
}

/// The plan of a lot, and why its inspection is as severe as it is.
public struct PlannedLot: Sendable {
  /// The plan.
  public let plan: LotPlan
  /// What the switching rules say of the lots before; nil when the severity was stated.
  public let severityReason: String?
}

/// The sampling plan of a lot, of the severity that the rules ask for after the lots in the folder `history`.
///
/// Throws one sentence when no table has it, the history cannot be read, or inspection is discontinued.
public func plannedLot(
  _ request: LotPlanRequest, grade: String, table: String, history: String?
) throws(InputError) -> PlannedLot {
  let limit: AcceptanceQualityLimit
  do throws(LotStatisticsError) { limit = try AcceptanceQualityLimit(request.limit) } catch {
    throw InputError(error.description)
  }
  // Above 10 the tables count defects, of which one piece may have several (ANSI/ASQ Z1.4).
  guard limit.percent <= 10 else {
    throw InputError(
      "an acceptance quality limit of \(limit) counts defects per hundred pieces, and here pieces are counted; state 10 "
        + "or less")
  }
  guard let history else { return PlannedLot(plan: try lotPlan(request), severityReason: nil) }
  let lots = try lotHistory(in: history, grade: grade, table: table, limit: limit)
  let state = SwitchingRules.state(after: lots)
  guard let severity = state.severity else {
    throw InputError(
      "inspection of \(grade) is \(state.reason); take corrective action, then state --inspection tightened")
  }
  var request = request
  request.severity = severity
  return PlannedLot(
    plan: try lotPlan(request),
    severityReason: "\(state.reason), after \(lots.count) lot\(lots.count == 1 ? "" : "s") in “\(history)”")
}

/// The sampling plan of a lot.
///
/// Throws one sentence when no table has it.
public func lotPlan(_ request: LotPlanRequest) throws(InputError) -> LotPlan {
  do throws(LotStatisticsError) {
    let limit = try AcceptanceQualityLimit(request.limit)
    guard let method = request.variables else {
      let plan = try AttributePlan(
        lotSize: request.lotSize, level: request.level, severity: request.severity, limit: limit)
      return .attributes(plan)
    }
    let plan = try VariablesPlan(
      lotSize: request.lotSize, level: request.level, severity: request.severity, sigma: request.sigma,
      limit: limit)
    return .variables(plan, method)
  } catch {
    throw InputError(error.description)
  }
}
