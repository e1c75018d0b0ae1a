// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Joins the readings of one or two branches to estimates with budgets.
struct PropertyAssembly: Sendable {
  /// One set of readings for each branch.
  let branches: [BranchReadings]
  /// The other branch of the loop when only one of two is evaluated: it still tells of offsets.
  let companion: BranchReadings?
  let noise: NoiseLevel
  let method: String
  let budget: TypeBBudget
  let shear: Shear
  /// The spacing of internal field at HcJ, when that is too coarse; A/m.
  let coarseStep: Double?
  /// The id under which HcJ was read when not by `method`.
  let coercivityMethod: String

  func properties(hasPolarisation: Bool) -> MagnetProperties {
    // In the following a moment stands in for J when the volume is not known.
    var result = MagnetProperties()
    let remanence = joined(\.remanence)
    let coercivity = joined(\.coercivityHcJ)
    guard hasPolarisation else {
      if let remanence { result.remanentMoment = estimate(remanence, floor: 1e-4) { $0[0] } }
      if let coercivity {
        result.coercivityHcJ = estimate(coercivity, floor: 1e-4, method: coercivityMethod, step: coarseStep) {
          $0[0] / coercivity.point.slope
        }
      }
      return result
    }
    if let remanence { result.remanence = estimate(remanence, floor: 1e-4, extra: extrapolation) { $0[0] } }
    if let coercivity {
      result.coercivityHcJ = estimate(coercivity, floor: 1e-4, method: coercivityMethod, step: coarseStep) {
        $0[0] / coercivity.point.slope
      }
    }
    if let knee = joined(\.coercivityHcB) {
      result.coercivityHcB = estimate(knee, floor: 1e-4) { $0[0] / (knee.point.slope + magneticConstant) }
    }
    if let product = joined(\.energyProduct) {
      result.energyProduct = estimate(product, floor: 1e-4) { -product.point.field * $0[0] }
    }
    if let knee = joined(\.kneeField), let remanence {
      result.kneeField = estimate(
        knee, floor: 5e-4, method: "J=0.90Br/" + method, step: coarseStep, alsoAt: remanence.point
      ) { ($0[0] - 0.9 * $0[1]) / knee.point.slope }
    }
    if let tip = joined(\.maximumPolarisation) {
      result.maximumPolarisation = estimate(tip, floor: 1e-4) { $0[0] }
    }
    if let recoil = joined(\.recoilPermeability) { result.recoilPermeability = permeability(recoil) }
    if let hk = result.kneeField, let hcj = result.coercivityHcJ, let knee = joined(\.kneeField),
      let coercivity
    {
      result.squareness = squareness(hk, hcj, knee: knee, coercivity: coercivity)
    }
    return result
  }

  /// The mean of the branches' readings with their spread.
  struct Joined {
    var value: Double
    var point: CurvePoint
    var windowChange: Double
    var misfit: Double
    var rows: [InfluenceRow]
    /// Where each branch was read, as measured, A/m.
    var fields: [Double]
    /// Half the difference of the branches; nil for one branch.
    var halfDifference: Double?
  }

  private func joined(_ path: KeyPath<BranchReadings, Reading?>) -> Joined? {
    let readings = branches.compactMap { $0[keyPath: path] }
    // A value of one branch of two would hide that the other does not have it.
    guard let first = readings.first, readings.count == branches.count else { return nil }
    let count = Double(readings.count)
    return Joined(
      value: readings.reduce(0) { $0 + $1.value } / count, point: CurvePoint.mean(readings.map(\.point)),
      windowChange: readings.reduce(0) { $0 + $1.windowChange } / count,
      misfit: readings.reduce(0) { $0 + $1.misfit } / count,
      rows: readings.map { $0.row.scaled(by: 1 / count) },
      fields: readings.map(\.measuredField),
      halfDifference: (readings.count == 2 ? readings[1] : companion?[keyPath: path])
        .map { (first.value - $0.value) / 2 })
  }

  private var extrapolation: Double? { branches.compactMap(\.remanenceExtrapolation).max() }

  /// An estimate; `floor` is the relative model uncertainty that is never undercut, `influence` turns changes of
  /// J at the reading's point (and at `alsoAt`) into changes of the value.
  private func estimate<Kind>(
    _ joined: Joined, floor: Double, method: String? = nil, step: Double? = nil, extra: Double? = nil,
    alsoAt other: CurvePoint? = nil, influence: ([Double]) -> Double
  ) -> Estimate<Kind>? {
    var lines = ownLines(joined, floor: floor)
    if let step {
      lines.append(
        BudgetLine(
          id: "sampling", evaluation: .typeB, title: "field step in the switching region",
          contribution: step / 12.0.squareRoot()))
    }
    if let extra, extra > 0 {
      lines.append(
        BudgetLine(
          id: "extrapolation", evaluation: .typeB, title: "extrapolation to zero field", contribution: extra))
    }
    lines += propagation.lines(points: [joined.point] + (other.map { [$0] } ?? []), influence: influence)
    return finite(Estimate(value: Quantity(si: joined.value), budget: lines, method: method ?? self.method))
  }

  /// An estimate unless its value or uncertainty is not a number, or the value is none of a magnet's.
  ///
  /// All of them are positive. What cannot be had is absent, never NaN.
  private func finite<Kind>(_ estimate: Estimate<Kind>) -> Estimate<Kind>? {
    let isValue = estimate.value.si.isFinite && estimate.value.si > 0
    return isValue && estimate.standardUncertainty.isFinite ? estimate : nil
  }

  /// Noise, estimator and branch lines: what the loop itself tells.
  private func ownLines(_ joined: Joined, floor: Double) -> [BudgetLine] {
    let (scatter, degrees) = noise.noise(of: joined.rows, near: joined.fields)
    var lines = [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: noise.title, contribution: scatter, degreesOfFreedom: degrees),
      BudgetLine(
        id: "estimator", evaluation: .typeB, title: "change with the width of the window, and floor",
        contribution: (joined.windowChange * joined.windowChange + floor * floor * joined.value * joined.value)
          .squareRoot()),
    ]
    if joined.misfit > 0 {
      lines.append(
        BudgetLine(
          id: "misfit", evaluation: .typeB, title: "scatter about the fitted curve beyond the noise",
          contribution: joined.misfit))
    }
    if let half = joined.halfDifference {
      // The part of the difference that noise does not explain; the true value may lie anywhere between.
      let excess = max(0, half * half - scatter * scatter) / 3
      if excess > 0 {
        lines.append(
          BudgetLine(
            id: "branches", evaluation: .typeB, title: "difference of the two branches",
            contribution: excess.squareRoot()))
      }
    }
    return lines
  }

  private func permeability(_ recoil: Joined) -> Estimate<RecoilPermeability>? {
    let excess = recoil.value - 1
    var lines = ownLines(recoil, floor: 0)
    for line in budget.lines {
      // µrec − 1 scales with J and against H; J′ = J′a/(1 − N·J′a/µ0) gives the effect of N.
      let change: Double =
        switch line.input {
        case .polarisationGain: excess * (1 + shear.factor * excess)
        case .fieldGain: -excess * (1 + shear.factor * excess)
        case .demagnetisingFactor: shear.factor > 0 ? excess * excess : 0
        case .susceptibility: 1
        case .temperature, .polarisationOffset, .fieldOffset: 0
        }
      guard change != 0 else { continue }
      lines.append(
        BudgetLine(
          id: line.id, evaluation: .typeB, title: line.title, contribution: change * line.standardUncertainty,
          degreesOfFreedom: line.degreesOfFreedom))
    }
    return finite(Estimate(value: Quantity(si: recoil.value), budget: lines, method: "major-slope"))
  }

  /// Hk/HcJ: common errors of both cancel, so lines are combined with their signs.
  private func squareness(
    _ hk: Estimate<KneeField>, _ hcj: Estimate<CoercivityHcJ>, knee: Joined, coercivity: Joined
  ) -> Estimate<Squareness>? {
    let ratio = hk.value.si / hcj.value.si
    let rows = zip(knee.rows, coercivity.rows).map { $0.adding($1.scaled(by: -ratio)) }
    let (scatter, degrees) = noise.noise(of: rows, near: knee.fields)
    var lines = [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: noise.title, contribution: scatter / hcj.value.si,
        degreesOfFreedom: degrees)
    ]
    let shared = Set(budget.lines.map(\.id))
    for id in ["estimator", "misfit", "branches", "sampling"] + budget.lines.map(\.id) {
      let upper = hk.budget.first { $0.id == id }
      let lower = hcj.budget.first { $0.id == id }
      guard let line = upper ?? lower else { continue }
      let above = (upper?.contribution ?? 0) / hcj.value.si
      let below = ratio * (lower?.contribution ?? 0) / hcj.value.si
      let contribution = shared.contains(id) ? above - below : (above * above + below * below).squareRoot()
      lines.append(
        BudgetLine(
          id: id, evaluation: line.evaluation, title: line.title, contribution: contribution,
          degreesOfFreedom: line.degreesOfFreedom))
    }
    return finite(Estimate(value: Quantity(si: ratio), budget: lines, method: "Hk90/HcJ/" + method))
  }

  private var propagation: BudgetPropagation {
    let recoil = branches.compactMap(\.recoilPermeability?.value)
    let slope = recoil.isEmpty ? 0 : magneticConstant * (recoil.reduce(0, +) / Double(recoil.count) - 1)
    return BudgetPropagation(
      budget: budget, shear: shear, coercivityHcJ: joined(\.coercivityHcJ)?.value ?? 0,
      reversibleSlope: slope, remanence: joined(\.remanence)?.value ?? 0, bothBranches: branches.count == 2)
  }
}
