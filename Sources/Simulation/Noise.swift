// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The generator of every simulation: 64 bits of state, the same numbers everywhere.
///
/// Steele, Lea and Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator from its seed.
  public init(seed: UInt64) { state = seed }

  /// A generator for one run of a repeated test: the seed is base·2³² + run.
  public init(base: UInt32, run: UInt32) { self.init(seed: UInt64(base) << 32 + UInt64(run)) }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next number of 0 ≤ u < 1, a multiple of 2⁻⁵³.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// Standard normal numbers in pairs.
///
/// Box and Muller, Annals of Mathematical Statistics 29 (1958) 610.
public struct GaussianSource: Sendable {
  private var generator: SplitMix64
  private var second: Double?

  /// A source from the seed of its generator.
  public init(seed: UInt64) { self.init(SplitMix64(seed: seed)) }

  /// A source on a generator.
  public init(_ generator: SplitMix64) { self.generator = generator }

  /// The next number of mean 0 and variance 1.
  public mutating func next() -> Double {
    if let waiting = second {
      second = nil
      return waiting
    }
    let radius = (-2 * log(1 - generator.nextUniform())).squareRoot()
    let angle = 2 * .pi * generator.nextUniform()
    second = radius * sin(angle)
    return radius * cos(angle)
  }
}

/// How the noise of one sample depends on the samples before it.
///
/// The raw value is the word on the command line. Spectral densities are two-sided, per sample, for σ = 1.
public enum NoiseKind: String, Hashable, Sendable, CaseIterable {
  /// Not at all.
  case white
  /// Autoregressive of order 1 with a correlation of 0.9 between neighbours.
  case autoregressive
  /// White noise with 1/f noise above it: S(f) = 1 + 0.02/f.
  case pink
  /// White noise with a random walk above it: S(f) = 1 + 10⁻⁴/f².
  case randomWalk = "random-walk"

  /// `count` numbers of this noise in time order.
  ///
  /// The standard deviation is 1, for `pink` and `randomWalk` that of the white noise alone. These two are cut from
  /// a period eight times as long, so that they hold what is slower than the record.
  public func samples(_ count: Int, from source: inout GaussianSource) -> [Double] {
    samples(count, period: 8 * count, from: &source)
  }

  /// What the instrument would record without a specimen for 16 times as long as a loop, in time order.
  ///
  /// `pink` and `randomWalk` are cut from a period of 64 loops. The seed is to be another than the loop's.
  public func blankRecord(loopPoints: Int, seed: UInt64) -> [Double] {
    var source = GaussianSource(seed: seed)
    return samples(16 * loopPoints, period: 64 * loopPoints, from: &source)
  }

  private func samples(_ count: Int, period: Int, from source: inout GaussianSource) -> [Double] {
    switch self {
    case .white: (0..<count).map { _ in source.next() }
    case .autoregressive: autoregressive(count, correlation: 0.9, from: &source)
    case .pink: shaped(count, period: period, from: &source) { 1 + 0.02 / $0 }
    case .randomWalk: shaped(count, period: period, from: &source) { 1 + 1e-4 / ($0 * $0) }
    }
  }

  private func autoregressive(
    _ count: Int, correlation: Double, from source: inout GaussianSource
  ) -> [Double] {
    let fresh = (1 - correlation * correlation).squareRoot()
    var samples: [Double] = []
    samples.reserveCapacity(count)
    for _ in 0..<count {
      let g = source.next()
      samples.append(samples.last.map { correlation * $0 + fresh * g } ?? g)
    }
    return samples
  }

  /// White noise whose spectrum is multiplied by the root of a density; f = 0 takes that of the lowest frequency.
  private func shaped(
    _ count: Int, period: Int, from source: inout GaussianSource, density: (Double) -> Double
  ) -> [Double] {
    guard count > 0 else { return [] }
    let transform = RealTransform(count: period)
    var spectrum = transform.forward((0..<period).map { _ in source.next() })
    for k in spectrum.real.indices {
      let gain = density(Double(max(1, k)) / Double(period)).squareRoot()
      spectrum.real[k] *= gain
      spectrum.imaginary[k] *= gain
    }
    return Array(transform.inverse(spectrum)[..<count])
  }
}
