// SPDX-License-Identifier: GPL-3.0-or-later

/// The power sums of a window of samples about a centre, which may grow.
///
/// A wider window adds its new samples only. Powers are of u = (x − centre)/reach, and a polynomial of a narrower window
/// scales them by factors, so nothing cancels.
public struct PolynomialWindow: Sendable {
  /// The samples within.
  public private(set) var range: Range<Int>
  /// The x of u = 0.
  public let centre: Double
  /// The change of x for a change of u by 1; positive.
  public let reach: Double
  /// Σu⁰ to Σu⁷.
  fileprivate var moments = SIMD8<Double>.zero
  /// Σy·u⁰ to Σy·u³.
  fileprivate var right = SIMD4<Double>.zero

  /// An empty window; `reach` is to be as wide as the widest half-window, so that no power overflows.
  public init(centre: Double, reach: Double) {
    self.centre = centre
    self.reach = reach
    range = 0..<0
  }

  /// Grows to a range of the series that contains the window; `x` and `y` have equal counts.
  public mutating func grow(to wider: Range<Int>, x: [Double], y: [Double]) {
    precondition(x.count == y.count, "\(x.count) abscissas for \(y.count) ordinates")
    precondition(wider.lowerBound >= 0 && wider.upperBound <= x.count, "rows \(wider) of \(x.count)")
    if range.isEmpty {
      add(wider, x, y)
    } else {
      precondition(
        wider.lowerBound <= range.lowerBound && wider.upperBound >= range.upperBound,
        "rows \(range) are not within \(wider)")
      add(wider.lowerBound..<range.lowerBound, x, y)
      add(range.upperBound..<wider.upperBound, x, y)
    }
    range = wider
  }

  private mutating func add(_ rows: Range<Int>, _ x: [Double], _ y: [Double]) {
    let scale = 1 / reach
    var (low, high, right) = (moments.lowHalf, moments.highHalf, self.right)
    for row in rows {
      let u = (x[row] - centre) * scale
      let square = u * u
      let powers = SIMD4(1, u, square, square * u)
      low += powers
      high += powers * (square * square)
      right += powers * y[row]
    }
    moments = SIMD8(lowHalf: low, highHalf: high)
    self.right = right
  }
}

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
  /// The number of coefficients, 1 to 4.
  public let order: Int
  /// The coefficients of t⁰ to t³; 0 beyond the degree.
  private let coefficients: SIMD4<Double>
  /// The inverse of the normal matrix, row by row of 4; 0 beyond the degree.
  private let inverse: SIMD16<Double>

  /// Fits y over x for the samples of `range`; nil when they do not determine the polynomial.
  ///
  /// `x` and `y` have equal counts; `degree` is 0 to 3.
  public init?(
    x: [Double], y: [Double], range: Range<Int>, centre: Double, halfWidth: Double, degree: Int
  ) {
    guard halfWidth > 0, halfWidth.isFinite else { return nil }
    var window = PolynomialWindow(centre: centre, reach: halfWidth)
    window.grow(to: range, x: x, y: y)
    self.init(window, halfWidth: halfWidth, degree: degree)
  }

  /// Fits the samples of a window; nil when they do not determine the polynomial.
  ///
  /// `degree` is 0 to 3.
  public init?(_ window: PolynomialWindow, halfWidth: Double, degree: Int) {
    precondition((0...3).contains(degree), "a polynomial of degree \(degree)")
    let order = degree + 1
    guard window.range.count >= order, halfWidth > 0, halfWidth.isFinite else { return nil }
    let factor = window.reach / halfWidth
    let square = factor * factor
    let powers = SIMD4(1, factor, square, square * factor)
    let moments = window.moments * SIMD8(lowHalf: powers, highHalf: powers * (square * square))
    guard let inverse = Self.invert(moments: moments, order: order) else { return nil }
    let right = window.right * powers
    var coefficients = right[0] * inverse.lowHalf.lowHalf
    coefficients += right[1] * inverse.lowHalf.highHalf
    coefficients += right[2] * inverse.highHalf.lowHalf
    coefficients += right[3] * inverse.highHalf.highHalf
    guard coefficients.sum().isFinite else { return nil }
    range = window.range
    centre = window.centre
    self.halfWidth = halfWidth
    self.order = order
    self.inverse = inverse
    self.coefficients = coefficients
  }

  /// The inverse of the Hankel matrix of the moments by Cholesky; nil when it is not positive definite.
  private static func invert(moments: SIMD8<Double>, order: Int) -> SIMD16<Double>? {
    // Arrays, because an element of a vector whose place is not known beforehand goes through memory as a whole.
    var sums = InlineArray<8, Double>(repeating: 0)
    for place in 0..<8 { sums[place] = moments[place] }
    var lower = InlineArray<16, Double>(repeating: 0)
    var reciprocal = InlineArray<4, Double>(repeating: 0)
    for row in 0..<order {
      for column in 0...row {
        var sum = sums[row + column]
        for k in 0..<column { sum -= lower[row * 4 + k] * lower[column * 4 + k] }
        if row == column {
          guard sum > 1e-13 * sums[2 * row], sum.isFinite else { return nil }
          reciprocal[row] = 1 / sum.squareRoot()
        } else {
          lower[row * 4 + column] = sum * reciprocal[column]
        }
      }
    }
    var inverse = SIMD16<Double>.zero
    for column in 0..<order {
      var solution = InlineArray<4, Double>(repeating: 0)
      for row in column..<order {
        var sum = row == column ? 1.0 : 0.0
        for k in column..<row { sum -= lower[row * 4 + k] * solution[k] }
        solution[row] = sum * reciprocal[row]
      }
      for row in (0..<order).reversed() {
        var sum = solution[row]
        for k in row + 1..<order { sum -= lower[k * 4 + row] * solution[k] }
        solution[row] = sum * reciprocal[row]
      }
      let part = SIMD4(solution[0], solution[1], solution[2], solution[3])
      // The inverse is symmetric, so its rows are its columns.
      switch column {
      case 0: inverse.lowHalf.lowHalf = part
      case 1: inverse.lowHalf.highHalf = part
      case 2: inverse.highHalf.lowHalf = part
      default: inverse.highHalf.highHalf = part
      }
    }
    return inverse
  }

  /// The polynomial at x.
  public func value(at x: Double) -> Double { Self.value(coefficients, (x - centre) / halfWidth) }

  /// The derivative with respect to x, at x.
  public func slope(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    return (coefficients[1] + t * (2 * coefficients[2] + t * 3 * coefficients[3])) / halfWidth
  }

  /// The second derivative with respect to x, at x.
  public func curvature(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    return (2 * coefficients[2] + t * 6 * coefficients[3]) / (halfWidth * halfWidth)
  }

  /// The Euclidean norm of the weights that the samples have in `value(at:)`.
  ///
  /// Times σ it is the standard deviation of the value under white noise.
  public func weightNorm(at x: Double) -> Double {
    let t = (x - centre) / halfWidth
    return max(Self.value(projection(at: t), t), 0).squareRoot()
  }

  /// The weights that the samples of `range` have in `value(at:)`; `abscissas` are those that were fitted.
  public func weights(at x: Double, abscissas: [Double]) -> [Double] {
    let projected = projection(at: (x - centre) / halfWidth)
    return range.map { Self.value(projected, (abscissas[$0] - centre) / halfWidth) }
  }

  /// The variance of the fitted samples about the polynomial, per degree of freedom; 0 when there is none.
  ///
  /// `x` and `y` are those that were fitted.
  public func residualVariance(x: [Double], y: [Double]) -> Double {
    guard range.count > order else { return 0 }
    var sum = 0.0
    for index in range {
      let residual = y[index] - value(at: x[index])
      sum += residual * residual
    }
    return sum / Double(range.count - order)
  }

  private static func value(_ coefficients: SIMD4<Double>, _ t: Double) -> Double {
    coefficients[0] + t * (coefficients[1] + t * (coefficients[2] + t * coefficients[3]))
  }

  /// The inverse normal matrix times the powers of t.
  private func projection(at t: Double) -> SIMD4<Double> {
    let (lowest, low) = (inverse.lowHalf.lowHalf, inverse.lowHalf.highHalf)
    let (high, highest) = (inverse.highHalf.lowHalf, inverse.highHalf.highHalf)
    return lowest + t * (low + t * (high + t * highest))
  }
}
