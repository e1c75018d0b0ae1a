// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
public import Drawing
internal import Measurements

/// What a test report says beside the results.
public struct TestReportDetails: Hashable, Sendable {
  /// When the report was made: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, with `Z` or `±hh:mm` behind if known.
  public var created: String
  /// The report's number.
  public var number: String?
  /// The laboratory's name and address.
  public var laboratory: String?
  /// Who measured.
  public var operatorName: String?
  /// For whom.
  public var customer: String?
  /// The name of the archive that holds raw data and results.
  public var archive: String?
  /// The archive's SHA-256 as hexadecimal digits.
  public var archiveSHA256: String?
  /// The program with its version.
  public var software: String?

  /// Details of which only the date is known.
  public init(created: String) { self.created = created }
}

/// A test report as PDF: results with uncertainty, limits, the decision rule in words, sources and the curve.
public struct CertificatePage: Sendable {
  private let pages: [Page]
  private let information: DocumentInformation

  /// The report of one specimen, or of a lot when there are several or files that failed.
  ///
  /// Throws when a text has no font; traps when there is neither a specimen nor a failure.
  public init(
    _ samples: [ReportedSample], failures: [ReportedFailure] = [], details: TestReportDetails,
    lot: String? = nil, units: DisplayUnits = .si
  ) throws(DrawingError) {
    precondition(!samples.isEmpty || !failures.isEmpty, "a test report without specimens")
    let title = ["Test report", details.number.map(printable)].compactMap { $0 }.joined(separator: " ")
    var flow = PageFlow()
    try flow.paragraph(title, TextStyle(size: 17, bold: true))
    try flow.paragraph("Magnetic properties of permanent-magnet material", TextStyle(size: 10))
    flow.skip(4)
    try flow.fields(details.words)
    if let sample = samples.first, samples.count == 1, failures.isEmpty {
      try flow.addReport(of: sample, units)
    } else {
      try flow.addReport(ofLot: lot, samples, failures, units)
    }
    try flow.addSources(samples, failures, details)
    pages = flow.finished(
      footer: [title, details.created.prefix(10).description, details.laboratory.map(printable)]
        .compactMap { $0 }.joined(separator: " · "))
    information = DocumentInformation(title: title, created: details.created)
  }

  /// The report as PDF; equal input and fonts give equal bytes.
  ///
  /// Throws when the date is malformed.
  public func pdf() throws(DrawingError) -> [UInt8] { try pdfDocument(pages, information) }

  /// How many pages the report has.
  public var pageCount: Int { pages.count }
}

extension TestReportDetails {
  fileprivate var words: [(name: String, text: String)] {
    let rows: [(String, String?)] = [
      ("date", created), ("laboratory", laboratory), ("customer", customer),
      ("operator", operatorName), ("software", software),
    ]
    return rows.compactMap { name, text in text.map { (name, printable($0)) } }
  }
}

extension PageFlow {
  fileprivate mutating func addReport(of sample: ReportedSample, _ units: DisplayUnits) throws(DrawingError) {
    try heading("Specimen and measurement")
    var rows: [(name: String, text: String)] = [("specimen", printable(sample.name))]
    if let lot = sample.sample.lot { rows.append(("lot", printable(lot.value))) }
    rows += sample.sample.words
    rows.append(("instrument", sample.source.instrumentWords))
    rows += sample.analysis.conditionWords(units)
    rows.append(("uncertainty budget", printable(sample.analysis.budgetName)))
    try fields(rows)

    try heading("Results")
    try addResults(of: sample, units)
    if let verdict = sample.verdict { try addVerdict(verdict) }
    if let grades = sample.grades {
      try paragraph("Grades met, best first: \(ReportedSample.list(grades)).")
    }
    try addRemarks(sample.analysis.flags.map(\.message) + sample.notes.map(\.message))
    if !sample.analysis.corrections.isEmpty {
      try heading("Corrections applied, in this order")
      for correction in sample.analysis.corrections { try paragraph(printable(correction.words)) }
    }
    try addPlot([sample], units)
  }

  private mutating func addResults(of sample: ReportedSample, _ units: DisplayUnits) throws(DrawingError) {
    let judged = sample.verdict != nil
    var columns = [
      TableColumn(title: "quantity", share: judged ? 0.33 : 0.5),
      TableColumn(title: "value", share: 0.09, isRight: true),
      TableColumn(title: "± U", share: 0.1, isRight: true),
      TableColumn(title: "unit", share: 0.07), TableColumn(title: "k", share: 0.05),
    ]
    if judged {
      columns += [
        TableColumn(title: "limit", share: 0.09), TableColumn(title: "result", share: 0.16),
        TableColumn(title: "conforms", share: 0.11, isRight: true),
      ]
    }
    var remarks: [String] = []
    let rows = (sample.resultRows(units) + sample.reducedRows(units)).map { row in
      if !row.remark.isEmpty { remarks.append("\(row.symbol): \(row.remark)") }
      let result =
        row.isContinuation
        ? ["", "", "", "", ""]
        : [
          "\(row.symbol), \(row.column.title)", row.value, row.uncertainty, row.column.unit.symbol,
          row.coverageFactor,
        ]
      return result + (judged ? [row.limit, row.result?.words ?? "", row.probability] : [])
    }
    try table(columns, rows)
    skip(2)
    try paragraph(
      "U is the expanded uncertainty with the coverage factor k for a coverage probability of "
        + "\(sample.coverageWords)." + (judged ? " “conforms” is the probability of conformity." : ""),
      Self.faint)
    for remark in remarks { try paragraph(remark, Self.faint) }
  }

  private mutating func addVerdict(_ verdict: Verdict) throws(DrawingError) {
    try banner("\(verdict.result.words.uppercased()) – grade \(printable(verdict.grade))")
    try paragraph("Limits: \(printable(verdict.tableWords)). \(verdict.confidenceSentence)")
    for reason in verdict.reasons { try paragraph(printable(reason)) }
    try paragraph(verdict.ruleStatement)
  }

  private mutating func addRemarks(_ messages: [String]) throws(DrawingError) {
    guard !messages.isEmpty else { return }
    try heading("Remarks")
    for message in messages { try paragraph("• " + printable(message)) }
  }

  private mutating func addPlot(_ samples: [ReportedSample], _ units: DisplayUnits) throws(DrawingError) {
    let plot = Diagram.page(samples, title: nil, units: units, width: width, height: 330)
    guard let plot else { return }
    skip(10)
    picture(plot)
  }

  fileprivate mutating func addReport(
    ofLot lot: String?, _ samples: [ReportedSample], _ failures: [ReportedFailure], _ units: DisplayUnits
  ) throws(DrawingError) {
    let summary = LotSummary(lot: lot, samples: samples, failures: failures)
    try heading("Results of the lot")
    if let worst = summary.worst {
      try banner("Worst result: \(worst.words.uppercased())")
    }
    try paragraph(printable(summary.words) + ".", Self.bold)
    let quantities = lotCharacteristics.map {
      TableColumn(
        title: Column($0, units).headingOnTwoLines, share: $0 == .squareness ? 0.14 : 0.12, isRight: true)
    }
    let rows = samples.map { sample in
      [printable(sample.name)] + sample.shortResults(units) + [
        sample.verdict?.result.words ?? "", printable(sample.verdict?.decidingWords(units) ?? ""),
      ]
    }
    if !rows.isEmpty {
      try table(
        [TableColumn(title: "specimen", share: 0.12)] + quantities
          + [TableColumn(title: "result", share: 0.13), TableColumn(title: "decided by", share: 0.25)], rows,
        size: 7)
      skip(2)
      try paragraph("Values ± expanded uncertainty U; coverage \(coverages(samples)).", Self.faint)
    }
    for failure in failures {
      try paragraph("\(printable(failure.source.path)): no result. \(printable(failure.sentence))")
    }
    var seen: [String] = []
    for verdict in samples.compactMap(\.verdict) {
      let words =
        "Grade \(printable(verdict.grade)): \(printable(verdict.tableWords)). \(verdict.confidenceSentence)"
      for text in [words, verdict.ruleStatement] where !seen.contains(text) {
        seen.append(text)
        try paragraph(text)
      }
    }
    try addRemarks(messagesWithNames(samples))
    try addPlot(samples, units)
  }

  private func coverages(_ samples: [ReportedSample]) -> String {
    samples.reduce(into: [String]()) { if !$0.contains($1.coverageWords) { $0.append($1.coverageWords) } }
      .joined(separator: ", ")
  }

  /// Each message once, with how many specimens it holds for.
  private func messagesWithNames(_ samples: [ReportedSample]) -> [String] {
    var names: [String: [String]] = [:]
    var order: [String] = []
    for sample in samples {
      for message in Set(sample.analysis.flags.map(\.message) + sample.notes.map(\.message)).sorted() {
        if names[message] == nil { order.append(message) }
        names[message, default: []].append(sample.name)
      }
    }
    return order.map { message in
      let who = names[message] ?? []
      if who.count == samples.count { return "All specimens: \(message)" }
      let listed = who.prefix(8).joined(separator: ", ")
      return (who.count > 8 ? "\(listed) and \(who.count - 8) more" : listed) + ": \(message)"
    }
  }

  fileprivate mutating func addSources(
    _ samples: [ReportedSample], _ failures: [ReportedFailure], _ details: TestReportDetails
  ) throws(DrawingError) {
    try heading("Sources")
    try table(
      [TableColumn(title: "file", share: 0.44), TableColumn(title: "SHA-256 of its bytes", share: 0.56)],
      (samples.map(\.source) + failures.map(\.source)).map { source in
        let loop = source.loopCount > 1 ? ", loop \(source.loopIndex) of \(source.loopCount)" : ""
        return [printable(source.path) + loop, source.sha256 ?? "–"]
      }, size: 6.8)
    skip(3)
    if let archive = details.archive {
      let hash = details.archiveSHA256.map { ", SHA-256 \(printable($0))" } ?? ""
      try paragraph("Raw data and results are in the archive \(printable(archive))\(hash).")
    }
    try paragraph(
      "The results hold for the specimens named, in the state and under the conditions in which they were measured.",
      Self.faint)
  }
}

extension Column {
  /// The symbol with its unit below.
  fileprivate var headingOnTwoLines: String { unit.symbol.isEmpty ? symbol : "\(symbol)\nin \(unit.symbol)" }
}

extension Verdict {
  /// A warning when the limits are not from a confirmed source; else nothing.
  fileprivate var confidenceSentence: String {
    confidence == "unchecked" ? "The limits have not been checked against their source." : ""
  }
}
