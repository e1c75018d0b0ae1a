// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// How the sensitivity of detection coils between iron poles changes with the field: the image effect.
///
/// A specimen between iron poles is seen together with its mirror images in them, which fade as the poles saturate.
/// The sensitivity g is measured with a standard of the specimen's size, such as nickel: g(H) = V/[m·(1 + χ·H)]
/// relative to that at the calibration field. Between the points g is a monotone cubic; beyond them it is not known.
public struct ImageEffectTable: Hashable, Sendable {
  /// Magnitudes of the field as measured, A/m, rising.
  public let field: [Double]
  /// The relative sensitivity at each of them; unit one.
  public let sensitivity: [Double]
  /// The standard uncertainty of each sensitivity, independent of the others; unit one.
  ///
  /// What all have in common, such as the moment of the standard, is an uncertainty of the gain.
  public let standardUncertainty: [Double]
  private let curve: MonotoneCubic

  /// A table from its columns.
  ///
  /// Throws for columns of different counts, fewer than two points, fields below 0 or not rising, sensitivities that
  /// are not positive, uncertainties that are negative, and numbers that are not finite.
  public init(
    field: [Double], sensitivity: [Double], standardUncertainty: [Double]
  ) throws(AnalysisError) {
    guard field.count == sensitivity.count, field.count == standardUncertainty.count else {
      throw AnalysisError(
        .imageEffect,
        "\(sensitivity.count) sensitivities and \(standardUncertainty.count) uncertainties for \(field.count) fields"
      )
    }
    guard let curve = MonotoneCubic(x: field, y: sensitivity), (field.first ?? 0) >= 0,
      sensitivity.allSatisfy({ $0 > 0 }), standardUncertainty.allSatisfy({ $0 >= 0 && $0.isFinite })
    else {
      throw AnalysisError(
        .imageEffect,
        "a table of the image effect needs two rising fields from 0 on, positive sensitivities and uncertainties"
      )
    }
    self.field = field
    self.sensitivity = sensitivity
    self.standardUncertainty = standardUncertainty
    self.curve = curve
  }

  /// The relative sensitivity at a field in A/m, of either sign.
  ///
  /// Throws beyond the table: a sensitivity is never extrapolated.
  public func sensitivity(atAmperesPerMetre field: Double) throws(AnalysisError) -> Double {
    guard let value = curve.value(at: abs(field)) else {
      let (low, high) = ((self.field.first ?? 0) / 1000, (self.field.last ?? 0) / 1000)
      throw AnalysisError(
        .imageEffect,
        "a field of \(field / 1000) kA/m is beyond the table of the image effect, \(low) to \(high) kA/m")
    }
    return value
  }

  /// A response as it would be at the calibrated sensitivity, with the least and the largest sensitivity met.
  func corrected(
    _ response: [Double], at field: [Double]
  ) throws(AnalysisError) -> (response: [Double], range: ClosedRange<Double>) {
    var corrected: [Double] = []
    corrected.reserveCapacity(response.count)
    var (least, largest) = (Double.infinity, 0.0)
    for (value, field) in zip(response, field) {
      let g = try sensitivity(atAmperesPerMetre: field)
      (least, largest) = (min(least, g), max(largest, g))
      corrected.append(value / g)
    }
    return (corrected, min(least, largest)...largest)
  }

  /// The line that the table's uncertainties add to a budget; nil when there are none.
  ///
  /// An error δg at one point of the table is one of −δg/g of the response, falling linearly to zero at the points
  /// beside it. The points' errors are independent. `branch` is corrected.
  func budgetLine(for branch: Branch) -> TypeBBudget.Line? {
    // More points than this would show the noise of the branch, and no more of the curve.
    let thinning = max(1, branch.count / 400)
    var points: [(field: Double, response: Double, sensitivity: Double)] = []
    for row in stride(from: branch.count - 1, through: 0, by: -thinning) {
      let field = branch.field[row]
      // Offsets that were taken out move the outermost samples out of the table by next to nothing.
      guard field > points.last?.field ?? -.infinity, let g = curve.value(at: abs(field)) else { continue }
      points.append((field, branch.response[row], g))
    }
    guard points.count > 1 else { return nil }
    let fields = points.map(\.field)
    let profiles = field.indices.compactMap { index -> ErrorProfile? in
      guard standardUncertainty[index] > 0 else { return nil }
      let errors = points.map {
        -$0.response / $0.sensitivity * standardUncertainty[index] * share(of: index, at: abs($0.field))
      }
      return ErrorProfile(field: fields, error: errors)
    }
    guard !profiles.isEmpty else { return nil }
    return TypeBBudget.Line(
      id: "image-effect", title: "sensitivity against field (image effect)",
      input: .responseProfiles(profiles),
      standardUncertainty: 1)
  }

  /// How much of an error of one point acts at a field: 1 there, 0 at its neighbours.
  private func share(of index: Int, at magnitude: Double) -> Double {
    let centre = field[index]
    let other = magnitude < centre ? index - 1 : index + 1
    guard magnitude != centre, field.indices.contains(other) else { return magnitude == centre ? 1 : 0 }
    return max(0, 1 - (magnitude - centre) / (field[other] - centre))
  }
}
