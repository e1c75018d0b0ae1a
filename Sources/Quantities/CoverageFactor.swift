// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The factor k that turns a standard into an expanded uncertainty.
public struct CoverageFactor: Hashable, Sendable {
  /// The probability that the interval is meant to hold, such as 0.9545.
  public let probability: Double
  /// The factor k.
  public let k: Double

  /// The coverage probability for which k = 2 by convention (JCGM 100:2008, 6.2.2).
  public static let conventional = 0.9545

  /// The factor for a probability between 0 and 1 and the effective degrees of freedom, nil for infinite.
  ///
  /// k = 2 for the conventional probability with 50 degrees of freedom or more, else Student's t
  /// (JCGM 100:2008, G.3).
  public init(probability: Double = CoverageFactor.conventional, degreesOfFreedom: Double?) {
    precondition(probability > 0 && probability < 1, "a coverage probability of \(probability)")
    self.probability = probability
    let degrees = degreesOfFreedom ?? .infinity
    if probability == CoverageFactor.conventional, degrees >= 50 {
      k = 2
    } else {
      k = studentQuantile(twoSided: probability, degreesOfFreedom: degrees)
    }
  }
}

/// The t for which a Student variable lies within ±t with the given probability.
///
/// `degreesOfFreedom` may be fractional or infinite; at least 1 is used. Found by bisection of the
/// distribution function, exact to about 1e-12 relative.
public func studentQuantile(twoSided probability: Double, degreesOfFreedom: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a probability of \(probability)")
  let degrees = max(1, degreesOfFreedom)
  func within(_ t: Double) -> Double {
    guard degrees < 1e7 else { return 1 - erfc(t / 2.0.squareRoot()) }
    return 1 - regularisedIncompleteBeta(degrees / 2, 0.5, at: degrees / (degrees + t * t))
  }
  var low = 0.0
  var high = 1.0
  while within(high) < probability, high < 1e12 { high *= 2 }
  for _ in 0..<200 {
    let middle = 0.5 * (low + high)
    guard middle > low, middle < high else { break }
    if within(middle) < probability { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}
