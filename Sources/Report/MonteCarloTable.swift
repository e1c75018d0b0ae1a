// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities
internal import Validation

extension ReportedSample {
  /// Uncertainties by linear propagation and by Monte Carlo side by side for a terminal; nil without the latter.
  ///
  /// `allQuantities` adds the whole family of knee fields. Ends with a line feed; no line ends with a blank.
  public func monteCarloTable(
    units: DisplayUnits = .si, colour: Bool = false, allQuantities: Bool = false
  ) -> String? {
    guard let monteCarlo else { return nil }
    let selection: RowSelection = allQuantities ? .all : .main
    var table = TextTable([
      ("", .left), ("unit", .left), ("linear u", .right), ("Monte Carlo u", .right), ("ratio", .right),
      ("± s.e.", .right), ("shortest \(coverageWords) interval", .right), ("two digits", .left),
    ])
    for row in monteCarlo.quantities where selection.includes(row.characteristic, isKnown: true) {
      let column = Column(row.characteristic, units)
      func text(_ uncertainty: Double) -> TextTable.Cell {
        .init(shortText(column.unit.value(uncertainty), significant: 3))
      }
      let u = column.unit.value(row.standardUncertainty)
      let ends = [row.shortest.lowerBound, row.shortest.upperBound].map {
        RoundedResult(column.unit.value($0), uncertainty: u).value
      }
      table.append([
        .init(column.symbol), .init(column.unit.symbol), text(row.linearUncertainty),
        text(row.standardUncertainty), .init(fixedText(row.ratio, decimals: 3)),
        .init(fixedText(row.ratioStandardError, decimals: 3)), .init(ends.joined(separator: " … ")),
        .init(row.words, row.agreement.colour),
      ])
    }
    let title = TerminalColour.bold.paint("Monte Carlo", colour)
    return
      ([
        "\(title) of \(printable(name)): \(monteCarlo.draws) loops drawn from the fitted curve, its noise and the "
          + "budget (JCGM 101:2008), seed \(monteCarlo.seed)"
      ] + table.lines(colour: colour)).joined(separator: "\n") + "\n"
  }
}

extension MonteCarloQuantity {
  /// Whether the intervals agree in two digits, or how many draws would tell.
  fileprivate var words: String {
    let gaps = absent > 0 ? "; absent in \(absent)" : ""
    switch agreement {
    case .agrees: return "agree" + gaps
    case .differs: return "differ" + gaps
    case .undecided:
      return "not decided, about \(shortText(Double(drawsToDecide), significant: 1)) draws would tell" + gaps
    }
  }
}

extension MonteCarloQuantity.Agreement {
  fileprivate var colour: TerminalColour {
    switch self {
    case .agrees: .green
    case .differs: .red
    case .undecided: .yellow
    }
  }
}

extension JSONText {
  /// `monteCarlo` of a quantity in `magcert.result/1`, in the unit of the quantity, members by their names.
  mutating func members(
    of row: MonteCarloQuantity, _ outcome: MonteCarloOutcome, _ fullName: @autoclosure () -> String
  ) {
    func named(_ member: String) -> String { "\(fullName()).\(member)" }
    member("absent", row.absent)
    member("agreement", row.agreement)
    member("draws", outcome.draws)
    member("linearStandardUncertainty", row.linearUncertainty, named("linearStandardUncertainty"))
    member("lower", row.shortest.lowerBound, named("lower"))
    member("meanShift", row.meanShift, named("meanShift"))
    member("ratio", row.ratio, named("ratio"))
    member("ratioStandardError", row.ratioStandardError, named("ratioStandardError"))
    member("seed", Int(outcome.seed))
    member("standardUncertainty", row.standardUncertainty, named("standardUncertainty"))
    member("tolerance", row.tolerance, named("tolerance"))
    member("upper", row.shortest.upperBound, named("upper"))
  }
}
