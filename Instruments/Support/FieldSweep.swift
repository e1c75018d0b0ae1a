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

/// The fewest curves that tell a set of first-order reversal curves from recoil loops.
private let fewestReversalCurves = 10

/// Throws for first-order reversal curves, of which each begins a step further and returns to the same saturation.
///
/// The field is in A/m. Recoil loops of a magnet are no such curves: they return to zero or short of it. Nor are
/// loops that grow or are measured again.
func requireNoReversalCurves(_ field: [Double]) throws(ReadError) {
  let (low, high) = limits(of: field)
  let turns = turningPoints(of: field, low, high)
  for sign in [1.0, -1.0] {
    let (reversals, returns) = sign > 0 ? (turns.low, turns.high) : (turns.high, turns.low)
    let (deepest, largest) = sign > 0 ? (low, high) : (-high, -low)
    guard reversals.count >= fewestReversalCurves, largest > -deepest / 2,
      returns.allSatisfy({ isReturn(sign * $0, to: largest, high - low) })
    else { continue }
    let steps = zip(reversals.dropFirst(), reversals).map { $0 - $1 }
    guard steps.allSatisfy({ $0 < 0 }) || steps.allSatisfy({ $0 > 0 }) else { continue }
    throw ReadError(
      .notALoop,
      "the field turns back at \(reversals.count) points one after the other and each time returns to the same "
        + "maximum: these are first-order reversal curves, which a FORC program reads; give the rows of one loop"
    )
  }
}

private func isReturn(_ field: Double, to largest: Double, _ range: Double) -> Bool {
  field >= largest - 0.02 * range
}

/// Where the field turns back by more than 1 % of its range, which noise does not.
///
/// The walk ends where the field has failed to return to either end, as in most files that turn often.
private func turningPoints(of field: [Double], _ low: Double, _ high: Double) -> (
  low: [Double], high: [Double]
) {
  var turns: (low: [Double], high: [Double]) = ([], [])
  let range = high - low
  let least = 0.01 * range
  guard least > 0, least.isFinite, var lowest = field.first else { return turns }
  var highest = lowest
  var isRising: Bool?
  var (missesLow, missesHigh) = (false, false)
  for value in field {
    if isRising != true { lowest = min(lowest, value) }
    if isRising != false { highest = max(highest, value) }
    if isRising != true, value - lowest > least {
      if isRising == false {
        turns.low.append(lowest)
        missesLow = missesLow || !isReturn(-lowest, to: -low, range)
      }
      (isRising, highest) = (true, value)
    } else if isRising != false, highest - value > least {
      if isRising == true {
        turns.high.append(highest)
        missesHigh = missesHigh || !isReturn(highest, to: high, range)
      }
      (isRising, lowest) = (false, value)
    }
    if missesLow, missesHigh { return ([], []) }
  }
  return turns
}
