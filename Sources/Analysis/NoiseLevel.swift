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

  /// The level of a loop.
  ///
  /// In a closed loop x(t + T/2) = −x(t): the sum of mated points holds the even harmonics of the loop and so
  /// noise alone (metrology of magcert, "even/odd split"). Mates are points of equal mapped field; where the two
  /// branches were not sampled at the same fields, a straight line joins neighbours and the loss of variance by
  /// that, t² + (1 − t)² for a point at t, is put back. A single branch has only its second differences.
  init(branches: [Branch]) {
    let floor = 1e-6 * (branches.first?.response.map(abs).max() ?? 0)
    if branches.count == 2, let sums = Self.evenPart(branches[0], branches[1]) {
      let density = periodogram(sums)
      if let white = whiteLevel(ofPeriodogram: density) {
        let lowest = density.prefix(6)
        let low = lowest.reduce(0, +) / Double(max(1, lowest.count))
        // The sum of two independent points has twice the variance of one.
        standardDeviation = max((white / 2).squareRoot(), floor)
        source = .evenHarmonics
        degreesOfFreedom = Double(max(1, density.count))
        asymmetry = white > 0 ? low / max(white, 2 * floor * floor) : nil
        return
      }
    }
    let levels = branches.map { noiseFromSecondDifferences($0.response) }
    let mean = levels.isEmpty ? 0 : levels.reduce(0, +) / Double(levels.count)
    standardDeviation = max(mean, floor)
    source = .secondDifferences
    degreesOfFreedom = Double(max(1, branches.reduce(0) { $0 + $1.count } / 3))
    asymmetry = nil
  }

  /// The difference of the mapped branches at the fields of the first, scaled to the variance 2σ².
  private static func evenPart(_ first: Branch, _ second: Branch) -> [Double]? {
    var result: [Double] = []
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
      result.append((first.response[index] - mate) * (2 / (1 + variance)).squareRoot())
    }
    // Fewer mates than half the branch say too little about the loop.
    guard result.count >= 32, result.count * 2 >= first.count else { return nil }
    // In the knee a straight line between coarse points misses the curve; those few sums are not noise.
    let middle = median(result) ?? 0
    let limit = 4.5 * 1.4826 * (median(result.map { abs($0 - middle) }) ?? 0)
    return result.map { min(max($0, middle - limit), middle + limit) }
  }
}
