// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Quantities
public import Simulation

/// The smallest standard deviation that any unbiased evaluation of a noisy loop can have.
///
/// The bound of Cramér and Rao for someone who knows the loop's formula but none of its parameters, under white
/// noise of J: C = σ²(XᵀX)⁻¹ with X the derivatives of J by the parameters (Kay, Fundamentals of Statistical
/// Signal Processing, 1993, equation 3.33), carried to each quantity by its gradient. An evaluation that does
/// not know the formula cannot do better; one that assumes a simpler formula can, at the price of a bias.
public struct CramerRaoBound: Hashable, Sendable {
  /// The characteristics that have a bound.
  public static let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField, .squareness,
  ]

  /// The standard deviations in % of the exact values.
  public let percent: [Characteristic: Double]

  /// The bound for both branches of a simulated full loop; nil when its points do not determine the parameters.
  public init?(_ loop: SimulatedLoop) {
    self.init(loop.reference, fields: loop.descendingFields, branches: 2, noisePercent: loop.noisePercent)
  }

  /// The bound for points at the given fields of the descending branch, in A/m, on so many like branches.
  ///
  /// `noisePercent` is the standard deviation of J in % of Br. Nil when the points do not determine the loop's
  /// parameters. Traps for a loop that is not a sum of switching parts.
  public init?(_ reference: ReferenceLoop, fields: [Double], branches: Int, noisePercent: Double) {
    let rows = fields.map(reference.sensitivities(atAmperesPerMetre:))
    guard let width = rows.first?.count, rows.count >= width,
      let triangle = Triangle(columns: (0..<width).map { k in rows.map { $0[k] } })
    else { return nil }
    let answers = reference.answers
    let perSample = noisePercent * answers.remanence / Double(branches).squareRoot()
    percent = Self.gradients(of: reference, answers).mapValues {
      triangle.standardDeviation(of: $0) * perSample
    }
  }

  /// The derivative of each characteristic, divided by its value, by the parameters.
  ///
  /// With δJ for the change of the curve: δBr = δJ(0), δHcJ = δJ/J′, δHcB = δJ/(J′+µ0), δ(BH)max = |Hd|·δJ,
  /// δHk = (δJ − 0.9·δJ(0))/J′, each at its own field.
  private static func gradients(
    of reference: ReferenceLoop, _ answers: ReferenceAnswers
  ) -> [Characteristic: [Double]] {
    func change(_ magnitude: Double, over divisor: Double) -> [Double] {
      reference.sensitivities(atAmperesPerMetre: -magnitude).map { $0 / divisor }
    }
    func slope(_ magnitude: Double) -> Double { reference.slope(atAmperesPerMetre: -magnitude) }
    let (hcJ, hcB, hk) = (answers.coercivityHcJ, answers.coercivityHcB, answers.kneeField)
    let best = -answers.fieldAtEnergyProduct
    let remanence = change(0, over: answers.remanence)
    let coercivity = change(hcJ, over: slope(hcJ) * hcJ)
    let kneeScale = slope(hk) * hk
    let knee = zip(change(hk, over: kneeScale), remanence).map {
      $0 - 0.9 * $1 * answers.remanence / kneeScale
    }
    return [
      .remanence: remanence, .coercivityHcJ: coercivity,
      .coercivityHcB: change(hcB, over: (slope(hcB) + magneticConstant) * hcB),
      .energyProduct: change(best, over: answers.energyProduct / best), .kneeField: knee,
      .squareness: zip(knee, coercivity).map { $0 - $1 },
    ]
  }
}

/// The triangular factor of a matrix with columns of length one: X = Q·R·D.
private struct Triangle {
  private let scale: [Double]
  /// R by columns, the upper triangle only.
  private let columns: [[Double]]

  /// Nil when a column is a combination of others to nine digits.
  init?(columns given: [[Double]]) {
    var orthonormal: [[Double]] = []
    var scale: [Double] = []
    var columns: [[Double]] = []
    for column in given {
      let length = norm(column)
      guard length > 0, length.isFinite else { return nil }
      var rest = column.map { $0 / length }
      var factors = Array(repeating: 0.0, count: orthonormal.count)
      // Taking the projection away twice leaves columns orthogonal to the last digits.
      for _ in 0..<2 {
        for (k, direction) in orthonormal.enumerated() {
          let part = zip(rest, direction).reduce(0) { $0 + $1.0 * $1.1 }
          factors[k] += part
          for i in rest.indices { rest[i] -= part * direction[i] }
        }
      }
      let remaining = norm(rest)
      guard remaining > 1e-9 else { return nil }
      orthonormal.append(rest.map { $0 / remaining })
      scale.append(length)
      columns.append(factors + [remaining])
    }
    self.scale = scale
    self.columns = columns
  }

  /// √(gᵀ(XᵀX)⁻¹g), the length of the solution of RᵀD·y = g.
  func standardDeviation(of gradient: [Double]) -> Double {
    var solution: [Double] = []
    for (k, column) in columns.enumerated() {
      let known = zip(column, solution).reduce(0) { $0 + $1.0 * $1.1 }
      solution.append((gradient[k] / scale[k] - known) / column[k])
    }
    return norm(solution)
  }
}

private func norm(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 }.squareRoot() }
