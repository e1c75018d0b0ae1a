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
  /// they differ by counts. `errors` are independent errors of the difference of the records at a row, for one standard
  /// uncertainty each, that are no white noise. That of the earlier record would flatten the line, and is allowed for.
  /// nil for fewer than 8 rows, rows outside the records, records that are not alike, and a delay of more than a
  /// quarter of the rows.
  public init?(
    of later: [Double], after earlier: [Double], rows: Range<Int>, from start: Double,
    noise: (later: Double, earlier: Double), errors: [(Int) -> Double] = []
  ) {
    guard rows.count >= 8, rows.lowerBound >= 0, rows.upperBound <= min(later.count, earlier.count)
    else { return nil }
    var shift = start
    var fit: (solution: NormalEquations.Solution, moved: [Double])?
    for _ in 0..<8 {
      guard abs(shift) < 0.25 * Double(rows.count) else { return nil }
      let moved = delayed(earlier, by: shift)
      var equations = NormalEquations(order: 2)
      let slopes = Self.slopes(moved, rows)
      for row in rows { equations.add([moved[row], -slopes[row - rows.lowerBound]], later[row]) }
      guard let found = equations.solution(), found.values[0] != 0 else { return nil }
      fit = (found, moved)
      let change = found.values[1] / found.values[0]
      guard change.isFinite else { return nil }
      shift += change
      if abs(change) < 1e-9 { break }
    }
    guard let (solution, moved) = fit else { return nil }
    let power = rows.reduce(0.0) { $0 + moved[$1] * moved[$1] }
    let flattening = Double(rows.count) * noise.earlier * noise.earlier / power
    guard flattening < 0.5 else { return nil }
    factor = solution.values[0] / (1 - flattening)
    samples = shift
    let expected = noise.later * noise.later + factor * factor * noise.earlier * noise.earlier
    let variance = max(expected, solution.residualSumOfSquares / Double(rows.count - 2))
    let laterPower = rows.reduce(0.0) { $0 + later[$1] * later[$1] }
    guard variance.isFinite, solution.residualSumOfSquares < 0.25 * laterPower else { return nil }
    var variances = (factor: variance * solution.inverse[0], slope: variance * solution.inverse[3])
    let slopes = errors.isEmpty ? [] : Self.slopes(moved, rows)
    for error in errors {
      var right = (0.0, 0.0)
      for row in rows {
        let value = error(row)
        right.0 += value * moved[row]
        right.1 -= value * slopes[row - rows.lowerBound]
      }
      let change = (
        solution.inverse[0] * right.0 + solution.inverse[1] * right.1,
        solution.inverse[2] * right.0 + solution.inverse[3] * right.1
      )
      variances.factor += change.0 * change.0
      variances.slope += change.1 * change.1
    }
    factorUncertainty = variances.factor.squareRoot()
    standardUncertainty = variances.slope.squareRoot() / abs(factor)
  }

  /// The change per sample at each row: the difference of the means of a two-hundredth of the rows after and before it,
  /// because the derivative of the noise of neighbours would drown that of a slow signal.
  private static func slopes(_ samples: [Double], _ rows: Range<Int>) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(samples.count + 1)
    var sum = 0.0
    for sample in samples {
      sum += sample
      sums.append(sum)
    }
    let widest = max(1, rows.count / 200)
    return rows.map { row in
      let reach = min(widest, row, samples.count - 1 - row)
      guard reach > 0 else { return 0 }
      let after = sums[row + reach + 1] - sums[row + 1]
      let before = sums[row] - sums[row - reach]
      return (after - before) / Double(reach * (reach + 1))
    }
  }
}
