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

  /// Schwarz's criterion of the last rung, n/τ·ln(cost/n) + P·ln(n/τ).
  ///
  /// (Annals of Statistics 6 (1978) 461.)
  public var criterion: Double
}

extension StepFitter {
  /// The ladder of the shape that the samples prefer, grown from a start; nil when none can be fitted.
  ///
  /// One and two steps tell the shape; the ladder is grown on with that one alone. `most`, `correlationLength` and
  /// `wanted` as in `grow`.
  public mutating func ladder(
    from start: StepSum, most: Int = 5, correlationLength: Double = 1, exactly wanted: Int? = nil
  ) -> StepLadder? {
    let bounds = limits
    guard
      let normal = grow(
        from: start.reshaped(.normal), most: min(most, 2), correlationLength: correlationLength,
        exactly: wanted.map { min($0, 2) })
    else { return grow(from: start, most: most, correlationLength: correlationLength, exactly: wanted) }
    var best = (criterion: normal.criterion, shape: StepShape.normal)
    for shape in StepShape.allCases where shape != .normal {
      for rung in normal.rungs {
        guard let other = settled(rung.curve.reshaped(shape)), isFalling(other.curve) else { continue }
        let criterion = criterion(other, correlationLength)
        if criterion < best.criterion { best = (criterion, shape) }
      }
    }
    var chosen: StepLadder?
    if best.shape != .normal {
      let narrowed = limits
      limits = bounds
      chosen = grow(
        from: start.reshaped(best.shape), most: most, correlationLength: correlationLength, exactly: wanted)
      // Two steps of the wrong shape may do better than two of the right one where there are three.
      if let chosen, chosen.rungs.count < 3 { return chosen }
      limits = narrowed
    }
    let grown = grow(on: normal.rungs, most: most, correlationLength: correlationLength, exactly: wanted)
    return [chosen, grown].compactMap(\.self).min { $0.criterion < $1.criterion }
  }

  /// A fitted curve taken to the very minimum, so that the order and the unit of the samples leave no trace.
  public mutating func polished(_ curve: StepSum) -> StepSum {
    var best = curve
    for _ in 0..<20 {
      recentre(on: best)
      let cost = prepareScores(best)
      let change = step.reduce(0) { max($0, abs($1)) }
      let next = StepSum(shape: curve.shape, parameters: clamped(zip(theta, step).map { $0 + $1 }))
      // A step that does not lead down follows a direction that the samples do not determine.
      guard change.isFinite, nodeCost(of: next) <= cost * (1 + 1e-9) else { break }
      best = next
      if change < 1e-13 { break }
    }
    return best
  }

  /// Grows a ladder from a curve of one step; nil when not even that can be fitted by a falling curve.
  ///
  /// `start` and `most` steps at most; samples whose noise is correlated over `correlationLength` of them count as
  /// one. A wanted number of steps, `exactly`, is taken whatever the criterion says.
  public mutating func grow(
    from start: StepSum, most: Int = 5, correlationLength: Double = 1, exactly wanted: Int? = nil
  ) -> StepLadder? {
    guard let first = settled(start), isFalling(first.curve) else { return nil }
    // Nothing real is much narrower than the whole; a step between two samples would follow their noise.
    limits.logWidth =
      max(limits.logWidth.lowerBound, first.curve.steps[0].logWidth - log(10))...limits.logWidth.upperBound
    return grow(on: [first], most: most, correlationLength: correlationLength, exactly: wanted)
  }

  /// Grows a ladder on from the rungs that it has.
  private mutating func grow(
    on lower: [StepLadder.Rung], most: Int, correlationLength: Double, exactly wanted: Int?
  ) -> StepLadder? {
    guard let first = lower.first else { return nil }
    let length = Double(sampleCount) / max(1, correlationLength)
    let templates = templates(beside: first.curve)
    var rungs = lower
    while rungs.count < wanted ?? most, let current = rungs.last, current.cost / Double(sampleCount) > 1e-18 {
      let starts = starts(beside: current.curve, templates)
      // What one more step could take away, to first order, against what its three parameters cost.
      let needed = 3 * log(length) + 2
      let promise = length * (starts.promise / current.cost)
      if wanted == nil, promise < 0.4 * needed { break }
      var best: (curve: StepSum, cost: Double)?
      for start in starts.curves {
        let found = fit(from: start, iterations: 6, tolerance: 1e-3)
        if found.cost < best?.cost ?? .infinity { best = found }
      }
      guard let best, let next = settled(best.curve), isFalling(next.curve) else { break }
      let gain = criterion(current, correlationLength) - criterion(next, correlationLength)
      guard wanted != nil || gain > 2 else { break }
      rungs.append(next)
    }
    return rungs.last.map { StepLadder(rungs: rungs, criterion: criterion($0, correlationLength)) }
  }

  private func criterion(_ rung: StepLadder.Rung, _ correlationLength: Double) -> Double {
    let length = Double(sampleCount) / max(1, correlationLength)
    let mean = max(rung.cost / Double(sampleCount), 1e-300)
    return length * log(mean) + Double(rung.curve.parameterCount) * log(length)
  }

  /// The least-squares curve near a start, with the nodes centred on it.
  mutating func settled(_ start: StepSum) -> StepLadder.Rung? {
    let rough = fit(from: start, iterations: 40, tolerance: 1e-5)
    recentre(on: rough.curve)
    let (curve, cost) = fit(from: rough.curve, iterations: 40, tolerance: 1e-7)
    let all = cost + scatterWithinNodes
    return all.isFinite ? StepLadder.Rung(curve: curve, cost: all) : nil
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
    let logistic = curve.shape.logistic(main.logWidth)
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

  /// Starts with one step more, and the largest fall of the cost that a small step promises.
  ///
  /// The latter is the score test of Rao, Proceedings of the Cambridge Philosophical Society 44 (1948) 50.
  private mutating func starts(
    beside curve: StepSum, _ templates: [Template]
  ) -> (curves: [StepSum], promise: Double) {
    prepareScores(curve)
    var scored: [(score: Double, amplitude: Double, template: Int)] = []
    for (index, template) in templates.enumerated() {
      guard let gain = gain(of: template.values, parameterCount: curve.parameterCount) else { continue }
      scored.append((gain.score, gain.amplitude, index))
    }
    let promise = scored.map(\.score).max() ?? 0
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
          amplitude: amplitude, centre: template.centre,
          logWidth: template.logWidth + log(curve.shape.width(asSteepAs: .logistic, of: 1))))
      curves.append(next)
    }
    return (curves, promise)
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
        amplitude: 0.7 * step.amplitude, centre: step.centre - side * 0.2 * width,
        logWidth: step.logWidth - 0.3)
      next.steps.append(
        .init(
          amplitude: 0.3 * step.amplitude, centre: step.centre + side * 0.6 * width,
          logWidth: step.logWidth + 0.5))
      return next
    }
  }
}

extension StepShape {
  /// The logarithm of the width of the logistic that is as steep as a step of this shape.
  func logistic(_ logWidth: Double) -> Double {
    logWidth + log(StepShape.logistic.width(asSteepAs: self, of: 1))
  }
}
