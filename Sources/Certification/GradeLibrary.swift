// SPDX-License-Identifier: GPL-3.0-or-later

/// A grade with the table that it stands in.
public struct GradeEntry: Hashable, Sendable {
  /// The table.
  public let table: GradeTable
  /// The grade.
  public let grade: Grade

  /// An entry from its parts.
  public init(table: GradeTable, grade: Grade) {
    self.table = table
    self.grade = grade
  }
}

/// Several grade tables, to look a name up in all of them.
public struct GradeLibrary: Hashable, Sendable {
  /// The tables: those of families first, then the others by id.
  public let tables: [GradeTable]

  /// A library of given tables.
  public init(tables: [GradeTable]) { self.tables = tables }

  /// Every table that comes with the program; throws when one of them is not sound.
  public static func bundled() throws(GradeTableError) -> GradeLibrary {
    let families = GradeTable.familyIDs
    let ids = families + GradeTable.bundledIDs.filter { !families.contains($0) }
    var tables: [GradeTable] = []
    for id in ids { tables.append(try GradeTable.bundled(id)) }
    return GradeLibrary(tables: tables)
  }

  /// The grades that a full name names, as people spell it, in the order of the tables.
  ///
  /// A name without its leading letters, such as `42SH`, is looked for in a single table only: `GradeTable.grade(named:)`.
  public func entries(named name: String) -> [GradeEntry] {
    tables.compactMap { table in
      table.grade(exactly: name).map { GradeEntry(table: table, grade: $0) }
    }
  }

  /// The one entry that a name means: the only one, or the only one in a table of a family; nil otherwise.
  public func entry(named name: String) -> GradeEntry? {
    let found = entries(named: name)
    if found.count == 1 { return found.first }
    let ofFamilies = found.filter { GradeTable.familyIDs.contains($0.table.id) }
    return ofFamilies.count == 1 ? ofFamilies.first : nil
  }

  /// Up to five names of any table that look like a misspelt one, with the id of the first table that has each.
  public func namesNear(_ name: String) -> [(name: String, table: String)] {
    let wanted = GradeName(name)
    var seen: [GradeName] = []
    return tables.flatMap { table in
      table.near(wanted).map { (name: $0.name, table: table.id, distance: $0.distance) }
    }
    .enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
    .filter { _, near in
      let reduced = GradeName(near.name)
      guard !seen.contains(reduced) else { return false }
      seen.append(reduced)
      return true
    }
    .prefix(5).map { ($0.element.name, $0.element.table) }
  }
}
