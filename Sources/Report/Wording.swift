// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Measurements
internal import Quantities

extension Conformity {
  /// The result in words.
  var words: String {
    switch self {
    case .pass: "pass"
    case .conditionalPass: "conditional pass"
    case .conditionalFail: "conditional fail"
    case .fail: "fail"
    case .undetermined: "undetermined"
    }
  }
}

/// A temperature in K as people read it, in °C with one decimal.
func celsius(_ kelvin: Double) -> String { "\(fixedText(kelvin - 273.15, decimals: 1)) °C" }

extension LimitSide {
  /// The relation that conforming values have to the limit.
  var sign: String { self == .minimum ? "≥" : "≤" }
}

extension Origin {
  /// The origin in words.
  var words: String {
    switch self {
    case .user: "as given"
    case .header: "from the file header"
    case .data: "from the data"
    case .computed: "computed"
    case .assumed: "assumed"
    }
  }
}

extension Flag.Code {
  /// Why a characteristic is absent, in a few words.
  var words: String {
    switch self {
    case .unsaturated: "the largest field did not saturate the specimen"
    case .undersampled: "too few points where the magnet switches"
    case .incompleteHcJ: "the data end before J = 0"
    case .incompleteHcB: "the data end before B = 0"
    case .incompleteHk: "the data do not reach the knee"
    case .noRecoilLoop: "the data hold no recoil loop"
    case .incompleteBHmax: "the data do not enclose the maximum of −B·H"
    case .incompleteBr: "the data do not reach H = 0"
    case .remanenceExtrapolated: "extrapolated from negative fields"
    case .poleSaturation: "the pole pieces saturate"
    case .temperature: "the temperature is outside 19–27 °C"
    case .temperatureReduction: "it could not be reduced to the reference temperature"
    case .noTemperature: "the temperature is not known"
    case .singleBranch: "only one branch was measured"
    case .secondQuadrantOnly: "only the second quadrant was measured"
    case .initialOnly: "only an initial curve was measured"
    case .multipleCrossings: "J crosses zero more than once"
    case .fromFluxDensity: "J was computed from B"
    case .noVolume: "the volume is not known"
    case .noDemagnetisation: "self-demagnetisation was not corrected"
    case .implausible: "the numbers cannot be those of a magnet"
    case .reversedPolarity: "J is negative at positive saturation"
    case .modelMisfit: "the fitted curve does not follow the data"
    case .asymmetric: "the branches disagree"
    case .instrumentDiffers: "differs from the instrument's own values"
    case .centred: "offsets were taken out"
    case .driftCorrected: "a drift was taken out"
    case .clipped: "the range of the response overflowed"
    case .noSaturationFit: "the approach to saturation cannot be fitted"
    case .despiked: "field values were replaced"
    case .defaultBudget: "the uncertainty budget is a default"
    case .noiseFromDifferences: "the noise was estimated from single points"
    case .noBlank: "the noise is coloured and there is no blank record"
    case .shortBlank: "the blank record is short"
    case .sweepRate: "magnetic viscosity is part of the value"
    case .eddyCurrents: "eddy currents were not evaluated"
    case .noEmptyShot: "no empty shot was subtracted"
    case .delayUnknown: "the delay of the pickup is not known"
    case .initialState: "the state before the shot is in doubt"
    case .mainsHum: "mains hum was not taken out"
    case .sparse: "too few points for polynomials"
    case .interpolation: "conventional two-point value"
    case .localOnly: "no curve was fitted to all samples"
    case .rateDependent: "the value depends on the rate of the field"
    }
  }
}

extension MetGrade {
  /// The grade with what limits its meaning: `N42 (conditional pass, limits unchecked)`.
  func words(withNotLimited: Bool) -> String {
    var remarks: [String] = []
    if result != .pass { remarks.append(result.words) }
    if confidence == "unchecked" { remarks.append("limits unchecked") }
    if withNotLimited, !notLimited.isEmpty { remarks.append("no limit of \(notLimited.listed)") }
    return remarks.isEmpty ? name : "\(name) (\(remarks.joined(separator: ", ")))"
  }
}

extension Verdict {
  /// The rule with its guard band: `rule ilac-g8, guard band w = 1·U`.
  var ruleWords: String {
    rule == "simple" ? "rule simple, no guard band" : "rule \(rule), guard band w = \(shortText(guardBand))·U"
  }

  /// The table with its edition and how far it can be trusted.
  var tableWords: String { "table \(table), edition \(edition), limits \(confidence)" }
}

extension LoopAnalysis {
  /// The conditions, and the blank record if there is one, as short texts with their names.
  func conditionWords(_ units: DisplayUnits) -> [(name: String, text: String)] {
    conditions.words(units) + (blank.map { [("blank record", printable($0.name))] } ?? [])
  }
}

extension Conditions {
  /// The conditions as short texts with their names.
  func words(_ units: DisplayUnits) -> [(name: String, text: String)] {
    var rows: [(String, String)] = []
    if let temperature {
      rows.append(
        (
          "temperature",
          "\(celsius(temperature.value.si)) (\(temperature.origin.words))"
        ))
    } else {
      rows.append(("temperature", "not known"))
    }
    rows.append(("circuit", "\(circuit.value.rawValue) (\(circuit.origin.words))"))
    if let factor = demagnetisingFactor {
      rows.append(
        ("demagnetising factor", "N = \(shortText(factor.value.si, significant: 5)) (\(factor.origin.words))")
      )
    } else {
      rows.append(("demagnetising factor", "none applied"))
    }
    let unit = DisplayUnit.field(units)
    rows.append(
      (
        "field",
        "\(fieldIsInternal ? "internal" : "applied"), largest "
          + "\(shortText(unit.value(maximumFieldAmperesPerMetre), significant: 5)) \(unit.symbol)"
      ))
    if let sweepRate {
      let perMillisecond = shortText(unit.value(sweepRate / 1000), significant: 4)
      rows.append(("rate at J = 0", "\(perMillisecond) \(unit.symbol) in 1 ms"))
    }
    return rows
  }
}

extension Sample {
  /// What is known of the specimen's body, as short texts with their names.
  var words: [(name: String, text: String)] {
    var rows: [(String, String)] = []
    if let material { rows.append(("material", printable(material.value))) }
    if let shape {
      let lengths = shape.value.lengths.map { shortText($0 * 1e3, significant: 5) }
      rows.append(
        ("shape", "\(shape.value.name) \(lengths.joined(separator: " × ")) mm (\(shape.origin.words))"))
    }
    if let mass {
      rows.append(("mass", "\(shortText(mass.value.si * 1e6, significant: 6)) mg (\(mass.origin.words))"))
    }
    if let density {
      rows.append(
        ("density", "\(shortText(density.value.si / 1e3, significant: 5)) g/cm³ (\(density.origin.words))"))
    }
    if let volume = effectiveVolume {
      rows.append(
        ("volume", "\(shortText(volume.value.si * 1e9, significant: 5)) mm³ (\(volume.origin.words))"))
    }
    return rows
  }
}

extension AppliedCorrection {
  /// The correction with its parameters: `field-smoothing: window 5, step 120 A/m`.
  var words: String {
    let parts = parameters.map { parameter in
      let unit = parameter.unit.forPeople
      return "\(parameter.name) \(shortText(parameter.value))" + (unit.isEmpty ? "" : " \(unit)")
    }
    return parts.isEmpty ? id : "\(id): \(parts.joined(separator: ", "))"
  }
}

extension ReportedSource {
  /// The instrument with its model and the time of the measurement.
  var instrumentWords: String {
    var text = instrument ?? "not recognised"
    if let model, !model.isEmpty { text += " (\(printable(model)))" }
    if let measured, !measured.isEmpty {
      text += ", measured " + printable(measured.split(separator: "T", maxSplits: 1).joined(separator: " "))
    }
    return text
  }
}
