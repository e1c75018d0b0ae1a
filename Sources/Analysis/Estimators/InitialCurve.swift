// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities
internal import Signal

/// What a curve from the demagnetised state tells: J at the largest field and the initial susceptibility.
struct InitialCurve: Sendable {
  private let branch: Branch
  private let shear: Shear
  private let budget: TypeBBudget
  private let noise: Double

  /// The initial curve of a loop; nil when it has none or the volume is not known.
  init?(of loop: SeparatedLoop, _ data: ConditionedData, budget: TypeBBudget) {
    guard data.hasPolarisation, let sweep = loop.sweeps.first(where: { $0.kind == .initial }) else {
      return nil
    }
    // One that goes to negative saturation is mirrored as an ascending branch is.
    let isRising = data.field[sweep.rows.upperBound - 1] >= 0
    let kind: Sweep.Kind = isRising ? .descending : .ascending
    branch = Branch(
      kind, of: [Sweep(rows: sweep.rows, kind: kind)], field: data.field, response: data.response)
    shear = data.shear
    self.budget = budget
    noise = noiseFromSecondDifferences(data.response)
  }

  /// J at the largest field, from a quadratic through the last 15 samples.
  func maximumPolarisation() -> Estimate<Polarisation>? {
    let rows = 0..<min(15, branch.count)
    guard let tip = branch.field.first, let last = rows.last,
      let fit = LocalPolynomial(
        x: branch.field, y: branch.response, range: rows, centre: tip, halfWidth: tip - branch.field[last],
        degree: 2)
    else { return nil }
    let value = fit.value(at: tip)
    let scatter = max(noise, fit.residualVariance(x: branch.field, y: branch.response).squareRoot())
    let point = CurvePoint(
      field: shear.internalField(tip, value), polarisation: value, slope: max(0, fit.slope(at: tip)))
    let propagation = BudgetPropagation(
      budget: budget, shear: shear, coercivityHcJ: 0, reversibleSlope: point.slope, remanence: value,
      bothBranches: false)
    let lines =
      [noiseLine(scatter * fit.weightNorm(at: tip), samples: rows.count)]
      + propagation.lines(at: point) { change, _ in change }
    let estimate = Estimate<Polarisation>(
      value: Quantity(si: value), budget: lines, method: "initial-curve")
    return value > 0 && value.isFinite && estimate.standardUncertainty.isFinite ? estimate : nil
  }

  /// The slope dM/dH where the curve begins, from a quadratic through the first twentieth of the field range, at
  /// least 8 samples; the difference to a straight line is carried as uncertainty.
  func susceptibility() -> Estimate<Susceptibility>? {
    let top = branch.field.first ?? 0
    let start = min(branch.firstRow { $0 <= 0.05 * top }, branch.count - 8)
    guard start >= 0, let origin = branch.field.last, branch.field[start] > origin else { return nil }
    let scale = branch.field[start] - origin
    func slope(order: Int) -> (value: Double, u: Double)? {
      var equations = NormalEquations(order: order)
      for row in start..<branch.count {
        let t = (branch.field[row] - origin) / scale
        equations.add((0..<order).map { $0 == 0 ? 1 : $0 == 1 ? t : t * t }, branch.response[row])
      }
      guard let solution = equations.solution() else { return nil }
      let degrees = Double(equations.count - order)
      let scatter = max(noise, (solution.residualSumOfSquares / degrees).squareRoot())
      let unit = 1 / (scale * magneticConstant)
      return (solution.values[1] * unit, scatter * solution.inverse[order + 1].squareRoot() * unit)
    }
    guard let curve = slope(order: 3), let line = slope(order: 2) else { return nil }
    // χ = χa/(1 − N·χa); a correction that folds this slope back has nothing to give.
    let remaining = 1 - shear.factor * curve.value
    guard remaining > 0 else { return nil }
    let value = curve.value / remaining
    let perApplied = 1 / (remaining * remaining)
    var lines = [
      noiseLine(curve.u * perApplied, samples: branch.count - start),
      BudgetLine(
        id: "estimator", evaluation: .typeB, title: "curvature of the initial curve",
        contribution: (curve.value - line.value) * perApplied / 3.0.squareRoot()),
    ]
    for line in budget.lines {
      let change: Double =
        switch line.input {
        case .polarisationGain: value * (1 + shear.factor * value)
        case .fieldGain: -value * (1 + shear.factor * value)
        case .demagnetisingFactor: shear.factor > 0 ? value * value : 0
        case .susceptibility: perApplied
        // Errors along the branches are none of the initial curve.
        case .temperature, .polarisationOffset, .fieldOffset, .loopLevel, .responseProfiles, .fieldProfiles: 0
        }
      guard change != 0 else { continue }
      lines.append(
        BudgetLine(
          id: line.id, evaluation: .typeB, title: line.title, contribution: change * line.standardUncertainty,
          degreesOfFreedom: line.degreesOfFreedom))
    }
    let estimate = Estimate<Susceptibility>(
      value: Quantity(si: value), budget: lines, method: "initial-slope")
    return value.isFinite && estimate.standardUncertainty.isFinite ? estimate : nil
  }

  private func noiseLine(_ contribution: Double, samples: Int) -> BudgetLine {
    BudgetLine(
      id: "noise", evaluation: .typeA, title: "noise of the response, taken as white",
      contribution: contribution, degreesOfFreedom: Double(samples - 3))
  }
}
