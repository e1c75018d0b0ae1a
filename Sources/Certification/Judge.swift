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
  public var limitSelection: LimitSelection
  /// Whether grades whose limits are `unchecked` may serve.
  public var allowUnchecked: Bool
  /// The grades of the table, best first.
  private let ranked: [Grade]

  /// A judge from its parts.
  public init(
    table: GradeTable, rule: DecisionRule = .ilacG8, limitSelection: LimitSelection = .minimum,
    allowUnchecked: Bool = false
  ) {
    self.table = table
    self.rule = rule
    self.limitSelection = limitSelection
    self.allowUnchecked = allowUnchecked
    func product(_ grade: Grade) -> Double { grade.limit(.energyProduct, .minimum) ?? 0 }
    func coercivity(_ grade: Grade) -> Double { grade.limit(.coercivityHcJ, .minimum) ?? 0 }
    ranked = table.grades.sorted {
      (product($0), coercivity($0), $1.name) > (product($1), coercivity($1), $0.name)
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
    return ranking.filter { isWithin($0, evidence) }.map { verdict(on: evidence, against: $0) }
      .filter(\.result.conforms)
      .map {
        MetGrade(name: $0.grade, result: $0.result, confidence: $0.confidence, notLimited: $0.notLimited)
      }
  }

  /// The verdict on the grade next above the best one that the sample meets, which says why it is not met.
  ///
  /// Above no grade at all stands the least one of the table, unless maxima are tested too: then a piece may be too
  /// good for it. Nil when the best grade of the table is met, and when `obstacles(to:)` is not empty.
  public func nextBetter(than best: MetGrade?, for analysis: LoopAnalysis) -> Verdict? {
    let evidence = Evidence(analysis)
    guard obstacles(to: evidence).isEmpty, best != nil || limitSelection == .minimum else { return nil }
    let better = best.map { best in ranking.prefix { $0.name != best.name } } ?? ranking[...]
    return better.last.map { verdict(on: evidence, against: $0) }
  }

  /// The grades whose limits may serve, best first.
  private var ranking: [Grade] { ranked.filter { objection(to: $0) == nil } }

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

  /// Whether no value misses a limit of a grade; most grades of a table are out of the question for a piece.
  private func isWithin(_ grade: Grade, _ evidence: Evidence) -> Bool {
    limits(of: grade).allSatisfy { limit in
      guard let estimate = evidence.estimates[limit.characteristic] else { return true }
      return rule.decide(
        value: estimate.value, expandedUncertainty: estimate.expandedUncertainty, limit: limit.value,
        side: limit.side
      ).conforms
    }
  }

  private func worst(of results: [Conformity]) -> Conformity {
    [.fail, .undetermined, .conditionalFail, .conditionalPass].first(where: results.contains) ?? .pass
  }

  private func decision(on limit: Limit, _ evidence: Evidence) -> CharacteristicVerdict {
    let characteristic = limit.characteristic
    guard let estimate = evidence.estimates[characteristic] else {
      return missing(limit, evidence)
    }
    let rests = evidence.restsOnSwitching(characteristic)
    if rests, let flag = evidence.flags[.undersampled] {
      return evidence.undecided(limit, because: flag)
    }
    var result = rule.decide(
      value: estimate.value, expandedUncertainty: estimate.expandedUncertainty, limit: limit.value,
      side: limit.side)
    var reason: String?
    if result == .pass, rests, let flag = evidence.flags[.poleSaturation] {
      result = .conditionalPass
      reason = flag
    }
    return CharacteristicVerdict(
      characteristic: characteristic, side: limit.side, limit: limit.value, value: estimate.value,
      expandedUncertainty: estimate.expandedUncertainty,
      probabilityOfConformity: probabilityOfConformity(
        value: estimate.value, standardUncertainty: estimate.standardUncertainty,
        lower: limit.side == .minimum ? limit.value : nil,
        upper: limit.side == .maximum ? limit.value : nil),
      result: result, reason: reason)
  }

  /// A characteristic without a value can still be known to lie on one side of a limit.
  private func missing(_ limit: Limit, _ evidence: Evidence) -> CharacteristicVerdict {
    let absence = evidence.absences[limit.characteristic]
    guard let bound = absence?.lowerBound, limit.side == .minimum, bound >= limit.value else {
      let reason = absence.flatMap { evidence.flags[$0.reason] }
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
    return flagged.compactMap { evidence.flags[$0] } + [temperatureObstacle(evidence)].compactMap(\.self)
  }

  /// Limits hold near the table's reference temperature: from 1 K below to 7 K above it, the 19–27 °C that
  /// IEC TR 63304:2021 asks for at 20 °C.
  private func temperatureObstacle(_ evidence: Evidence) -> String? {
    guard let kelvin = evidence.temperature else { return evidence.flags[.temperature] }
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
    let words = flagged.compactMap { evidence.flags[$0] }
    return evidence.fieldIsInternal || evidence.flags[.noDemagnetisation] != nil
      ? words : words + ["Fields are applied ones; limits hold for the field inside the specimen."]
  }
}

/// An analysis with its estimates, absences and flags at hand.
private struct Evidence {
  let estimates: [Characteristic: CharacteristicEstimate]
  let absences: [Characteristic: Absence]
  /// The first message of each kind of flag.
  let flags: [Flag.Code: String]
  /// The temperature that the values hold at, in K.
  let temperature: Double?
  /// Whether that is another one than the loop's.
  let isReduced: Bool
  /// Whether fields are those inside the specimen.
  let fieldIsInternal: Bool

  init(_ analysis: LoopAnalysis) {
    // Values at the reference temperature, where they were asked for, are what limits are compared with.
    let reduced = analysis.reduced
    estimates = Dictionary(
      (reduced?.estimates ?? analysis.estimates).map { ($0.characteristic, $0) }
    ) { first, _ in first }
    absences = Dictionary(
      (reduced?.absences ?? analysis.absences).map { ($0.characteristic, $0) }
    ) { first, _ in first }
    flags = Dictionary(analysis.flags.map { ($0.code, $0.message) }) { first, _ in first }
    temperature = analysis.conditions.temperature.map { reduced?.temperature.si ?? $0.value.si }
    isReduced = reduced != nil
    fieldIsInternal = analysis.conditions.fieldIsInternal
  }

  /// Whether the value comes from the switching region: HcB too where the knee lies in front of it, as in ferrite and
  /// Alnico.
  func restsOnSwitching(_ characteristic: Characteristic) -> Bool {
    switch characteristic {
    case .coercivityHcJ, .kneeField, .squareness: true
    case .coercivityHcB:
      estimates[.coercivityHcB].flatMap { hcB in estimates[.kneeField].map { hcB.value > $0.value } } ?? false
    default: false
    }
  }

  func undecided(_ limit: Limit, because reason: String?) -> CharacteristicVerdict {
    decided(limit, .undetermined, because: reason)
  }

  /// A decision that rests on something else than the probability of a value.
  func decided(_ limit: Limit, _ result: Conformity, because reason: String?) -> CharacteristicVerdict {
    let estimate = estimates[limit.characteristic]
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
