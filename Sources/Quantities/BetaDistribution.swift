// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The regularised incomplete beta function I_x(a, b), the probability that a beta variable is at most x.
///
/// For positive a and b; 0 for x ≤ 0 and 1 for x ≥ 1. By Lentz's continued fraction (Abramowitz and Stegun, 26.5.8),
/// to about 1e-13 relative for a and b up to a hundred, 1e-11 up to a few thousand.
public func regularisedIncompleteBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  guard x <= (a + 1) / (a + b + 2) else { return 1 - regularisedIncompleteBeta(b, a, at: 1 - x) }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for m in 1...500 {
    let m = Double(m)
    for numerator in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      c = abs(c) < tiny ? tiny : c
      fraction *= c * d
    }
    if abs(c * d - 1) < 1e-15 { break }
  }
  return front * fraction
}

/// The x for which I_x(a, b) is a probability of 0 … 1.
///
/// Exact to about 1e-12 relative, or to where neighbouring numbers have the same probability.
public func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0, "a beta distribution of \(a) and \(b)")
  precondition((0...1).contains(probability), "a probability of \(probability)")
  guard probability > 0, probability < 1 else { return probability }
  // The logarithm of x has room for quantiles next to 0.
  let logarithm = monotoneRoot(from: -745, to: 0) {
    regularisedIncompleteBeta(a, b, at: exp($0)) - probability
  }
  return exp(logarithm)
}

/// The probability of at most so many successes in independent trials of equal probability.
///
/// P(X ≤ successes) = I_{1−p}(trials − successes, successes + 1) (Abramowitz and Stegun, 26.5.24). 1 when as many
/// successes as trials are allowed, 0 when fewer than none are. `probability` is 0 … 1.
public func binomialProbability(atMost successes: Int, trials: Int, probability: Double) -> Double {
  precondition(trials >= 0 && (0...1).contains(probability), "\(trials) trials of probability \(probability)")
  guard successes < trials else { return 1 }
  guard successes >= 0 else { return 0 }
  return regularisedIncompleteBeta(Double(trials - successes), Double(successes + 1), at: 1 - probability)
}

/// The probability of at most so many marked ones in a sample drawn from a population without putting back.
///
/// The hypergeometric distribution: `marked` of the `population` carry the mark, `sample` are drawn. Summed term by
/// term through logarithms of factorials, to about 1e-11 relative.
public func hypergeometricProbability(atMost count: Int, sample: Int, marked: Int, population: Int) -> Double
{
  precondition(
    (0...population).contains(sample) && (0...population).contains(marked),
    "a sample of \(sample) and \(marked) marked of \(population)")
  let least = max(0, sample + marked - population)
  let most = min(sample, marked)
  guard count < most else { return 1 }
  guard count >= least else { return 0 }
  func logarithm(_ n: Int, choose k: Int) -> Double {
    lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
  }
  let all = logarithm(population, choose: sample)
  let sum = (least...count).reduce(0.0) { sum, drawn in
    sum
      + exp(
        logarithm(marked, choose: drawn) + logarithm(population - marked, choose: sample - drawn) - all)
  }
  return min(1, sum)
}
