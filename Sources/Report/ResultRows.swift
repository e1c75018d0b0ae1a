// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Quantities

/// One line of a result table: a characteristic with its value, or with the reason why it has none.
///
/// A characteristic with two limits gives two rows, of which the second has the limit only.
struct ResultRow {
  let column: Column
  let characteristic: Characteristic
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

/// The numbers of a row, in SI: a value, or the bound that is known of it and why there is none.
struct RowNumbers {
  var value: Double?
  var expandedUncertainty = 0.0
  var coverageFactor = 0.0
  var lowerBound: Double?
  var absence: String?
}

/// What a value is compared with, in SI, and what came of it.
struct RowLimit {
  let characteristic: Characteristic
  let side: LimitSide
  let limit: Double
  let result: Conformity
  let probability: Double?
  let reason: String?
}

extension ReportedSample {
  /// The rows of what was measured, in the order of `Characteristic.allCases`; with the limits when these are judged.
  func resultRows(_ units: DisplayUnits, _ selection: RowSelection = .certified) -> [ResultRow] {
    ResultRow.rows(
      units, selection, Self.numbers(analysis.estimates, analysis.absences), at: nil,
      analysis.reduced == nil ? limits : [])
  }

  /// The rows of what was reduced to another temperature with the limits; empty when nothing was.
  func reducedRows(_ units: DisplayUnits, _ selection: RowSelection = .certified) -> [ResultRow] {
    guard let reduced = analysis.reduced else { return [] }
    return ResultRow.rows(
      units, selection, Self.numbers(reduced.estimates, reduced.absences),
      at: celsius(reduced.temperature.si), limits)
  }

  private var limits: [RowLimit] {
    (verdict?.characteristics ?? []).map {
      RowLimit(
        characteristic: $0.characteristic, side: $0.side, limit: $0.limit, result: $0.result,
        probability: $0.probabilityOfConformity, reason: $0.reason)
    }
  }

  private static func numbers(
    _ estimates: [CharacteristicEstimate], _ absences: [Absence]
  ) -> [Characteristic: RowNumbers] {
    let missing = absences.map {
      ($0.characteristic, RowNumbers(lowerBound: $0.lowerBound, absence: $0.reason.words))
    }
    let known = estimates.map {
      (
        $0.characteristic,
        RowNumbers(
          value: $0.value, expandedUncertainty: $0.expandedUncertainty, coverageFactor: $0.coverage.k)
      )
    }
    return Dictionary(missing + known) { $1 }
  }
}

extension ResultRow {
  /// A row for each characteristic with a value, a reason or a limit, in the order of `Characteristic.allCases`.
  static func rows(
    _ units: DisplayUnits, _ selection: RowSelection, _ numbers: [Characteristic: RowNumbers],
    at temperature: String?, _ limits: [RowLimit]
  ) -> [ResultRow] {
    Characteristic.allCases.flatMap { characteristic -> [ResultRow] in
      let known = numbers[characteristic]
      let decisions = limits.filter { $0.characteristic == characteristic }
      guard selection.includes(characteristic, isKnown: known?.value != nil) else { return [] }
      guard known != nil || !decisions.isEmpty else { return [] }
      return (0..<max(1, decisions.count)).map { index in
        ResultRow(
          Column(characteristic, units), characteristic, known ?? RowNumbers(),
          index < decisions.count ? decisions[index] : nil, at: temperature, isContinuation: index > 0)
      }
    }
  }

  private init(
    _ column: Column, _ characteristic: Characteristic, _ numbers: RowNumbers, _ decision: RowLimit?,
    at temperature: String?, isContinuation: Bool
  ) {
    self.column = column
    self.characteristic = characteristic
    self.temperature = temperature
    self.isContinuation = isContinuation
    if let known = numbers.value {
      let rounded = RoundedResult(
        column.unit.value(known), uncertainty: column.unit.value(numbers.expandedUncertainty))
      value = rounded.value
      uncertainty = rounded.uncertainty.map { "± " + $0 } ?? ""
      coverageFactor = rounded.uncertainty == nil ? "" : fixedText(numbers.coverageFactor, decimals: 2)
    } else {
      value = numbers.lowerBound.map { "> " + shortText(column.unit.value($0), significant: 5) } ?? "–"
      uncertainty = ""
      coverageFactor = ""
    }
    limit =
      decision.map { "\($0.side.sign) \(shortText(column.unit.value($0.limit), significant: 5))" } ?? ""
    result = decision?.result
    probability = decision?.probability.map(percent) ?? ""
    remark = printable(decision?.reason ?? (numbers.value == nil ? numbers.absence : nil) ?? "")
  }
}

extension Verdict {
  /// The decision that made the verdict: the first of the worst result, among equals the least probable to conform.
  var deciding: CharacteristicVerdict? {
    let worst = characteristics.filter { $0.result == result }
    return worst.min { ($0.probabilityOfConformity ?? 0) < ($1.probabilityOfConformity ?? 0) }
  }
}
