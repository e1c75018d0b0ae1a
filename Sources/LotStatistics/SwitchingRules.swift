// SPDX-License-Identifier: GPL-3.0-or-later

/// The result of one lot, as the switching rules need it.
public struct LotRecord: Hashable, Sendable {
  /// The plan by which the lot was inspected.
  public var plan: AttributePlan
  /// The number of pieces in the sample that did not conform.
  public var nonconforming: Int
  /// Whether the lot was presented for the first time; lots presented again do not count.
  public var isOriginal: Bool
  /// Whether production ran steadily until this lot.
  public var isSteady: Bool
  /// Whether the supplier had acted, and the customer agreed, after inspection had been discontinued.
  public var followsCorrection: Bool

  /// A record; by default of an original lot from steady production.
  public init(
    plan: AttributePlan, nonconforming: Int, isOriginal: Bool = true, isSteady: Bool = true,
    followsCorrection: Bool = false
  ) {
    precondition(nonconforming >= 0, "\(nonconforming) pieces that do not conform")
    self.plan = plan
    self.nonconforming = nonconforming
    self.isOriginal = isOriginal
    self.isSteady = isSteady
    self.followsCorrection = followsCorrection
  }
}

/// What has to be shown before inspection is reduced.
public enum ReductionRule: Hashable, Sendable {
  /// Inspection is never reduced; what holds unless the responsible authority wishes otherwise.
  case never
  /// A switching score of 30 or more: ISO 2859-1:1999, 9.3.3.
  case switchingScore
  /// Ten lots in a row accepted, with at most so many nonconforming pieces in all their samples.
  ///
  /// The number stands in table VIII of MIL-STD-105E (ANSI/ASQ Z1.4, table VIII) by AQL and the pieces of ten samples.
  case limitNumber(Int)
}

/// Which inspection the next lot gets, and why.
public struct InspectionState: Hashable, Sendable {
  /// The severity of the next lot's inspection; nil when inspection is discontinued.
  public var severity: InspectionSeverity?
  /// Why, in one sentence with the rule's clause.
  public var reason: String
  /// The number of lots, from the first, after which this state began.
  public var since: Int
  /// Lots that did not count: presented again, or inspected at another severity than the rules asked for.
  public var ignoredLots: Int
}

/// The switching rules of MIL-STD-105E, ANSI/ASQ Z1.4 (8.3 and 8.4) and ISO 2859-1 (9.3 and 9.4).
public enum SwitchingRules {
  /// The state after a history of lots in order of inspection, each with the plan used.
  ///
  /// Inspection starts as normal. A lot counts only if it was presented for the first time and inspected at the severity
  /// that the rules asked for.
  public static func state(after lots: [LotRecord], reduction: ReductionRule = .never) -> InspectionState {
    var machine = Machine(reduction: reduction)
    for lot in lots { machine.count(lot) }
    return machine.state
  }

  private struct Machine {
    let reduction: ReductionRule
    var state = InspectionState(
      severity: .normal, reason: "normal: inspection starts so (ANSI/ASQ Z1.4, 8.1)", since: 0, ignoredLots: 0
    )
    private var lots = 0
    /// Lots since the state began, the newest last.
    private var passed: [Bool] = []
    private var nonconforming: [Int] = []
    private var score = 0

    init(reduction: ReductionRule) { self.reduction = reduction }

    mutating func count(_ lot: LotRecord) {
      lots += 1
      if state.severity == nil, lot.followsCorrection {
        begin(
          .tightened, "tightened: inspection was resumed after corrective action (ISO 2859-1:1999, 9.4)",
          from: lots - 1)
      }
      guard lot.isOriginal, let severity = state.severity, lot.plan.severity == severity else {
        state.ignoredLots += 1
        return
      }
      let decision = lot.plan.decision(nonconforming: lot.nonconforming)
      passed.append(decision.isAccepted)
      nonconforming.append(lot.nonconforming)
      switch severity {
      case .normal: afterNormal(lot, decision)
      case .tightened: afterTightened()
      case .reduced: afterReduced(lot, decision)
      }
    }

    private mutating func begin(_ severity: InspectionSeverity?, _ reason: String, from lot: Int) {
      state = InspectionState(severity: severity, reason: reason, since: lot, ignoredLots: state.ignoredLots)
      (passed, nonconforming, score) = ([], [], 0)
    }

    private mutating func afterNormal(_ lot: LotRecord, _ decision: AttributeDecision) {
      let rejected = passed.suffix(5).count { !$0 }
      guard rejected < 2 else {
        return begin(
          .tightened,
          "tightened: \(rejected) of the last \(min(5, passed.count)) lots were rejected "
            + "(2 of 5 or fewer in a row: ANSI/ASQ Z1.4, 8.3.1)", from: lots)
      }
      updateScore(lot, decision)
      guard lot.isSteady else { return }
      switch reduction {
      case .never: break
      case .switchingScore where score >= 30:
        begin(
          .reduced,
          "reduced: the switching score reached \(score) of 30 with steady production (ISO 2859-1:1999, 9.3.3)",
          from: lots)
      case .limitNumber(let most):
        let bad = nonconforming.suffix(10).reduce(0, +)
        guard passed.count >= 10, passed.suffix(10).allSatisfy(\.self), bad <= most else { return }
        begin(
          .reduced,
          "reduced: ten lots in a row were accepted, with \(bad) nonconforming pieces of at most \(most), "
            + "in steady production (ANSI/ASQ Z1.4, 8.3.3)", from: lots)
      case .switchingScore: break
      }
    }

    /// ISO 2859-1:1999, 9.3.3.2: 3 points when a lot would pass one AQL step tighter, 2 for Ac of 0 or 1, else back to 0.
    private mutating func updateScore(_ lot: LotRecord, _ decision: AttributeDecision) {
      if lot.plan.acceptanceNumber >= 2 {
        let isGood = lot.plan.wouldPassOneStepTighter(nonconforming: lot.nonconforming) ?? false
        score = isGood ? score + 3 : 0
      } else {
        score = decision.isAccepted ? score + 2 : 0
      }
    }

    private mutating func afterTightened() {
      let rejected = passed.count { !$0 }
      if rejected >= 5 {
        begin(
          nil,
          "discontinued: 5 lots were rejected under tightened inspection; it resumes as tightened after corrective "
            + "action (ANSI/ASQ Z1.4, 8.4; ISO 2859-1:1999, 9.4)", from: lots)
      } else if passed.count >= 5, passed.suffix(5).allSatisfy(\.self) {
        begin(
          .normal, "normal: 5 lots in a row were accepted under tightened inspection (ANSI/ASQ Z1.4, 8.3.2)",
          from: lots)
      }
    }

    private mutating func afterReduced(_ lot: LotRecord, _ decision: AttributeDecision) {
      let reason: String
      switch decision {
      case .rejected: reason = "a lot was rejected under reduced inspection"
      case .acceptedButBackToNormal:
        reason =
          "a lot under reduced inspection had \(lot.nonconforming) nonconforming pieces, more than "
          + "\(lot.plan.acceptanceNumber) and fewer than \(lot.plan.rejectionNumber)"
      case .accepted:
        guard !lot.isSteady else { return }
        reason = "production became irregular"
      }
      begin(.normal, "normal: \(reason) (ANSI/ASQ Z1.4, 8.3.4)", from: lots)
    }
  }
}
