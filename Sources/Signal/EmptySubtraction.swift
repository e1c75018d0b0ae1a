// SPDX-License-Identifier: GPL-3.0-or-later

/// How an empty record has to be scaled and shifted to be what a shot would have recorded without its specimen.
///
/// Pulses differ in height and in when their trigger fires. Both are told by the field channels of the two records,
/// which do not see the specimen; a fit to the response itself would take its hysteresis for a delay. Shift and
/// amplitude are linear operations, so that voltages are corrected as well as their integrals; the noise is meant to
/// be white, which it is in voltages.
public struct EmptySubtraction: Sendable {
  /// The shot's amplitude over that of the empty record; unit one.
  public let amplitude: Double
  /// Its standard uncertainty.
  public let amplitudeUncertainty: Double
  /// How much later than the empty record the shot is, in samples.
  public let shift: DelayEstimate

  /// Amplitude and shift from the field channels; nil when no delay can be told.
  ///
  /// `band` is in cycles per sample and `noise` the standard deviation of a sample of each channel, in its unit. The
  /// amplitude is that of a straight line with errors in both channels (Deming), because the empty record's noise
  /// would make a plain least-squares line flatter. nil as for `delay`, and for channels of opposite sign.
  public init?(
    field: [Double], emptyField: [Double], band: Range<Double>, noise: (shot: Double, empty: Double)
  ) {
    guard
      let shift = delay(of: field, after: emptyField, band: band, noise: (noise.shot, noise.empty))
    else { return nil }
    self.shift = shift
    let moved = delayed(emptyField, by: shift.samples)
    let rows = Self.overlap(field.count, shift.samples)
    let number = Double(rows.count)
    guard number > 2 else { return nil }
    let shotMean = field[rows].reduce(0, +) / number
    let emptyMean = moved[rows].reduce(0, +) / number
    var (shots, empties, products) = (0.0, 0.0, 0.0)
    for i in rows {
      let (a, b) = (field[i] - shotMean, moved[i] - emptyMean)
      shots += a * a
      empties += b * b
      products += a * b
    }
    let (shotVariance, emptyVariance) = (noise.shot * noise.shot, noise.empty * noise.empty)
    guard products > 0, products.isFinite else { return nil }
    if emptyVariance > 0 {
      let ratio = shotVariance / emptyVariance
      let half = 0.5 * (shots - ratio * empties)
      let root = (half * half + ratio * products * products).squareRoot()
      // Of the two forms of the root the one that does not cancel.
      amplitude = half >= 0 ? (half + root) / products : ratio * products / (root - half)
    } else {
      amplitude = products / empties
    }
    let left = max(0, shots - 2 * amplitude * products + amplitude * amplitude * empties) / (number - 2)
    let expected = shotVariance + amplitude * amplitude * emptyVariance
    amplitudeUncertainty = (max(left, expected) / empties).squareRoot()
    guard amplitude.isFinite, amplitude > 0, amplitudeUncertainty.isFinite else { return nil }
  }

  /// The rows at which both records hold samples of their own.
  private static func overlap(_ count: Int, _ shift: Double) -> Range<Int> {
    let edge = min(count / 2, Int(abs(shift).rounded(.up)))
    return shift >= 0 ? edge..<count : 0..<count - edge
  }

  /// What an empty channel has to be subtracted as: `empty` at the shot's time and amplitude, in its own unit.
  public func scaled(_ empty: [Double]) -> [Double] {
    delayed(empty, by: shift.samples).map { amplitude * $0 }
  }

  /// A channel of the shot without what the empty record explains; counts of both are equal.
  public func subtracting(_ empty: [Double], from response: [Double]) -> [Double] {
    precondition(empty.count == response.count, "\(empty.count) empty for \(response.count) samples")
    return zip(response, scaled(empty)).map { $0 - $1 }
  }

  /// The two independent errors that subtraction leaves, each of one standard uncertainty, in the channel's unit.
  ///
  /// That of the amplitude, and that of the shift, by central differences.
  public func errorCurves(_ empty: [Double]) -> (amplitude: [Double], shift: [Double]) {
    let moved = delayed(empty, by: shift.samples)
    let last = moved.count - 1
    let slopes = moved.indices.map { i in
      let (low, high) = (max(0, i - 1), min(last, i + 1))
      return high > low ? (moved[high] - moved[low]) / Double(high - low) : 0
    }
    return (
      moved.map { amplitudeUncertainty * $0 }, slopes.map { -amplitude * shift.standardUncertainty * $0 }
    )
  }

  /// What other terms a residue holds, such as the field or its rate, by least squares on stated rows.
  public struct Residue: Sendable {
    /// The coefficient of each term.
    public let coefficients: [Double]
    /// Their standard uncertainties.
    public let standardUncertainties: [Double]

    /// Fits the terms and a level for each range of rows; nil when the rows do not determine them.
    ///
    /// For rows where the response is known to be zero or constant only: a term in the field takes the specimen's own
    /// reversible slope with it wherever there is a specimen. Each term has as many samples as `response`.
    public init?(of response: [Double], terms: [[Double]], rows: [Range<Int>]) {
      guard !terms.isEmpty, terms.allSatisfy({ $0.count == response.count }),
        rows.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= response.count })
      else { return nil }
      let order = terms.count + rows.count
      var equations = NormalEquations(order: order)
      for (index, range) in rows.enumerated() {
        var row = [Double](repeating: 0, count: order)
        row[terms.count + index] = 1
        for i in range {
          for (k, term) in terms.enumerated() { row[k] = term[i] }
          equations.add(row, response[i])
        }
      }
      guard equations.count > order, let solution = equations.solution() else { return nil }
      let variance = solution.residualSumOfSquares / Double(equations.count - order)
      coefficients = Array(solution.values[..<terms.count])
      standardUncertainties = terms.indices.map {
        (variance * solution.inverse[$0 * order + $0]).squareRoot()
      }
    }

    /// A response without the terms.
    public func subtracted(from response: [Double], terms: [[Double]]) -> [Double] {
      precondition(terms.count == coefficients.count, "\(terms.count) terms for \(coefficients.count)")
      return response.indices.map { i in
        terms.indices.reduce(response[i]) { $0 - coefficients[$1] * terms[$1][i] }
      }
    }
  }
}
