// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certification
internal import Quantities
internal import Report

/// The tables of a library for a terminal, one line each; ends with a line feed.
public func gradeTableListing(_ library: GradeLibrary) -> String {
  let rows = library.tables.map { table in
    [table.id, table.family, "edition \(table.edition)", table.confidence.rawValue, grades(table)]
  }
  return columns(rows).joined(separator: "\n") + "\n"
}

/// One JSON object per table and line; ends with a line feed.
public func gradeTableLines(_ library: GradeLibrary) -> String {
  library.tables.map { table in
    jsonText(
      TableObject(
        schema: "magcert.gradeTable/1", table: table.id, edition: table.edition, family: table.family,
        source: table.source, confidence: table.confidence.rawValue,
        referenceTemperature: table.referenceTemperature, grades: table.grades.count,
        unchecked: unchecked(table))) + "\n"
  }.joined()
}

/// The limits of a grade by table, and below them from where to where they go; ends with a line feed.
public func gradeSpreadTable(_ spread: GradeSpread) -> String {
  let kinds = spread.kinds
  let heading = [""] + kinds.map(\.heading) + [""]
  let rows = spread.entries.map { entry in
    [entry.table.id]
      + kinds.map { kind in entry.grade.limit(kind.characteristic, kind.side).map(kind.unit.text) ?? "–" }
      + [entry.grade.confidence == .public ? "" : entry.grade.confidence.rawValue]
  }
  let ranges = kinds.map { kind -> String in
    guard let range = spread.range(of: kind) else { return "–" }
    let low = kind.unit.text(range.lowerBound)
    return range.lowerBound == range.upperBound ? low : "\(low)…\(kind.unit.text(range.upperBound))"
  }
  return columns([heading] + rows + [["range"] + ranges + [""]]).joined(separator: "\n") + "\n"
}

/// The same as one JSON object, limits in SI; ends with a line feed.
public func gradeSpreadLine(_ spread: GradeSpread) -> String {
  jsonText(
    SpreadObject(
      schema: "magcert.gradeSpread/1", grade: spread.entries.first?.grade.name ?? "",
      sources: spread.entries.map { entry in
        .init(
          table: entry.table.id, edition: entry.table.edition, confidence: entry.grade.confidence.rawValue,
          limits: entry.grade.limits.map {
            .init(
              quantity: $0.characteristic.rawValue, side: $0.side.rawValue, limit: $0.value,
              unit: $0.characteristic.unit.rawValue)
          })
      },
      ranges: spread.kinds.compactMap { kind in
        spread.range(of: kind).map {
          .init(
            quantity: kind.characteristic.rawValue, side: kind.side.rawValue, lowest: $0.lowerBound,
            highest: $0.upperBound, unit: kind.characteristic.unit.rawValue)
        }
      })) + "\n"
}

private func unchecked(_ table: GradeTable) -> Int { table.grades.count { $0.confidence == .unchecked } }

private func grades(_ table: GradeTable) -> String {
  let unchecked = unchecked(table)
  let remark = unchecked == 0 || unchecked == table.grades.count ? "" : ", \(unchecked) of them unchecked"
  return "\(table.grades.count) grades\(remark)"
}

/// Rows with their cells below each other, without blanks at the end.
private func columns(_ rows: [[String]]) -> [String] {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
      separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// The unit in which tables print limits.
private struct PrintedUnit {
  let symbol: String
  let factor: Double

  func text(_ value: Double) -> String {
    // Limits have at most three decimals in the units of tables.
    let rounded = (value / factor * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : String(rounded)
  }
}

extension Limit.Kind {
  fileprivate var heading: String {
    "\(characteristic.rawValue) \(side == .minimum ? "≥" : "≤")"
      + (unit.symbol.isEmpty ? "" : " in \(unit.symbol)")
  }

  fileprivate var unit: PrintedUnit {
    switch characteristic.unit {
    case .amperePerMetre: PrintedUnit(symbol: "kA/m", factor: 1e3)
    case .joulePerCubicMetre: PrintedUnit(symbol: "kJ/m³", factor: 1e3)
    case .one: PrintedUnit(symbol: "", factor: 1)
    default: PrintedUnit(symbol: characteristic.unit.rawValue, factor: 1)
    }
  }
}

private struct TableObject: Encodable {
  var schema: String
  var table: String
  var edition: String
  var family: String
  var source: String
  var confidence: String
  var referenceTemperature: Double
  var grades: Int
  var unchecked: Int
}

private struct SpreadObject: Encodable {
  struct Source: Encodable {
    var table: String
    var edition: String
    var confidence: String
    var limits: [Bound]
  }
  struct Bound: Encodable {
    var quantity: String
    var side: String
    var limit: Double
    var unit: String
  }
  struct Range: Encodable {
    var quantity: String
    var side: String
    var lowest: Double
    var highest: Double
    var unit: String
  }
  var schema: String
  var grade: String
  var sources: [Source]
  var ranges: [Range]
}
