// SPDX-License-Identifier: GPL-3.0-or-later

/// The mean course of two mapped sweeps: local quadratics through both, joined by cubics.
///
/// Needs no model of the curve. Its blur over 1 % of the range does not bias offsets that are found in rounds: at
/// the end the differences of mates are uncorrelated with its slope, whatever that is.
public struct PooledCurve: SlopedCurve {
  /// Falling.
  private let nodes: [Double]
  private let values: [Double]
  private let slopes: [Double]
  /// The number of parameters that a curve as flexible as the windows has.
  public let parameterCount: Double

  /// The course of two sweeps; nil when they hold too few different abscissas.
  public init?(_ sweeps: MirroredSweeps) {
    let (x, y) = Self.pooled(sweeps.sweeps)
    guard let highest = x.first, let lowest = x.last, highest > lowest else { return nil }
    let reach = 0.005 * (highest - lowest)
    var nodes: [Double] = []
    var values: [Double] = []
    var slopes: [Double] = []
    var parameters = 0.0
    var (start, end) = (0, 0)
    var row = 0
    while row < x.count {
      let centre = x[row]
      while x[start] > centre + reach { start += 1 }
      while end < x.count, x[end] >= centre - reach { end += 1 }
      // 11 samples of both sweeps are the fewest that tell a slope from noise.
      let window = min(start, max(0, row - 5))..<max(end, min(x.count, row + 6))
      // Four nodes to a window follow whatever a quadratic does.
      let spacing = max(1, window.count / 4)
      if let (value, slope, leverage) = Self.quadratic(x, y, window, around: centre),
        nodes.last.map({ $0 > centre }) ?? true
      {
        nodes.append(centre)
        values.append(value)
        slopes.append(slope)
        parameters += leverage * Double(min(spacing, x.count - row))
      }
      row += spacing
    }
    guard nodes.count >= 4 else { return nil }
    self.nodes = nodes
    self.values = values
    self.slopes = slopes
    parameterCount = parameters
  }

  /// The samples of both sweeps in the order of falling abscissas.
  private static func pooled(_ sweeps: [MirroredSweeps.Sweep]) -> (x: [Double], y: [Double]) {
    let (one, other) = (sweeps[0], sweeps[1])
    let count = one.x.count + other.x.count
    var (x, y): ([Double], [Double]) = ([], [])
    x.reserveCapacity(count)
    y.reserveCapacity(count)
    var (i, j) = (0, 0)
    while i < one.x.count || j < other.x.count {
      if j == other.x.count || (i < one.x.count && one.x[i] >= other.x[j]) {
        x.append(one.x[i])
        y.append(one.y[i])
        i += 1
      } else {
        x.append(other.x[j])
        y.append(other.y[j])
        j += 1
      }
    }
    return (x, y)
  }

  /// Value and slope of a least-squares quadratic at the middle of a window, and the weight of a sample there in
  /// the value; nil when the window does not determine it.
  private static func quadratic(
    _ x: [Double], _ y: [Double], _ window: Range<Int>, around centre: Double
  ) -> (value: Double, slope: Double, leverage: Double)? {
    let scale = max(x[window.lowerBound] - centre, centre - x[window.upperBound - 1])
    guard scale > 0 else { return nil }
    var (s1, s2, s3, s4) = (0.0, 0.0, 0.0, 0.0)
    var (y0, y1, y2) = (0.0, 0.0, 0.0)
    for row in window {
      let t = (x[row] - centre) / scale
      let square = t * t
      s1 += t
      s2 += square
      s3 += square * t
      s4 += square * square
      y0 += y[row]
      y1 += y[row] * t
      y2 += y[row] * square
    }
    let n = Double(window.count)
    let (a, b, c) = (s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2)
    let determinant = n * a + s1 * b + s2 * c
    guard determinant > 1e-9 * n * s2 * s4 else { return nil }
    let value = (a * y0 + b * y1 + c * y2) / determinant
    let slope = (b * y0 + (n * s4 - s2 * s2) * y1 + (s1 * s2 - n * s3) * y2) / determinant
    return (value, slope / scale, a / determinant)
  }

  /// The value at x; beyond the data that at their end.
  public func value(at x: Double) -> Double {
    var place = nodes.count / 2
    return point(at: x, near: &place).value
  }

  /// The slope at x; beyond the data that at their end.
  public func slope(at x: Double) -> Double {
    var place = nodes.count / 2
    return point(at: x, near: &place).slope
  }

  /// Value and slope at x; beyond the data those at their end.
  ///
  /// `place` is the upper one of the nodes around x, sought from the one that is given.
  public func point(at x: Double, near place: inout Int) -> (value: Double, slope: Double) {
    while place + 2 < nodes.count, nodes[place + 1] >= x { place += 1 }
    while place > 0, nodes[place] < x { place -= 1 }
    let span = nodes[place] - nodes[place + 1]
    let t = min(max((nodes[place] - x) / span, 0), 1)
    let (rise, fall) = (-span * slopes[place], -span * slopes[place + 1])
    let change = values[place + 1] - values[place]
    return (
      values[place] + t * (rise + t * (3 * change - 2 * rise - fall + t * (rise + fall - 2 * change))),
      slopes[place] + t * (slopes[place + 1] - slopes[place])
    )
  }

  /// The largest x below which the value is negative, of those below `start`; nil when it stays positive.
  public func crossing(below start: Double) -> Double? {
    for node in 1..<nodes.count where nodes[node] < start && values[node - 1] >= 0 && values[node] < 0 {
      let share = values[node - 1] / (values[node - 1] - values[node])
      return nodes[node - 1] + share * (nodes[node] - nodes[node - 1])
    }
    return nil
  }
}
