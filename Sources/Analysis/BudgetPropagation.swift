// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Carries the lines of a Type B budget to the quantities, with sensitivities of this loop.
///
/// Every line is written as a change δJ(H) of the curve at fixed internal field; the quantity then changes by
/// the same influence that it has on noise.
struct BudgetPropagation: Sendable {
  let budget: TypeBBudget
  let shear: Shear
  /// HcJ, for the shift of the switching fields with temperature; 0 when not known.
  let coercivityHcJ: Double
  /// Reversible slope dJ/dH, T·m/A.
  let reversibleSlope: Double
  /// Br, T.
  let remanence: Double
  /// Whether two mirrored branches are averaged, so that offsets cancel.
  let bothBranches: Bool

  /// The budget lines of a quantity; `influence` turns the change δJ at the given points into its change.
  func lines(points: [CurvePoint], influence: ([Double]) -> Double) -> [BudgetLine] {
    budget.lines.compactMap { line in
      let changes = points.map { change(of: line, at: $0) }
      let contribution = influence(changes)
      guard contribution != 0 else { return nil }
      return BudgetLine(
        id: line.id, evaluation: line.evaluation, title: line.title, contribution: contribution,
        degreesOfFreedom: line.degreesOfFreedom)
    }
  }

  /// δJ at a point for one standard uncertainty of a line.
  private func change(of line: TypeBBudget.Line, at point: CurvePoint) -> Double {
    let u = line.standardUncertainty
    let perPolarisation = shear.fieldPerPolarisation
    // What is added to J also moves the internal field, by −N·δJ/µ0.
    let shearing = 1 + perPolarisation * point.slope
    switch line.input {
    case .polarisationGain:
      return u * point.polarisation * shearing
    case .fieldGain:
      let measured = point.field + perPolarisation * point.polarisation
      return -u * point.slope * measured
    case .demagnetisingFactor:
      guard shear.factor > 0 else { return 0 }
      return u * point.slope * point.polarisation / magneticConstant
    case .susceptibility:
      // A background answers to the field of the magnet or coil, not to the one inside the specimen.
      return u * magneticConstant * (point.field + perPolarisation * point.polarisation) * shearing
    case .temperature(let alpha, let beta):
      let switching = max(0, point.slope - reversibleSlope)
      return u * (alpha * point.polarisation + beta * coercivityHcJ * switching)
    case .polarisationOffset:
      return bothBranches ? 0 : u * remanence * shearing
    case .fieldOffset:
      return bothBranches ? 0 : -u * point.slope
    case .loopLevel:
      return u * remanence * shearing
    }
  }
}
