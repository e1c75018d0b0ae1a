// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// A capability or performance index with its confidence interval.
public struct CapabilityIndex: Hashable, Sendable {
  /// The index.
  public let value: Double
  /// The lower end of the two-sided interval.
  public let lower: Double
  /// The upper end of the two-sided interval.
  public let upper: Double
  /// What the index reaches at least with the whole confidence on one side.
  public let lowerBound: Double
  /// The confidence of interval and bound.
  public let confidence: Double
  /// How the interval was made.
  public let method: String
}

/// Cp, Cpk, Pp and Ppk of a normally distributed characteristic (ISO 22514-2, ISO 22514-4).
///
/// Cp and Cpk rest on the spread within subgroups or between neighbours, Pp and Ppk on the spread of all values. With one
/// limit there are only the one-sided indices Cpk and Ppk.
public struct ProcessCapability: Hashable, Sendable {
  /// The mean of all values, in their unit.
  public let mean: Double
  /// The standard deviation within subgroups or between neighbours.
  public let withinSigma: Double
  /// The degrees of freedom that the estimate of `withinSigma` is worth.
  public let withinDegrees: Double
  /// The standard deviation of all values, n − 1 in its denominator.
  public let overallSigma: Double
  /// (upper − lower)/6σ within; nil with one limit.
  public let cp: CapabilityIndex?
  /// The distance of the mean to the nearer limit over 3σ within.
  public let cpk: CapabilityIndex
  /// (upper − lower)/6s overall; nil with one limit.
  public let pp: CapabilityIndex?
  /// The distance of the mean to the nearer limit over 3s overall.
  public let ppk: CapabilityIndex

  /// The indices of single values in order of production; σ within is the mean moving range over d2.
  ///
  /// Throws a sentence for fewer than 3 values, values that are not finite, and values that do not vary.
  public init(
    individuals values: RunningValues, limits: SpecificationLimits, confidence: Double = 0.95
  ) throws(LotStatisticsError) {
    try values.require(atLeast: 3, for: "a capability index")
    try self.init(
      values.moments, within: values.meanMovingRange * 0.5 * Double.pi.squareRoot(),
      degrees: Self.degreesOfMovingRanges(values.count - 1), limits: limits, confidence: confidence)
  }

  /// The indices of subgroups of equal size; σ within is S̄/c4.
  ///
  /// Throws a sentence for fewer than 2 subgroups, unequal sizes or sizes below 2, values that are not finite, and values
  /// that do not vary.
  public init(
    subgroups: [[Double]], limits: SpecificationLimits, confidence: Double = 0.95
  ) throws(LotStatisticsError) {
    let spread = try SubgroupSpread(subgroups: subgroups)
    // The relative variance of S̄/c4; a variance of ν degrees of freedom has 1/2ν in its root.
    let c4 = ControlChartConstants.meanDeviation(spread.size)
    let variance = (1 - c4 * c4) / (c4 * c4 * Double(subgroups.count))
    try self.init(
      Moments(subgroups.flatMap(\.self)), within: spread.sigma, degrees: 0.5 / variance, limits: limits,
      confidence: confidence)
  }

  private init(
    _ moments: Moments, within: Double, degrees: Double, limits: SpecificationLimits, confidence: Double
  ) throws(LotStatisticsError) {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard within > 0, moments.standardDeviation > 0 else {
      throw LotStatisticsError(
        "the \(moments.count) values do not vary, so that no capability index exists; are they measured values?"
      )
    }
    mean = moments.mean
    withinSigma = within
    withinDegrees = max(1, degrees)
    overallSigma = moments.standardDeviation
    func spread(_ sigma: Double, _ degrees: Double, _ source: String) -> CapabilityIndex? {
      guard let lower = limits.lower, let upper = limits.upper else { return nil }
      return .ofSpread(
        (upper - lower) / (6 * sigma), degrees: degrees, confidence: confidence, source: source)
    }
    func centred(_ sigma: Double, _ degrees: Double, _ source: String) -> CapabilityIndex {
      let indices = limits.indices(mean: moments.mean, sigma: sigma)
      let nearest = min(indices.lower ?? .infinity, indices.upper ?? .infinity) / 3
      let isOneSided = limits.lower == nil || limits.upper == nil
      return isOneSided
        ? .ofOneSide(
          nearest, count: moments.count, degrees: degrees, confidence: confidence, source: source)
        : .ofNearerSide(
          nearest, count: moments.count, degrees: degrees, confidence: confidence, source: source)
    }
    let overallDegrees = Double(moments.count - 1)
    let approximate = "approximate: \(decimals(withinDegrees, 1)) equivalent degrees of freedom"
    cp = spread(within, withinDegrees, approximate)
    cpk = centred(within, withinDegrees, approximate)
    pp = spread(moments.standardDeviation, overallDegrees, "exact")
    ppk = centred(moments.standardDeviation, overallDegrees, "exact")
  }

  /// What the mean of so many moving ranges of two is worth, from its variance.
  ///
  /// Ranges that share a value have the correlation of |X| and |Y| of normal differences with ρ = −½ (Cryer and Ryan,
  /// J. Quality Technology 22 (1990) 187).
  private static func degreesOfMovingRanges(_ count: Int) -> Double {
    let n = Double(count)
    // For differences of variance 2 in σ²: the variance of one range, and the covariance of neighbours.
    let variance = 2 * (1 - 2 / Double.pi)
    let covariance = 4 / Double.pi * (0.75.squareRoot() + Double.pi / 12 - 1)
    let ofMean = (n * variance + 2 * (n - 1) * covariance) / (n * n)
    return 0.5 / (ofMean / (4 / Double.pi))
  }
}

extension CapabilityIndex {
  /// An index of both limits' distance: its ratio to the true one is √(χ²/ν) (ISO 22514-4).
  fileprivate static func ofSpread(
    _ value: Double, degrees: Double, confidence: Double, source: String
  ) -> CapabilityIndex {
    func end(_ probability: Double) -> Double {
      value * (chiSquareQuantile(probability, degreesOfFreedom: degrees) / degrees).squareRoot()
    }
    return CapabilityIndex(
      value: value, lower: end(0.5 * (1 - confidence)), upper: end(0.5 * (1 + confidence)),
      lowerBound: end(1 - confidence), confidence: confidence, method: "χ² distribution, \(source)")
  }

  /// An index of one limit: 3√n times it has a noncentral t distribution of noncentrality 3√n times the true one.
  fileprivate static func ofOneSide(
    _ value: Double, count: Int, degrees: Double, confidence: Double, source: String
  ) -> CapabilityIndex {
    let scale = 3 * Double(count).squareRoot()
    /// The true index for which a value above the one found has this probability.
    func end(_ probability: Double) -> Double {
      monotoneRoot(from: value - 1, to: value + 1) { index in
        noncentralStudentProbabilities(
          at: scale * value, degreesOfFreedom: degrees, noncentrality: scale * index
        ).above - probability
      }
    }
    return CapabilityIndex(
      value: value, lower: end(0.5 * (1 - confidence)), upper: end(0.5 * (1 + confidence)),
      lowerBound: end(1 - confidence), confidence: confidence, method: "noncentral t distribution, \(source)")
  }

  /// An index of the nearer of two limits, taken as normal with the variance 1/9n + C²/2ν.
  ///
  /// Bissell, Applied Statistics 39 (1990) 331.
  fileprivate static func ofNearerSide(
    _ value: Double, count: Int, degrees: Double, confidence: Double, source: String
  ) -> CapabilityIndex {
    let deviation = (1 / (9 * Double(count)) + value * value / (2 * degrees)).squareRoot()
    let half = normalQuantile(0.5 * (1 + confidence)) * deviation
    return CapabilityIndex(
      value: value, lower: value - half, upper: value + half,
      lowerBound: value - normalQuantile(confidence) * deviation, confidence: confidence,
      method: "Bissell's approximation" + (source == "exact" ? "" : ", \(source)"))
  }
}
