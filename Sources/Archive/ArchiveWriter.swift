// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Writes one new archive, row by row; nothing that is there already is ever changed.
///
/// The rows go to `<path>.partial`, which is readable at any time; about every second or 16 MB they reach the
/// operating system, so that a killed process loses no row older than that. `finish` gives the file its name.
public struct ArchiveWriter: ~Copyable {
  private let path: String
  private let partialPath: String
  private var file: HDF5File?
  private let held: HeldFile
  private let tables: Tables
  private var pendingHashes: [String] = []
  private var pendingMarks: [Int64] = []
  private var rowCount = 0
  private var chain: HashChain
  /// The row of every source written so far.
  private var sourceRows = DigestTable()
  /// What was there when writing was resumed.
  public private(set) var archived = ArchivedRows()
  /// How often rows were handed to the operating system.
  public private(set) var writeCount = 0
  private var pendingByteCount = 0
  /// What is hashed of a row, table after table.
  private var message: [UInt8] = []
  private var lastWrite = ContinuousClock.now

  /// What follows the name of an archive until it is complete.
  static let partialSuffix = ".partial"
  /// How much is kept in memory, at most, before it is written.
  private static let byteLimit = 16 << 20
  /// How long rows are kept in memory, at most, when others follow.
  private static let timeLimit = Duration.seconds(1)
  /// More than the structure of an archive takes, and what is begun in it for rows.
  static let structureRoom = 2 << 20

  /// Creates `<path>.partial`; throws when that or the archive itself exists.
  ///
  /// `software` is the version that writes, `created` the time in UTC as ISO 8601, by default now. `expectedRows` is about
  /// how many there will be: it makes the archive of a large lot quick to write and that of a few loops small.
  public init(
    creating path: String, software: String, lot: String?, created: String? = nil, expectedRows: Int = 1
  ) throws(ArchiveError) {
    let partialPath = path + Self.partialSuffix
    guard !StoredFile.exists(path) else {
      throw ArchiveError(.exists, "\(path) exists, and an archive is never overwritten; choose another name")
    }
    guard !StoredFile.exists(partialPath) else { throw Self.inProgress(partialPath) }
    Self.removeBegun(beside: partialPath)
    let opened = try Self.begin(
      partialPath, software: software, lot: lot, created: created ?? Self.now(), expectedRows: expectedRows)
    self.path = path
    self.partialPath = partialPath
    (tables, chain, held) = (opened.tables, opened.chain, opened.held)
    file = Optional(opened.file)
  }

  /// Whether a run left an archive of this name behind that was not finished.
  public static func isUnfinished(_ path: String) -> Bool {
    StoredFile.exists(path + partialSuffix) && !StoredFile.exists(path)
  }

  /// Goes on with the archive that a run left behind as `<path>.partial`.
  ///
  /// What was handed over whole is kept: rows behind the last file of which all loops are there are given up, and so is
  /// what a killed process left unfinished. Throws when another run has it open, or it was begun by another version or
  /// for another lot.
  public init(resuming path: String, software: String, lot: String?) throws(ArchiveError) {
    let partialPath = path + Self.partialSuffix
    guard let held = try archiving({ () throws(HDF5Error) in try HeldFile(partialPath) }) else {
      throw ArchiveError(
        .inProgress, "\(partialPath) is being written by another run; wait for it, or choose another archive")
    }
    Self.removeBegun(beside: partialPath)
    let left = try LeftRows(partialPath, software: software, lot: lot)
    let opened = try withExtendedLifetime(held) { () throws(ArchiveError) in
      try Self.reopen(partialPath, keeping: left)
    }
    self.path = path
    self.partialPath = partialPath
    (tables, chain, self.held) = (opened.tables, opened.chain, opened.held)
    file = Optional(opened.file)
    rowCount = left.rowCount
    sourceRows = left.sourceRows
    archived = left.archived
  }

  /// A file open for writing with what belongs to it.
  private struct Opened: ~Copyable {
    let file: HDF5File
    let tables: Tables
    let chain: HashChain
    let held: HeldFile
  }

  private static func begin(
    _ partialPath: String, software: String, lot: String?, created: String, expectedRows: Int
  ) throws(ArchiveError) -> Opened {
    // Under another name until its structure is in the file: what has the name can always be opened.
    let beginning = unusedName(beside: partialPath)
    do throws(HDF5Error) {
      let file = try HDF5File(creating: beginning, as: partialPath)
      guard let held = try HeldFile(beginning, as: partialPath) else {
        throw HDF5Error(action: "lock \(partialPath)", reasons: ["another process has it open"])
      }
      try held.reserve(structureRoom)
      defer { held.release() }
      try describe(file, software: software, lot: lot, created: created)
      let tables = try Tables(in: file, expectedRows: expectedRows)
      try file.flush()
      let chain = HashChain(schema: try schemaText(of: file))
      try StoredFile.move(beginning, to: partialPath)
      return Opened(file: file, tables: tables, chain: chain, held: held)
    } catch {
      StoredFile.remove(beginning)
      // Another process may have been faster than the check.
      throw StoredFile.exists(partialPath) ? inProgress(partialPath) : ArchiveError(error)
    }
  }

  /// A name that no other process takes, also none of another machine or container that has the same number.
  private static func unusedName(beside path: String) -> String {
    "\(path)\(begun)\(String(UInt64.random(in: 0 ... .max), radix: 36))"
  }

  private static let begun = ".begun-"

  /// Removes what runs that were killed had begun and not put in its place; what a process holds is left alone.
  private static func removeBegun(beside path: String) {
    for path in StoredFile.paths(beginningWith: path + begun) {
      if let held = try? HeldFile(path) { withExtendedLifetime(held) { StoredFile.remove(path) } }
    }
  }

  /// Puts a copy of the rows to keep in the place of what was left, and opens that.
  ///
  /// What was left is only read, and keeps its name until the copy is whole.
  private static func reopen(_ partialPath: String, keeping left: LeftRows) throws(ArchiveError) -> Opened {
    let beginning = unusedName(beside: partialPath)
    let reader = try ArchiveReader(opening: partialPath)
    do throws(HDF5Error) {
      try reader.copy(left, to: beginning)
      guard let held = try HeldFile(beginning, as: partialPath) else {
        throw HDF5Error(action: "lock \(partialPath)", reasons: ["another process has it open"])
      }
      try held.reserve(structureRoom)
      defer { held.release() }
      let file = try HDF5File(appendingTo: beginning, as: partialPath)
      try file.setAttribute(ClosingAttribute.complete, .integer(0))
      let tables = try Tables(in: file, keeping: left)
      try file.flush()
      let chain =
        if let head = left.head { HashChain(head: head) } else { HashChain(schema: try schemaText(of: file)) }
      try StoredFile.replace(partialPath, by: beginning)
      return Opened(file: file, tables: tables, chain: chain, held: held)
    } catch {
      StoredFile.remove(beginning)
      throw ArchiveError(error)
    }
  }

  /// The lines of JSON of rows that were there before the archive was resumed; traps for others.
  public func records(_ rows: Range<Int>) throws(ArchiveError) -> [String] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    return try archiving { () throws(HDF5Error) in
      try file?.dataset("/entry/loops/record").texts(in: rows) ?? []
    }
  }

  private static func inProgress(_ partialPath: String) -> ArchiveError {
    ArchiveError(
      .inProgress,
      "\(partialPath) exists: another run is writing this archive, or one was killed while it did; wait for it, go on "
        + "with --resume where the command has it, or move the file away, which is readable as it is")
  }

  private static func describe(
    _ file: borrowing HDF5File, software: String, lot: String?, created: String
  ) throws(HDF5Error) {
    let root: [(String, HDF5Attribute)] = [
      ("magcert_schema", .integer(ArchiveSchema.version)), ("NX_class", .text("NXroot")),
      ("default", .text("entry")), ("creator", .text("magcert")), ("creator_version", .text(software)),
      ("HDF5_Version", .text(try HDF5File.hdf5Version())), ("file_time", .text(created)),
      ("lot", .text(lot ?? "")), (ClosingAttribute.complete, .integer(0)),
    ]
    try file.setAttributes(root)
    for group in ArchiveSchema.groups {
      try file.createGroup(group.path)
      try file.setAttributes(group.attributes.map { ($0.name, .text($0.value)) }, of: group.path)
    }
  }

  /// Adds a row; it reaches the file now or with one of the next rows.
  public mutating func append(_ entry: ArchiveEntry) throws(ArchiveError) {
    var message = self.message
    // Its memory serves row after row, as long as nothing else holds it.
    self.message = []
    defer { self.message = message }
    message.removeAll(keepingCapacity: true)
    var parts: [ContentHash] = []
    parts.reserveCapacity(tables.loops.count + 1)
    let (source, newSource) = register(entry.source, &message)
    var newSources = newSource
    let companions = entry.companions.map { companion in
      message.removeAll(keepingCapacity: true)
      let (place, digests) = register(companion.file, &message)
      newSources += digests
      return place
    }
    let row = LoopRow(entry, source: source, companions: companions)
    for place in tables.loops.indices {
      message.removeAll(keepingCapacity: true)
      tables.loops[place].append(row, into: &message)
      pendingByteCount += message.count
      let digest = ContentHash(of: message)
      parts.append(digest)
      pendingMarks.append(HashChain.mark(digest))
    }
    chain.append(parts + newSources)
    pendingHashes.append(chain.head.hexadecimal)
    rowCount += 1
    guard pendingByteCount >= Self.byteLimit || ContinuousClock.now - lastWrite >= Self.timeLimit else {
      return
    }
    try write()
  }

  /// The row of a source, and its digest when it is new.
  private mutating func register(_ source: SourceFile, _ message: inout [UInt8]) -> (Int, [ContentHash]) {
    let place = sourceRows.count
    let key = SourceKey(hash: source.hash, name: source.name)
    if let known = sourceRows.insert(key.digest, place) { return (known, []) }
    // The bytes themselves are covered by the digest, so they are not hashed a second time.
    var unused: [UInt8] = []
    tables.sources[0].append(source, into: &message)
    tables.sources[1].append(source, into: &unused)
    pendingByteCount += source.bytes.count
    return (place, [ContentHash(of: message)])
  }

  /// Hands everything in memory to the operating system.
  ///
  /// Throws when there is no room for all of it; the file is then as it was. Throws as well when the file does not go by
  /// its name any more; one that was removed is put back.
  public mutating func write() throws(ArchiveError) {
    let digests = Cells.texts(pendingHashes).room + Cells.integers(pendingMarks).room
    try reserve(tables.pendingRoom + digests + Self.structureRoom)
    defer { held.release() }
    do {
      for place in tables.sources.indices { try tables.sources[place].write() }
      for place in tables.loops.indices { try tables.loops[place].write() }
      try tables.tableMark?.append(pendingMarks)
      try file?.flush()
      // Rows count from when their digests are there, and those go into the file when everything else is: a process killed
      // in the middle of so many writes would leave rows that are not whole.
      try tables.rowHash?.append(pendingHashes)
      try file?.flush()
    } catch { throw ArchiveError(error) }
    pendingMarks = []
    pendingHashes = []
    pendingByteCount = 0
    writeCount += 1
    lastWrite = ContinuousClock.now
    guard held.isNamed(partialPath) else { throw nameLost() }
  }

  private func reserve(_ byteCount: Int) throws(ArchiveError) {
    do { try held.reserve(byteCount) } catch {
      throw ArchiveError(.input, "\(error); the rows in it are whole: make room, then \(Self.goingOn)")
    }
  }

  private static let goingOn = "go on with --resume where the command has it"

  /// What happened to a file that does not go by its name any more.
  private func nameLost() -> ArchiveError {
    guard held.isRemoved else {
      return ArchiveError(
        .input,
        "\(partialPath) is not there any more: it, its folder or its disk was moved while it was written; the rows are "
          + "in it where it is now: bring it back, then \(Self.goingOn)")
    }
    do {
      try held.copy(to: partialPath)
      return ArchiveError(
        .input,
        "\(partialPath) was removed while it was written and is put back with its rows: \(Self.goingOn)")
    } catch {
      return ArchiveError(
        .input, "\(partialPath) was removed while it was written and cannot be put back: \(error)")
    }
  }

  /// Completes the archive: everything is on the disk, sealed, and under its final name when this returns.
  ///
  /// `lotRecord` is the line of JSON with the verdict on the lot, kept as it was printed; at most about 60000 bytes.
  /// `link` names the archive that was finished before in the same library; nil when this one belongs to none.
  /// Throws when the name was taken in the meantime; the rows are then in `<path>.partial`.
  public consuming func finish(
    lotRecord: String? = nil, link: LibraryLink? = nil
  ) throws(ArchiveError) {
    try write()
    chain.close(lotRecord: lotRecord, link: link)
    try reserve(2 * (lotRecord?.utf8.count ?? 0) + Self.structureRoom)
    do {
      defer { held.release() }
      try file?.setAttribute(ClosingAttribute.lotRecord, .text(lotRecord ?? ""))
      try file?.setAttribute(ClosingAttribute.previousArchive, .text(link?.previous ?? ""))
      try file?.setAttribute(ClosingAttribute.previousDigest, .text(link?.digest ?? ""))
      try file?.setAttribute(ClosingAttribute.rows, .integer(Int64(rowCount)))
      try file?.setAttribute(ClosingAttribute.chain, .text(chain.head.hexadecimal))
      try file?.setAttribute(ClosingAttribute.complete, .integer(1))
      let numbers = try tables.numberRanges()
      tables.release()
      if let closing = file.take() { try closing.close() }
      let seal = try Seal(of: partialPath, numbers: numbers).bytes
      try held.reserve(seal.count)
      try StoredFile.appendDurably(seal, to: partialPath)
    } catch { throw ArchiveError(error) }
    guard !StoredFile.exists(path) else { throw Self.taken(path, partialPath) }
    do {
      try StoredFile.move(partialPath, to: path)
    } catch {
      throw StoredFile.exists(path) && StoredFile.exists(partialPath)
        ? Self.taken(path, partialPath) : ArchiveError(error)
    }
  }

  private static func taken(_ path: String, _ partialPath: String) -> ArchiveError {
    ArchiveError(
      .exists,
      "\(path) appeared while the archive was written and is left alone; the complete archive is \(partialPath)"
    )
  }

  /// The time now in UTC, such as `2026-03-01T12:00:00Z`.
  private static func now() -> String {
    let seconds = Int(time(nil))
    let (days, rest) = (seconds / 86_400, seconds % 86_400)
    // Civil date from a day count, with years that begin in March (the proleptic Gregorian calendar).
    let shifted = days + 719_468
    let era = shifted / 146_097
    let ofEra = shifted % 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let march = (5 * ofYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let date = [year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1]
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    return date.map(digits).joined(separator: "-") + "T"
      + [rest / 3600, rest / 60 % 60, rest % 60].map(digits).joined(separator: ":") + "Z"
  }
}
