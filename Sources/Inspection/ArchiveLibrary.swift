// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
public import FoundationEssentials
internal import Report

/// The names of the archives in a folder, in alphabetical order; throws one sentence when it cannot be read.
func archiveNames(in folder: String) throws(InputError) -> [String] {
  try names(in: folder).filter { $0.hasSuffix(".h5") }
}

/// The archives in a folder that a run is writing, or that were left behind by one that was killed.
func unfinishedNames(in folder: String) throws(InputError) -> [String] {
  try names(in: folder).filter { $0.hasSuffix(".h5.partial") }
}

private func names(in folder: String) throws(InputError) -> [String] {
  do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
    throw InputError("the folder “\(folder)” of archives cannot be read, or there is none")
  }
}

/// Whether a path is a folder, or a link to one.
public func isFolder(_ path: String) -> Bool {
  var isDirectory = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
}

/// The archives that paths name: a file is itself, a folder every archive in it by name.
///
/// Throws one sentence when a folder cannot be read or holds no archive.
public func archives(at paths: [String]) throws(InputError) -> [String] {
  var found: [String] = []
  for path in paths {
    guard isFolder(path) else {
      found.append(path)
      continue
    }
    let names = try archiveNames(in: path)
    guard !names.isEmpty else { throw InputError("the folder “\(path)” holds no archive, no file “*.h5”") }
    found += names.map { inside(path, $0) }
  }
  return found
}

/// The path of a file in a folder.
func inside(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

/// Where a run archives: in a file of its own, or in the next one of a library.
public struct ArchiveDestination: Hashable, Sendable {
  /// The path of the archive.
  public let path: String
  /// The folder of the library; nil for a file of its own.
  public let library: String?

  /// A file of its own.
  public init(file path: String) {
    self.path = path
    library = nil
  }

  /// The next archive of a library: a file in `folder` that is named by lot and time, `<lot or run>-<UTC>.h5`.
  ///
  /// The folder is made when there is none. What is not an ASCII letter, digit, `-`, `_` or `.` in the lot becomes `_`.
  /// With `resumes` it is the one of the lot that a run left unfinished, where there is one. Throws one sentence when the
  /// folder cannot be made, or several were left.
  public init(
    library folder: String, lot: String?, resumes: Bool = false, at time: Date = .now
  ) throws(InputError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw InputError("the folder “\(folder)” of a library cannot be made") }
    if resumes {
      let left = try unfinishedNames(in: folder).filter { $0.hasPrefix(Self.safe(lot ?? "") + "-") }
      guard left.count <= 1 else {
        throw InputError(
          "several runs of this lot were left unfinished: \(left.joined(separator: ", ")); name one with --archive, "
            + "without “.partial”")
      }
      if let name = left.first {
        path = inside(folder, String(name.dropLast(".partial".count)))
        library = folder
        return
      }
    }
    let stamp = time.formatted(.iso8601).filter { (character: Character) in
      character != "-" && character != ":"
    }
    let base = inside(folder, "\(Self.safe(lot ?? ""))-\(stamp)")
    // Two runs of a lot may begin within a second.
    var path = base + ".h5"
    var number = 2
    while fileExists(path) || fileExists(path + ".partial") {
      path = "\(base)-\(number).h5"
      number += 1
    }
    self.path = path
    library = folder
  }

  private static func safe(_ lot: String) -> String {
    let safe = lot.unicodeScalars.prefix(100).map { scalar in
      let isSafe =
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains(scalar))
      return isSafe ? Character(scalar) : "_"
    }
    // A leading point would hide the file, a leading minus would be read as an option.
    return safe.isEmpty ? "run" : ".-".contains(safe[0]) ? "_" + String(safe) : String(safe)
  }

  /// Completes the archive, and ties it to the one that was finished before when it belongs to a library.
  ///
  /// A library takes one archive at a time; which one is before is decided only now, so that runs may overlap. Throws
  /// one sentence, and what the writer throws; the rows are then in `<path>.partial`.
  func finish(_ writer: consuming ArchiveWriter, lotRecord: String?) throws {
    guard let library else { return try writer.finish(lotRecord: lotRecord) }
    try writer.write()
    let index: LockedFile
    var known: LibraryIndex
    let missed: Int
    do throws(InputError) {
      index = try LockedFile(inside(library, LibraryIndex.name))
      known = LibraryIndex(try index.contents())
      missed = try known.adopt(from: library)
    } catch {
      throw InputError("\(error); the rows are in \(path).partial")
    }
    try writer.finish(lotRecord: lotRecord, link: known.tip)
    let name = URL(filePath: path).lastPathComponent
    known.append(.init(archive: name, chain: try ArchiveReader(opening: path).chainDigest()))
    try index.append(known.lines(last: missed + 1))
  }
}

/// The order in which the archives of a library were finished, one line of JSON for each.
///
/// The archives hold their order themselves; the index makes it quick to find the last one, and notices when that
/// is gone.
struct LibraryIndex {
  static let name = "library.jsonl"

  /// An archive as it was when it was finished.
  struct Entry: Codable, Hashable {
    /// The name of the file.
    let archive: String
    /// Its chain digest.
    let chain: String
  }

  private(set) var entries: [Entry]
  /// Whether the last line was cut off, as by a loss of power.
  private let isCut: Bool

  /// The index as its file says; a line that cannot be read is none, for the archives tell that something is missing.
  init(_ bytes: [UInt8]) {
    entries = bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Entry.self, from: Data($0))
    }
    isCut = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
  }

  /// What the next archive is tied to.
  var tip: LibraryLink {
    entries.last.map { LibraryLink(after: $0.archive, digest: $0.chain) } ?? .first
  }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Adds the archives that were finished by a process which ended before it could say so; tells how many.
  ///
  /// Such an archive names the last one of the index as its previous. One that cannot be read is left out.
  mutating func adopt(from folder: String) throws(InputError) -> Int {
    let listed = Set(entries.map(\.archive))
    var others: [LibraryLink: Entry] = [:]
    for name in try archiveNames(in: folder) where !listed.contains(name) {
      guard let reader = try? ArchiveReader(opening: inside(folder, name)), let link = reader.previousLink,
        let chain = try? reader.chainDigest()
      else { continue }
      others[link] = Entry(archive: name, chain: chain)
    }
    var count = 0
    while let next = others.removeValue(forKey: tip) {
      entries.append(next)
      count += 1
    }
    return count
  }

  /// The last lines as they are appended to the file.
  func lines(last count: Int) -> [UInt8] {
    let lines = entries.suffix(count).map { jsonText($0) + "\n" }
    return Array(((isCut ? "\n" : "") + lines.joined()).utf8)
  }
}
