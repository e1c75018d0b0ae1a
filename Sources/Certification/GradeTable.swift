// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import TOMLText

/// Why a grade table cannot be used.
public struct GradeTableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The table's id, or the name of its file.
  public let table: String
  /// The grade at fault.
  public let grade: String?
  /// One sentence with the numbers.
  public let detail: String

  init(_ table: String, grade: String? = nil, _ detail: String) {
    self.table = table
    self.grade = grade
    self.detail = detail
  }

  /// The sentence with table and grade in front.
  public var description: String {
    "grade table \(table)" + (grade.map { ", grade \($0)" } ?? "") + ": " + detail
  }
}

/// The grades of one document, every number checked when it was loaded.
public struct GradeTable: Hashable, Sendable {
  /// The table's name, part of every verdict.
  public let id: String
  /// Its edition, part of every verdict: vendors differ by 0.03 T and 15 % in HcB for one grade name.
  public let edition: String
  /// Where the figures are from.
  public let source: String
  /// How far they can be trusted, unless a grade says less.
  public let confidence: Confidence
  /// The kind of magnet.
  public let family: String
  /// The temperature that the limits hold at, in K.
  public let referenceTemperature: Double
  /// The grades, in the order of the table.
  public let grades: [Grade]

  /// Reads and checks a table; `name` is what messages call it until its id is known.
  ///
  /// Throws an error that names table, grade and both numbers when a limit is impossible or out of order.
  public init(toml: String, name: String) throws(GradeTableError) {
    let text: GradeTableText
    do { text = try decodeTOML(GradeTableText.self, from: toml) } catch {
      throw GradeTableError(name, error.description)
    }
    guard let confidence = Confidence(rawValue: text.confidence) else {
      throw GradeTableError(text.id, Confidence.refusal(of: text.confidence))
    }
    id = text.id
    edition = text.edition
    source = text.source
    family = text.family
    self.confidence = confidence
    referenceTemperature = (text.reference_temperature_C?.value ?? 20) + 273.15
    var grades: [Grade] = []
    for row in text.grade { grades.append(try row.grade(in: text.id, confidence: confidence)) }
    self.grades = grades
    try GradeTableCheck(table: id, grades: grades).run()
  }

  /// The ids of the tables that come with the program, sorted.
  public static var bundledIDs: [String] {
    let files = folder.flatMap {
      try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
    }
    return (files ?? []).filter { $0.pathExtension == "toml" }
      .map { $0.deletingPathExtension().lastPathComponent }.sorted()
  }

  /// A table that comes with the program; throws when there is none of that id.
  public static func bundled(_ id: String) throws(GradeTableError) -> GradeTable {
    // Compared with the list, so that no id can lead out of the folder.
    guard bundledIDs.contains(id),
      let text = folder.flatMap({
        try? String(contentsOf: $0.appending(path: "\(id).toml"), encoding: .utf8)
      })
    else {
      throw GradeTableError(
        id, "no such table comes with magcert; there are: \(bundledIDs.joined(separator: ", "))")
    }
    let table = try GradeTable(toml: text, name: id)
    guard table.id == id else { throw GradeTableError(id, "the file says that its id is “\(table.id)”") }
    return table
  }

  private static var folder: URL? { Bundle.module.url(forResource: "GradeTables", withExtension: nil) }

  /// The grade of a name as people write it: `n42sh`, `N 42 SH`, `42SH` and `NdFeB 42SH` are N42SH.
  public func grade(named name: String) -> Grade? {
    let wanted = GradeName(name)
    if let exact = grades.first(where: { GradeName($0.name) == wanted }) { return exact }
    // Without leading letters a name may stand for the one grade that has the same rest.
    let sameRest = grades.filter { GradeName($0.name).rest == wanted.rest }
    return wanted.startsWithDigit && sameRest.count == 1 ? sameRest.first : nil
  }

  /// Up to five names of the table that look like a misspelt one, the nearest first.
  public func namesNear(_ name: String) -> [String] {
    let wanted = GradeName(name)
    return grades.map { (name: $0.name, distance: wanted.distance(to: GradeName($0.name))) }
      .filter { $0.distance <= 2 }
      .enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .prefix(5).map(\.element.name)
  }
}
