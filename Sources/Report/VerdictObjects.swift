// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

// Objects of `magcert.result/1`; their members stand in the order of their names.

extension JSONText {
  mutating func members(of grade: MetGrade) {
    member("confidence", grade.confidence)
    member("name", grade.name)
    member("notLimited", grade.notLimited.map(\.rawValue))
    member("result", grade.result)
  }

  mutating func members(of verdict: Verdict) {
    objects("characteristics", verdict.characteristics) { json, decision in
      func named(_ member: String) -> String { "verdict.\(decision.characteristic.rawValue).\(member)" }
      json.member("expandedUncertainty", decision.expandedUncertainty, named("expandedUncertainty"))
      json.member("limit", decision.limit, named("limit"))
      json.member(
        "probabilityOfConformity", decision.probabilityOfConformity, named("probabilityOfConformity"))
      json.member("quantity", decision.characteristic)
      json.member("reason", decision.reason)
      json.member("result", decision.result)
      json.member("shortfall", decision.shortfall, named("shortfall"))
      json.member("side", decision.side)
      json.member("unit", decision.characteristic.unit)
      json.member("value", decision.value, named("value"))
    }
    member("confidence", verdict.confidence)
    member("edition", verdict.edition)
    member("grade", verdict.grade)
    member("guardBand", verdict.guardBand, "verdict.guardBand")
    member("notLimited", verdict.notLimited.map(\.rawValue))
    member("reasons", verdict.reasons)
    member("result", verdict.result)
    member("rule", verdict.rule)
    member("table", verdict.table)
  }
}
