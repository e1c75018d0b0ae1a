// SPDX-License-Identifier: GPL-3.0-or-later

extension StepFitter {
  /// A logistic step at the nodes.
  func step(centre: Double, width: Double) -> [SIMD8<Double>] {
    nodes.x.map { -StepShape.logistic.lanes(($0 - centre) * (1 / width)).fraction }
  }

  /// Brings residuals, derivatives and the factor of the normal matrix to a fitted curve and returns its cost.
  ///
  /// `step` is then the way to the minimum of the linearised problem.
  @discardableResult
  mutating func prepareScores(_ curve: StepSum) -> Double {
    theta = curve.parameters
    prepare(theta.count)
    let cost = Self.evaluate(
      curve.steps.map(\.shape), theta, &nodes, derivatives: &derivatives, wantsDerivatives: true)
    accumulate(theta.count)
    if !solve(theta.count, damping: 1e-9) { step = step.map { _ in 0 } }
    return cost
  }

  /// The amplitude that a further step would have, and how much of the residuals' squares it would take.
  ///
  /// All other parameters follow; nil when they can do as well without it. After `prepareScores`.
  mutating func gain(
    of template: [SIMD8<Double>], parameterCount count: Int
  ) -> (amplitude: Double, score: Double)? {
    let blocks = nodes.x.count
    var (square, product) = (Lanes.zero, Lanes.zero)
    for block in 0..<blocks {
      let t = template[block]
      weighted[block] = nodes.weight[block] * t
      square += weighted[block] * t
      product += weighted[block] * (nodes.y[block] - nodes.model[block])
    }
    for p in 0..<count {
      var sum = Lanes.zero
      for block in 0..<blocks { sum += weighted[block] * derivatives[p * blocks + block] }
      step[p] = sum.sum()
    }
    var rest = square.sum()
    let all = rest
    for row in 0..<count {
      var sum = step[row]
      for k in 0..<row { sum -= factor[row * count + k] * step[k] }
      step[row] = sum / factor[row * count + row]
      rest -= step[row] * step[row]
    }
    let total = product.sum()
    guard rest > 1e-4 * all else { return nil }
    return (total / rest, total * total / rest)
  }

  /// Whether the curve does not rise anywhere over the samples, but for 0.005.
  func isFalling(_ curve: StepSum) -> Bool {
    if curve.steps.allSatisfy({ $0.amplitude >= 0 }) { return curve.slope <= 0.005 }
    let (first, last) = (samples.x[0][0], samples.x[(sampleCount - 1) >> 3][(sampleCount - 1) & 7])
    return (0...1500).allSatisfy { curve.slope(at: first + (last - first) * Double($0) / 1500) <= 0.005 }
  }
}
