// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension Table {
  /// Writes a measurement as comma-separated text in SI, every number so that it reads back as the same double.
  @Sendable static func write(_ measurement: LoopMeasurement) throws(ReadError) -> [UInt8] {
    var columns = [(fieldName(measurement), measurement.field.amperesPerMetre)]
    if case .internal(let inner)? = measurement.processed?.field, case .applied = measurement.field {
      columns.append(("H_internal (A/m)", inner.si))
    }
    columns.append((responseName(measurement.response), measurement.response.si))
    if let temperature = measurement.temperature { columns.append(("Temperature (K)", temperature.si)) }
    if let time = measurement.time { columns.append(("Time (s)", time.si)) }

    for (name, numbers) in columns {
      if let row = numbers.firstIndex(where: { !$0.isFinite }) {
        throw ReadError(
          .malformed, "row \(row) holds \(numbers[row]), which a table cannot hold", column: name)
      }
    }
    var text = ""
    for (key, value) in header(measurement) {
      // A line end inside a value would start a line of its own.
      text += "# \(key): \(String(value.map { $0.isNewline ? " " : $0 }))\n"
    }
    text += columns.map(\.0).joined(separator: ",") + "\n"
    var bytes = Array(text.utf8)
    for row in 0..<measurement.count {
      for (index, column) in columns.enumerated() {
        if index > 0 { bytes.append(Byte.comma) }
        bytes += "\(column.1[row])".utf8
      }
      bytes.append(Byte.lineFeed)
    }
    return bytes
  }

  private static func header(_ measurement: LoopMeasurement) -> [(String, String)] {
    let sample = measurement.sample
    var entries: [(String, String?)] = [
      ("instrument", measurement.model), ("measured", measurement.measured), ("sample", sample.id?.value),
      ("lot", sample.lot?.value), ("material", sample.material?.value),
      ("mass", sample.mass.map { exactText([$0.value.si], ["mg", "g", "kg"]) }),
      ("density", sample.density.map { exactText([$0.value.si], ["g/cm3", "kg/m3"]) }),
      ("volume", sample.volume.map { exactText([$0.value.si], ["mm3", "cm3", "m3"]) }),
      ("temperature", sample.temperature.map { exactText([$0.value.si], ["K"]) }),
    ]
    if let shape = sample.shape?.value {
      entries += [("shape", shape.name), ("size", exactText(shape.lengths, ["mm", "m"]))]
    }
    entries.append(("circuit", sample.circuit?.value.rawValue))
    return entries.compactMap { key, value in value.map { (key, $0) } }
  }

  /// Numbers in the first of the units in which all of them read back as the same double; the last is coherent.
  private static func exactText(_ si: [Double], _ words: [String]) -> String {
    var text = ""
    for word in words {
      guard let unit = UnitOfMeasure(word: word) else { continue }
      let values = si.map { unit.value(ofSI: $0) }
      text = values.map { "\($0)" }.joined(separator: "x") + " " + word
      if zip(values, si).allSatisfy({ unit.si($0) == $1 }) { break }
    }
    return text
  }

  /// `H` where the reader takes it for what it is, else a name that says so.
  private static func fieldName(_ measurement: LoopMeasurement) -> String {
    guard case .internal = measurement.field else { return "H_applied (A/m)" }
    switch measurement.response {
    case .moment, .specificMoment: return "H_internal (A/m)"
    default: return measurement.sample.circuit?.value == .open ? "H_internal (A/m)" : "H (A/m)"
    }
  }

  private static func responseName(_ response: ResponseChannel) -> String {
    switch response {
    case .moment: "Moment (A m2)"
    case .specificMoment: "Specific moment (A m2/kg)"
    case .magnetisation: "M (A/m)"
    case .polarisation: "J (T)"
    case .fluxDensity: "B (T)"
    }
  }
}
