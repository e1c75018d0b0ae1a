// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification

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
    return try GradeTable(toml: readSettingsText(idOrPath), name: idOrPath)
  } catch let error as GradeTableError {
    throw InputError(error.description)
  } catch let error as InputError {
    throw error
  } catch {
    throw InputError("\(error)")
  }
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
