// SPDX-License-Identifier: GPL-3.0-or-later

/// What the samples say about the parameters of a fitted curve.
public struct StepCovariance: Sendable {
  /// The scale of each parameter.
  private let scale: [Double]
  /// The principal directions of the scaled normal matrix that the samples determine, with their eigenvalues.
  private let determined: [(value: Double, vector: [Double])]

  init(normal: [Double], order: Int) {
    let scale = (0..<order).map { p -> Double in
      let square = normal[p * order + p]
      return square > 0 ? 1 / square.squareRoot() : 1
    }
    let scaled = normal.indices.map { normal[$0] * scale[$0 / order] * scale[$0 % order] }
    let directions = PrincipalDirections(of: scaled, order: order)
    let largest = directions.values.max() ?? 0
    self.scale = scale
    // 1e-12 of the largest is where the square of a condition number of 1e6 loses itself in rounding.
    determined = zip(directions.values, directions.vectors).filter { $0.0 > 1e-12 * largest }
      .map { ($0.0, $0.1) }
  }

  /// The covariance matrix times a gradient, for noise of variance 1.
  ///
  /// nil when more than 5 % of the gradient's square lies in directions that the samples do not determine.
  public func direction(of gradient: [Double]) -> [Double]? {
    let scaled = zip(gradient, scale).map { $0 * $1 }
    let all = scaled.reduce(0) { $0 + $1 * $1 }
    var seen = 0.0
    var result = [Double](repeating: 0, count: gradient.count)
    for (value, vector) in determined {
      var share = 0.0
      for k in scaled.indices { share += scaled[k] * vector[k] }
      seen += share * share
      for k in result.indices { result[k] += share / value * vector[k] }
    }
    guard all - seen <= 0.05 * all else { return nil }
    for k in result.indices { result[k] *= scale[k] }
    return result.allSatisfy(\.isFinite) ? result : nil
  }
}

extension StepFitter {
  /// What the samples say about the parameters of a curve that was fitted to them.
  public mutating func covariance(of curve: StepSum) -> StepCovariance {
    theta = curve.parameters
    prepare(theta.count)
    _ = Self.evaluate(
      curve.steps.map(\.shape), theta, &nodes, feedback: feedback, derivatives: &derivatives,
      wantsDerivatives: true)
    accumulate(theta.count)
    return StepCovariance(normal: normal, order: theta.count)
  }

  /// The change of each sample's ordinate along directions of the parameters, one array for each direction.
  ///
  /// For a direction C·g, C the covariance and g a result's gradient, it is the influence of the samples on the
  /// result, but for their weights.
  public mutating func changes(of curve: StepSum, along directions: [[Double]]) -> [[Double]] {
    lanesOfChanges(of: curve, along: directions).map { lanes in
      var changes: [Double] = []
      changes.reserveCapacity(lanes.count * 8)
      for block in lanes.indices { for lane in 0..<8 { changes.append(lanes[block][lane]) } }
      changes.removeLast(lanes.count * 8 - sampleCount)
      return changes
    }
  }

  private mutating func lanesOfChanges(of curve: StepSum, along directions: [[Double]]) -> [[Lanes]] {
    let blocks = samples.x.count
    var all: [Lanes] = Array(repeating: .zero, count: curve.parameterCount * blocks)
    _ = Self.evaluate(
      curve.steps.map(\.shape), curve.parameters, &samples, feedback: feedback, derivatives: &all,
      wantsDerivatives: true)
    return directions.map { direction in
      (0..<blocks).map { block in
        var sum = Lanes.zero
        for p in direction.indices { sum += direction[p] * all[p * blocks + block] }
        return sum
      }
    }
  }

  /// Whether the samples themselves bear out a covariance that the nodes they were gathered in gave.
  ///
  /// The influence of the samples on a value of the curve has the variance gᵀ·C·g. Two steps that nearly cancel leave a
  /// direction in which the nodes and the samples tell different things, and an influence that is nothing but that.
  public mutating func determines(_ curve: StepSum, _ covariance: StepCovariance) -> Bool {
    let gradients = [curve.gradient(at: 0), curve.gradient(at: 1)]
    let directions = gradients.compactMap(covariance.direction)
    guard directions.count == gradients.count else { return false }
    let weights = samples.weight
    return zip(zip(gradients, directions), lanesOfChanges(of: curve, along: directions)).allSatisfy {
      pair, changes in
      let expected = zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
      var found = Lanes.zero
      for block in changes.indices { found += weights[block] * changes[block] * changes[block] }
      // Nodes and samples agree to some per cent where the curve is sound, and differ by powers of ten where not.
      return found.sum() < 25 * expected
    }
  }
}
