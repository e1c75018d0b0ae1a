// SPDX-License-Identifier: GPL-3.0-or-later
import Certificates
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a document, each with its parent, and how often it stands in one parent at most and at least.
private final class Structure: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    var children: [String] = []
    var text = ""
  }
  var open: [Element] = []
  var closed: [Element] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    if !open.isEmpty { open[open.count - 1].children.append(name) }
    open.append(Element(name: name))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    closed.append(open.removeLast())
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if !open.isEmpty { open[open.count - 1].text += text }
  }
}

private func structure(_ bytes: [UInt8]) throws -> [Structure.Element] {
  let parser = XMLParser(data: Data(bytes))
  let structure = Structure()
  parser.delegate = structure
  try #require(parser.parse(), "\(String(describing: parser.parserError))")
  return structure.closed
}

private func content() throws -> CertificateContent {
  var content = try Example.content()
  var laboratory = Party(name: "Labor <A> & \"B\"\u{1}")
  laboratory.country = "DE"
  laboratory.city = "Ort"
  content.delivery.laboratory = laboratory
  content.delivery.customer = laboratory
  content.delivery.operatorName = "A. Operator"
  content.delivery.inspectionRepresentative = Person(name: "B. Inspector", position: "quality")
  content.supersedes = Superseded(
    number: "MC-2026-0016", contentSHA256: String(repeating: "12", count: 32), reason: "a misprint")
  content.decisionRules = [
    StatedRule(id: "ilac-g8", guardBand: 1, largestSpecificRisk: 0.02275, statement: "The rule.")
  ]
  return content
}

/// The order of what a DCC 3.2.1 may have below each element, as far as certificates use it; * may stand again.
private let order: [String: [String]] = [
  "dcc:digitalCalibrationCertificate": ["dcc:administrativeData", "dcc:measurementResults"],
  "dcc:administrativeData": [
    "dcc:dccSoftware", "dcc:coreData", "dcc:items", "dcc:calibrationLaboratory", "dcc:respPersons",
    "dcc:customer",
    "dcc:statements",
  ],
  "dcc:dccSoftware": ["dcc:software*"], "dcc:usedSoftware": ["dcc:software*"],
  "dcc:software": ["dcc:name", "dcc:release"],
  "dcc:coreData": [
    "dcc:countryCodeISO3166_1", "dcc:usedLangCodeISO639_1*", "dcc:mandatoryLangCodeISO639_1*",
    "dcc:uniqueIdentifier", "dcc:beginPerformanceDate", "dcc:endPerformanceDate", "dcc:performanceLocation",
    "dcc:issueDate", "dcc:reportAmendedSubstituted", "dcc:previousReport",
  ],
  "dcc:reportAmendedSubstituted": ["dcc:typeOfChange", "dcc:replacedUniqueIdentifier"],
  "dcc:previousReport": ["dcc:referral", "dcc:referralID", "dcc:procedure", "dcc:value"],
  "dcc:items": ["dcc:item*"], "dcc:item": ["dcc:name", "dcc:identifications"],
  "dcc:identifications": ["dcc:identification*"],
  "dcc:identification": ["dcc:issuer", "dcc:value", "dcc:name"],
  "dcc:calibrationLaboratory": ["dcc:contact"], "dcc:contact": ["dcc:name", "dcc:location"],
  "dcc:customer": ["dcc:name", "dcc:location"],
  "dcc:location": ["dcc:city", "dcc:countryCode", "dcc:postCode", "dcc:street"],
  "dcc:respPersons": ["dcc:respPerson*"], "dcc:respPerson": ["dcc:person", "dcc:role", "dcc:mainSigner"],
  "dcc:person": ["dcc:name"], "dcc:statements": ["dcc:statement*"],
  "dcc:statement": ["dcc:name", "dcc:norm", "dcc:declaration"],
  "dcc:measurementResults": ["dcc:measurementResult*"],
  "dcc:measurementResult": [
    "dcc:name", "dcc:usedMethods", "dcc:usedSoftware", "dcc:influenceConditions", "dcc:results",
    "dcc:measurementMetaData",
  ],
  "dcc:usedMethods": ["dcc:usedMethod*"], "dcc:usedMethod": ["dcc:name"],
  "dcc:influenceConditions": ["dcc:influenceCondition*"],
  "dcc:influenceCondition": ["dcc:name", "dcc:data"], "dcc:results": ["dcc:result*"],
  "dcc:result": ["dcc:name", "dcc:data"], "dcc:data": ["dcc:quantity"],
  "dcc:quantity": ["si:real", "dcc:measurementMetaData"], "dcc:measurementMetaData": ["dcc:metaData*"],
  "dcc:metaData": ["dcc:name", "dcc:reference", "dcc:declaration", "dcc:conformity"],
  "dcc:name": ["dcc:content*"], "dcc:declaration": ["dcc:content*"], "dcc:referral": ["dcc:content*"],
  "si:real": ["si:value", "si:unit", "si:expandedUnc"],
  "si:expandedUnc": ["si:uncertainty", "si:coverageFactor", "si:coverageProbability"],
]

struct CalibrationCertificateTests {
  @Test func everyElementStandsWhereTheSchemaWantsIt() throws {
    let document = try #require(try CalibrationCertificate(content()))
    for element in try structure(document.bytes) {
      guard let rule = order[element.name] else {
        #expect(element.children.isEmpty, "\(element.name) has \(element.children)")
        #expect(!element.text.isEmpty, "\(element.name)")
        continue
      }
      #expect(!element.children.isEmpty, "\(element.name) is empty")
      var place = 0
      for child in element.children {
        while place < rule.count, rule[place] != child, rule[place] != child + "*" { place += 1 }
        #expect(place < rule.count, "\(child) in \(element.name)")
        guard place < rule.count else { break }
        if !rule[place].hasSuffix("*") { place += 1 }
      }
    }
  }

  // What the table of the schema says of the order used above; it is not part of the repository.
  @Test func theOrderIsThatOfTheSchema() throws {
    guard let url = Repository.shared("facts/dcc_structure.csv") else {
      print("passed over: there is no table of the structure of DCCs here")
      return
    }
    let table = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      .filter { $0.count == 6 && $0[5] == "3.2.1" }
    var typeOf = ["dcc:digitalCalibrationCertificate": ["digitalCalibrationCertificateType"]]
    for row in table where row[2].hasPrefix("dcc:") {
      typeOf["dcc:" + row[1], default: []].append(String(row[2].dropFirst(4)))
    }
    let names: Set = ["dcc:name", "dcc:declaration", "dcc:referral"]
    for (element, children) in order where element.hasPrefix("dcc:") && !names.contains(element) {
      let types = try #require(typeOf[element], "\(element)")
      let fitting = types.contains { type in
        let rows = table.filter { $0[0] == type }
        let allowed = rows.map { $0[1].contains(":") ? $0[1] : "dcc:" + $0[1] }
        let used = children.map { $0.replacing("*", with: "") }
        let places = used.compactMap(allowed.firstIndex(of:))
        let isChoice = ["locationType", "dataType", "quantityType"].contains(type)
        let required =
          isChoice
          ? []
          : rows.filter {
            $0[3] == "1" && !["valid", "validXMLList", "conformity", "conformityXMLList"].contains($0[1])
          }
        let repeated = zip(children, used).allSatisfy { child, name in
          !child.hasSuffix("*") || rows.contains { "dcc:" + $0[1] == name && $0[4] == "unbounded" }
        }
        return places.count == used.count && places == places.sorted() && repeated
          && required.allSatisfy { used.contains("dcc:" + $0[1]) }
      }
      #expect(fitting, "\(element): \(children) is none of \(types)")
    }
  }

  @Test func numbersAndUnitsAreThoseOfTheContent() throws {
    let elements = try structure(try #require(try CalibrationCertificate(content())).bytes)
    func texts(_ name: String) -> [String] { elements.filter { $0.name == name }.map(\.text) }
    #expect(texts("si:value") == ["296.15", "1.31237", "1600000"])
    #expect(texts("si:unit") == [#"\kelvin"#, #"\tesla"#, #"\ampere\metre\tothe{-1}"#])
    #expect(texts("si:uncertainty") == ["0.016", "16000"])
    #expect(texts("dcc:conformity") == ["conditionalPass", "conditionalPass"])
    #expect(texts("dcc:uniqueIdentifier") == ["MC-2026-0017"])
    #expect(texts("dcc:beginPerformanceDate") == ["2026-02-12"])
    #expect(texts("dcc:content").contains("Labor <A> & \"B\"\u{FFFD}"))
  }

  @Test func withoutWhatADCCMustNameThereIsNone() throws {
    #expect(try CalibrationCertificate(Example.content()) == nil)
    #expect(CalibrationCertificate.missing(in: try content()).isEmpty)
    var other = try content()
    other.number = nil
    other.samples[0].source.measured = "yesterday"
    #expect(CalibrationCertificate.missing(in: other).count == 2)
    #expect(try CalibrationCertificate(other) == nil)
  }

  @Test(arguments: Language.allCases) func everyLanguageIsNamed(_ language: Language) throws {
    var content = try content()
    content.language = language
    let document = try #require(try CalibrationCertificate(content))
    let text = String(decoding: document.bytes, as: UTF8.self)
    #expect(text.contains("<dcc:mandatoryLangCodeISO639_1>\(language.rawValue)<"))
    #expect(
      text.contains("<dcc:content lang=\"\(language.rawValue)\">\(try Messages(language)(.remanence))<"))
  }
}
