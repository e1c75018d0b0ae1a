// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Curves of 1, 2, … steps fitted to the same samples, each better than the one before by more than its parameters
/// cost.
public struct StepLadder: Sendable {
  /// A fitted curve.
  public struct Rung: Sendable {
    /// The curve.
    public var curve: StepSum
    /// Σ weight·residual² of all samples.
    public var cost: Double
  }

  /// The curves, one step more each.
  public var rungs: [Rung]

  /// Σ weight·residual² of all samples about the last rung.
  var cost: Double { rungs.last?.cost ?? .infinity }

  /// How many steps the last rung has.
  var stepCount: Int { rungs.last?.curve.steps.count ?? 0 }

  /// Schwarz's criterion of the last rung, n/τ·ln(cost/n) + P·ln(n/τ).
  ///
  /// (Annals of Statistics 6 (1978) 461.)
  public var criterion: Double
}

extension StepFitter {
  /// A fitted curve taken to the very minimum, so that the order and the unit of the samples leave no trace.
  public mutating func polished(_ curve: StepSum) -> StepSum {
    var best = curve
    var before = Double.infinity
    for _ in 0..<20 {
      recentre(on: best)
      let change = descend(&best)
      // Each time the nodes are centred anew the change is smaller, by about the same factor.
      guard change > 1e-13, before.isInfinite || change * change > 1e-14 * before else { break }
      before = change
    }
    return best
  }

  /// Takes a curve to the minimum of the nodes as they are.
  ///
  /// Returns the largest change of a parameter in the first step, 0 when no step leads down.
  private mutating func descend(_ curve: inout StepSum) -> Double {
    let start = curve
    var (next, least, first) = (curve, Double.infinity, 0.0)
    for round in 0..<20 {
      let cost = prepareScores(next)
      // A step that does not lead down follows a direction that the samples do not determine.
      guard cost <= least * (1 + 1e-9) else { break }
      (curve, least) = (next, cost)
      let moved = clamped(zip(theta, step).map { $0 + $1 })
      let change = zip(theta, moved).reduce(0) { max($0, abs($1.0 - $1.1)) }
      guard change.isFinite else { break }
      if round == 0 { first = change }
      guard change > 1e-13 else { break }
      next = curve.with(moved)
    }
    return curve == start ? 0 : first
  }

  /// Grows a ladder from a curve of one step; nil when not even that can be fitted by a falling curve.
  ///
  /// `start` and `most` steps at most. Samples of weight 1 scatter with `noiseVariance`, infinite when not known,
  /// and those whose noise is correlated over `correlationLength` of them count as one. A wanted number of steps,
  /// `exactly`, is taken whatever Schwarz's criterion says, all of the shape of the start.
  public mutating func ladder(
    from start: StepSum, most: Int = 5, noiseVariance: Double = .infinity, correlationLength: Double = 1,
    exactly wanted: Int? = nil
  ) -> StepLadder? {
    if wanted != nil {
      return climb(
        from: start, most: most, enough: 0, correlationLength, exactly: wanted, changesShapes: false)
    }
    noise = noiseVariance.squareRoot()
    let bounds = limits
    let enough = 1.3 * Double(sampleCount) * noiseVariance
    var climbed: [StepLadder] = []
    // A shape that was taken too early can be the end of the way.
    for changesShapes in [true, false] where !climbed.contains(where: { $0.cost <= enough }) {
      limits = bounds
      let ladder = climb(
        from: start, most: most, enough: enough, correlationLength, exactly: nil,
        changesShapes: changesShapes)
      if let ladder { climbed.append(ladder) }
    }
    guard let best = climbed.min(by: { $0.criterion < $1.criterion }) else { return nil }
    // Many steps may stand for two of other shapes.
    if best.cost <= enough, best.stepCount <= 3 { return best }
    return (climbed.compactMap { pairs(of: $0, correlationLength) } + [best]).min {
      $0.criterion < $1.criterion
    }
  }

  /// The ladder that ends with its two steps in the shapes that fit best of all; nil when it has no two.
  ///
  /// On the way up each shape is chosen beside one that may be wrong.
  private mutating func pairs(of ladder: StepLadder, _ correlationLength: Double) -> StepLadder? {
    guard let place = ladder.rungs.firstIndex(where: { $0.curve.steps.count == 2 }) else { return nil }
    let pair = ladder.rungs[place].curve
    var best: (curve: StepSum, cost: Double)?
    for first in StepShape.allCases {
      for second in StepShape.allCases {
        let start = pair.reshaping(0, to: first).reshaping(1, to: second)
        let found = fit(from: start, tolerance: 1e-6)
        if found.cost < best?.cost ?? .infinity { best = found }
      }
    }
    guard let best, let next = settled(best.curve), isFalling(next.curve) else { return nil }
    return StepLadder(
      rungs: ladder.rungs[..<place] + [next], criterion: criterion(next, correlationLength))
  }

  /// Adds steps as long as the samples call for more; changes the shapes of those there are before each, or not.
  private mutating func climb(
    from start: StepSum, most: Int, enough: Double, _ correlationLength: Double, exactly wanted: Int?,
    changesShapes: Bool
  ) -> StepLadder? {
    let length = Double(sampleCount) / max(1, correlationLength)
    guard let first = settled(start), isFalling(first.curve) else { return nil }
    // Nothing real is much narrower than the whole; a step between two samples would follow their noise.
    limits.logWidth =
      max(limits.logWidth.lowerBound, first.curve.steps[0].logWidth - log(10))...limits.logWidth.upperBound
    let templates = templates(beside: first.curve)
    // What one more step has to take away: its three parameters cost 3·ln n, and 2 on top.
    let needed = 3 * log(length) + 2
    let usual = wanted == nil ? .normal : first.curve.steps[0].shape
    var rungs = [first]
    // What rounding leaves is nothing to fit.
    func isExact(_ rung: StepLadder.Rung) -> Bool { rung.cost / Double(sampleCount) <= 1e-18 }
    func callsForMore(_ rung: StepLadder.Rung) -> Bool {
      if isExact(rung) { return false }
      return rungs.count < wanted ?? 0 || rung.cost > enough
        || promises(0.4 * needed * rung.cost / length, beside: rung.curve, templates)
    }
    while let current = rungs.last, callsForMore(current) {
      var base = current
      if changesShapes, let better = reshaped(current, worth: 2 / length) {
        rungs[rungs.count - 1] = better
        base = better
        guard callsForMore(better) else { break }
      }
      guard rungs.count < wanted ?? most else { break }
      var tried: [(curve: StepSum, cost: Double)] = []
      for start in starts(beside: base.curve, templates, of: usual) {
        tried.append(trial(start, toward: tried.map(\.cost).min() ?? .infinity))
      }
      var best: StepLadder.Rung?
      for found in tried.sorted(by: { $0.cost < $1.cost }) {
        // The lowest may rise somewhere and be no curve of a magnet.
        best = settled(found.curve).flatMap { isFalling($0.curve) ? $0 : nil }
        if best != nil { break }
      }
      guard let next = best else { break }
      let gain = criterion(base, correlationLength) - criterion(next, correlationLength)
      guard wanted != nil || gain > 2 else { break }
      rungs.append(next)
    }
    guard var last = rungs.popLast() else { return nil }
    if wanted == nil {
      while last.curve.steps.count > 2, let fewer = pruned(last, correlationLength) {
        last = fewer
        rungs.removeAll { $0.curve.steps.count >= fewer.curve.steps.count }
      }
      // Where the samples do not tell the shape, the sum of many small causes is the plainest.
      let normal = last.curve.reshaping(to: .normal)
      if normal != last.curve, let plain = settled(normal), isFalling(plain.curve),
        length * log(plain.cost / last.cost) < 2
      {
        last = plain
      }
    }
    rungs.append(last)
    return StepLadder(rungs: rungs, criterion: criterion(last, correlationLength))
  }

  /// The curve with one step less, if that is as good for its parameters; nil otherwise.
  ///
  /// Steps of the wrong shape, taken early, can make further ones necessary that the right shape does not need.
  private mutating func pruned(_ rung: StepLadder.Rung, _ correlationLength: Double) -> StepLadder.Rung? {
    var best: (curve: StepSum, cost: Double)?
    for index in rung.curve.steps.indices {
      var fewer = rung.curve
      let removed = fewer.steps.remove(at: index)
      guard
        let nearest = fewer.steps.indices.min(by: {
          abs(fewer.steps[$0].centre - removed.centre) < abs(fewer.steps[$1].centre - removed.centre)
        })
      else { continue }
      fewer.steps[nearest].amplitude += removed.amplitude
      let plain = fewer.reshaping(to: .normal)
      for start in plain == fewer ? [fewer] : [fewer, plain] {
        let found = fit(from: start, iterations: 10, tolerance: 1e-3)
        if found.cost < best?.cost ?? .infinity { best = found }
      }
    }
    guard let best, let next = settled(best.curve), isFalling(next.curve),
      criterion(next, correlationLength) < criterion(rung, correlationLength)
    else { return nil }
    return next
  }

  /// The curve with the shapes that the samples prefer, one step after the other; nil when it has them.
  ///
  /// A change of shape has to be `worth` a fall of the logarithm of the cost.
  private mutating func reshaped(_ rung: StepLadder.Rung, worth: Double) -> StepLadder.Rung? {
    var best = rung
    for _ in 0..<2 {
      let before = best
      for index in best.curve.steps.indices {
        var chosen: (curve: StepSum, cost: Double)?
        for shape in StepShape.allCases where shape != best.curve.steps[index].shape {
          let target = min(chosen?.cost ?? .infinity, best.cost * (1 - worth) - scatterWithinNodes)
          let found = trial(best.curve.reshaping(index, to: shape), toward: target)
          if found.cost < target { chosen = found }
        }
        guard let chosen else { continue }
        let kept = centring
        guard let next = settled(chosen.curve), next.cost < best.cost * (1 - worth), isFalling(next.curve)
        else {
          centring = kept
          continue
        }
        best = next
      }
      // One step alone has been tried in every shape.
      if best.curve == before.curve || best.curve.steps.count == 1 { break }
    }
    return best.curve == rung.curve ? nil : best
  }

  private func criterion(_ rung: StepLadder.Rung, _ correlationLength: Double) -> Double {
    let length = Double(sampleCount) / max(1, correlationLength)
    let mean = max(rung.cost / Double(sampleCount), 1e-300)
    return length * log(mean) + Double(rung.curve.parameterCount) * log(length)
  }

  /// Fits roughly from one of several starts, and gives up where the cost of the best, `target`, is out of reach.
  private mutating func trial(_ start: StepSum, toward target: Double) -> (curve: StepSum, cost: Double) {
    fit(from: start, iterations: 6, tolerance: 1e-3, target: target)
  }

  /// The curve of least squares near a start, with the nodes centred on it, as well as it takes to compare curves.
  mutating func settled(_ start: StepSum) -> StepLadder.Rung? {
    let rough = fit(from: start, tolerance: 1e-4)
    var rung = StepLadder.Rung(curve: rough.curve, cost: .infinity)
    for _ in 0..<4 {
      recentre(on: rung.curve, isSearch: true)
      let (curve, cost) = fit(from: rung.curve, tolerance: 1e-7)
      let before = rung.cost
      rung = StepLadder.Rung(curve: curve, cost: cost + scatterWithinNodes)
      guard rung.cost.isFinite else { return nil }
      // Where there is noise, it hides what nodes err that were centred on a curve so close.
      guard rung.cost < 1e-10 * Double(sampleCount), rung.cost < 0.5 * before else { break }
    }
    return rung
  }

  /// A step that might be there, evaluated at the nodes.
  struct Template: Sendable {
    var centre: Double
    var logWidth: Double
    var values: [SIMD8<Double>]
  }

  /// Steps at places and of widths that cover what a branch can hold.
  private func templates(beside curve: StepSum) -> [Template] {
    let main = curve.steps[0]
    let logistic = StepShape.logistic.logWidth(asSteepAs: main.shape, of: main.logWidth)
    let places: [Double] = (0..<14).map { -0.03 + 0.98 * Double($0) / 13 } + [1.1, 1.25, 1.5]
    var pairs: [(Double, Double)] = []
    for place in places {
      for width in [0.01, 0.03, 0.1, 0.25] { pairs.append((place, log(width))) }
    }
    for side in [-2.0, -1, 0, 1, 2] {
      for factor in [-0.7, 0.3, 1.1] { pairs.append((main.centre + side * exp(logistic), logistic + factor)) }
    }
    return pairs.map { place, logWidth in
      let limited = min(max(logWidth, limits.logWidth.lowerBound), limits.logWidth.upperBound)
      return Template(centre: place, logWidth: limited, values: step(centre: place, width: exp(limited)))
    }
  }

  /// Whether one of the templates as a further small step promises a fall of the cost.
  ///
  /// The score test of Rao, Proceedings of the Cambridge Philosophical Society 44 (1948) 50.
  private mutating func promises(_ fall: Double, beside curve: StepSum, _ templates: [Template]) -> Bool {
    prepareScores(curve)
    return templates.contains { template in
      gain(of: template.values, parameterCount: curve.parameterCount).map { $0.score >= fall } ?? false
    }
  }

  /// Starts with one step more.
  private mutating func starts(
    beside curve: StepSum, _ templates: [Template], of usual: StepShape
  ) -> [StepSum] {
    prepareScores(curve)
    var scored: [(score: Double, amplitude: Double, template: Int)] = []
    for (index, template) in templates.enumerated() {
      guard let gain = gain(of: template.values, parameterCount: curve.parameterCount) else { continue }
      scored.append((gain.score, gain.amplitude, index))
    }
    scored = scored.filter { $0.amplitude > 0 }.sorted { $0.score > $1.score }
    var curves = splits(of: curve)
    var taken: [Double] = []
    for candidate in scored where curves.count < 4 {
      let template = templates[candidate.template]
      guard taken.allSatisfy({ abs($0 - template.centre) > 0.04 }) else { continue }
      taken.append(template.centre)
      let amplitude = min(max(candidate.amplitude, 0.02), 0.5)
      var next = curve
      next.steps[0].amplitude = max(next.steps[0].amplitude - amplitude, 0.2)
      next.steps.append(
        .init(
          usual, amplitude: amplitude, centre: template.centre,
          logWidth: usual.logWidth(asSteepAs: .logistic, of: template.logWidth)))
      curves.append(next)
    }
    return curves
  }

  /// Starts in which the largest step is two: a steep one, and a wide one before or behind it.
  private func splits(of curve: StepSum) -> [StepSum] {
    guard let largest = curve.steps.indices.max(by: { curve.steps[$0].amplitude < curve.steps[$1].amplitude })
    else { return [] }
    let step = curve.steps[largest]
    let width = exp(step.logWidth)
    return [-1.0, 1.0].map { side in
      var next = curve
      next.steps[largest] = .init(
        step.shape, amplitude: 0.7 * step.amplitude, centre: step.centre - side * 0.2 * width,
        logWidth: step.logWidth - 0.3)
      next.steps.append(
        .init(
          step.shape, amplitude: 0.3 * step.amplitude, centre: step.centre + side * 0.6 * width,
          logWidth: step.logWidth + 0.5))
      return next
    }
  }
}
