// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// Throws for rows that are too few for a loop, and for those of a measurement in which the field stands still.
///
/// Takes the field in A/m. A temperature series holds its field within the noise of the magnet's supply: less than
/// 1 % of the largest field, or less than 5 Oe.
func requireFieldSweep(_ field: [Double]) throws(ReadError) {
  guard field.count >= fewestRows else {
    throw ReadError(
      .truncated,
      "only \(field.count == 1 ? "1 row has" : "\(field.count) rows have") a field and a moment; the measurement was "
        + "stopped after its first points")
  }
  let oersted = 1000 / (4 * Double.pi)
  let low = field.reduce(Double.infinity, min)
  let high = field.reduce(-Double.infinity, max)
  guard high - low >= 0.01 * max(abs(low), abs(high)), high - low >= 5 * oersted else {
    let mean = ((low + high) / 2 / oersted).rounded()
    throw ReadError(
      .notALoop,
      "the field stays at \(mean) Oe within \(((high - low) / oersted * 10).rounded() / 10) Oe: this is a "
        + "measurement against temperature or time, not a loop")
  }
}
