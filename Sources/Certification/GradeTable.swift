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
    guard (0...1000).contains(referenceTemperature) else {
      throw GradeTableError(id, "the reference temperature is none that a magnet is measured at")
    }
    var grades: [Grade] = []
    for row in text.grade { grades.append(try row.grade(in: text.id, confidence: confidence)) }
    self.grades = grades
    try GradeTableCheck(table: id, grades: grades).run()
  }

  /// Whether a name such as `SmCo 30` or `bonded 42SH` is of a grade of this table's family; one that says nothing of the
  /// material is.
  public func isOfMaterial(named name: String) -> Bool {
    let family = family.uppercased()
    return GradeName(name).materials.allSatisfy { family.contains($0) }
  }

  /// The ids of the tables that stand for their family where vendors differ, the default one first.
  public static let familyIDs = [
    "consensus-ndfeb", "bonded-ndfeb", "hot-pressed-ndfeb", "smco", "ferrite", "alnico", "rare-earth-free",
  ]

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
    if let exact = grade(exactly: name) { return exact }
    // Without leading letters a name may stand for the one grade that has the same rest.
    let wanted = GradeName(name)
    let sameRest = grades.filter { GradeName($0.name).rest == wanted.rest }
    return wanted.startsWithDigit && sameRest.count == 1 ? sameRest.first : nil
  }

  /// The grade that a name, apart from spelling, names in full.
  func grade(exactly name: String) -> Grade? {
    let wanted = GradeName(name)
    return grades.first { $0.reducedNames.contains(wanted) }
  }

  /// Up to five names of the table that look like a misspelt one, the nearest first.
  ///
  /// Designations such as `REFeB 320/160` are near when their numbers are; other names when they differ in at most
  /// two letters.
  public func namesNear(_ name: String) -> [String] { near(GradeName(name)).prefix(5).map(\.name) }

  /// The names that look like a misspelt one with their distances, the nearest first.
  func near(_ wanted: GradeName) -> [(name: String, distance: Double)] {
    func ranked(_ distance: (GradeName) -> Double?) -> [(name: String, distance: Double)] {
      grades.compactMap { grade in
        grade.reducedNames.compactMap(distance).min().map { (name: grade.name, distance: $0) }
      }
      .enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .map(\.element)
    }
    let designations = wanted.isDesignation ? ranked { wanted.numericDistance(to: $0) } : []
    guard designations.isEmpty else { return designations }
    return ranked {
      let distance = wanted.distance(to: $0)
      return distance <= 2 && distance < $0.letters.count ? Double(distance) : nil
    }
  }
}
