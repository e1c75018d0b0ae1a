// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
internal import Foundation
internal import TOMLText

/// The texts of certificates in one language, from the one file that holds them in all.
public struct Messages: Sendable {
  /// The name of a text; the raw value is its table in the file.
  public enum Key: String, Sendable, CaseIterable {
    case titleCertificate, titleReport, subtitleCertificate, subtitleReport, supersedes, headingDelivery
    case headingSpecimen, headingMeasurement, headingResults, headingLot, headingAcceptance, headingRule
    case headingRemarks, headingCorrections, headingSources, headingRelease, issued, laboratory
    case manufacturer, customer, order, orderWords, product, specification, drawing, dimensions, delivered
    case batch, condition, deliveryNote, performed, operatorName, software, specimen, lot, material, shape
    case cuboid, cylinder, sphere, ellipsoid, mass, density, volume, instrument, measured, temperature
    case notKnown, circuit, open, closed, demagnetisingFactor, noneApplied, field, internalField
    case appliedField, largestField, sweepRate, budget, fromUser, fromHeader, fromData, fromComputation
    case fromAssumption, remanence, coercivityHcB, coercivityHcJ, energyProduct, kneeField, squareness
    case recoilPermeability, maximumPolarisation, remanentMoment, atTemperature, columnQuantity
    case columnValue, columnUnit, columnLimit, columnResult, columnConforms, columnDecided, columnFile
    case columnDigest, inUnit, coverage, conformityNote, noValue, quotedRemark, pass, conditionalPass
    case conditionalFail, fail, undetermined, unjudged, failed, banner, bannerLot, limits, unchecked
    case uncheckedShort, gradesMet, noGrade, counts, countOf, fileFailed, accepted, undecided, rejected
    case confidenceInterval, statistic, ruleSimple, ruleGuardBand, ruleILACG8, ruleOther, ruleRisk
    case archive, loopOf, scope, englishTexts, everySpecimen, andMore, declarationConforms, declarationNot
    case representative, signed, notSigned, contentDigest, page
  }

  /// The language.
  public let language: Language
  private let texts: [String: String]

  /// The texts of a language; throws one sentence when the file is missing or lacks one.
  public init(_ language: Language) throws(CertificateError) {
    var texts: [String: String] = [:]
    let file = try Self.file.get()
    for key in Key.allCases {
      guard let text = file[key.rawValue]?[language.rawValue], !text.isEmpty else {
        throw CertificateError(
          .resources, "the text “\(key.rawValue)” is not there in \(language.rawValue); install magcert again"
        )
      }
      texts[key.rawValue] = text
    }
    self.language = language
    self.texts = texts
  }

  /// A text in which each name in braces is replaced by its value; traps when a name in it has none.
  public func callAsFunction(_ key: Key, _ values: [String: String] = [:]) -> String {
    guard let pattern = texts[key.rawValue] else { preconditionFailure("no text “\(key.rawValue)”") }
    var result = ""
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      guard let value = values[name] else {
        preconditionFailure("the text “\(key.rawValue)” needs “\(name)” beside \(values.keys.sorted())")
      }
      result += rest[..<open] + value
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The name of a characteristic; nil for one that certificates do not print.
  public func name(of characteristic: Characteristic) -> String? {
    switch characteristic {
    case .remanence: self(.remanence)
    case .coercivityHcB: self(.coercivityHcB)
    case .coercivityHcJ: self(.coercivityHcJ)
    case .energyProduct: self(.energyProduct)
    case .kneeField: self(.kneeField)
    case .squareness: self(.squareness)
    case .recoilPermeability: self(.recoilPermeability)
    case .maximumPolarisation: self(.maximumPolarisation)
    case .remanentMoment: self(.remanentMoment)
    case .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10,
      .switchingFieldWidth:
      nil
    }
  }

  /// The result of a decision in words.
  public func words(_ result: Conformity) -> String {
    switch result {
    case .pass: self(.pass)
    case .conditionalPass: self(.conditionalPass)
    case .conditionalFail: self(.conditionalFail)
    case .fail: self(.fail)
    case .undetermined: self(.undetermined)
    }
  }

  /// Every text by name and language.
  private static let file: Result<[String: [String: String]], CertificateError> = {
    guard let folder = Bundle.module.url(forResource: "Messages", withExtension: nil),
      let text = try? String(contentsOf: folder.appending(path: "messages.toml"), encoding: .utf8)
    else {
      return .failure(
        CertificateError(
          .resources, "the texts of certificates are missing beside the program; install it again"))
    }
    do { return .success(try decodeTOML([String: [String: String]].self, from: text)) } catch {
      return .failure(CertificateError(.resources, "the texts of certificates are damaged: \(error)"))
    }
  }()
}
