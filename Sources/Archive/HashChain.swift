// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

/// The digests that tie every row of an archive to all rows before it.
///
/// h₀ = SHA-256 of the schema text; hᵢ = SHA-256(hᵢ₋₁ ‖ table digests of row i ‖ digest of the file's row in
/// the table of sources, when row i is the first to refer to it).
struct HashChain: Sendable {
  private(set) var head: ContentHash

  /// A chain that starts from an archive's schema.
  init(schema: String) { head = ContentHash(of: Array(schema.utf8)) }

  /// A chain that goes on from a known digest.
  init(head: ContentHash) { self.head = head }

  /// Adds a row from the digests of its parts, in the order of the tables.
  mutating func append(_ parts: [ContentHash]) {
    var hasher = ContentHasher()
    hasher.update(head.bytes)
    for part in parts { hasher.update(part.bytes) }
    head = hasher.digest()
  }

  /// Adds what follows the last row: the verdict on the lot, then the archive before in the library, where there are any.
  mutating func close(lotRecord: String?, link: LibraryLink?) {
    if let lotRecord { append([ContentHash(of: Array(lotRecord.utf8))]) }
    if let link { append([link.hash]) }
  }

  /// The first eight bytes of a digest as a number: kept for every table of a row, to find the table that differs.
  static func mark(_ digest: ContentHash) -> Int64 {
    Int64(bitPattern: digest.mark)
  }
}

/// The datasets of the chain.
enum IntegrityTable {
  static let path = "/entry/integrity"
  static let rowHash = "\(path)/row_hash"
  static let tableMark = "\(path)/table_mark"
}
