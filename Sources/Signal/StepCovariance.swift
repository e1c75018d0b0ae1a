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
      curve.steps.map(\.shape), theta, &nodes, derivatives: &derivatives, wantsDerivatives: true)
    accumulate(theta.count)
    return StepCovariance(normal: normal, order: theta.count)
  }

  /// How the samples act on what is read off a curve that was fitted to them.
  public mutating func influence(on curve: StepSum) -> SampleInfluence {
    var derivatives: [Lanes] = Array(repeating: .zero, count: curve.parameterCount * samples.x.count)
    let cost = Self.evaluate(
      curve.steps.map(\.shape), curve.parameters, &samples, derivatives: &derivatives,
      wantsDerivatives: true)
    return SampleInfluence(
      cost: cost, derivatives: derivatives, weight: samples.weight, count: sampleCount)
  }
}

/// How each sample acts on the results of a fitted curve.
public struct SampleInfluence: Sendable {
  typealias Lanes = SIMD8<Double>

  /// Σ weight·residual² of the samples about the curve.
  public let cost: Double
  /// Derivatives of the samples' ordinates, one run of lanes for each parameter.
  let derivatives: [Lanes]
  let weight: [Lanes]
  let count: Int

  /// The influence of each sample on a result.
  ///
  /// Its weight times the change of its ordinate along C·g, C the covariance of the parameters and g the gradient of the
  /// result.
  public func row(along direction: [Double]) -> [Double] {
    var row = [Double](repeating: 0, count: 8 * weight.count)
    for block in weight.indices {
      let influence = weight[block] * change(block, along: direction)
      for lane in 0..<8 { row[8 * block + lane] = influence[lane] }
    }
    row.removeLast(row.count - count)
    return row
  }

  @inline(__always)
  private func change(_ block: Int, along direction: [Double]) -> Lanes {
    var sum = Lanes.zero
    for p in direction.indices { sum += direction[p] * derivatives[p * weight.count + block] }
    return sum
  }

  /// Whether the samples themselves bear out a covariance that the nodes they were gathered in gave.
  ///
  /// Their influence on a value of the curve has the variance gᵀ·C·g. Two steps that nearly cancel leave a direction
  /// in which the nodes and the samples tell different things, and an influence that is nothing but that.
  public func bearsOut(_ covariance: StepCovariance, of curve: StepSum) -> Bool {
    [0.0, 1].allSatisfy { place in
      let gradient = curve.gradient(at: place)
      guard let direction = covariance.direction(of: gradient) else { return false }
      let expected = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      var found = Lanes.zero
      for block in weight.indices {
        let change = change(block, along: direction)
        found += weight[block] * change * change
      }
      // Nodes and samples agree to some per cent where the curve is sound, and differ by powers of ten where not.
      return found.sum() < 25 * expected
    }
  }
}
