// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials
internal import Measurements
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Creates a file that was not there, complete and on the disk when the function returns.
///
/// A secret one can never be read by others, not even for a moment. Throws one sentence when a file of that name exists
/// or it cannot be written; what was begun is removed.
func createFile(_ bytes: [UInt8], at path: String, isSecret: Bool = false) throws(InputError) {
  try createFile(at: path, isSecret: isSecret) { put in try put(bytes) }
}

/// As with bytes that are there, but bit by bit: `fill` hands over what comes next.
///
/// Throws also when `fill` throws, and then removes what was begun.
func createFile(
  at path: String, isSecret: Bool = false, _ fill: (_ put: ([UInt8]) throws -> Void) throws -> Void
) throws(InputError) {
  let readable: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
  do {
    let descriptor = try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .exclusiveCreate],
      permissions: isSecret ? .ownerReadWrite : readable)
    do {
      try descriptor.closeAfter {
        try fill { bytes in _ = try descriptor.writeAll(bytes) }
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
      }
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
  } catch Errno.fileExists {
    throw InputError("“\(path)” exists and is not overwritten")
  } catch let error as InputError {
    throw error
  } catch {
    throw InputError("“\(path)” cannot be written: \(error)")
  }
}

/// A file that one process at a time has open to read and append.
///
/// The lock is the system's and is gone when the process is, however it ends.
final class LockedFile {
  private let path: String
  private let descriptor: FileDescriptor

  /// Opens a file, made when it is not there, and waits until no other process has it open.
  init(_ path: String) throws(InputError) {
    do {
      let folder = URL(filePath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      descriptor = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .append],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw InputError("“\(path)” cannot be opened for writing: \(error)")
    }
    self.path = path
    guard flock(descriptor.rawValue, LOCK_EX) == 0 else {
      throw InputError("“\(path)” cannot be locked: \(Errno(rawValue: errno))")
    }
  }

  deinit { try? descriptor.close() }

  /// Everything in it.
  func contents() throws(InputError) -> [UInt8] {
    do { return try readSourceFile(path).bytes } catch { throw InputError(error.description) }
  }

  /// Appends bytes and waits until they are on the disk.
  func append(_ bytes: [UInt8]) throws(InputError) {
    do {
      _ = try descriptor.writeAll(bytes)
      guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      throw InputError("“\(path)” cannot be written: \(error)")
    }
  }
}
