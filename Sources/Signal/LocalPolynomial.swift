// SPDX-License-Identifier: GPL-3.0-or-later

/// A least-squares polynomial over a window of samples.
///
/// Works in t = (x − centre)/halfWidth, so that |t| ≤ 1 and the normal equations of degree 3 and less keep
/// about 13 digits.
public struct LocalPolynomial: Sendable {
  /// The samples that were fitted.
  public let range: Range<Int>
  /// The x of t = 0.
  public let centre: Double
  /// The change of x for a change of t by 1; positive.
  public let halfWidth: Double
  /// The coefficients of t⁰, t¹ and so on.
  public let coefficients: [Double]
  /// The inverse of the normal matrix, row by row.
  private let inverse: [Double]
  private let order: Int

  /// Fits y over x for the samples of `range`; nil when they do not determine the polynomial.
  ///
  /// `x` and `y` have equal counts; `degree` is 0 to 3 in this house, and more is allowed.
  public init?(
    x: [Double], y: [Double], range: Range<Int>, centre: Double, halfWidth: Double, degree: Int
  ) {
    precondition(x.count == y.count, "\(x.count) abscissas for \(y.count) ordinates")
    precondition(range.lowerBound >= 0 && range.upperBound <= x.count, "rows \(range) of \(x.count)")
    let order = degree + 1
    guard range.count >= order, halfWidth > 0, halfWidth.isFinite else { return nil }
    var moments = [Double](repeating: 0, count: 2 * degree + 1)
    var right = [Double](repeating: 0, count: order)
    let scale = 1 / halfWidth
    for index in range {
      let t = (x[index] - centre) * scale
      let value = y[index]
      var power = 1.0
      for k in 0..<order {
        moments[k] += power
        right[k] += power * value
        power *= t
      }
      for k in order..<moments.count {
        moments[k] += power
        power *= t
      }
    }
    guard let inverse = Self.invert(moments: moments, order: order) else { return nil }
    self.range = range
    self.centre = centre
    self.halfWidth = halfWidth
    self.order = order
    self.inverse = inverse
    coefficients = (0..<order).map { row in
      (0..<order).reduce(0.0) { $0 + inverse[row * order + $1] * right[$1] }
    }
    guard coefficients.allSatisfy(\.isFinite) else { return nil }
  }

  /// The inverse of the Hankel matrix of the moments by Cholesky; nil when it is not positive definite.
  private static func invert(moments: [Double], order: Int) -> [Double]? {
    var lower = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0...row {
        var sum = moments[row + column]
        for k in 0..<column { sum -= lower[row * order + k] * lower[column * order + k] }
        if row == column {
          guard sum > 1e-13 * moments[2 * row], sum.isFinite else { return nil }
          lower[row * order + row] = sum.squareRoot()
        } else {
          lower[row * order + column] = sum / lower[column * order + column]
        }
      }
    }
    var inverse = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var solution = [Double](repeating: 0, count: order)
      for row in 0..<order {
        var sum = row == column ? 1.0 : 0.0
        for k in 0..<row { sum -= lower[row * order + k] * solution[k] }
        solution[row] = sum / lower[row * order + row]
      }
      for row in (0..<order).reversed() {
        var sum = solution[row]
        for k in row + 1..<order { sum -= lower[k * order + row] * solution[k] }
        solution[row] = sum / lower[row * order + row]
      }
      for row in 0..<order { inverse[row * order + column] = solution[row] }
    }
    return inverse
  }

  /// The polynomial at x.
  public func value(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    return coefficients.reversed().reduce(0) { $0 * t + $1 }
  }

  /// The derivative with respect to x, at x.
  public func slope(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    var result = 0.0
    for k in stride(from: order - 1, through: 1, by: -1) { result = result * t + Double(k) * coefficients[k] }
    return result / halfWidth
  }

  /// The second derivative with respect to x, at x.
  public func curvature(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    var result = 0.0
    for k in stride(from: order - 1, through: 2, by: -1) {
      result = result * t + Double(k * (k - 1)) * coefficients[k]
    }
    return result / (halfWidth * halfWidth)
  }

  /// The Euclidean norm of the weights that the samples have in `value(at:)`.
  ///
  /// Times σ it is the standard deviation of the value under white noise.
  public func weightNorm(at x: Double) -> Double {
    let powers = powers(at: x)
    var sum = 0.0
    for row in 0..<order {
      for column in 0..<order { sum += powers[row] * inverse[row * order + column] * powers[column] }
    }
    return max(sum, 0).squareRoot()
  }

  /// The weights that the samples of `range` have in `value(at:)`; `abscissas` are those that were fitted.
  public func weights(at x: Double, abscissas: [Double]) -> [Double] {
    let powers = powers(at: x)
    let projected = (0..<order).map { column in
      (0..<order).reduce(0.0) { $0 + powers[$1] * inverse[$1 * order + column] }
    }
    return range.map { index in
      let t = (abscissas[index] - centre) / halfWidth
      return projected.reversed().reduce(0) { $0 * t + $1 }
    }
  }

  /// The variance of the fitted samples about the polynomial, per degree of freedom; 0 when there is none.
  ///
  /// `x` and `y` are those that were fitted.
  public func residualVariance(x: [Double], y: [Double]) -> Double {
    guard range.count > order else { return 0 }
    let sum = range.reduce(0.0) { sum, index in
      let residual = y[index] - value(at: x[index])
      return sum + residual * residual
    }
    return sum / Double(range.count - order)
  }

  private func powers(at x: Double) -> [Double] {
    let t = (x - centre) / halfWidth
    var powers = [Double](repeating: 1, count: order)
    for k in 1..<max(order, 1) { powers[k] = powers[k - 1] * t }
    return powers
  }
}
