// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// The standard deviation of the response's noise, taken as white, with the way it was found.
struct NoiseLevel: Sendable {
  /// Where the level comes from.
  enum Source: Sendable { case evenHarmonics, secondDifferences }

  /// In the unit of the response.
  let standardDeviation: Double
  let source: Source
  let degreesOfFreedom: Double
  /// Power of the lowest even harmonics over that of white noise; 1 for a loop that is its own mirror image.
  let asymmetry: Double?
  /// Half the mean of the sums of mates: an offset of the response; nil without mates.
  let offset: Double?
  /// The scaled sums of mates with their fields, falling; empty when unknown.
  private let mates: [(field: Double, sum: Double)]

  /// Over how many samples the noise is correlated, 1 for white noise.
  var correlationLength: Double { 1 }

  /// The level of a loop.
  ///
  /// In a closed loop x(t + T/2) = −x(t): the sum of mated points holds the even harmonics of the loop and so
  /// noise alone. Mates are points of equal mapped field; where the two
  /// branches were not sampled at the same fields, a straight line joins neighbours and the loss of variance by
  /// that, t² + (1 − t)² for a point at t, is put back. A single branch has only its second differences.
  init(branches: [Branch]) {
    let floor = 1e-6 * (branches.first?.response.map(abs).max() ?? 0)
    if branches.count == 2, let mates = Self.evenPart(branches[0], branches[1]) {
      let density = periodogram(Self.clipped(mates.map(\.sum)))
      if let white = whiteLevel(ofPeriodogram: density) {
        let lowest = density.prefix(6)
        let low = lowest.reduce(0, +) / Double(max(1, lowest.count))
        // The sum of two independent points has twice the variance of one.
        standardDeviation = max((white / 2).squareRoot(), floor)
        source = .evenHarmonics
        degreesOfFreedom = Double(max(1, density.count))
        asymmetry = white > 0 ? low / max(white, 2 * floor * floor) : nil
        offset = mates.reduce(0) { $0 + $1.sum } / Double(2 * mates.count)
        self.mates = mates
        return
      }
    }
    let levels = branches.map { noiseFromSecondDifferences($0.response) }
    let mean = levels.isEmpty ? 0 : levels.reduce(0, +) / Double(levels.count)
    standardDeviation = max(mean, floor)
    source = .secondDifferences
    degreesOfFreedom = Double(max(1, branches.reduce(0) { $0 + $1.count } / 3))
    asymmetry = nil
    offset = nil
    mates = []
  }

  /// The standard deviation near a field of the mapped branches.
  ///
  /// Field noise and timing act through the slope, so steep parts of a loop scatter more than flat ones. Judged
  /// by the 16 nearest mates about their own straight line; the general level unless they scatter clearly more.
  func standardDeviation(near field: Double) -> Double {
    let wanted = 16
    guard mates.count >= 2 * wanted else { return standardDeviation }
    var low = 0
    var high = mates.count
    while low < high {
      let middle = (low + high) / 2
      if mates[middle].field <= field { high = middle } else { low = middle + 1 }
    }
    let start = min(max(0, low - wanted / 2), mates.count - wanted)
    let near = mates[start..<start + wanted]
    let meanField = near.reduce(0) { $0 + $1.field } / Double(wanted)
    let meanSum = near.reduce(0) { $0 + $1.sum } / Double(wanted)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for mate in near {
      let (x, y) = (mate.field - meanField, mate.sum - meanSum)
      xx += x * x
      xy += x * y
      yy += y * y
    }
    let residual = max(0, xx > 0 ? yy - xy * xy / xx : yy)
    let variance = residual / Double(wanted - 2) / 2
    // χ² with 14 degrees of freedom exceeds 2.08 times its mean once in a hundred times.
    return variance > 2.08 * standardDeviation * standardDeviation ? variance.squareRoot() : standardDeviation
  }

  /// The difference of the mapped branches at the fields of the first, scaled to the variance 2σ².
  private static func evenPart(_ first: Branch, _ second: Branch) -> [(field: Double, sum: Double)]? {
    var result: [(field: Double, sum: Double)] = []
    result.reserveCapacity(first.count)
    var below = 0
    for index in 0..<first.count {
      let wanted = first.field[index]
      while below < second.count, second.field[below] > wanted { below += 1 }
      guard below < second.count else { break }
      let mate: Double
      let variance: Double
      if second.field[below] == wanted {
        (mate, variance) = (second.response[below], 1)
      } else if below > 0 {
        let span = second.field[below - 1] - second.field[below]
        let share = (wanted - second.field[below]) / span
        mate = second.response[below] + share * (second.response[below - 1] - second.response[below])
        variance = share * share + (1 - share) * (1 - share)
      } else {
        continue
      }
      result.append((wanted, (first.response[index] - mate) * (2 / (1 + variance)).squareRoot()))
    }
    // Fewer mates than half the branch say too little about the loop.
    return result.count >= 32 && result.count * 2 >= first.count ? result : nil
  }

  /// The sums without the few of the knee, where a straight line between coarse points misses the curve.
  private static func clipped(_ sums: [Double]) -> [Double] {
    let middle = median(sums) ?? 0
    let limit = 4.5 * 1.4826 * (median(sums.map { abs($0 - middle) }) ?? 0)
    return sums.map { min(max($0, middle - limit), middle + limit) }
  }
}
