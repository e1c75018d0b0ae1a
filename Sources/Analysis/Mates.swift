// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The points of two mapped branches at equal fields, and their differences: the sums of mated points of the loop.
///
/// Where the branches were not sampled at the same fields, a cubic through four neighbours stands in for the mate,
/// or a straight line through two where the neighbours are crowded or few. What that takes from the noise is put back.
struct Mates: Sendable {
  /// How many neighbours tell the local scatter.
  static let neighbours = 16

  /// The fields of the first branch that have a mate, falling, A/m.
  private var fields: [Double] = []
  /// The sums.
  private var sums: [Double] = []
  /// Their variances for independent samples of variance 1.
  private var variances: [Double] = []
  /// The mean autocorrelation of the weights that give a mate, at lags 0 to 3.
  private var filter = SIMD4<Double>.zero
  /// The sums without the few of the knee, where even a cubic between coarse points misses the curve.
  private var clipped: [Double] = []
  /// The share of `clipped` that is what was measured.
  private var kept = 1.0

  /// The mean of the sums.
  let mean: Double

  /// nil when fewer than 32 points, or half the first branch, have mates: they say too little about the loop.
  init?(_ first: Branch, _ second: Branch) {
    var total = 0.0
    var below = 0
    var steps: [Double] = []
    fields.reserveCapacity(first.count)
    sums.reserveCapacity(first.count)
    variances.reserveCapacity(first.count)
    for index in 0..<first.count {
      let wanted = first.field[index]
      while below < second.count, second.field[below] > wanted { below += 1 }
      guard below < second.count else { break }
      let (start, weights) = Self.weights(at: wanted, second, below)
      guard start >= 0 else { continue }
      var mate = 0.0
      for place in 0..<4 where weights[place] != 0 { mate += weights[place] * second.response[start + place] }
      let square = (weights * weights).sum()
      filter += SIMD4(
        square, weights[0] * weights[1] + weights[1] * weights[2] + weights[2] * weights[3],
        weights[0] * weights[2] + weights[1] * weights[3], weights[0] * weights[3])
      fields.append(wanted)
      sums.append(first.response[index] - mate)
      variances.append(1 + square)
      total += first.response[index] - mate
      steps.append(abs(first.response[min(index + 1, first.count - 1)] - first.response[max(index - 1, 0)]))
    }
    guard sums.count >= 32, sums.count * 2 >= first.count else { return nil }
    filter /= Double(sums.count)
    mean = total / Double(sums.count)
    let middle = median(sums) ?? 0
    let limit = 4.5 * 1.4826 * (median(sums.map { abs($0 - middle) }) ?? 0)
    clipped = sums.map { min(max($0, middle - limit), middle + limit) }
    levelSwitching(steps)
  }

  /// Puts the mean of its surroundings in place of the switching region when that scatters clearly more.
  ///
  /// Noise of the field acts through the slope, and smoothing the field leaves the slow part of it: in the few rows
  /// of the switching it would pass for slow noise of the response everywhere.
  private mutating func levelSwitching(_ steps: [Double]) {
    let steep = 8 * (median(steps) ?? 0)
    guard let start = steps.firstIndex(where: { $0 > steep }),
      let end = steps.lastIndex(where: { $0 > steep })
    else { return }
    let margin = 2 + (end - start) / 2
    let inside = max(0, start - margin)..<min(clipped.count, end + 1 + margin)
    let before = max(0, inside.lowerBound - Self.neighbours)..<inside.lowerBound
    let after = inside.upperBound..<min(clipped.count, inside.upperBound + Self.neighbours)
    let around = Array(before) + Array(after)
    guard inside.count * 3 < clipped.count, !around.isEmpty else { return }
    let mean = around.reduce(0) { $0 + clipped[$1] } / Double(around.count)
    let middle = clipped.reduce(0, +) / Double(clipped.count)
    var (within, without) = (0.0, 0.0)
    for (index, sum) in clipped.enumerated() {
      if inside.contains(index) {
        within += (sum - mean) * (sum - mean)
      } else {
        without += (sum - middle) * (sum - middle)
      }
    }
    let others = Double(clipped.count - inside.count)
    guard within / Double(inside.count) > 1.5 * without / others else { return }
    for index in inside { clipped[index] = mean }
    kept = others / Double(clipped.count)
  }

  /// The length that `density` transforms.
  var period: Int { largestFastLength(atMost: sums.count) }

  /// The spectral density of a sample's noise, at k/period for k = 1 and on.
  func density() -> [Double] {
    let density = periodogram(clipped)
    guard filter[1] != 0 || filter[2] != 0 || filter[3] != 0 else {
      return density.map { $0 / (kept * (1 + filter[0])) }
    }
    let turn = 2 * Double.pi / Double(period)
    return density.enumerated().map { index, ordinate in
      let c = cos(turn * Double(index + 1))
      // cos 2x and cos 3x of cos x.
      let lags = filter[1] * c + filter[2] * (2 * c * c - 1) + filter[3] * (4 * c * c - 3) * c
      return ordinate / (kept * max(1 + filter[0] + 2 * lags, 0.1))
    }
  }

  /// The lag-one autocorrelation of a sample's noise, what is slower than the loop taken off as a straight line.
  func correlation() -> Double {
    let count = Double(clipped.count)
    let middle = 0.5 * (count - 1)
    let mean = clipped.reduce(0, +) / count
    var rise = 0.0
    for (index, sum) in clipped.enumerated() { rise += (Double(index) - middle) * (sum - mean) }
    let slope = rise / (count * (count * count - 1) / 12)
    let rest = clipped.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
    return min(max(lagOneAutocorrelation(rest) - filter[1] / (1 + filter[0]), -1), 1)
  }

  /// The variance of a sample by the mates nearest to a field about their own straight line; nil for few mates.
  func variance(near field: Double) -> Double? {
    let wanted = Self.neighbours
    guard sums.count >= 2 * wanted else { return nil }
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      if fields[middle] <= field { high = middle } else { low = middle + 1 }
    }
    let start = min(max(0, low - wanted / 2), fields.count - wanted)
    let near = start..<start + wanted
    // Scaled to the variance of one sample.
    func value(_ index: Int) -> Double { sums[index] / variances[index].squareRoot() }
    let meanField = near.reduce(0) { $0 + fields[$1] } / Double(wanted)
    let meanValue = near.reduce(0) { $0 + value($1) } / Double(wanted)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for index in near {
      let (x, y) = (fields[index] - meanField, value(index) - meanValue)
      xx += x * x
      xy += x * y
      yy += y * y
    }
    let residual = max(0, xx > 0 ? yy - xy * xy / xx : yy)
    return residual / Double(wanted - 2)
  }

  /// The weights of four rows of a branch from `start` on that give its value at a field at or above row `below`;
  /// `start` is negative when the field is outside.
  private static func weights(
    at field: Double, _ branch: Branch, _ below: Int
  ) -> (start: Int, SIMD4<Double>) {
    let x = branch.field
    if x[below] == field {
      // Rows that do not exist have no weight.
      return (below, SIMD4(1, 0, 0, 0))
    }
    guard below > 0 else { return (-1, .zero) }
    let share = (field - x[below]) / (x[below - 1] - x[below])
    let line = SIMD4(share, 1 - share, 0, 0)
    guard below > 1, below + 1 < x.count else { return (below - 1, line) }
    let nodes = SIMD4(x[below - 2], x[below - 1], x[below], x[below + 1])
    var cubic = SIMD4<Double>(repeating: 1)
    for place in 0..<4 {
      for other in 0..<4 where other != place {
        cubic[place] *= (field - nodes[other]) / (nodes[place] - nodes[other])
      }
    }
    // Between evenly spaced rows it is at most 1.
    return (cubic * cubic).sum() <= 1.5 ? (below - 2, cubic) : (below - 1, line)
  }
}
