// SPDX-License-Identifier: GPL-3.0-or-later

/// The median of some numbers, the mean of the middle two for an even count; nil for none.
public func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
}

/// The standard deviation of white noise on a smooth series, from its second differences.
///
/// 1.4826·median|y_{i−1} − 2y_i + y_{i+1}|/√6; 0 for fewer than 3 samples. The unit of the series.
public func noiseFromSecondDifferences(_ series: [Double]) -> Double {
  guard series.count >= 3 else { return 0 }
  let differences = (1..<series.count - 1).map { (index: Int) -> Double in
    let bend = series[index - 1] - 2 * series[index] + series[index + 1]
    return abs(bend)
  }
  return 1.4826 * (median(differences) ?? 0) / 6.0.squareRoot()
}

/// The lag-one autocorrelation of a series about zero; 0 when the series vanishes.
public func lagOneAutocorrelation(_ series: [Double]) -> Double {
  guard series.count >= 2 else { return 0 }
  var power = 0.0
  var product = 0.0
  for index in series.indices {
    power += series[index] * series[index]
    if index > 0 { product += series[index] * series[index - 1] }
  }
  return power > 0 ? product / power : 0
}
