// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import LotStatistics
import Testing

struct LotVerdictTests {
  let judge: Judge
  let grade: Grade

  init() throws {
    judge = Judge(table: try GradeTable.bundled("consensus-ndfeb"))
    grade = try #require(judge.table.grade(named: "N42SH"))
  }

  private func piece(hcJ: Double = 1700e3, _ flags: [Flag.Code] = []) -> LotSpecimen {
    let analysis = analysis(hcJ: hcJ, flags: flags)
    return LotSpecimen(analysis, verdict: judge.verdict(on: analysis, against: grade))
  }

  /// Letter F, 20 pieces: Ac = 0 at 0.65 %, 1 at 2.5 %, 3 at 6.5 %.
  private func plan(_ aql: String, _ severity: InspectionSeverity = .normal) throws -> LotPlan {
    .attributes(
      try AttributePlan(lotSize: 140, severity: severity, limit: try AcceptanceQualityLimit(aql)))
  }

  private func decision(_ plan: LotPlan, _ specimens: [LotSpecimen]) -> LotVerdict {
    var pieces = LotPieces(for: plan)
    for specimen in specimens { pieces.add(specimen) }
    return plan.verdict(on: pieces)
  }

  private func result(_ plan: LotPlan, _ pieces: [LotSpecimen]) -> LotResult {
    decision(plan, pieces).result
  }

  @Test func piecesThatDoNotConformAreCounted() throws {
    let good = Array(repeating: piece(), count: 20)
    let bad = piece(hcJ: 1500e3)
    let plan = try plan("2.5")
    #expect(plan.basis.sampleSize == 20)
    #expect(result(plan, good) == .accepted)
    #expect(result(plan, [bad] + good.dropLast()) == .accepted)
    #expect(result(plan, [bad, bad] + good.dropLast(2)) == .rejected)
    #expect(decision(plan, [bad, bad] + good.dropLast(2)).nonconforming == 2)
  }

  @Test func whatLiesBehindTheSampleDoesNotCount() throws {
    let good = Array(repeating: piece(), count: 20)
    let bad = Array(repeating: piece(hcJ: 1500e3), count: 5)
    let verdict = try decision(plan("2.5"), good + bad)
    #expect(verdict.result == .accepted)
    #expect(verdict.counted == 20 && verdict.nonconforming == 0)
    #expect(verdict.reasons.contains { $0.contains("first 20 of 25") })
  }

  // A piece without a decision may be of either kind: it decides only where it cannot change the outcome.
  @Test func piecesWithoutADecisionCountOnBothSides() throws {
    let good = Array(repeating: piece(), count: 20)
    let unsaturated = piece([.unsaturated])
    let bad = piece(hcJ: 1500e3)
    let plan = try plan("2.5")
    #expect(result(plan, [unsaturated] + good.dropLast()) == .accepted)
    #expect(result(plan, [.unread, bad] + good.dropLast(2)) == .undetermined)
    #expect(result(plan, [.unread, bad, bad] + good.dropLast(3)) == .rejected)
    #expect(result(plan, Array(good.dropLast())) == .accepted)
    #expect(result(plan, Array(good.dropLast(2))) == .undetermined)
    #expect(result(plan, []) == .undetermined)
    let verdict = decision(plan, Array(good.dropLast(2)))
    #expect(verdict.reasons.contains { $0.contains("asks for 20 pieces and 18 were given") })
  }

  @Test func reducedInspectionAcceptsInBetween() throws {
    // Reduced, letter F: 8 pieces, Ac = 1, Re = 4 at 6.5 %.
    let plan = try plan("6.5", .reduced)
    let good = Array(repeating: piece(), count: 8)
    let bad = piece(hcJ: 1500e3)
    let verdict = decision(plan, [bad, bad] + good.dropLast(2))
    #expect(plan.basis.sampleSize == 8)
    #expect(verdict.result == .accepted)
    #expect(verdict.reasons.contains { $0.contains("normal inspection") })
  }

  @Test func variablesNeedMarginFromEveryLimit() throws {
    let plan = LotPlan.variables(
      try VariablesPlan(lotSize: 40, limit: try AcceptanceQualityLimit("1.0")), .k)
    let n = plan.basis.sampleSize
    func pieces(mean: Double, step: Double) -> [LotSpecimen] {
      (0..<n).map { piece(hcJ: mean + step * (Double($0) - 0.5 * Double(n - 1))) }
    }
    // Br, HcB and (BH)max do not vary and lie inside: only HcJ decides. Its s is below 2 steps for these n.
    #expect(result(plan, pieces(mean: 1700e3, step: 1e3)) == .accepted)
    let close = decision(plan, pieces(mean: 1594e3, step: 5e3))
    #expect(close.result == .rejected)
    let decision = try #require(close.characteristics.first { $0.characteristic == .coercivityHcJ })
    #expect(!decision.isAccepted)
    #expect(abs(decision.decision.mean - 1594e3) < 1e-6)
    let others = close.characteristics.filter { $0.characteristic != .coercivityHcJ }
    #expect(others.map(\.isAccepted) == [true, true, true])
    #expect(result(plan, Array(pieces(mean: 1700e3, step: 1e3).dropLast())) == .undetermined)
    // One that cannot be judged has values that say nothing either.
    let open = Array(pieces(mean: 1700e3, step: 1e3).dropLast()) + [piece([.unsaturated])]
    #expect(result(plan, open) == .undetermined)
  }

  @Test func statisticsAreThoseOfTheValues() throws {
    var pieces = LotPieces(for: nil)
    for specimen in [1690e3, 1700e3, 1710e3].map({ piece(hcJ: $0) }) + [.unread] { pieces.add(specimen) }
    #expect(pieces.count == 4)
    let rows = LotCharacteristic.statistics(of: pieces)
    let row = try #require(rows.first { $0.characteristic == .coercivityHcJ })
    #expect(row.count == 3)
    #expect(row.mean == 1700e3)
    #expect(row.standardDeviation == 10e3)
    #expect(row.least == 1690e3 && row.largest == 1710e3)
    #expect(row.limits?.lower == 1592e3 && row.limits?.upper == nil)
    // Ppk = (mean − limit)/3s.
    #expect(abs((row.capability?.ppk.value ?? 0) - 108.0 / 30) < 1e-12)
    #expect(row.capability?.pp == nil)
    // The one-sided factor of three values for 95 % with 95 % is 7.656 (tables of Owen, 1968).
    #expect(abs((row.tolerance?.lower ?? 0) - (1700e3 - 7.656 * 10e3)) < 10)
    #expect(row.tolerance?.upper == nil)
  }
}
