// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Certification
internal import Quantities

/// The formats in which archives are given to other programs.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// One line per row: what names it, the verdict, and every quantity with u and U; RFC 4180.
  case csv
  /// The records with their budgets, one line of JSON each.
  case jsonl
  /// One row as a NeXus file of its own: specimen, loop and results.
  case nexus
}

/// Writes rows of archives to a new file, in the order of the archives; tells how many there were.
///
/// `sample` takes the rows with that sample name or file name. Throws one sentence when the file exists, an archive
/// cannot be read, or no row is left; there is no file then.
public func exportArchives(
  _ paths: [String], format: ExportFormat, sample: String? = nil, to output: String
) throws(InputError) -> Int {
  if format == .nexus { return try exportNexus(paths, sample: sample, to: output) }
  var count = 0
  try createFile(at: output) { put in
    var pending: [UInt8] = []
    func add(_ line: String) throws {
      pending += line.utf8
      guard pending.count > 1 << 20 else { return }
      try put(pending)
      pending = []
    }
    if format == .csv { try add(commaSeparated(ExportedColumns.header)) }
    for path in paths {
      let archive = try OpenArchive(path)
      try archive.forEachSummary { summary in
        guard sample == nil || summary.sample == sample || summary.file == sample else { return }
        count += 1
        switch format {
        case .csv: try add(commaSeparated(ExportedColumns.cells(summary, of: archive.reader)))
        case .jsonl, .nexus: try add(archive.record(summary.row) + "\n")
        }
      }
      // The verdict on the lot follows its samples, as it was printed.
      if format == .jsonl, sample == nil, let lot = archive.reader.lotRecord { try add(lot + "\n") }
    }
    guard count > 0 else {
      throw InputError(sample.map { "the archives have no row of “\($0)”" } ?? "the archives have no rows")
    }
    try put(pending)
  }
  return count
}

/// Writes the one row that has a name as a NeXus file.
private func exportNexus(_ paths: [String], sample: String?, to output: String) throws(InputError) -> Int {
  var found: [(archive: OpenArchive, row: Int)] = []
  for path in paths {
    let archive = try OpenArchive(path)
    if let sample {
      found += try archive.rows(named: sample).map { (archive, $0) }
    } else {
      found += (0..<archive.count).map { (archive, $0) }
    }
  }
  // A row has a number in one archive only.
  if found.isEmpty, paths.count == 1, let sample, let row = Int(sample) {
    let archive = try OpenArchive(paths[0])
    if (0..<archive.count).contains(row) { found = [(archive, row)] }
  }
  guard found.count == 1, let (archive, row) = found.first else {
    throw InputError(
      "a NeXus file holds one row, and \(found.count) are \(sample.map { "called “\($0)”" } ?? "there"); "
        + "name one with --sample, by its name or in one archive by its number")
  }
  let record = try archive.record(row)
  do { try archive.reader.writeNexus(row, record: record, to: output) } catch {
    throw InputError(error.description)
  }
  return 1
}

/// The columns of a table of rows.
private enum ExportedColumns {
  static let header =
    [
      "archive", "row", "lot", "sample", "file", "sha256", "loop", "measured", "instrument", "grade",
      "verdict",
    ]
    + Characteristic.allCases.flatMap { characteristic in
      let unit = characteristic.unit == .one ? "" : " in \(characteristic.unit.rawValue)"
      let name = characteristic.rawValue
      return [name + unit, "u(\(name))" + unit, "U(\(name))" + unit]
    }

  static func cells(_ row: ArchiveSummary, of archive: ArchiveReader) -> [String] {
    let texts = [
      archive.path, "\(row.row)", row.lot ?? archive.lot, row.sample, row.file, row.sha256,
      "\(row.loopIndex)", row.measured, row.instrument, row.grade, row.verdict?.rawValue,
    ]
    let numbers = Characteristic.allCases.flatMap { characteristic -> [String] in
      guard let value = row.quantities[characteristic] else { return ["", "", ""] }
      return [value.value, value.standardUncertainty, value.expandedUncertainty].map {
        $0.isFinite ? "\($0)" : ""
      }
    }
    return texts.map { harmless($0 ?? "") } + numbers
  }

  /// A text that a spreadsheet shows instead of computing it: an apostrophe goes before what begins a formula.
  private static func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }
}

/// A line of comma-separated values; quotes where RFC 4180 wants them.
private func commaSeparated(_ cells: [String]) -> String {
  cells.map { cell in
    guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }.joined(separator: ",") + "\r\n"
}

/// Writes a compressed copy of an archive with the same rows and the same chain digest; tells both sizes in bytes.
///
/// Throws one sentence when the archive is not finished or not sound, or the copy exists or cannot be written.
public func compactArchive(
  _ archive: String, to output: String
) throws(InputError) -> (original: Int, copy: Int) {
  do { return try ArchiveReader(opening: archive).writeCompressedCopy(to: output) } catch {
    throw InputError(error.description)
  }
}
