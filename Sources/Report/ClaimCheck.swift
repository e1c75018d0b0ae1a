// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification

extension CharacteristicVerdict {
  /// Why the limit is not met: by how much the value misses it in the unit of tables, in percent of the limit and in U,
  /// and how probable it is that the specimen conforms all the same; nil when it conforms or has no value.
  func missWords(guardBand: Double, _ units: DisplayUnits) -> String? {
    guard let value, let expandedUncertainty, result == .fail || result == .conditionalFail else {
      return nil
    }
    let column = Column(characteristic, units)
    let missing = side == .minimum ? limit - value : value - limit
    let ratio =
      expandedUncertainty > 0 ? ", \(shortText(abs(missing) / expandedUncertainty, significant: 2))·U" : ""
    let percentage = shortText(abs(missing) / limit * 100, significant: 2)
    let amount = "\(column.words(abs(missing), significant: 3)) (\(percentage) %\(ratio))"
    let bound = "the \(side == .minimum ? "minimum" : "maximum") of \(column.words(limit))"
    let place =
      shortfall == nil
      ? "keeps \(bound) by \(amount), less than the guard band of "
        + column.words(guardBand * expandedUncertainty, significant: 3)
      : "is \(amount) \(side == .minimum ? "below" : "above") \(bound)"
    let odds = probabilityOfConformity.map { "; probability of conformity \(percent($0))" } ?? ""
    let rounded = RoundedResult(
      column.unit.value(value), uncertainty: column.unit.value(expandedUncertainty))
    return "\(column.symbol) of \(rounded.value)\(column.unitSuffix) \(place)\(odds)"
  }
}

extension Verdict {
  /// What a claim lacks: every limit that is not met, and the best grade of the table that is; empty when it holds.
  func claimLines(met: [MetGrade]?, _ units: DisplayUnits) -> [String] {
    let misses = characteristics.compactMap { $0.missWords(guardBand: guardBand, units) }
    guard !misses.isEmpty else { return [] }
    let instead =
      met.map { met in
        met.first.map { ["the best grade of \(table) that it meets is \($0.words(withNotLimited: true))"] }
          ?? ["it meets no grade of \(table)"]
      } ?? []
    return misses + instead
  }

  /// What was reported without being judged, in one line; nil when every usual limit was tested.
  var notLimitedWords: String? {
    guard !notLimited.isEmpty else { return nil }
    return "no limit was tested of \(notLimited.listed), reported and not judged"
  }
}

extension [Characteristic] {
  /// The symbols in a row.
  var listed: String { map { Column($0, .si).symbol }.joined(separator: ", ") }
}

extension Column {
  /// A value in the unit with its symbol.
  func words(_ si: Double, significant: Int = 5) -> String {
    shortText(unit.value(si), significant: significant) + unitSuffix
  }

  /// The unit after a blank; nothing for one.
  var unitSuffix: String { unit.symbol.isEmpty ? "" : " " + unit.symbol }
}
