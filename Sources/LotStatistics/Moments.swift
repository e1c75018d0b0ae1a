// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Count, mean and sample standard deviation of values, in their unit.
public struct Moments: Hashable, Sendable {
  /// How many values there are.
  public let count: Int
  /// The mean; 0 without any value.
  public let mean: Double
  /// The standard deviation with n − 1 in its denominator; 0 for a single value.
  public let standardDeviation: Double

  init(count: Int, mean: Double, standardDeviation: Double) {
    (self.count, self.mean, self.standardDeviation) = (count, mean, standardDeviation)
  }

  /// The moments of finite values.
  public init(_ values: [Double]) {
    count = values.count
    let n = Double(values.count)
    let first = values.reduce(0) { $0 + $1 / n }
    // Mended by the mean of what it leaves.
    let mean = first + values.reduce(0) { $0 + ($1 - first) / n }
    self.mean = mean
    // Scaled, so that squares of very large or small values neither overflow nor vanish.
    let scale = values.map { abs($0 - mean) }.max() ?? 0
    guard scale > 0, values.count > 1 else {
      standardDeviation = 0
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) / scale * (($1 - mean) / scale) }
    standardDeviation = scale * (squares / (n - 1)).squareRoot()
  }
}

/// A number with fixed decimals for a sentence.
func decimals(_ number: Double, _ count: Int) -> String {
  number.isFinite ? String(format: "%.\(count)f", number) : number > 0 ? "∞" : "−∞"
}

/// A fraction in percent with three significant digits for a sentence.
func percent(_ fraction: Double) -> String { String(format: "%.3g", 100 * fraction) }

/// A number with three significant digits for a sentence.
func shortest(_ number: Double) -> String { String(format: "%.3g", number) }
