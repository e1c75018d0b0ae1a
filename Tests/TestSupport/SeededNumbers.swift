// SPDX-License-Identifier: GPL-3.0-or-later
internal import Simulation

/// Numbers that look random and are the same in every run.
public enum SeededNumbers {
  /// `count` numbers of 0 ≤ u < 1.
  public static func uniform(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.nextUniform() }
  }

  /// `count` numbers of mean 0 and variance 1; correlated ones have a correlation of 0.9 between neighbours.
  public static func gaussian(_ count: Int, correlated: Bool = false, seed: UInt64) -> [Double] {
    var source = GaussianSource(seed: seed)
    let kind: NoiseKind = correlated ? .autoregressive : .white
    return kind.samples(count, from: &source)
  }
}
