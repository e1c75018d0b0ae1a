// SPDX-License-Identifier: GPL-3.0-or-later

/// The normal equations of a linear least-squares problem of few unknowns, gathered row by row.
public struct NormalEquations: Sendable {
  /// The solution of the equations.
  public struct Solution: Sendable {
    /// The unknowns.
    public let values: [Double]
    /// The inverse of the normal matrix, row by row; times σ² it is the covariance under white noise.
    public let inverse: [Double]
    /// The sum of the squared residuals that the solution leaves.
    public let residualSumOfSquares: Double
  }

  private let order: Int
  private var matrix: [Double]
  private var right: [Double]
  private var sumOfSquares = 0.0
  /// How many rows there are.
  public private(set) var count = 0

  /// No equation yet for `order` unknowns, at least 1.
  public init(order: Int) {
    precondition(order > 0, "\(order) unknowns")
    self.order = order
    matrix = [Double](repeating: 0, count: order * order)
    right = [Double](repeating: 0, count: order)
  }

  /// Adds the equation Σ rowₖ·unknownₖ = value; `row` has one number for every unknown.
  public mutating func add(_ row: [Double], _ value: Double) {
    precondition(row.count == order, "\(row.count) coefficients for \(order) unknowns")
    var start = 0
    for i in 0..<order {
      let factor = row[i]
      for j in 0...i { matrix[start + j] += factor * row[j] }
      right[i] += factor * value
      start += order
    }
    sumOfSquares += value * value
    count += 1
  }

  /// Adds equations of at most four unknowns that were summed before.
  mutating func add(_ sums: SummedEquations) {
    precondition(order <= 4, "\(order) unknowns")
    let rows = [sums.matrix.0, sums.matrix.1, sums.matrix.2, sums.matrix.3]
    for i in 0..<order {
      for j in 0...i { matrix[i * order + j] += rows[i][j] }
      right[i] += sums.right[i]
    }
    sumOfSquares += sums.sumOfSquares
    count += sums.count
  }

  /// The least-squares solution; nil when the rows do not determine it.
  ///
  /// Unknowns are scaled to equal norm before the Cholesky factorisation, so their units do not matter.
  public func solution() -> Solution? {
    let scale = (0..<order).map { matrix[$0 * order + $0].squareRoot() }
    guard count >= order, scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var lower = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0...i {
        var sum = matrix[i * order + j] / (scale[i] * scale[j])
        for k in 0..<j { sum -= lower[i * order + k] * lower[j * order + k] }
        if i == j {
          // Less is rounding: the column is a sum of those before it.
          guard sum > 1e-12, sum.isFinite else { return nil }
          lower[i * order + i] = sum.squareRoot()
        } else {
          lower[i * order + j] = sum / lower[j * order + j]
        }
      }
    }
    var inverse = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var unit = [Double](repeating: 0, count: order)
      unit[column] = 1
      for i in 0..<order {
        for k in 0..<i { unit[i] -= lower[i * order + k] * unit[k] }
        unit[i] /= lower[i * order + i]
      }
      for i in (0..<order).reversed() {
        for k in i + 1..<order { unit[i] -= lower[k * order + i] * unit[k] }
        unit[i] /= lower[i * order + i]
      }
      for i in 0..<order { inverse[i * order + column] = unit[i] / (scale[i] * scale[column]) }
    }
    let values = (0..<order).map { i in
      (0..<order).reduce(0.0) { $0 + inverse[i * order + $1] * right[$1] }
    }
    let explained = zip(values, right).reduce(0) { $0 + $1.0 * $1.1 }
    guard values.allSatisfy(\.isFinite), explained.isFinite else { return nil }
    return Solution(
      values: values, inverse: inverse, residualSumOfSquares: max(0, sumOfSquares - explained))
  }
}

/// Equations of at most four unknowns, summed without a place in memory for each row; unknowns that are not there have
/// coefficients of 0.
struct SummedEquations {
  fileprivate var matrix = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
  fileprivate var right = SIMD4<Double>.zero
  fileprivate var sumOfSquares = 0.0
  fileprivate var count = 0

  @inline(__always)
  mutating func add(_ row: SIMD4<Double>, _ value: Double) {
    matrix.0 += row[0] * row
    matrix.1 += row[1] * row
    matrix.2 += row[2] * row
    matrix.3 += row[3] * row
    right += value * row
    sumOfSquares += value * value
    count += 1
  }
}
