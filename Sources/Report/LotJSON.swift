// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import LotStatistics
internal import Quantities

extension LotReport {
  /// The lot as one line of JSON, schema `magcert.lot/1`, without the line feed.
  ///
  /// `counts` has every result, `unjudged`, `failed` files and the `total`. Without a plan `verdict` is the worst of
  /// the pieces, absent when none was judged. With one it has `method`, `result` (accepted, rejected or undetermined),
  /// the `plan`, how many pieces `counted`, were `nonconforming` and `undecided`, `reasons`, and for variables the
  /// `characteristics` with their indices. `statistics` has an object per characteristic, in SI units.
  public func jsonLine() -> String {
    jsonText(
      LotObject(
        lot: summary.lot, grade: grade, table: table, counts: summary.numbers,
        verdict: verdict.map { LotVerdictObject($0, severityReason: severityReason) }
          ?? summary.worst.map { LotVerdictObject(worst: $0) },
        statistics: Dictionary(
          uniqueKeysWithValues: statistics.map {
            ($0.characteristic.rawValue, LotCharacteristicObject($0))
          })))
  }
}

private struct LotObject: Encodable {
  var schema = "magcert.lot/1"
  let lot: String?
  let grade: String?
  let table: String?
  let counts: [String: Int]
  let verdict: LotVerdictObject?
  let statistics: [String: LotCharacteristicObject]
}

private struct LotVerdictObject: Encodable {
  let method: String
  let result: String
  var plan: LotPlanObject?
  var counted: Int?
  var nonconforming: Int?
  var undecided: Int?
  var reasons: [String]?
  var severityReason: String?
  var characteristics: [LotDecisionObject]?

  /// Without a plan a lot is as good as its worst piece.
  init(worst: Conformity) {
    method = "worst-of"
    result = worst.rawValue
  }

  init(_ verdict: LotVerdict, severityReason: String?) {
    method = verdict.plan.method
    result = verdict.result.rawValue
    plan = LotPlanObject(verdict.plan)
    counted = verdict.counted
    nonconforming = verdict.nonconforming
    undecided = verdict.undecided
    reasons = verdict.reasons
    self.severityReason = severityReason
    let decisions = verdict.characteristics.map(LotDecisionObject.init)
    characteristics = decisions.isEmpty ? nil : decisions
  }
}

private struct LotPlanObject: Encodable {
  let standard: String
  let lotSize: Int?
  let inspection: String
  let aqlPercent: Double
  let codeLetter: String
  let sampleSize: Int
  var acceptanceNumber: Int?
  var rejectionNumber: Int?
  var acceptabilityConstant: Double?
  var maximumPercent: Double?

  init(_ plan: LotPlan) {
    standard = plan.standard
    lotSize = plan.basis.lotSize
    inspection = plan.basis.severity.rawValue
    aqlPercent = plan.basis.limit.percent
    codeLetter = String(plan.basis.codeLetter)
    sampleSize = plan.basis.sampleSize
    switch plan {
    case .attributes(let plan):
      acceptanceNumber = plan.acceptanceNumber
      rejectionNumber = plan.rejectionNumber
    case .variables(let plan, _):
      acceptabilityConstant = plan.acceptabilityConstant
      maximumPercent = plan.maximumPercent
    }
  }
}

private struct LotDecisionObject: Encodable {
  let quantity: String
  let side: LimitSide?
  let mean: Double
  let standardDeviation: Double
  let lowerIndex: Double?
  let upperIndex: Double?
  let estimatedFraction: Double
  let isAccepted: Bool

  init(_ verdict: LotCharacteristicVerdict) {
    let decision = verdict.decision
    quantity = verdict.characteristic.rawValue
    side = verdict.side
    mean = decision.mean
    standardDeviation = decision.standardDeviation
    // Infinite for values that do not vary.
    lowerIndex = decision.lowerIndex.flatMap { $0.isFinite ? $0 : nil }
    upperIndex = decision.upperIndex.flatMap { $0.isFinite ? $0 : nil }
    estimatedFraction = decision.fraction
    isAccepted = verdict.isAccepted
  }
}

private struct LotCharacteristicObject: Encodable {
  struct Limits: Encodable {
    let min: Double?
    let max: Double?
  }
  struct Index: Encodable {
    let value: Double
    let lower: Double
    let upper: Double
    let lowerBound: Double
    let confidence: Double
    let method: String

    init(_ index: CapabilityIndex) {
      value = index.value
      lower = index.lower
      upper = index.upper
      lowerBound = index.lowerBound
      confidence = index.confidence
      method = index.method
    }
  }
  struct Tolerance: Encodable {
    let lower: Double?
    let upper: Double?
    let content: Double
    let confidence: Double
    let factor: Double
  }
  let unit: SIUnit
  let count: Int
  let mean: Double
  let standardDeviation: Double
  let least: Double
  let largest: Double
  let standardUncertainty: Double
  let limits: Limits?
  let Cp: Index?
  let Cpk: Index?
  let Pp: Index?
  let Ppk: Index?
  let toleranceInterval: Tolerance?

  init(_ row: LotCharacteristic) {
    unit = row.characteristic.unit
    count = row.count
    mean = row.mean
    standardDeviation = row.standardDeviation
    least = row.least
    largest = row.largest
    standardUncertainty = row.standardUncertainty
    limits = row.limits.map { Limits(min: $0.lower, max: $0.upper) }
    Cp = row.capability?.cp.map(Index.init)
    Cpk = (row.capability?.cpk).map(Index.init)
    Pp = row.capability?.pp.map(Index.init)
    Ppk = (row.capability?.ppk).map(Index.init)
    toleranceInterval = row.tolerance.map {
      Tolerance(
        lower: $0.lower, upper: $0.upper, content: $0.content, confidence: $0.confidence, factor: $0.factor)
    }
  }
}
