// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
public import Measurements
public import Quantities

/// What one specimen gave: the part of a line of `magcert.result/1` that a certificate answers for.
///
/// Keys are those of that schema, so that a certificate and an archived record are compared place by place.
public struct CertifiedResult: Codable, Hashable, Sendable {
  /// Where the loop came from.
  public struct Source: Codable, Hashable, Sendable {
    /// One of several loops of a file, counted from 1.
    public struct Loop: Codable, Hashable, Sendable {
      /// Which.
      public var index: Int
      /// Of how many.
      public var count: Int
    }
    /// The path as the user gave it.
    public var path: String
    /// The SHA-256 of the file, 64 hexadecimal digits.
    public var sha256: String?
    /// The driver that read it.
    public var instrument: String?
    /// The instrument's model as the file names it.
    public var model: String?
    /// When it was measured, local time, ISO 8601.
    public var measured: String?
    /// Which of several loops of the file.
    public var loop: Loop?
  }

  /// A number with its unit and where it came from.
  public struct Number: Codable, Hashable, Sendable {
    /// The number.
    public var value: Double
    /// Its unit.
    public var unit: SIUnit
    /// Where it came from.
    public var origin: Origin?
  }

  /// The specimen.
  public struct Specimen: Codable, Hashable, Sendable {
    /// Lengths with their unit; the last lies along the field.
    public struct Size: Codable, Hashable, Sendable {
      /// The lengths.
      public var values: [Double]
      /// Their unit.
      public var unit: SIUnit
      /// Where they came from.
      public var origin: Origin
    }
    /// The name.
    public var id: String?
    /// The lot as the file or the user names it.
    public var lot: String?
    /// The material.
    public var material: String?
    /// The mass.
    public var mass: Number?
    /// The density.
    public var density: Number?
    /// The volume.
    public var volume: Number?
    /// The shape.
    public var shape: String?
    /// The size.
    public var size: Size?
  }

  /// The conditions that the values hold for.
  public struct Conditions: Codable, Hashable, Sendable {
    /// The specimen's temperature.
    public var temperature: Number?
    /// Open or closed circuit.
    public var circuit: Circuit
    /// The demagnetising factor that was applied.
    public var demagnetisingFactor: Double?
    /// `internal` or `applied`.
    public var field: FieldKind
    /// The largest field.
    public var maximumField: Number?
    /// |dH/dt| where J = 0.
    public var sweepRate: Number?
  }

  /// Which field values are given for.
  public enum FieldKind: String, Codable, Hashable, Sendable {
    /// The field inside the specimen.
    case inside = "internal"
    /// The applied field.
    case applied
  }

  /// A value with its uncertainty.
  public struct Value: Codable, Hashable, Sendable {
    /// The value.
    public var value: Double
    /// Its unit, and that of the uncertainties.
    public var unit: SIUnit
    /// The combined standard uncertainty u.
    public var standardUncertainty: Double?
    /// U = k·u.
    public var expandedUncertainty: Double?
    /// k.
    public var coverageFactor: Double?
    /// The probability that U is meant to cover.
    public var coverageProbability: Double?
    /// The effective degrees of freedom; nil when infinite.
    public var degreesOfFreedom: Double?
    /// The id of definition and estimator.
    public var method: String
  }

  /// A characteristic without a value.
  public struct Missing: Codable, Hashable, Sendable {
    /// Which.
    public var quantity: Characteristic
    /// The code of the flag that explains it.
    public var reason: String
    /// What the value is known to exceed.
    public var lowerBound: Double?
    /// The unit of the bound.
    public var unit: SIUnit?
  }

  /// Values referred to another temperature.
  public struct Reduced: Codable, Hashable, Sendable {
    /// That temperature.
    public var temperature: Number?
    /// The values, by the names of `Characteristic`.
    public var quantities: [String: Value]
    /// What has no value there.
    public var absent: [Missing]
  }

  /// What was done to the data.
  public struct Correction: Codable, Hashable, Sendable {
    /// Its id.
    public var id: String
    /// What it used and found.
    public var parameters: [String: Number]
  }

  /// Something that a reader of the numbers must know, in English.
  public struct Message: Codable, Hashable, Sendable {
    /// Its kind.
    public var code: String
    /// One sentence.
    public var message: String
  }

  /// The decision against one grade.
  public struct Judgement: Codable, Hashable, Sendable {
    /// The decision on one limit.
    public struct Decision: Codable, Hashable, Sendable {
      /// Which characteristic.
      public var quantity: Characteristic
      /// Which side conforming values lie on.
      public var side: LimitSide
      /// The limit.
      public var limit: Double?
      /// The unit of all numbers but the probability.
      public var unit: SIUnit
      /// The value.
      public var value: Double?
      /// U.
      public var expandedUncertainty: Double?
      /// The probability that the true value conforms.
      public var probabilityOfConformity: Double?
      /// By how much the value misses the limit; absent when it does not.
      public var shortfall: Double?
      /// The decision.
      public var result: Conformity
      /// Why, when the rule alone does not say it.
      public var reason: String?
    }
    /// The grade.
    public var grade: String
    /// The id of the table.
    public var table: String
    /// Its edition.
    public var edition: String
    /// How far its limits can be trusted.
    public var confidence: String
    /// The id of the decision rule.
    public var rule: String
    /// The guard band as a multiple of U.
    public var guardBand: Double?
    /// The decision.
    public var result: Conformity
    /// Why it is undetermined or limited.
    public var reasons: [String]
    /// The decision on each limit.
    public var characteristics: [Decision]
    /// What the table gives no limit for.
    public var notLimited: [Characteristic]
  }

  /// A grade that the specimen meets.
  public struct Grade: Codable, Hashable, Sendable {
    /// The grade.
    public var name: String
    /// `pass` or `conditional-pass`.
    public var result: Conformity
    /// How far its limits can be trusted.
    public var confidence: String
    /// What the table gives no limit for.
    public var notLimited: [Characteristic]
  }

  /// Where the loop came from.
  public var source: Source
  /// The specimen.
  public var sample: Specimen
  /// The conditions.
  public var conditions: Conditions
  /// The name of the Type B uncertainty budget.
  public var budgetName: String
  /// The values, by the names of `Characteristic`.
  public var quantities: [String: Value]
  /// What has no value.
  public var absent: [Missing]
  /// The values at another temperature, which verdicts rest on where they are there.
  public var reduced: Reduced?
  /// What was done to the data, in order.
  public var corrections: [Correction]
  /// Warnings.
  public var flags: [Message]
  /// What the driver did that is not plain from the data.
  public var notes: [Message]
  /// The decision against one grade; nil when none was asked for.
  public var verdict: Judgement?
  /// The grades that are met, best first; nil when they were not looked for.
  public var gradeResults: [Grade]?

  /// What a line of `magcert.result/1` says of a specimen.
  ///
  /// Throws one sentence that names the key when the line is no such result.
  public init(record: String) throws(CertificateError) {
    self = try JSONValue(reading: Array(record.utf8)).decoded(as: CertifiedResult.self)
  }

  /// The specimen's name, else the last part of the path, with the loop's number where there are several.
  public var name: String {
    if let id = sample.id, !id.isEmpty { return id }
    let file = source.path.split(separator: "/").last.map(String.init) ?? source.path
    return source.loop.map { "\(file) (\($0.index)/\($0.count))" } ?? file
  }
}

/// A file that gave no result: a line of `magcert.result/1` with an error.
public struct CertifiedFailure: Codable, Hashable, Sendable {
  /// Why.
  public struct Reason: Codable, Hashable, Sendable {
    /// Its kind.
    public var code: String
    /// One sentence.
    public var message: String
    /// The line, counted from 1.
    public var line: Int?
    /// The column's name.
    public var column: String?
  }
  /// The file.
  public var source: CertifiedResult.Source
  /// Why it gave no result.
  public var error: Reason

  /// What a line of `magcert.result/1` says of a file that failed; throws when the line is no such result.
  public init(record: String) throws(CertificateError) {
    self = try JSONValue(reading: Array(record.utf8)).decoded(as: CertifiedFailure.self)
  }
}
