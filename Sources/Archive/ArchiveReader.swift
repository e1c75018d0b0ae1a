// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
internal import HDF5
public import Measurements

/// What a list of an archive shows of one row.
public struct ArchiveSummary: Hashable, Sendable {
  /// A value with its standard and expanded uncertainty, all in the characteristic's unit.
  public struct Value: Hashable, Sendable {
    /// The value.
    public let value: Double
    /// The combined standard uncertainty u.
    public let standardUncertainty: Double
    /// The expanded uncertainty U.
    public let expandedUncertainty: Double
  }

  /// The row, from 0.
  public let row: Int
  /// The specimen's name; nil when not known.
  public let sample: String?
  /// The lot; nil when not known.
  public let lot: String?
  /// The source file's name.
  public let file: String
  /// The SHA-256 of the source file, 64 hexadecimal digits.
  public let sha256: String
  /// Which loop of the file, from 0.
  public let loopIndex: Int
  /// When it was measured, local time, ISO 8601, as the file says; nil when it does not.
  public let measured: String?
  /// The driver; nil when none could read the file.
  public let instrument: String?
  /// The grade that was tested; nil when none was.
  public let grade: String?
  /// The decision; nil when there is none.
  public let verdict: Conformity?
  /// The characteristics that have a value.
  public let quantities: [Characteristic: Value]
}

/// Reads one archive, finished or still being written.
public final class ArchiveReader: Sendable {
  /// The path it was opened under.
  public let path: String
  /// The number of the archive's schema.
  public let schema: Int
  /// How many rows can be read.
  public let count: Int
  /// Whether the archive was finished; one that was not ends with the last row its writer handed over.
  public let isComplete: Bool
  /// The software that wrote the archive.
  public let software: String
  /// The lot; nil when none was given.
  public let lot: String?
  /// When writing began, UTC, ISO 8601.
  public let created: String
  /// The lot's line of JSON as it was printed; nil when there was no verdict on the lot, and before schema 4.
  public let lotRecord: String?
  /// The archive that was finished before in the same library; nil without a library, and before schema 5.
  public let previousLink: LibraryLink?
  let file: HDF5File
  let loops: [TableReader]
  let sources: TableReader
  let sourceBytes: TableReader
  let rowHash: HDF5Dataset
  let tableMark: HDF5Dataset
  let seal: Seal?

  /// Opens an archive; throws when it is of a newer schema, not an archive, or its structure is damaged.
  ///
  /// A `.partial` file of a run that goes on or was killed can be read too; `isComplete` tells it.
  public init(opening path: String) throws(ArchiveError) {
    seal = try Self.checkedSeal(path)
    let file = try archiving { () throws(HDF5Error) in try HDF5File(opening: path) }
    guard let schema = try? file.attribute("magcert_schema"), case .integer(let version) = schema else {
      throw ArchiveError(
        .notAnArchive, "\(path) is an HDF5 file without a schema number of magcert, so it is not an archive")
    }
    guard version <= ArchiveSchema.version else {
      throw ArchiveError(
        .newerSchema,
        "\(path) has schema \(version) and this version of magcert reads up to \(ArchiveSchema.version); "
          + "use a newer magcert")
    }
    guard version >= 1 else {
      throw ArchiveError(.notAnArchive, "\(path) has schema \(version), which never existed")
    }
    do {
      isComplete = try file.attribute(ClosingAttribute.complete) == .integer(1)
      software = try Self.text("creator_version", of: file)
      let lot = try Self.text("lot", of: file)
      self.lot = lot.isEmpty ? nil : lot
      created = try Self.text("file_time", of: file)
      let record = version >= 4 && isComplete ? try Self.text(ClosingAttribute.lotRecord, of: file) : ""
      lotRecord = record.isEmpty ? nil : record
      previousLink = version >= 5 && isComplete ? try LibraryLink(in: file) : nil
      var loops: [TableReader] = []
      for table in ArchiveSchema.loopTables(of: version) {
        loops.append(try TableReader(table.layout, in: file))
      }
      self.loops = loops
      sources = try TableReader(ArchiveSchema.sources.layout, in: file)
      sourceBytes = try TableReader(ArchiveSchema.sourceBytes.layout, in: file)
      rowHash = try file.dataset(IntegrityTable.rowHash)
      tableMark = try file.dataset(IntegrityTable.tableMark)
      let digests = isComplete ? try rowHash.count() : try Self.digestCount(of: rowHash)
      count = min(loops.map(\.rowCount).min() ?? 0, digests)
    } catch { throw ArchiveError(error) }
    self.path = path
    self.schema = Int(version)
    self.file = file
  }

  /// How many rows have their digest in a file that is not finished.
  ///
  /// Digests are handed over last. A process that is killed meanwhile leaves elements at the end that refer to texts
  /// which are not in the file, and their rows were never there.
  private static func digestCount(of rowHash: HDF5Dataset) throws(HDF5Error) -> Int {
    var (readable, unreadable) = (0, try rowHash.count() + 1)
    var step = unreadable - 1
    while unreadable - readable > 1 {
      if (try? rowHash.texts(in: readable..<readable + step)) != nil {
        readable += step
      } else {
        unreadable = readable + step
      }
      step = (unreadable - readable) / 2
    }
    while readable > 0,
      ContentHash(hexadecimal: try rowHash.texts(in: readable - 1..<readable)[0]) == nil
    {
      readable -= 1
    }
    return readable
  }

  /// The seal of a finished archive, after a look at the bytes it covers; nil without one.
  private static func checkedSeal(_ path: String) throws(ArchiveError) -> Seal? {
    let seal: Seal?
    let damage: [Range<Int>]
    do {
      seal = try Seal(at: path)
      damage = try seal?.damage(of: path) ?? []
    } catch { throw ArchiveError(error) }
    guard let range = damage.first else { return seal }
    throw ArchiveError(
      .damaged,
      "\(path) is damaged: its structure or text in bytes \(range.lowerBound) to \(range.upperBound - 1) is not "
        + "what was written" + (damage.count > 1 ? ", nor in \(damage.count - 1) other places" : "")
        + "; use another copy")
  }

  private static func text(_ name: String, of file: borrowing HDF5File) throws(HDF5Error) -> String {
    guard case .text(let text) = try file.attribute(name) else {
      throw HDF5Error(action: "read the attribute \(name)", reasons: ["it is not a text"])
    }
    return text
  }

  /// A summary of every row, in order.
  public func summaries() throws(ArchiveError) -> [ArchiveSummary] { try summaries(of: 0..<count) }

  /// A summary of every row of a range, in order; traps for rows that are not in the archive.
  public func summaries(of rows: Range<Int>) throws(ArchiveError) -> [ArchiveSummary] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
    do {
      let sample = try texts("/entry/samples", "id", rows)
      let lot = try texts("/entry/samples", "lot", rows)
      let instrument = try texts("/entry/loops", "instrument", rows)
      let grade = try texts("/entry/verdicts", "grade", rows)
      let verdict = try texts("/entry/verdicts", "result", rows)
      let loop = try integers("/entry/loops", "loop", rows)
      let measured = try texts("/entry/loops", "measured", rows)
      let source = try integers("/entry/loops", "source", rows).map { Int(clamping: $0) }
      // Rows that follow each other refer to files that do.
      let first = max(0, source.min() ?? 0)
      let last = min(source.max() ?? -1, sources.rowCount - 1)
      let files = first..<max(first, last + 1)
      let names = try sourceTexts("name", files)
      let hashes = try sourceTexts("sha256", files)
      var values: [Characteristic: (Cells, Cells, Cells, Cells)] = [:]
      for characteristic in Characteristic.allCases where characteristic.since <= schema {
        let path = "/entry/results/\(characteristic.rawValue)"
        values[characteristic] = (
          try cells(path, "present", rows), try cells(path, "value", rows),
          try cells(path, "standard_uncertainty", rows), try cells(path, "expanded_uncertainty", rows)
        )
      }
      return try (0..<rows.count).map { row throws(HDF5Error) in
        guard files.contains(source[row]) else {
          throw HDF5Error(
            action: "read \(path)", reasons: ["row \(rows.lowerBound + row) refers to no source file"])
        }
        let file = source[row] - first
        var quantities: [Characteristic: ArchiveSummary.Value] = [:]
        for (characteristic, columns) in values {
          guard
            case (.bytes(let there), .doubles(let value), .doubles(let u), .doubles(let expanded)) = columns,
            there[row] == 1
          else { continue }
          quantities[characteristic] = ArchiveSummary.Value(
            value: value[row], standardUncertainty: u[row], expandedUncertainty: expanded[row])
        }
        return ArchiveSummary(
          row: rows.lowerBound + row, sample: present(sample[row]), lot: present(lot[row]), file: names[file],
          sha256: hashes[file], loopIndex: Int(clamping: loop[row]), measured: present(measured[row]),
          instrument: present(instrument[row]), grade: present(grade[row]),
          verdict: Conformity(rawValue: verdict[row]), quantities: quantities)
      }
    } catch { throw ArchiveError(error) }
  }

  /// The rows of files with a SHA-256, 64 hexadecimal digits, in order.
  public func rows(ofDigest digest: String) throws(ArchiveError) -> [Int] {
    do {
      let digests = try sourceTexts("sha256")
      let source = try integers("/entry/loops", "source", 0..<count)
      return (0..<count).filter { row in
        Int(exactly: source[row]).map { digests.indices.contains($0) && digests[$0] == digest } ?? false
      }
    } catch { throw ArchiveError(error) }
  }

  /// The rows with a sample name or a file name, in order.
  public func rows(named name: String) throws(ArchiveError) -> [Int] {
    do {
      let sample = try texts("/entry/samples", "id", 0..<count)
      let source = try integers("/entry/loops", "source", 0..<count)
      let files = Set(
        try sourceTexts("name").enumerated().filter { $0.element == name }.map { Int64($0.offset) })
      return (0..<count).filter { sample[$0] == name || files.contains(source[$0]) }
    } catch { throw ArchiveError(error) }
  }

  /// The digest of the last row, to which all rows are chained, as it was stored when the archive was finished.
  ///
  /// 64 hexadecimal digits; throws when the archive is not finished.
  public func chainDigest() throws(ArchiveError) -> String {
    try archiving { () throws(HDF5Error) in try Self.text(ClosingAttribute.chain, of: file) }
  }

  /// The line of JSON of a row; traps for a row that is not in the archive.
  public func record(_ row: Int) throws(ArchiveError) -> String {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    return try archiving { () throws(HDF5Error) in
      try texts("/entry/loops", "record", row..<row + 1)[0]
    }
  }

  /// The file that a row was read from, byte for byte; traps for a row that is not in the archive.
  ///
  /// Throws when the bytes do not have the digest they were stored with.
  public func source(_ row: Int) throws(ArchiveError) -> SourceFile {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    let place = try archiving { () throws(HDF5Error) in
      Int(clamping: try integers("/entry/loops", "source", row..<row + 1)[0])
    }
    return try source(at: place, ofRow: row)
  }

  /// The file at a place of the table of sources, to which a row refers.
  func source(at place: Int, ofRow row: Int) throws(ArchiveError) -> SourceFile {
    let (name, digest, bytes): (String, String, [UInt8])
    do throws(HDF5Error) {
      guard place >= 0, place < sources.rowCount, place < sourceBytes.rowCount else {
        throw HDF5Error(action: "read \(path)", reasons: ["row \(row) refers to no source file"])
      }
      name = try sourceTexts("name", place..<place + 1)[0]
      digest = try sourceTexts("sha256", place..<place + 1)[0]
      bytes = try self.bytes(ofSource: place)
    } catch { throw ArchiveError(error) }
    let file = SourceFile(name: name, bytes: bytes)
    guard file.hash.hexadecimal == digest else {
      throw ArchiveError(.damaged, "the bytes of \(name) in \(path) are not those that were stored")
    }
    return file
  }

  // MARK: Columns by name

  func bytes(ofSource place: Int) throws(HDF5Error) -> [UInt8] {
    guard case .bytes(let bytes) = try sourceBytes.block(place..<place + 1).columns[0] else { return [] }
    return bytes
  }

  func sourceTexts(_ name: String, _ rows: Range<Int>? = nil) throws(HDF5Error) -> [String] {
    guard case .texts(let texts)? = try sources.column(name, rows: rows ?? 0..<sources.rowCount) else {
      preconditionFailure("there is no text column \(name) in the table of sources")
    }
    return texts
  }

  func cells(_ path: String, _ name: String, _ rows: Range<Int>) throws(HDF5Error) -> Cells {
    for table in loops where table.layout.path == path && table.layout.index == nil {
      if let cells = try table.column(name, rows: rows) { return cells }
    }
    preconditionFailure("there is no column \(name) in \(path)")
  }

  func texts(_ path: String, _ name: String, _ rows: Range<Int>) throws(HDF5Error) -> [String] {
    guard case .texts(let texts) = try cells(path, name, rows) else {
      preconditionFailure("\(path)/\(name) is not a text column")
    }
    return texts
  }

  func integers(_ path: String, _ name: String, _ rows: Range<Int>) throws(HDF5Error) -> [Int64] {
    guard case .integers(let integers) = try cells(path, name, rows) else {
      preconditionFailure("\(path)/\(name) is not an integer column")
    }
    return integers
  }

  private func present(_ text: String) -> String? { text.isEmpty ? nil : text }
}
