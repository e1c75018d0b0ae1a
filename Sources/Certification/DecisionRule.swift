// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// How a value, its expanded uncertainty and a limit become a decision; agreed on before measuring.
///
/// Rules of ILAC-G8:09/2019, 4.2, which ISO/IEC 17025:2017, 7.1.3 and 7.8.6, ask to be stated.
public struct DecisionRule: Hashable, Sendable {
  /// A stable name, part of every verdict.
  public let id: String
  /// The rule in words.
  public let title: String
  /// The guard band as a multiple r of U: w = r·U.
  public let guardBand: Double
  /// Whether only pass and fail are possible.
  public let isBinary: Bool

  /// Simple acceptance: no guard band; up to 50 % risk of a false decision at the limit.
  public static let simple = DecisionRule(
    id: "simple", title: "simple acceptance, ILAC-G8:09/2019 4.2.1", guardBand: 0, isBinary: true)

  /// Binary with a guard band, w = U unless changed: at most 2.5 % risk of false acceptance.
  public static let guardBand = DecisionRule(
    id: "guard-band", title: "binary with guard band, ILAC-G8:09/2019 4.2.2", guardBand: 1,
    isBinary: true)

  /// Four outcomes with a guard band on both sides of the limit, w = U unless changed; the default.
  public static let ilacG8 = DecisionRule(
    id: "ilac-g8", title: "non-binary with guard band, ILAC-G8:09/2019 4.2.3", guardBand: 1,
    isBinary: false)

  /// Every rule.
  public static let all = [ilacG8, guardBand, simple]

  private init(id: String, title: String, guardBand: Double, isBinary: Bool) {
    self.id = id
    self.title = title
    self.guardBand = guardBand
    self.isBinary = isBinary
  }

  /// The rule of an id; nil when there is none.
  public init?(id: String) {
    guard let rule = Self.all.first(where: { $0.id == id }) else { return nil }
    self = rule
  }

  /// The same rule with w = r·U; nil when r is negative, and for `simple`, which has no guard band.
  public func withGuardBand(_ multiple: Double) -> DecisionRule? {
    guard multiple >= 0, multiple.isFinite, self != .simple || multiple == 0 else { return nil }
    return DecisionRule(id: id, title: title, guardBand: multiple, isBinary: isBinary)
  }

  /// The decision on a value with its U against one limit, all in one unit; the value is not rounded.
  public func decide(
    value: Double, expandedUncertainty: Double, limit: Double, side: LimitSide
  ) -> Conformity {
    let band = guardBand * expandedUncertainty
    // Upper limits are lower limits of the negative value.
    let y = side == .minimum ? value : -value
    let t = side == .minimum ? limit : -limit
    if y >= t + band { return .pass }
    guard !isBinary else { return .fail }
    if y >= t { return .conditionalPass }
    return y >= t - band ? .conditionalFail : .fail
  }
}

/// The probability that a normally distributed true value lies within the limits that are given.
///
/// JCGM 106:2012, 7.3 and 7.4; all numbers in one unit, `standardUncertainty` not negative.
public func probabilityOfConformity(
  value: Double, standardUncertainty: Double, lower: Double? = nil, upper: Double? = nil
) -> Double {
  guard standardUncertainty > 0 else {
    return value >= lower ?? -.infinity && value <= upper ?? .infinity ? 1 : 0
  }
  func above(_ limit: Double) -> Double {
    normalProbability(below: (value - limit) / standardUncertainty)
  }
  return max(0, (lower.map(above) ?? 1) - (upper.map(above) ?? 0))
}
