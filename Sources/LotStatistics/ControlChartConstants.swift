// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif
internal import Quantities

/// The constants of Shewhart charts for subgroups of one size, for limits of 3 σ.
///
/// ISO 7870-2:2013, table 2, and ASTM MNL 7 have them with four digits; here they are computed for normally distributed
/// values, to about 1e-10. Lower limits that would be negative are 0.
public struct ControlChartConstants: Hashable, Sendable {
  /// The number of values in a subgroup, 2 or more.
  public let subgroupSize: Int
  /// The mean of the standard deviation of a subgroup, in σ.
  public let c4: Double
  /// The mean of the range of a subgroup, in σ.
  public let d2: Double
  /// The standard deviation of the range of a subgroup, in σ.
  public let d3: Double

  /// The constants; traps for fewer than 2 values.
  public init(subgroupSize n: Int) {
    precondition(n >= 2, "subgroups of \(n)")
    subgroupSize = n
    c4 = Self.meanDeviation(n)
    // E[W] = ∫P(W > w) dw and E[W²] = 2∫w·P(W > w) dw; beyond 17 σ nothing of a range is left.
    let bounds = GaussLegendre.panels(12, from: 0, to: 17)
    let mean = GaussLegendre.integral(over: bounds) { Self.probability(ofRangeAbove: $0, n) }
    let square = 2 * GaussLegendre.integral(over: bounds) { $0 * Self.probability(ofRangeAbove: $0, n) }
    d2 = mean
    d3 = (square - mean * mean).squareRoot()
  }

  /// Limits of a mean from a known σ: μ ± A·σ.
  public var A: Double { 3 / Double(subgroupSize).squareRoot() }
  /// Limits of a mean from the mean range.
  public var A2: Double { A / d2 }
  /// Limits of a mean from the mean standard deviation.
  public var A3: Double { A / c4 }
  /// Lower limit of a standard deviation from the mean standard deviation.
  public var B3: Double { B5 / c4 }
  /// Upper limit of a standard deviation from the mean standard deviation.
  public var B4: Double { B6 / c4 }
  /// Lower limit of a standard deviation from a known σ.
  public var B5: Double { max(0, c4 - 3 * deviationOfDeviation) }
  /// Upper limit of a standard deviation from a known σ.
  public var B6: Double { c4 + 3 * deviationOfDeviation }
  /// Lower limit of a range from a known σ.
  public var D1: Double { max(0, d2 - 3 * d3) }
  /// Upper limit of a range from a known σ.
  public var D2: Double { d2 + 3 * d3 }
  /// Lower limit of a range from the mean range.
  public var D3: Double { D1 / d2 }
  /// Upper limit of a range from the mean range.
  public var D4: Double { D2 / d2 }
  /// Limits of single values from the mean range.
  public var E2: Double { 3 / d2 }

  /// The standard deviation of the standard deviation of a subgroup, in σ.
  var deviationOfDeviation: Double { (1 - c4 * c4).squareRoot() }

  /// c4 = √(2/(n − 1))·Γ(n/2)/Γ((n − 1)/2).
  static func meanDeviation(_ n: Int) -> Double {
    (2 / Double(n - 1)).squareRoot() * exp(lgamma(0.5 * Double(n)) - lgamma(0.5 * Double(n - 1)))
  }

  /// P(W > w) = 1 − n·∫φ(x)·(Φ(x + w) − Φ(x))^(n − 1) dx (Tippett, Biometrika 17 (1925) 364), by the trapezoidal rule, which is
  /// exact to rounding for such bells.
  private static func probability(ofRangeAbove range: Double, _ n: Int) -> Double {
    let step = 0.125
    let sum = (-200...80).reduce(0.0) { sum, index in
      let x = Double(index) * step
      let inside = normalProbability(below: x + range) - normalProbability(below: x)
      return sum + exp(-0.5 * x * x) * pow(inside, Double(n - 1))
    }
    return max(0, 1 - Double(n) * step * sum / (2 * Double.pi).squareRoot())
  }
}
