// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis

/// The outcome of a conformity decision, worst last but `undetermined`.
public enum Conformity: String, Codable, Hashable, Sendable, CaseIterable {
  /// Conforms.
  case pass = "pass"
  /// The value conforms, the guard band is not cleared (ILAC-G8:09/2019, 4.2.3).
  case conditionalPass = "conditional-pass"
  /// The value does not conform, by less than the guard band.
  case conditionalFail = "conditional-fail"
  /// Does not conform.
  case fail = "fail"
  /// Cannot be decided from this measurement.
  case undetermined = "undetermined"

  /// Whether the sample counts as conforming.
  public var conforms: Bool { self == .pass || self == .conditionalPass }
}

/// On which side of a limit conforming values lie.
public enum LimitSide: String, Codable, Hashable, Sendable {
  /// The value must not be below the limit.
  case minimum = "min"
  /// The value must not be above the limit.
  case maximum = "max"
}

/// The decision on one limit.
public struct CharacteristicVerdict: Hashable, Sendable {
  /// Which characteristic.
  public let characteristic: Characteristic
  /// Which side.
  public let side: LimitSide
  /// The limit, in `characteristic.unit`.
  public let limit: Double
  /// The measured value, in the same unit; nil when there is none.
  public let value: Double?
  /// U, in the same unit; nil when there is no value.
  public let expandedUncertainty: Double?
  /// The probability that the true value conforms (JCGM 106:2012, 7.3); nil when there is no value.
  public let probabilityOfConformity: Double?
  /// The decision.
  public let result: Conformity
  /// Why, when the rule alone does not say it; one sentence.
  public let reason: String?

  /// A decision from its parts; numbers in `characteristic.unit`.
  public init(
    characteristic: Characteristic, side: LimitSide, limit: Double, value: Double?,
    expandedUncertainty: Double?, probabilityOfConformity: Double?, result: Conformity, reason: String? = nil
  ) {
    self.characteristic = characteristic
    self.side = side
    self.limit = limit
    self.value = value
    self.expandedUncertainty = expandedUncertainty
    self.probabilityOfConformity = probabilityOfConformity
    self.result = result
    self.reason = reason
  }

  /// By how much the value misses the limit, in `characteristic.unit` and positive; nil when it keeps it.
  public var shortfall: Double? {
    guard let value else { return nil }
    let missing = side == .minimum ? limit - value : value - limit
    return missing > 0 ? missing : nil
  }
}

/// The decision on a sample against one grade.
public struct Verdict: Hashable, Sendable {
  /// The grade's name.
  public let grade: String
  /// The id of the table.
  public let table: String
  /// The edition of the table.
  public let edition: String
  /// How far the grade's limits can be trusted: `public`, `consensus`, `computed`, `unchecked`.
  public let confidence: String
  /// The id of the decision rule.
  public let rule: String
  /// The guard band as a multiple of U.
  public let guardBand: Double
  /// The worst of the characteristics, or `undetermined`.
  public let result: Conformity
  /// Why it is `undetermined` or limited to a conditional pass; sentences.
  public let reasons: [String]
  /// The limits that were tested.
  public let characteristics: [CharacteristicVerdict]

  /// A verdict from its parts.
  public init(
    grade: String, table: String, edition: String, confidence: String, rule: String, guardBand: Double,
    result: Conformity, reasons: [String], characteristics: [CharacteristicVerdict]
  ) {
    self.grade = grade
    self.table = table
    self.edition = edition
    self.confidence = confidence
    self.rule = rule
    self.guardBand = guardBand
    self.result = result
    self.reasons = reasons
    self.characteristics = characteristics
  }

  /// Which of Br, HcB, HcJ and (BH)max were reported but not judged, because no limit of them was tested.
  public var notLimited: [Characteristic] { Self.notLimited(by: characteristics.map(\.characteristic)) }

  /// Which of Br, HcB, HcJ and (BH)max are not among those that are limited.
  static func notLimited(by limited: [Characteristic]) -> [Characteristic] {
    [.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct].filter { !limited.contains($0) }
  }
}

/// A grade that a sample meets.
public struct MetGrade: Hashable, Sendable {
  /// The grade's name.
  public let name: String
  /// `pass` or `conditional-pass`.
  public let result: Conformity
  /// How far the grade's limits can be trusted.
  public let confidence: String
  /// Which of Br, HcB, HcJ and (BH)max it does not limit; archives do not hold it.
  public let notLimited: [Characteristic]

  /// A met grade from its parts.
  public init(
    name: String, result: Conformity, confidence: String, notLimited: [Characteristic] = []
  ) {
    self.name = name
    self.result = result
    self.confidence = confidence
    self.notLimited = notLimited
  }
}
