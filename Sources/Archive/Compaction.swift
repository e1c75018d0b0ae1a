// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

extension ArchiveReader {
  /// Writes a compressed copy of a finished archive that nothing was done to: the same rows with the same chain digest.
  ///
  /// Numbers and source files are compressed (shuffle and deflate, which every libhdf5 reads), text is not. The copy is
  /// checked from its first to its last byte before it gets its name. Throws when the archive is not finished or not
  /// sound, when the copy's name is taken, or when it cannot be written; the archive itself is only read. Tells the sizes of both files, in bytes.
  @discardableResult
  public func writeCompressedCopy(to target: String) throws(ArchiveError) -> (original: Int, copy: Int) {
    guard isComplete else {
      throw ArchiveError(.inProgress, "\(path) is not finished, and only a finished archive is copied")
    }
    if let fault = verify().first {
      throw ArchiveError(.damaged, "\(path) is not copied, because something in it was changed: \(fault)")
    }
    let chain = try chainDigest()
    try makeNewFile(target) { partial throws(ArchiveError) in
      try archiving { () throws(HDF5Error) in
        let numbers = try copyCompressed(to: partial)
        try StoredFile.appendDurably(try Seal(of: partial, numbers: numbers).bytes, to: partial)
      }
      let copy = try ArchiveReader(opening: partial)
      if let fault = copy.verify().first { throw ArchiveError(.damaged, "the copy is not sound: \(fault)") }
      guard try copy.chainDigest() == chain, copy.count == count else {
        throw ArchiveError(.damaged, "the copy of \(path) is not the same archive")
      }
    }
    return try archiving { () throws(HDF5Error) in
      (try StoredFile.byteCount(path), try StoredFile.byteCount(target))
    }
  }

  /// Copies every object to a new file; returns where its numbers lie.
  private func copyCompressed(to target: String) throws(HDF5Error) -> [Range<Int>] {
    let copy = try HDF5File(creating: target)
    var datasets: [String] = []
    try copyGroup("/", to: copy, depth: 0, &datasets)
    try copy.flush()
    var ranges: [Range<Int>] = []
    for path in datasets {
      let dataset = try copy.dataset(path)
      if dataset.type != .text { ranges += try dataset.storedRanges() }
    }
    try copy.close()
    return ranges
  }

  private func copyGroup(
    _ group: String, to copy: borrowing HDF5File, depth: Int, _ datasets: inout [String]
  ) throws(HDF5Error) {
    // A verified archive is not that deep.
    guard depth < 8 else {
      throw HDF5Error(action: "copy \(group)", reasons: ["groups inside groups without end"])
    }
    try copyAttributes(group, to: copy)
    for member in try file.members(of: group) {
      let path = group == "/" ? "/\(member.name)" : "\(group)/\(member.name)"
      switch member.kind {
      case .group:
        try copy.createGroup(path)
        try copyGroup(path, to: copy, depth: depth + 1, &datasets)
      case .dataset:
        try copyDataset(file.dataset(path), to: copy)
        try copyAttributes(path, to: copy)
        datasets.append(path)
      }
    }
  }

  private func copyAttributes(_ path: String, to copy: borrowing HDF5File) throws(HDF5Error) {
    for name in try file.attributeNames(of: path) {
      try copy.setAttribute(name, try file.attribute(name, of: path), of: path)
    }
  }

  private func copyDataset(_ dataset: HDF5Dataset, to copy: borrowing HDF5File) throws(HDF5Error) {
    let count = try dataset.count()
    // Larger blocks compress better; small tables do not need a large one.
    let target = try copy.createDataset(
      dataset.path, dataset.type, chunk: max(1, min(count, 16_384)), deflate: dataset.type == .text ? nil : 4)
    let step = dataset.type == .text ? 1024 : 1 << 18
    for first in stride(from: 0, to: count, by: step) {
      let range = first..<min(first + step, count)
      switch dataset.type {
      case .double: try target.append(dataset.numbers(Double.self, in: range))
      case .int64: try target.append(dataset.numbers(Int64.self, in: range))
      case .uint8: try target.append(dataset.numbers(UInt8.self, in: range))
      case .text: try target.append(dataset.texts(in: range))
      }
    }
  }
}
