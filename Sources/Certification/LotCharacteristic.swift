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
    return Characteristic.allCases.compactMap { characteristic in
      let values = specimens.compactMap { $0.value(of: characteristic) }
      guard let least = values.min(), let largest = values.max(), values.count >= 2, least.isFinite,
        largest.isFinite
      else { return nil }
      let own = judged.filter { $0.characteristic == characteristic }
      let (lower, upper) = (
        own.first { $0.side == .minimum }?.limit, own.first { $0.side == .maximum }?.limit
      )
      let limits = try? SpecificationLimits(lower: lower, upper: upper)
      let moments = Moments(values)
      let uncertainties = specimens.compactMap { $0.standardUncertainty(of: characteristic) }
      let side: ToleranceInterval.Side =
        switch (lower, upper) {
        case (_?, nil): .lower
        case (nil, _?): .upper
        default: .both
        }
      return LotCharacteristic(
        characteristic: characteristic, count: moments.count, mean: moments.mean,
        standardDeviation: moments.standardDeviation, least: least, largest: largest,
        standardUncertainty: (uncertainties.reduce(0) { $0 + $1 * $1 } / Double(max(uncertainties.count, 1)))
          .squareRoot(),
        limits: limits,
        capability: limits.flatMap { try? ProcessCapability(individuals: values, limits: $0) },
        tolerance: try? ToleranceInterval(values: values, side: side, content: 0.95, confidence: 0.95))
    }
  }
}
