// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certificates
import Certification
import Foundation
import Quantities
import Report
import TestSupport
import Testing

/// A content with everything that an inspection certificate 3.1 has.
private func full(_ samples: [ReportedSample], lot: String? = nil, language: Language = .english) throws
  -> CertificateContent
{
  var content = try content(samples, lot: lot, language: language)
  content.type = .inspectionCertificate
  content.supersedes = Superseded(
    number: "2025-0172", contentSHA256: String(repeating: "0011", count: 16), reason: "a wrong order number")
  content.delivery.manufacturer = Party(name: "Example Works")
  content.delivery.customer = Party(name: "Example Motors")
  content.delivery.order = Order(number: "PO-4711")
  content.delivery.order?.item = "10"
  content.delivery.product = Product(description: "Sintered magnet")
  content.delivery.product?.batch = "P-017"
  content.delivery.inspectionRepresentative = Person(name: "B. Inspector", position: "quality")
  content.lot?.acceptance = Acceptance(
    method: "z1.9", plan: "Plan of the test.", isAccepted: true, sentence: "A sentence.",
    statistics: [
      .init(name: "Ppk of HcJ", value: 1.4142, lower: 1.1, upper: 1.7), .init(name: "n", value: 3),
    ])
  return content
}

/// A number of the JSON rounded to so many decimals, in a unit of so many SI units; no value here is a tie.
private func rounded(_ number: Double, _ decimals: Int, per unit: Double = 1) -> String {
  String(format: "%.\(decimals)f", number / unit)
}

@Test(arguments: Language.allCases)
func theNumbersOfThePaperAreThoseOfTheJSON(_ language: Language) throws {
  let sample = Fixture.sample()
  let certificate = try Certificate(full([sample], language: language), documents: [])
  // What is compared is what a stranger reads from the file.
  let read = try ReadCertificate(reading: certificate.fileBytes).certificate.content
  let pdf = try CertificatePage(read, curves: [sample]).pdf()
  guard let text = try extractedText(pdf) else { return }
  let result = try #require(read.samples.first)
  for (key, decimals, unit) in [
    ("Br", 3, 1.0), ("HcB", 0, 1e3), ("HcJ", 0, 1e3), ("BHmax", 1, 1e3), ("squareness", 4, 1),
  ] {
    let value = try #require(result.quantities[key])
    let expanded = try #require(value.expandedUncertainty)
    let words = "\(rounded(value.value, decimals, per: unit)) ± \(rounded(expanded, decimals, per: unit))"
    #expect(text.contains(words), "“\(words)” is missing in\n\(text)")
    #expect(text.contains(rounded(value.coverageFactor ?? 0, 2)))
  }
  for decision in result.verdict?.characteristics ?? [] {
    let limit = try #require(decision.limit)
    let unit = decision.unit.rawValue == "T" ? 1.0 : 1e3
    let sign = decision.side == .minimum ? "≥" : "≤"
    let number = rounded(limit, decision.unit.rawValue == "T" ? 2 : 0, per: unit)
    #expect(text.contains("\(sign) \(number)"), "\(sign) \(number)")
  }
  let messages = try Messages(language)
  #expect(text.contains("93.70 %"))
  #expect(text.contains(messages(.remanence)))
  #expect(text.contains(messages(.conditionalPass)))
}

@Test(arguments: [
  (Language.english, "Inspection certificate 3.1 2025-0173"), (.chinese, "检验证书 3.1 2025-0173"),
  (.german, "Abnahmeprüfzeugnis 3.1 2025-0173"),
])
func aCertificateNamesEverythingThatTheStandardAsks(language: Language, title: String) throws {
  let samples = (1...3).map { Fixture.sample(id: "piece-\($0)") }
  let content = try full(samples, lot: "L7", language: language)
  for paper in PaperSize.allCases {
    let page = try CertificatePage(content, curves: samples, paper: paper, keyID: "00ff00ff")
    guard let text = try extractedText(try page.pdf()) else { return }
    let (digest, messages) = (Certificate.digest(of: content), try Messages(language))
    for words in [
      title, "2025-0172", String(repeating: "0011", count: 16), "a wrong order number", "Example Works",
      "Example Motors", "PO-4711", "Sintered magnet", "P-017", "B. Inspector", "00ff00ff", "piece-2",
      "Plan of the test.", "1.414", "1.1", "1.7", "lot-2025-041.h5", String(repeating: "8899", count: 16),
      messages(.accepted), messages(.page, ["page": "1", "count": "\(page.pageCount)"]),
    ] {
      #expect(text.contains(words), "“\(words)” is missing in\n\(text)")
    }
    // The hash of the content is on every page.
    #expect(text.components(separatedBy: digest).count == page.pageCount + 1)
  }
}

// A declaration of compliance is made only for what complies.
@Test func complianceIsDeclaredOnlyWhereEverythingConforms() throws {
  let messages = try Messages(.english)
  for (result, key) in [(Conformity.pass, Messages.Key.declarationConforms), (.fail, .declarationNot)] {
    let content = try full([Fixture.sample(verdict: Fixture.verdict(result))])
    guard let text = try extractedText(try CertificatePage(content).pdf()) else { return }
    #expect(text.contains(messages(key).prefix(60)), "\(text)")
  }
}

@Test func lettersAreLetterAndA4IsA4() throws {
  for (paper, box) in [(PaperSize.a4, "595.275"), (.letter, "612")] {
    let pdf = try CertificatePage(content([Fixture.sample()]), paper: paper).pdf()
    let text = String(decoding: pdf, as: UTF8.self)
    #expect(text.contains("/MediaBox [ 0 0 \(box)"), "\(paper)")
  }
}
