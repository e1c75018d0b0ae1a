// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities

extension ReportedSample {
  /// The uncertainty budget of every quantity for a terminal, the largest contribution first.
  ///
  /// `share` is a line's part of the combined variance. `allQuantities` adds the whole family of knee fields. Ends with
  /// a line feed; no line ends with a blank.
  public func budgetTable(
    units: DisplayUnits = .si, colour: Bool = false, allQuantities: Bool = false
  ) -> String {
    let selection: RowSelection = allQuantities ? .all : .main
    var lines = [
      TerminalColour.bold.paint("uncertainty budget “\(printable(analysis.budgetName))”", colour)
        + " of \(printable(name))"
    ]
    for estimate in analysis.estimates where selection.includes(estimate.characteristic, isKnown: true) {
      let column = Column(estimate.characteristic, units)
      let unit = column.unit.symbol
      var table = TextTable([
        ("line", .left), ("contribution", .left), ("type", .left),
        (unit.isEmpty ? "u" : "u in \(unit)", .right), ("share", .right), ("ν", .right),
      ])
      let variance = estimate.standardUncertainty * estimate.standardUncertainty
      let ordered = estimate.budget.sorted { $0.contribution.magnitude > $1.contribution.magnitude }
      for line in ordered {
        let share = line.contribution * line.contribution / variance
        table.append([
          .init(line.id), .init(line.title), .init(line.evaluation.rawValue),
          .init(shortText(column.unit.value(line.contribution.magnitude), significant: 2)),
          .init(variance > 0 ? fixedText(share * 100, decimals: 1) + " %" : ""),
          .init(degreesText(line.degreesOfFreedom)),
        ])
      }
      table.append([
        .init(""), .init("combined"), .init(""),
        .init(shortText(column.unit.value(estimate.standardUncertainty), significant: 2)), .init(""),
        .init(degreesText(estimate.degreesOfFreedom)),
      ])
      let rounded = RoundedResult(
        column.unit.value(estimate.value), uncertainty: column.unit.value(estimate.expandedUncertainty))
      let result = [rounded.value, rounded.uncertainty.map { "± " + $0 }, unit.isEmpty ? nil : unit]
        .compactMap { $0 }.joined(separator: " ")
      lines += [
        "",
        "  \(TerminalColour.bold.paint(column.symbol, colour)) = \(result), "
          + "k = \(fixedText(estimate.coverage.k, decimals: 2)), method \(printable(estimate.method))",
      ]
      lines += table.lines(indent: 4, colour: colour)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Degrees of freedom in whole numbers, rounded down as in JCGM 100:2008, G.4.1; ∞ when there is no limit or when
/// they are so many that no coverage factor tells the difference.
private func degreesText(_ degrees: Double?) -> String {
  guard let degrees, degrees < 1e6 else { return "∞" }
  return shortText(degrees.rounded(.down), significant: 17)
}
