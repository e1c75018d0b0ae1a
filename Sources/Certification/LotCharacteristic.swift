// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import LotStatistics

/// What the pieces of a lot say together of one characteristic, in its unit.
public struct LotCharacteristic: Hashable, Sendable {
  /// Which characteristic.
  public let characteristic: Characteristic
  /// How many pieces have a value.
  public let count: Int
  /// The mean of the values.
  public let mean: Double
  /// Their standard deviation, n − 1 in its denominator; it includes the spread of the measurement.
  public let standardDeviation: Double
  /// The least value.
  public let least: Double
  /// The largest value.
  public let largest: Double
  /// The root mean square of the values' standard uncertainties.
  public let standardUncertainty: Double
  /// The limits that the pieces were judged by; nil without any.
  public let limits: SpecificationLimits?
  /// Capability and performance against the limits; nil without limits, for few values, and when they do not vary.
  public let capability: ProcessCapability?
  /// The interval that holds 95 % of the pieces with a confidence of 95 %, on the side of the limits; nil for few values.
  public let tolerance: ToleranceInterval?
}

extension LotCharacteristic {
  /// The statistics of the characteristics of which two pieces at least have a value, in the order of reports.
  ///
  /// Pieces are in the order of production, from which the capability takes the spread between neighbours.
  public static func statistics(of specimens: [LotSpecimen]) -> [LotCharacteristic] {
    let judged = specimens.first { !$0.limits.isEmpty }?.limits ?? []
    var factors = ToleranceFactors(content: 0.95, confidence: 0.95)
    return Characteristic.allCases.compactMap { characteristic in
      LotCharacteristic(
        characteristic, values: specimens.compactMap { $0.value(of: characteristic) },
        uncertainties: specimens.compactMap { $0.standardUncertainty(of: characteristic) },
        limits: judged.specification(of: characteristic), &factors)
    }
  }

  /// The statistics of values in the order of production with their standard uncertainties, in the characteristic's unit.
  ///
  /// The tolerance interval is on the side of the limits, or two-sided without any. Nil for fewer than two values and
  /// where one is not finite.
  public init?(
    _ characteristic: Characteristic, values: [Double], uncertainties: [Double], limits: SpecificationLimits?
  ) {
    var factors = ToleranceFactors(content: 0.95, confidence: 0.95)
    self.init(characteristic, values: values, uncertainties: uncertainties, limits: limits, &factors)
  }

  private init?(
    _ characteristic: Characteristic, values: [Double], uncertainties: [Double],
    limits: SpecificationLimits?, _ factors: inout ToleranceFactors
  ) {
    guard let least = values.min(), let largest = values.max(), values.count >= 2, least.isFinite,
      largest.isFinite
    else { return nil }
    let moments = Moments(values)
    let side: ToleranceInterval.Side =
      switch (limits?.lower, limits?.upper) {
      case (_?, nil): .lower
      case (nil, _?): .upper
      default: .both
      }
    self.characteristic = characteristic
    count = moments.count
    mean = moments.mean
    standardDeviation = moments.standardDeviation
    self.least = least
    self.largest = largest
    standardUncertainty =
      (uncertainties.reduce(0) { $0 + $1 * $1 } / Double(max(uncertainties.count, 1))).squareRoot()
    self.limits = limits
    capability = limits.flatMap { try? ProcessCapability(individuals: values, limits: $0) }
    tolerance = try? ToleranceInterval(values: values, side: side, &factors)
  }
}

extension [LotSpecimen.Limit] {
  /// The limits of a characteristic in its unit; nil when it has none, or its two leave no room.
  public func specification(of characteristic: Characteristic) -> SpecificationLimits? {
    let own = filter { $0.characteristic == characteristic }
    return try? SpecificationLimits(
      lower: own.first { $0.side == .minimum }?.limit, upper: own.first { $0.side == .maximum }?.limit)
  }
}
