// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The tails of the noncentral t distribution, (Z + δ)/√(χ²/ν), at a value.
///
/// For ν of 1 or more degrees of freedom, which may be fractional, and any finite noncentrality δ. The tail on the
/// side of `value` away from δ is integrated, E[Φ(±(t·s − δ))] over the distribution of s = √(χ²/ν) (Johnson, Kotz and
/// Balakrishnan, Continuous Univariate Distributions 2, 31.5), and is right to about 1e-12 relative however small;
/// the other is what is left to 1.
public func noncentralStudentProbabilities(
  at value: Double, degreesOfFreedom: Double, noncentrality: Double
) -> TailProbabilities {
  precondition(degreesOfFreedom >= 1, "\(degreesOfFreedom) degrees of freedom")
  precondition(
    noncentrality.isFinite && !value.isNaN, "t = \(value) with a noncentrality of \(noncentrality)")
  guard value.isFinite else { return TailProbabilities(below: value > 0 ? 1 : 0, above: value > 0 ? 0 : 1) }
  let isBelow = value < noncentrality
  let tail = min(
    1,
    StudentTail(
      value: isBelow ? value : -value, degrees: degreesOfFreedom,
      noncentrality: isBelow ? noncentrality : -noncentrality
    ).probability)
  return TailProbabilities(below: isBelow ? tail : 1 - tail, above: isBelow ? 1 - tail : tail)
}

/// The t below which a noncentral t variable lies with a probability between 0 and 1.
///
/// The inverse of `noncentralStudentProbabilities(at:degreesOfFreedom:noncentrality:)`, to about 1e-12 relative.
public func noncentralStudentQuantile(
  _ probability: Double, degreesOfFreedom: Double, noncentrality: Double
) -> Double {
  precondition(probability > 0 && probability < 1, "a probability of \(probability)")
  return monotoneRoot(from: noncentrality - 1, to: noncentrality + 1) {
    let tails = noncentralStudentProbabilities(
      at: $0, degreesOfFreedom: degreesOfFreedom, noncentrality: noncentrality)
    // The smaller tail has the digits.
    return probability < 0.5 ? tails.below - probability : (1 - probability) - tails.above
  }
}

/// E[Φ(t·s − δ)], integrated over x = ln s between the points where the integrand is e⁻⁴⁰ of its greatest value.
private struct StudentTail {
  let value: Double
  let degrees: Double
  let noncentrality: Double

  var probability: Double {
    guard degrees < 1e10 else { return normalProbability(below: value - noncentrality) }
    // The integrand is log-concave in s, hence has one maximum in x as well.
    let top = monotoneRoot(from: -1, to: 1) { x in
      let s = exp(x)
      return degrees * (s * s - 1) - value * s * slopeOfLogarithm(value * s - noncentrality)
    }
    let height = logarithm(top)
    // To the left at least as wide as the power of s, to the right as the normal tail.
    let width = 1 / degrees.squareRoot()
    let left = monotoneRoot(from: top - width, to: top) { logarithm($0) - height + 40 }
    let right = monotoneRoot(from: top, to: top + width) { height - 40 - logarithm($0) }
    var bounds = GaussLegendre.panels(32, from: left, to: right)
    // Φ rises within a few 1/t around s = δ/t.
    for step in -8...8 {
      let s = (noncentrality + Double(step)) / value
      if s > 0, s.isFinite, log(s) > left, log(s) < right { bounds.append(log(s)) }
    }
    return degrees * gammaTerm(degrees / 2, degrees / 2) * exp(height)
      * GaussLegendre.integral(over: bounds.sorted()) { exp(logarithm($0) - height) }
  }

  /// The logarithm of the integrand, with the density of s at s = 1 left out.
  private func logarithm(_ x: Double) -> Double {
    let s = exp(x)
    return degrees * (x - 0.5 * (s - 1) * (s + 1)) + logNormalProbability(below: value * s - noncentrality)
  }

  private func slopeOfLogarithm(_ z: Double) -> Double {
    guard z > -30 else { return -z / tailSeries(z) }
    return exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() / normalProbability(below: z)
  }
}

/// ln Φ(z), also where Φ is too small for a number.
private func logNormalProbability(below z: Double) -> Double {
  guard z > -30 else { return -0.5 * z * z - log(-z * (2 * Double.pi).squareRoot()) + log(tailSeries(z)) }
  return log(normalProbability(below: z))
}

/// Φ(z)·√(2π)·(−z)·exp(z²/2) for z of −30 or less (Abramowitz and Stegun, 26.2.12).
private func tailSeries(_ z: Double) -> Double {
  let s = 1 / (z * z)
  return 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))))
}
