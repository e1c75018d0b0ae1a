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
    let instrument = [("instrument", measurement.model), ("measured", measurement.measured)]
    var text = commentLines(instrument + sampleEntries(measurement.sample))
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
