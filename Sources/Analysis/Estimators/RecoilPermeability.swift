// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// The slope of B(H) of the major curve over −0.7·HcB ≤ H ≤ 0 by least squares, over µ0.
///
/// It is µrec of a straight curve only.
func majorSlope(_ branch: Branch, pilot: Pilot, shear: Shear) -> Reading? {
  guard let origin = pilot.remanenceField, let crossing = pilot.fluxCrossingField else { return nil }
  let knee = -crossing / (1 - shear.factor)
  let start = branch.firstRow { $0 <= origin }
  let end = branch.field.indices.first {
    $0 >= start && shear.internalField(branch.field[$0], pilot.smooth[$0]) < -0.7 * knee
  }
  let rows = start..<max(start, end ?? branch.count)
  guard let line = StraightLine(branch.field[rows], branch.response[rows], shear: shear) else { return nil }
  return Reading(
    value: line.permeability, row: InfluenceRow(start: rows.lowerBound, weights: line.weights),
    point: CurvePoint(
      field: shear.internalField(line.field, line.response), polarisation: line.response, slope: line.slope),
    measuredField: line.field, windowChange: 0)
}

/// A least-squares line through points of measured field and response, seen at internal field.
private struct StraightLine {
  /// The mean of the points.
  let field: Double
  let response: Double
  /// dJ/dH, T·m/A.
  let slope: Double
  /// The derivative of `permeability` with respect to each response.
  let weights: [Double]

  /// The line's slope of B over µ0.
  var permeability: Double { 1 + slope / magneticConstant }

  /// nil for fewer than 3 points, for points at one field, and where the correction folds the line back.
  init?(_ fields: some Collection<Double>, _ responses: some Collection<Double>, shear: Shear) {
    guard fields.count >= 3 else { return nil }
    let count = Double(fields.count)
    let field = fields.reduce(0, +) / count
    let spread = fields.reduce(0) { $0 + ($1 - field) * ($1 - field) }
    guard spread > 0 else { return nil }
    let applied = zip(fields, responses).reduce(0) { $0 + ($1.0 - field) * $1.1 } / spread
    guard let slope = shear.internalSlope(applied) else { return nil }
    self.field = field
    response = responses.reduce(0, +) / count
    self.slope = slope
    let remaining = 1 - shear.fieldPerPolarisation * applied
    let sensitivity = 1 / (magneticConstant * remaining * remaining)
    weights = fields.map { sensitivity * ($0 - field) / spread }
  }
}

/// A recoil loop of a branch: from a point of its second quadrant back to H = 0, and as far as it was measured
/// down again.
struct RecoilLoop: Sendable {
  /// The lower tip, where the recoil loop leaves the branch.
  let tip: CurvePoint
  /// µrec by the least-squares line through all points from the lower tip to H = 0.
  let fitted: Double
  /// µrec by the line from the lower tip to where the rising curve reaches H = 0.
  let secant: Double
  /// The standard deviations that the noise of the response gives the two.
  let fittedScatter: Double
  let secantScatter: Double

  /// By how much the two differ beyond the noise: what the width and bend of the recoil loop leave open.
  var form: Double {
    let difference = fitted - secant
    return max(0, difference * difference - secantScatter * secantScatter).squareRoot()
  }

  /// The first recoil loop on a branch that comes back to H = 0; nil without one.
  init?(on kind: Sweep.Kind, of sweeps: [Sweep], data: ConditionedData, noise: NoiseLevel) {
    for (place, sweep) in sweeps.enumerated() where sweep.kind == .recoil {
      let before = place > 0 ? sweeps[place - 1] : nil
      let after = place + 1 < sweeps.count ? sweeps[place + 1] : nil
      guard before?.kind == kind || after?.kind == kind else { continue }
      let sign = kind == .ascending ? -1.0 : 1.0
      let rising = sweep.rows.map { (field: sign * data.field[$0], response: sign * data.response[$0]) }
      guard let first = rising.first, let last = rising.last else { continue }
      let isForward = first.field < last.field
      let falling = ((isForward ? after : before)?.rows).map { rows in
        rows.map { (field: sign * data.field[$0], response: sign * data.response[$0]) }
      }
      if let loop = RecoilLoop(
        rising: isForward ? rising : rising.reversed(), falling: falling ?? [], shear: data.shear,
        noise: noise)
      {
        self = loop
        return
      }
    }
    return nil
  }

  /// A loop from its two curves, mapped to the descending branch; `rising` in order of rising field.
  private init?(
    rising: [(field: Double, response: Double)], falling: [(field: Double, response: Double)], shear: Shear,
    noise: NoiseLevel
  ) {
    guard let tip = rising.first else { return nil }
    let lowest = shear.internalField(tip.field, tip.response)
    let inner = rising.map { shear.internalField($0.field, $0.response) }
    // Nine tenths of the way tell the slope; the end of a sweep that was meant for H = 0 may lie a little below.
    guard lowest < 0, let highest = inner.max(), highest >= -0.1 * -lowest else { return nil }
    let points = (rising + falling).filter {
      $0.field >= tip.field && shear.internalField($0.field, $0.response) <= 0
    }
    guard points.count >= minimumRecoilPoints,
      let line = StraightLine(points.map(\.field), points.map(\.response), shear: shear)
    else { return nil }

    // Where the rising curve reaches H = 0: between two points, or its last one.
    var (top, variance) = (rising[rising.count - 1], 1.0)
    if let above = inner.firstIndex(where: { $0 >= 0 }), above > 0 {
      let share = inner[above] / (inner[above] - inner[above - 1])
      let (a, b) = (rising[above], rising[above - 1])
      top = (a.field + share * (b.field - a.field), a.response + share * (b.response - a.response))
      variance = share * share + (1 - share) * (1 - share)
    }
    let span = top.field - tip.field
    guard span > 0, let slope = shear.internalSlope((top.response - tip.response) / span) else { return nil }
    let sigma = noise.standardDeviation(near: line.field)
    let remaining = 1 - shear.fieldPerPolarisation * (top.response - tip.response) / span
    self.tip = CurvePoint(field: lowest, polarisation: tip.response, slope: slope)
    fitted = line.permeability
    secant = 1 + slope / magneticConstant
    fittedScatter = sigma * line.weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    secantScatter = sigma * (1 + variance).squareRoot() / (span * magneticConstant * remaining * remaining)
  }
}

/// A line through fewer points is no fit.
private let minimumRecoilPoints = 5

/// The recoil permeability that the results of a loop rest on.
struct RecoilPermeabilityReading: Sendable {
  /// How it was found, never `auto`.
  let method: RecoilMethod
  /// The value; nil when the data do not give it by that method.
  let value: Double?
  /// The recoil loops, one for each branch at most.
  let loops: [RecoilLoop]

  /// The reading of the evaluated branches by the method asked for; `majorSlopes` are those of the branches.
  init(_ wanted: RecoilMethod, loops: [RecoilLoop], majorSlopes: [Reading?]) {
    self.loops = loops
    method = wanted == .auto ? (loops.isEmpty ? .majorSlope : .recoilLoop) : wanted
    let values =
      switch method {
      case .recoilLoop: loops.map(\.fitted)
      case .secant: loops.map(\.secant)
      case .majorSlope, .auto:
        majorSlopes.allSatisfy { $0 != nil } ? majorSlopes.compactMap { $0?.value } : []
      }
    value = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// What the noise and the form of the recoil loops leave open; none for the slope of the major curve.
  func lines(degreesOfFreedom: Double) -> [BudgetLine] {
    guard method != .majorSlope, !loops.isEmpty else { return [] }
    let count = Double(loops.count)
    let scatters = loops.map { method == .secant ? $0.secantScatter : $0.fittedScatter }
    return [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: "noise of the response, taken as white",
        contribution: scatters.reduce(0) { $0 + $1 * $1 }.squareRoot() / count,
        degreesOfFreedom: degreesOfFreedom),
      BudgetLine(
        id: "recoil-form", evaluation: .typeB, title: "width and bend of the recoil loop",
        contribution: loops.reduce(0) { $0 + $1.form } / count),
    ]
  }

  /// The recoil loops as they are archived and printed: where each leaves the branch.
  var corrections: [AppliedCorrection] {
    loops.map {
      AppliedCorrection(
        id: "recoil-loop",
        parameters: [
          .init("field", $0.tip.field, .amperePerMetre), .init("polarisation", $0.tip.polarisation, .tesla),
        ])
    }
  }
}
