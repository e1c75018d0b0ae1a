// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that libhdf5 writes, put on the disk in an order in which it can be opened at every moment.
///
/// libhdf5 itself writes from low addresses to high ones and says last where the file ends: a process that is killed
/// meanwhile leaves references to what never arrived. Here only what lies behind the end of the last hand-over is written
/// at once, for nothing in the file refers to it yet. The rest waits until libhdf5 has handed over everything; then the
/// file is made as long as it has to be, and `settle` writes what refers to the new parts.
final class OrderedWrites {
  private let descriptor: Int32
  /// Where libhdf5 says that the file ends.
  fileprivate var end = 0
  fileprivate private(set) var byteCount: Int
  /// The end of the last hand-over.
  private var settledEnd: Int
  /// What is changed before it, in the order of addresses; none overlaps another.
  private var waiting: [Piece] = []
  private var behind: WriteBehind

  /// Some bytes for one place.
  private struct Piece {
    let start: Int
    let bytes: [UInt8]
    /// Whether they belong to the structure of the file, not to its numbers and texts.
    let isStructure: Bool
    var end: Int { start + bytes.count }

    /// The piece cut where nodes of trees begin, for libhdf5 writes neighbours at once.
    var nodes: [Piece] {
      let mark = Array("TREE".utf8)
      let starts = bytes.indices.filter { $0 > 0 && bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
      return zip([0] + starts, starts + [bytes.count]).map {
        Piece(start: start + $0, bytes: Array(bytes[$0..<$1]), isStructure: isStructure)
      }
    }

    /// Whether it begins with a leaf of a tree of blocks: type 1, level 0 (HDF5 File Format Specification, III.A.1).
    var isLeaf: Bool { bytes.starts(with: Array("TREE".utf8) + [1, 0]) }
  }

  fileprivate init?(_ path: UnsafePointer<CChar>, creating: Bool) {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | (creating ? O_CREAT | O_EXCL : 0), 0o666)
    var state = stat()
    guard descriptor >= 0, unsafe fstat(descriptor, &state) == 0 else { return nil }
    self.descriptor = descriptor
    byteCount = Int(state.st_size)
    settledEnd = byteCount
    behind = WriteBehind(byteCount: byteCount)
  }

  deinit { close(descriptor) }

  // MARK: Reading and writing

  fileprivate func read(_ target: UnsafeMutableRawBufferPointer, at start: Int) -> Bool {
    guard unsafe readStored(target, at: start) else { return false }
    for piece in waiting[overlapping(start..<start + target.count)] {
      let common = max(start, piece.start)..<min(start + target.count, piece.end)
      unsafe piece.bytes.withUnsafeBytes { bytes in
        let part = unsafe bytes[common.lowerBound - piece.start..<common.upperBound - piece.start]
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[(common.lowerBound - start)...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
      }
    }
    return true
  }

  /// Which of the pieces that wait have bytes in a range.
  private func overlapping(_ range: Range<Int>) -> Range<Int> {
    func first(_ isBehind: (Piece) -> Bool) -> Int {
      var (low, high) = (0, waiting.count)
      while low < high {
        let middle = (low + high) / 2
        if isBehind(waiting[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let start = first { $0.end > range.lowerBound }
    return start..<max(start, first { $0.start >= range.upperBound })
  }

  /// What is in the file; zeros behind its end.
  private func readStored(_ target: UnsafeMutableRawBufferPointer, at start: Int) -> Bool {
    guard let got = unsafe StoredFile.read(into: target, of: descriptor, at: start) else { return false }
    unsafe UnsafeMutableRawBufferPointer(rebasing: target[got...]).initializeMemory(
      as: UInt8.self, repeating: 0)
    return true
  }

  fileprivate func write(_ source: UnsafeRawBufferPointer, at start: Int, isStructure: Bool) -> Bool {
    let count = max(0, min(source.count, settledEnd - start))
    if count > 0 {
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: source[..<count])
      unsafe put(Piece(start: start, bytes: Array(bytes), isStructure: isStructure))
    }
    return unsafe writeNow(UnsafeRawBufferPointer(rebasing: source[count...]), at: start + count)
  }

  /// Has a piece wait, in the place of what waits for the same bytes.
  private func put(_ piece: Piece) {
    let places = overlapping(piece.start..<piece.end)
    var rest: [Piece] = []
    for old in waiting[places] {
      if old.start < piece.start {
        let kept = Array(old.bytes[..<(piece.start - old.start)])
        rest.append(Piece(start: old.start, bytes: kept, isStructure: old.isStructure))
      }
      if old.end > piece.end {
        let kept = Array(old.bytes[(piece.end - old.start)...])
        rest.append(Piece(start: piece.end, bytes: kept, isStructure: old.isStructure))
      }
    }
    rest.append(piece)
    waiting.replaceSubrange(places, with: rest.sorted { $0.start < $1.start })
  }

  private func writeNow(_ source: UnsafeRawBufferPointer, at start: Int) -> Bool {
    var done = 0
    while done < source.count {
      let put = unsafe pwrite(
        descriptor, source.baseAddress.map { unsafe $0 + done }, source.count - done, off_t(start + done))
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { return false }
      done += put
    }
    byteCount = max(byteCount, start + done)
    return true
  }

  // MARK: Handing over

  /// Writes what waits, and gives the file its length; what could not be written goes on waiting.
  ///
  /// First numbers and texts, whose old elements are the same as before and whose new ones nothing counts yet. They go from
  /// high addresses to low ones, page by page: the beginning of a heap of texts says how long it is and what is free in it.
  /// Then the structure from low addresses to high ones, for the beginning of the file says where it ends, and last of all
  /// the leaves of the trees of blocks: a node comes before its older children, so that what a child gave to a new one is
  /// found there. (The root keeps its place when a tree grows, and is older than the nodes below it.)
  fileprivate func settle() -> Bool {
    guard byteCount >= end || setByteCount(end) else { return false }
    for piece in waiting.reversed() where !piece.isStructure {
      guard writeBackwards(piece) else { return false }
    }
    let structure = waiting.filter(\.isStructure).flatMap(\.nodes)
    for piece in structure.filter({ !$0.isLeaf }) + structure.filter(\.isLeaf) {
      guard unsafe piece.bytes.withUnsafeBytes({ unsafe writeNow($0, at: piece.start) }) else { return false }
    }
    waiting.removeAll(keepingCapacity: true)
    guard byteCount <= end || setByteCount(end) else { return false }
    settledEnd = end
    return behind.advance(to: end, of: descriptor)
  }

  /// Writes the pages of a piece from the last to the first; each gets into the file as a whole or not at all.
  private func writeBackwards(_ piece: Piece) -> Bool {
    unsafe piece.bytes.withUnsafeBytes { bytes in
      var next = piece.end
      while next > piece.start {
        let first = max(piece.start, (next - 1) / Self.pageByteCount * Self.pageByteCount)
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[first - piece.start..<next - piece.start])
        guard unsafe writeNow(part, at: first) else { return false }
        next = first
      }
      return true
    }
  }

  /// What the system writes as a whole even when the process is killed.
  private static let pageByteCount = 4096

  private func setByteCount(_ count: Int) -> Bool {
    guard ftruncate(descriptor, off_t(count)) == 0 else { return false }
    byteCount = count
    return true
  }
}

// MARK: - As libhdf5 calls it

extension OrderedWrites {
  /// What libhdf5 knows the driver by.
  ///
  /// It is called only from inside libhdf5, so by one thread at a time.
  static let driver: hid_t = {
    var driver = unsafe H5FD_class_t()
    unsafe chdf5_prepare_driver(&driver)
    unsafe driver.open = { path, flags, _, _ in
      guard let path = unsafe path,
        let file = unsafe OrderedWrites(path, creating: flags & chdf5_exclusive() != 0)
      else {
        OrderedWrites.report()
        return nil
      }
      return unsafe chdf5_new_file(Unmanaged.passRetained(file).toOpaque())
    }
    unsafe driver.close = { file in
      guard let object = unsafe chdf5_object(file) else { return -1 }
      let writes = unsafe Unmanaged<OrderedWrites>.fromOpaque(object).takeRetainedValue()
      unsafe chdf5_free_file(file)
      return OrderedWrites.result(writes.settle())
    }
    unsafe driver.query = { _, flags in
      unsafe flags?.pointee = chdf5_features()
      return 0
    }
    unsafe driver.get_eoa = { file, _ in haddr_t(unsafe OrderedWrites.of(file)?.end ?? 0) }
    unsafe driver.set_eoa = { file, _, end in
      unsafe OrderedWrites.of(file)?.end = Int(clamping: end)
      return 0
    }
    unsafe driver.get_eof = { file, _ in haddr_t(unsafe OrderedWrites.of(file)?.byteCount ?? 0) }
    unsafe driver.read = { file, _, _, start, count, target in
      guard let start = Int(exactly: start), count <= Int.max - start else { return -1 }
      let target = unsafe UnsafeMutableRawBufferPointer(start: target, count: count)
      return OrderedWrites.result(
        unsafe OrderedWrites.of(file)?.read(target, at: start) ?? false)
    }
    unsafe driver.write = { file, type, _, start, count, source in
      guard let start = Int(exactly: start), count <= Int.max - start else { return -1 }
      let source = unsafe UnsafeRawBufferPointer(start: source, count: count)
      let isStructure = type != H5FD_MEM_DRAW && type != H5FD_MEM_GHEAP
      return OrderedWrites.result(
        unsafe OrderedWrites.of(file)?.write(source, at: start, isStructure: isStructure)
          ?? false)
    }
    unsafe driver.flush = { file, _, _ in
      OrderedWrites.result(unsafe OrderedWrites.of(file)?.settle() ?? false)
    }
    return unsafe H5FDregister(&driver)
  }()

  private static func of(_ file: UnsafePointer<H5FD_t>?) -> OrderedWrites? {
    guard let object = unsafe chdf5_object(file) else { return nil }
    return unsafe Unmanaged<OrderedWrites>.fromOpaque(object).takeUnretainedValue()
  }

  private static func of(_ file: UnsafeMutablePointer<H5FD_t>?) -> OrderedWrites? {
    unsafe of(UnsafePointer(file))
  }

  private static func result(_ succeeded: Bool) -> herr_t {
    guard !succeeded else { return 0 }
    report()
    return -1
  }

  /// Adds what the system said to the reasons that libhdf5 gives.
  private static func report() {
    if let reason = unsafe strerror(errno) { unsafe chdf5_report(reason) }
  }
}
