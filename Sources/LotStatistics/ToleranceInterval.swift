// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif
internal import Quantities

/// Factors k of statistical tolerance intervals: mean ± k·s holds a share of a normal population.
///
/// `content` is that share and `confidence` the probability that an interval holds it, both between 0 and 1; `count` is
/// the number of values behind mean and s, 2 or more. Programmer errors trap.
public enum ToleranceFactor {
  /// The exact factor of a one-sided interval, mean − k·s or mean + k·s.
  ///
  /// k = t/√n with the noncentral t quantile of n − 1 degrees of freedom and the noncentrality z·√n (ISO 16269-6:2014,
  /// annex; Owen, A Survey of Properties and Applications of the Noncentral t-Distribution, 1968).
  public static func oneSided(count: Int, content: Double, confidence: Double) -> Double {
    check(count, content, confidence)
    let root = Double(count).squareRoot()
    return noncentralStudentQuantile(
      confidence, degreesOfFreedom: Double(count - 1), noncentrality: normalQuantile(content) * root) / root
  }

  /// The exact factor of a two-sided interval.
  ///
  /// The k for which the confidence, averaged over where the mean may lie, is the one wished: ∫P(χ² > ν·r²/k²)·φ(z) dz,
  /// where r is half the width that holds the content around z/√n (Odeh, Commun. Stat. Simul. Comput. 7 (1978) 183;
  /// ISO 16269-6:2014).
  public static func twoSided(count: Int, content: Double, confidence: Double) -> Double {
    check(count, content, confidence)
    let degrees = Double(count - 1)
    // Even in z; beyond 9 there is 1e-19 of the normal distribution.
    let step = 0.0625
    let places = (0...144).map { Double($0) * step }
    let squares = places.map { z in
      let half = halfWidth(content, offset: z / Double(count).squareRoot())
      return half * half
    }
    func attained(_ k: Double) -> Double {
      zip(places, squares).reduce(0) { sum, place in
        let (z, square) = place
        let tail = chiSquareProbabilities(at: degrees * square / (k * k), degreesOfFreedom: degrees).above
        return sum + (z > 0 ? 2 : 1) * step * exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() * tail
      }
    }
    let logarithm = monotoneRoot(from: 0, to: 1) { attained(exp($0)) - confidence }
    return exp(logarithm)
  }

  /// Howe's approximation of the two-sided factor.
  ///
  /// k = z·√(1 + 1/n)·√(ν/χ²) (Howe, J. Am. Stat. Assoc. 64 (1969) 610). Within about 3 % of the exact one for five values
  /// or more.
  public static func howe(count: Int, content: Double, confidence: Double) -> Double {
    check(count, content, confidence)
    let degrees = Double(count - 1)
    let z = normalQuantile(0.5 * (1 + content))
    return z
      * ((1 + 1 / Double(count)) * degrees / chiSquareQuantile(1 - confidence, degreesOfFreedom: degrees))
      .squareRoot()
  }

  /// The r for which Φ(offset + r) − Φ(offset − r) is the content.
  private static func halfWidth(_ content: Double, offset: Double) -> Double {
    monotoneRoot(from: 0, to: offset + 3) { r in
      // Above the median through the upper tails, which keep their digits.
      normalProbability(below: r - offset) - normalProbability(below: -r - offset) - content
    }
  }

  private static func check(_ count: Int, _ content: Double, _ confidence: Double) {
    precondition(count >= 2, "a tolerance interval of \(count) values")
    precondition(content > 0 && content < 1, "a content of \(content)")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
  }
}

/// An interval that holds a share of the population with a confidence, in the unit of the values.
public struct ToleranceInterval: Hashable, Sendable {
  /// The lower end; nil for an interval that is open below.
  public let lower: Double?
  /// The upper end; nil for an interval that is open above.
  public let upper: Double?
  /// The share of the population that it holds.
  public let content: Double
  /// The probability that such intervals hold that share.
  public let confidence: Double
  /// The factor k.
  public let factor: Double

  /// Which ends an interval has.
  public enum Side: String, Sendable {
    /// Mean − k·s and above.
    case lower
    /// Mean + k·s and below.
    case upper
    /// Between mean − k·s and mean + k·s.
    case both
  }

  /// The exact interval of two or more normally distributed values.
  ///
  /// Throws a sentence when there are fewer or one is not finite.
  public init(
    values: RunningValues, side: Side, content: Double = 0.95, confidence: Double = 0.95
  ) throws(LotStatisticsError) {
    var factors = ToleranceFactors(content: content, confidence: confidence)
    try self.init(values: values, side: side, &factors)
  }

  /// The same with a factor that may be known already.
  public init(
    values: RunningValues, side: Side, _ factors: inout ToleranceFactors
  ) throws(LotStatisticsError) {
    try values.require(atLeast: 2, for: "a tolerance interval")
    let moments = values.moments
    factor = factors.factor(count: values.count, side)
    lower = side == .upper ? nil : moments.mean - factor * moments.standardDeviation
    upper = side == .lower ? nil : moments.mean + factor * moments.standardDeviation
    content = factors.content
    confidence = factors.confidence
  }
}

/// The exact factors of tolerance intervals of one content and confidence, each calculated once.
///
/// They depend on nothing else than the number of values, which most characteristics of a lot have in common.
public struct ToleranceFactors: Sendable {
  let content: Double
  let confidence: Double
  /// By the number of values.
  private var oneSided: [Int: Double] = [:]
  private var twoSided: [Int: Double] = [:]

  /// No factors yet; content and confidence between 0 and 1.
  public init(content: Double, confidence: Double) {
    self.content = content
    self.confidence = confidence
  }

  fileprivate mutating func factor(count: Int, _ side: ToleranceInterval.Side) -> Double {
    if let known = side == .both ? twoSided[count] : oneSided[count] { return known }
    guard side == .both else {
      let factor = ToleranceFactor.oneSided(count: count, content: content, confidence: confidence)
      oneSided[count] = factor
      return factor
    }
    let factor = ToleranceFactor.twoSided(count: count, content: content, confidence: confidence)
    twoSided[count] = factor
    return factor
  }
}
