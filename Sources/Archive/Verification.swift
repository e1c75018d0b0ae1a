// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

/// Something in an archive that is not as it was written.
public struct ArchiveFault: Hashable, Sendable {
  /// The row, from 0; nil when the fault does not belong to one.
  public let row: Int?
  /// The dataset or group; nil when the fault does not belong to one.
  public let dataset: String?
  /// One sentence.
  public let message: String

  init(row: Int? = nil, dataset: String? = nil, _ message: String) {
    self.row = row
    self.dataset = dataset
    self.message = message
  }
}

extension ArchiveFault: CustomStringConvertible {
  /// The sentence.
  public var description: String { message }
}

extension ArchiveReader {
  /// Checks an archive from its first to its last byte; a file that cannot be opened gives one fault.
  public static func verify(_ path: String) -> [ArchiveFault] {
    do {
      return try ArchiveReader(opening: path).verify()
    } catch {
      return [ArchiveFault(error.detail)]
    }
  }

  /// Computes every digest again, of source files and of every row, and compares; no faults mean no change.
  ///
  /// Only an archive that goes by its final name has to be sealed: the seal is the last thing that is written before.
  public func verify() -> [ArchiveFault] {
    var faults: [ArchiveFault] = []
    if isComplete, seal == nil, !path.hasSuffix(ArchiveWriter.partialSuffix) {
      faults.append(
        ArchiveFault(
          "the seal at the end of \(path) is missing or damaged: the file was cut, or opened for writing by "
            + "another program after it was finished"))
    }
    do {
      try verifySources(&faults)
      try verifyRows(&faults)
    } catch {
      faults.append(ArchiveFault(error.description))
    }
    return faults
  }

  private func verifySources(_ faults: inout [ArchiveFault]) throws(HDF5Error) {
    var count = min(sources.rowCount, sourceBytes.rowCount)
    if !isComplete {
      // What is behind them a killed writer may have left half written.
      let referred = try integers("/entry/loops", "source", 0..<self.count).map { Int(clamping: $0) }.max()
      count = min(count, max(0, max(referred ?? -1, try lastCompanion(rows: self.count) ?? -1) &+ 1))
    }
    let names = try sourceTexts("name", 0..<count)
    let digests = try sourceTexts("sha256", 0..<count)
    for place in 0..<count
    where ContentHash(of: try bytes(ofSource: place)).hexadecimal != digests[place] {
      faults.append(
        ArchiveFault(
          dataset: "/entry/sources/bytes",
          "the bytes of source file \(place), \(names[place]), do not have the SHA-256 stored with them"))
    }
  }

  private func verifyRows(_ faults: inout [ArchiveFault]) throws(HDF5Error) {
    let stored = try rowHash.texts(in: 0..<count)
    let width = loops.count
    let marks = try tableMark.numbers(Int64.self, in: 0..<min(tableMark.count(), count * width))
    var chain = HashChain(schema: try schemaText(of: file))
    var seenSources = 0
    // A few rows at a time: rows of long loops are large.
    let step = 32
    for first in stride(from: 0, to: count, by: step) {
      let rows = first..<min(first + step, count)
      var blocks: [TableBlock] = []
      for table in loops { blocks.append(try table.block(rows)) }
      let sourcesOfRows = try integers("/entry/loops", "source", rows)
      for row in rows {
        var parts: [ContentHash] = []
        for block in blocks {
          var message: [UInt8] = []
          block.encode(row: row - first, into: &message)
          parts.append(ContentHash(of: message))
        }
        let differing = zip(parts, marks.dropFirst(row * width)).enumerated().filter {
          HashChain.mark($0.element.0) != $0.element.1
        }.map(\.offset)
        let companions = companionsOfRow(row - first, in: blocks)
        for (place, source) in ([sourcesOfRows[row - first]] + companions).enumerated() {
          if source == seenSources, seenSources < sources.rowCount {
            var message: [UInt8] = []
            try sources.block(seenSources..<seenSources + 1).encode(row: 0, into: &message)
            parts.append(ContentHash(of: message))
            seenSources += 1
          } else if source < 0 || source >= seenSources {
            let dataset = place == 0 ? "/entry/loops/source" : "/entry/companions/source"
            faults.append(ArchiveFault(row: row, dataset: dataset, "row \(row) refers to no source file"))
          }
        }
        check(row, parts, differing, stored: stored, &chain, &faults)
      }
    }
    guard isComplete else { return }
    try verifyEnd(chain, seenSources, markCount: count * width, &faults)
  }

  /// The source files that a row rests on beside its own, as the archive says; none before schema 3.
  private func companionsOfRow(_ row: Int, in blocks: [TableBlock]) -> [Int64] {
    guard let table = loops.firstIndex(where: { $0.layout.path == "/entry/companions" }),
      let column = loops[table].layout.columns.firstIndex(where: { $0.name == "source" }),
      case .integers(let places) = blocks[table].columns[column]
    else { return [] }
    return Array(places[blocks[table].starts[row]..<blocks[table].starts[row + 1]])
  }

  private func check(
    _ row: Int, _ parts: [ContentHash], _ differing: [Int], stored: [String], _ chain: inout HashChain,
    _ faults: inout [ArchiveFault]
  ) {
    chain.append(parts)
    if chain.head.hexadecimal == stored[row] {
      if !differing.isEmpty {
        faults.append(
          ArchiveFault(
            row: row, dataset: IntegrityTable.tableMark,
            "row \(row) is as it was written, and its digests in \(IntegrityTable.tableMark) are not"))
      }
    } else {
      let places = differing.map { loops[$0].layout.name }
      let what =
        places.isEmpty
        ? "row \(row) or what it follows (the schema, the source file's name, a digest) is not what was written"
        : "row \(row) is not what was written, in " + places.joined(separator: ", ")
      faults.append(ArchiveFault(row: row, dataset: places.first, what))
    }
    // The rows after a changed one are judged by the digest that is stored, each on its own.
    if let head = ContentHash(hexadecimal: stored[row]) { chain = HashChain(head: head) }
  }

  private func verifyEnd(
    _ chain: HashChain, _ seenSources: Int, markCount: Int, _ faults: inout [ArchiveFault]
  ) throws(HDF5Error) {
    for table in loops + [sources, sourceBytes] where !table.isWhole {
      faults.append(
        ArchiveFault(dataset: table.layout.path, "\(table.layout.name) has cells that belong to no row"))
    }
    for table in loops where table.rowCount != count {
      faults.append(
        ArchiveFault(
          dataset: table.layout.path,
          "\(table.layout.name) has \(table.rowCount) rows where others have \(count)"))
    }
    guard sources.rowCount == seenSources, sourceBytes.rowCount == seenSources else {
      faults.append(
        ArchiveFault(
          dataset: "/entry/sources",
          "\(seenSources) source files are referred to and \(sources.rowCount) are stored"))
      return
    }
    let (markTotal, hashTotal) = (try tableMark.count(), try rowHash.count())
    if markTotal != markCount || hashTotal != count {
      faults.append(
        ArchiveFault(dataset: IntegrityTable.path, "the number of stored digests is not that of the rows"))
    }
    if try file.attribute(ClosingAttribute.rows) != .integer(Int64(count)) {
      faults.append(
        ArchiveFault("the number of rows is not \(count), as it was when the archive was finished"))
    }
    var chain = chain
    chain.close(lotRecord: lotRecord, link: previousLink)
    if try file.attribute(ClosingAttribute.chain) != .text(chain.head.hexadecimal) {
      faults.append(ArchiveFault("the last row's digest is not the one stored when the archive was finished"))
    }
  }
}
