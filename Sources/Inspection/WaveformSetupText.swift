// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

/// A setup as the TOML file that `--setup` reads; keys carry their units.
public func waveformSetupText(_ setup: WaveformSetup) -> String {
  var top = TOMLLines()
  top.add("name", text: setup.name)
  top.add("circuit", text: setup.circuit.rawValue)
  top.add("sampling_interval_us", micro: setup.samplingInterval?.si)
  top.add("baseline_ms", setup.baseline.map { $0.si * 1e3 })
  top.add("mains_Hz", setup.mains?.si)
  top.add("delay_us", micro: setup.delay?.si)
  top.add("delay_uncertainty_us", micro: setup.delayUncertainty?.si)
  top.add("resistivity_uOhm_m", setup.resistivity.map { $0.si * 1e6 })
  top.add("initial_state", text: setup.initialState.rawValue)
  if !setup.switchedOff.isEmpty {
    let steps = setup.switchedOff.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ", ")
    top.lines.append("switch_off = [\(steps)]")
  }
  var tables = [top, setup.pickupTable, setup.fieldTable]
  if let compensation = setup.compensation {
    var table = TOMLLines(title: "compensation")
    table.add(compensation.channel)
    table.add("factor", compensation.factor)
    tables.append(table)
  }
  if let calibration = setup.calibration { tables.append(table(of: calibration)) }
  return tables.map { $0.lines.joined(separator: "\n") + "\n" }.joined(separator: "\n")
}

/// The lines of one table.
private struct TOMLLines {
  var lines: [String] = []

  init() {}
  init(title: String) { lines = ["[\(title)]"] }

  /// A number in a unit that is the millionth of its own; of the two ways to turn it the shorter one.
  mutating func add(_ key: String, micro number: Double?) {
    guard let number else { return }
    let ways = [number * 1e6, number / 1e-6].map { "\($0)" }
    lines.append("\(key) = \(ways.min { $0.count < $1.count } ?? ways[0])")
  }

  mutating func add(_ key: String, _ number: Double?) {
    if let number { lines.append("\(key) = \(number)") }
  }

  mutating func add(_ key: String, text: String) {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let hexadecimal = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    lines.append("\(key) = \"\(escaped)\"")
  }

  mutating func add(_ channel: WaveformSetup.Channel) {
    add("channel", text: channel.name)
    add("gain", channel.gain)
  }
}

extension WaveformSetup {
  fileprivate var pickupTable: TOMLLines {
    var table = TOMLLines(title: "pickup")
    table.add(pickupChannel)
    func addCoil(_ kind: String, turns: Double, area: Double) {
      table.add("kind", text: kind)
      table.add("turns", turns)
      table.add("coil_area_mm2", area * 1e6)
      table.add("coil_area_percent", coilAreaUncertainty * 100)
    }
    switch pickup {
    case .fluxCoil(let turns, let area): addCoil("flux-coil", turns: turns, area: area.si)
    case .compensatedCoils(let turns, let area): addCoil("compensated-coils", turns: turns, area: area.si)
    case .momentCoil(let constant):
      table.add("kind", text: "moment-coil")
      table.add("constant_T_per_A", constant)
    case .polarisation(let constant):
      table.add("kind", text: "polarisation")
      table.add("constant_T_per_V", constant)
    }
    table.add("uncertainty_percent", pickupUncertainty * 100)
    return table
  }

  fileprivate var fieldTable: TOMLLines {
    var table = TOMLLines(title: "field")
    table.add(fieldChannel)
    switch field {
    case .coil(let areaTurns):
      table.add("kind", text: "coil")
      table.add("area_turns_mm2", areaTurns.si * 1e6)
    case .probe(let constant, let unit):
      table.add("kind", text: "probe")
      table.add(unit == .ampere ? "constant_A_per_m_per_A" : "constant_A_per_m_per_V", constant)
    }
    table.add("uncertainty_percent", fieldUncertainty * 100)
    return table
  }
}

private func table(of calibration: WaveformSetup.Calibration) -> TOMLLines {
  var table = TOMLLines(title: "calibration")
  table.add("polarisation_T", calibration.polarisation.si)
  table.add("field_kA_per_m", calibration.field.si / 1e3)
  table.add("uncertainty_percent", calibration.relativeUncertainty * 100)
  let sample = calibration.sample
  if let shape = sample.shape?.value {
    table.add("shape", text: shape.name)
    table.add("size", text: sizeText(of: shape))
  }
  if let volume = sample.volume { table.add("volume", text: "\(volume.value.si * 1e9)mm3") }
  return table
}

/// The size as `--size` reads it: lengths along the field last, of a cylinder the length before the diameter.
private func sizeText(of shape: Shape) -> String {
  let lengths = shape.lengths.map { "\($0 * 1e3)" }
  if case .cylinder = shape { return lengths.reversed().joined(separator: "x") + "mm" }
  return lengths.joined(separator: "x") + "mm"
}
