// SPDX-License-Identifier: GPL-3.0-or-later
internal import FolderEvents
internal import FoundationEssentials

/// Folders that instruments write into, with all folders in them.
struct WatchedFolders {
  /// What a look through the folders gave.
  struct Look {
    /// Files that were not known, in the order in which a batch takes them.
    var found: [(path: String, stamp: FileStamp)] = []
    /// Files whose names are not UTF-8, as they can be shown.
    var misnamed: [String] = []
    /// Folders that cannot be read, and why.
    var unreadable: [String: String] = [:]
    /// Why new files do not come to notice by themselves; nil when they do.
    var blindness: String?
  }

  let roots: [String]
  let notices: FolderNotices?
  private let pattern: [Character]
  private let own: Set<String>
  /// The last parts of those paths, which rule out nearly every other path at once.
  private let ownNames: Set<String>
  private let blindness: String?

  /// Folders; `pattern` is what names have to fit, `own` are the paths that the run itself writes.
  init(_ roots: [String], matching pattern: String, own: [String]) {
    self.roots = roots
    self.pattern = Array(pattern)
    self.own = Set(own.map(Self.absolute))
    ownNames = Set(own.map(Self.name))
    do {
      notices = try FolderNotices()
      blindness = nil
    } catch {
      notices = nil
      blindness = error.description
    }
  }

  /// Whether a file of this path is a measurement to come, by its name.
  func takes(_ path: String) -> Bool {
    let name = Self.name(of: path)
    return isMeasurement(name, matching: pattern) && !isTemporary(name)
      && !(ownNames.contains(name) && own.contains(Self.absolute(path)))
  }

  /// Looks through all folders, and sees to it that notices come of each.
  func look(isKnown: (String) -> Bool) -> Look {
    var look = Look(blindness: blindness)
    let mounts = Mounts.now()
    var visited: Set<String> = []
    for root in roots {
      if look.blindness == nil, let type = mounts.remoteType(of: Self.resolved(root)) {
        look.blindness = "“\(root)” is on a network (\(type))"
      }
      guard isFolder(root) else {
        look.unreadable[root] = "it is not there"
        continue
      }
      visit(root, isKnown, &look, &visited)
    }
    return look
  }

  private func visit(
    _ folder: String, _ isKnown: (String) -> Bool, _ look: inout Look, _ visited: inout Set<String>
  ) {
    // A link may lead back to a folder that was visited before.
    guard visited.insert(Self.resolved(folder)).inserted else { return }
    // Notices before names: what comes in between is seen twice and not missed.
    do { try notices?.add(folder) } catch {
      look.blindness = look.blindness ?? "of “\(folder)” no notices can be had: \(error)"
    }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      look.unreadable[folder] = "it cannot be read"
      return
    }
    let unknown = names.filter { !$0.hasPrefix(".") && !isKnown(inside(folder, $0)) }
      .map { (name: $0, key: orderingKey($0)) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (name, _) in unknown {
      let path = inside(folder, name)
      guard let stamp = FileStamp(of: path) else {
        // What is in the name instead of bytes that are no text does not lead to the file.
        if name.contains("\u{FFFD}"), takes(path) { look.misnamed.append(path) }
        continue
      }
      if stamp.kind == .folder {
        visit(path, isKnown, &look, &visited)
      } else if takes(path) {
        look.found.append((path, stamp))
      }
    }
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }

  private static func resolved(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}

/// Whether a name is what programs call a file that they have not finished.
func isTemporary(_ name: String) -> Bool {
  let name = name.lowercased()
  return name.hasSuffix("~") || [".tmp", ".temp", ".part", ".partial"].contains(where: name.hasSuffix)
    || name.contains(".partial.")
}

/// The file systems that are mounted, as `/proc/self/mountinfo` lists them.
public struct Mounts: Sendable {
  private let types: [String: String]

  /// The mounts of a list in the format that proc(5) describes; lines that are otherwise are left out.
  public init(_ list: String) {
    var types: [String: String] = [:]
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, let mark = words[5...].firstIndex(of: "-"), mark + 1 < words.count else {
        continue
      }
      // Of several at one place the last lies on top.
      types[Self.unescaped(words[4])] = String(words[mark + 1])
    }
    self.types = types
  }

  /// Those of this process now; none where the system has no such list.
  static func now() -> Mounts {
    let data = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
    return Mounts(String(decoding: data, as: UTF8.self))
  }

  /// The type of the network file system that an absolute path is on; nil when it is on none.
  ///
  /// What another machine writes there gives no notice on this one.
  public func remoteType(of path: String) -> String? {
    var place = path[...]
    while true {
      if let type = types[place.isEmpty ? "/" : String(place)] { return Self.isRemote(type) ? type : nil }
      guard let slash = place.lastIndex(of: "/") else { return nil }
      place = place[..<slash]
    }
  }

  private static func isRemote(_ type: String) -> Bool {
    let remote: Set = [
      "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "lustre", "gfs2", "ocfs2", "vboxsf",
      "virtiofs", "vmhgfs", "prl_fs", "coda", "ncpfs", "beegfs", "gpfs", "glusterfs",
    ]
    // What a program in user space stands for may change without the kernel's knowing.
    return remote.contains(type) || type == "fuse" || type.hasPrefix("fuse.")
  }

  /// A path in which `\040` and the like stand for characters that would end a word.
  private static func unescaped(_ word: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(word.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      guard byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (48..<56).contains($0) })
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 48) }))
      rest = rest.dropFirst(3)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
