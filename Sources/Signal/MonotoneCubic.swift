// SPDX-License-Identifier: GPL-3.0-or-later

/// A curve through points that rises and falls only where they do.
///
/// Cubic between neighbours and smooth at the points; between two points it stays between their values. Slopes of
/// Fritsch and Carlson, SIAM J. Numer. Anal. 17 (1980) 238.
public struct MonotoneCubic: Hashable, Sendable {
  /// The abscissas, rising.
  public let x: [Double]
  /// The ordinates.
  public let y: [Double]
  /// The slopes at the points.
  private let slopes: [Double]

  /// The curve through points; nil unless there are two or more, all finite, with rising abscissas.
  public init?(x: [Double], y: [Double]) {
    guard x.count >= 2, x.count == y.count, x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite),
      zip(x, x.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.x = x
    self.y = y
    let secants = zip(x.indices, x.indices.dropFirst()).map { i, next -> Double in
      (y[next] - y[i]) / (x[next] - x[i])
    }
    var slopes = x.indices.map { i -> Double in
      let before = secants[max(0, i - 1)]
      let after = secants[min(i, secants.count - 1)]
      return before * after > 0 ? 0.5 * (before + after) : 0
    }
    for (i, secant) in secants.enumerated() {
      guard secant != 0 else {
        slopes[i] = 0
        slopes[i + 1] = 0
        continue
      }
      let (a, b) = (slopes[i] / secant, slopes[i + 1] / secant)
      let size = a * a + b * b
      if size > 9 {
        let factor = 3 / size.squareRoot()
        slopes[i] = factor * a * secant
        slopes[i + 1] = factor * b * secant
      }
    }
    self.slopes = slopes
  }

  /// The value at an abscissa; nil beyond the first and the last point.
  public func value(at abscissa: Double) -> Double? {
    guard let first = x.first, let last = x.last, abscissa >= first, abscissa <= last else { return nil }
    var (low, high) = (0, x.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= abscissa { low = middle } else { high = middle }
    }
    let width = x[high] - x[low]
    let t = (abscissa - x[low]) / width
    let rest = 1 - t
    let share = (3 - 2 * t) * t * t
    let ends = (1 - share) * y[low] + share * y[high]
    return ends + width * t * rest * (slopes[low] * rest - slopes[high] * t)
  }
}
