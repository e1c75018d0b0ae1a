// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

// The knee fields, the recoil permeability that some of them rest on, and the width of the switching.
extension PropertyAssembly {
  /// The knee field of a definition; `recoil` is µrec for the lines that slope with it.
  func kneeField(
    _ definition: KneeDefinition, _ knee: ReportedReading, remanence: ReportedReading,
    recoil: Estimate<RecoilPermeability>?
  ) -> Estimate<KneeField>? {
    guard let permeability = definition.isRecoilSloped ? recoil?.value.si : 1 else { return nil }
    let slope = knee.point.slope
    let estimate: Estimate<KneeField>? = estimate(
      knee, method: definition.method(knee.method, recoilMethod: self.recoil.method),
      step: coarseStep, extra: extrapolation.map { abs(definition.share * $0 / slope) },
      alsoAt: remanence.point
    ) { definition.change($0, $1, slope: slope, recoilPermeability: permeability) }
    guard definition.isRecoilSloped, let estimate, let recoil else { return estimate }
    let sensitivity = definition.changePerRecoilPermeability(
      kneeField: knee.value, slope: slope, recoilPermeability: permeability)
    return adding(recoil, times: sensitivity, to: estimate)
  }

  /// A knee field with the uncertainty of µrec: a line of the Type B budget acts on both at once and with its sign, and
  /// the rest of u(µrec) becomes a line of its own.
  private func adding(
    _ recoil: Estimate<RecoilPermeability>, times sensitivity: Double, to estimate: Estimate<KneeField>
  ) -> Estimate<KneeField>? {
    let shared = Set(budget.lines.map(\.id))
    let common = recoil.budget.filter { shared.contains($0.id) }
    var lines = estimate.budget.map { line in
      let change = common.filter { $0.id == line.id }.reduce(0) { $0 + sensitivity * $1.contribution }
      return BudgetLine(
        id: line.id, evaluation: line.evaluation, title: line.title, contribution: line.contribution + change,
        degreesOfFreedom: line.degreesOfFreedom)
    }
    let known = Set(lines.map(\.id))
    for line in common where !known.contains(line.id) {
      lines.append(
        BudgetLine(
          id: line.id, evaluation: line.evaluation, title: line.title,
          contribution: sensitivity * line.contribution, degreesOfFreedom: line.degreesOfFreedom))
    }
    let rest = combinedStandardUncertainty(recoil.budget.filter { !shared.contains($0.id) })
    if rest > 0 {
      lines.append(
        BudgetLine(
          id: "recoil-permeability", evaluation: .typeA, title: "noise and method of the recoil permeability",
          contribution: sensitivity * rest, degreesOfFreedom: noise.degreesOfFreedom))
    }
    return finite(
      Estimate(
        value: estimate.value, budget: lines, method: estimate.method, alternative: estimate.alternative))
  }

  /// µrec by the method that was asked for, or that the data allow.
  func recoilPermeability() -> Estimate<RecoilPermeability>? {
    guard let value = recoil.value else { return nil }
    var lines = recoil.lines(degreesOfFreedom: noise.degreesOfFreedom)
    if recoil.method == .majorSlope {
      guard let slope = local(\.recoilPermeability) else { return nil }
      lines = ownLines(
        slope, model: slope.windowChange, modelTitle: "change with the width of the window")
    }
    let excess = value - 1
    for line in budget.lines {
      // µrec − 1 scales with J and against H; J′ = J′a/(1 − N·J′a/µ0) gives the effect of N.
      let change: Double =
        switch line.input {
        case .polarisationGain: excess * (1 + shear.factor * excess)
        case .fieldGain: -excess * (1 + shear.factor * excess)
        case .demagnetisingFactor: shear.factor > 0 ? excess * excess : 0
        case .susceptibility: (1 + shear.factor * excess) * (1 + shear.factor * excess)
        case .responseProfiles(let profiles): (1 + shear.factor * excess) * slopeError(profiles)
        case .temperature, .polarisationOffset, .fieldOffset, .loopLevel, .fieldProfiles: 0
        }
      guard change != 0 else { continue }
      lines.append(
        BudgetLine(
          id: line.id, evaluation: line.evaluation, title: line.title,
          contribution: change * line.standardUncertainty,
          degreesOfFreedom: line.degreesOfFreedom))
    }
    return finite(Estimate(value: Quantity(si: value), budget: lines, method: recoil.method.rawValue))
  }

  /// The change of µrec, read between H = 0 and −0.7·HcB, by independent errors of the response.
  private func slopeError(_ profiles: [ErrorProfile]) -> Double {
    guard let coercivity = local(\.coercivityHcB)?.value, coercivity > 0 else { return 0 }
    let end = -0.7 * coercivity
    return quadratureSum(profiles.map { ($0.value(at: 0) - $0.value(at: end)) / (-magneticConstant * end) })
  }

  /// The width of the switching: what shifts both of its ends alike does not act.
  func switchingFieldWidth() -> Estimate<SwitchingFieldWidth>? {
    guard let width = reported(\.switchingFieldWidth, floor: 5e-4) else { return nil }
    var lines = ownLines(
      width.joined, model: width.modelUncertainty, modelTitle: width.modelTitle,
      noiseFactor: width.noiseFactor)
    // The change of J across the width; times N/µ0 it is the difference of applied and internal width.
    let change = width.point.polarisation
    for line in budget.lines {
      let sensitivity: Double =
        switch line.input {
        case .fieldGain: width.value + shear.fieldPerPolarisation * change
        case .polarisationGain: -shear.fieldPerPolarisation * change
        case .demagnetisingFactor: shear.factor > 0 ? -change / magneticConstant : 0
        // Across the switching these change too little to widen it.
        case .susceptibility, .temperature, .polarisationOffset, .fieldOffset, .loopLevel, .responseProfiles,
          .fieldProfiles:
          0
        }
      guard sensitivity != 0 else { continue }
      lines.append(
        BudgetLine(
          id: line.id, evaluation: line.evaluation, title: line.title,
          contribution: sensitivity * line.standardUncertainty, degreesOfFreedom: line.degreesOfFreedom))
    }
    return finite(
      Estimate(
        value: Quantity(si: width.value), budget: lines, method: "w50/" + width.method,
        alternative: width.other))
  }
}
