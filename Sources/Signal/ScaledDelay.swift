// SPDX-License-Identifier: GPL-3.0-or-later

/// One record as another one times a factor and later by a number of samples, fitted over some rows.
///
/// Where the rows leave out the jumps of a signal, nothing of what a recorder folds back from beyond half its sampling
/// rate is in the fit, which biases the phase of a whole record's cross-spectrum by a constant delay.
public struct ScaledDelay: Hashable, Sendable {
  /// The factor.
  public let factor: Double
  /// Its standard uncertainty.
  public let factorUncertainty: Double
  /// The delay in samples.
  public let samples: Double
  /// Its standard uncertainty in samples.
  public let standardUncertainty: Double

  /// Fits `later` as factor·`earlier` at row − samples, by least squares over `rows` from a first delay on.
  ///
  /// `noise` is the standard deviation of white noise of each sample; where the records differ by more than it, what
  /// they differ by counts. nil for fewer than 8 rows, rows outside the records, records that are not alike, and a
  /// delay of more than a quarter of the rows.
  public init?(
    of later: [Double], after earlier: [Double], rows: Range<Int>, from start: Double,
    noise: (later: Double, earlier: Double)
  ) {
    guard rows.count >= 8, rows.lowerBound >= 2, rows.upperBound + 2 <= min(later.count, earlier.count)
    else { return nil }
    var shift = start
    var solution: NormalEquations.Solution?
    for _ in 0..<8 {
      guard abs(shift) < 0.25 * Double(rows.count) else { return nil }
      let moved = delayed(earlier, by: shift)
      var equations = NormalEquations(order: 2)
      for row in rows {
        let slope = (8 * (moved[row + 1] - moved[row - 1]) - (moved[row + 2] - moved[row - 2])) / 12
        equations.add([moved[row], -slope], later[row])
      }
      guard let found = equations.solution(), found.values[0] != 0 else { return nil }
      solution = found
      let change = found.values[1] / found.values[0]
      guard change.isFinite else { return nil }
      shift += change
      if abs(change) < 1e-9 { break }
    }
    guard let solution else { return nil }
    factor = solution.values[0]
    samples = shift
    let expected = noise.later * noise.later + factor * factor * noise.earlier * noise.earlier
    let variance = max(expected, solution.residualSumOfSquares / Double(rows.count - 2))
    let power = rows.reduce(0.0) { $0 + later[$1] * later[$1] }
    guard variance.isFinite, solution.residualSumOfSquares < 0.25 * power else { return nil }
    factorUncertainty = (variance * solution.inverse[0]).squareRoot()
    standardUncertainty = (variance * solution.inverse[3]).squareRoot() / abs(factor)
  }
}
