// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file held against other processes that would write it, until it is let go or the process ends.
public final class HeldFile: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Takes a file that exists; nil when another process holds it.
  ///
  /// Sentences call it by `name`, where it is going to get another.
  public init?(_ path: String, as name: String? = nil) throws(HDF5Error) {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoredFile.failure("open \(path)") }
    self.path = name ?? path
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw StoredFile.failure("lock \(path)") }
      return nil
    }
    // Another process may have put a file of its own in the place of this one since it was opened.
    guard isNamed(path) else { return nil }
  }

  deinit { close(descriptor) }

  // MARK: Room

  /// Sets room on the disk aside for `byteCount` bytes behind the end, which does not move.
  ///
  /// libhdf5 changes a file in several places, and one in which only some of them could be written is lost. Throws, with
  /// the file as it was, when the disk, the user's quota or the size that the process may give a file does not allow it.
  public func reserve(_ byteCount: Int) throws(HDF5Error) {
    let action = "make room for \(byteCount) bytes in \(path)"
    let end = try state(action).st_size
    var limit = rlimit()
    #if canImport(Glibc)
      let answer = unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
      let answer = unsafe getrlimit(RLIMIT_FSIZE, &limit)
    #endif
    guard answer == 0 else { throw StoredFile.failure(action) }
    guard UInt64(end) + UInt64(byteCount) <= UInt64(limit.rlim_cur) else {
      errno = EFBIG
      throw StoredFile.failure(action)
    }
    #if os(Linux)
      while fallocate(descriptor, chdf5_keep_size(), end, off_t(byteCount)) != 0 {
        if errno == EINTR { continue }
        if errno == EOPNOTSUPP || errno == ENOSYS { return try lookForRoom(byteCount, action) }
        let failure = StoredFile.failure(action)
        release()
        throw failure
      }
    #else
      try lookForRoom(byteCount, action)
    #endif
  }

  /// Gives back what was set aside and not used.
  public func release() {
    guard let end = try? state("ask for the size of \(path)").st_size else { return }
    _ = ftruncate(descriptor, end)
  }

  /// Where room cannot be set aside, that there is enough now is the best that can be known.
  private func lookForRoom(_ byteCount: Int, _ action: String) throws(HDF5Error) {
    var volume = statvfs()
    guard unsafe fstatvfs(descriptor, &volume) == 0 else { throw StoredFile.failure(action) }
    let blocks = UInt64(byteCount) / max(1, UInt64(volume.f_frsize)) + 1
    guard UInt64(volume.f_bavail) >= blocks else {
      errno = ENOSPC
      throw StoredFile.failure(action)
    }
  }

  private func state(_ action: String) throws(HDF5Error) -> stat {
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0 else { throw StoredFile.failure(action) }
    return state
  }

  // MARK: Name

  /// Whether the file still goes by a name.
  public func isNamed(_ path: String) -> Bool {
    var named = stat()
    guard unsafe stat(path, &named) == 0, let state = try? state("look at \(path)") else { return false }
    return named.st_dev == state.st_dev && named.st_ino == state.st_ino
  }

  /// Whether the file has no name any more, so that it is gone when nobody has it open.
  public var isRemoved: Bool { (try? state("look at \(path)"))?.st_nlink == 0 }

  /// Writes everything in the file to a new one, on the disk when the function returns.
  ///
  /// Its folder is made when only that is missing. Throws when the name is taken or it cannot be written.
  public func copy(to target: String) throws(HDF5Error) {
    _ = unsafe mkdir(StoredFile.folder(of: target), 0o777)
    try StoredFile.withDescriptor(target, O_WRONLY | O_CREAT | O_EXCL) { copy throws(HDF5Error) in
      let end = Int(try state("copy \(path)").st_size)
      for start in stride(from: 0, to: end, by: 1 << 20) {
        let piece = start..<min(start + 1 << 20, end)
        try StoredFile.append(try StoredFile.read(piece, of: descriptor, path), to: copy, target)
      }
      guard fsync(copy) == 0 else { throw StoredFile.failure("make \(target) durable") }
    }
  }
}
