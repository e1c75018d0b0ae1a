// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Joins the readings of one or two branches to estimates with budgets.
struct PropertyAssembly: Sendable {
  /// One set of readings for each branch.
  let branches: [BranchReadings]
  /// One set of readings for each branch off the fitted curve; nil when there is none.
  let ladder: [BranchReadings]?
  /// The standard deviation of the samples about the fitted curve over that of their noise.
  let ladderExcess: Double
  /// The other branch of the loop when only one of two is evaluated: it still tells of offsets.
  let companion: BranchReadings?
  let noise: NoiseLevel
  let method: String
  let propagation: BudgetPropagation
  /// The spacing of internal field at HcJ, when that is too coarse; A/m.
  let coarseStep: Double?
  /// The id under which HcJ was read when not by `method`.
  let coercivityMethod: String
  let recoil: RecoilPermeabilityReading
  /// The standard deviation of the field's noise that smoothing left, A/m.
  let fieldNoise: Double

  var budget: TypeBBudget { propagation.budget }
  var shear: Shear { propagation.shear }

  /// The estimates, and where the two estimators differ by more than noise explains.
  func properties(hasPolarisation: Bool) -> (MagnetProperties, [Disagreement]) {
    // In the following a moment stands in for J when the volume is not known.
    var result = MagnetProperties()
    let remanence = reported(\.remanence, floor: 1e-4)
    let coercivity = reported(\.coercivityHcJ, floor: 1e-4, localMethod: coercivityMethod)
    if let coercivity {
      result.coercivityHcJ = estimate(coercivity, step: coarseStep) { change, _ in
        change / coercivity.point.slope
      }
    }
    let differing = coercivity?.disagreement(on: .coercivityHcJ)
    guard hasPolarisation else {
      if let remanence { result.remanentMoment = estimate(remanence) { change, _ in change } }
      return (result, [differing].compactMap(\.self))
    }
    if let remanence { result.remanence = estimate(remanence, extra: extrapolation) { change, _ in change } }
    let flux = reported(\.coercivityHcB, floor: 1e-4)
    if let flux {
      result.coercivityHcB = estimate(flux) { change, _ in change / (flux.point.slope + magneticConstant) }
    }
    let product = reported(\.energyProduct, floor: 1e-4)
    if let product {
      result.energyProduct = estimate(product) { change, _ in -product.point.field * change }
    }
    result.recoilPermeability = recoilPermeability()
    let knee = reported({ $0.kneeFields[.hk90] }, floor: 5e-4)
    var further: [Disagreement?] = []
    if let remanence {
      let recoil = result.recoilPermeability
      func estimate(_ definition: KneeDefinition) -> Estimate<KneeField>? {
        let reading = reported({ $0.kneeFields[definition] }, floor: 5e-4)
        further.append(reading?.disagreement(on: definition.characteristic))
        return reading.flatMap { kneeField(definition, $0, remanence: remanence, recoil: recoil) }
      }
      result.kneeField = knee.flatMap { kneeField(.hk90, $0, remanence: remanence, recoil: nil) }
      result.kneeField95 = estimate(.hk95)
      result.kneeField80 = estimate(.hx80)
      result.irreversibleLoss2 = estimate(.hd2)
      result.irreversibleLoss5 = estimate(.hd5)
      result.irreversibleLoss10 = estimate(.hd10)
    }
    result.switchingFieldWidth = switchingFieldWidth()
    if let tip = reported(\.maximumPolarisation, floor: 1e-4) {
      result.maximumPolarisation = estimate(tip) { change, _ in change }
    }
    if let hk = result.kneeField, let hcj = result.coercivityHcJ, let knee, let coercivity {
      result.squareness = squareness(hk, hcj, knee: knee, coercivity: coercivity)
    }
    let disagreements = [
      remanence?.disagreement(on: .remanence), flux?.disagreement(on: .coercivityHcB), differing,
      product?.disagreement(on: .energyProduct), knee?.disagreement(on: .kneeField),
    ]
    return (result, (disagreements + further).compactMap(\.self))
  }

  func local(_ path: (BranchReadings) -> Reading?) -> JoinedReading? {
    JoinedReading(branches, path, companion: companion)
  }

  /// The reading that is reported; `floor` is the relative model uncertainty that is never undercut.
  func reported(
    _ path: (BranchReadings) -> Reading?, floor: Double, localMethod: String? = nil
  ) -> ReportedReading? {
    let localMethod = localMethod ?? method
    let local = local(path)
    let fitted = ladder.flatMap { JoinedReading($0, path, companion: nil) }
    switch (fitted, local) {
    case (let fitted?, let local?):
      return .checked(
        fitted, by: local, localMethod: localMethod, floor: floor, excess: ladderExcess, noise: noise)
    case (let fitted?, nil): return ReportedReading(unchecked: fitted, floor: floor, excess: ladderExcess)
    case (nil, let local?): return ReportedReading(local: local, method: localMethod, floor: floor)
    case (nil, nil): return nil
    }
  }

  var extrapolation: Double? { branches.compactMap(\.remanenceExtrapolation).max() }

  /// An estimate; `influence` turns changes of J at the reading's point and at `alsoAt` into changes of the value.
  func estimate<Kind>(
    _ reported: ReportedReading, method: String? = nil, step: Double? = nil, extra: Double? = nil,
    alsoAt other: CurvePoint? = nil, influence: (Double, Double) -> Double
  ) -> Estimate<Kind>? {
    finite(
      Estimate(
        value: Quantity(si: reported.value),
        budget: lines(
          reported, method: method, step: step, extra: extra, alsoAt: other, influence: influence),
        method: method ?? reported.method, alternative: reported.other))
  }

  private func lines(
    _ reported: ReportedReading, method: String?, step: Double?, extra: Double?, alsoAt other: CurvePoint?,
    influence: (Double, Double) -> Double
  ) -> [BudgetLine] {
    var lines = ownLines(
      reported.joined, model: reported.modelUncertainty, modelTitle: reported.modelTitle,
      noiseFactor: reported.noiseFactor)
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
    if fieldNoise > 0, method != TwoPointInterpolation.method {
      // Smoothing leaves noise that is one and the same over a window and so moves the curve around the reading.
      let change = reported.point.slope * fieldNoise / Double(branches.count).squareRoot()
      let contribution = influence(change, 0)
      if contribution != 0 {
        lines.append(
          BudgetLine(
            id: "field-noise", evaluation: .typeA, title: "noise of the field that smoothing left",
            contribution: contribution, degreesOfFreedom: noise.degreesOfFreedom))
      }
    }
    return lines + propagation.lines(at: reported.point, and: other, influence: influence)
  }

  /// The budget of J at a place of the fitted curve, without what only a second estimator would tell.
  func linesOfCurve(_ readings: [Reading]) -> [BudgetLine]? {
    JoinedReading(readings).map { joined in
      lines(
        ReportedReading(unchecked: joined, floor: 0, excess: ladderExcess), method: nil, step: nil,
        extra: nil,
        alsoAt: nil
      ) { change, _ in change }
    }
  }

  /// An estimate unless its value or uncertainty is not a number, or the value is none of a magnet's.
  ///
  /// All of them are positive. What cannot be had is absent, never NaN.
  func finite<Kind>(_ estimate: Estimate<Kind>) -> Estimate<Kind>? {
    let isValue = estimate.value.si.isFinite && estimate.value.si > 0
    return isValue && estimate.standardUncertainty.isFinite ? estimate : nil
  }

  /// Noise, estimator and branch lines: what the loop itself tells.
  func ownLines(
    _ joined: JoinedReading, model: Double, modelTitle: String, noiseFactor: Double = 1
  ) -> [BudgetLine] {
    let (own, degrees) = noise.noise(of: joined.rows, near: joined.fields)
    let scatter = noiseFactor * own
    var lines = [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: noise.title, contribution: scatter, degreesOfFreedom: degrees),
      BudgetLine(id: "estimator", evaluation: .typeB, title: modelTitle, contribution: model),
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

  /// Hk/HcJ: common errors of both cancel, so lines are combined with their signs.
  private func squareness(
    _ hk: Estimate<KneeField>, _ hcj: Estimate<CoercivityHcJ>, knee: ReportedReading,
    coercivity: ReportedReading
  ) -> Estimate<Squareness>? {
    let ratio = hk.value.si / hcj.value.si
    let rows = zip(knee.joined.rows, coercivity.joined.rows).map { $0.adding($1, times: -ratio) }
    let (scatter, degrees) = noise.noise(of: rows, near: knee.joined.fields)
    var lines = [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: noise.title,
        contribution: knee.noiseFactor * scatter / hcj.value.si, degreesOfFreedom: degrees)
    ]
    let shared = Set(budget.lines.map(\.id))
    for id in ["estimator", "misfit", "branches", "sampling", "extrapolation", "field-noise"]
      + budget.lines.map(\.id)
    {
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
    return finite(Estimate(value: Quantity(si: ratio), budget: lines, method: "Hk90/HcJ/" + knee.method))
  }
}
