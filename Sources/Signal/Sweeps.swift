// SPDX-License-Identifier: GPL-3.0-or-later

/// The series with single values far off their neighbourhood replaced, and where they were.
///
/// A value is far off when it differs from the median of five by more than 8 times the median absolute
/// deviation of all, more than 6 times the series' noise, and more than twice the step that the neighbourhood
/// takes; a sweep's own reversal is not, because two steps are the farthest that the median of five lies from it.
public func despiked(_ series: [Double]) -> (series: [Double], replaced: [Int]) {
  guard series.count >= 5 else { return (series, []) }
  let inner = 2..<series.count - 2
  let medians = inner.map {
    median(series[$0 - 2], series[$0 - 1], series[$0], series[$0 + 1], series[$0 + 2])
  }
  let deviations = zip(inner, medians).map { abs(series[$0] - $1) }
  // On a noisy ramp most values are their own median; the deviations alone would call the noise of a dwell a spike.
  let spread = max(8 * (median(deviations) ?? 0), 6 * noiseFromSecondDifferences(series))
  var result = series
  var replaced: [Int] = []
  for (index, (middle, deviation)) in zip(inner, zip(medians, deviations)) where deviation > spread {
    let steps = (index - 2..<index + 2).map { abs(series[$0 + 1] - series[$0]) }.sorted()
    guard deviation > 2 * steps[1] else { continue }
    result[index] = middle
    replaced.append(index)
  }
  return (result, replaced)
}

/// The indices where a noisy series turns, its two ends included, rising.
///
/// A turn counts when the series has moved back by more than `threshold`; the index is that of the extreme
/// value. Fewer than 2 samples have no turns.
public func turningPoints(_ series: [Double], threshold: Double) -> [Int] {
  guard let first = series.first, series.count >= 2 else { return [] }
  var turns = [0]
  var direction = 0
  var (lowest, highest) = (first, first)
  var (lowestIndex, highestIndex) = (0, 0)
  for (index, value) in series.enumerated() {
    if value > highest { (highest, highestIndex) = (value, index) }
    if value < lowest { (lowest, lowestIndex) = (value, index) }
    if direction >= 0, highest - value > threshold {
      if direction > 0 { turns.append(highestIndex) }
      direction = -1
      (lowest, lowestIndex) = (value, index)
      (highest, highestIndex) = (value, index)
    } else if direction <= 0, value - lowest > threshold {
      if direction < 0 { turns.append(lowestIndex) }
      direction = 1
      (lowest, lowestIndex) = (value, index)
      (highest, highestIndex) = (value, index)
    }
  }
  turns.append(series.count - 1)
  return turns.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
}

/// The result of smoothing a sweep.
public struct SmoothedSeries: Sendable {
  /// The smoothed values.
  public let values: [Double]
  /// How many samples a window held.
  public let window: Int
  /// The standard deviation of what was taken away.
  public let residual: Double
}

/// Smooths a sweep with local quadratics, one-sided at its ends; nil when nothing is to be gained.
///
/// Takes the longest window whose residual is still white, lag-one autocorrelation below 2/√n, so that only
/// noise is removed and never the sweep's own course. `pieces` are the ranges between reversals; no window
/// crosses their borders.
public func smoothedSweep(_ series: [Double], pieces: [Range<Int>]) -> SmoothedSeries? {
  let longest = pieces.map(\.count).max() ?? 0
  for window in [81, 61, 41, 31, 21, 15, 11, 7] where window * 3 <= longest {
    var values = series
    var residuals: [Double] = []
    for piece in pieces where piece.count >= window {
      let smooth = localQuadratic(Array(series[piece]), window: window)
      for (offset, value) in smooth.enumerated() {
        values[piece.lowerBound + offset] = value
        residuals.append(series[piece.lowerBound + offset] - value)
      }
    }
    guard residuals.count >= 100 else { continue }
    // The smoother's central weight is 9/(4·window); it leaves that autocorrelation, negative, in white noise.
    let correlation = lagOneAutocorrelation(residuals) + 2.25 / Double(window)
    guard abs(correlation) < 2 / Double(residuals.count).squareRoot() else { continue }
    let residual = (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
    return SmoothedSeries(values: values, window: window, residual: residual)
  }
  return nil
}

/// A moving least-squares quadratic over `window` samples, odd, shifted inward at the ends.
private func localQuadratic(_ series: [Double], window: Int) -> [Double] {
  let half = window / 2
  let abscissas = (0..<series.count).map(Double.init)
  func fit(around middle: Int) -> LocalPolynomial? {
    LocalPolynomial(
      x: abscissas, y: series, range: middle - half..<middle + half + 1, centre: Double(middle),
      halfWidth: Double(half), degree: 2)
  }
  // In the interior all windows share one set of weights.
  guard series.count >= window, let pattern = fit(around: half) else { return series }
  let weights = pattern.weights(at: Double(half), abscissas: abscissas)
  var result = series
  for index in half..<series.count - half {
    result[index] = zip(weights, series[index - half...index + half]).reduce(0) { $0 + $1.0 * $1.1 }
  }
  if let start = fit(around: half) {
    for index in 0..<half { result[index] = start.value(at: Double(index)) }
  }
  if let end = fit(around: series.count - 1 - half) {
    for index in series.count - half..<series.count { result[index] = end.value(at: Double(index)) }
  }
  return result
}
