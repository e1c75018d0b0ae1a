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
  let low = field.reduce(Double.infinity, min)
  let high = field.reduce(-Double.infinity, max)
  return high - low >= 0.01 * max(abs(low), abs(high)) && high - low >= 5000 / (4 * Double.pi)
}

/// Throws for a field, in A/m, that is held.
func requireSwept(_ field: [Double]) throws(ReadError) {
  guard !isSwept(field) else { return }
  let mean = field.reduce(0) { $0 + $1 / Double(field.count) }
  throw ReadError(
    .notALoop,
    "the field stays near \(mean.rounded()) A/m: this is a measurement against temperature or time, not a loop"
  )
}
