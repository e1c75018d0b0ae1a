// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

/// One line of a result table: a characteristic with its value, or with the reason why it has none.
///
/// A characteristic with two limits gives two rows, of which the second has the limit only.
struct ResultRow {
  let column: Column
  /// The temperature that the value was reduced to, in words; nil for a value as measured.
  let temperature: String?
  let isContinuation: Bool
  /// The value; `> 1600` when only a bound is known, “–” when nothing is.
  let value: String
  let uncertainty: String
  let coverageFactor: String
  let limit: String
  let result: Conformity?
  let probability: String
  let remark: String

  /// The symbol, with the temperature of a reduced value.
  var symbol: String { column.symbol + (temperature.map { " at " + $0 } ?? "") }
}

/// Which characteristics a table shows.
enum RowSelection {
  /// What certificates and plots name.
  case certified
  /// Those, and the width of the distribution of switching fields where it is known.
  case main
  /// Every one, with the whole family of knee fields.
  case all

  func includes(_ characteristic: Characteristic, isKnown: Bool) -> Bool {
    switch characteristic {
    case .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10: self == .all
    case .switchingFieldWidth: self == .all || (self == .main && isKnown)
    default: true
    }
  }
}

extension ReportedSample {
  /// The rows of what was measured, in the order of `Characteristic.allCases`; with the limits when these are judged.
  func resultRows(_ units: DisplayUnits, _ selection: RowSelection = .certified) -> [ResultRow] {
    rows(
      units, selection, analysis.estimates, analysis.absences, at: nil,
      analysis.reduced == nil ? verdict?.characteristics ?? [] : [])
  }

  /// The rows of what was reduced to another temperature with the limits; empty when nothing was.
  func reducedRows(_ units: DisplayUnits, _ selection: RowSelection = .certified) -> [ResultRow] {
    guard let reduced = analysis.reduced else { return [] }
    return rows(
      units, selection, reduced.estimates, reduced.absences, at: celsius(reduced.temperature.si),
      verdict?.characteristics ?? [])
  }

  private func rows(
    _ units: DisplayUnits, _ selection: RowSelection, _ estimates: [CharacteristicEstimate],
    _ absences: [Absence], at temperature: String?, _ limits: [CharacteristicVerdict]
  ) -> [ResultRow] {
    Characteristic.allCases.flatMap { characteristic -> [ResultRow] in
      let estimate = estimates.first { $0.characteristic == characteristic }
      let absence = absences.first { $0.characteristic == characteristic }
      let decisions = limits.filter { $0.characteristic == characteristic }
      guard selection.includes(characteristic, isKnown: estimate != nil) else { return [] }
      guard estimate != nil || absence != nil || !decisions.isEmpty else { return [] }
      let column = Column(characteristic, units)
      return (0..<max(1, decisions.count)).map { index in
        let decision = index < decisions.count ? decisions[index] : nil
        return ResultRow(
          column, estimate, absence, decision, at: temperature, isContinuation: index > 0)
      }
    }
  }
}

extension ResultRow {
  fileprivate init(
    _ column: Column, _ estimate: CharacteristicEstimate?, _ absence: Absence?,
    _ decision: CharacteristicVerdict?, at temperature: String?, isContinuation: Bool
  ) {
    self.column = column
    self.temperature = temperature
    self.isContinuation = isContinuation
    if let estimate {
      let rounded = RoundedResult(
        column.unit.value(estimate.value), uncertainty: column.unit.value(estimate.expandedUncertainty))
      value = rounded.value
      uncertainty = rounded.uncertainty.map { "± " + $0 } ?? ""
      coverageFactor = rounded.uncertainty == nil ? "" : fixedText(estimate.coverage.k, decimals: 2)
    } else {
      value = absence?.lowerBound.map { "> " + shortText(column.unit.value($0), significant: 5) } ?? "–"
      uncertainty = ""
      coverageFactor = ""
    }
    limit =
      decision.map { "\($0.side.sign) \(shortText(column.unit.value($0.limit), significant: 5))" } ?? ""
    result = decision?.result
    probability = decision?.probabilityOfConformity.map(percent) ?? ""
    remark = printable(decision?.reason ?? (estimate == nil ? absence?.reason.words : nil) ?? "")
  }
}

extension Verdict {
  /// The decision that made the verdict: the first of the worst result, among equals the least probable to conform.
  var deciding: CharacteristicVerdict? {
    let worst = characteristics.filter { $0.result == result }
    return worst.min { ($0.probabilityOfConformity ?? 0) < ($1.probabilityOfConformity ?? 0) }
  }
}
