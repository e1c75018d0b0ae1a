// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Fits one curve to all evaluated branches: a reversible slope less a sum of switching steps, as many as the data
/// call for.
///
/// The steps are distribution functions of the internal field, each normal, logistic or of extreme values, whichever
/// the data prefer. In an
/// open circuit the model is solved at the measured field, J = F(Ha − N·J/µ0), so that noise stays on one axis; only
/// while steps are looked for the samples are sheared, where their noise allows it.
struct LadderEstimator: Sendable {
  static let method = "ladder"

  let branches: [Branch]
  let pilots: [Pilot]
  let shear: Shear
  let noise: NoiseLevel
  let hasPolarisation: Bool
  /// The standard deviation of the field that smoothing left, A/m.
  let fieldNoise: Double
  /// A fixed number of logistic steps, for validation; nil to let the data choose.
  var components: Int?

  /// The fitted curve; nil when the data end before HcJ or no falling curve follows them.
  func fit() -> FittedLadder? {
    guard let first = branches.first, pilots.allSatisfy({ $0.crossingField != nil }) else { return nil }
    guard
      let points = pilots.compactMap(\.switchingPoints).min(), points > 0,
      let width = pilots.compactMap(\.switchingWidth).max(), width.isFinite
    else { return nil }
    let pool = PooledBranches(branches, pilots)
    let fieldScale = pilots.reduce(0) { $0 + $1.scale } / Double(pilots.count)
    let responseScale = median(first.response.map(abs)) ?? 0
    guard pool.field.count >= 16, fieldScale > 0, responseScale > 0, fieldScale.isFinite,
      responseScale.isFinite
    else { return nil }
    // What files hold is not always a number.
    guard pool.field.allSatisfy(\.isFinite), pool.response.allSatisfy(\.isFinite) else { return nil }
    let x = pool.field.map { -$0 / fieldScale }
    let y = pool.response.map { $0 / responseScale }
    let feedback = shear.fieldPerPolarisation * responseScale / fieldScale
    let spacing = max(abs(width) / points / fieldScale, 1e-6)
    // The middle half of a normal distribution is 1.349 of its width.
    let steepness = log(max(abs(width) / fieldScale / 1.349, 0.3 * spacing))
    let furthest = (x.last ?? 1) + feedback * (y.last ?? 0)
    var fitter = StepFitter(
      x: x, y: y, weight: weights(pool), borders: borders(pool, responseScale), feedback: feedback,
      limits: StepFitter.Limits(
        logWidth: min(log(0.2 * spacing), log(0.7))...log(0.8), centre: -0.3...max(1.05, min(1.6, furthest))))
    // A fixed number of steps is for the published test of logistic ones.
    let shape: StepShape = components == nil ? .normal : .logistic
    let start = StepSum(
      offset: 1, slope: -0.03,
      steps: [.init(shape, amplitude: 2, centre: 1, logWidth: min(steepness, log(0.8)))])
    guard
      let ladder = fitter.ladder(
        from: start, noiseVariance: noise.overall * noise.overall / (responseScale * responseScale),
        correlationLength: noise.correlationLength, exactly: components)
    else { return nil }
    return FittedLadder(
      ladder, fitter: fitter, pool: pool, fieldScale: fieldScale, responseScale: responseScale,
      furthest: furthest, estimator: self)
  }

  /// Samples count less where the field's noise acts through the slope.
  private func weights(_ pool: PooledBranches) -> [Double] {
    let level = noise.standardDeviation
    guard fieldNoise > 0, level > 0 else {
      return Array(repeating: pool.multiplicity, count: pool.field.count)
    }
    return pool.field.indices.map { row in
      let (before, after) = (max(0, row - 2), min(pool.field.count - 1, row + 2))
      let span = pool.field[after] - pool.field[before]
      let slope = span == 0 ? 0 : (pool.smooth[after] - pool.smooth[before]) / span
      let excess = slope * fieldNoise / level
      return pool.multiplicity / (1 + excess * excess)
    }
  }

  /// Nodes end where the field has moved by a hundredth of its range or the response by 1.5 % of saturation.
  private func borders(_ pool: PooledBranches, _ responseScale: Double) -> [Int] {
    let longest = ((pool.field.first ?? 0) - (pool.field.last ?? 0)) / 100
    var borders = [0]
    var start = 0
    for row in pool.field.indices {
      let hasMoved = pool.field[start] - pool.field[row] > longest
      guard hasMoved || abs(pool.smooth[row] - pool.smooth[start]) > 0.015 * responseScale else { continue }
      borders.append(row)
      start = row
    }
    return borders
  }
}

/// A curve that follows all evaluated branches, in internal field.
struct FittedLadder: Sendable {
  /// The curve in reduced units: x = −H/`fieldScale`, y = J/`responseScale`.
  let curve: StepSum
  /// A/m.
  let fieldScale: Double
  /// T, or A·m² when the volume is not known.
  let responseScale: Double
  /// The standard deviation of a sample about the curve, in the unit of the response.
  let residual: Double
  /// The largest reduced demagnetising field in the data.
  private let furthest: Double
  private let covariance: StepCovariance
  private let influence: SampleInfluence
  private let pool: PooledBranches
  private let estimator: LadderEstimator

  fileprivate init?(
    _ ladder: StepLadder, fitter: StepFitter, pool: PooledBranches, fieldScale: Double, responseScale: Double,
    furthest: Double, estimator: LadderEstimator
  ) {
    self.fieldScale = fieldScale
    self.responseScale = responseScale
    self.furthest = furthest
    self.pool = pool
    self.estimator = estimator
    // A step that the samples do not determine gives way to the curve with one step less.
    for rung in ladder.rungs.reversed() {
      var fitter = fitter
      let curve = fitter.polished(rung.curve)
      let covariance = fitter.covariance(of: curve)
      guard
        covariance.direction(of: curve.gradient(at: 0)) != nil,
        covariance.direction(of: curve.gradient(at: 1)) != nil
      else { continue }
      let degrees = Double(max(1, pool.field.count - rung.curve.parameterCount))
      let influence = fitter.influence(on: curve)
      guard influence.bearsOut(covariance, of: curve) else { continue }
      self.curve = curve
      residual = responseScale * (influence.cost / degrees).squareRoot()
      self.covariance = covariance
      self.influence = influence
      return
    }
    return nil
  }

  /// J at an internal field, T.
  func value(at field: Double) -> Double { responseScale * curve.value(at: -field / fieldScale) }

  /// dJ/dH at an internal field, T·m/A.
  func slope(at field: Double) -> Double {
    -responseScale / fieldScale * curve.slope(at: -field / fieldScale)
  }

  /// A result with its gradient in the parameters of the curve.
  private struct Result {
    var value: Double
    var gradient: [Double]
    /// The reduced field at which it was read.
    var place: Double
    /// The change of J across a width, T; nil for what is read at one place.
    var change: Double?
  }

  /// One set of readings for each branch, all of the one curve; their mean has the influence of all samples.
  ///
  /// HcJ and the knee fields lie between samples when these are too few in the switching region; they are left out
  /// then. `recoilPermeability` is for the knee fields that rest on it.
  func readings(includingSwitching: Bool, recoilPermeability: Double?) -> [BranchReadings] {
    var readings = estimator.branches.map { _ in BranchReadings() }
    func add(_ result: Result?, _ put: (inout BranchReadings, Reading) -> Void) {
      guard let result, let read = self.readings(of: result) else { return }
      for (branch, reading) in read.enumerated() { put(&readings[branch], reading) }
    }
    let hasRemanence = estimator.pilots.allSatisfy { $0.remanenceField != nil }
    if hasRemanence { add(remanence()) { $0.remanence = $1 } }
    if includingSwitching { add(coercivityHcJ()) { $0.coercivityHcJ = $1 } }
    if estimator.hasPolarisation {
      add(coercivityHcB()) { $0.coercivityHcB = $1 }
      add(energyProduct()) { $0.energyProduct = $1 }
    }
    if estimator.hasPolarisation, includingSwitching, hasRemanence {
      for definition in KneeDefinition.all {
        guard let permeability = definition.isRecoilSloped ? recoilPermeability : 1 else { continue }
        add(kneeField(definition, recoilPermeability: permeability)) { $0.kneeFields[definition] = $1 }
      }
      add(switchingFieldWidth()) { $0.switchingFieldWidth = $1 }
    }
    return readings
  }

  /// J at internal fields, field by field a reading for each branch; nil where the samples do not determine it.
  func readings(at fields: [Double]) -> [[Reading]?] {
    fields.map { field in
      let place = -field / fieldScale
      return readings(
        of: Result(
          value: value(at: field), gradient: curve.gradient(at: place).map { $0 * responseScale },
          place: place))
    }
  }

  /// One reading for each branch; nil where the samples do not determine them.
  private func readings(of result: Result) -> [Reading]? {
    covariance.direction(of: result.gradient).map { direction in
      let row = influence.row(along: direction)
      return estimator.branches.indices.map { reading(result, row, branch: $0) }
    }
  }

  /// What J is by the curve where a field was measured on a mapped branch, in the unit of the response.
  func response(atMeasured field: Double) -> Double {
    let feedback = estimator.shear.fieldPerPolarisation * responseScale / fieldScale
    return responseScale * curve.value(atMeasured: -field / fieldScale, feedback: feedback)
  }

  /// The internal fields of the second quadrant, falling from zero to a little beyond HcJ or where the data end, A/m.
  ///
  /// Evenly spaced along the curve as it is drawn, so that a steep part has as many as a flat one.
  func fieldsAlongCurve(count: Int) -> [Double] {
    let crossing = root(of: curve.value(at:), slope: curve.slope(at:))
    let end = min(furthest, 1.05 * (crossing ?? furthest))
    guard end > 0, count > 1 else { return [] }
    let fine = (0...2000).map { end * Double($0) / 2000 }
    let values = fine.map { curve.value(at: $0) }
    var lengths = [0.0]
    for row in 1..<fine.count {
      let (dx, dy) = (fine[row] - fine[row - 1], values[row] - values[row - 1])
      lengths.append(lengths[row - 1] + (dx * dx / (end * end) + dy * dy).squareRoot())
    }
    let step = lengths[2000] / Double(count - 1)
    var (fields, wanted) = ([Double](), 0.0)
    for (x, length) in zip(fine, lengths) where length >= wanted {
      fields.append(-x * fieldScale)
      wanted += step
    }
    return fields
  }

  private func reading(_ result: Result, _ influence: [Double], branch: Int) -> Reading {
    let field = -result.place * fieldScale
    let polarisation = value(at: field)
    // Each branch is one of several whose mean is the estimate.
    let share = Double(estimator.branches.count) / (responseScale * pool.multiplicity)
    let weights = pool.places[branch].map { share * influence[$0] }
    return Reading(
      value: result.value, row: InfluenceRow(start: 0, weights: weights),
      point: CurvePoint(
        field: field, polarisation: result.change ?? polarisation, slope: slope(at: field)),
      measuredField: field + estimator.shear.fieldPerPolarisation * polarisation, windowChange: 0)
  }

  private func remanence() -> Result {
    Result(
      value: responseScale * curve.value(at: 0), gradient: curve.gradient(at: 0).map { $0 * responseScale },
      place: 0)
  }

  private func coercivityHcJ() -> Result? {
    guard let place = root(of: curve.value(at:), slope: curve.slope(at:)) else { return nil }
    return crossing(at: place, curve.gradient(at: place), slope: curve.slope(at: place))
  }

  /// µ0·H in units of the response, for x = 1.
  private var fluxScale: Double { magneticConstant * fieldScale / responseScale }

  private func coercivityHcB() -> Result? {
    let slope = { (x: Double) in curve.slope(at: x) - fluxScale }
    guard let place = root(of: { curve.value(at: $0) - fluxScale * $0 }, slope: slope) else { return nil }
    return crossing(at: place, curve.gradient(at: place), slope: slope(place))
  }

  private func kneeField(_ definition: KneeDefinition, recoilPermeability: Double) -> Result? {
    // The level falls with x, in units of the response.
    let fall = definition.slope(recoilPermeability: recoilPermeability) * fieldScale / responseScale
    let level = definition.share * curve.value(at: 0)
    let slope = { (x: Double) in curve.slope(at: x) + fall }
    guard let place = root(of: { curve.value(at: $0) - level + fall * $0 }, slope: slope) else { return nil }
    let gradient = zip(curve.gradient(at: place), curve.gradient(at: 0)).map { $0 - definition.share * $1 }
    return crossing(at: place, gradient, slope: slope(place))
  }

  /// The distance between the fields at which a quarter and three quarters of the switching are done.
  private func switchingFieldWidth() -> Result? {
    // No step may end beyond the data, or its amplitude would be a guess.
    guard curve.steps.allSatisfy({ $0.amplitude > 0 && $0.centre + 2 * exp($0.logWidth) < furthest }) else {
      return nil
    }
    let slope = { (x: Double) in curve.slope(at: x) - curve.slope }
    func end(_ share: Double) -> (place: Double, gradient: [Double])? {
      let level = curve.offset - share * curve.drop
      guard let place = root(of: { curve.value(at: $0) - curve.slope * $0 - level }, slope: slope) else {
        return nil
      }
      var gradient = curve.gradient(at: place)
      gradient[0] -= 1
      gradient[1] -= place
      for p in stride(from: 2, to: gradient.count, by: 3) { gradient[p] += share }
      return (place, gradient.map { -fieldScale / slope(place) * $0 })
    }
    guard let first = end(0.25), let last = end(0.75) else { return nil }
    return Result(
      value: fieldScale * (last.place - first.place), gradient: zip(last.gradient, first.gradient).map(-),
      place: 0.5 * (first.place + last.place),
      change: responseScale * (curve.value(at: first.place) - curve.value(at: last.place)))
  }

  /// The field where a function of the curve vanishes, from the function's gradient and slope there.
  private func crossing(at place: Double, _ gradient: [Double], slope: Double) -> Result? {
    guard slope < 0 else { return nil }
    return Result(
      value: fieldScale * place, gradient: gradient.map { -fieldScale / slope * $0 }, place: place)
  }

  private func energyProduct() -> Result? {
    func product(_ x: Double) -> Double { (curve.value(at: x) - fluxScale * x) * x }
    let end = root(of: { curve.value(at: $0) - fluxScale * $0 }, slope: { curve.slope(at: $0) - fluxScale })
    let last = end ?? furthest
    let best = (1...64).map { last * Double($0) / 64 }.max { product($0) < product($1) }
    guard var x = best, product(x) > 0 else { return nil }
    let (low, high) = (x - last / 64, min(last, x + last / 64))
    for _ in 0..<40 {
      let (value, slope, bend) = (curve.value(at: x), curve.slope(at: x), curve.curvature(at: x))
      let first = value + slope * x - 2 * fluxScale * x
      let second = 2 * slope + bend * x - 2 * fluxScale
      guard second < 0 else { return nil }
      let next = min(max(x - first / second, low), high)
      let isSettled = abs(next - x) <= 1e-14 * last
      x = next
      if isSettled { break }
    }
    let measured = -x * fieldScale + estimator.shear.fieldPerPolarisation * value(at: -x * fieldScale)
    // The maximum has to be bracketed by data.
    guard estimator.branches.allSatisfy({ branch in branch.count - branch.firstRow { $0 < measured } >= 5 })
    else { return nil }
    return Result(
      value: responseScale * fieldScale * product(x),
      gradient: curve.gradient(at: x).map { responseScale * fieldScale * x * $0 }, place: x)
  }

  /// The first zero of a function that is positive at zero field, within the data; Newton inside a bracket.
  private func root(of function: (Double) -> Double, slope: (Double) -> Double) -> Double? {
    guard furthest > 0, function(0) > 0, function(furthest) < 0 else { return nil }
    var (low, high) = (0.0, furthest)
    var x = min(1, 0.5 * furthest)
    for _ in 0..<200 {
      let value = function(x)
      if value >= 0 { low = x } else { high = x }
      let rise = slope(x)
      var next = rise < 0 ? x - value / rise : .nan
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      let isSettled = abs(next - x) <= 1e-15 * furthest
      x = next
      if isSettled || high <= low { break }
    }
    return x
  }
}
