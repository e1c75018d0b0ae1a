// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

/// The content of a certificate as Digital Calibration Certificate (DCC) of the PTB, version 3.2.1, in XML.
///
/// Units are those of the Digital System of Units (D-SI), numbers have full precision.
public struct CalibrationCertificate: Sendable {
  /// The UTF-8 bytes of the document.
  public let bytes: [UInt8]

  /// What a content lacks of what every DCC must name, in words; empty when there can be one.
  public static func missing(in content: CertificateContent) -> [String] {
    func located(_ party: Party?) -> Bool { party?.city != nil || party?.country != nil }
    let needs: [(String, Bool)] = [
      ("a number", content.number != nil),
      ("a laboratory with its country", content.delivery.laboratory?.country != nil),
      ("a customer with a town or country", located(content.delivery.customer)),
      (
        "an operator or inspection representative",
        content.delivery.operatorName != nil || content.delivery.inspectionRepresentative != nil
      ),
      ("a result", !content.samples.isEmpty),
      (
        "the day of every measurement, in its file or stated",
        performed(content) != nil
      ),
    ]
    return needs.filter { !$0.1 }.map(\.0)
  }

  /// The DCC of a content; nil when it lacks what every DCC must name.
  ///
  /// Throws when the texts of the language are missing.
  public init?(_ content: CertificateContent) throws(CertificateError) {
    guard Self.missing(in: content).isEmpty else { return nil }
    let writer = CalibrationCertificateWriter(content: content, text: try Messages(content.language))
    bytes = writer.root.document
  }

  /// The first and the last day of measuring, as stated or else as the files say; nil when a file does not.
  fileprivate static func performed(_ content: CertificateContent) -> Period? {
    if let stated = content.delivery.performed { return stated }
    let days = content.samples.compactMap { day($0.source.measured) }.sorted()
    guard days.count == content.samples.count, let first = days.first, let last = days.last else {
      return nil
    }
    return Period(from: first, to: last)
  }

  /// The day of a time in ISO 8601.
  private static func day(_ time: String?) -> String? {
    guard let day = time?.prefix(10), day.count == 10 else { return nil }
    let isDay = day.utf8.enumerated().allSatisfy { place, byte in
      place == 4 || place == 7
        ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    return isDay ? String(day) : nil
  }
}

/// Elements in the order in which the schema of the DCC wants them.
private struct CalibrationCertificateWriter {
  let content: CertificateContent
  let text: Messages

  var root: XMLElement {
    XMLElement(
      "dcc:digitalCalibrationCertificate",
      [
        ("xmlns:dcc", "https://ptb.de/dcc"), ("xmlns:si", "https://ptb.de/si"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("xsi:schemaLocation", "https://ptb.de/dcc https://ptb.de/dcc/v3.2.1/dcc.xsd"),
        ("schemaVersion", "3.2.1"),
      ],
      [
        administrativeData,
        XMLElement("dcc:measurementResults", [], content.samples.map { measurementResult($0) }),
      ])
  }

  private func named(_ element: String, _ words: String, isEnglish: Bool = false) -> XMLElement {
    let language = isEnglish ? Language.english : content.language
    return XMLElement(
      element, [], [XMLElement("dcc:content", [("lang", language.rawValue)], text: words)])
  }

  private func plain(_ element: String, _ words: String?) -> XMLElement? {
    words.flatMap { $0.isEmpty ? nil : XMLElement(element, text: $0) }
  }

  // MARK: Administrative data

  private var administrativeData: XMLElement {
    let delivery = content.delivery
    var persons: [XMLElement] = []
    if let representative = delivery.inspectionRepresentative {
      persons.append(person(representative.name, role: representative.position, isMain: true))
    }
    if let name = delivery.operatorName {
      persons.append(person(name, role: text(.operatorName), isMain: persons.isEmpty))
    }
    let statements = content.decisionRules.map { rule in
      XMLElement(
        "dcc:statement", [],
        [
          named("dcc:name", text(.headingRule)), plain("dcc:norm", "ILAC-G8:09/2019"),
          named("dcc:declaration", rule.statement),
        ])
    }
    return XMLElement(
      "dcc:administrativeData", [],
      [
        XMLElement("dcc:dccSoftware", [], [software]), coreData,
        XMLElement("dcc:items", [], content.samples.map { item($0) }),
        XMLElement("dcc:calibrationLaboratory", [], [contact("dcc:contact", delivery.laboratory)]),
        XMLElement("dcc:respPersons", [], persons), contact("dcc:customer", delivery.customer),
        statements.isEmpty ? nil : XMLElement("dcc:statements", [], statements),
      ])
  }

  private var software: XMLElement {
    XMLElement(
      "dcc:software", [],
      [
        named("dcc:name", content.software.name), plain("dcc:release", content.software.version),
      ])
  }

  private var coreData: XMLElement {
    let days = CalibrationCertificate.performed(content)
    let replaced = content.supersedes.map { replaced in
      [
        XMLElement(
          "dcc:reportAmendedSubstituted", [],
          [
            plain("dcc:typeOfChange", "substituted"),
            plain("dcc:replacedUniqueIdentifier", replaced.number),
          ]),
        XMLElement(
          "dcc:previousReport", [],
          [
            named("dcc:referral", replaced.reason), plain("dcc:referralID", replaced.number),
            plain("dcc:procedure", "SHA-256"), plain("dcc:value", replaced.contentSHA256),
          ]),
      ]
    }
    return XMLElement(
      "dcc:coreData", [],
      [
        plain("dcc:countryCodeISO3166_1", content.delivery.laboratory?.country),
        plain("dcc:usedLangCodeISO639_1", content.language.rawValue),
        content.language == .english ? nil : plain("dcc:usedLangCodeISO639_1", Language.english.rawValue),
        plain("dcc:mandatoryLangCodeISO639_1", content.language.rawValue),
        plain("dcc:uniqueIdentifier", content.number), plain("dcc:beginPerformanceDate", days?.begin),
        plain("dcc:endPerformanceDate", days?.end), plain("dcc:performanceLocation", "laboratory"),
        plain("dcc:issueDate", String(content.issued.prefix(10))),
      ] + (replaced ?? []))
  }

  private func item(_ result: CertifiedResult) -> XMLElement {
    func identification(_ issuer: String, _ value: String?, _ name: Messages.Key) -> XMLElement? {
      value.map { value in
        XMLElement(
          "dcc:identification", [],
          [plain("dcc:issuer", issuer), plain("dcc:value", value), named("dcc:name", text(name))])
      }
    }
    return XMLElement(
      "dcc:item", [],
      [
        named("dcc:name", result.name),
        XMLElement(
          "dcc:identifications", [],
          [
            identification("calibrationLaboratory", result.name, .specimen),
            identification("manufacturer", content.lot?.name ?? result.sample.lot, .lot),
            identification("other", result.source.sha256, .columnDigest),
          ]),
      ])
  }

  private func contact(_ element: String, _ party: Party?) -> XMLElement? {
    party.map { party in
      XMLElement(
        element, [],
        [
          named("dcc:name", party.name),
          XMLElement(
            "dcc:location", [],
            [
              plain("dcc:city", party.city), plain("dcc:countryCode", party.country),
              plain("dcc:postCode", party.postalCode), plain("dcc:street", party.street),
            ]),
        ])
    }
  }

  private func person(_ name: String, role: String?, isMain: Bool) -> XMLElement {
    XMLElement(
      "dcc:respPerson", [],
      [
        XMLElement("dcc:person", [], [named("dcc:name", name)]), plain("dcc:role", role),
        plain("dcc:mainSigner", isMain ? "true" : "false"),
      ])
  }

  // MARK: Results

  private func measurementResult(_ result: CertifiedResult) -> XMLElement {
    let temperature = result.conditions.temperature.map { temperature in
      XMLElement(
        "dcc:influenceConditions", [],
        [
          XMLElement(
            "dcc:influenceCondition", [],
            [
              named("dcc:name", text(.temperature)),
              data(XMLElement("dcc:quantity", [], [real(temperature.value, .kelvin)])),
            ])
        ])
    }
    let methods = Set(result.quantities.values.map(\.method)).sorted().map { method in
      XMLElement("dcc:usedMethod", [], [named("dcc:name", method, isEnglish: true)])
    }
    let measured = results(result, result.quantities, isJudged: result.reduced == nil, at: nil)
    let reduced = result.reduced.map { reduced in
      results(result, reduced.quantities, isJudged: true, at: reduced.temperature?.value)
    }
    return XMLElement(
      "dcc:measurementResult", [],
      [
        named("dcc:name", result.name),
        methods.isEmpty ? nil : XMLElement("dcc:usedMethods", [], methods),
        XMLElement("dcc:usedSoftware", [], [software]), temperature,
        XMLElement("dcc:results", [], measured + (reduced ?? [])), verdict(result),
      ])
  }

  private func results(
    _ result: CertifiedResult, _ values: [String: CertifiedResult.Value], isJudged: Bool,
    at kelvin: Double?
  ) -> [XMLElement] {
    Characteristic.allCases.compactMap { characteristic in
      guard let value = values[characteristic.rawValue] else { return nil }
      let name = text.name(of: characteristic) ?? characteristic.rawValue
      let decisions = isJudged ? result.verdict?.characteristics ?? [] : []
      let metaData = decisions.filter { $0.quantity == characteristic }.compactMap { limit($0) }
      let words = kelvin.map {
        text(.atTemperature, ["quantity": name, "temperature": "\(ecmaScriptText(of: $0)) K"])
      }
      return XMLElement(
        "dcc:result", [],
        [
          named("dcc:name", words ?? name),
          data(
            XMLElement(
              "dcc:quantity", [],
              [
                real(value.value, value.unit, value),
                metaData.isEmpty ? nil : XMLElement("dcc:measurementMetaData", [], metaData),
              ])),
        ])
    }
  }

  private func data(_ element: XMLElement) -> XMLElement { XMLElement("dcc:data", [], [element]) }

  private func real(_ value: Double, _ unit: SIUnit, _ uncertain: CertifiedResult.Value? = nil) -> XMLElement
  {
    var uncertainty: XMLElement?
    if let expanded = uncertain?.expandedUncertainty, let k = uncertain?.coverageFactor,
      let probability = uncertain?.coverageProbability
    {
      uncertainty = XMLElement(
        "si:expandedUnc", [],
        [
          XMLElement("si:uncertainty", text: ecmaScriptText(of: expanded)),
          XMLElement("si:coverageFactor", text: ecmaScriptText(of: k)),
          XMLElement("si:coverageProbability", text: ecmaScriptText(of: probability)),
        ])
    }
    return XMLElement(
      "si:real", [],
      [
        XMLElement("si:value", text: ecmaScriptText(of: value)), XMLElement("si:unit", text: unit.digitalSI),
        uncertainty,
      ])
  }

  private func limit(_ decision: CertifiedResult.Judgement.Decision) -> XMLElement? {
    guard let limit = decision.limit else { return nil }
    let sign = decision.side == .minimum ? "≥" : "≤"
    return XMLElement(
      "dcc:metaData", [],
      [
        named("dcc:name", text(.columnLimit)),
        named(
          "dcc:declaration",
          "\(decision.quantity.rawValue) \(sign) \(ecmaScriptText(of: limit)) \(decision.unit.rawValue)"),
        plain("dcc:conformity", decision.result.calibrationWord),
      ])
  }

  private func verdict(_ result: CertifiedResult) -> XMLElement? {
    guard let verdict = result.verdict else { return nil }
    let words = text(.banner, ["result": text.words(verdict.result), "grade": verdict.grade])
    return XMLElement(
      "dcc:measurementMetaData", [],
      [
        XMLElement(
          "dcc:metaData", [],
          [
            named("dcc:name", text(.columnResult)),
            plain("dcc:reference", "\(verdict.table), \(verdict.edition)"), named("dcc:declaration", words),
            plain("dcc:conformity", verdict.result.calibrationWord),
          ])
      ])
  }
}

extension Conformity {
  /// The word of the DCC; nil for what it has no word for.
  fileprivate var calibrationWord: String? {
    switch self {
    case .pass: "pass"
    case .conditionalPass: "conditionalPass"
    case .conditionalFail: "conditionalFail"
    case .fail: "fail"
    case .undetermined: nil
    }
  }
}

extension SIUnit {
  /// The unit in the notation of the Digital System of Units.
  fileprivate var digitalSI: String {
    switch self {
    case .one: #"\one"#
    case .tesla: #"\tesla"#
    case .amperePerMetre: #"\ampere\metre\tothe{-1}"#
    case .joulePerCubicMetre: #"\joule\metre\tothe{-3}"#
    case .ampereSquareMetre: #"\ampere\metre\tothe{2}"#
    case .kelvin: #"\kelvin"#
    case .metre: #"\metre"#
    case .cubicMetre: #"\metre\tothe{3}"#
    case .kilogram: #"\kilogram"#
    case .kilogramPerCubicMetre: #"\kilogram\metre\tothe{-3}"#
    case .ampereSquareMetrePerKilogram: #"\ampere\metre\tothe{2}\kilogram\tothe{-1}"#
    case .second: #"\second"#
    case .volt: #"\volt"#
    case .ampere: #"\ampere"#
    case .squareMetre: #"\metre\tothe{2}"#
    case .hertz: #"\hertz"#
    case .perKelvin: #"\kelvin\tothe{-1}"#
    case .amperePerMetreSecond: #"\ampere\metre\tothe{-1}\second\tothe{-1}"#
    case .ohmMetre: #"\ohm\metre"#
    }
  }
}
