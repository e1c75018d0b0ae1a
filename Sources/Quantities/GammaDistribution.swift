// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The two tails of a distribution at a value; each is right where it is small.
public struct TailProbabilities: Hashable, Sendable {
  /// The probability of the value or less.
  public let below: Double
  /// The probability of more than the value.
  public let above: Double
}

/// The regularised incomplete gamma functions P(a, x) and Q(a, x).
///
/// For a > 0; x ≤ 0 has all above. By the series below a + 1 and Lentz's continued fraction from there on
/// (Abramowitz and Stegun, 6.5.29 and 6.5.31), the smaller of the two to about 1e-13 relative.
public func regularisedIncompleteGamma(_ a: Double, at x: Double) -> TailProbabilities {
  precondition(a > 0, "an incomplete gamma function of a = \(a)")
  guard x > 0 else { return TailProbabilities(below: 0, above: 1) }
  guard x.isFinite else { return TailProbabilities(below: 1, above: 0) }
  let front = gammaTerm(a, x)
  if x < a + 1 {
    var term = 1.0
    var sum = 1.0
    var n = a
    while term > 1e-17 * sum {
      n += 1
      term *= x / n
      sum += term
    }
    let below = min(1, front * sum)
    return TailProbabilities(below: below, above: 1 - below)
  }
  let above = min(1, front * a * incompleteGammaFraction(a, x))
  return TailProbabilities(below: 1 - above, above: above)
}

/// x^a·e^−x/Γ(a + 1), without the difference of large logarithms where a is large.
func gammaTerm(_ a: Double, _ x: Double) -> Double {
  guard a >= 10 else { return exp(a * log(x) - x - lgamma(a + 1)) }
  return exp(a * (log(x / a) - (x - a) / a) - stirlingError(a)) / (2 * Double.pi * a).squareRoot()
}

/// Γ(a, x)·e^x·x^−a as a continued fraction.
private func incompleteGammaFraction(_ a: Double, _ x: Double) -> Double {
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var fraction = d
  for k in 1...100_000 {
    let numerator = -Double(k) * (Double(k) - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    fraction *= c * d
    if abs(c * d - 1) < 1e-16 { break }
  }
  return fraction
}

/// ln Γ(a + 1) less Stirling's formula (Abramowitz and Stegun, 6.1.41), for a of 10 or more.
private func stirlingError(_ a: Double) -> Double {
  let s = 1 / (a * a)
  return
    (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691.0 / 360_360)))))
    / a
}

/// The tails of χ² with positive, possibly fractional degrees of freedom.
public func chiSquareProbabilities(at value: Double, degreesOfFreedom: Double) -> TailProbabilities {
  precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
  return regularisedIncompleteGamma(0.5 * degreesOfFreedom, at: 0.5 * value)
}

/// The value below which χ² lies with a probability between 0 and 1.
///
/// Exact to about 1e-12 relative.
public func chiSquareQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a probability of \(probability)")
  let logarithm = monotoneRoot(from: log(degreesOfFreedom) - 1, to: log(degreesOfFreedom) + 1) {
    let tails = chiSquareProbabilities(at: exp($0), degreesOfFreedom: degreesOfFreedom)
    // The smaller tail has the digits.
    return probability < 0.5 ? tails.below - probability : (1 - probability) - tails.above
  }
  return exp(logarithm)
}

/// The probability of at most so many events of a Poisson process with this mean, 0 or more.
///
/// P(X ≤ events) = Q(events + 1, mean) (Abramowitz and Stegun, 26.4.21); 0 for fewer than none.
public func poissonProbability(atMost events: Int, mean: Double) -> Double {
  precondition(mean >= 0, "a mean of \(mean)")
  guard events >= 0 else { return 0 }
  return regularisedIncompleteGamma(Double(events) + 1, at: mean).above
}
