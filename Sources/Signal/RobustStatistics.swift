// SPDX-License-Identifier: GPL-3.0-or-later

/// The median of some numbers, the mean of the middle two for an even count; nil for none.
public func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  var values = values
  let middle = values.count / 2
  partition(&values, at: middle)
  guard values.count % 2 == 0 else { return values[middle] }
  let below = values[..<middle].reduce(values[0]) { $1 > $0 ? $1 : $0 }
  return 0.5 * (below + values[middle])
}

/// The median of the larger half of some numbers, the middle one included; nil for none.
public func medianOfLargerHalf(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  var values = values
  partition(&values, at: values.count / 2)
  return median(Array(values[(values.count / 2)...]))
}

/// The median of five numbers.
func median(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double) -> Double {
  // Of four numbers the smallest and the largest cannot be the median of all five.
  let low = max(min(a, b), min(c, d))
  let high = min(max(a, b), max(c, d))
  return max(min(low, high), min(max(low, high), e))
}

/// Reorders values so that the one at `place` is where sorting would put it, and none before it is larger.
///
/// C. A. R. Hoare, Communications of the ACM 4 (1961) 321, algorithm 65.
private func partition(_ values: inout [Double], at place: Int) {
  var (first, last) = (0, values.count - 1)
  // Halving takes about 1.5 times log2 of the count; what takes much longer was made to.
  for _ in 0..<(4 * (Int.bitWidth - values.count.leadingZeroBitCount)) where first < last {
    let (low, middle, high) = (values[first], values[first + (last - first) / 2], values[last])
    let pivot = max(min(low, middle), min(max(low, middle), high))
    var (left, right) = (first, last)
    while left <= right {
      while left < last, values[left] < pivot { left += 1 }
      while right > first, values[right] > pivot { right -= 1 }
      guard left <= right else { break }
      (values[left], values[right]) = (values[right], values[left])
      left += 1
      right -= 1
    }
    if place <= right {
      last = right
    } else if place >= left {
      first = left
    } else {
      return
    }
  }
  if first < last { values.sort() }
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
