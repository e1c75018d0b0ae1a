// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certificates
import Certification
import Foundation
import Measurements
import Quantities
import Report
import TestSupport
import Testing

func content(
  _ samples: [ReportedSample], failures: [ReportedFailure] = [], lot: String? = nil,
  language: Language = .english
) throws -> CertificateContent {
  var content = try CertificateContent(
    of: samples, failures: failures, lot: lot, issued: "2025-02-13T09:00:00Z", language: language,
    software: Software(name: "magcert", version: "0.1.0"))
  content.number = "2025-0173"
  content.delivery.laboratory = Party(name: "Magnet Laboratory, Example Works")
  content.delivery.operatorName = "A. Operator"
  content.archive = ArchiveReference(
    name: "lot-2025-041.h5", sha256: String(repeating: "fedcba9876543210", count: 4),
    chainSHA256: String(repeating: "8899", count: 16))
  return content
}

func page(
  _ samples: [ReportedSample], failures: [ReportedFailure] = [], lot: String? = nil
) throws -> CertificatePage {
  try CertificatePage(content(samples, failures: failures, lot: lot), curves: samples)
}

@Test func aReportSaysWhatWasMeasuredHowItWasJudgedAndFromWhat() throws {
  let report = try page([Fixture.sample()])
  #expect(report.pageCount == 2)
  let pdf = try report.pdf()
  #expect(pdf.starts(with: Array("%PDF-".utf8)))
  guard let text = try extractedText(pdf) else { return }
  for words in [
    "Test report 2025-0173", "Magnet Laboratory, Example", "A. Operator", "magcert 0.1.0",
    "2025-02-13T09:00:00Z", "7A/µ-12", "2025-041", "quantum-design-vsm", "PPMS VSM", "23.0 °C", "N = 0.26826",
    "Br, remanence 1.312 ± 0.016 T 2.00 ≥ 1.28 pass > 99.99 %", "≤ 1.35 pass",
    "HcJ, coercivity of the polarisation 1624 ± 16 kA/m 2.00 ≥ 1592 pass",
    "330.9 ± 6.4 kJ/m³ 2.00 ≥ 326 conditional pass 93.70 %", "> 1500", "conditional pass – grade N42SH",
    "table consensus-ndfeb, edition 1", "ILAC-G8:09/2019", "w = 1·U", "2.28 %", "Conditional pass:",
    "specific risk", "default budget", "field-smoothing: step 120.5 A/m, window 5", "N40X (limits unchecked)",
    "coverage probability of 95.45 %", Fixture.sha256, "lot-2025-041.h5",
    String(repeating: "fedcba9876543210", count: 4), "page 1 of 2", "page 2 of 2", "internal field H in kA/m",
  ] {
    #expect(text.contains(words), "“\(words)” is missing in\n\(text)")
  }
}

@Test func aReportWithoutVerdictHasNoLimitsAndNoRule() throws {
  let sample = Fixture.sample(verdict: nil, grades: nil)
  let pdf = try page([sample]).pdf()
  guard let text = try extractedText(pdf) else { return }
  #expect(text.contains("1.312 ± 0.016 T"))
  for words in ["limit ", "Decision rule", "N42SH", "conforms"] {
    #expect(!text.contains(words), "“\(words)” is in\n\(text)")
  }
}

@Test func aLotReportNamesEverySampleEveryFailureAndEverySource() throws {
  var samples = (1...60).map { Fixture.sample(id: "specimen-\($0)") }
  samples[41].verdict = Fixture.verdict(.fail)
  for index in samples.indices { samples[index].source.path = "lot/file-\(index).dat" }
  let report = try page(samples, failures: [Fixture.failure], lot: "L7")
  guard let text = try extractedText(try report.pdf()) else { return }
  let words = Set(text.split(separator: " ").map(String.init))
  for number in 1...60 {
    #expect(words.contains("specimen-\(number)"))
    #expect(words.contains("lot/file-\(number - 1).dat"))
  }
  #expect(text.contains("Worst result: fail"))
  #expect(text.contains("61 specimens and files: 59 conditional pass, 1 fail, 1 no result."))
  #expect(text.contains("data/broken.dat: no result. “line 812"))
  // The rule is stated once, however many specimens were judged by it.
  #expect(text.components(separatedBy: "Decision rule “").count == 2)
}

@Test(arguments: [
  ("simple", 0.0, "4.2.1"), ("guard-band", 1.0, "at most 2.28 %"), ("guard-band", 0.8224, "at most 5.00 %"),
  ("ilac-g8", 1.0, "4.2.3"), ("house-rule", 0.5, "w = 0.5·U"),
])
func theRuleIsStatedInWords(rule: String, guardBand: Double, words: String) throws {
  let old = Fixture.verdict(.pass)
  let verdict = Verdict(
    grade: old.grade, table: old.table, edition: old.edition, confidence: "unchecked", rule: rule,
    guardBand: guardBand, result: .pass, reasons: ["A reason."], characteristics: old.characteristics)
  let pdf = try page([Fixture.sample(verdict: verdict)]).pdf()
  guard let text = try extractedText(pdf) else { return }
  #expect(text.contains("Decision rule “\(rule)”"))
  #expect(text.contains(words))
  #expect(text.contains("have not been checked against their source"))
  #expect(text.contains("A reason."))
}

@Test func theSameInputGivesTheSameBytes() throws {
  func documents() throws -> [[UInt8]] {
    let plot = try Plot([Fixture.sample()])
    return try [
      page([Fixture.sample()]).pdf(), plot.svg(), plot.png(),
      plot.pdf(created: "2025-02-13"),
    ]
  }
  #expect(try documents() == documents())
}

@Test func thePlotIsDrawnInEveryFormat() throws {
  let plot = try Plot([Fixture.sample()], title: "A title")
  #expect(String(decoding: try plot.svg(), as: UTF8.self).hasPrefix("<?xml"))
  #expect(try plot.png().starts(with: [0x89, 0x50, 0x4E, 0x47]))
  guard let text = try extractedText(plot.pdf(created: "2025-02-13")) else { return }
  for words in [
    "A title", "internal field H in kA/m", "HcJ = 1624 ± 16 kA/m", "HcB = 1012 ± 13 kA/m",
    "(BH)max = 330.9 ± 6.4 kJ/m³",
    "−1500", "1.4", "load line −B/(µ0·H)", "Hk > 1500 kA/m",
  ] {
    #expect(text.contains(words), "“\(words)” is missing in\n\(text)")
  }
}

@Test func thePlotOfALotSaysWhichCurvesDoNotConform() throws {
  let good = (0..<50).map { Fixture.sample(id: "\($0)", verdict: Fixture.verdict(.pass)) }
  let bad = Fixture.sample(id: "bad", verdict: Fixture.verdict(.fail))
  let (plot, worse) = try (Plot(good), Plot(good + [bad]))
  #expect(try plot.svg() != worse.svg())
  guard let text = try extractedText(plot.pdf(created: "2025-02-13")),
    let other = try extractedText(worse.pdf(created: "2025-02-13"))
  else { return }
  #expect(text.contains("50 samples: 50 pass"))
  #expect(!text.contains("does not conform"))
  #expect(other.contains("does not conform"))
}

@Test func aReportWithCharactersThatNoFontHasIsAnError() throws {
  // U+0378 is not assigned to any character.
  let error = #expect(throws: (any Error).self) {
    try page([Fixture.sample(id: "a\u{0378}")]).pdf()
  }
  #expect(error.map { "\($0)".contains("font") } == true)
}

@Test func aMalformedDateIsAnError() throws {
  var content = try content([Fixture.sample()])
  content.issued = "13.2.2025"
  let report = try CertificatePage(content)
  #expect(throws: (any Error).self) { try report.pdf() }
}

@Test func extremeTextsDoNotBreakThePages() throws {
  var sample = Fixture.sample(id: String(repeating: "long name ", count: 400))
  sample.source.path = String(repeating: "folder/", count: 300)
  sample.analysis.flags = (0..<120).map { Flag(.sparse, "remark number \($0)") }
  sample.analysis.properties.remanence = Estimate(
    value: Quantity(si: 1e300), budget: Fixture.budget(1e-3), method: "m")
  let report = try page([sample])
  guard let text = try extractedText(try report.pdf()) else { return }
  #expect(text.contains("remark number 119"))
  #expect(text.contains("page \(report.pageCount) of \(report.pageCount)"))
}
