// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Measurements
internal import Quantities

/// Judges the analysis of a loop against the grades of one table by one decision rule.
public struct Judge: Hashable, Sendable {
  /// Which limits of a grade are tested.
  public enum LimitSelection: String, Hashable, Sendable, CaseIterable {
    /// Minima only: what certificates usually promise.
    case minimum = "min"
    /// Minima and maxima.
    case minimumAndMaximum = "min-max"
  }

  /// The table.
  public let table: GradeTable
  /// The rule.
  public var rule: DecisionRule
  /// The limits that are tested.
  public var limitSelection: LimitSelection { didSet { rank() } }
  /// Whether grades whose limits are `unchecked` may serve.
  public var allowUnchecked: Bool { didSet { rank() } }
  /// The grades whose limits may serve, best first: asked for piece after piece.
  private var ranking: [Contender] = []

  /// A grade with what a piece is compared with.
  private struct Contender: Hashable, Sendable {
    let grade: Grade
    /// The limits that are tested.
    let limits: [Limit]
    let notLimited: [Characteristic]
  }

  /// A judge from its parts.
  public init(
    table: GradeTable, rule: DecisionRule = .ilacG8, limitSelection: LimitSelection = .minimum,
    allowUnchecked: Bool = false
  ) {
    self.table = table
    self.rule = rule
    self.limitSelection = limitSelection
    self.allowUnchecked = allowUnchecked
    rank()
  }

  private mutating func rank() {
    func product(_ grade: Grade) -> Double { grade.limit(.energyProduct, .minimum) ?? 0 }
    func coercivity(_ grade: Grade) -> Double { grade.limit(.coercivityHcJ, .minimum) ?? 0 }
    ranking = table.grades.filter { objection(to: $0) == nil }.sorted {
      (product($0), coercivity($0), $1.name) > (product($1), coercivity($1), $0.name)
    }.map { grade in
      let limits = limits(of: grade)
      return Contender(
        grade: grade, limits: limits, notLimited: Verdict.notLimited(by: limits.map(\.characteristic)))
    }
  }

  /// The decision on one sample against one grade.
  ///
  /// A proven miss of one limit is a `fail` even when another characteristic has no value; else one that
  /// cannot be decided makes the whole `undetermined`; else the worst limit counts.
  public func verdict(on analysis: LoopAnalysis, against grade: Grade) -> Verdict {
    verdict(on: Evidence(analysis), against: grade)
  }

  /// Every grade that the sample meets, best first: by minimum (BH)max, then by minimum HcJ.
  ///
  /// Empty when `obstacles(to:)` is not, and when no grade is met.
  public func gradesMet(by analysis: LoopAnalysis) -> [MetGrade] {
    let evidence = Evidence(analysis)
    guard obstacles(to: evidence).isEmpty else { return [] }
    let best = reservations(about: evidence).isEmpty ? Conformity.pass : .conditionalPass
    return ranking.compactMap { contender in
      conformity(of: evidence, to: contender.limits, atBest: best).map {
        MetGrade(
          name: contender.grade.name, result: $0, confidence: contender.grade.confidence.rawValue,
          notLimited: contender.notLimited)
      }
    }
  }

  /// How a piece conforms to all limits of a grade; nil when it does not, or there is none.
  ///
  /// Most grades of a table are out of the question for a piece, and need no verdict with its reasons.
  private func conformity(
    of evidence: Evidence, to limits: [Limit], atBest best: Conformity
  ) -> Conformity? {
    guard !limits.isEmpty else { return nil }
    var worst = best
    for limit in limits {
      let result =
        evidence.estimate(limit.characteristic).map { decide(limit, $0, evidence).result }
        ?? missing(limit, evidence).result
      guard result.conforms else { return nil }
      if result == .conditionalPass { worst = result }
    }
    return worst
  }

  /// The verdict on the grade next above the best one that the sample meets, which says why it is not met.
  ///
  /// Above no grade at all stands the least one of the table, unless maxima are tested too: then a piece may be too
  /// good for it. Nil when the best grade of the table is met, and when `obstacles(to:)` is not empty.
  public func nextBetter(than best: MetGrade?, for analysis: LoopAnalysis) -> Verdict? {
    let evidence = Evidence(analysis)
    guard obstacles(to: evidence).isEmpty, best != nil || limitSelection == .minimum else { return nil }
    let better = best.map { best in ranking.prefix { $0.grade.name != best.name } } ?? ranking[...]
    return better.last.map { verdict(on: evidence, against: $0.grade) }
  }

  /// Why this loop cannot be judged against any grade of the table; sentences, empty when it can.
  public func obstacles(to analysis: LoopAnalysis) -> [String] { obstacles(to: Evidence(analysis)) }

  private func verdict(on evidence: Evidence, against grade: Grade) -> Verdict {
    let limits = limits(of: grade)
    var obstacles = obstacles(to: evidence)
    if let objection = objection(to: grade) { obstacles.append(objection) }
    if limits.isEmpty { obstacles.append("The table gives \(grade.name) no limit of the kind to be tested.") }
    let decisions = limits.map { limit in
      obstacles.isEmpty ? decision(on: limit, evidence) : evidence.undecided(limit, because: nil)
    }
    var result = obstacles.isEmpty ? worst(of: decisions.map(\.result)) : .undetermined
    let reservations = reservations(about: evidence)
    if result == .pass, !reservations.isEmpty { result = .conditionalPass }
    return Verdict(
      grade: grade.name, table: table.id, edition: table.edition, confidence: grade.confidence.rawValue,
      rule: rule.id, guardBand: rule.guardBand, result: result, reasons: obstacles + reservations,
      characteristics: decisions)
  }

  private func limits(of grade: Grade) -> [Limit] {
    grade.limits.filter { limitSelection == .minimumAndMaximum || $0.side == .minimum }
  }

  private func worst(of results: [Conformity]) -> Conformity {
    [.fail, .undetermined, .conditionalFail, .conditionalPass].first(where: results.contains) ?? .pass
  }

  private func decision(on limit: Limit, _ evidence: Evidence) -> CharacteristicVerdict {
    guard let estimate = evidence.estimate(limit.characteristic) else { return missing(limit, evidence) }
    let (result, reason) = decide(limit, estimate, evidence)
    guard result != .undetermined else { return evidence.undecided(limit, because: reason) }
    return CharacteristicVerdict(
      characteristic: limit.characteristic, side: limit.side, limit: limit.value, value: estimate.value,
      expandedUncertainty: estimate.expandedUncertainty,
      probabilityOfConformity: probabilityOfConformity(
        value: estimate.value, standardUncertainty: estimate.standardUncertainty,
        lower: limit.side == .minimum ? limit.value : nil,
        upper: limit.side == .maximum ? limit.value : nil),
      result: result, reason: reason)
  }

  /// What the rule makes of a value, and why when the rule alone does not say it.
  private func decide(
    _ limit: Limit, _ estimate: Evidence.Estimate, _ evidence: Evidence
  ) -> (result: Conformity, reason: String?) {
    let rests = evidence.restsOnSwitching(limit.characteristic)
    if rests, let flag = evidence.flag(.undersampled) { return (.undetermined, flag) }
    let result = rule.decide(
      value: estimate.value, expandedUncertainty: estimate.expandedUncertainty, limit: limit.value,
      side: limit.side)
    if result == .pass, rests, let flag = evidence.flag(.poleSaturation) { return (.conditionalPass, flag) }
    return (result, nil)
  }

  /// A characteristic without a value can still be known to lie on one side of a limit.
  private func missing(_ limit: Limit, _ evidence: Evidence) -> CharacteristicVerdict {
    let absence = evidence.absences.first { $0.characteristic == limit.characteristic }
    guard let bound = absence?.lowerBound, limit.side == .minimum, bound >= limit.value else {
      let reason = absence.flatMap { evidence.flag($0.reason) }
      return evidence.undecided(
        limit, because: reason ?? "\(limit.characteristic.rawValue) has no value in this measurement.")
    }
    return evidence.decided(
      limit, .conditionalPass,
      because: "\(limit.characteristic.rawValue) is only known to exceed "
        + "\(limit.characteristic.text(of: bound)), which is not below the limit of \(limit.printed).")
  }

  /// Why a grade's limits may not serve.
  private func objection(to grade: Grade) -> String? {
    switch grade.confidence {
    case .doubtful:
      "The limits of \(grade.name) in \(table.id) are doubtful and never serve for a verdict."
    case .unchecked where !allowUnchecked:
      "The limits of \(grade.name) in \(table.id) have not been checked against a document; "
        + "--allow-unchecked judges by them all the same."
    default: nil
    }
  }

  private func obstacles(to evidence: Evidence) -> [String] {
    let flagged: [Flag.Code] = [
      .unsaturated, .multipleCrossings, .noVolume, .implausible, .reversedPolarity, .clipped,
    ]
    return flagged.compactMap(evidence.flag) + [temperatureObstacle(evidence)].compactMap(\.self)
  }

  /// Limits hold near the table's reference temperature: from 1 K below to 7 K above it, the 19–27 °C that
  /// IEC TR 63304:2021 asks for at 20 °C.
  private func temperatureObstacle(_ evidence: Evidence) -> String? {
    guard let kelvin = evidence.temperature else { return evidence.flag(.temperature) }
    let excess = kelvin - table.referenceTemperature
    guard excess < -1 || excess > 7 else { return nil }
    func celsius(_ kelvin: Double) -> String { "\(((kelvin - 273.15) * 10).rounded() / 10) °C" }
    let verb = evidence.isReduced ? "reduced to" : "measured at"
    return "The loop was \(verb) \(celsius(kelvin)); the limits of \(table.id) hold at "
      + "\(celsius(table.referenceTemperature)), another temperature."
  }

  /// What keeps a verdict from being better than a conditional pass.
  private func reservations(about evidence: Evidence) -> [String] {
    let flagged: [Flag.Code] = [
      .noTemperature, .interpolation, .sparse, .asymmetric, .modelMisfit, .noDemagnetisation,
    ]
    let words = flagged.compactMap(evidence.flag)
    return evidence.fieldIsInternal || evidence.flag(.noDemagnetisation) != nil
      ? words : words + ["Fields are applied ones; limits hold for the field inside the specimen."]
  }
}

/// An analysis with its estimates, absences and flags at hand.
private struct Evidence {
  /// What of an estimate limits are compared with.
  struct Estimate {
    let characteristic: Characteristic
    let value: Double
    let standardUncertainty: Double
    let expandedUncertainty: Double
  }

  /// There are few of each, and looking through them is faster than hashing.
  private let estimates: [Estimate]
  let absences: [Absence]
  private let flags: [Flag]
  /// The temperature that the values hold at, in K.
  let temperature: Double?
  /// Whether that is another one than the loop's.
  let isReduced: Bool
  /// Whether fields are those inside the specimen.
  let fieldIsInternal: Bool

  init(_ analysis: LoopAnalysis) {
    // Values at the reference temperature, where they were asked for, are what limits are compared with.
    let reduced = analysis.reduced
    estimates = (reduced?.estimates ?? analysis.estimates).map {
      Estimate(
        characteristic: $0.characteristic, value: $0.value, standardUncertainty: $0.standardUncertainty,
        expandedUncertainty: $0.expandedUncertainty)
    }
    absences = reduced?.absences ?? analysis.absences
    flags = analysis.flags
    temperature = analysis.conditions.temperature.map { reduced?.temperature.si ?? $0.value.si }
    isReduced = reduced != nil
    fieldIsInternal = analysis.conditions.fieldIsInternal
  }

  func estimate(_ characteristic: Characteristic) -> Estimate? {
    estimates.first { $0.characteristic == characteristic }
  }

  /// The first message of a kind of flag.
  func flag(_ code: Flag.Code) -> String? { flags.first { $0.code == code }?.message }

  /// Whether the value comes from the switching region: HcB too where the knee lies in front of it, as in ferrite and
  /// Alnico.
  func restsOnSwitching(_ characteristic: Characteristic) -> Bool {
    switch characteristic {
    case .coercivityHcJ, .kneeField, .squareness: true
    case .coercivityHcB:
      estimate(.coercivityHcB).flatMap { hcB in estimate(.kneeField).map { hcB.value > $0.value } } ?? false
    default: false
    }
  }

  func undecided(_ limit: Limit, because reason: String?) -> CharacteristicVerdict {
    decided(limit, .undetermined, because: reason)
  }

  /// A decision that rests on something else than the probability of a value.
  func decided(_ limit: Limit, _ result: Conformity, because reason: String?) -> CharacteristicVerdict {
    let estimate = estimate(limit.characteristic)
    return CharacteristicVerdict(
      characteristic: limit.characteristic, side: limit.side, limit: limit.value, value: estimate?.value,
      expandedUncertainty: estimate?.expandedUncertainty, probabilityOfConformity: nil, result: result,
      reason: reason)
  }
}

extension Characteristic {
  /// A value with one decimal in the unit of grade tables, for sentences.
  fileprivate func text(of value: Double) -> String {
    switch unit {
    case .amperePerMetre: "\((value / 100).rounded() / 10) kA/m"
    case .joulePerCubicMetre: "\((value / 100).rounded() / 10) kJ/m³"
    default: "\(value) \(unit.rawValue)"
    }
  }
}
