// SPDX-License-Identifier: GPL-3.0-or-later

/// Where a series stands still at its largest or smallest value while the abscissa moves on, as a range that
/// overflowed leaves it; nil when it does not.
///
/// At least 5 samples, exactly equal, over at least 3.5 of the usual steps of `x`, three times longer than any run of
/// equal samples elsewhere (a coarse converter has those, too), with a step to a neighbour that is more than
/// rounding (a curve that saturates creeps up to its limit). Both series have equal counts.
public func clippedRun(of series: [Double], over x: [Double]) -> Range<Int>? {
  precondition(series.count == x.count, "\(x.count) abscissas for \(series.count) ordinates")
  guard let lowest = series.min(), let highest = series.max(), highest > lowest else { return nil }
  let step = median(zip(x, x.dropFirst()).map { abs($1 - $0) }) ?? 0
  var longest: Range<Int>?
  var elsewhere = 1
  var start = 0
  for end in 1...series.count where end == series.count || series[end] != series[start] {
    let run = start..<end
    start = end
    let value = series[run.lowerBound]
    guard value == lowest || value == highest else {
      elsewhere = max(elsewhere, run.count)
      continue
    }
    let inside = x[run]
    let way = zip(inside, inside.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
    let span = (inside.max() ?? 0) - (inside.min() ?? 0)
    // Noise goes a long way within a small span; a sweep out and back goes twice its span.
    guard run.count >= 5, span >= 3.5 * step, span > 0.3 * way else { continue }
    let neighbours = [run.lowerBound - 1, run.upperBound].filter(series.indices.contains)
    guard neighbours.contains(where: { abs(series[$0] - value) > 1e-7 * (highest - lowest) }) else {
      continue
    }
    if run.count > longest?.count ?? 0 { longest = run }
  }
  return longest.flatMap { $0.count >= 3 * elsewhere ? $0 : nil }
}
