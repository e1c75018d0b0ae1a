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

  /// The scalar product; times σ² it is the covariance of two results under white noise.
  func product(_ other: InfluenceRow) -> Double {
    let first = max(start, other.start)
    let end = min(start + weights.count, other.start + other.weights.count)
    guard first < end else { return 0 }
    return (first..<end).reduce(0) { $0 + weights[$1 - start] * other.weights[$1 - other.start] }
  }

  /// This row times a factor.
  func scaled(by factor: Double) -> InfluenceRow {
    InfluenceRow(start: start, weights: weights.map { $0 * factor })
  }

  /// The sum of this row and another.
  func adding(_ other: InfluenceRow) -> InfluenceRow {
    guard !weights.isEmpty else { return other }
    guard !other.weights.isEmpty else { return self }
    let first = min(start, other.start)
    let end = max(start + weights.count, other.start + other.weights.count)
    var sum = [Double](repeating: 0, count: end - first)
    for (index, weight) in weights.enumerated() { sum[start - first + index] += weight }
    for (index, weight) in other.weights.enumerated() { sum[other.start - first + index] += weight }
    return InfluenceRow(start: first, weights: sum)
  }
}
