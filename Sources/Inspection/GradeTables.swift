// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification

/// The id of the grade table that serves when the user names none.
public let defaultGradeTable = "consensus-ndfeb"

/// A grade table by the id of one that is shipped, or by the path of a TOML file.
///
/// Throws one sentence that names the table and what is wrong with it.
public func gradeTable(_ idOrPath: String) throws(InputError) -> GradeTable {
  do {
    if GradeTable.bundledIDs.contains(idOrPath) { return try GradeTable.bundled(idOrPath) }
    guard idOrPath.hasSuffix(".toml") || fileExists(idOrPath) else {
      throw InputError(
        "there is no grade table “\(idOrPath)”; shipped are \(GradeTable.bundledIDs.joined(separator: ", ")), "
          + "and a file of yours is named by its path")
    }
    let table = try GradeTable(toml: readSettingsText(idOrPath), name: idOrPath)
    // A verdict names its table by the id alone.
    if GradeTable.bundledIDs.contains(table.id), try GradeTable.bundled(table.id) != table {
      throw InputError(
        "the table in “\(idOrPath)” has the id “\(table.id)” of a shipped one and is another; give it an id of its own"
      )
    }
    return table
  } catch let error as GradeTableError {
    throw InputError(error.description)
  } catch let error as InputError {
    throw error
  } catch {
    throw InputError("\(error)")
  }
}

/// Every grade table that is shipped; throws one sentence when one of them cannot be read.
public func gradeLibrary() throws(InputError) -> GradeLibrary {
  do { return try GradeLibrary.bundled() } catch { throw InputError(error.description) }
}

/// The grade of a name as people write it: from the table that is named, else from the default one, else from the one
/// shipped table, or the one table of a family, that has it.
///
/// Throws one sentence with the tables to choose from when several have the name, and with names that are near when
/// none has.
public func gradeEntry(_ name: String, table: String?) throws(InputError) -> GradeEntry {
  if let table {
    let table = try gradeTable(table)
    return GradeEntry(table: table, grade: try table.requireGrade(name))
  }
  let common = try gradeTable(defaultGradeTable)
  if common.isOfMaterial(named: name), let grade = common.grade(named: name) {
    return GradeEntry(table: common, grade: grade)
  }
  let library = GradeLibrary(tables: try gradeLibrary().tables.filter { $0.isOfMaterial(named: name) })
  if let entry = library.entry(named: name) { return entry }
  let found = library.entries(named: name)
  guard found.isEmpty else {
    throw InputError(
      "several tables have a grade “\(name)” with limits of their own; choose one with --table: "
        + found.map { $0.table.id }.joined(separator: ", "))
  }
  let near = library.namesNear(name).map { "\($0.name) (\($0.table))" }
  throw InputError(
    "no grade table that is shipped has a grade “\(name)”"
      + (near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"))
}

/// How the limits of a grade differ over the shipped tables.
///
/// Throws one sentence with names that are near when no table has the grade under its full name.
public func gradeSpread(_ name: String) throws(InputError) -> GradeSpread {
  let library = GradeLibrary(tables: try gradeLibrary().tables.filter { $0.isOfMaterial(named: name) })
  if let spread = GradeSpread(of: name, in: library) { return spread }
  // A short name such as 48SH means what it means elsewhere.
  let entry = try gradeEntry(name, table: nil)
  guard let spread = GradeSpread(of: entry.grade.name, in: library) else {
    throw InputError("no grade table that is shipped has a grade “\(name)”")
  }
  return spread
}

extension GradeTable {
  /// The grade of that name as people write it; throws one sentence with names that are near.
  public func requireGrade(_ name: String) throws(InputError) -> Grade {
    if let grade = grade(named: name) { return grade }
    let near = namesNear(name)
    let hint = near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"
    throw InputError("table “\(id)” has no grade “\(name)”\(hint)")
  }
}
