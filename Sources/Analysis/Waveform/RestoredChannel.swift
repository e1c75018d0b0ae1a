// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where the field of a record stands still.
struct StillParts: Sendable {
  /// The rows before the shot.
  let before: Range<Int>
  /// The rows in which the field changes.
  let pulse: Range<Int>
  /// The rows long after it; empty when the record ends earlier.
  let after: Range<Int>
}

/// One channel with its zero and its mains hum taken out.
struct RestoredChannel: Sendable {
  /// What is left, in V or A at the coil.
  private(set) var samples: [Double]
  /// The zero that was subtracted.
  private(set) var baseline = 0.0
  /// The amplitude of the mains' fundamental; nil when none was fitted.
  private(set) var humAmplitude: Double?
  /// The standard deviation of a sample's noise.
  private(set) var scatter = 0.0
  /// That of white noise with the power that the channel's noise has at low frequencies.
  private(set) var noise = 0.0
  /// Independent errors of the samples by the fit of zero and hum, per standard uncertainty.
  private(set) var fitErrors: [SlowError] = []
  /// The errors of the samples by the uncertainty of the mains frequency.
  private(set) var frequencyErrors: [SlowError] = []

  /// Every error that varies as slowly as the mains.
  var slowErrors: [SlowError] { fitErrors + frequencyErrors }

  /// The degree of the polynomial that takes up what the shot leaves behind in the still part after it.
  private static let tailDegree = 3

  /// A channel as recorded; nothing is taken out of it.
  init(_ samples: [Double]) { self.samples = samples }

  /// A channel without its zero, found before the shot, and without the mains, found wherever the field stands still.
  ///
  /// After the shot a polynomial stands for what it leaves behind. nil when the still rows do not determine the fit.
  init?(_ raw: [Double], _ still: StillParts, mains: MainsFrequency?) {
    let basis = MainsBasis(frequency: mains?.frequency)
    let order = basis.order
    let tail = still.after.isEmpty || mains == nil ? 0 : Self.tailDegree + 1
    // Small numbers for the arithmetic: the zero is taken out roughly before it is taken out exactly.
    let rough = still.before.reduce(0.0) { $0 + raw[$1] } / Double(still.before.count)
    var equations = NormalEquations(order: order + tail)
    for row in still.before {
      equations.add(basis.values(at: row) + [Double](repeating: 0, count: tail), raw[row] - rough)
    }
    if tail > 0 {
      let middle = Double(still.after.lowerBound + still.after.upperBound) / 2
      for row in still.after {
        let x = (Double(row) - middle) / Double(still.after.count)
        var values = basis.values(at: row)
        values[0] = 0
        equations.add(values + [1, x, x * x, x * x * x], raw[row] - rough)
      }
    }
    let degrees = Double(equations.count - order - tail)
    guard degrees >= 8, let solution = equations.solution() else { return nil }
    let fitted = SlowError(basis: basis, coefficients: Array(solution.values[..<order]))
    samples = raw.indices.map { raw[$0] - rough - fitted.value(at: $0) }
    baseline = rough + fitted.coefficients[0]
    if mains != nil { humAmplitude = hypot(fitted.coefficients[1], fitted.coefficients[2]) }
    let variance = solution.residualSumOfSquares / degrees
    scatter = variance.squareRoot()
    noise = (variance * Self.lowFrequencyExcess(still.before.map { samples[$0] })).squareRoot()
    let covariance = (0..<order * order).map {
      noise * noise * solution.inverse[$0 / order * (order + tail) + $0 % order]
    }
    let directions = PrincipalDirections(of: covariance, order: order)
    fitErrors = zip(directions.values, directions.vectors).filter { $0.0 > 0 }.map { value, vector in
      SlowError(basis: basis, coefficients: vector.map { $0 * value.squareRoot() })
    }
    if let mains {
      // A sinusoid that fits before the shot runs away from the true one; how far at its end is taken for all of it.
      let distance = 0.5 * Double(still.before.count) + Double(still.pulse.count)
      let angle = 2 * .pi * mains.standardUncertainty * distance
      let turned = SlowError(basis: basis, coefficients: basis.quadrature(of: fitted.coefficients))
      frequencyErrors = [turned.scaled(by: angle)]
    }
  }

  /// The largest sample of the first twentieth of the pulse: what the voltage jumps to.
  func largestJump(in pulse: Range<Int>) -> Double {
    samples[pulse.prefix(max(1, pulse.count / 20))].reduce(0) { max($0, abs($1)) }
  }

  /// How many samples in a row hold the extreme of a record, when they show that its range was exceeded.
  ///
  /// `raw` is the channel as it was recorded. Where noise tells neighbours apart, four do not agree by chance. nil when
  /// the range sufficed, and where the recorder's steps are coarser than its noise.
  func overrun(of raw: [Double], in pulse: Range<Int>) -> Int? {
    var (step, longest, run) = (Double.infinity, 1, 1)
    let extremes = (raw[pulse].min() ?? 0, raw[pulse].max() ?? 0)
    for row in pulse.dropFirst() {
      let change = abs(raw[row] - raw[row - 1])
      if change > 0 { step = min(step, change) }
      run = change == 0 && (raw[row] == extremes.0 || raw[row] == extremes.1) ? run + 1 : 1
      longest = max(longest, run)
    }
    return longest >= 4 && step < scatter ? longest : nil
  }

  /// The samples alone, later by `shift` samples.
  func shifted(by shift: Double) -> RestoredChannel { RestoredChannel(delayed(samples, by: shift)) }

  /// The channel minus another one, times a factor and later by `shift` samples.
  func subtracting(_ other: RestoredChannel, factor: Double, shift: Double) -> RestoredChannel {
    var rest = self
    let moved = delayed(other.samples, by: shift)
    for row in rest.samples.indices { rest.samples[row] -= factor * moved[row] }
    rest.noise = hypot(noise, factor * other.noise)
    rest.scatter = hypot(scatter, factor * other.scatter)
    // An error that varies as slowly as the mains is the same a few samples later.
    rest.fitErrors += other.fitErrors.map { $0.scaled(by: factor) }
    rest.frequencyErrors += other.frequencyErrors.map { $0.scaled(by: factor) }
    return rest
  }

  /// The noise power at low frequencies relative to white noise of the same variance.
  ///
  /// 1 + 2·Σ rₖ over 20 lags where neighbours are correlated beyond chance, as behind an anti-alias filter; else 1,
  /// because the sum is noisy itself.
  private static func lowFrequencyExcess(_ residuals: [Double]) -> Double {
    let count = residuals.count
    let square = residuals.reduce(0) { $0 + $1 * $1 }
    guard count >= 200, square > 0 else { return 1 }
    func correlation(_ lag: Int) -> Double {
      zip(residuals, residuals.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
    guard abs(correlation(1)) > 4 / Double(count).squareRoot() else { return 1 }
    return max(0.25, 1 + 2 * (1...20).reduce(0) { $0 + correlation($1) })
  }
}
