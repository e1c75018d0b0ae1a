// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certification
internal import Quantities
internal import Report

/// The grades of a table with their limits for a terminal, one line each; ends with a line feed.
public func gradeListing(_ table: GradeTable) -> String {
  let width = table.grades.map(\.name.count).max() ?? 0
  var lines = ["table “\(table.id)”, edition \(table.edition): \(table.source)", ""]
  for grade in table.grades {
    let name = grade.name + String(repeating: " ", count: width - grade.name.count)
    let mark = grade.confidence == table.confidence ? "" : "   [\(grade.confidence.rawValue)]"
    lines.append("  \(name)   " + grade.limits.map(words).joined(separator: ", ") + mark)
  }
  return lines.joined(separator: "\n") + "\n"
}

/// Everything that a table says of one grade; ends with a line feed.
public func gradeSheet(_ grade: Grade, of table: GradeTable) -> String {
  var lines = [
    "\(grade.name) — \(table.family)", "  table       \(table.id), edition \(table.edition)",
    "  source      \(grade.source ?? table.source)", "  confidence  \(grade.confidence.rawValue)",
    "  limits hold at \(table.referenceTemperature - 273.15) °C",
  ]
  if !grade.aliases.isEmpty { lines.append("  also called \(grade.aliases.joined(separator: ", "))") }
  lines += grade.limits.map { "  " + words($0) }
  if let maximum = grade.maximumWorkingTemperature {
    lines.append("  working temperature up to \(maximum - 273.15) °C, for orientation")
  }
  if let note = grade.note { lines.append("  " + note) }
  return lines.joined(separator: "\n") + "\n"
}

/// One JSON object per grade and line, limits in SI; ends with a line feed.
public func gradeLines(_ grades: [Grade], of table: GradeTable) -> String {
  grades.map { grade in
    jsonText(
      GradeObject(
        schema: "magcert.grade/1", table: table.id, edition: table.edition,
        source: grade.source ?? table.source, grade: grade.name, confidence: grade.confidence.rawValue,
        limits: grade.limits.map {
          LimitObject(
            quantity: $0.characteristic.rawValue, side: $0.side.rawValue, limit: $0.value,
            unit: $0.characteristic.unit.rawValue, printed: $0.printed)
        })) + "\n"
  }.joined()
}

private func words(_ limit: Limit) -> String {
  "\(limit.characteristic.rawValue) \(limit.side == .minimum ? "≥" : "≤") \(limit.printed)"
}

private struct GradeObject: Encodable {
  var schema: String
  var table: String
  var edition: String
  var source: String
  var grade: String
  var confidence: String
  var limits: [LimitObject]
}

private struct LimitObject: Encodable {
  var quantity: String
  var side: String
  var limit: Double
  var unit: String
  var printed: String
}
