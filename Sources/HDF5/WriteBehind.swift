// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Has the system write a growing file while it grows, and forget its copy of what lies far behind the end.
///
/// Left to itself the system keeps all of it in memory until that is full, and finding new memory for every page can take
/// longer than writing it.
struct WriteBehind {
  /// Up to where the system was asked to write.
  private var begun: Int
  /// Up to where the system was asked to forget.
  private var forgotten: Int

  /// How much is begun at a time.
  private static let portion = 8 << 20
  /// How much behind the end stays in memory: an archive that is read again soon, and blocks that fill slowly and are
  /// written again and again.
  private static let kept = 256 << 20

  /// For a file that has some bytes already.
  init(byteCount: Int) {
    begun = byteCount
    forgotten = byteCount
  }

  /// Goes on up to the present end of the file; false with `errno` when the disk did not take what was written.
  mutating func advance(to end: Int, of descriptor: Int32) -> Bool {
    #if os(Linux)
      // What is waited for later has been on its way for a while then.
      let next = begun..<max(begun, end - Self.kept / 2)
      guard next.count >= Self.portion else { return true }
      guard write(next, of: descriptor, waits: false) else { return false }
      begun = next.upperBound
      let old = forgotten..<max(forgotten, end - Self.kept)
      guard !old.isEmpty else { return true }
      guard write(old, of: descriptor, waits: true) else { return false }
      // What is not on the disk yet would be kept.
      _ = posix_fadvise(descriptor, off_t(old.lowerBound), off_t(old.count), POSIX_FADV_DONTNEED)
      forgotten = old.upperBound
    #endif
    return true
  }

  #if os(Linux)
    private func write(_ range: Range<Int>, of descriptor: Int32, waits: Bool) -> Bool {
      let how = waits ? chdf5_write_and_wait() : chdf5_begin_writing()
      while sync_file_range(descriptor, Int64(range.lowerBound), Int64(range.count), how) != 0 {
        switch errno {
        case EINTR: continue
        // Where that cannot or may not be asked, the system writes when it likes.
        case EINVAL, ENOSYS, EPERM, ESPIPE, EOPNOTSUPP: return true
        default: return false
        }
      }
      return true
    }
  #endif
}
