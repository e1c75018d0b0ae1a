// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import LotStatistics

/// The outcome of a lot.
public enum LotResult: String, Codable, Hashable, Sendable, CaseIterable {
  /// The sample is good enough.
  case accepted
  /// It is not.
  case rejected
  /// The measurements do not decide it.
  case undetermined
}

/// The decision on a lot by a sampling plan.
public struct LotVerdict: Hashable, Sendable {
  /// The plan.
  public let plan: LotPlan
  /// The decision.
  public let result: LotResult
  /// How many pieces counted, in the order given; at most as many as the plan asks for.
  public let counted: Int
  /// How many of them do not conform: conditional fail and fail.
  public let nonconforming: Int
  /// How many of them have no decision.
  public let undecided: Int
  /// What a plan by variables says of each limit; empty for attributes.
  public let characteristics: [LotCharacteristicVerdict]
  /// Why, in sentences.
  public let reasons: [String]
}

/// What a plan by variables says of one limit.
public struct LotCharacteristicVerdict: Hashable, Sendable {
  /// Which characteristic.
  public let characteristic: Characteristic
  /// On which side conforming values lie; nil for a minimum and a maximum judged together.
  public let side: LimitSide?
  /// The decision with its indices, in the characteristic's unit.
  public let decision: VariablesDecision
  /// Whether it accepts the lot, by the form of the plan.
  public let isAccepted: Bool
}

/// One piece of a lot, reduced to what the lot's verdict needs.
public struct LotSpecimen: Hashable, Sendable {
  /// A limit that pieces are judged by, in the characteristic's unit.
  public struct Limit: Hashable, Sendable {
    /// Which characteristic.
    public let characteristic: Characteristic
    /// On which side conforming values lie.
    public let side: LimitSide
    /// The limit.
    public let limit: Double

    /// A limit from its parts.
    public init(_ characteristic: Characteristic, _ side: LimitSide, _ limit: Double) {
      self.characteristic = characteristic
      self.side = side
      self.limit = limit
    }
  }

  /// The decision on it; nil when it was not judged or not read.
  public let result: Conformity?
  /// The limits that it was judged by.
  let limits: [Limit]
  /// Value and standard uncertainty of each characteristic that has them, in its unit.
  fileprivate let values: [Characteristic: Value]

  fileprivate struct Value: Hashable, Sendable {
    let value: Double
    let standardUncertainty: Double
  }

  /// A piece from its parts; values and standard uncertainties in each characteristic's unit.
  public init(
    result: Conformity?, limits: [Limit],
    values: [Characteristic: (value: Double, standardUncertainty: Double)]
  ) {
    self.result = result
    self.limits = limits
    self.values = values.mapValues { Value(value: $0.value, standardUncertainty: $0.standardUncertainty) }
  }

  /// A piece that was analysed; values at the reference temperature where they were asked for.
  public init(_ analysis: LoopAnalysis, verdict: Verdict?) {
    let estimates = analysis.reduced?.estimates ?? analysis.estimates
    self.init(
      result: verdict?.result,
      limits: verdict?.limits ?? [],
      values: Dictionary(estimates.map { ($0.characteristic, ($0.value, $0.standardUncertainty)) }) {
        first, _ in
        first
      })
  }

  /// A piece whose file gave no result.
  public static let unread = LotSpecimen(result: nil, limits: [], values: [:])

  /// A value in the characteristic's unit; nil when there is none.
  func value(of characteristic: Characteristic) -> Double? { values[characteristic]?.value }
}

/// The pieces of a lot in the order of production, as far as the decision on it and its statistics rest on them.
///
/// Only the first ones are kept, as many as a sampling plan looks at, so that a lot takes no more memory the larger it is.
public struct LotPieces: Hashable, Sendable {
  /// How many there are.
  public private(set) var count = 0
  /// The limits that they were judged by; empty when none was.
  public private(set) var limits: [LotSpecimen.Limit] = []
  /// The first ones.
  private(set) var first: [LotSpecimen] = []
  private(set) var values: [Characteristic: LotValues] = [:]
  private let keptCount: Int

  /// No pieces yet, of which a plan is going to look at the first ones.
  public init(for plan: LotPlan?) { keptCount = plan?.basis.sampleSize ?? 0 }

  /// Takes the next piece.
  public mutating func add(_ piece: LotSpecimen) {
    count += 1
    if limits.isEmpty { limits = piece.limits }
    if first.count < keptCount { first.append(piece) }
    for (characteristic, found) in piece.values
    where found.value.isFinite && found.standardUncertainty.isFinite {
      values[characteristic, default: LotValues()]
        .add(found.value, standardUncertainty: found.standardUncertainty)
    }
  }
}

extension Verdict {
  /// The limits that were tested.
  public var limits: [LotSpecimen.Limit] {
    characteristics.map { LotSpecimen.Limit($0.characteristic, $0.side, $0.limit) }
  }
}

extension LotPlan {
  /// The decision on a lot from its pieces, which were collected for this plan; the first ones are the sample.
  public func verdict(on pieces: LotPieces) -> LotVerdict {
    let sample = Array(pieces.first.prefix(basis.sampleSize))
    precondition(sample.count == min(pieces.count, basis.sampleSize), "pieces collected for another plan")
    let nonconforming = sample.count { $0.result == .fail || $0.result == .conditionalFail }
    let undecided = sample.count { $0.result == nil || $0.result == .undetermined }
    var reasons: [String] = []
    if pieces.count > basis.sampleSize {
      reasons.append(
        "The plan asks for \(basis.sampleSize) pieces; the first \(basis.sampleSize) of \(pieces.count) are the sample."
      )
    }
    if let lotSize = basis.lotSize, pieces.count > lotSize {
      reasons.append("\(pieces.count) pieces were given of a lot of \(lotSize).")
    }
    var characteristics: [LotCharacteristicVerdict] = []
    let result: LotResult
    switch self {
    case .attributes(let plan):
      result = Self.decide(
        plan, counted: sample.count, nonconforming: nonconforming, undecided: undecided, &reasons)
    case .variables(let plan, let form):
      (result, characteristics) = Self.decide(plan, form, sample, undecided: undecided, &reasons)
    }
    return LotVerdict(
      plan: self, result: result, counted: sample.count, nonconforming: nonconforming, undecided: undecided,
      characteristics: characteristics, reasons: reasons)
  }

  /// Pieces without a decision, and those that were not measured, could be of either kind: what they cannot change is
  /// decided all the same.
  private static func decide(
    _ plan: AttributePlan, counted: Int, nonconforming: Int, undecided: Int, _ reasons: inout [String]
  ) -> LotResult {
    let open = undecided + plan.sampleSize - counted
    let numbers = "Ac = \(plan.acceptanceNumber), Re = \(plan.rejectionNumber)"
    let found =
      "\(nonconforming) of \(counted) pieces \(nonconforming == 1 ? "does" : "do") not conform"
      + (counted < plan.sampleSize ? ", \(plan.sampleSize - counted) were not measured" : "")
    if nonconforming >= plan.rejectionNumber {
      reasons.append("\(found); \(numbers).")
      return .rejected
    }
    if plan.decision(nonconforming: nonconforming + open).isAccepted {
      reasons.append("\(found)\(open > 0 ? " for sure, \(open) more may not" : ""); \(numbers).")
      if plan.decision(nonconforming: nonconforming) == .acceptedButBackToNormal {
        reasons.append(
          "That is more than the acceptance number of reduced inspection: the next lot has normal inspection."
        )
      }
      return .accepted
    }
    if counted < plan.sampleSize {
      reasons.append(
        "The plan asks for \(plan.sampleSize) pieces and \(counted) were given; measure the others.")
    }
    if undecided > 0 {
      reasons.append(
        "\(undecided) of the pieces \(undecided == 1 ? "has" : "have") no decision, and \(numbers): measure "
          + "\(undecided == 1 ? "it" : "them") again.")
    }
    return .undetermined
  }

  private static func decide(
    _ plan: VariablesPlan, _ form: VariablesForm, _ sample: [LotSpecimen], undecided: Int,
    _ reasons: inout [String]
  ) -> (LotResult, [LotCharacteristicVerdict]) {
    guard let limits = sample.first(where: { !$0.limits.isEmpty })?.limits else {
      reasons.append("No piece was judged against limits.")
      return (.undetermined, [])
    }
    // Values that cannot be judged, such as those at another temperature, say nothing of the lot either.
    guard undecided == 0 else {
      reasons.append(
        "\(undecided) of \(sample.count) pieces \(undecided == 1 ? "has" : "have") no decision, and a plan by variables "
          + "needs values that can be judged.")
      return (.undetermined, [])
    }
    var verdicts: [LotCharacteristicVerdict] = []
    var isOpen = false
    for characteristic in Characteristic.allCases {
      let own = limits.filter { $0.characteristic == characteristic }
      guard !own.isEmpty else { continue }
      let values = sample.compactMap { $0.value(of: characteristic) }
      guard values.count == sample.count else {
        let missing = sample.count - values.count
        reasons.append(
          "\(characteristic.rawValue) has no value in \(missing) of \(sample.count) pieces, and a plan by variables "
            + "needs all.")
        isOpen = true
        continue
      }
      do throws(LotStatisticsError) {
        let range = try SpecificationLimits(
          lower: own.first { $0.side == .minimum }?.limit, upper: own.first { $0.side == .maximum }?.limit)
        let decision = try plan.decision(values: values, limits: range)
        guard form == .m || decision.isAcceptedByConstant != nil else {
          reasons.append(
            "\(characteristic.rawValue) has a minimum and a maximum, which k cannot judge together: use "
              + "variables-m.")
          isOpen = true
          continue
        }
        let isAccepted =
          form == .m ? decision.isAccepted : decision.isAcceptedByConstant ?? decision.isAccepted
        verdicts.append(
          LotCharacteristicVerdict(
            characteristic: characteristic, side: own.count == 1 ? own[0].side : nil, decision: decision,
            isAccepted: isAccepted))
        reasons.append("\(characteristic.rawValue): \(decision.sentence).")
      } catch {
        reasons.append("\(characteristic.rawValue): \(error.description).")
        isOpen = true
      }
    }
    if verdicts.contains(where: { !$0.isAccepted }) { return (.rejected, verdicts) }
    return (isOpen ? .undetermined : .accepted, verdicts)
  }
}
