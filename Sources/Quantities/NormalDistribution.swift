// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The probability that a standard normal variable is at most `z`.
public func normalProbability(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

/// The z below which a standard normal variable lies with a probability between 0 and 1.
///
/// The inverse of `normalProbability(below:)`, exact to about 1e-15 relative in both tails; next to 1 only as far as
/// the probability itself can be written. Newton's method on the logarithm, which is concave, so that from the left
/// the steps never pass the root.
public func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a probability of \(probability)")
  guard probability <= 0.5 else { return -normalQuantile(1 - probability) }
  guard probability < 0.5 else { return 0 }
  // Φ(−z) < exp(−z²/2), so the start lies left of the root.
  var z = -(-2 * log(probability)).squareRoot()
  for _ in 0..<50 {
    let below = normalProbability(below: z)
    let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
    let step = log(below / probability) * below / density
    z -= step
    guard abs(step) > 1e-15 * abs(z) else { break }
  }
  return z
}
