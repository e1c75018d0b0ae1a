// SPDX-License-Identifier: GPL-3.0-or-later
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What happened in a folder that is looked after.
public enum FolderNotice: Hashable, Sendable {
  /// A writer closed the file of this path, or the file was moved there from elsewhere.
  case completed(String)
  /// Something was written into the file, which is open for writing.
  case written(String)
  /// The name appeared, or the permissions of what has it were changed.
  case touched(String)
  /// The name is gone.
  case gone(String)
  /// A folder came, went or was moved.
  case foldersChanged
  /// More happened than the system keeps in mind: what else is not known.
  case lost
}

/// Why notices of a folder cannot be had.
public struct NoNotices: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reason in the words of the system.
  public let description: String
}

/// The kernel's notices of what happens in folders: inotify on Linux; elsewhere there are none.
///
/// What other machines do in a folder of a network share is not noticed.
public final class FolderNotices: Sendable {
  /// Becomes readable when there are notices.
  public let descriptor: Int32
  private let folders = Mutex<[Int32: String]>([:])
  private let collected = Mutex(Collected())

  /// What was collected and not handed over yet.
  private struct Collected {
    private(set) var notices: [FolderNotice] = []
    /// Files of which it is said already that they are written into, and nothing since.
    private var written: Set<String> = []

    mutating func append(_ notice: FolderNotice) {
      switch notice {
      case .written(let path): guard written.insert(path).inserted else { return }
      case .completed(let path), .touched(let path), .gone(let path): written.remove(path)
      case .lost: written = []
      case .foldersChanged: break
      }
      notices.append(notice)
    }
  }

  deinit { close(descriptor) }

  #if canImport(Glibc)
    private static let events =
      IN_CLOSE_WRITE | IN_MOVED_TO | IN_MODIFY | IN_CREATE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM
      | IN_DELETE_SELF | IN_MOVE_SELF

    /// Notices of no folder yet; throws when the system has none to give.
    public init() throws(NoNotices) {
      descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
      guard descriptor >= 0 else { throw Self.failure() }
    }

    /// Looks after what is directly in a folder, from now on; once more does no harm.
    public func add(_ folder: String) throws(NoNotices) {
      let events = UInt32(Self.events | Int32(IN_ONLYDIR))
      // Whoever reads the first notice has to wait until it is known of what folder it is.
      let isAdded = folders.withLock { folders in
        let watch = unsafe inotify_add_watch(descriptor, folder, events)
        if watch >= 0 { folders[watch] = folder }
        return watch >= 0
      }
      guard isAdded else { throw Self.failure() }
    }

    /// Takes what the system has to say, so that it does not call any more, and keeps it until `next`.
    public func collect() {
      collected.withLock { read(into: &$0) }
    }

    /// What happened since the last time, in order; empty when nothing did.
    public func next() -> [FolderNotice] {
      collected.withLock { collected in
        read(into: &collected)
        defer { collected = Collected() }
        return collected.notices
      }
    }

    /// Reads what there is, and not what goes on coming meanwhile.
    private func read(into collected: inout Collected) {
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      // What the kernel keeps unless it is set otherwise: 16384 entries of 272 bytes at most.
      var left = 16384 * 272
      while left > 0 {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
          unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        left -= count
        var rest = buffer[..<count]
        while let event = Event(&rest) { note(event, in: &collected) }
      }
    }

    /// One entry of what the kernel hands over: four numbers and a name.
    private struct Event {
      let watch: Int32
      let mask: Int32
      let name: String

      /// Takes the first entry off the bytes; nil when there is none.
      init?(_ bytes: inout ArraySlice<UInt8>) {
        let head = MemoryLayout<inotify_event>.size
        guard bytes.count >= head else { return nil }
        let numbers = unsafe bytes.prefix(head).withUnsafeBytes { raw in
          (0..<4).map { unsafe raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self) }
        }
        watch = Int32(bitPattern: numbers[0])
        mask = Int32(bitPattern: numbers[1])
        let text = bytes.dropFirst(head).prefix(Int(numbers[3]))
        name = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        bytes = bytes.dropFirst(head + Int(numbers[3]))
      }

      func has(_ events: Int32) -> Bool { mask & events != 0 }
    }

    private func note(_ event: Event, in notices: inout Collected) {
      if event.has(IN_Q_OVERFLOW) { return notices.append(.lost) }
      if event.has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) {
        // What was moved away goes on giving notices, under a path that is another's now.
        if event.has(IN_MOVE_SELF) { _ = inotify_rm_watch(descriptor, event.watch) }
        folders.withLock { $0[event.watch] = nil }
        return notices.append(.foldersChanged)
      }
      guard let folder = folders.withLock({ $0[event.watch] }), !event.name.isEmpty else { return }
      guard !event.has(Int32(IN_ISDIR)) else {
        if !event.has(IN_ATTRIB) { notices.append(.foldersChanged) }
        return
      }
      let path = folder.hasSuffix("/") ? folder + event.name : "\(folder)/\(event.name)"
      if event.has(IN_CLOSE_WRITE | IN_MOVED_TO) {
        notices.append(.completed(path))
      } else if event.has(IN_MODIFY) {
        notices.append(.written(path))
      } else if event.has(IN_DELETE | IN_MOVED_FROM) {
        notices.append(.gone(path))
      } else {
        notices.append(.touched(path))
      }
    }

    private static func failure() -> NoNotices {
      let code = errno
      return NoNotices(
        description: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
    }
  #else
    /// Throws: this system has no notices that magcert knows of.
    public init() throws(NoNotices) {
      descriptor = -1
      throw NoNotices(description: "this system gives no notices")
    }

    /// Does nothing.
    public func add(_ folder: String) throws(NoNotices) {}

    /// Does nothing.
    public func collect() {}

    /// Nothing.
    public func next() -> [FolderNotice] { [] }
  #endif
}
