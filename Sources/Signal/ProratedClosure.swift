// SPDX-License-Identifier: GPL-3.0-or-later

/// The linear drift that explains a closure error, about the middle of the record: error·((t − t₀)/T − ½).
///
/// `error` is what the record ends above its beginning in the same state; the result has its unit and one number
/// for each time. Zero for fewer than 2 times or when time stands still. A drift D·(t/T)² is left as
/// D·((t/T)² − t/T) and a constant, at most D/4 in the middle.
public func proratedClosure(error: Double, times: [Double]) -> [Double] {
  guard let first = times.first, let last = times.last, last > first else { return times.map { _ in 0 } }
  return times.map { error * (($0 - first) / (last - first) - 0.5) }
}
