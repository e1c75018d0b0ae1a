// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A random walk, which integrated white noise is, as a few independent error curves: its Karhunen–Loève modes.
///
/// The walk is 0 at row 0 and has the covariance σ²·min(i, j) at rows i and j. Its modes are
/// sin((k − ½)·π·i/(N + ½)) with variances falling like 1/(k − ½)², where N is the last row (eigenvectors of the matrix
/// min(i, j), which is the inverse of a second difference). K modes lack about σ²·N/(π²·K) of variance at every row,
/// twice that at the last one: 1.3 and 2.5 % of the variance at the end for 8 modes. Small beside the end, that is a
/// larger share near the beginning, where `share` tells it.
public struct BrownianModes: Hashable, Sendable {
  /// The error curves, one value for each row, in the unit of the standard deviation, the largest first.
  ///
  /// Σ modeₖ(i)·modeₖ(j) approaches the covariance.
  public let modes: [[Double]]
  /// The share of the variance at each row that the modes hold, 0 … 1; 1 at row 0, which has none.
  public let share: [Double]

  /// The first modes of a walk of `count` rows with independent steps; `terms` beyond the steps give no more modes.
  ///
  /// Counts, terms and deviations below 0 are taken for 0.
  public init(count: Int, standardDeviationPerSample deviation: Double, terms: Int) {
    let rows = max(0, count)
    let steps = max(0, rows - 1)
    let deviation = max(0, deviation)
    var modes: [[Double]] = []
    for k in 0..<max(0, min(terms, steps)) {
      let turn = (Double(k) + 0.5) * .pi / (Double(steps) + 0.5)
      // Twice the sine of half the turn is the root of the second difference's eigenvalue.
      let scale = deviation * (2 / (Double(steps) + 0.5)).squareRoot() / (2 * sin(0.5 * turn))
      modes.append((0..<rows).map { scale * sin(turn * Double($0)) })
    }
    self.modes = modes
    share = (0..<rows).map { row in
      let variance = deviation * deviation * Double(row)
      guard variance > 0 else { return 1 }
      return min(1, modes.reduce(0) { $0 + $1[row] * $1[row] } / variance)
    }
  }
}
