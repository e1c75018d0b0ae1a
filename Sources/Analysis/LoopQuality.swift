// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// Looks for everything about a loop that limits what its numbers may be used for.
struct LoopQuality {
  let loop: SeparatedLoop
  let data: ConditionedData
  let sample: Sample
  /// Every branch of the loop, and those that are evaluated.
  let allBranches: [Branch]
  let allReadings: [BranchReadings]
  let branches: [Branch]
  let pilots: [Pilot]
  let noise: NoiseLevel
  let readings: [BranchReadings]
  let properties: MagnetProperties
  let conditions: Conditions
  let settings: AnalysisSettings
  let isSparse: Bool
  /// Where two estimators differ by more than noise explains.
  let disagreements: [Disagreement]
  /// Whether a fitted curve is one of the estimators.
  let hasLadder: Bool

  var flags: [Flag] = []
  var absences: [Absence] = []

  init(
    loop: SeparatedLoop, data: ConditionedData, sample: Sample, allBranches: [Branch],
    allReadings: [BranchReadings], branches: [Branch], pilots: [Pilot],
    noise: NoiseLevel, readings: [BranchReadings], properties: MagnetProperties, conditions: Conditions,
    settings: AnalysisSettings, isSparse: Bool, disagreements: [Disagreement], hasLadder: Bool
  ) {
    self.loop = loop
    self.data = data
    self.sample = sample
    self.allBranches = allBranches
    self.allReadings = allReadings
    self.branches = branches
    self.pilots = pilots
    self.noise = noise
    self.readings = readings
    self.properties = properties
    self.conditions = conditions
    self.settings = settings
    self.isSparse = isSparse
    self.disagreements = disagreements
    self.hasLadder = hasLadder
  }

  mutating func examine() {
    examineExtent()
    examineSampling()
    examineSaturation()
    examinePhysics()
    examineMisfit()
    examineConditions()
    examineSample()
    examineNoise()
    examineRange()
    collectAbsences()
  }

  mutating func flag(_ code: Flag.Code, _ message: String) { flags.append(Flag(code, message)) }

  /// How far the sweeps reach.
  private mutating func examineExtent() {
    guard !branches.isEmpty else {
      let kinds = Set(loop.sweeps.map(\.kind))
      flag(
        .initialOnly,
        kinds.contains(.initial)
          ? "only an initial curve: nothing that a demagnetisation curve gives can be reported"
          : "no branch reaches a demagnetising field")
      return
    }
    if branches.count == 1, settings.branch == .both {
      if branches[0].reachesBack {
        flag(.singleBranch, "only one branch: offsets of field and polarisation are not seen")
      } else {
        flag(
          .secondQuadrantOnly,
          "second quadrant only: offsets and saturation cannot be checked")
      }
    }
    if pilots.contains(where: { $0.crossings > 1 }) {
      flag(
        .multipleCrossings,
        "J crosses zero more than once on a branch: a soft or diamagnetic background, "
          + (settings.method == .interpolation
            ? "and HcJ is the first crossing beyond H = 0, as instrument software takes it"
            : "so no HcJ is given"))
    }
    if readings.contains(where: { $0.remanenceExtrapolation != nil }) {
      let start = branches.compactMap(\.field.first).min() ?? 0
      flag(
        .remanenceExtrapolated,
        "the data begin at \(thousands(start)) kA/m; Br was carried to zero field along a straight line")
    }
  }

  private mutating func examineSampling() {
    if isSparse {
      flag(
        .sparse,
        "fewer than 7 points within 15 % of HcJ: values are read along straight lines between samples, as "
          + "instrument software does, and carry the scatter of the samples; measure with smaller steps")
    }
    guard let points = pilots.compactMap(\.switchingPoints).min(), points < undersamplingLimit else { return }
    flag(
      .undersampled,
      "\(rounded(points, 1)) points in the middle half of the switching, \(undersamplingLimit) are needed: "
        + "HcJ and Hk carry the field step as uncertainty and are not certified; measure with smaller steps")
  }

  /// What one loop can tell of saturation: equal coercivities, a flat tip, closure.
  private mutating func examineSaturation() {
    guard let remanence = properties.remanence?.value.si else { return }
    let coercivities = allReadings.compactMap(\.coercivityHcJ?.value)
    var reasons: [String] = []
    if coercivities.count == 2, let low = coercivities.min(), let high = coercivities.max() {
      let difference = (high - low) / abs(0.5 * (high + low))
      if difference > 0.02 {
        reasons.append("the two coercivities differ by \(rounded(100 * difference, 1)) %")
      }
    }
    let tip = allBranches.compactMap(\.field.first).min() ?? 0
    if let coercivity = coercivities.max(), tip > 0.1 * coercivity {
      if tip < 1.1 * coercivity {
        reasons.append(
          "the largest field, \(thousands(tip)) kA/m, is not 1.1 times HcJ, \(thousands(coercivity)) kA/m")
      } else if let rise = irreversibleRise(tip: tip), rise.value > 0.01 * remanence + 3 * rise.uncertainty {
        reasons.append(
          "J is still switching where the largest field is reached: half as much field again would add "
            + "\(rounded(100 * rise.value / remanence, 1)) % of Br")
      }
    }
    if let closure = closureError(), closure.value > 0.01 * remanence + 3 * closure.uncertainty {
      reasons.append("the loop does not close by \(rounded(100 * closure.value / remanence, 1)) % of Br")
    }
    if !reasons.isEmpty {
      flag(.unsaturated, "not shown to be saturated: " + reasons.joined(separator: "; "))
    }
  }

  /// What another half of the largest field would add to J: the slope on the way into saturation beyond that on the
  /// way out of it, which is reversible.
  private func irreversibleRise(tip: Double) -> (value: Double, uncertainty: Double)? {
    let rises = allBranches.compactMap { branch -> (value: Double, variance: Double)? in
      // The last twentieth of the field range is long against noise and short against the approach to saturation.
      func row(below share: Double) -> Int { branch.firstRow { $0 < share * tip } }
      guard let out = slope(branch, 0..<row(below: 0.975), row(below: 0.975)..<row(below: 0.95)),
        let into = slope(branch, row(below: -0.95)..<row(below: -0.975), row(below: -0.975)..<branch.count),
        let outside = data.shear.internalSlope(out.value), let inside = data.shear.internalSlope(into.value)
      else { return nil }
      return (inside - outside, out.variance + into.variance)
    }
    guard !rises.isEmpty else { return nil }
    let count = Double(rises.count)
    let variance = rises.reduce(0) { $0 + $1.variance } / (count * count)
    return (rises.reduce(0) { $0 + $1.value } / count * 0.5 * tip, variance.squareRoot() * 0.5 * tip)
  }

  /// The slope between the means of two runs of rows with its variance; nil for fewer than 3 rows in either.
  private func slope(
    _ branch: Branch, _ upper: Range<Int>, _ lower: Range<Int>
  ) -> (value: Double, variance: Double)? {
    guard upper.count >= 3, lower.count >= 3 else { return nil }
    let (high, low) = (mean(branch, upper), mean(branch, lower))
    let distance = high.field - low.field
    guard distance > 0 else { return nil }
    let scatter = 1 / Double(upper.count) + 1 / Double(lower.count)
    return (
      (high.response - low.response) / distance,
      noise.standardDeviation * noise.standardDeviation * scatter / (distance * distance)
    )
  }

  private func mean(_ branch: Branch, _ rows: Range<Int>) -> (field: Double, response: Double) {
    let count = Double(rows.count)
    return (
      rows.reduce(0) { $0 + branch.field[$1] } / count, rows.reduce(0) { $0 + branch.response[$1] } / count
    )
  }

  /// |ΔJ| between the tips where the first branch begins and the second ends, when both are at one field.
  private func closureError() -> (value: Double, uncertainty: Double)? {
    guard allBranches.count == 2 else { return nil }
    let (first, second) = (allBranches[0], allBranches[1])
    guard let top = first.field.first, let mirrored = second.field.last,
      abs(top + mirrored) < 0.02 * top, first.count > 10, second.count > 10
    else { return nil }
    let (start, end) = (mean(first, 0..<5), mean(second, second.count - 5..<second.count))
    return (abs(start.response + end.response), noise.standardDeviation * (2.0 / 5).squareRoot())
  }

  /// A magnet's J is positive at positive saturation, and its values obey HcB ≤ Br/µ0, HcB ≤ HcJ and
  /// (BH)max ≤ Br²/(4·µ0).
  private mutating func examinePhysics() {
    for branch in allBranches where branch.reachesBack && branch.count >= 10 {
      let tip = mean(branch, 0..<5)
      if tip.response < -3 * noise.standardDeviation {
        flag(
          .reversedPolarity,
          "J is negative at \(thousands(tip.field)) kA/m: the polarity of a coil or channel is reversed, or a "
            + "diamagnetic background outweighs the specimen")
        break
      }
    }
    guard let br = properties.remanence else { return }
    let slack = 1 + 2 * br.standardUncertainty / br.value.si
    let ceiling = br.value.si * slack / magneticConstant
    var broken: [String] = []
    if let hcb = properties.coercivityHcB {
      let lowest = hcb.value.si - 2 * hcb.standardUncertainty
      if lowest > ceiling { broken.append("HcB above Br/µ0") }
      if let hcj = properties.coercivityHcJ, lowest > hcj.value.si + 2 * hcj.standardUncertainty {
        broken.append("HcB above HcJ")
      }
    }
    if let product = properties.energyProduct,
      product.value.si - 2 * product.standardUncertainty > ceiling * br.value.si * slack / 4
    {
      broken.append("(BH)max above Br²/(4µ0)")
    }
    if !broken.isEmpty {
      flag(
        .implausible, "no magnet has \(broken.joined(separator: " and ")): check polarity, units and offsets")
    }
  }

  /// Whether the curves follow the data: by both estimators where there are two, by the scatter where there is one.
  private mutating func examineMisfit() {
    let far = disagreements.filter { $0.relative > 0.005 }
    if !far.isEmpty {
      let list = far.map { "\($0.characteristic.rawValue) by \(rounded(100 * $0.relative, 2)) %" }
      flag(
        .modelMisfit,
        "the two estimators differ by more than noise explains (\(list.joined(separator: ", "))): the curve has a "
          + "form that one of them does not follow; the difference is carried as uncertainty")
      return
    }
    guard !hasLadder else { return }
    let misfits = readings.flatMap { [$0.remanence, $0.coercivityHcB, $0.coercivityHcJ, $0.energyProduct] }
      .compactMap(\.self).filter { $0.misfit > 0.01 * abs($0.value) }
    guard !misfits.isEmpty else { return }
    flag(
      .modelMisfit,
      "the fitted curves do not follow the data within their noise, as at a kink; this is carried as uncertainty"
    )
  }

  private mutating func examineConditions() {
    if let temperature = conditions.temperature {
      let celsius = temperature.value.si - 273.15
      // A measured 27.00 °C written as 300.15 K must not fall outside by rounding.
      if celsius < 19 - 1e-6 || celsius > 27 + 1e-6 {
        flag(
          .temperature,
          "measured at \(rounded(celsius, 1)) °C, outside 19–27 °C: values hold at that temperature")
      }
    } else {
      flag(.noTemperature, "no temperature in the file; state --temperature")
    }
    if conditions.circuit.value == .closed, let coercivity = properties.coercivityHcJ?.value.si,
      coercivity > 1.6e6
    {
      flag(
        .poleSaturation,
        "HcJ of \(thousands(coercivity)) kA/m in a closed circuit: above 1600 kA/m the pole pieces saturate "
          + "(IEC TR 63304); confirm in an open circuit")
    }
    if settings.budget.isDefault {
      flag(
        .defaultBudget,
        "uncertainties rest on the general budget “\(settings.budget.name)”, not on one of this instrument; "
          + "state --budget")
    }
    if settings.method == .interpolation {
      flag(.interpolation, "two-point values for comparison with instrument software")
    }
    if settings.method == .local {
      flag(
        .localOnly,
        "local estimators only, as --fast asks for: no curve was fitted to all samples, which would have checked them"
      )
    }
  }

  private mutating func examineSample() {
    examineMoment()
    guard data.hasPolarisation else { return }
    if let mass = sample.mass, let volume = sample.effectiveVolume, volume.origin != .computed {
      let density = mass.value.si / volume.value.si
      if !(1000...25000).contains(density) {
        flag(
          .implausible,
          "mass and volume give a density of \(rounded(density / 1000, 3)) g/cm³; check units and size")
      }
    }
    let top = data.response.reduce(0) { max($0, abs($1)) }
    // FeCo saturates at 2.45 T, the most of all.
    if !(0.05...2.5).contains(top) {
      flag(.implausible, "the largest polarisation is \(rounded(top, 4)) T; check units, volume and mass")
    }
    if conditions.maximumFieldAmperesPerMetre > 1.3e7 {
      flag(
        .implausible,
        "the largest field is \(thousands(conditions.maximumFieldAmperesPerMetre)) kA/m; check its unit")
    }
  }

  /// Files whose moments are in another unit than they say are found in archives: factors of 10³ and 10⁶.
  private mutating func examineMoment() {
    let top = data.channel.si.reduce(0) { max($0, abs($1)) }
    let specific: Double?
    switch data.channel {
    case .moment:
      specific = sample.mass.map { top / $0.value.si }
      // 20 A·m² is what 150 g of the strongest sintered magnet hold.
      if specific == nil, !data.hasPolarisation, top > 20 {
        flag(
          .implausible,
          "the largest moment is \(rounded(top, 1)) A·m², that of more than 150 g of NdFeB; check its unit")
      }
    case .specificMoment: specific = top
    default: specific = nil
    }
    // Iron has 218 A·m²/kg and FeCo 240; in high fields the paramagnetic rare earths reach 350 (Ho, Dy).
    if let specific, specific > 400 {
      flag(
        .implausible,
        "the largest moment is \(rounded(specific, 1)) A·m²/kg, more than any substance has; check its unit and "
          + "the mass")
    }
  }

  private mutating func examineNoise() {
    guard !branches.isEmpty else { return }
    if noise.source == .secondDifferences, branches.count == 2 {
      flag(
        .noiseFromDifferences,
        "the branches do not overlap enough to tell noise from signal; its level is that of neighbouring points"
      )
    }
    if noise.isColouredByEvenHarmonics {
      flag(
        .noBlank,
        "the noise is coloured, and what of it is slower than the loop is not seen in the loop; state --blank "
          + "with a record of the instrument without a specimen")
    }
    // For white noise the six lowest even harmonics hold a χ² of 12 degrees of freedom: 5 is far outside. The
    // offset is their zeroth; below 0.2 % of J it is every instrument's, and noise leaves σ/√(2n) of it.
    let top = data.response.reduce(0) { max($0, abs($1)) }
    let count = Double(branches.reduce(0) { $0 + $1.count })
    let offset = abs(noise.offset ?? 0)
    let isOffset = offset > 0.002 * top && offset > 5 * noise.standardDeviation / count.squareRoot()
    let isTold = data.flags.contains { $0.code == .asymmetric }
    if !isTold, isOffset || (noise.asymmetry ?? 0) > 5 {
      flag(
        .asymmetric,
        "the two branches differ by more than their noise (offset, drift or slow noise); "
          + "the difference is carried as uncertainty")
    }
  }

  /// A range that overflowed hides the largest values behind one number.
  private mutating func examineRange() {
    let response = loop.measurement.response.si
    guard let run = clippedRun(of: response, over: loop.field) else { return }
    flag(
      .clipped,
      "the response stands still at its extreme value for \(run.count) points, from "
        + "\(thousands(loop.field[run.lowerBound])) to \(thousands(loop.field[run.upperBound - 1])) kA/m: the "
        + "range overflowed; measure on a larger one")
  }

  func thousands(_ amperesPerMetre: Double) -> String { rounded(amperesPerMetre / 1000, 1) }

  /// A finite number with a fixed count of decimals.
  private func rounded(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded() / scale
    var text = "\(scaled)"
    if decimals == 0, text.hasSuffix(".0") { text.removeLast(2) }
    return text
  }
}
