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

/// The values of a characteristic through a lot, in its unit and in the order of production, as far as its statistics
/// rest on them.
public struct LotValues: Hashable, Sendable {
  private(set) var values = RunningValues()
  private var uncertaintySquares = 0.0

  /// No values yet.
  public init() {}

  /// Takes the next value with its standard uncertainty.
  public mutating func add(_ value: Double, standardUncertainty: Double) {
    values.add(value)
    uncertaintySquares += standardUncertainty * standardUncertainty
  }

  /// The root mean square of the standard uncertainties; 0 without any.
  var standardUncertainty: Double { (uncertaintySquares / Double(max(values.count, 1))).squareRoot() }
}

extension LotCharacteristic {
  /// The statistics of the characteristics of which two pieces at least have a value, in the order of reports.
  ///
  /// Pieces are in the order of production, from which the capability takes the spread between neighbours.
  public static func statistics(of pieces: LotPieces) -> [LotCharacteristic] {
    var factors = ToleranceFactors(content: 0.95, confidence: 0.95)
    return Characteristic.allCases.compactMap { characteristic in
      pieces.values[characteristic].flatMap {
        LotCharacteristic(
          characteristic, $0, limits: pieces.limits.specification(of: characteristic), &factors)
      }
    }
  }

  /// The statistics of one characteristic.
  ///
  /// The tolerance interval is on the side of the limits, or two-sided without any. Nil for fewer than two values and
  /// where one is not finite.
  public init?(_ characteristic: Characteristic, _ values: LotValues, limits: SpecificationLimits?) {
    var factors = ToleranceFactors(content: 0.95, confidence: 0.95)
    self.init(characteristic, values, limits: limits, &factors)
  }

  private init?(
    _ characteristic: Characteristic, _ lot: LotValues, limits: SpecificationLimits?,
    _ factors: inout ToleranceFactors
  ) {
    let values = lot.values
    let moments = values.moments
    guard values.count >= 2, moments.mean.isFinite, moments.standardDeviation.isFinite else { return nil }
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
    least = values.least
    largest = values.largest
    standardUncertainty = lot.standardUncertainty
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
