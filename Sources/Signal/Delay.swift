// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// By how much one channel lags behind another.
public struct DelayEstimate: Hashable, Sendable {
  /// The delay in samples, positive when the later channel is late.
  public let samples: Double
  /// Its standard uncertainty in samples.
  public let standardUncertainty: Double

  /// An estimate from its parts.
  public init(samples: Double, standardUncertainty: Double) {
    self.samples = samples
    self.standardUncertainty = standardUncertainty
  }
}

/// The delay between two records of one signal, by the weighted slope of the phase of their cross-spectrum.
///
/// Both channels must hold the same signal but for gain, offset and delay: no specimen with hysteresis, whose loop is
/// a phase lag. `band` is in cycles per sample within 0 … ½, `noise` the standard deviation of white noise of each
/// sample in the channels' units. Each frequency weighs by the inverse variance of its phase; the start is the largest
/// generalised cross-correlation, and five times the earlier record is shifted by what was found so far, so that the
/// ends of both records cut the same part of the signal: without that a signal that does not end at zero biases the
/// delay. The uncertainty is that of the weights, (Σ w·ω²)^(−½), the Cramér–Rao bound for a known signal-to-noise
/// ratio, and larger by as much as the phases scatter more than the noise explains (Knapp and Carter, IEEE Trans.
/// Acoust. Speech Signal Process. 24 (1976) 320).
///
/// nil for fewer than 16 samples, records of different counts, samples that are not finite, a band without a
/// frequency, a signal in it that is not clearly above the noise of either channel, or phases that no delay explains.
public func delay(
  of later: [Double], after earlier: [Double], band: Range<Double>, noise: (later: Double, earlier: Double)
) -> DelayEstimate? {
  let count = later.count
  guard count >= 16, earlier.count == count, later.allSatisfy(\.isFinite), earlier.allSatisfy(\.isFinite),
    noise.later >= 0, noise.earlier >= 0, band.lowerBound.isFinite, band.upperBound.isFinite
  else { return nil }
  let transform = RealTransform.shared(count: smallestFastLength(atLeast: count))
  let step = 1 / Double(transform.count)
  let first = max(1, (band.lowerBound / step).clampedToCount.up)
  let last = min((transform.count - 1) / 2, (band.upperBound / step).clampedToCount.down)
  guard last - first >= 2 else { return nil }
  let bins = first...last
  let late = transform.forward(withoutMean(later))
  let early = withoutMean(earlier)
  var cross = CrossSpectrum(late, transform.forward(early), bins: bins, count: count, noise: noise)
  guard cross.showsSignal else { return nil }
  var shift = cross.largestCorrelation(transform)
  guard 2 * abs(shift) < Double(count) else { return nil }
  for _ in 0..<5 {
    cross = CrossSpectrum(
      late, transform.forward(delayed(early, by: shift)), bins: bins, count: count, noise: noise)
    let change = cross.phaseSlope(step: 2 * .pi * step)
    guard change.isFinite, 2 * abs(shift + change) < Double(count) else { return nil }
    shift += change
  }
  // Padding makes neighbouring frequencies tell the same.
  let independent = Double(count) * step
  let information = independent * cross.information(step: 2 * .pi * step)
  let scatter = max(1, cross.phaseScatter)
  guard information > 0, information.isFinite, scatter.isFinite else { return nil }
  return DelayEstimate(samples: shift, standardUncertainty: (scatter / information).squareRoot())
}

private func withoutMean(_ samples: [Double]) -> [Double] {
  let mean = samples.reduce(0, +) / Double(samples.count)
  return samples.map { $0 - mean }
}

extension Double {
  /// A count of frequencies that fits an `Int`, rounded up and down.
  fileprivate var clampedToCount: (up: Int, down: Int) {
    let value = Swift.min(Swift.max(self, 0), 0x1p40)
    return (Int(value.rounded(.up)), Int(value.rounded(.down)))
  }
}

/// The phases between two spectra and their weights, over a band.
private struct CrossSpectrum {
  let bins: ClosedRange<Int>
  /// The phase of the later channel less that of the earlier one, with the sign of a delay.
  var phases: [Double] = []
  /// The inverse variances of the phases.
  var weights: [Double] = []
  /// Whether the mean power of both channels is clearly above that of the noise.
  let showsSignal: Bool

  init(
    _ late: HalfSpectrum, _ early: HalfSpectrum, bins: ClosedRange<Int>, count: Int,
    noise: (later: Double, earlier: Double)
  ) {
    self.bins = bins
    var (latePower, earlyPower) = (0.0, 0.0)
    for k in bins {
      latePower += late.real[k] * late.real[k] + late.imaginary[k] * late.imaginary[k]
      earlyPower += early.real[k] * early.real[k] + early.imaginary[k] * early.imaginary[k]
    }
    let number = Double(bins.count)
    // Noise without end would make the weights infinite; less than the rounding of a sample is none.
    func density(_ deviation: Double, _ power: Double) -> Double {
      max(Double(count) * deviation * deviation, 1e-26 * power / number)
    }
    let lateNoise = density(noise.later, latePower)
    let earlyNoise = density(noise.earlier, earlyPower)
    // The mean of as many exponential numbers exceeds this once in some millions.
    let limit = number + 6 * number.squareRoot() + 16
    showsSignal =
      latePower > limit * lateNoise && earlyPower > limit * earlyNoise && latePower.isFinite
      && earlyPower.isFinite
    phases.reserveCapacity(bins.count)
    weights.reserveCapacity(bins.count)
    for k in bins {
      let (a, b) = (late.real[k], late.imaginary[k])
      let (c, d) = (early.real[k], early.imaginary[k])
      let (late, early) = (a * a + b * b, c * c + d * d)
      let (real, imaginary) = (a * c + b * d, b * c - a * d)
      phases.append(-atan2(imaginary, real))
      weights.append(2 * late * early / (lateNoise * early + earlyNoise * late + lateNoise * earlyNoise))
    }
  }

  /// The shift in whole samples at which the weighted phases agree best.
  func largestCorrelation(_ transform: RealTransform) -> Double {
    let bins = transform.count / 2 + 1
    let zeros = [Double](repeating: 0, count: bins)
    var spectrum = HalfSpectrum(real: zeros, imaginary: zeros)
    for (index, k) in self.bins.enumerated() {
      spectrum.real[k] = weights[index] * cos(phases[index])
      spectrum.imaginary[k] = -weights[index] * sin(phases[index])
    }
    let correlation = transform.inverse(spectrum)
    var best = 0
    for index in correlation.indices where correlation[index] > correlation[best] { best = index }
    return Double(2 * best > transform.count ? best - transform.count : best)
  }

  func phaseSlope(step: Double) -> Double {
    var (above, below) = (0.0, 0.0)
    for (index, k) in bins.enumerated() {
      let omega = step * Double(k)
      above += weights[index] * omega * phases[index]
      below += weights[index] * omega * omega
    }
    return above / below
  }

  func information(step: Double) -> Double {
    var sum = 0.0
    for (index, k) in bins.enumerated() {
      let omega = step * Double(k)
      sum += weights[index] * omega * omega
    }
    return sum
  }

  /// The mean square of the phases over their variances, of those that stand above the noise.
  var phaseScatter: Double {
    var (sum, number) = (0.0, 0.0)
    // A phase less certain than a quarter is cut off at ±π.
    for (phase, weight) in zip(phases, weights) where weight > 16 {
      sum += weight * phase * phase
      number += 1
    }
    return number > 1 ? sum / (number - 1) : 1
  }
}

/// A sampled smooth function later by a number of samples, whole or not: the result at row i is the function at
/// i − shift.
///
/// Polynomials of degree 5 through the six nearest samples. The error is at most 0.0049·|x⁽⁶⁾| with the sixth
/// derivative per sample, 0.024·|x⁽⁶⁾| in the outer two steps, where the stencil is one-sided: of a sine of f cycles
/// per sample 300·f⁶ of its amplitude. Before the first and after the last sample the function is held at its value there. Fewer than
/// six samples take polynomials through all of them; a shift that is not finite gives the samples as they are.
public func delayed(_ samples: [Double], by shift: Double) -> [Double] {
  let count = samples.count
  guard count > 1, shift.isFinite, shift != 0, let first = samples.first, let last = samples.last else {
    return samples
  }
  let nodes = min(6, count)
  let bounded = min(max(shift, -Double(count)), Double(count))
  let whole = bounded.rounded(.down)
  // The place i − shift lies `part` above the row i − whole − 1.
  let part = 1 - (bounded - whole)
  let (offset, within) = part == 1 ? (Int(whole), 0.0) : (Int(whole) + 1, part)
  let inner = lagrange(nodes, at: Double((nodes - 1) / 2) + within)
  return samples.indices.map { i in
    let row = i - offset
    if row < 0 { return first }
    if row >= count - 1 { return last }
    let start = row - (nodes - 1) / 2
    let clamped = min(max(start, 0), count - nodes)
    let weights = start == clamped ? inner : lagrange(nodes, at: Double(row - clamped) + within)
    var sum = 0.0
    for k in 0..<nodes { sum += weights[k] * samples[clamped + k] }
    return sum
  }
}

/// The weights of values at 0, 1 … that give the value at x of the polynomial through them.
private func lagrange(_ nodes: Int, at x: Double) -> [Double] {
  (0..<nodes).map { k in
    (0..<nodes).reduce(1.0) { $1 == k ? $0 : $0 * (x - Double($1)) / Double(k - $1) }
  }
}
