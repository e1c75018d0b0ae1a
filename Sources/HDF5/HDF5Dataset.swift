// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A dataset of one dimension.
public final class HDF5Dataset: Sendable {
  /// Its path in the file.
  public let path: String
  /// What its elements are.
  public let type: HDF5ElementType
  /// How many bytes each of its blocks takes in the file; 0 when it is not stored in blocks.
  public let blockByteCount: Int
  /// How many elements that is.
  public var blockCount: Int { blockByteCount / type.storedByteCount }
  private let handle: Handle
  /// Elements that take more bytes than this cannot be in the file; nil while it is written.
  private let byteLimit: Int?
  /// The memory for texts that are written.
  private let characters = Mutex<[UInt8]>([])

  init(
    path: String, type: HDF5ElementType, block: Int, handle: consuming Handle, byteLimit: Int?
  ) {
    self.path = path
    self.type = type
    blockByteCount = block &* type.storedByteCount
    self.handle = handle
    self.byteLimit = byteLimit
  }

  /// How many elements there are; throws for more than the file has room for.
  public func count() throws(HDF5Error) -> Int {
    let space = try Handle("ask for the size of \(path)") { H5Dget_space(handle.id) }
    guard try HDF5Library.call("ask for the shape of \(path)", { H5Sget_simple_extent_ndims(space.id) }) == 1
    else { throw HDF5Error(action: "read \(path)", reasons: ["it does not have one dimension"]) }
    var extent: hsize_t = 0
    try HDF5Library.call("ask for the size of \(path)") {
      unsafe H5Sget_simple_extent_dims(space.id, &extent, nil)
    }
    let count = Int(clamping: extent)
    if let byteLimit, count > byteLimit / type.storedByteCount {
      throw HDF5Error(
        action: "read \(path)",
        reasons: ["it claims \(extent) elements in a file of \(byteLimit) bytes"])
    }
    return count
  }

  // MARK: Appending

  /// Appends numbers at the end; traps when they are not of the dataset's type.
  public func append<Number: HDF5Number>(_ numbers: [Number]) throws(HDF5Error) {
    precondition(Number.elementType == type, "\(Number.self) for \(path), which holds \(type.rawValue)")
    try write(numbers.count) { memory, file in
      unsafe numbers.withUnsafeBytes { buffer in
        unsafe H5Dwrite(
          handle.id, Number.memoryType, memory, file, chdf5_default_list(), buffer.baseAddress)
      }
    }
  }

  /// Appends texts at the end; throws when one contains a zero character, traps for a dataset of numbers.
  public func append(_ texts: [String]) throws(HDF5Error) {
    try unsafe withPointers(to: texts) { type, transfer, references throws(HDF5Error) in
      try write(texts.count) { memory, file in
        unsafe H5Dwrite(handle.id, type, memory, file, transfer, references)
      }
    }
  }

  /// Writes texts to elements that are there, in the order of `positions`.
  func write(_ texts: [String], at positions: [Int]) throws(HDF5Error) {
    let memory = try memorySpace(texts.count)
    let space = try Handle("ask for the size of \(path)") { H5Dget_space(handle.id) }
    let places = positions.map { hsize_t($0) }
    try HDF5Library.call("select a part of \(path)") {
      unsafe H5Sselect_elements(space.id, H5S_SELECT_SET, places.count, places)
    }
    try unsafe withPointers(to: texts) { type, transfer, references throws(HDF5Error) in
      try HDF5Library.call("write to \(path)") {
        unsafe H5Dwrite(handle.id, type, memory.id, space.id, transfer, references)
      }
    }
  }

  /// Calls `body` with the type of texts in memory, how they are handed over, and a pointer to as many pointers to texts.
  private func withPointers(
    to texts: [String], _ body: (hid_t, hid_t, UnsafeRawPointer?) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    precondition(type == .text, "text for \(path), which holds \(type.rawValue)")
    // One buffer for all, each text ended by a zero, instead of an allocation for each. It serves again: large ones that
    // come and go leave holes in memory, which grow together with it.
    var characters = taken()
    defer { giveBack(&characters) }
    var starts: [Int] = []
    starts.reserveCapacity(texts.count)
    characters.reserveCapacity(texts.reduce(0) { $0 + $1.utf8.count + 1 })
    for text in texts {
      starts.append(characters.count)
      characters.append(contentsOf: text.utf8)
      characters.append(0)
    }
    guard !texts.contains(where: holdsZero) else {
      throw HDF5Error(action: "write to \(path)", reasons: ["a text contains a zero character"])
    }
    let memoryType = try type.fileType()
    // By default every call clears two megabytes for its work, whatever it writes.
    let transfer = try Handle("prepare \(path)") { H5Pcreate(chdf5_transfer()) }
    try HDF5Library.call("prepare \(path)") {
      H5Pset_buffer(transfer.id, max(64, 16 * texts.count), nil, nil)
    }
    try unsafe characters.withUnsafeBufferPointer { buffer throws(HDF5Error) in
      let pointers = unsafe starts.map { start in unsafe buffer.baseAddress.map { unsafe $0 + start } }
      try unsafe pointers.withUnsafeBufferPointer { references throws(HDF5Error) in
        try unsafe body(memoryType.id, transfer.id, references.baseAddress)
      }
    }
  }

  private func taken() -> [UInt8] {
    characters.withLock { characters in
      defer { characters = [] }
      return characters
    }
  }

  private func giveBack(_ buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    characters.withLock { [buffer] in $0 = buffer }
  }

  /// Adds elements that are still to be written; tells how many were there before.
  func extend(by added: Int) throws(HDF5Error) -> Int {
    let old = try count()
    try HDF5Library.call("extend \(path)") {
      var size = hsize_t(old + added)
      return unsafe H5Dset_extent(handle.id, &size)
    }
    return old
  }

  private func write(_ added: Int, _ body: (hid_t, hid_t) -> herr_t) throws(HDF5Error) {
    guard added > 0 else { return }
    let old = try extend(by: added)
    let memory = try memorySpace(added)
    let file = try selection(old..<old + added)
    try HDF5Library.call("append to \(path)") { body(memory.id, file.id) }
  }

  // MARK: Reading

  /// All numbers.
  public func numbers<Number: HDF5Number>(_ kind: Number.Type) throws(HDF5Error) -> [Number] {
    try numbers(kind, in: 0..<count())
  }

  /// The numbers of a range; throws when it is not inside, or the dataset is of another type.
  public func numbers<Number: HDF5Number>(
    _ kind: Number.Type, in range: Range<Int>
  ) throws(HDF5Error) -> [Number] {
    try check(range, Number.elementType)
    guard !range.isEmpty else { return [] }
    let memory = try memorySpace(range.count)
    let file = try selection(range)
    // Not filled beforehand: the library overwrites all of it or throws.
    return try unsafe [Number](unsafeUninitializedCapacity: range.count) { buffer, filled throws(HDF5Error) in
      try HDF5Library.call("read \(path)") {
        unsafe H5Dread(
          handle.id, Number.memoryType, memory.id, file.id, chdf5_default_list(), buffer.baseAddress)
      }
      filled = range.count
    }
  }

  /// All texts.
  public func texts() throws(HDF5Error) -> [String] { try texts(in: 0..<count()) }

  /// The texts of a range; throws when it is not inside, or the dataset holds numbers.
  public func texts(in range: Range<Int>) throws(HDF5Error) -> [String] {
    try check(range, .text)
    guard !range.isEmpty else { return [] }
    let memory = try memorySpace(range.count)
    let file = try selection(range)
    let memoryType = try type.fileType()
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: range.count)
    defer {
      // The library allocated each text, also those before a failure.
      for place in unsafe pointers.indices { unsafe free(pointers[place]) }
    }
    try HDF5Library.call("read \(path)") {
      unsafe pointers.withUnsafeMutableBytes { buffer in
        unsafe H5Dread(
          handle.id, memoryType.id, memory.id, file.id, chdf5_default_list(), buffer.baseAddress)
      }
    }
    return unsafe pointers.map { pointer in
      guard let pointer = unsafe pointer else { return "" }
      return unsafe String(cString: pointer)
    }
  }

  private func check(_ range: Range<Int>, _ wanted: HDF5ElementType) throws(HDF5Error) {
    guard wanted == type else {
      throw HDF5Error(
        action: "read \(path)", reasons: ["it holds \(type.rawValue) where \(wanted.rawValue) is expected"])
    }
    let count = try count()
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw HDF5Error(
        action: "read \(path)",
        reasons: ["elements \(range.lowerBound)..<\(range.upperBound) are asked for and \(count) are there"])
    }
  }

  private func memorySpace(_ count: Int) throws(HDF5Error) -> Handle {
    try Handle("make a data space") {
      var size = hsize_t(count)
      return unsafe H5Screate_simple(1, &size, nil)
    }
  }

  private func selection(_ range: Range<Int>) throws(HDF5Error) -> Handle {
    let space = try Handle("ask for the size of \(path)") { H5Dget_space(handle.id) }
    try HDF5Library.call("select a part of \(path)") {
      var start = hsize_t(range.lowerBound)
      var size = hsize_t(range.count)
      return unsafe H5Sselect_hyperslab(space.id, H5S_SELECT_SET, &start, nil, &size, nil)
    }
    return space
  }

  // MARK: Blocks as they lie in the file

  /// What a block of texts holds in the file; throws when it is not there yet.
  func block(_ number: Int) throws(HDF5Error) -> [TextPlace] {
    var elements = [TextPlace](repeating: TextPlace(), count: blockCount)
    try HDF5Library.call("read a block of \(path)") {
      unsafe elements.withUnsafeMutableBytes { buffer in
        var (start, filters) = (hsize_t(number * blockCount), UInt32(0))
        return unsafe H5Dread_chunk(handle.id, chdf5_default_list(), &start, &filters, buffer.baseAddress)
      }
    }
    return elements
  }

  /// Writes what a block of texts holds in the file.
  func replaceBlock(_ number: Int, with elements: [TextPlace]) throws(HDF5Error) {
    try HDF5Library.call("write a block of \(path)") {
      unsafe elements.withUnsafeBytes { buffer in
        var start = hsize_t(number * blockCount)
        return unsafe H5Dwrite_chunk(
          handle.id, chdf5_default_list(), 0, &start, buffer.count, buffer.baseAddress)
      }
    }
  }

  // MARK: Where the bytes lie

  /// The byte ranges of the file that hold this dataset's blocks; empty while nothing was written.
  public func storedRanges() throws(HDF5Error) -> [Range<Int>] {
    let space = try Handle("ask for the size of \(path)") { H5Dget_space(handle.id) }
    var count: hsize_t = 0
    try HDF5Library.call("count the blocks of \(path)") {
      unsafe H5Dget_num_chunks(handle.id, space.id, &count)
    }
    var ranges: [Range<Int>] = []
    for index in 0..<count {
      var (offset, filters, address, size) = (hsize_t(0), UInt32(0), haddr_t(0), hsize_t(0))
      try HDF5Library.call("find the blocks of \(path)") {
        unsafe H5Dget_chunk_info(handle.id, space.id, index, &offset, &filters, &address, &size)
      }
      let (start, length) = (Int(clamping: address), Int(clamping: size))
      let (end, overflow) = start.addingReportingOverflow(length)
      guard !overflow else { throw HDF5Error(action: "find the blocks of \(path)", reasons: ["overflow"]) }
      ranges.append(start..<end)
    }
    return ranges
  }
}
