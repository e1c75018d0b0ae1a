// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Looks for everything about a loop that limits what its numbers may be used for.
struct LoopQuality {
  let loop: SeparatedLoop
  let data: ConditionedData
  let sample: Sample
  let branches: [Branch]
  let pilots: [Pilot]
  let noise: NoiseLevel
  let readings: [BranchReadings]
  let properties: MagnetProperties
  let conditions: Conditions
  let settings: AnalysisSettings
  let isSparse: Bool

  private(set) var flags: [Flag] = []
  private(set) var absences: [Absence] = []

  init(
    loop: SeparatedLoop, data: ConditionedData, sample: Sample, branches: [Branch], pilots: [Pilot],
    noise: NoiseLevel, readings: [BranchReadings], properties: MagnetProperties, conditions: Conditions,
    settings: AnalysisSettings, isSparse: Bool
  ) {
    self.loop = loop
    self.data = data
    self.sample = sample
    self.branches = branches
    self.pilots = pilots
    self.noise = noise
    self.readings = readings
    self.properties = properties
    self.conditions = conditions
    self.settings = settings
    self.isSparse = isSparse
  }

  mutating func examine() {
    examineExtent()
    examineSampling()
    examineSaturation()
    examineConditions()
    examineSample()
    examineNoise()
    collectAbsences()
  }

  private mutating func flag(_ code: Flag.Code, _ message: String) { flags.append(Flag(code, message)) }

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
        "J crosses zero more than once on a branch: a soft or diamagnetic background, so no HcJ is given")
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

  /// What one loop can tell of saturation (metrology of magcert, 4.15).
  private mutating func examineSaturation() {
    guard let remanence = properties.remanence?.value.si, remanence > 0 else { return }
    let coercivities = readings.compactMap(\.coercivityHcJ?.value)
    var reasons: [String] = []
    if coercivities.count == 2, let low = coercivities.min(), let high = coercivities.max() {
      let difference = (high - low) / (0.5 * (high + low))
      if difference > 0.02 {
        reasons.append("the two coercivities differ by \(rounded(100 * difference, 1)) %")
      }
    }
    let tip = branches.compactMap(\.field.first).min() ?? 0
    if let coercivity = coercivities.max(), tip > 0.1 * coercivity {
      if tip < 1.1 * coercivity {
        reasons.append(
          "the largest field, \(thousands(tip)) kA/m, is not 1.1 times HcJ, \(thousands(coercivity)) kA/m")
      } else if let gain = expectedGain(tip: tip), gain > 0.01 * remanence {
        reasons.append(
          "J still rises at the largest field: half as much again would add "
            + "\(rounded(100 * gain / remanence, 1)) % of Br")
      }
    }
    if let closure = closureError(), closure > 0.01 * remanence {
      reasons.append("the loop does not close by \(rounded(100 * closure / remanence, 1)) % of Br")
    }
    if !reasons.isEmpty {
      flag(.unsaturated, "not shown to be saturated: " + reasons.joined(separator: "; "))
    }
  }

  /// The irreversible rise of J over another half of the largest field, at the slope that the tip still has.
  private func expectedGain(tip: Double) -> Double? {
    guard let recoil = properties.recoilPermeability?.value.si else { return nil }
    let slopes = branches.compactMap { branch -> Double? in
      // A twentieth of the field range is long against noise and short against the approach to saturation.
      let near = branch.firstRow { $0 < 0.95 * tip }
      let far = branch.firstRow { $0 < 0.9 * tip }
      guard near >= 3, far - near >= 3 else { return nil }
      let upper = mean(branch, 0..<near)
      let lower = mean(branch, near..<far)
      guard upper.field > lower.field else { return nil }
      let slope = (upper.response - lower.response) / (upper.field - lower.field)
      return data.shear.internalSlope(slope)
    }
    guard !slopes.isEmpty else { return nil }
    let slope = slopes.reduce(0, +) / Double(slopes.count)
    return (slope - magneticConstant * (recoil - 1)) * 0.5 * tip
  }

  private func mean(_ branch: Branch, _ rows: Range<Int>) -> (field: Double, response: Double) {
    let count = Double(rows.count)
    return (
      rows.reduce(0) { $0 + branch.field[$1] } / count, rows.reduce(0) { $0 + branch.response[$1] } / count
    )
  }

  /// |ΔJ| between the tips where the first branch begins and the second ends, when both are at one field.
  private func closureError() -> Double? {
    guard branches.count == 2 else { return nil }
    let (first, second) = (branches[0], branches[1])
    guard let top = first.field.first, let mirrored = second.field.last,
      abs(top + mirrored) < 0.02 * top, first.count > 10, second.count > 10
    else { return nil }
    return abs(first.response[0] + (second.response.last ?? 0))
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
  }

  private mutating func examineSample() {
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
    if !(0.05...2.5).contains(top) {
      flag(.implausible, "the largest polarisation is \(rounded(top, 4)) T; check units, volume and mass")
    }
    if conditions.maximumFieldAmperesPerMetre > 1.3e7 {
      flag(
        .implausible,
        "the largest field is \(thousands(conditions.maximumFieldAmperesPerMetre)) kA/m; check its unit")
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
    // For white noise the six lowest even harmonics hold a χ² of 12 degrees of freedom: 5 is far outside. The
    // offset is their zeroth; below 0.2 % of J it is every instrument's, and noise leaves σ/√(2n) of it.
    let top = data.response.reduce(0) { max($0, abs($1)) }
    let count = Double(branches.reduce(0) { $0 + $1.count })
    let offset = abs(noise.offset ?? 0)
    let isOffset = offset > 0.002 * top && offset > 5 * noise.standardDeviation / count.squareRoot()
    if isOffset || (noise.asymmetry ?? 0) > 5 {
      flag(
        .asymmetric,
        "the two branches differ by more than their noise (offset, drift or slow noise); "
          + "the difference is carried as uncertainty")
    }
  }

  private mutating func collectAbsences() {
    let has = Set(properties.estimates().map(\.characteristic))
    func absent(_ characteristic: Characteristic, _ reason: Flag.Code, bound: Double? = nil) {
      guard !has.contains(characteristic) else { return }
      absences.append(Absence(characteristic, reason, lowerBound: bound))
    }
    guard data.hasPolarisation else {
      for characteristic: Characteristic in [
        .remanence, .coercivityHcB, .energyProduct, .kneeField, .squareness, .recoilPermeability,
        .maximumPolarisation,
      ] {
        absent(characteristic, .noVolume)
      }
      let reason: Flag.Code = pilots.contains { $0.crossings > 1 } ? .multipleCrossings : .incompleteHcJ
      absent(.coercivityHcJ, reason)
      return
    }
    guard !branches.isEmpty else {
      for characteristic: Characteristic in [
        .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField, .squareness,
      ] { absent(characteristic, .initialOnly) }
      return
    }
    let reached =
      branches.map { branch in
        -data.shear.internalField(branch.field.last ?? 0, branch.response.last ?? 0)
      }.min() ?? 0
    let bound = reached > 0 && reached.isFinite ? reached : nil
    absent(.remanence, .incompleteBr)
    let several = pilots.contains { $0.crossings > 1 }
    absent(.coercivityHcJ, several ? .multipleCrossings : .incompleteHcJ, bound: several ? nil : bound)
    absent(.coercivityHcB, .incompleteHcB, bound: bound)
    absent(.energyProduct, .incompleteBHmax)
    absent(.kneeField, properties.remanence == nil ? .incompleteBr : .incompleteHk, bound: bound)
    let cause = absences.last { $0.characteristic == .coercivityHcJ || $0.characteristic == .kneeField }
    absent(.squareness, cause?.reason ?? .incompleteHk)
    let missing = Set(absences.map(\.reason))
    if missing.contains(.incompleteHcJ) {
      flag(
        .incompleteHcJ, "the data end at \(thousands(-reached)) kA/m, before J = 0: HcJ is larger than that")
    }
    if missing.contains(.incompleteHcB) {
      flag(
        .incompleteHcB, "the data end at \(thousands(-reached)) kA/m, before B = 0: HcB is larger than that")
    }
    if missing.contains(.incompleteHk), !missing.contains(.incompleteHcJ) {
      flag(.incompleteHk, "J = 0.90·Br is not reached within the data")
    }
    if missing.contains(.incompleteBHmax) {
      flag(.incompleteBHmax, "the maximum of −B·H is not bracketed by data")
    }
    if missing.contains(.incompleteBr) {
      flag(
        .incompleteBr, "the data do not reach zero internal field, so Br and all that rests on it is missing")
    }
  }

  private func thousands(_ amperesPerMetre: Double) -> String { rounded(amperesPerMetre / 1000, 1) }

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
