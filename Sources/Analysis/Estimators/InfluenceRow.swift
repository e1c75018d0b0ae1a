// SPDX-License-Identifier: GPL-3.0-or-later

/// The derivative of a result with respect to each sample of a branch: a run of weights, zero elsewhere.
struct InfluenceRow: Sendable {
  /// The row of the first weight.
  private(set) var start: Int
  /// The weights, in the result's unit per unit of response.
  private(set) var weights: [Double]

  init(start: Int, weights: [Double]) {
    self.start = start
    self.weights = weights
  }

  /// The sum of squares; times σ² it is the variance of the result under white noise.
  var squaredNorm: Double { weights.reduce(0) { $0 + $1 * $1 } }

  /// This row times a factor.
  func scaled(by factor: Double) -> InfluenceRow {
    InfluenceRow(start: start, weights: weights.map { $0 * factor })
  }

  /// The sum of this row and another times a factor.
  func adding(_ other: InfluenceRow, times factor: Double = 1) -> InfluenceRow {
    guard !weights.isEmpty else { return factor == 1 ? other : other.scaled(by: factor) }
    guard !other.weights.isEmpty else { return self }
    let first = min(start, other.start)
    let end = max(start + weights.count, other.start + other.weights.count)
    var sum: [Double]
    if first == start, end == start + weights.count {
      sum = weights
    } else {
      sum = [Double](repeating: 0, count: end - first)
      let shift = start - first
      for index in weights.indices { sum[shift + index] = weights[index] }
    }
    let shift = other.start - first
    for index in other.weights.indices { sum[shift + index] += factor * other.weights[index] }
    return InfluenceRow(start: first, weights: sum)
  }
}
