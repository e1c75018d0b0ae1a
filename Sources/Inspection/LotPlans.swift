// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification
public import LotStatistics
public import Report

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

/// The sampling plan of a lot.
///
/// Throws one sentence when no table has it.
public func lotPlan(_ request: LotPlanRequest) throws(InputError) -> PlanSheet {
  do throws(LotStatisticsError) {
    let limit = try AcceptanceQualityLimit(request.limit)
    guard let method = request.variables else {
      let plan = try AttributePlan(
        lotSize: request.lotSize, level: request.level, severity: request.severity, limit: limit)
      return PlanSheet(.attributes(plan), level: request.level)
    }
    let plan = try VariablesPlan(
      lotSize: request.lotSize, level: request.level, severity: request.severity, sigma: request.sigma,
      limit: limit)
    return PlanSheet(.variables(plan, method), level: request.level)
  } catch {
    throw InputError(error.description)
  }
}
