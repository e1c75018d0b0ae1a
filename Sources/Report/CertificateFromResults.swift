// SPDX-License-Identifier: GPL-3.0-or-later
public import Certificates
internal import Analysis
internal import Certification
internal import Measurements

extension CertificateContent {
  /// The content that results give; parties, number and archive are stated by others.
  ///
  /// The numbers are those of the results' own JSON lines. Throws when a line is no result, or the texts of the language
  /// are missing.
  public init(
    of samples: [ReportedSample], failures: [ReportedFailure] = [], lot: String? = nil, issued: String,
    language: Language = .english, units: DisplayUnits = .si, software: Software
  ) throws(CertificateError) {
    let text = try Messages(language)
    self.init(
      issued: issued, language: language, units: units == .si ? .si : .cgs, software: software,
      samples: try samples.map { sample throws(CertificateError) in
        try CertifiedResult(record: sample.jsonLine())
      },
      failures: try failures.map { failure throws(CertificateError) in
        try CertifiedFailure(record: failure.jsonLine())
      })
    if lot != nil || samples.count + failures.count > 1 {
      let summary = LotSummary(lot: lot, samples: samples, failures: failures)
      var counts = Dictionary(uniqueKeysWithValues: summary.counts.map { ($0.key.rawValue, $0.value) })
      if summary.unjudged > 0 { counts["unjudged"] = summary.unjudged }
      if summary.failed > 0 { counts["failed"] = summary.failed }
      self.lot = Lot(name: lot, counts: counts, worst: summary.worst)
    }
    for sample in samples {
      guard let verdict = sample.verdict else { continue }
      let rule = StatedRule(
        rule: verdict.rule, guardBand: verdict.guardBand, coverage: sample.analysis.coverageProbability,
        in: text)
      if !decisionRules.contains(rule) { decisionRules.append(rule) }
    }
  }
}

extension PaperUnits {
  var display: DisplayUnits { self == .si ? .si : .cgs }
}
