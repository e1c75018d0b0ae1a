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

  /// The budget lines of a quantity; `influence` turns the changes δJ at the two points into its change.
  ///
  /// Where there is no second point, the change there is 0.
  func lines(
    at point: CurvePoint, and other: CurvePoint? = nil, influence: (Double, Double) -> Double
  ) -> [BudgetLine] {
    budget.lines.compactMap { line in
      func part(_ input: TypeBBudget.Input) -> Double {
        influence(
          line.standardUncertainty * change(of: input, at: point),
          other.map { line.standardUncertainty * change(of: input, at: $0) } ?? 0)
      }
      let contribution =
        switch line.input {
        case .responseProfiles, .fieldProfiles: quadratureSum(line.input.independent.map(part))
        default: part(line.input)
        }
      guard contribution != 0 else { return nil }
      return BudgetLine(
        id: line.id, evaluation: line.evaluation, title: line.title, contribution: contribution,
        degreesOfFreedom: line.degreesOfFreedom)
    }
  }

  /// δJ at a point for an input that is wrong by 1.
  private func change(of input: TypeBBudget.Input, at point: CurvePoint) -> Double {
    let perPolarisation = shear.fieldPerPolarisation
    // What is added to J also moves the internal field, by −N·δJ/µ0.
    let shearing = 1 + perPolarisation * point.slope
    switch input {
    case .polarisationGain:
      return point.polarisation * shearing
    case .fieldGain:
      let measured = point.field + perPolarisation * point.polarisation
      return -point.slope * measured
    case .demagnetisingFactor:
      guard shear.factor > 0 else { return 0 }
      return point.slope * point.polarisation / magneticConstant
    case .susceptibility:
      // A background answers to the field of the magnet or coil, not to the one inside the specimen.
      return magneticConstant * (point.field + perPolarisation * point.polarisation) * shearing
    case .temperature(let alpha, let beta):
      let switching = max(0, point.slope - reversibleSlope)
      return alpha * point.polarisation + beta * coercivityHcJ * switching
    case .polarisationOffset:
      return bothBranches ? 0 : remanence * shearing
    case .fieldOffset:
      return bothBranches ? 0 : -point.slope
    case .loopLevel:
      return remanence * shearing
    case .responseProfiles(let profiles):
      let measured = point.field + perPolarisation * point.polarisation
      return profiles.reduce(0) { $0 + $1.value(at: measured) } * shearing
    case .fieldProfiles(let profiles):
      let measured = point.field + perPolarisation * point.polarisation
      return -profiles.reduce(0) { $0 + $1.value(at: measured) } * point.slope
    }
  }
}

extension BudgetPropagation {
  /// What the curves of the branches tell of the sensitivities.
  init(budget: TypeBBudget, shear: Shear, branches: [BranchReadings]) {
    self.budget = budget
    self.shear = shear
    coercivityHcJ = JoinedReading(branches, \.coercivityHcJ, companion: nil)?.value ?? 0
    let recoil = branches.compactMap(\.recoilPermeability?.value)
    reversibleSlope =
      recoil.isEmpty ? 0 : magneticConstant * (recoil.reduce(0, +) / Double(recoil.count) - 1)
    remanence = JoinedReading(branches, \.remanence, companion: nil)?.value ?? 0
    bothBranches = branches.count == 2
  }
}

/// What independent errors come to: the root of the sum of their squares; a single one keeps its sign.
func quadratureSum(_ errors: [Double]) -> Double {
  errors.count == 1 ? errors[0] : errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

extension TypeBBudget.Line {
  /// The line with its errors of the response channel in the unit of the response that is analysed.
  func scaled(responseBy factor: Double) -> TypeBBudget.Line {
    guard case .responseProfiles(let profiles) = input, factor != 1 else { return self }
    return TypeBBudget.Line(
      id: id, title: title, input: .responseProfiles(profiles.map { $0.scaled(by: factor) }),
      standardUncertainty: standardUncertainty, degreesOfFreedom: degreesOfFreedom,
      distribution: distribution, evaluation: evaluation)
  }
}
