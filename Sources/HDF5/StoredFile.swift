// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a file needs besides HDF5 to become an archive: plain bytes, durability and a safe change of name.
public enum StoredFile {
  /// Whether something of this name exists.
  public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Removes a file, or nothing when there is none.
  public static func remove(_ path: String) { unsafe unlink(path) }

  /// The files whose paths begin in a way; none where their folder cannot be read.
  public static func paths(beginningWith start: String) -> [String] {
    guard let stream = unsafe opendir(folder(of: start)) else { return [] }
    defer { unsafe closedir(stream) }
    let place = start.lastIndex(of: "/").map { start.index(after: $0) } ?? start.startIndex
    var paths: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(start[place...]) { paths.append(start[..<place] + name) }
    }
    return paths
  }

  /// The size of a file, in bytes.
  public static func byteCount(_ path: String) throws(HDF5Error) -> Int { try ReadableFile(path).byteCount }

  /// The bytes of a range of a file; throws when the file ends before it.
  public static func bytes(_ path: String, in range: Range<Int>) throws(HDF5Error) -> [UInt8] {
    try ReadableFile(path).bytes(in: range)
  }

  /// Appends bytes to a file and waits until all of it is on the disk.
  public static func appendDurably(_ bytes: [UInt8], to path: String) throws(HDF5Error) {
    try withDescriptor(path, O_WRONLY | O_APPEND) { descriptor throws(HDF5Error) in
      try append(bytes, to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw failure("make \(path) durable") }
    }
  }

  static func append(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(HDF5Error) {
    var done = 0
    while done < bytes.count {
      let put = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      }
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { throw failure("append to \(path)") }
      done += put
    }
  }

  static func read(_ range: Range<Int>, of descriptor: Int32, _ path: String) throws(HDF5Error) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: range.count)
    let got = unsafe result.withUnsafeMutableBytes { buffer in
      unsafe read(into: buffer, of: descriptor, at: range.lowerBound)
    }
    guard got == range.count else { throw failure("read \(path)") }
    return result
  }

  /// Fills a buffer from a place of a file on; returns how many bytes there are before its end, nil when reading fails.
  static func read(into target: UnsafeMutableRawBufferPointer, of descriptor: Int32, at start: Int) -> Int? {
    var done = 0
    while done < target.count {
      let got = unsafe pread(
        descriptor, target.baseAddress.map { unsafe $0 + done }, target.count - done, off_t(start + done))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return nil }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// Gives a file its final name and waits until the folder is on the disk; never replaces a file.
  public static func move(_ source: String, to target: String) throws(HDF5Error) {
    // A second link fails when the name is taken, unlike rename, and works on every POSIX file system
    // with links; where there are none, the check just before is the best there is.
    if unsafe link(source, target) == 0 {
      guard unsafe unlink(source) == 0 else { throw failure("remove the name \(source)") }
    } else if errno == EPERM || errno == ENOTSUP || errno == ENOSYS, !exists(target) {
      guard unsafe rename(source, target) == 0 else { throw failure("rename \(source) to \(target)") }
    } else {
      throw failure("rename \(source) to \(target)")
    }
    try makeDurable(folder(of: target))
  }

  /// Gives a file the name of another, which is gone then, and waits until both the file and the folder are on the disk.
  public static func replace(_ target: String, by source: String) throws(HDF5Error) {
    try withDescriptor(source, O_RDWR) { descriptor throws(HDF5Error) in
      guard fsync(descriptor) == 0 else { throw failure("make \(source) durable") }
    }
    guard unsafe rename(source, target) == 0 else { throw failure("rename \(source) to \(target)") }
    try makeDurable(folder(of: target))
  }

  private static func makeDurable(_ folder: String) throws(HDF5Error) {
    try withDescriptor(folder, O_RDONLY) { descriptor throws(HDF5Error) in
      guard fsync(descriptor) == 0 else { throw failure("make \(folder) durable") }
    }
  }

  /// The folder of a file.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  static func withDescriptor<Result>(
    _ path: String, _ mode: Int32, _ body: (Int32) throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result {
    let descriptor = unsafe open(path, mode | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("open \(path)") }
    defer { close(descriptor) }
    return try body(descriptor)
  }

  static func failure(_ action: String) -> HDF5Error {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return HDF5Error(action: action, reasons: [reason])
  }
}

/// A file open to read ranges of its bytes.
public struct ReadableFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  /// Its size when it was opened, in bytes.
  public let byteCount: Int

  /// Opens a file.
  public init(_ path: String) throws(HDF5Error) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoredFile.failure("open \(path)") }
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else {
      let failure = StoredFile.failure("ask for the size of \(path)")
      close(descriptor)
      throw failure
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(end)
  }

  deinit { close(descriptor) }

  /// The bytes of a range; throws when the file ends before it.
  public func bytes(in range: Range<Int>) throws(HDF5Error) -> [UInt8] {
    try require(range)
    return try StoredFile.read(range, of: descriptor, path)
  }

  /// Hands the bytes of a range over piece by piece, while the system reads what comes next.
  ///
  /// With `forgets` the system keeps no copy of what was handed over. Throws when the file ends before the range does.
  public func forEachPiece(
    of range: Range<Int>, forgets: Bool = false, _ body: ([UInt8]) -> Void
  ) throws(HDF5Error) {
    try require(range)
    var piece = [UInt8](repeating: 0, count: min(Self.pieceByteCount, range.count))
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceByteCount) {
      let ahead = start..<min(start + 4 * Self.pieceByteCount, range.upperBound)
      #if os(Linux)
        _ = posix_fadvise(descriptor, off_t(ahead.lowerBound), off_t(ahead.count), POSIX_FADV_WILLNEED)
      #endif
      if ahead.count < piece.count { piece.removeLast(piece.count - ahead.count) }
      let got = unsafe piece.withUnsafeMutableBytes { buffer in
        unsafe StoredFile.read(into: buffer, of: descriptor, at: start)
      }
      guard got == piece.count else { throw StoredFile.failure("read \(path)") }
      body(piece)
      #if os(Linux)
        if forgets { _ = posix_fadvise(descriptor, off_t(start), off_t(piece.count), POSIX_FADV_DONTNEED) }
      #endif
    }
  }

  private func require(_ range: Range<Int>) throws(HDF5Error) {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else {
      throw HDF5Error(action: "read \(path)", reasons: ["it ends before byte \(range.upperBound)"])
    }
  }

  private static let pieceByteCount = 1 << 20
}
