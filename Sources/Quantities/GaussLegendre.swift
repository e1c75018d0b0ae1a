// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Gauss and Legendre's rule of 16 points, exact for polynomials up to degree 31 on every panel.
public enum GaussLegendre {
  /// The integral of a smooth function over the panels between neighbouring bounds, which rise.
  public static func integral(over bounds: [Double], _ function: (Double) -> Double) -> Double {
    zip(bounds, bounds.dropFirst()).reduce(0) { sum, panel in
      let half = 0.5 * (panel.1 - panel.0)
      let middle = 0.5 * (panel.1 + panel.0)
      return sum
        + half
        * rule.reduce(0) {
          $0 + $1.weight * (function(middle - half * $1.x) + function(middle + half * $1.x))
        }
    }
  }

  /// So many panels of equal width between two bounds.
  public static func panels(_ count: Int, from low: Double, to high: Double) -> [Double] {
    (0...count).map { low + (high - low) * Double($0) / Double(count) }
  }

  /// The positive half of the points, by Newton's method from Abramowitz and Stegun, 22.16.6.
  private static let rule: [(x: Double, weight: Double)] = (1...8).map { k in
    var x = cos(Double.pi * (Double(k) - 0.25) / 16.5)
    var slope = 0.0
    for _ in 0..<20 {
      var (before, value) = (1.0, x)
      for n in 2...16 {
        (before, value) = (value, (Double(2 * n - 1) * x * value - Double(n - 1) * before) / Double(n))
      }
      slope = 16 * (before - x * value) / (1 - x * x)
      x -= value / slope
    }
    return (x, 2 / ((1 - x * x) * slope * slope))
  }
}
