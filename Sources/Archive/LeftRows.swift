// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
public import Measurements

/// The rows that an archive had when writing it was resumed, by the file they were read from.
public struct ArchivedRows: Sendable {
  /// By the digest of the file's key.
  fileprivate var found: [ContentHash: (key: SourceKey, rows: Range<Int>)] = [:]

  /// No rows.
  public init() {}

  /// The rows of a file of this name and these bytes; nil when it has none.
  public func rows(of file: SourceFile) -> Range<Int>? {
    found.isEmpty ? nil : found[SourceKey(hash: file.hash, name: file.name).digest]?.rows
  }
}

/// What tells a source file from others.
struct SourceKey: Sendable {
  let hash: ContentHash
  let name: String

  /// By the bytes of the name: to `String` two spellings of é are one, to a file system two names.
  var digest: ContentHash { ContentHash(of: hash.bytes + name.utf8) }
}

extension ArchivedRows {
  /// Every file with its digest and its rows, in the order of the rows.
  public var files: [(name: String, hash: ContentHash, rows: Range<Int>)] {
    found.values.map { ($0.key.name, $0.key.hash, $0.rows) }.sorted {
      $0.rows.lowerBound < $1.rows.lowerBound
    }
  }
}

/// What a run that was killed or stopped left behind and the next can go on from.
struct LeftRows {
  /// How many rows are whole, as written, and belong to files of which all loops are there.
  let rowCount: Int
  /// The digest of the last of them; nil when there is none.
  let head: ContentHash?
  /// The row of every source that they refer to, by the digest of its key.
  let sourceRows: DigestTable
  /// The rows of every file that was read.
  let archived: ArchivedRows

  /// Reads and checks an archive that was not finished.
  init(_ path: String, software: String, lot: String?) throws(ArchiveError) {
    let reader = try ArchiveReader(opening: path)
    guard reader.schema == ArchiveSchema.version, reader.software == software else {
      throw ArchiveError(
        .inProgress,
        "\(path) was begun by \(reader.software) and this is \(software); finish it with that one, or begin another "
          + "archive")
    }
    guard reader.lot == lot else {
      throw ArchiveError(
        .inProgress, "\(path) is of the lot “\(reader.lot ?? "")”, not “\(lot ?? "")”; choose another archive"
      )
    }
    // From the first row that is not as it was written, everything is measured again.
    let faults = reader.verify()
    if let fault = faults.first(where: { $0.row == nil }) { throw ArchiveError(.damaged, fault.message) }
    let sound = faults.compactMap(\.row).min() ?? reader.count
    do throws(HDF5Error) {
      let loops = try reader.integers("/entry/loops", "loop", 0..<sound)
      let counts = try reader.integers("/entry/loops", "loop_count", 0..<sound)
      let rowCount = (loops.indices.last { loops[$0] + 1 == counts[$0] } ?? -1) + 1
      let sources = try reader.integers("/entry/loops", "source", 0..<rowCount)
      var lastSource = try reader.lastCompanion(rows: rowCount) ?? -1
      let referred = max(lastSource, sources.map { Int(clamping: $0) }.max() ?? -1)
      let known = 0..<min(reader.sources.rowCount, max(0, referred &+ 1))
      let names = try reader.sourceTexts("name", known)
      let digests = try reader.sourceTexts("sha256", known)
      var archived = ArchivedRows()
      for (row, source) in sources.enumerated() {
        guard let place = Int(exactly: source), names.indices.contains(place),
          let hash = ContentHash(hexadecimal: digests[place])
        else { throw HDF5Error(action: "read \(path)", reasons: ["row \(row) refers to no source file"]) }
        lastSource = max(lastSource, place)
        let key = SourceKey(hash: hash, name: names[place])
        archived.found[key.digest] = (key, (archived.found[key.digest]?.rows.lowerBound ?? row)..<row + 1)
      }
      var sourceRows = DigestTable()
      for place in 0..<min(lastSource + 1, names.count) {
        guard let hash = ContentHash(hexadecimal: digests[place]) else { continue }
        sourceRows.insert(SourceKey(hash: hash, name: names[place]).digest, place)
      }
      self.rowCount = rowCount
      self.sourceRows = sourceRows
      self.archived = archived
      head =
        rowCount > 0
        ? ContentHash(hexadecimal: try reader.rowHash.texts(in: rowCount - 1..<rowCount)[0]) : nil
    } catch { throw ArchiveError(error) }
  }
}

extension ArchiveReader {
  /// Writes the rows to keep, and nothing else, to a new file that can be gone on with.
  ///
  /// A process that is killed while libhdf5 hands a file over leaves some of it new and some old: rows that were handed
  /// over before can be read, but blocks that such a file takes for free may be in use, and elements behind its rows may
  /// refer to texts that never arrived.
  func copy(_ left: LeftRows, to target: String) throws(HDF5Error) {
    var way = ObjectCopy(omitted: ClosingAttribute.all)
    let tables =
      ArchiveSchema.loopTables.map { ($0.layout, left.rowCount) }
      + [ArchiveSchema.sources, ArchiveSchema.sourceBytes].map { ($0.layout, left.sourceRows.count) }
    for (layout, rows) in tables {
      var cells = rows
      if let index = layout.index {
        let path = "\(layout.path)/\(index)"
        cells = Int(clamping: try file.dataset(path).numbers(Int64.self, in: rows..<rows + 1)[0])
        way.lengths[path] = rows + 1
      }
      for column in layout.columns { way.lengths["\(layout.path)/\(column.name)"] = cells }
    }
    way.lengths[rowHash.path] = left.rowCount
    way.lengths[tableMark.path] = left.rowCount * ArchiveSchema.loopTables.count
    try copyObjects(to: target, way)
  }

  /// The last source file that is a companion of one of the first rows; nil when there is none.
  func lastCompanion(rows: Int) throws(HDF5Error) -> Int? {
    guard rows > 0, let table = loops.first(where: { $0.layout.path == "/entry/companions" }),
      let column = table.layout.columns.firstIndex(where: { $0.name == "source" }),
      case .integers(let places) = try table.block(0..<rows).columns[column]
    else { return nil }
    return places.max().map { Int(clamping: $0) }
  }
}
