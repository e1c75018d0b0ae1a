// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The power spectral density of stationary noise, and what it means for weighted sums of samples.
///
/// S(f) = W + A·(f² + f_c²)^(−a/2), two-sided and per sample, f in cycles per sample; white noise of variance σ²
/// has S = σ². Densities are in the square of the samples' unit.
public struct NoiseSpectrum: Sendable {
  /// W, the part that every frequency has.
  public private(set) var white: Double
  /// A·(f² + f_c²)^(−a/2) as ln A, a and ln f_c; nil for white noise.
  private(set) var slow: Slow?
  /// The covariance of ln W, ln A, a and ln f_c as fitted, row by row; of ln W alone for white noise.
  private let covariance: [Double]
  /// No frequency is taken to be below this.
  private let lowest: Double
  private var given: (@Sendable (Double) -> Double)?

  struct Slow: Hashable, Sendable {
    var logAmplitude: Double
    var exponent: Double
    var logCorner: Double
  }

  /// White noise of a variance that as many periodogram ordinates, or half as many degrees of freedom, gave.
  public init(whiteVariance: Double, ordinates: Double) {
    white = whiteVariance
    slow = nil
    covariance = [1 / max(ordinates, 0.5)]
    lowest = 0
  }

  /// A density that is known exactly, two-sided and per sample, of the frequency in cycles per sample, 0 … ½.
  public init(exactly density: @escaping @Sendable (Double) -> Double) {
    white = 0
    slow = nil
    covariance = []
    lowest = 0
    given = density
  }

  /// The spectrum that a periodogram tells, by the likelihood of its ordinates.
  ///
  /// P. Whittle, Arkiv för Matematik 2 (1953) 423. White unless the other form is clearly likelier. `points` is the count of the loop that the spectrum is meant
  /// for: what is slower than two loops is not extrapolated to.
  public init(fitting periodogram: BinnedPeriodogram, points: Int) {
    lowest = 0.5 / Double(max(1, points))
    guard let fit = WhittleFit.coloured(periodogram, points: points) else {
      white = periodogram.mean
      slow = nil
      covariance = [periodogram.redundancy / max(periodogram.ordinates, 0.5)]
      return
    }
    white = fit.white
    slow = fit.slow
    covariance = fit.covariance.map { $0 * periodogram.redundancy }
  }

  /// Whether it is the same at all frequencies.
  public var isWhite: Bool { slow == nil && given == nil }

  /// The density at a frequency in cycles per sample.
  public func density(at frequency: Double) -> Double {
    if let given { return given(frequency) }
    return white + (slow.map { $0.densityAndSlopes(at: max(frequency, lowest), $0.squaredCorner).0 } ?? 0)
  }

  /// The spectrum of the same noise with every sample multiplied by a factor.
  public func scaled(by factor: Double) -> NoiseSpectrum {
    var copy = self
    let square = factor * factor
    copy.white *= square
    copy.slow?.logAmplitude += log(square)
    if let given { copy.given = { square * given($0) } }
    return copy
  }

  /// The variance of Σ w_i·y_i; weights in time order.
  public func variance(ofWeights weights: [Double]) -> Double { covariance(weights, weights) }

  /// The covariance of two weighted sums of the same samples; weights in time order, of equal counts.
  public func covariance(_ first: [Double], _ second: [Double]) -> Double {
    precondition(first.count == second.count, "\(first.count) and \(second.count) weights")
    guard !isWhite else { return white * zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }
    return sampled(count: first.count).covariance(first, second)
  }

  /// The degrees of freedom of `variance(ofWeights:)`; infinite for an exact density.
  public func degreesOfFreedom(ofWeights weights: [Double]) -> Double {
    guard !isWhite else { return 2 / covariance[0] }
    return sampled(count: weights.count).variance(ofWeights: weights).degreesOfFreedom
  }

  /// The densities for weighted sums of `count` samples, to be kept when there are several of them.
  public func sampled(count: Int) -> SampledSpectrum {
    let padded = smallestFastLength(atLeast: max(2, 2 * count))
    let bins = padded / 2 + 1
    let step = 1 / Double(padded)
    func share(_ k: Int) -> Double { k == 0 || 2 * k == padded ? step : 2 * step }
    let densities: [Double]
    var changes: [SIMD3<Double>] = []
    if let slow {
      let corner = slow.squaredCorner
      changes.reserveCapacity(bins)
      densities = (0..<bins).map { k in
        let (value, slopes) = slow.densityAndSlopes(at: max(Double(k) * step, lowest), corner)
        changes.append(share(k) * value * slopes)
        return share(k) * (white + value)
      }
    } else {
      densities = (0..<bins).map { share($0) * density(at: Double($0) * step) }
    }
    return SampledSpectrum(
      transform: .shared(count: padded), densities: densities, changes: changes, covariance: covariance)
  }
}

extension NoiseSpectrum.Slow {
  /// f_c².
  var squaredCorner: Double { exp(2 * logCorner) }

  /// The density L at a frequency with ∂ln L/∂(ln A, a, ln f_c), from f_c².
  func densityAndSlopes(at frequency: Double, _ corner: Double) -> (Double, SIMD3<Double>) {
    let square = frequency * frequency + corner
    let logarithm = log(square)
    return (
      exp(logAmplitude - 0.5 * exponent * logarithm),
      SIMD3(1, -0.5 * logarithm, -exponent * corner / square)
    )
  }
}

/// A noise spectrum at the frequencies of zero-padded transforms of one length.
public struct SampledSpectrum: Sendable {
  let transform: RealTransform
  /// S/M at each frequency, doubled where the negative one has the same.
  let densities: [Double]
  /// The changes of ΣS·|W|²/M with ln A, a and ln f_c for each |W|²; none unless the spectrum was fitted.
  let changes: [SIMD3<Double>]
  let covariance: [Double]

  /// The mean of the density, which is the variance of one sample.
  public var meanDensity: Double { densities.reduce(0, +) }

  /// The variance of Σ w_i·y_i, (1/M)·ΣS·|W|², with its degrees of freedom; weights in time order.
  ///
  /// The degrees are 2·u⁴/var(u²), which is what Welch and Satterthwaite mean by them, with the variance of u² that
  /// the covariance of the fitted parameters leaves: twice the ordinates for white noise, fewer where few ordinates
  /// tell of the frequencies that count. Infinite for an exact density.
  public func variance(ofWeights weights: [Double]) -> (variance: Double, degreesOfFreedom: Double) {
    let power = transform.power(of: weights)
    var variance = 0.0
    for index in power.indices { variance += densities[index] * power[index] }
    guard changes.count == power.count else {
      return (variance, covariance.first.map { 2 / $0 } ?? .infinity)
    }
    var slow = SIMD3<Double>.zero
    for index in power.indices { slow += changes[index] * power[index] }
    // ΣS|W|² less the slow part is the white part, which is its own change with ln W.
    let gradient = SIMD4(variance - slow[0], slow[0], slow[1], slow[2])
    var spread = 0.0
    for row in 0..<4 {
      for column in 0..<4 { spread += gradient[row] * covariance[4 * row + column] * gradient[column] }
    }
    return (variance, spread > 0 ? max(1, 2 * variance * variance / spread) : .infinity)
  }

  /// The covariance of two weighted sums of the same samples, (1/M)·Re ΣS·W·W′*.
  public func covariance(_ first: [Double], _ second: [Double]) -> Double {
    let (a, b) = (transform.forward(first), transform.forward(second))
    return densities.indices.reduce(0.0) { sum, k in
      sum + densities[k] * (a.real[k] * b.real[k] + a.imaginary[k] * b.imaginary[k])
    }
  }
}
