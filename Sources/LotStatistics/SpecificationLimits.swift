// SPDX-License-Identifier: GPL-3.0-or-later

/// The least and the largest value that conform, one of them or both, in the unit of the values.
public struct SpecificationLimits: Hashable, Sendable {
  /// The least value that conforms; nil when there is none.
  public let lower: Double?
  /// The largest value that conforms; nil when there is none.
  public let upper: Double?

  /// Limits; throws a sentence when both are absent, one is not finite, or they leave no room.
  public init(lower: Double? = nil, upper: Double? = nil) throws(LotStatisticsError) {
    guard lower != nil || upper != nil else {
      throw LotStatisticsError(
        "a characteristic without a lower and an upper limit cannot be judged; give one")
    }
    for limit in [lower, upper].compactMap(\.self) where !limit.isFinite {
      throw LotStatisticsError("a limit of \(limit) cannot be used; give a finite number")
    }
    if let lower, let upper, lower >= upper {
      throw LotStatisticsError("the lower limit \(lower) is not below the upper limit \(upper)")
    }
    self.lower = lower
    self.upper = upper
  }

  /// The distances to both limits in units of σ, positive inside.
  ///
  /// A σ of 0 gives ±∞, +∞ on the limit itself.
  func indices(mean: Double, sigma: Double) -> (lower: Double?, upper: Double?) {
    func index(_ distance: Double) -> Double {
      sigma > 0 ? distance / sigma : distance < 0 ? -.infinity : .infinity
    }
    return (lower.map { index(mean - $0) }, upper.map { index($0 - mean) })
  }
}
