// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certificates
internal import Certification
public import Drawing

/// A certificate as PDF, printed from the content that its JSON holds, so that the two say the same.
public struct CertificatePage: Sendable {
  private let pages: [Page]
  private let information: DocumentInformation

  /// The paper of a content, with the demagnetisation curves of `samples` where they are given.
  ///
  /// `keyID` names the key that the certificate is going to be signed with. Throws a `DrawingError` when a text has no
  /// font and a `CertificateError` when the texts of the language are missing; traps when there is neither a specimen
  /// nor a failure.
  public init(
    _ content: CertificateContent, curves samples: [ReportedSample] = [], paper: PaperSize = .a4,
    keyID: String? = nil
  ) throws {
    precondition(!content.samples.isEmpty || !content.failures.isEmpty, "a certificate without specimens")
    let text = try Messages(content.language)
    let words = CertificateWords(text: text, units: content.units.display)
    let isCertificate = content.type == .inspectionCertificate
    let title = [text(isCertificate ? .titleCertificate : .titleReport), content.number.map(printable)]
      .compactMap(\.self).joined(separator: " ")
    var flow = PageFlow(paper)
    try flow.paragraph(title, TextStyle(size: 17, bold: true))
    try flow.paragraph(text(isCertificate ? .subtitleCertificate : .subtitleReport), TextStyle(size: 10))
    if let replaced = content.supersedes {
      try flow.paragraph(
        text(
          .supersedes,
          [
            "number": printable(replaced.number), "digest": printable(replaced.contentSHA256),
            "reason": printable(replaced.reason),
          ]), PageFlow.bold)
    }
    flow.skip(4)
    let software = "\(content.software.name) \(content.software.version)"
    try flow.fields(words.fields([(.issued, content.issued), (.software, software)]))
    let delivery = words.fields(content.delivery)
    if !delivery.isEmpty {
      try flow.heading(text(.headingDelivery))
      try flow.fields(delivery)
    }
    if let result = content.samples.first, content.samples.count == 1, content.failures.isEmpty {
      try flow.addResults(of: result, words)
    } else {
      try flow.addResults(ofLot: content, words)
    }
    try flow.addAcceptance(content.lot?.acceptance, words)
    try flow.addRules(content, words)
    try flow.addRemarks(content, words)
    try flow.addCorrections(content, words)
    let plot = Diagram.page(samples, title: nil, units: words.units, width: flow.width, height: 330)
    if let plot {
      flow.skip(10)
      flow.picture(plot)
    }
    try flow.addSources(content, words)
    try flow.addRelease(content, keyID: keyID, words)
    let digest = text(.contentDigest, ["digest": Certificate.digest(of: content)])
    pages = flow.finished(
      footer: [title, content.issued.prefix(10).description, digest].joined(separator: " · "),
      number: { text(.page, ["page": "\($0)", "count": "\($1)"]) })
    information = DocumentInformation(title: title, created: content.issued)
  }

  /// The paper as PDF; equal input and fonts give equal bytes.
  ///
  /// Throws when the date is malformed.
  public func pdf() throws(DrawingError) -> [UInt8] { try pdfDocument(pages, information) }

  /// How many pages there are.
  public var pageCount: Int { pages.count }
}

extension PageFlow {
  fileprivate mutating func addResults(of result: CertifiedResult, _ words: CertificateWords)
    throws(DrawingError)
  {
    let text = words.text
    try heading(text(.headingSpecimen))
    try fields(words.fields(result))
    try heading(text(.headingResults))
    let judged = result.verdict != nil
    var columns = [
      TableColumn(title: text(.columnQuantity), share: judged ? 0.33 : 0.5),
      TableColumn(title: text(.columnValue), share: 0.09, isRight: true),
      TableColumn(title: "± U", share: 0.1, isRight: true),
      TableColumn(title: text(.columnUnit), share: 0.07), TableColumn(title: "k", share: 0.05),
    ]
    if judged {
      columns += [
        TableColumn(title: text(.columnLimit), share: 0.09),
        TableColumn(title: text(.columnResult), share: 0.16),
        TableColumn(title: text(.columnConforms), share: 0.11, isRight: true),
      ]
    }
    let rows = result.rows(words.units)
    try table(
      columns,
      rows.map { row in
        let value =
          row.isContinuation
          ? ["", "", "", "", ""]
          : [words.title(row), row.value, row.uncertainty, row.column.unit.symbol, row.coverageFactor]
        return value + (judged ? [row.limit, row.result.map(words.text.words) ?? "", row.probability] : [])
      })
    skip(2)
    try addNotes([result], words)
    for row in rows where !row.remark.isEmpty {
      let key: Messages.Key = row.value == "–" || row.value.hasPrefix(">") ? .noValue : .quotedRemark
      try paragraph(text(key, ["quantity": row.symbol, "reason": row.remark]), Self.faint)
    }
    if let verdict = result.verdict {
      try banner(
        text(.banner, ["result": words.text.words(verdict.result), "grade": printable(verdict.grade)]))
      for reason in verdict.reasons { try paragraph("“\(printable(reason))”") }
    }
    guard let grades = result.gradeResults else { return }
    guard !grades.isEmpty else {
      try paragraph(text(.noGrade))
      return
    }
    let met = grades.map { grade in
      let limits = [
        grade.result == .pass ? nil : text.words(grade.result),
        grade.confidence == "unchecked" ? text(.uncheckedShort) : nil,
      ].compactMap(\.self)
      return printable(grade.name) + (limits.isEmpty ? "" : " (\(limits.joined(separator: ", ")))")
    }
    try paragraph(text(.gradesMet, ["grades": met.joined(separator: ", ")]))
  }

  private mutating func addNotes(_ results: [CertifiedResult], _ words: CertificateWords) throws(DrawingError)
  {
    let probabilities = words.once(results.flatMap(\.coverageWords)) ?? "–"
    var note = words.text(.coverage, ["probability": probabilities])
    if results.contains(where: { $0.verdict != nil }) { note += " " + words.text(.conformityNote) }
    try paragraph(note, Self.faint)
  }

  fileprivate mutating func addResults(ofLot content: CertificateContent, _ words: CertificateWords)
    throws(DrawingError)
  {
    let text = words.text
    if !content.samples.isEmpty {
      try heading(text(.headingMeasurement))
      try fields(words.fields([(.lot, content.lot?.name)]) + words.fields(content.samples))
    }
    try heading(text(.headingLot))
    if let worst = content.lot?.worst { try banner(text(.bannerLot, ["result": words.text.words(worst)])) }
    if let lot = content.lot {
      let order = Conformity.allCases.map(\.rawValue) + ["unjudged", "failed"]
      let counts = order.compactMap { key in
        lot.counts[key].map { text(.countOf, ["count": "\($0)", "result": words.words(count: key)]) }
      }
      let total = lot.counts.values.reduce(0, +)
      try paragraph(
        text(.counts, ["total": "\(total)", "counts": counts.joined(separator: ", ")]), Self.bold)
    }
    if !content.samples.isEmpty {
      let quantities = lotCharacteristics.map { characteristic in
        let column = Column(characteristic, words.units)
        let unit = column.unit.symbol
        return TableColumn(
          title: unit.isEmpty ? column.symbol : text(.inUnit, ["quantity": column.symbol, "unit": unit]),
          // “1.324 ± 0.012” and “0.9300 ± 0.0031” in one line.
          share: [.remanence: 0.125, .squareness: 0.155][characteristic] ?? 0.11, isRight: true)
      }
      try table(
        [TableColumn(title: text(.specimen), share: 0.11)] + quantities
          + [
            TableColumn(title: text(.columnResult), share: 0.115),
            TableColumn(title: text(.columnDecided), share: 0.275),
          ],
        content.samples.map { result in
          [printable(result.name)] + result.rows(words.units).shortResults + [
            result.verdict.map { words.text.words($0.result) } ?? "",
            printable(result.verdict?.decidingWords(words.units) ?? ""),
          ]
        }, size: 7)
      skip(2)
      try addNotes(content.samples, words)
    }
    for failure in content.failures {
      let place = [failure.error.line.map { "line \($0)" }, failure.error.column.map { "column \($0)" }]
        .compactMap(\.self)
      let reason = (place + [failure.error.message]).joined(separator: ": ")
      try paragraph(
        text(.fileFailed, ["file": printable(failure.source.path), "reason": printable(reason)]))
    }
  }

  fileprivate mutating func addAcceptance(_ acceptance: Acceptance?, _ words: CertificateWords)
    throws(DrawingError)
  {
    guard let acceptance else { return }
    let text = words.text
    try heading(text(.headingAcceptance))
    try paragraph(text(acceptance.isAccepted.map { $0 ? .accepted : .rejected } ?? .undecided), Self.bold)
    try paragraph(printable(acceptance.plan))
    try paragraph(printable(acceptance.sentence))
    for statistic in acceptance.statistics {
      var values = ["name": printable(statistic.name), "value": shortText(statistic.value, significant: 4)]
      guard let lower = statistic.lower, let upper = statistic.upper else {
        try paragraph(text(.statistic, values))
        continue
      }
      values["lower"] = shortText(lower, significant: 4)
      values["upper"] = shortText(upper, significant: 4)
      try paragraph(text(.confidenceInterval, values))
    }
  }

  /// The limits with how far they can be trusted, and each decision rule with its risk, all once.
  fileprivate mutating func addRules(_ content: CertificateContent, _ words: CertificateWords)
    throws(DrawingError)
  {
    let verdicts = content.samples.compactMap(\.verdict)
    guard !verdicts.isEmpty else { return }
    let text = words.text
    try heading(text(.headingRule))
    var seen: [String] = []
    for verdict in verdicts {
      var limits = text(
        .limits,
        [
          "grade": printable(verdict.grade), "table": printable(verdict.table),
          "edition": printable(verdict.edition), "confidence": printable(verdict.confidence),
        ])
      if verdict.confidence == "unchecked" { limits += " " + text(.unchecked) }
      if !seen.contains(limits) {
        seen.append(limits)
        try paragraph(limits)
      }
    }
    for rule in content.decisionRules { try paragraph(rule.statement) }
  }

  /// Each remark once, with the specimens it holds for when these are several.
  fileprivate mutating func addRemarks(_ content: CertificateContent, _ words: CertificateWords)
    throws(DrawingError)
  {
    let remarks = content.samples.map { result in
      (result.name, (result.flags + result.notes).map(\.message))
    }
    guard remarks.contains(where: { !$0.1.isEmpty }) else { return }
    try heading(words.text(.headingRemarks))
    try paragraph(words.text(.englishTexts), Self.faint)
    for (message, names) in Self.grouped(remarks) {
      let who = content.samples.count == 1 ? "" : words.whose(names, of: content.samples.count) + ": "
      try paragraph("• \(who)\(printable(message))")
    }
  }

  fileprivate mutating func addCorrections(_ content: CertificateContent, _ words: CertificateWords)
    throws(DrawingError)
  {
    let single = content.samples.count == 1
    let corrections = content.samples.map { result in
      (result.name, result.corrections.map { single ? $0.words : $0.id })
    }
    guard corrections.contains(where: { !$0.1.isEmpty }) else { return }
    try heading(words.text(.headingCorrections))
    for (correction, names) in Self.grouped(corrections) {
      let who = single ? "" : words.whose(names, of: content.samples.count) + ": "
      try paragraph(who + printable(correction))
    }
  }

  /// Each text once, in order of appearance, with the names it belongs to.
  private static func grouped(_ texts: [(String, [String])]) -> [(String, [String])] {
    var names: [String: [String]] = [:]
    var order: [String] = []
    for (name, words) in texts {
      for word in words where names[word]?.last != name {
        if names[word] == nil { order.append(word) }
        names[word, default: []].append(name)
      }
    }
    return order.map { ($0, names[$0] ?? []) }
  }

  fileprivate mutating func addSources(_ content: CertificateContent, _ words: CertificateWords)
    throws(DrawingError)
  {
    let text = words.text
    try heading(text(.headingSources))
    try table(
      [
        TableColumn(title: text(.columnFile), share: 0.44),
        TableColumn(title: text(.columnDigest), share: 0.56),
      ],
      (content.samples.map(\.source) + content.failures.map(\.source)).map { source in
        let file = printable(source.path)
        let loop = source.loop.map {
          text(.loopOf, ["file": file, "index": "\($0.index)", "count": "\($0.count)"])
        }
        return [loop ?? file, source.sha256 ?? "–"]
      }, size: 6.8)
    skip(3)
    if let archive = content.archive {
      try paragraph(
        text(
          .archive,
          [
            "name": printable(archive.name), "digest": archive.sha256, "chain": archive.chainSHA256,
          ]))
    }
    try paragraph(text(.scope), Self.faint)
  }

  /// Who answers for the document, and how it can be checked.
  fileprivate mutating func addRelease(
    _ content: CertificateContent, keyID: String?, _ words: CertificateWords
  ) throws(DrawingError) {
    let text = words.text
    guard content.type == .inspectionCertificate || keyID != nil else { return }
    try heading(text(.headingRelease))
    if content.type == .inspectionCertificate {
      try paragraph(text(content.conforms ? .declarationConforms : .declarationNot))
      if let person = content.delivery.inspectionRepresentative {
        let name = [person.name, person.position].compactMap(\.self).joined(separator: ", ")
        try paragraph(text(.representative, ["name": printable(name)]), Self.bold)
      }
    }
    try paragraph(keyID.map { text(.signed, ["key": $0]) } ?? text(.notSigned))
  }
}

extension CertificateContent {
  /// Whether everything was judged and conforms, and the lot, where it was judged, is accepted.
  fileprivate var conforms: Bool {
    failures.isEmpty && lot?.acceptance.map({ $0.isAccepted == true }) ?? true
      && samples.allSatisfy { $0.verdict?.result.conforms ?? false }
  }
}

extension CertificateWords {
  /// Which of so many specimens.
  fileprivate func whose(_ names: [String], of total: Int) -> String {
    guard names.count < total else { return text(.everySpecimen) }
    let listed = printable(names.prefix(8).joined(separator: ", "))
    return names.count > 8 ? text(.andMore, ["names": listed, "count": "\(names.count - 8)"]) : listed
  }
}

extension CertifiedResult.Correction {
  /// The correction with its parameters: `field-smoothing: step 120 A/m, window 5`.
  fileprivate var words: String {
    let parts = parameters.sorted { $0.key < $1.key }.map { name, number in
      let unit = number.unit.forPeople
      return "\(name) \(shortText(number.value))" + (unit.isEmpty ? "" : " \(unit)")
    }
    return parts.isEmpty ? id : "\(id): \(parts.joined(separator: ", "))"
  }
}
