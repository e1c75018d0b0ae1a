// SPDX-License-Identifier: GPL-3.0-or-later
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
public enum NoiseKind: String, Hashable, Sendable, CaseIterable {
  /// Not at all.
  case white
  /// Autoregressive of order 1 with a correlation of 0.9 between neighbours.
  case autoregressive

  /// `count` numbers of this noise with a standard deviation of 1, in time order.
  public func samples(_ count: Int, from source: inout GaussianSource) -> [Double] {
    let correlation = self == .white ? 0 : 0.9
    let fresh = (1 - correlation * correlation).squareRoot()
    var samples: [Double] = []
    samples.reserveCapacity(count)
    for _ in 0..<count {
      let g = source.next()
      samples.append(samples.last.map { correlation * $0 + fresh * g } ?? g)
    }
    return samples
  }
}
