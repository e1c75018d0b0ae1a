// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Measurements

extension Conformity {
  /// Green, yellow or red.
  var colour: TerminalColour {
    switch self {
    case .pass: .green
    case .conditionalPass, .undetermined: .yellow
    case .conditionalFail, .fail: .red
    }
  }
}

extension ReportedSample {
  /// The result for a terminal: what was measured and how, the quantities with U, the verdict, the warnings.
  ///
  /// Ends with a line feed; no line ends with a blank. `colour` adds ANSI sequences. U has two significant
  /// digits and the value ends at the same decimal place, rounded half to even. `allQuantities` adds the whole family
  /// of knee fields.
  public func terminalTable(
    units: DisplayUnits = .si, colour: Bool = false, allQuantities: Bool = false
  ) -> String {
    var lines = heading(units, colour: colour)
    lines.append("")
    lines += quantityTable(units, allQuantities ? .all : .main).lines(colour: colour)
    if let verdict { lines += [""] + Self.lines(verdict, met: grades, units, colour: colour) }
    if let grades { lines += ["", "  grades met: \(Self.list(grades))"] }
    let steps = explanation(units).enumerated().map { "  \($0 + 1). \($1)" }
    if !steps.isEmpty { lines += ["", "  how it was judged:"] + steps }
    let warnings = analysis.flags.map { printable($0.message) }
    if !warnings.isEmpty { lines.append("") }
    lines += warnings.map { "  " + TerminalColour.yellow.paint("!", colour) + " " + $0 }
    lines += notes.map { "  - " + printable($0.message) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(_ units: DisplayUnits, colour: Bool) -> [String] {
    var title = TerminalColour.bold.paint(printable(name), colour)
    if let lot = sample.lot?.value, !lot.isEmpty { title += ", lot \(printable(lot))" }
    var file = printable(source.path)
    if source.loopCount > 1 { file += ", loop \(source.loopIndex) of \(source.loopCount)" }
    if let hash = source.sha256 { file += ", SHA-256 \(hash.prefix(12))…" }
    var rows = [("file", file), ("instrument", source.instrumentWords)]
    rows += sample.words + analysis.conditionWords(units)
    if let saturation = analysis.saturation {
      let unit = Column(.maximumPolarisation, units).unit
      let rounded = RoundedResult(
        unit.value(saturation.value), uncertainty: unit.value(saturation.expandedUncertainty))
      let u = rounded.uncertainty.map { " ± " + $0 } ?? ""
      rows.append(("saturation", "Js \(rounded.value)\(u) \(unit.symbol) from the approach with a/H²"))
    }
    rows.append(("uncertainty", "budget “\(printable(analysis.budgetName))”, coverage \(coverageWords)"))
    let width = rows.reduce(0) { max($0, displayWidth($1.0)) }
    return [title]
      + rows.map { name, text in
        "  " + TerminalColour.dim.paint(name, colour)
          + String(repeating: " ", count: width - displayWidth(name) + 2) + text
      }
  }

  /// The coverage probability in percent.
  var coverageWords: String { "\(shortText(analysis.coverageProbability * 100, significant: 4)) %" }

  private func quantityTable(_ units: DisplayUnits, _ selection: RowSelection) -> TextTable {
    var table = TextTable([
      ("", .left), ("value", .right), ("± U", .right), ("unit", .left), ("k", .right), ("limit", .left),
      ("result", .left), ("conforms", .right), ("remark", .left),
    ])
    for row in resultRows(units, selection) + reducedRows(units, selection) {
      let first = !row.isContinuation
      table.append([
        .init(first ? row.symbol : ""), .init(first ? row.value : ""),
        .init(first ? row.uncertainty : ""), .init(first ? row.column.unit.symbol : ""),
        .init(first ? row.coverageFactor : ""), .init(row.limit),
        .init(row.result?.words ?? "", row.result?.colour), .init(row.probability), .init(row.remark),
      ])
    }
    return table
  }

  private static func lines(
    _ verdict: Verdict, met: [MetGrade]?, _ units: DisplayUnits, colour: Bool
  ) -> [String] {
    let result = verdict.result.colour.paint(verdict.result.words.uppercased(), colour)
    return [
      "  verdict: \(result) against \(printable(verdict.grade))",
      "  \(printable(verdict.tableWords)); \(verdict.ruleWords)",
    ] + [verdict.notLimitedWords].compactMap(\.self).map { "  " + $0 }
      + verdict.reasons.map { "  - " + printable($0) }
      + verdict.claimLines(met: met, units).map { "  - " + printable($0) }
  }

  /// The met grades, best first, and what none of them limits; `none` when there are none.
  static func list(_ grades: [MetGrade]) -> String {
    guard let first = grades.first else { return "none" }
    let isCommon = grades.count > 1 && grades.allSatisfy { $0.notLimited == first.notLimited }
    let names = grades.map { $0.words(withNotLimited: !isCommon) }.joined(separator: ", ")
    let remark =
      isCommon && !first.notLimited.isEmpty ? "; none of them limits \(first.notLimited.listed)" : ""
    return printable(names + remark)
  }
}

extension ReportedFailure {
  /// The failure as one line for a terminal, without the line feed.
  public func terminalLine(colour: Bool = false) -> String {
    "\(printable(source.path)): " + TerminalColour.red.paint("error", colour) + ": \(printable(sentence))"
  }

  /// The message with its place in front.
  var sentence: String {
    var place: [String] = []
    if let line { place.append("line \(line)") }
    if let column { place.append("column “\(column)”") }
    return place.isEmpty ? message : place.joined(separator: ", ") + ": " + message
  }
}
