// SPDX-License-Identifier: GPL-3.0-or-later

/// What a sample by variables says of its lot.
public struct VariablesDecision: Hashable, Sendable {
  /// The sample's mean, in the unit of the values.
  public let mean: Double
  /// The standard deviation used, the sample's or the known one.
  public let standardDeviation: Double
  /// Q_L = (mean − lower)/σ; nil without a lower limit; infinite when σ is 0.
  public let lowerIndex: Double?
  /// Q_U = (upper − mean)/σ; nil without an upper limit; infinite when σ is 0.
  public let upperIndex: Double?
  /// The estimated fraction below the lower limit; nil without one.
  public let lowerFraction: Double?
  /// The estimated fraction above the upper limit; nil without one.
  public let upperFraction: Double?
  /// The largest fraction that is allowed, M.
  public let maximumFraction: Double
  /// The acceptability constant; nil for two limits, which only M can judge together.
  public let acceptabilityConstant: Double?

  /// The estimated fraction beyond either limit.
  public var fraction: Double { (lowerFraction ?? 0) + (upperFraction ?? 0) }

  /// Whether the lot is accepted by M, form 2.
  public var isAccepted: Bool { fraction <= maximumFraction }

  /// Whether the lot is accepted by k, form 1; nil for two limits.
  public var isAcceptedByConstant: Bool? {
    acceptabilityConstant.flatMap { k in (lowerIndex ?? upperIndex).map { $0 >= k } }
  }

  /// The decision and its reason.
  public var sentence: String {
    let found = "an estimated \(percent(fraction)) % does not conform"
    let allowed = "M = \(percent(maximumFraction)) %"
    let reason =
      acceptabilityConstant.flatMap { k in
        (lowerIndex ?? upperIndex).map {
          "; the quality index \(decimals($0, 3)) compares with k = \(decimals(k, 3))"
        }
      } ?? ""
    return isAccepted
      ? "accepted: \(found), at most \(allowed) is allowed\(reason)"
      : "rejected: \(found), more than \(allowed)\(reason)"
  }
}

extension VariablesPlan {
  /// Judges the values of a sample against limits in the same unit, which the standard deviation has as well.
  ///
  /// A known standard deviation is needed, and used, by plans for a known σ only. Throws a sentence when it is missing or
  /// not positive, when the count of values is not the plan's, or a value is not finite.
  public func decision(
    values: [Double], limits: SpecificationLimits, knownSigma: Double? = nil
  ) throws(LotStatisticsError) -> VariablesDecision {
    try requireValues(values, atLeast: sigma == .unknown ? 3 : 2, for: "a decision by variables")
    guard values.count == sampleSize else {
      throw LotStatisticsError(
        "the plan asks for \(sampleSize) pieces, and \(values.count) were measured; measure as many as it asks for"
      )
    }
    let moments = Moments(values)
    let deviation: Double
    switch (sigma, knownSigma) {
    case (.unknown, _): deviation = moments.standardDeviation
    case (.known, let value?) where value > 0 && value.isFinite: deviation = value
    case (.known, let value):
      throw LotStatisticsError(
        "the plan needs the known standard deviation, a positive number, and has \(value.map { "\($0)" } ?? "none")"
      )
    }
    let index = limits.indices(mean: moments.mean, sigma: deviation)
    func fraction(_ index: Double) -> Double {
      Self.estimatedFraction(qualityIndex: index, count: values.count, sigma: sigma)
    }
    return VariablesDecision(
      mean: moments.mean, standardDeviation: deviation, lowerIndex: index.lower, upperIndex: index.upper,
      lowerFraction: index.lower.map(fraction), upperFraction: index.upper.map(fraction),
      maximumFraction: maximumFraction,
      acceptabilityConstant: limits.lower == nil || limits.upper == nil ? acceptabilityConstant : nil)
  }
}
