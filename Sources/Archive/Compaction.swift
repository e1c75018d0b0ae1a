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
        let numbers = try copyObjects(to: partial, ObjectCopy(deflates: true))
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
}
