// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

/// What ties an archive to the one that was finished before it in the same library; since schema 5.
///
/// It is the last link of the archive's own hash chain, so that neither can be changed without the other.
public struct LibraryLink: Hashable, Sendable {
  /// The name of the file finished before, without its folder; nil for the first archive of a library.
  public let previous: String?
  /// The chain digest of that file, 64 hexadecimal digits; zeros for the first archive of a library.
  public let digest: String

  /// The link of the archive that is finished after another one.
  public init(after previous: String, digest: String) {
    self.previous = previous
    self.digest = digest
  }

  private init() {
    previous = nil
    digest = String(repeating: "0", count: 64)
  }

  /// The link of the first archive of a library.
  public static let first = LibraryLink()

  /// The link that a finished archive has; nil when it was written into no library.
  init?(in file: borrowing HDF5File) throws(HDF5Error) {
    guard case .text(let name) = try file.attribute(ClosingAttribute.previousArchive),
      case .text(let digest) = try file.attribute(ClosingAttribute.previousDigest), !digest.isEmpty
    else { return nil }
    previous = name.isEmpty ? nil : name
    self.digest = digest
  }

  /// What the hash chain takes of it.
  var hash: ContentHash { ContentHash(of: Array("library\n\(digest)\n\(previous ?? "")".utf8)) }
}
