// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The form of a step from 0 to 1: a distribution function of the reduced abscissa.
public enum StepShape: String, Hashable, Sendable, CaseIterable {
  /// The normal distribution function.
  case normal
  /// The logistic function 1/(1 + e⁻ᵘ); a hyperbolic tangent of width w is a logistic of width w/2.
  case logistic
  /// The distribution function 1 − exp(−eᵘ) of smallest extreme values (Gumbel): the weakest of many parts switches
  /// the whole, so the tail lies before the step.
  case extreme

  /// The logarithm of the width of a step of this shape that is as steep as one of another shape.
  func logWidth(asSteepAs other: StepShape, of logWidth: Double) -> Double {
    logWidth + log(largestDensity / other.largestDensity)
  }

  /// The reduced abscissa at which half of the step is done.
  var middle: Double { self == .extreme ? -0.366_512_920_581_664_35 : 0 }

  private var largestDensity: Double {
    switch self {
    case .normal: 0.398_942_280_401_432_7
    case .logistic: 0.25
    case .extreme: 0.367_879_441_171_442_3
    }
  }

  /// The fraction of the step at the reduced abscissa u.
  public func fraction(at u: Double) -> Double {
    switch self {
    case .normal: 0.5 * erfc(-u / 2.0.squareRoot())
    case .logistic: 1 / (1 + exp(-u))
    case .extreme: -expm1(-exp(min(u, 5)))
    }
  }

  /// The derivative of `fraction`.
  public func density(at u: Double) -> Double {
    switch self {
    case .normal:
      return 0.398_942_280_401_432_7 * exp(-0.5 * u * u)
    case .logistic:
      let s = 1 / (1 + exp(-abs(u)))
      return s * (1 - s)
    case .extreme:
      return u > 5 ? 0 : exp(u - exp(u))
    }
  }

  /// The second derivative of `fraction`.
  public func bend(at u: Double) -> Double {
    switch self {
    case .normal: -u * density(at: u)
    case .logistic: density(at: u) * (1 - 2 * fraction(at: u))
    case .extreme: u > 5 ? 0 : density(at: u) * (1 - exp(u))
    }
  }
}

extension StepShape {
  /// The reduced abscissas between which a step happens, but for less than 1e-15 of it.
  private var extent: ClosedRange<Double> {
    switch self {
    case .normal: -8...8
    case .logistic: -37...37
    case .extreme: -37...4
    }
  }

  /// Fraction and density at eight reduced abscissas.
  ///
  /// Φ comes from erfc z = e^(−z²)·P(x), x = 2·s·z/(z + 3) − 1, for z = |u|/√2 ≤ 5.6; P is the Chebyshev
  /// interpolant of degree 15, with a relative error below 3e-15.
  @inline(__always)
  func lanes(_ u: SIMD8<Double>) -> (fraction: SIMD8<Double>, density: SIMD8<Double>) {
    // Most of a branch is far from each step.
    if u.least > extent.upperBound { return (SIMD8(repeating: 1), .zero) }
    if u.greatest < extent.lowerBound { return (.zero, .zero) }
    let negative = u .< 0
    switch self {
    case .logistic:
      var size = u
      size.replace(with: -u, where: negative)
      size.replace(with: 40, where: size .> 40)
      let falling = exponential(-size)
      let upper = 1 / (1 + falling)
      let lower = falling * upper
      var fraction = upper
      fraction.replace(with: lower, where: negative)
      return (fraction, upper * lower)
    case .normal:
      var z = u * 0.707_106_781_186_547_5
      z.replace(with: -z, where: negative)
      z.replace(with: 5.6, where: z .> 5.6)
      let falling = exponential(-z * z)
      // s·z/(z + 3) − 1. Of a quotient of two lanes the compiler makes eight scalar ones, and of all that rests on them.
      let x = (2.071_428_571_428_571_4 * z - 3) * (1 / (z + 3))
      let square = x * x
      var odd = SIMD8<Double>(repeating: 5.269434770849814e-10)
      odd = odd * square - 1.0622496319006422e-08
      odd = odd * square + 1.8252000883914667e-07
      odd = odd * square - 3.8146807220436915e-06
      odd = odd * square + 0.0001101678953581204
      odd = odd * square - 0.003524443894541869
      odd = odd * square - 0.07810374532946315
      odd = odd * square - 0.3688717707189602
      var even = SIMD8<Double>(repeating: 5.192543060277578e-10)
      even = even * square - 2.314190142331261e-08
      even = even * square + 5.948241191925959e-07
      even = even * square - 1.1751801708768797e-05
      even = even * square + 4.2721461792458785e-05
      even = even * square + 0.021633681906218602
      even = even * square + 0.19768428290950169
      even = even * square + 0.3302570590188492
      let p = odd * x + even
      let tail = 0.5 * falling * p
      var fraction = 1 - tail
      fraction.replace(with: tail, where: negative)
      return (fraction, 0.398_942_280_401_432_7 * falling)
    case .extreme:
      var limited = u
      limited.replace(with: -40, where: u .< -40)
      limited.replace(with: 5, where: u .> 5)
      let rising = exponential(limited)
      let remaining = exponential(-rising)
      return (1 - remaining, rising * remaining)
    }
  }
}
