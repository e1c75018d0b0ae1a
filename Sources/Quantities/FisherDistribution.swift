// SPDX-License-Identifier: GPL-3.0-or-later

/// The probability that Fisher's F exceeds a value.
///
/// The degrees of freedom of numerator and denominator are positive and may be fractional; 1 for a value of 0 or
/// less (Abramowitz and Stegun, 26.6.2).
public func fisherProbability(above value: Double, numerator: Double, denominator: Double) -> Double {
  precondition(numerator > 0 && denominator > 0, "\(numerator) and \(denominator) degrees of freedom")
  guard value > 0 else { return 1 }
  return regularisedIncompleteBeta(
    0.5 * denominator, 0.5 * numerator, at: denominator / (denominator + numerator * value))
}
