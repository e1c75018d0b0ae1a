// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities
internal import TOMLText

extension WaveformSetup {
  /// A setup from TOML text; `source` names it in errors.
  ///
  /// Numbers have their unit in the name of their key. Throws one sentence that names the key.
  public init(toml: String, name source: String) throws(InputError) {
    let text: SetupText
    do { text = try decodeTOML(SetupText.self, from: toml) } catch {
      throw InputError("setup “\(source)”: \(error)")
    }
    self = try text.setup(place: "setup “\(source)”")
  }

  /// A setup from a TOML file.
  public init(file path: String) throws(InputError) {
    try self.init(toml: readSettingsText(path), name: path)
  }
}

/// The file as it is written.
private struct SetupText: Decodable {
  struct Channel: Decodable {
    var channel: String
    var gain: TOMLNumber?
    var kind: String
    var turns: TOMLNumber?
    var coil_area_mm2: TOMLNumber?
    var coil_area_percent: TOMLNumber?
    var constant_T_per_A: TOMLNumber?
    var constant_T_per_V: TOMLNumber?
    var area_turns_mm2: TOMLNumber?
    var constant_A_per_m_per_V: TOMLNumber?
    var constant_A_per_m_per_A: TOMLNumber?
    var uncertainty_percent: TOMLNumber
  }
  struct Compensation: Decodable {
    var channel: String
    var gain: TOMLNumber?
    var factor: TOMLNumber
  }
  struct Calibration: Decodable {
    var polarisation_T: TOMLNumber
    var field_kA_per_m: TOMLNumber
    var uncertainty_percent: TOMLNumber
    var shape: String?
    var size: String?
    var volume: String?
  }
  var name: String
  var circuit: String?
  var sampling_interval_us: TOMLNumber?
  var baseline_ms: TOMLNumber?
  var mains_Hz: TOMLNumber?
  var delay_us: TOMLNumber?
  var delay_uncertainty_us: TOMLNumber?
  var resistivity_uOhm_m: TOMLNumber?
  var initial_state: String?
  var switch_off: [String]?
  var pickup: Channel
  var field: Channel
  var compensation: Compensation?
  var calibration: Calibration?
}

extension SetupText {
  func setup(place: String) throws(InputError) -> WaveformSetup {
    let pickupPlace = "\(place), [pickup]"
    let fieldPlace = "\(place), [field]"
    var setup = WaveformSetup(
      name: name, pickupChannel: try pickup.named(pickupPlace), pickup: try pickup.pickup(pickupPlace),
      pickupUncertainty: try pickup.uncertainty(pickupPlace), fieldChannel: try field.named(fieldPlace),
      field: try field.sensor(fieldPlace), fieldUncertainty: try field.uncertainty(fieldPlace))
    setup.coilAreaUncertainty =
      0.01 * (try positive(pickup.coil_area_percent, "coil_area_percent", pickupPlace, orZero: true) ?? 0)
    setup.circuit = try word(circuit, "circuit", place) ?? .open
    setup.initialState = try word(initial_state, "initial_state", place) ?? .unknown
    setup.samplingInterval = try positive(sampling_interval_us, "sampling_interval_us", place)
      .map { Quantity(si: 1e-6 * $0) }
    setup.baseline = try positive(baseline_ms, "baseline_ms", place).map { Quantity(si: 1e-3 * $0) }
    setup.mains = try positive(mains_Hz, "mains_Hz", place).map { Quantity(si: $0) }
    if let mains = setup.mains?.si, !(16...70).contains(mains) {
      throw InputError("\(place): mains_Hz = \(mains) is no mains frequency")
    }
    setup.resistivity = try positive(resistivity_uOhm_m, "resistivity_uOhm_m", place)
      .map { Quantity(si: 1e-6 * $0) }
    if let delay_us {
      guard let u = try positive(delay_uncertainty_us, "delay_uncertainty_us", place, orZero: true) else {
        throw InputError("\(place): delay_us needs delay_uncertainty_us")
      }
      guard abs(delay_us.value) <= 1e6 else {
        throw InputError("\(place): delay_us = \(delay_us.value) is more than a second")
      }
      setup.delay = Quantity(si: 1e-6 * delay_us.value)
      setup.delayUncertainty = Quantity(si: 1e-6 * u)
    } else if delay_uncertainty_us != nil {
      throw InputError("\(place): delay_uncertainty_us needs delay_us")
    }
    if let compensation {
      let place = "\(place), [compensation]"
      guard abs(compensation.factor.value) <= 1e9 else {
        throw InputError("\(place): factor = \(compensation.factor.value) is no factor between two coils")
      }
      setup.compensation = .init(
        channel: .init(compensation.channel, gain: try checkedGain(compensation.gain, place)),
        factor: compensation.factor.value)
    }
    for id in switch_off ?? [] {
      guard let step = WaveformSetup.Step(rawValue: id) else {
        throw InputError(
          "\(place): switch_off names “\(id)”, which is not one of "
            + WaveformSetup.Step.allCases.map(\.rawValue).joined(separator: ", "))
      }
      setup.switchedOff.insert(step)
    }
    setup.calibration = try calibration?.calibration("\(place), [calibration]")
    return setup
  }

  private func word<Word: RawRepresentable & CaseIterable>(
    _ text: String?, _ key: String, _ place: String
  ) throws(InputError) -> Word? where Word.RawValue == String {
    guard let text else { return nil }
    guard let word = Word(rawValue: text) else {
      throw InputError(
        "\(place): \(key) = “\(text)” is not one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return word
  }
}

/// A number above zero, and below what no coil has; nil when it is not there.
private func positive(
  _ number: TOMLNumber?, _ key: String, _ place: String, orZero: Bool = false
) throws(InputError) -> Double? {
  guard let value = number?.value else { return nil }
  guard value > 0 || (orZero && value == 0), value <= 1e15, value == 0 || value >= 1e-15 else {
    throw InputError("\(place): \(key) = \(value) is not a number above zero")
  }
  return value
}

/// A gain that is there or 1.
private func checkedGain(_ number: TOMLNumber?, _ place: String) throws(InputError) -> Double {
  let gain = number?.value ?? 1
  guard abs(gain) <= 1e9, abs(gain) >= 1e-9 else {
    throw InputError("\(place): gain = \(gain) is not a gain")
  }
  return gain
}

extension SetupText.Channel {
  func named(_ place: String) throws(InputError) -> WaveformSetup.Channel {
    .init(channel, gain: try checkedGain(gain, place))
  }

  func uncertainty(_ place: String) throws(InputError) -> Double {
    guard (0...100).contains(uncertainty_percent.value) else {
      throw InputError("\(place): uncertainty_percent = \(uncertainty_percent.value) is not from 0 to 100")
    }
    return uncertainty_percent.value / 100
  }

  /// Every key beside `channel`, `kind`, `gain` and `uncertainty_percent` that is there.
  private var given: [(key: String, value: TOMLNumber)] {
    let all: [(String, TOMLNumber?)] = [
      ("turns", turns), ("coil_area_mm2", coil_area_mm2), ("coil_area_percent", coil_area_percent),
      ("constant_T_per_A", constant_T_per_A), ("constant_T_per_V", constant_T_per_V),
      ("area_turns_mm2", area_turns_mm2), ("constant_A_per_m_per_V", constant_A_per_m_per_V),
      ("constant_A_per_m_per_A", constant_A_per_m_per_A),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }

  /// The values of `keys`, all above zero; throws when one is missing or another is there.
  private func values(_ keys: [String], optional: [String] = [], _ place: String) throws(InputError)
    -> [Double]
  {
    if let stranger = given.first(where: { !(keys + optional).contains($0.key) }) {
      throw InputError("\(place): \(stranger.key) does not belong to kind “\(kind)”")
    }
    var values: [Double] = []
    for key in keys {
      guard let value = try positive(given.first(where: { $0.key == key })?.value, key, place) else {
        throw InputError("\(place): kind “\(kind)” needs \(keys.joined(separator: " and "))")
      }
      values.append(value)
    }
    return values
  }

  func pickup(_ place: String) throws(InputError) -> WaveformSetup.Pickup {
    switch kind {
    case "flux-coil", "compensated-coils":
      let values = try values(["turns", "coil_area_mm2"], optional: ["coil_area_percent"], place)
      let area = Quantity<Area>(si: 1e-6 * values[1])
      return kind == "flux-coil"
        ? .fluxCoil(turns: values[0], coilArea: area) : .compensatedCoils(turns: values[0], coilArea: area)
    case "moment-coil": return .momentCoil(constant: try values(["constant_T_per_A"], place)[0])
    case "polarisation": return .polarisation(constant: try values(["constant_T_per_V"], place)[0])
    default:
      throw InputError(
        "\(place): kind = “\(kind)” is not one of flux-coil, compensated-coils, moment-coil, polarisation")
    }
  }

  func sensor(_ place: String) throws(InputError) -> WaveformSetup.Field {
    switch kind {
    case "coil":
      return .coil(areaTurns: Quantity(si: 1e-6 * (try values(["area_turns_mm2"], place)[0])))
    case "probe":
      let key = constant_A_per_m_per_A == nil ? "constant_A_per_m_per_V" : "constant_A_per_m_per_A"
      return .probe(
        constant: try values([key], place)[0], unit: constant_A_per_m_per_A == nil ? .volt : .ampere)
    default: throw InputError("\(place): kind = “\(kind)” is neither coil nor probe")
    }
  }
}

extension SetupText.Calibration {
  func calibration(_ place: String) throws(InputError) -> WaveformSetup.Calibration {
    guard polarisation_T.value != 0, abs(polarisation_T.value) < 10 else {
      throw InputError("\(place): polarisation_T = \(polarisation_T.value) is no polarisation")
    }
    guard abs(field_kA_per_m.value) <= 1e6 else {
      throw InputError("\(place): field_kA_per_m = \(field_kA_per_m.value) is not from -1e6 to 1e6")
    }
    guard (0...100).contains(uncertainty_percent.value) else {
      throw InputError("\(place): uncertainty_percent = \(uncertainty_percent.value) is not from 0 to 100")
    }
    let words = ["shape": shape, "size": size, "volume": volume].compactMapValues(\.self)
    let sample: Sample
    do { sample = try StatedSample(words).sample() } catch {
      throw InputError("\(place): \(error.description)")
    }
    return .init(
      polarisation: Quantity(si: polarisation_T.value), field: Quantity(si: 1e3 * field_kA_per_m.value),
      relativeUncertainty: uncertainty_percent.value / 100, sample: sample)
  }
}
