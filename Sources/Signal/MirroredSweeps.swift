// SPDX-License-Identifier: GPL-3.0-or-later

/// A smooth function of one variable with its slope.
public protocol SlopedCurve: Sendable {
  /// The value at x.
  func value(at x: Double) -> Double
  /// The derivative with respect to x, at x.
  func slope(at x: Double) -> Double
  /// How many parameters of the curve the data determined; fractional for a smoother, 0 for a known curve.
  var parameterCount: Double { get }
  /// Value and slope at x; `place` is 0 at first and what the call before left, for an x near that one's.
  func point(at x: Double, near place: inout Int) -> (value: Double, slope: Double)
}

extension SlopedCurve {
  /// Value and slope at x, wherever that is.
  public func point(at x: Double, near place: inout Int) -> (value: Double, slope: Double) {
    (value(at: x), slope(at: x))
  }
}

/// The falling and the rising sweep of a closed curve that is its own mirror image: y = ±f(±x).
///
/// The falling sweep is f itself; the rising one is mapped to it by (x, y) → (−x, −y).
public struct MirroredSweeps: Sendable {
  /// One sweep, mapped to the falling one, in the order of falling abscissas.
  struct Sweep: Sendable {
    /// +1 for the falling sweep, −1 for the rising one.
    let sign: Double
    let x: [Double]
    let y: [Double]
    let time: [Double]
  }

  let sweeps: [Sweep]
  /// The time in the middle between the first and the last sample.
  public let middleTime: Double
  /// The time from the first to the last sample; positive.
  public let duration: Double

  /// The sweeps as rows of three series in time order; nil when a sweep has fewer than 8 rows, a number is not
  /// finite, or time stands still.
  ///
  /// The series have equal counts; times do not fall.
  public init?(x: [Double], y: [Double], time: [Double], falling: Range<Int>, rising: Range<Int>) {
    precondition(x.count == y.count && x.count == time.count, "series of unequal counts")
    guard falling.count >= 8, rising.count >= 8 else { return nil }
    func sweep(_ rows: Range<Int>, sign: Double) -> Sweep {
      let order = rows.sorted { sign * x[$0] > sign * x[$1] }
      return Sweep(
        sign: sign, x: order.map { sign * x[$0] }, y: order.map { sign * y[$0] }, time: order.map { time[$0] }
      )
    }
    sweeps = [sweep(falling, sign: 1), sweep(rising, sign: -1)]
    let ends = [falling.lowerBound, falling.upperBound - 1, rising.lowerBound, rising.upperBound - 1].map {
      time[$0]
    }
    let (start, end) = (ends.min() ?? 0, ends.max() ?? 0)
    middleTime = 0.5 * (start + end)
    duration = end - start
    let sums = sweeps.map { $0.x.reduce(0, +) + $0.y.reduce(0, +) + $0.time.reduce(0, +) }
    guard sums.allSatisfy(\.isFinite), duration > 0 else { return nil }
  }

  private init(sweeps: [Sweep], middleTime: Double, duration: Double) {
    self.sweeps = sweeps
    self.middleTime = middleTime
    self.duration = duration
  }

  /// The sweeps without offsets that were found.
  public func without(_ offsets: MirrorOffsets) -> MirroredSweeps {
    let moved = sweeps.map { sweep in
      Sweep(
        sign: sweep.sign, x: sweep.x.map { $0 - sweep.sign * offsets.abscissa },
        y: zip(sweep.y, sweep.time).map {
          $0 - sweep.sign * (offsets.ordinate + offsets.drift * ($1 - middleTime))
        }, time: sweep.time)
    }
    return MirroredSweeps(sweeps: moved, middleTime: middleTime, duration: duration)
  }
}

/// How far a measured closed curve is from being its own mirror image: y = ±f(±(x − x₀)) + y₀ + d·(t − middle).
///
/// Found by least squares from the difference of mates, the points of the two mapped sweeps at one abscissa. Their
/// mean tells f and nothing of the offsets, so an f that was fitted to the pooled sweeps serves. The drift shifts
/// that mean, too, by −d·T/4 in a steady loop of duration T, which f has swallowed: only after the correction is
/// the level of f right.
public struct MirrorOffsets: Sendable {
  /// What can be found.
  public enum Parameter: Int, Hashable, Sendable, CaseIterable {
    /// x₀.
    case abscissa
    /// y₀.
    case ordinate
    /// d.
    case drift
  }

  /// The values by `Parameter.rawValue`; 0 for those that were not fitted.
  public let values: [Double]
  /// Their covariance, 3 × 3, row by row; 0 for those that were not fitted.
  ///
  /// That under white noise times what blocks of the residuals scatter more than such noise would.
  public let covariance: [Double]
  /// The degrees of freedom of the noise that the covariance rests on.
  public let degreesOfFreedom: Double
  /// What the variance is multiplied with because the noise is slow; 1 for white noise.
  public let slowness: Double

  /// x₀, in the unit of x.
  public var abscissa: Double { self[.abscissa] }
  /// y₀, in the unit of y.
  public var ordinate: Double { self[.ordinate] }
  /// d, in the unit of y per unit of time.
  public var drift: Double { self[.drift] }

  /// Offsets from their parts; `values` has 3 numbers and `covariance` 9.
  public init(values: [Double], covariance: [Double], degreesOfFreedom: Double, slowness: Double = 1) {
    precondition(values.count == 3 && covariance.count == 9, "offsets of another shape")
    self.values = values
    self.covariance = covariance
    self.degreesOfFreedom = degreesOfFreedom
    self.slowness = slowness
  }

  /// A value.
  public subscript(_ parameter: Parameter) -> Double { values[parameter.rawValue] }

  /// Its standard uncertainty.
  public func standardUncertainty(_ parameter: Parameter) -> Double {
    covariance[parameter.rawValue * 4].squareRoot()
  }

  /// Fits the offsets about a curve, by Gauss and Newton; nil when the data do not determine them.
  ///
  /// `leastNoise` is the smallest standard deviation of a sample that is believed, in the unit of y.
  public init?(
    of sweeps: MirroredSweeps, about curve: any SlopedCurve, fitting wanted: Set<Parameter>,
    leastNoise: Double = 0
  ) {
    let columns = wanted.map(\.rawValue).sorted()
    guard !columns.isEmpty else { return nil }
    // Offsets within the rounding of the samples' sums cannot settle.
    let rounding = 1e-11 * sweeps.sweeps.reduce(0) { max($0, $1.y.map(abs).max() ?? 0) }
    let leastNoise = max(leastNoise, rounding)
    var values = [0.0, 0, 0]
    for _ in 0..<6 {
      let (equations, solution) = Self.step(sweeps, curve, columns, from: values)
      guard let solution else { return nil }
      let degrees = Double(equations.count - columns.count - 1) - curve.parameterCount
      guard degrees >= 8 else { return nil }
      let order = columns.count + 1
      let variance = max(solution.residualSumOfSquares / degrees, leastNoise * leastNoise)
      var isSettled = true
      for (k, column) in columns.enumerated() {
        values[column] += solution.values[k]
        let u2 = variance * solution.inverse[k * order + k]
        if solution.values[k] * solution.values[k] > 1e-3 * u2 { isSettled = false }
      }
      guard isSettled else { continue }
      let slowness = Self.slowness(sweeps, curve, values, variance: variance, fitted: order)
      var covariance = [Double](repeating: 0, count: 9)
      for (k, row) in columns.enumerated() {
        for (l, column) in columns.enumerated() {
          covariance[row * 3 + column] = slowness * variance * solution.inverse[k * order + l]
        }
      }
      self.values = values
      self.covariance = covariance
      degreesOfFreedom = degrees
      self.slowness = slowness
      return
    }
    return nil
  }

  /// The variance of the differences of the sweeps in blocks over that of white noise, at least 1.
  ///
  /// Slow noise passes for offsets and drift; the means of a sixteenth of the sweep each tell how slow it is.
  private static func slowness(
    _ sweeps: MirroredSweeps, _ curve: any SlopedCurve, _ values: [Double], variance: Double, fitted: Int
  ) -> Double {
    let blocks = 16
    let all = sweeps.sweeps.flatMap(\.x)
    guard variance > 0, let low = all.min(), let high = all.max(), high > low,
      (high - low).isFinite
    else { return 1 }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: blocks), count: 2)
    var counts = sums
    for (index, sweep) in sweeps.sweeps.enumerated() {
      var place = 0
      for i in sweep.x.indices {
        let point = curve.point(at: sweep.x[i] - sweep.sign * values[0], near: &place)
        let time = sweep.time[i] - sweeps.middleTime
        let offset = sweep.sign * (values[1] + values[2] * time)
        let share = (sweep.x[i] - low) / (high - low)
        let block = min(blocks - 1, max(0, Int((share * Double(blocks)).rounded(.down))))
        sums[index][block] += sweep.y[i] - offset - point.value
        counts[index][block] += 1
      }
    }
    // The curve has swallowed what drift does to both sweeps alike.
    var (total, used) = (0.0, 0.0)
    var level = 0.0
    for pass in 0..<2 {
      for block in 0..<blocks where counts[0][block] > 1 && counts[1][block] > 1 {
        let difference = sums[0][block] / counts[0][block] - sums[1][block] / counts[1][block]
        if pass == 0 {
          level += difference
          used += 1
        } else {
          let expected = variance * (1 / counts[0][block] + 1 / counts[1][block])
          total += (difference - level) * (difference - level) / expected
        }
      }
      if pass == 0 { level /= max(1, used) }
    }
    let degrees = used - Double(fitted)
    return degrees >= 4 ? max(1, total / degrees) : 1
  }

  /// The equations of one step; the last unknown is a shift of the curve's level, which mates share.
  private static func step(
    _ sweeps: MirroredSweeps, _ curve: any SlopedCurve, _ columns: [Int], from values: [Double]
  ) -> (NormalEquations, NormalEquations.Solution?) {
    var equations = NormalEquations(order: columns.count + 1)
    var sums = SummedEquations()
    // The last coefficient is 1, those behind it 0.
    let has = (columns.contains(0), columns.contains(1), columns.contains(2))
    for (index, sweep) in sweeps.sweeps.enumerated() {
      let other = sweeps.sweeps[1 - index]
      let sign = sweep.sign
      var below = 0
      var place = 0
      for i in sweep.x.indices {
        let x = sweep.x[i] - sign * values[0]
        while below < other.x.count, other.x[below] + sign * values[0] > x { below += 1 }
        // Beyond the other sweep's end by half a step at most; without a mate a sample tells the curve only. At the
        // very end rounding would decide, and let the result jump.
        let lower = min(max(below, 1), other.x.count - 1)
        let span = other.x[lower - 1] - other.x[lower]
        let share = span > 0 ? (other.x[lower - 1] + sign * values[0] - x) / span : below == lower ? 0 : -1
        guard share >= -0.5, share <= 1.5 else { continue }
        let mate = other.time[lower - 1] + share * (other.time[lower] - other.time[lower - 1])
        // Of a sample's time only what it shares with its mate acts on their difference.
        let time = 0.5 * (sweep.time[i] + mate) - sweeps.middleTime
        let point = curve.point(at: x, near: &place)
        var row = SIMD4(1.0, 0, 0, 0)
        if has.2 { row = SIMD4(sign * time, row[0], row[1], row[2]) }
        if has.1 { row = SIMD4(sign, row[0], row[1], row[2]) }
        if has.0 { row = SIMD4(-sign * point.slope, row[0], row[1], row[2]) }
        sums.add(row, sweep.y[i] - sign * (values[1] + values[2] * time) - point.value)
      }
    }
    equations.add(sums)
    return (equations, equations.solution())
  }
}
