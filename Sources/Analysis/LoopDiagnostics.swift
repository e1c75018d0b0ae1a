// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities
internal import Signal

/// What a loop tells about the quality of its data and about the specimen beside its properties.
public struct LoopDiagnostics: Hashable, Sendable {
  /// Q = log₁₀(1/√(1 − R²)) between the two mapped branches: 2 and more is good, less than 0.3 unusable.
  ///
  /// nil for one branch and for branches without noise.
  public var signalToNoise: Double?
  /// The probability of as much curvature from zero field to −0.7·HcB by white noise alone.
  ///
  /// There µrec is the slope of a straight line. nil for one branch.
  public var recoilLinearity: Double?
  /// The susceptibility of the demagnetised specimen, when the loop has an initial curve.
  public var initialSusceptibility: Estimate<Susceptibility>?

  /// Whether nothing is known.
  public var isEmpty: Bool { signalToNoise == nil && recoilLinearity == nil && initialSusceptibility == nil }

  /// Diagnostics from their parts.
  public init(
    signalToNoise: Double? = nil, recoilLinearity: Double? = nil,
    initialSusceptibility: Estimate<Susceptibility>? = nil
  ) {
    self.signalToNoise = signalToNoise
    self.recoilLinearity = recoilLinearity
    self.initialSusceptibility = initialSusceptibility
  }
}

extension LackOfFit {
  /// The probability that white noise alone gives a statistic as large.
  var probability: Double {
    fisherProbability(above: statistic, numerator: numeratorDegrees, denominator: denominatorDegrees)
  }
}

/// The points of two mapped branches at one field, with the noise that they have as measured.
struct BranchPairs: Sendable {
  /// The fields of the first branch, falling, A/m.
  private(set) var field: [Double] = []
  /// The response of the first branch.
  private(set) var first: [Double] = []
  /// The response of the second: a sample, or between samples a straight line.
  private(set) var second: [Double] = []

  init(_ one: Branch, _ other: Branch) {
    field.reserveCapacity(one.count)
    first.reserveCapacity(one.count)
    second.reserveCapacity(one.count)
    var below = 0
    for row in 0..<one.count {
      while below < other.count, other.field[below] > one.field[row] { below += 1 }
      guard let mate = other.response(at: one.field[row], row: below) else { continue }
      field.append(one.field[row])
      first.append(one.response[row])
      second.append(mate)
    }
  }

  /// The test of a straight line through both members of the pairs that a condition on (H, J) keeps.
  func lackOfFitOfLine(where keep: (Double, Double) -> Bool) -> LackOfFit? {
    let rows = field.indices.filter { keep(field[$0], 0.5 * (first[$0] + second[$0])) }
    guard rows.count >= 8, let origin = rows.first, let end = rows.last, field[origin] > field[end]
    else {
      return nil
    }
    var line = NormalEquations(order: 2)
    for row in rows {
      let t = (field[row] - field[end]) / (field[origin] - field[end])
      // √2 times the mean of a pair is known as well as one sample is.
      let root = 2.0.squareRoot()
      line.add([root, root * t], (first[row] + second[row]) / root)
    }
    guard let solution = line.solution() else { return nil }
    let scatter = pureError(rows.map { first[$0] }, rows.map { second[$0] })
    return LackOfFit(
      residualSumOfSquares: solution.residualSumOfSquares + scatter, pureError: scatter, pairs: rows.count,
      parameters: 2)
  }
}

extension LoopDiagnostics {
  /// The diagnostics of a conditioned loop; HcB in A/m, nil when it is not known.
  init(branches: [Branch], coercivityHcB: Double?, shear: Shear, initial: InitialCurve?) {
    initialSusceptibility = initial?.susceptibility()
    guard branches.count == 2 else { return }
    let pairs = BranchPairs(branches[0], branches[1])
    // Fewer say too little about the loop.
    guard pairs.field.count >= 32 else { return }
    signalToNoise = Signal.signalToNoise(pairs.first, pairs.second)
    guard let coercivityHcB else { return }
    recoilLinearity =
      pairs.lackOfFitOfLine { field, response in
        let inner = shear.internalField(field, response)
        return inner <= 0 && inner >= -0.7 * coercivityHcB
      }?.probability
  }
}
