// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

/// The characteristics of a lot's overview.
let lotCharacteristics: [Characteristic] = [.remanence, .coercivityHcJ, .energyProduct, .squareness]

/// Several samples for a terminal: one line each, the files that failed, and a line of counts.
///
/// Ends with a line feed; no line ends with a blank. `colour` adds ANSI sequences.
public func lotTable(
  _ samples: [ReportedSample], failures: [ReportedFailure] = [], lot: String? = nil,
  units: DisplayUnits = .si, colour: Bool = false
) -> String {
  let columns = lotCharacteristics.map { Column($0, units) }
  var table = TextTable(
    [("sample", .left)] + columns.map { ($0.headingWithUnit, .right) }
      + [("verdict", .left), ("decided by", .left)])
  for sample in samples {
    let values = sample.shortResults(units).map { TextTable.Cell($0) }
    let verdict = sample.verdict
    table.append(
      [.init(sample.name)] + values + [
        .init(verdict?.result.words ?? "", verdict?.result.colour),
        .init(verdict?.decidingWords(units) ?? ""),
      ])
  }
  var lines = samples.isEmpty ? [] : table.lines(colour: colour) + [""]
  if let reduced = samples.first?.analysis.reduced {
    lines.append("  values reduced to \(celsius(reduced.temperature.si))")
  }
  lines += failures.map { "  " + $0.terminalLine(colour: colour) }
  let summary = LotSummary(lot: lot, samples: samples, failures: failures)
  lines.append("  " + printable(summary.words))
  return lines.joined(separator: "\n") + "\n"
}

extension Column {
  /// The symbol with its unit, such as `HcJ in kA/m`.
  var headingWithUnit: String { unit.symbol.isEmpty ? symbol : "\(symbol) in \(unit.symbol)" }
}

extension ReportedSample {
  /// Each of `lotCharacteristics` as `value ± U`, or its bound, or “–”.
  func shortResults(_ units: DisplayUnits) -> [String] {
    // What is judged is what is shown.
    (analysis.reduced == nil ? resultRows(units) : reducedRows(units)).shortResults
  }
}

extension [ResultRow] {
  /// Each of `lotCharacteristics` as `value ± U`, or its bound, or “–”; of several rows the last, which is judged.
  var shortResults: [String] {
    lotCharacteristics.map { characteristic in
      guard let row = last(where: { $0.characteristic == characteristic }) else { return "–" }
      return row.uncertainty.isEmpty ? row.value : "\(row.value) \(row.uncertainty)"
    }
  }
}

extension Verdict {
  /// The deciding limit, such as `HcJ ≥ 1592 kA/m (69.15 %)`; the first reason when no limit decided.
  func decidingWords(_ units: DisplayUnits) -> String {
    if result == .undetermined, let reason = reasons.first { return reason }
    guard let deciding else { return reasons.first ?? "" }
    return Column(deciding.characteristic, units).limitWords(
      deciding.side, deciding.limit, probability: deciding.probabilityOfConformity)
  }
}

extension Column {
  /// A limit, in SI, with the probability of keeping it, such as `HcJ ≥ 1592 kA/m (69.15 %)`.
  func limitWords(_ side: LimitSide, _ limit: Double, probability: Double?) -> String {
    let number = shortText(unit.value(limit), significant: 5)
    let symbol = unit.symbol.isEmpty ? "" : " " + unit.symbol
    return "\(self.symbol) \(side.sign) \(number)\(symbol)" + (probability.map { " (\(percent($0)))" } ?? "")
  }
}

extension ReportedSample {
  /// The sample in one line: its name, the decision, and what decided it.
  public func lotLine(units: DisplayUnits) -> String {
    let parts = [verdict?.result.words, verdict?.decidingWords(units)].compactMap(\.self).filter {
      !$0.isEmpty
    }
    return printable("\(name): " + (parts.isEmpty ? "not judged" : parts.joined(separator: ", ")))
  }
}

extension LotSummary {
  /// The counts while a lot is in work, such as `1200 pass, 3 fail, 1 without a result`.
  public var progressWords: String {
    var parts = Conformity.allCases.compactMap { result in counts[result].map { "\($0) \(result.words)" } }
    if unjudged > 0 { parts.append("\(unjudged) not judged") }
    if failed > 0 { parts.append("\(failed) without a result") }
    return parts.joined(separator: ", ")
  }

  /// The counts in words, such as `lot 7: 12 samples: 10 pass, 2 fail; worst result: fail`.
  var words: String {
    let judged = Conformity.allCases.compactMap { result in counts[result].map { "\($0) \(result.words)" } }
    let samples = total - failed
    var text = lot.map { "lot \($0): " } ?? ""
    text += samples == 1 ? "1 sample" : "\(samples) samples"
    if !judged.isEmpty { text += ": " + judged.joined(separator: ", ") }
    if unjudged > 0, !judged.isEmpty { text += ", \(unjudged) not judged" }
    if failed > 0 { text += failed == 1 ? "; 1 file gave no result" : "; \(failed) files gave no result" }
    if let worst { text += "; worst result: \(worst.words)" }
    return text
  }
}
