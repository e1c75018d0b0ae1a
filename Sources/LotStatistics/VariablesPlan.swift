// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Whether the standard deviation of the process is known or estimated from the sample.
public enum SigmaKnowledge: String, CaseIterable, Sendable {
  /// The sample's own standard deviation, n − 1 in its denominator: ANSI/ASQ Z1.9, section B.
  case unknown
  /// A standard deviation known from long experience: section D.
  case known
}

/// A single sampling plan by variables for a normally distributed characteristic.
///
/// ANSI/ASQ Z1.9 and MIL-STD-414, form 2: the lot is accepted while the estimated fraction that does not conform is
/// at most M. For one limit that is the same as the quality index being at least k (form 1). The published k are
/// rounded separately and differ from these by up to 0.006.
public struct VariablesPlan: SamplingPlan, Hashable {
  /// The severity whose table was read.
  public let severity: InspectionSeverity
  /// Whether σ is known.
  public let sigma: SigmaKnowledge
  /// The acceptance quality limit.
  public let limit: AcceptanceQualityLimit
  /// The code letter of the lot's size and the inspection level.
  public let codeLetter: Character
  /// The number of pieces that the table asks for.
  public let tabledSampleSize: Int
  /// The largest estimated percentage that does not conform, M, as it is tabled.
  public let maximumPercent: Double
  /// The number of pieces in the lot; nil for a plan that was read by its letter.
  public let lotSize: Int?

  /// The plan of a lot; levels S-3, S-4, I, II and III, limits from 0.10 to 10 %.
  ///
  /// Throws a sentence for other levels, limits, and for lots of fewer than 2 pieces.
  public init(
    lotSize: Int, level: InspectionLevel = .two, severity: InspectionSeverity = .normal,
    sigma: SigmaKnowledge = .unknown, limit: AcceptanceQualityLimit
  ) throws(LotStatisticsError) {
    let letter = try CodeLetterTable.variables.letter(lotSize: lotSize, level: level)
    try self.init(codeLetter: letter, severity: severity, sigma: sigma, limit: limit, lotSize: lotSize)
  }

  /// The plan of a code letter B … N and P.
  ///
  /// Throws a sentence when the table has no such letter or limit.
  public init(
    codeLetter: Character, severity: InspectionSeverity = .normal, sigma: SigmaKnowledge = .unknown,
    limit: AcceptanceQualityLimit, lotSize: Int? = nil
  ) throws(LotStatisticsError) {
    let table = try VariablesTable.bundled.get()
    guard let cell = table.cell(codeLetter, limit, severity, sigma: sigma) else {
      throw LotStatisticsError(
        table.limits.contains(limit.description)
          ? "there is no code letter “\(codeLetter)” for sampling by variables; the letters are B to N and P"
          : "sampling by variables has no plan for \(limit) %; it has \(table.limits.joined(separator: ", "))"
      )
    }
    self.severity = severity
    self.sigma = sigma
    self.limit = limit
    self.codeLetter = codeLetter
    self.lotSize = lotSize
    tabledSampleSize = cell.sampleSize
    maximumPercent = cell.maximum
  }

  /// The largest estimated fraction that does not conform, M of 1.
  public var maximumFraction: Double { maximumPercent / 100 }

  /// The acceptability constant k that stands for M: the quality index at which the estimated fraction is M.
  public var acceptabilityConstant: Double {
    let n = Double(tabledSampleSize)
    switch sigma {
    case .known: return -normalQuantile(maximumFraction) * ((n - 1) / n).squareRoot()
    case .unknown:
      let x = betaQuantile(maximumFraction, 0.5 * n - 1, 0.5 * n - 1)
      return (1 - 2 * x) * (n - 1) / n.squareRoot()
    }
  }

  /// The estimated fraction that does not conform beyond a limit, for a quality index.
  ///
  /// The minimum-variance unbiased estimate (Lieberman and Resnikoff, J. Am. Stat. Assoc. 50 (1955) 457; ANSI/ASQ Z1.9,
  /// tables B-5 and D-5): I_x(n/2 − 1, n/2 − 1) with x = ½ − Q·√n/(2(n − 1)), or Φ(−Q·√(n/(n − 1))) when σ is known. `count`
  /// values made the index, 3 or more when σ is unknown, 2 or more when it is known.
  public static func estimatedFraction(qualityIndex: Double, count: Int, sigma: SigmaKnowledge) -> Double {
    precondition(count >= (sigma == .unknown ? 3 : 2), "a quality index of \(count) values")
    let n = Double(count)
    switch sigma {
    case .known: return normalProbability(below: -qualityIndex * (n / (n - 1)).squareRoot())
    case .unknown:
      return regularisedIncompleteBeta(
        0.5 * n - 1, 0.5 * n - 1, at: 0.5 - 0.5 * qualityIndex * n.squareRoot() / (n - 1))
    }
  }

  /// The operating characteristic for one limit of a normal process.
  ///
  /// With σ unknown √n times the quality index has a noncentral t distribution of n − 1 degrees of freedom and the
  /// noncentrality z·√n, where z is the normal quantile of the fraction that conforms (Resnikoff and Lieberman, Tables
  /// of the Non-central t-Distribution, 1957); with σ known a normal one.
  public var operatingCharacteristic: OperatingCharacteristic {
    let root = Double(sampleSize).squareRoot()
    let (n, k, sigma) = (sampleSize, acceptabilityConstant, sigma)
    return OperatingCharacteristic(judgedFraction: lotSize.map { Double(n) / Double($0) } ?? 0) { fraction in
      guard fraction > 0, fraction < 1 else { return fraction > 0 ? 0 : 1 }
      let distance = -normalQuantile(fraction)
      guard sigma == .unknown, n > 1 else { return normalProbability(below: root * (distance - k)) }
      return noncentralStudentProbabilities(
        at: root * k, degreesOfFreedom: Double(n - 1), noncentrality: root * distance
      ).above
    }
  }
}
