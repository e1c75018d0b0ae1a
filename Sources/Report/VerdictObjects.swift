// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

struct GradeObject: Encodable {
  let name: String
  let result: Conformity
  let confidence: String
  let notLimited: [Characteristic]
}

struct VerdictObject: Encodable {
  struct Decision: Encodable {
    let quantity: Characteristic
    let side: LimitSide
    let limit: Double?
    let unit: SIUnit
    let value: Double?
    let expandedUncertainty: Double?
    let probabilityOfConformity: Double?
    let shortfall: Double?
    let result: Conformity
    let reason: String?
  }
  let grade: String
  let table: String
  let edition: String
  let confidence: String
  let rule: String
  let guardBand: Double?
  let result: Conformity
  let reasons: [String]
  let characteristics: [Decision]
  let notLimited: [Characteristic]

  init(_ verdict: Verdict, _ finite: inout FiniteNumbers) {
    grade = verdict.grade
    table = verdict.table
    edition = verdict.edition
    confidence = verdict.confidence
    rule = verdict.rule
    guardBand = finite(verdict.guardBand, "verdict.guardBand")
    result = verdict.result
    reasons = verdict.reasons
    var decisions: [Decision] = []
    for decision in verdict.characteristics {
      let name = "verdict." + decision.characteristic.rawValue
      decisions.append(
        Decision(
          quantity: decision.characteristic, side: decision.side,
          limit: finite(decision.limit, name + ".limit"), unit: decision.characteristic.unit,
          value: finite(decision.value, name + ".value"),
          expandedUncertainty: finite(decision.expandedUncertainty, name + ".expandedUncertainty"),
          probabilityOfConformity: finite(
            decision.probabilityOfConformity, name + ".probabilityOfConformity"),
          shortfall: finite(decision.shortfall, name + ".shortfall"), result: decision.result,
          reason: decision.reason))
    }
    characteristics = decisions
    notLimited = verdict.notLimited
  }
}
