// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Measurements
import Quantities
import Report
import TestSupport
import Testing

private func details() -> TestReportDetails {
  var details = TestReportDetails(created: "2025-02-13T09:00:00Z")
  details.number = "2025-0173"
  details.laboratory = "Magnet Laboratory, Example Works"
  details.operatorName = "A. Operator"
  details.archive = "lot-2025-041.h5"
  details.archiveSHA256 = String(repeating: "fedcba9876543210", count: 4)
  details.software = "magcert 0.1.0"
  return details
}

/// The text of a PDF by Poppler, blanks and line ends made single blanks; nil when Poppler is not installed.
private func extractedText(_ pdf: [UInt8]) throws -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  let tool = folders.map { URL(filePath: String($0)).appending(path: "pdftotext") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  guard let tool else {
    print("pdftotext is not installed: the text of the PDF was not looked at")
    return nil
  }
  let folder = try Repository.temporaryFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: "report.pdf")
  try Data(pdf).write(to: file)
  let process = Process()
  process.executableURL = tool
  process.arguments = ["-layout", "-enc", "UTF-8", file.path, "-"]
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.joined(separator: " ")
}

@Test func aReportSaysWhatWasMeasuredHowItWasJudgedAndFromWhat() throws {
  let report = try CertificatePage([Fixture.sample()], details: details())
  #expect(report.pageCount == 2)
  let pdf = try report.pdf()
  #expect(pdf.starts(with: Array("%PDF-".utf8)))
  guard let text = try extractedText(pdf) else { return }
  for words in [
    "Test report 2025-0173", "Magnet Laboratory, Example Works", "A. Operator", "magcert 0.1.0",
    "2025-02-13T09:00:00Z", "7A/µ-12", "2025-041", "quantum-design-vsm (PPMS", "23.0 °C", "N = 0.26826",
    "Br, remanence 1.312 ± 0.016 T 2.00 ≥ 1.28 pass > 99.99 %", "≤ 1.35 pass",
    "HcJ, coercivity of the polarisation 1624 ± 16 kA/m 2.00 ≥ 1592 pass",
    "330.9 ± 6.4 kJ/m³ 2.00 ≥ 326 conditional pass 93.70 %", "> 1500", "CONDITIONAL PASS – grade N42SH",
    "table consensus-ndfeb, edition 1", "ILAC-G8:09/2019", "w = 1·U", "2.28 %", "Conditional pass:",
    "specific risk", "default budget", "field-smoothing: window 5, step 120.5 A/m", "limits unchecked",
    "coverage probability of 95.45 %", Fixture.sha256, "lot-2025-041.h5",
    String(repeating: "fedcba9876543210", count: 4), "page 1 of 2", "page 2 of 2", "internal field H in kA/m",
  ] {
    #expect(text.contains(words), "“\(words)” is missing in\n\(text)")
  }
}

@Test func aReportWithoutVerdictHasNoLimitsAndNoRule() throws {
  let sample = Fixture.sample(verdict: nil, grades: nil)
  let pdf = try CertificatePage([sample], details: TestReportDetails(created: "2025-02-13")).pdf()
  guard let text = try extractedText(pdf) else { return }
  #expect(text.contains("1.312 ± 0.016 T"))
  for words in ["limit ", "Decision rule", "PASS", "FAIL", "conforms"] {
    #expect(!text.contains(words), "“\(words)” is in\n\(text)")
  }
}

@Test func aLotReportNamesEverySampleEveryFailureAndEverySource() throws {
  var samples = (1...60).map { Fixture.sample(id: "specimen-\($0)") }
  samples[41].verdict = Fixture.verdict(.fail)
  for index in samples.indices { samples[index].source.path = "lot/file-\(index).dat" }
  let report = try CertificatePage(samples, failures: [Fixture.failure], details: details(), lot: "L7")
  guard let text = try extractedText(try report.pdf()) else { return }
  let words = Set(text.split(separator: " ").map(String.init))
  for number in 1...60 {
    #expect(words.contains("specimen-\(number)"))
    #expect(words.contains("lot/file-\(number - 1).dat"))
  }
  #expect(text.contains("Worst result: FAIL"))
  #expect(text.contains("lot L7: 60 samples: 59 conditional pass, 1 fail; 1 file gave no result"))
  #expect(text.contains("data/broken.dat: no result. line 812"))
  // The rule is stated once, however many specimens were judged by it.
  #expect(text.components(separatedBy: "Decision rule").count == 2)
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
  let pdf = try CertificatePage([Fixture.sample(verdict: verdict)], details: details()).pdf()
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
      CertificatePage([Fixture.sample()], details: details()).pdf(), plot.svg(), plot.png(),
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
    try CertificatePage([Fixture.sample(id: "a\u{0378}")], details: details()).pdf()
  }
  #expect(error.map { "\($0)".contains("font") } == true)
}

@Test func aMalformedDateIsAnError() throws {
  let report = try CertificatePage([Fixture.sample()], details: TestReportDetails(created: "13.2.2025"))
  #expect(throws: (any Error).self) { try report.pdf() }
}

@Test func extremeTextsDoNotBreakThePages() throws {
  var sample = Fixture.sample(id: String(repeating: "long name ", count: 400))
  sample.source.path = String(repeating: "folder/", count: 300)
  sample.analysis.flags = (0..<120).map { Flag(.sparse, "remark number \($0)") }
  sample.analysis.properties.remanence = Estimate(
    value: Quantity(si: 1e300), budget: Fixture.budget(1e-3), method: "m")
  let report = try CertificatePage([sample], details: details())
  guard let text = try extractedText(try report.pdf()) else { return }
  #expect(text.contains("remark number 119"))
  #expect(text.contains("page \(report.pageCount) of \(report.pageCount)"))
}
