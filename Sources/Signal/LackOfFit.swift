// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Whether a curve misses repeated samples by more than their own scatter: the F test for lack of fit.
///
/// `statistic` follows Fisher's F(n − P, n) for n pairs of white noise and a curve of P parameters that is right.
/// The pairs must come from before any smoothing of the difference of their members: what a smoother takes from the
/// pure error makes every curve look wrong.
public struct LackOfFit: Hashable, Sendable {
  /// The variance about the curve beyond that of the pairs, per degree of freedom, over that of the pairs.
  public let statistic: Double
  /// n − P.
  public let numeratorDegrees: Double
  /// n.
  public let denominatorDegrees: Double

  /// The test of a curve of `parameters` parameters fitted to both members of `pairs` pairs.
  ///
  /// `residualSumOfSquares` is taken over all 2n samples, `pureError` is half the sum of the squared differences of
  /// the pairs. nil when there are no more pairs than parameters or the pairs agree exactly.
  public init?(residualSumOfSquares: Double, pureError: Double, pairs: Int, parameters: Double) {
    let degrees = Double(pairs) - parameters
    guard degrees >= 1, pureError > 0, pureError.isFinite, residualSumOfSquares.isFinite else { return nil }
    numeratorDegrees = degrees
    denominatorDegrees = Double(pairs)
    statistic = max(0, residualSumOfSquares - pureError) / degrees / (pureError / Double(pairs))
  }
}

/// Half the sum of the squared differences of pairs: the scatter of repeated samples.
public func pureError(_ first: [Double], _ second: [Double]) -> Double {
  0.5 * zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

/// The ratio of signal to noise of two repeated records as Q = log₁₀(1/√(1 − R²)); nil when one is a multiple of
/// the other.
///
/// R is their correlation about zero, so for a small scatter Q is log₁₀ of the root mean square over √2 times the
/// standard deviation of a sample. 2 and more is good, less than 0.3 unusable (Paterson et al., Geochem. Geophys.
/// Geosyst. 19 (2018) 1925, equation 4).
public func signalToNoise(_ first: [Double], _ second: [Double]) -> Double? {
  let power = first.reduce(0) { $0 + $1 * $1 }
  let otherPower = second.reduce(0) { $0 + $1 * $1 }
  let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  let factor = product / power
  // 1 − R² is what the one leaves of the other; the difference of two nearly equal products would lose its digits.
  let rest = zip(first, second).reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) }
  let quality = -0.5 * log10(rest / otherPower)
  return quality.isFinite ? max(0, quality) : nil
}
