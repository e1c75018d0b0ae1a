// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Fits a sum of steps to samples by least squares, after Levenberg and Marquardt.
///
/// (Marquardt, Journal of the Society for Industrial and Applied Mathematics 11 (1963) 431.)
/// Samples where the curve is flat are gathered to nodes. A node's ordinate is the curve of the last fit at the
/// mean abscissa plus the mean residual of its samples, so that the curvature inside a node drops out and nothing
/// is lost. All work is done in place: an iteration allocates nothing.
///
/// With feedback the curve is solved for y at every abscissa, y = F(x + ν·y). While steps are looked for that is not worth
/// its time: there the nodes stand where the samples say they are, x + ν·y, and what y errs by, which moves them along
/// the curve, is in their weights, smaller by (1 − ν·F′)². The difference is of second order in the error, which is why
/// that is done only where it moves a sample by much less than the width of the narrowest step.
public struct StepFitter: Sendable {
  typealias Lanes = SIMD8<Double>

  /// Limits that keep parameters where data can tell them.
  public struct Limits: Hashable, Sendable {
    /// Of the logarithm of a width.
    public var logWidth: ClosedRange<Double>
    /// Of a step's middle.
    public var centre: ClosedRange<Double>

    /// Limits from their parts.
    public init(logWidth: ClosedRange<Double>, centre: ClosedRange<Double>) {
      self.logWidth = logWidth
      self.centre = centre
    }
  }

  /// The shift of the abscissa per unit of ordinate.
  public let feedback: Double
  /// The limits of the parameters.
  public internal(set) var limits: Limits
  /// How many samples there are.
  public let sampleCount: Int
  /// The standard deviation of the noise of samples of weight 1.
  var noise = Double.infinity
  /// The sum of squares of samples about their nodes.
  public private(set) var scatterWithinNodes = 0.0

  var samples: Columns
  /// The nodes as they were measured.
  private var measured: Columns
  /// The nodes that the curve is fitted to at present: as they were measured, or where their y puts them.
  var nodes: Columns
  private let borders: [Int]
  /// Derivatives of the nodes' ordinates, one run of lanes for each parameter.
  var derivatives: [Lanes] = []
  /// Derivatives by one parameter, or a template, times the nodes' weights.
  var weighted: [Lanes] = []
  var normal: [Double] = []
  private var right: [Double] = []
  var factor: [Double] = []
  var step: [Double] = []
  private var trial: [Double] = []
  var theta: [Double] = []

  /// Abscissas, ordinates and weights in lanes; unused lanes have weight 0.
  struct Columns: Sendable {
    var x: [Lanes]
    var y: [Lanes]
    var weight: [Lanes]
    /// The curve at x, kept as the start of the next solution with feedback.
    var model: [Lanes]
    /// The shift of the abscissa per unit of ordinate that is not in x yet.
    var feedback: Double
    let count: Int

    init(x: [Double], y: [Double], weight: [Double], feedback: Double) {
      count = x.count
      self.feedback = feedback
      let last = x.last ?? 0
      let blocks = (x.count + 7) / 8
      func lanes(_ values: [Double], filler: Double) -> [Lanes] {
        (0..<blocks).map { block in
          var lanes = Lanes(repeating: filler)
          for lane in 0..<min(8, values.count - 8 * block) { lanes[lane] = values[8 * block + lane] }
          return lanes
        }
      }
      self.x = lanes(x, filler: last)
      self.y = lanes(y, filler: y.last ?? 0)
      self.weight = lanes(weight, filler: 0)
      model = self.y
    }
  }

  /// A fitter of samples with rising abscissas.
  ///
  /// The three arrays have equal counts of at least 8. `borders` are the first samples of the nodes, rising, the
  /// first of them 0.
  public init(
    x: [Double], y: [Double], weight: [Double], borders: [Int], feedback: Double, limits: Limits
  ) {
    precondition(x.count == y.count && x.count == weight.count && x.count >= 8, "\(x.count) samples")
    self.feedback = feedback
    self.limits = limits
    self.borders = borders
    sampleCount = x.count
    samples = Columns(x: x, y: y, weight: weight, feedback: feedback)
    var means: (x: [Double], y: [Double], weight: [Double]) = ([], [], [])
    for (start, end) in zip(borders, borders.dropFirst() + [x.count]) {
      var (sum, sx, sy) = (0.0, 0.0, 0.0)
      for row in start..<end {
        sum += weight[row]
        sx += weight[row] * x[row]
        sy += weight[row] * y[row]
      }
      means.x.append(sum > 0 ? sx / sum : x[start])
      means.y.append(sum > 0 ? sy / sum : y[start])
      means.weight.append(sum)
    }
    measured = Columns(x: means.x, y: means.y, weight: means.weight, feedback: feedback)
    nodes = measured
    weighted = nodes.weight
  }

  // MARK: The curve

  /// Evaluates the curve on some columns and returns Σ weight·(y − curve)².
  ///
  /// With `wantsDerivatives` also ∂y/∂θ. With feedback y is solved for to some `precision`.
  @inline(__always)
  static func evaluate(
    _ shapes: [StepShape], _ theta: [Double], _ columns: inout Columns, derivatives: inout [Lanes],
    wantsDerivatives: Bool, precision: Precision = .full
  ) -> Double {
    let (blocks, feedback) = (columns.x.count, columns.feedback)
    let curve = Curve(shapes, theta)
    var cost = Lanes.zero
    for block in 0..<blocks {
      var x = columns.x[block]
      var f: Lanes
      var slope: Lanes
      if feedback == 0 {
        (f, slope) = curve.evaluate(x, block, of: blocks, &derivatives, wantsDerivatives)
      } else {
        let outside = x
        var solution = Solution(start: columns.model[block])
        let limit = precision.rawValue
        let isTrial = precision != .full
        repeat {
          x = outside + feedback * solution.y
          (f, slope) = curve.evaluate(x, block, of: blocks, &derivatives, wantsDerivatives && isTrial)
          solution.step(excess: solution.y - f, feedback: feedback, slope: slope)
        } while !solution.isGivenUp && solution.largestChange > limit
        if isTrial {
          f = solution.y
        } else {
          x = outside + feedback * solution.y
          (f, slope) = curve.evaluate(x, block, of: blocks, &derivatives, wantsDerivatives)
        }
      }
      if wantsDerivatives {
        derivatives[block] = Lanes(repeating: 1)
        derivatives[blocks + block] = x
        if feedback != 0 {
          let share = 1 / (1 - feedback * slope)
          for p in 0..<theta.count { derivatives[p * blocks + block] *= share }
        }
      }
      columns.model[block] = f
      let residual = columns.y[block] - f
      cost += columns.weight[block] * residual * residual
    }
    let total = cost.sum()
    // What is not a number would be the start of all that follows.
    if !total.isFinite { columns.model = columns.y }
    return total
  }

  /// How well y is solved for where it feeds back: the square of a change after which no further one is made.
  enum Precision: Double {
    /// To about 1e-11, with the derivatives of the last step but one.
    case trial = 1e-14
    /// To about 1e-13, with the derivatives there.
    case full = 1e-16
  }

  /// A curve by its parameters, for many abscissas.
  private struct Curve {
    let shapes: [StepShape]
    let theta: [Double]
    private var inverse = InlineArray<8, Double>(repeating: 0)

    init(_ shapes: [StepShape], _ theta: [Double]) {
      self.shapes = shapes
      self.theta = theta
      for k in shapes.indices { inverse[k] = exp(-theta[4 + 3 * k]) }
    }

    /// y and dy/dx; with `wantsDerivatives` also those with respect to the steps' parameters, without feedback.
    @inline(__always)
    func evaluate(
      _ x: Lanes, _ block: Int, of blocks: Int, _ derivatives: inout [Lanes], _ wantsDerivatives: Bool
    ) -> (y: Lanes, slope: Lanes) {
      var y = theta[0] + theta[1] * x
      var slope = Lanes(repeating: theta[1])
      for k in shapes.indices {
        let u = (x - theta[3 + 3 * k]) * inverse[k]
        let (fraction, unitDensity) = shapes[k].lanes(u)
        let density = theta[2 + 3 * k] * unitDensity
        y -= theta[2 + 3 * k] * fraction
        slope -= inverse[k] * density
        guard wantsDerivatives else { continue }
        derivatives[(2 + 3 * k) * blocks + block] = -fraction
        derivatives[(3 + 3 * k) * blocks + block] = inverse[k] * density
        derivatives[(4 + 3 * k) * blocks + block] = density * u
      }
      return (y, slope)
    }
  }

  /// The y at which y = F(x + ν·y), by Newton inside a bracket.
  ///
  /// y − F(x + ν·y) rises with y as long as the curve falls, so that a bracket holds its one root. Most are found before
  /// a bracket would matter, and only what takes longer is given one.
  private struct Solution {
    var y: Lanes
    /// The square of the largest change in the last step; that of the next would be of its order squared.
    var largestChange = Double.infinity
    private var rounds = 0
    private var low = Lanes(repeating: -.infinity)
    private var high = Lanes(repeating: .infinity)

    init(start: Lanes) { y = start }

    var isGivenUp: Bool { rounds >= 60 }

    @inline(__always)
    mutating func step(excess: Lanes, feedback: Double, slope: Lanes) {
      // Where a trial curve rises the bracket may be open; short steps keep y finite.
      var descent = 1 - feedback * slope
      descent.replace(with: 0.5, where: .!(descent .> 0.5))
      var next = y - excess * (1 / descent)
      if rounds >= 4 { keepInside(&next, excess: excess, halves: rounds >= 8 && rounds % 2 == 0) }
      rounds += 1
      let change = next - y
      y = next
      largestChange = (change * change).greatest
    }

    @inline(__always)
    private mutating func keepInside(_ next: inout Lanes, excess: Lanes, halves: Bool) {
      let above = excess .> 0
      high.replace(with: y, where: above)
      low.replace(with: y, where: .!above)
      let middle = 0.5 * (low + high)
      // On a steep curve Newton may go from one end to the other for ever.
      let outside = (next .<= low) .| (next .>= high) .| SIMDMask(repeating: halves)
      let leaves = outside .& (middle - middle .== 0)
      next.replace(with: middle, where: leaves)
    }
  }

  // MARK: Nodes

  /// Moves the ordinates of the nodes so that a curve's curvature inside them drops out.
  ///
  /// While steps are looked for, `isSearch`, the nodes are put where their y says that they are, if noise allows it.
  mutating func recentre(on curve: StepSum, isSearch: Bool = false) {
    let precision: Precision = isSearch ? .trial : .full
    let straightens = isSearch && feedback != 0 && abs(feedback) * noise < 0.3 * curve.narrowestWidth
    var none: [Lanes] = []
    let theta = curve.parameters
    let shapes = curve.steps.map(\.shape)
    prepare(theta.count)
    _ = Self.evaluate(
      shapes, theta, &samples, derivatives: &none, wantsDerivatives: false, precision: precision)
    _ = Self.evaluate(
      shapes, theta, &measured, derivatives: &derivatives, wantsDerivatives: straightens,
      precision: precision)
    scatterWithinNodes = 0
    for node in 0..<nodes.count {
      let end = node + 1 < borders.count ? borders[node + 1] : sampleCount
      var (sum, first, second) = (0.0, 0.0, 0.0)
      for row in borders[node]..<end {
        let (block, lane) = (row >> 3, row & 7)
        let weight = samples.weight[block][lane]
        let residual = samples.y[block][lane] - samples.model[block][lane]
        sum += weight
        first += weight * residual
        second += weight * residual * residual
      }
      let mean = first / sum
      guard sum > 0, mean.isFinite, second.isFinite else { continue }
      scatterWithinNodes += max(0, second - mean * first)
      measured.y[node >> 3][node & 7] = measured.model[node >> 3][node & 7] + mean
    }
    nodes = measured
    guard straightens else { return }
    nodes.feedback = 0
    for block in nodes.x.indices {
      nodes.x[block] += feedback * nodes.y[block]
      // ∂y/∂offset is 1/(1 − ν·F′).
      nodes.weight[block] *= derivatives[block] * derivatives[block]
    }
  }

  /// What belongs to the curve that the nodes are centred on.
  var centring: (measured: Columns, nodes: Columns, scatter: Double) {
    get { (measured, nodes, scatterWithinNodes) }
    set { (measured, nodes, scatterWithinNodes) = newValue }
  }

  // MARK: Least squares

  /// Fits from a start; returns the curve with Σ weight·residual² of the nodes.
  ///
  /// Stops after `iterations`, when the cost falls by less than a share `tolerance` or would by a tenth of that, or when a
  /// `target` is out of reach.
  public mutating func fit(
    from start: StepSum, iterations: Int = 40, tolerance: Double = 1e-9, target: Double = .infinity
  ) -> (curve: StepSum, cost: Double) {
    theta = clamped(start.parameters)
    let shapes = start.steps.map(\.shape)
    let count = theta.count
    prepare(count)
    trial = theta
    var cost = Self.evaluate(
      shapes, theta, &nodes, derivatives: &derivatives, wantsDerivatives: true, precision: .trial)
    var damping = 1e-3
    fitting: for _ in 0..<iterations {
      accumulate(count)
      var improved: Double?
      for attempt in 0..<8 {
        guard solve(count, damping: damping) else {
          damping *= 10
          continue
        }
        if attempt == 0 {
          let fall = promisedFall
          if cost - 4 * fall > target || fall < 0.1 * tolerance * cost { break fitting }
        }
        for p in 0..<count { trial[p] = theta[p] + step[p] }
        clamp(&trial)
        let next = Self.evaluate(
          shapes, trial, &nodes, derivatives: &derivatives, wantsDerivatives: true, precision: .trial)
        if next.isFinite, next <= cost * (1 + 1e-14) {
          improved = next
          break
        }
        damping *= 10
      }
      guard let next = improved else { break }
      swap(&theta, &trial)
      damping = max(damping / 10, 1e-12)
      let gain = cost - next
      cost = next
      if gain < tolerance * cost { break }
    }
    return (start.with(theta), cost)
  }

  /// How far the cost would fall with the step at hand if the curve were linear in its parameters.
  private var promisedFall: Double {
    var fall = 0.0
    for p in right.indices { fall += right[p] * step[p] }
    return fall
  }

  mutating func prepare(_ count: Int) {
    let lanes = count * nodes.x.count
    if derivatives.count < lanes { derivatives = [Lanes](repeating: .zero, count: lanes) }
    guard normal.count != count * count else { return }
    normal = [Double](repeating: 0, count: count * count)
    factor = normal
    right = [Double](repeating: 0, count: count)
    step = right
  }

  /// JᵀWJ and JᵀWr from the derivatives and residuals at hand.
  mutating func accumulate(_ count: Int) {
    let blocks = nodes.x.count
    for p in 0..<count {
      var sum = Lanes.zero
      for block in 0..<blocks {
        weighted[block] = nodes.weight[block] * derivatives[p * blocks + block]
        sum += weighted[block] * (nodes.y[block] - nodes.model[block])
      }
      right[p] = sum.sum()
      // Two at a time, for each load of a weighted derivative serves both.
      for q in stride(from: 0, through: p, by: 2) {
        let next = q < p ? q + 1 : q
        var (product, other) = (Lanes.zero, Lanes.zero)
        for block in 0..<blocks {
          let left = weighted[block]
          product += left * derivatives[q * blocks + block]
          other += left * derivatives[next * blocks + block]
        }
        (normal[p * count + q], normal[p * count + next]) = (product.sum(), other.sum())
        (normal[q * count + p], normal[next * count + p]) = (normal[p * count + q], normal[p * count + next])
      }
    }
  }

  /// Solves (A + λ·diag A)·step = right by Cholesky; false when A is not positive definite.
  mutating func solve(_ count: Int, damping: Double) -> Bool {
    for row in 0..<count {
      for column in 0...row {
        var sum = normal[row * count + column]
        if row == column { sum += damping * sum + 1e-12 }
        for k in 0..<column { sum -= factor[row * count + k] * factor[column * count + k] }
        if row == column {
          guard sum > 0, sum.isFinite else { return false }
          factor[row * count + row] = sum.squareRoot()
        } else {
          factor[row * count + column] = sum / factor[column * count + column]
        }
      }
    }
    for row in 0..<count {
      var sum = right[row]
      for k in 0..<row { sum -= factor[row * count + k] * step[k] }
      step[row] = sum / factor[row * count + row]
    }
    for row in (0..<count).reversed() {
      var sum = step[row]
      for k in row + 1..<count { sum -= factor[k * count + row] * step[k] }
      step[row] = sum / factor[row * count + row]
    }
    return true
  }

  func clamped(_ theta: [Double]) -> [Double] {
    var copy = theta
    clamp(&copy)
    return copy
  }

  func clamp(_ theta: inout [Double]) {
    for k in stride(from: 2, to: theta.count, by: 3) {
      theta[k + 1] = min(max(theta[k + 1], limits.centre.lowerBound), limits.centre.upperBound)
      theta[k + 2] = min(max(theta[k + 2], limits.logWidth.lowerBound), limits.logWidth.upperBound)
    }
  }
}
