// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certificates
internal import Certification
internal import LotStatistics

extension LotPage {
  /// The page, which needs nothing but itself: no other file, no network, and a program for its table alone.
  ///
  /// HTML that is well-formed as XML, too. `report` is that of a lot that was judged by a plan.
  public func html(report: LotReport? = nil, origin: LotPageOrigin) -> String {
    let title = lot.map { "Lot \($0)" } ?? "Lot without a name"
    var page = Markup()
    page.element("html", ["lang": "en"]) { html in
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["http-equiv": "Content-Security-Policy", "content": LotPageStyle.securityPolicy])
        head.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.empty("meta", ["name": "color-scheme", "content": "light dark"])
        head.element("title", "\(title) – \(origin.software.name)")
        head.verbatim("style", LotPageStyle.sheet)
      }
      html.element("body") { body in
        body.element("header") { header in
          header.element("h1", title)
          writeDecision(report, &header)
          writeFacts(origin, &header)
        }
        body.element("main") { main in
          writeCounts(&main)
          writeStatistics(&main)
          writeDiagrams(&main)
          writeOverlay(&main)
          writePieces(origin, &main)
        }
        body.verbatim("script", LotPageStyle.program)
      }
    }
    return "<!DOCTYPE html>\n" + page.source
  }

  private func writeDecision(_ report: LotReport?, _ page: inout Markup) {
    if let verdict = report?.verdict {
      page.element("p", ["class": "decision \(verdict.result.rawValue)"]) {
        $0.text("Lot \(verdict.words)")
      }
      page.element("p", verdict.plan.words)
      if let reason = report?.severityReason { page.element("p", "Inspection is \(reason).") }
      for reason in verdict.reasons { page.element("p", reason) }
    } else if let worst = summary.worst {
      page.element("p", ["class": "decision \(worst.rawValue)"], "Worst result: \(worst.words)")
      page.element("p", "No sampling plan was given: the pieces were judged, not the lot.")
    } else {
      page.element("p", "The pieces were not judged against a grade.")
    }
  }

  private func writeFacts(_ origin: LotPageOrigin, _ page: inout Markup) {
    var facts: [(String, String)] = []
    if let judged {
      facts += [("Grade", judged.grade), ("Limits", judged.tableWords), ("Decision", judged.ruleWords)]
    }
    if let referenceTemperature { facts.append(("Values", "reduced to \(celsius(referenceTemperature))")) }
    facts.append(("Made", "\(origin.created) by \(origin.software.name) \(origin.software.version)"))
    if let archive = origin.archive { facts.append(("Archive", archive)) }
    if let chain = origin.archiveChain { facts.append(("Digest of its rows", chain)) }
    page.element("dl") { list in
      for (name, words) in facts {
        // A digest has 64 digits.
        list.element("div", words.count < 60 ? [:] : ["class": "wide"]) {
          $0.element("dt", name)
          $0.element("dd", words)
        }
      }
    }
  }

  private func writeCounts(_ page: inout Markup) {
    var counts: [(name: String, kind: String, count: Int)] = Conformity.allCases.compactMap { result in
      summary.counts[result].map { (result.words, result.rawValue, $0) }
    }
    if summary.unjudged > 0 { counts.append(("not judged", "unjudged", summary.unjudged)) }
    if summary.failed > 0 { counts.append(("no result", "unread", summary.failed)) }
    page.element("table", ["class": "small"]) { table in
      table.element("caption", "Pieces by verdict")
      table.writeHead(["verdict", "pieces", "share"])
      table.element("tbody") { body in
        for entry in counts {
          body.element("tr") { row in
            row.element("th", ["scope": "row", "class": entry.kind], entry.name)
            row.element("td", "\(entry.count)")
            row.element("td", percent(Double(entry.count) / Double(summary.total)))
          }
        }
        body.element("tr") { row in
          row.element("th", ["scope": "row"], "all")
          row.element("td", "\(summary.total)")
          row.element("td", summary.total > 0 ? percent(1) : "–")
        }
      }
    }
  }

  private func writeStatistics(_ page: inout Markup) {
    let rows = shown.compactMap { statistics(of: $0) }
    guard !rows.isEmpty else {
      page.element("p", "There are no statistics: they need two pieces with a value.")
      return
    }
    page.element("table", ["id": "statistics"]) { table in
      table.element("caption", "Statistics")
      table.writeHead([
        "quantity", "n", "mean", "s", "least", "largest", "u", "limits", "Ppk", "95 % CI", "95/95 limit",
      ])
      table.element("tbody") { body in
        for row in rows {
          body.element("tr", ["data-quantity": row.characteristic.rawValue]) { line in
            line.element("th", ["scope": "row"], Column(row.characteristic, units).headingWithUnit)
            for (number, words) in row.cells(units) {
              line.element("td", Markup.value(number), words)
            }
          }
        }
      }
    }
    page.element(
      "p", ["class": "note"],
      "s is the standard deviation of the values and holds the spread of the measurement, u the root mean square of "
        + "the standard uncertainties. The 95/95 limit bounds 95 % of the pieces with 95 % confidence, Ppk has a two-sided "
        + "confidence interval; both take the values as normally distributed.")
  }

  private func writePieces(_ origin: LotPageOrigin, _ page: inout Markup) {
    let entries = pieces.entries
    page.element("h2", "Pieces")
    if entries.count < summary.total {
      let place = origin.archive.map { "the archive \($0)" } ?? "the run's JSON output"
      page.element(
        "p",
        "The table holds the worst \(entries.count) of \(summary.total) pieces; all of them are in \(place).")
    }
    guard !entries.isEmpty else {
      page.element("p", "There are none.")
      return
    }
    page.element("div", ["id": "controls"], "")
    page.element("table", ["id": "pieces"]) { table in
      table.element(
        "caption",
        "Results with expanded uncertainties, in the order of production, and what decided the verdict")
      table.writeHead(
        ["no.", "piece", "verdict"] + Self.columns.map { Column($0, units).headingWithUnit }
          + ["decided by"])
      table.element("tbody") { body in
        for entry in entries { writeRow(entry, &body) }
      }
    }
  }

  private func writeRow(_ entry: WorstPieces.Entry, _ body: inout Markup) {
    let piece = entry.piece
    body.element(
      "tr", ["class": piece.verdict?.result.rawValue ?? (piece.failure == nil ? "unjudged" : "unread")]
    ) {
      row in
      row.element("td", "\(entry.number)")
      row.element("th", ["scope": "row", "title": piece.path], piece.name)
      row.element("td", ["class": "verdict"], piece.resultWords)
      for (characteristic, words) in zip(Self.columns, piece.rows(units).shortResults(Self.columns)) {
        row.element(
          "td", Markup.value(piece.values[characteristic]?.value), words)
      }
      row.element("td", piece.failure ?? piece.verdict?.decidingWords(units).unbroken ?? "")
    }
  }
}

extension LotCharacteristic {
  /// The cells of a row of statistics, in SI and in words.
  fileprivate func cells(_ units: DisplayUnits) -> [(Double?, String)] {
    let unit = Column(characteristic, units).unit
    func text(_ value: Double) -> String { shortText(unit.value(value), significant: 5) }
    func spread(_ value: Double) -> String { shortText(unit.value(value), significant: 3) }
    let ends = [tolerance?.lower, tolerance?.upper].compactMap(\.self)
    let index = capability?.ppk
    return [
      (Double(count), "\(count)"), (mean, text(mean)), (standardDeviation, spread(standardDeviation)),
      (least, text(least)), (largest, text(largest)), (standardUncertainty, spread(standardUncertainty)),
      (nil, limits.map { $0.words(text) } ?? "–"),
      (index?.value, index.map { shortText($0.value, significant: 3) } ?? "–"),
      (
        nil,
        index.map { "\(shortText($0.lower, significant: 3)) – \(shortText($0.upper, significant: 3))" } ?? "–"
      ),
      (ends.count == 1 ? ends[0] : nil, ends.isEmpty ? "–" : ends.map(text).joined(separator: " – ")),
    ]
  }
}

extension String {
  /// Words that are broken before a bracket only.
  fileprivate var unbroken: String {
    contains(" (") ? replacing(" ", with: "\u{A0}").replacing("\u{A0}(", with: " (") : self
  }
}

extension SpecificationLimits {
  /// Such as `≥ 1592`, by a text for each number.
  func words(_ text: (Double) -> String) -> String {
    [
      lower.map { "\(LimitSide.minimum.sign) \(text($0))" },
      upper.map { "\(LimitSide.maximum.sign) \(text($0))" },
    ].compactMap(\.self).joined(separator: ", ")
  }
}

extension Markup {
  /// The attribute of a cell that holds a number in SI in full precision, by which its column is sorted.
  fileprivate static func value(_ number: Double?) -> Attributes {
    guard let number, number.isFinite else { return [:] }
    return ["data-value": "\(number)"]
  }

  /// The head of a table, whose headings belong to columns.
  fileprivate mutating func writeHead(_ headings: [String]) {
    element("thead") { head in
      head.element("tr") { row in
        for heading in headings { row.element("th", ["scope": "col"], heading) }
      }
    }
  }
}
