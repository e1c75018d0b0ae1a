// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension NumberBlock {
  /// Throws for fewer rows than a loop can have; `what` says what holds them.
  func requireRows(of what: String = "the file") throws(ReadError) {
    guard count < fewestRows else { return }
    throw ReadError(
      .truncated, "\(what) has \(count) rows of numbers, and at least \(fewestRows) are needed")
  }
}

/// Whether a field, in A/m, is swept: by 1 % of its largest value and by 5 Oe at least.
///
/// A measurement against temperature or time holds its field within the noise of the magnet's supply.
func isSwept(_ field: [Double]) -> Bool {
  let (low, high) = limits(of: field)
  return high - low >= 0.01 * max(abs(low), abs(high)) && high - low >= 5 * oersted
}

/// Throws for a field, in A/m, that is held.
func requireSwept(_ field: [Double]) throws(ReadError) {
  guard !isSwept(field) else { return }
  let (low, high) = limits(of: field)
  let mean = ((low + high) / 2 / oersted).rounded()
  throw ReadError(
    .notALoop,
    "the field stays at \(mean) Oe within \(((high - low) / oersted * 10).rounded() / 10) Oe: this is a "
      + "measurement against temperature or time, not a loop")
}

/// Throws for rows that are too few for a loop, and for a field, in A/m, that is held.
func requireFieldSweep(_ field: [Double]) throws(ReadError) {
  guard field.count >= fewestRows else {
    throw ReadError(
      .truncated,
      "only \(field.count == 1 ? "1 row has" : "\(field.count) rows have") a field and a moment; the measurement was "
        + "stopped after its first points")
  }
  try requireSwept(field)
}

/// A/m.
private let oersted = 1000 / (4 * Double.pi)

private func limits(of field: [Double]) -> (low: Double, high: Double) {
  (field.reduce(Double.infinity, min), field.reduce(-Double.infinity, max))
}
