// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis

/// How far a limit can be trusted, the best first.
public enum Confidence: String, Hashable, Comparable, Sendable, CaseIterable {
  /// Read in a public page of a vendor or of a standard.
  case `public` = "public"
  /// The most common or the lowest limit over public vendor tables.
  case consensus = "consensus"
  /// Calculated from a stated formula.
  case computed = "computed"
  /// Well known, but not compared with the document; serves on request only.
  case unchecked = "unchecked"
  /// A placeholder value; never serves.
  case doubtful = "doubtful"

  /// Orders by trust: what can be trusted less is larger.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }

  static func refusal(of word: String) -> String {
    "“\(word)” is no degree of confidence; there are \(allCases.map(\.rawValue).joined(separator: ", "))"
  }
}

/// One limit of a grade.
public struct Limit: Hashable, Sendable {
  /// What is limited.
  public let characteristic: Characteristic
  /// On which side conforming values lie.
  public let side: LimitSide
  /// The limit, in `characteristic.unit`.
  public let value: Double
  /// The limit as the table prints it, with its unit, such as `955 kA/m`.
  public let printed: String
}

/// One grade of a table.
public struct Grade: Hashable, Sendable {
  /// The name, such as `N42SH`.
  public let name: String
  /// Other names that the table gives it, such as `AlNiCo 37/5`.
  public let aliases: [String]
  /// The coercivity class, such as `SH`; empty where the family has no classes.
  public let classMark: String
  /// How far its limits can be trusted.
  public let confidence: Confidence
  /// The limits; a side that the table does not give is not there.
  public let limits: [Limit]
  /// Typical Br in T, never a limit.
  public let typicalRemanence: Double?
  /// Typical (BH)max in J/m³, never a limit.
  public let typicalEnergyProduct: Double?
  /// Typical µrec.
  public let typicalRecoilPermeability: Double?
  /// Typical density in kg/m³.
  public let typicalDensity: Double?
  /// Largest working temperature in K, for information: it depends on the shape.
  public let maximumWorkingTemperature: Double?
  /// Relative change of Br in 1/K, negative when Br falls.
  public let remanenceCoefficient: Double?
  /// Relative change of HcJ in 1/K, negative when HcJ falls.
  public let coercivityCoefficient: Double?
  /// Where its figures are from, when that is not where the table's are.
  public let source: String?
  /// What else the table says.
  public let note: String?

  /// The limit of a characteristic on one side, in its SI unit; nil when the table gives none.
  public func limit(_ characteristic: Characteristic, _ side: LimitSide) -> Double? {
    limits.first { $0.characteristic == characteristic && $0.side == side }?.value
  }

  /// The names it goes by, reduced to what people do not vary.
  var reducedNames: [GradeName] { ([name] + aliases).map { GradeName($0) } }
}
