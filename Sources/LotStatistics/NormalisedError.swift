// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The normalised error of a check against a reference magnet, E_n.
///
/// E_n = (x − x_ref)/√(U² + U_ref²) with expanded uncertainties of k = 2 (ISO 13528:2015, 9.7; ISO/IEC 17043:2010, B.3.1).
public struct NormalisedError: Hashable, Sendable {
  /// E_n.
  public let value: Double

  /// The normalised error of values and expanded uncertainties in one unit.
  ///
  /// Throws a sentence when a number is not finite, an uncertainty is negative, or both are 0.
  public init(
    measured: Double, uncertainty: Double, reference: Double, referenceUncertainty: Double
  ) throws(LotStatisticsError) {
    let numbers = [measured, uncertainty, reference, referenceUncertainty]
    let combined = hypot(uncertainty, referenceUncertainty)
    guard numbers.allSatisfy(\.isFinite), uncertainty >= 0, referenceUncertainty >= 0, combined > 0 else {
      throw LotStatisticsError(
        "E_n of \(measured) ± \(uncertainty) against \(reference) ± \(referenceUncertainty) cannot be formed; "
          + "it needs finite values and a positive uncertainty")
    }
    value = (measured - reference) / combined
  }

  /// Whether |E_n| ≤ 1.
  public var isSatisfactory: Bool { abs(value) <= 1 }

  /// What E_n says, for a reader.
  public var sentence: String {
    isSatisfactory
      ? "E_n = \(decimals(value, 2)): measurement and reference agree within their uncertainties (|E_n| ≤ 1)"
      : "E_n = \(decimals(value, 2)): measurement and reference differ by more than their uncertainties allow (|E_n| > 1); "
        + "find the cause before results are released"
  }
}
