// SPDX-License-Identifier: GPL-3.0-or-later

/// Values in the order of production, of which only what the statistics of a lot rest on is kept.
///
/// The mean and the sum of squares about it are brought up to date with each value (West, Communications of the ACM 22
/// (1979) 532), as distances from the first one.
public struct RunningValues: Hashable, Sendable {
  /// How many there are.
  public private(set) var count = 0
  /// The least; +∞ without any.
  public private(set) var least = Double.infinity
  /// The largest; −∞ without any.
  public private(set) var largest = -Double.infinity
  private var first = 0.0
  private var previous = 0.0
  private var meanDistance = 0.0
  private var squares = 0.0
  private var rangeSum = 0.0
  /// The first that is no number to reckon with, and which it is.
  private var unusable: Unusable?

  private struct Unusable: Hashable, Sendable {
    let number: Int
    let value: Double
  }

  /// Some values, or none yet.
  public init(_ values: [Double] = []) {
    for value in values { add(value) }
  }

  /// Takes the next one.
  public mutating func add(_ value: Double) {
    count += 1
    if !value.isFinite, unusable == nil { unusable = Unusable(number: count, value: value) }
    if count == 1 { first = value } else { rangeSum += abs(value - previous) }
    previous = value
    least = min(least, value)
    largest = max(largest, value)
    let distance = value - first
    let change = distance - meanDistance
    meanDistance += change / Double(count)
    squares += change * (distance - meanDistance)
  }

  /// Their count, mean and standard deviation.
  public var moments: Moments {
    Moments(
      count: count, mean: first + meanDistance,
      standardDeviation: count > 1 ? (squares / Double(count - 1)).squareRoot() : 0)
  }

  /// The mean of the moving ranges of two; 0 for fewer than two values.
  var meanMovingRange: Double { count > 1 ? rangeSum / Double(count - 1) : 0 }

  /// Throws a sentence for fewer values, for one that is not finite, and for values too far apart to square.
  func require(atLeast least: Int, for purpose: String) throws(LotStatisticsError) {
    try requireValues(
      count, unusable: unusable.map { ($0.number, $0.value) }, atLeast: least, for: purpose)
    guard squares.isFinite else {
      throw LotStatisticsError(
        "\(purpose) needs values of one kind, and they go from \(self.least) to \(largest)")
    }
  }
}
