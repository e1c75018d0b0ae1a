// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Measurements
internal import Report

/// What recomputing every hash of a library found: of each archive, and of the order in which they were finished.
public struct LibraryVerification: Sendable {
  /// What is wrong with the order of the archives.
  struct Fault: Encodable, Hashable {
    /// The archive that the sentence is about.
    var archive: String?
    /// One sentence.
    let message: String
  }

  /// The folder.
  public let folder: String
  /// Every archive in it by itself, in the order of the names.
  public let archives: [ArchiveVerification]
  private var faults: [Fault] = []
  /// Whether the archives are tied to each other at all.
  private var isChained = true
  private var chain: [LibraryIndex.Entry] = []
  private let unfinished: [String]

  /// Reads every archive of a folder from the first to the last byte, then follows the chain of archives.
  ///
  /// Damage of any kind is a fault, never an error; throws one sentence when the folder cannot be read.
  public init(of folder: String, _ verified: (ArchiveVerification) throws -> Void = { _ in }) throws {
    self.folder = folder
    let names = try archiveNames(in: folder)
    unfinished = try unfinishedNames(in: folder)
    var archives: [ArchiveVerification] = []
    var known: [String: (chain: String, link: LibraryLink?)] = [:]
    for name in names {
      let archive = ArchiveVerification(of: inside(folder, name))
      try verified(archive)
      archives.append(archive)
      if let chain = archive.chain { known[name] = (chain, archive.link) }
    }
    self.archives = archives
    let path = inside(folder, LibraryIndex.name)
    let bytes = fileExists(path) ? try? readSourceFile(path).bytes : nil
    isChained = bytes != nil || known.values.contains { $0.link != nil }
    guard isChained else { return }
    if bytes == nil { fault(nil, "\(LibraryIndex.name), which says what belongs to the library, is missing") }
    follow(LibraryIndex(bytes ?? []), names: names, known)
  }

  private mutating func fault(_ archive: String?, _ message: String) {
    faults.append(Fault(archive: archive, message: message))
  }

  private mutating func follow(
    _ index: LibraryIndex, names: [String], _ known: [String: (chain: String, link: LibraryLink?)]
  ) {
    var strangers = names.filter { name in !index.entries.contains { $0.archive == name } }
    var tip = LibraryLink.first
    for entry in index.entries {
      if let (digest, link) = known[entry.archive] {
        check(entry, digest, link, after: tip)
      } else if let renamed = strangers.first(where: { known[$0]?.chain == entry.chain }) {
        fault(entry.archive, "\(entry.archive) is missing: it is called \(renamed) now")
        strangers.removeAll { $0 == renamed }
      } else if !names.contains(entry.archive) {
        fault(entry.archive, "\(entry.archive) is missing: it was removed from the library")
      }
      tip = LibraryLink(after: entry.archive, digest: entry.chain)
      chain.append(entry)
    }
    // A process that ended between the archive and the index leaves archives that go on where the index ends.
    while let next = strangers.first(where: { known[$0]?.link == tip }), let digest = known[next]?.chain {
      tip = LibraryLink(after: next, digest: digest)
      chain.append(.init(archive: next, chain: digest))
      strangers.removeAll { $0 == next }
    }
    for stranger in strangers {
      guard let (digest, link) = known[stranger] else { continue }
      if let original = chain.first(where: { $0.chain == digest }) {
        fault(stranger, "\(stranger) was added: it is a copy of \(original.archive)")
      } else if let link {
        fault(
          stranger,
          "\(stranger) was written after \(link.words), which is not the last archive of the library that is there: "
            + "what was between was removed, or \(stranger) is from another library")
      } else {
        fault(stranger, "\(stranger) was added: it was not written into this library")
      }
    }
  }

  private mutating func check(
    _ entry: LibraryIndex.Entry, _ digest: String, _ link: LibraryLink?, after tip: LibraryLink
  ) {
    if digest != entry.chain {
      fault(
        entry.archive,
        "\(entry.archive) is not the archive that was finished under that name: its chain digest is \(digest), and "
          + "\(LibraryIndex.name) says \(entry.chain)")
    }
    guard link != tip else { return }
    guard let link else {
      return fault(entry.archive, "\(entry.archive) was added: it was not written into this library")
    }
    if link.previous == tip.previous {
      fault(
        entry.archive,
        "\(entry.archive) was written after \(link.words) with the chain digest \(link.digest), which is now "
          + "\(tip.digest): \(tip.words) was replaced")
    } else {
      fault(
        entry.archive,
        "\(entry.archive) was written after \(link.words) and stands after \(tip.words): an archive was removed or "
          + "added between them, or their order was changed")
    }
  }

  /// Whether nothing was changed, neither in an archive nor in their order.
  public var isSound: Bool { faults.isEmpty && archives.allSatisfy(\.isSound) }

  /// What is said of the library as a whole, for people; without a line feed at its end.
  public var text: String {
    var lines = faults.map { "\(folder): \($0.message)" }
    lines += unfinished.map { "\(inside(folder, $0)): not finished: a run is writing it, or was killed" }
    if !isChained {
      lines.append(
        "\(folder): a folder of archives; nothing ties one to the other (magcert writes a library with --library)"
      )
    } else if let last = chain.last, faults.isEmpty {
      lines.append(
        "\(folder): \(chain.count) archive\(chain.count == 1 ? "" : "s") in the order in which they were finished, "
          + "the last one \(last.archive) with the chain digest \(last.chain)")
    }
    return lines.joined(separator: "\n")
  }

  /// The library as one line of JSON, without its archives.
  public var jsonLine: String {
    jsonText(
      LibraryVerificationObject(
        library: folder, sound: isSound, chained: isChained, archives: archives.count, faults: faults,
        unfinished: unfinished, last: chain.last))
  }
}

extension LibraryLink {
  /// What it is tied to, in words.
  fileprivate var words: String { previous ?? "the beginning of the library" }
}

private struct LibraryVerificationObject: Encodable {
  var schema = "magcert.verification-of-library/1"
  let library: String
  let sound: Bool
  let chained: Bool
  let archives: Int
  let faults: [LibraryVerification.Fault]
  let unfinished: [String]
  let last: LibraryIndex.Entry?
}
