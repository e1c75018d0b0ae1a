// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Whether a specimen in a magnetometer can be as warm: ovens end at 1000 °C.
func isPhysicalTemperature(_ kelvin: Double) -> Bool { kelvin > 0 && kelvin <= 1300 }

/// The temperatures of the rows, or nil with a note when one of them is missing or none that a specimen can have.
///
/// Instruments without a sensor write what the open input gives: −300 °C, −273.15 °C or 1700 K. A column without
/// any number was not measured, which needs no note.
func specimenTemperatures(
  _ kelvin: [Double], lines: [Int], column: String, _ notes: inout [ReadingNote]
) -> Series<Temperature>? {
  guard let row = kelvin.firstIndex(where: { !isPhysicalTemperature($0) }) else { return Series(si: kelvin) }
  guard kelvin.contains(where: { !$0.isNaN }) else { return nil }
  let found =
    kelvin[row].isNaN ? "no temperature" : "\((kelvin[row] * 100).rounded() / 100) K, as without a sensor"
  notes.append(
    ReadingNote(
      code: "temperature-not-physical", message: "“\(column)” is not used: line \(lines[row]) holds \(found)")
  )
  return nil
}

/// A temperature of a header; nil with a note when it is none that a specimen can have.
func specimenTemperature(
  _ kelvin: Double, _ key: String, _ text: String, _ notes: inout [ReadingNote]
) -> Sourced<Quantity<Temperature>>? {
  guard isPhysicalTemperature(kelvin) else {
    notes.append(
      ReadingNote(
        code: "temperature-not-physical",
        message: "\(key) “\(text)” is no temperature of a specimen, as without a sensor, and was not used"))
    return nil
  }
  return Sourced(Quantity(si: kelvin), .header)
}

/// Whether a temperature, in K, is swept: by more than it drifts while a loop is measured.
func isSweptTemperature(_ kelvin: [Double]) -> Bool {
  let low = kelvin.reduce(Double.infinity, min)
  return kelvin.reduce(-Double.infinity, max) - low >= 5
}
