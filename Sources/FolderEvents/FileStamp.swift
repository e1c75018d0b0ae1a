// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What tells, without reading it, whether a file is still the one that was there before.
public struct FileStamp: Hashable, Sendable {
  /// What has a name in a folder.
  public enum Kind: Hashable, Sendable {
    /// A regular file, or a link to one.
    case file
    /// A folder, or a link to one.
    case folder
    /// Anything else, such as a pipe.
    case other
  }

  /// What it is.
  public let kind: Kind
  /// Its size in bytes.
  public let byteCount: Int
  /// The number of the file in its file system; another one when it was replaced.
  public let number: UInt64
  /// When its content was changed last, in ns since 1970 by the clock of the file system.
  public let modified: Int64
  /// When its content, its name or its permissions were changed last, in ns since 1970.
  public let changed: Int64

  /// A stamp from its parts; times in ns since 1970.
  public init(kind: Kind = .file, byteCount: Int, number: UInt64 = 0, modified: Int64 = 0, changed: Int64 = 0)
  {
    self.kind = kind
    self.byteCount = byteCount
    self.number = number
    self.modified = modified
    self.changed = changed
  }

  /// The stamp of what has this path, links followed; nil when there is nothing, or it may not be looked at.
  public init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    byteCount = Int(status.st_size)
    number = UInt64(status.st_ino)
    #if canImport(Darwin)
      let (written, touched) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (written, touched) = (status.st_mtim, status.st_ctim)
    #endif
    modified = Self.nanoseconds(written)
    changed = Self.nanoseconds(touched)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    // File systems can hold times that no count of nanoseconds reaches.
    Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
  }
}
