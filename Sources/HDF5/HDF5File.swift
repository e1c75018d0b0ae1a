// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5

/// An open HDF5 file; objects inside are named by their path, `/` being the root.
///
/// libhdf5's own file locks are off: a child process that is being started holds the descriptor for a moment
/// and reopening would fail now and then. Files keep the library's oldest format, which opens after a killed
/// process without any repair tool, and are written in an order that keeps them whole meanwhile.
public struct HDF5File: ~Copyable, Sendable {
  /// The path it goes by.
  public let path: String
  private var handle: Handle
  /// More bytes than this cannot be in the file; nil while it is written.
  private let byteCount: Int?

  /// Creates a file; throws when one is there already.
  ///
  /// Sentences call it by `name`, where it is going to get another.
  public init(creating path: String, as name: String? = nil) throws(HDF5Error) {
    try Self.checkText(path, "the path")
    let access = try Self.access(writing: true)
    handle = try Handle("create \(path)") {
      unsafe H5Fcreate(path, chdf5_exclusive(), chdf5_default_list(), access.id)
    }
    self.path = name ?? path
    byteCount = nil
  }

  /// Opens a file that a writer left behind, to go on writing it.
  ///
  /// Two that write at once destroy it: hold a lock on it that the other would need. Sentences call it by `name`, where it
  /// is going to get another.
  public init(appendingTo path: String, as name: String? = nil) throws(HDF5Error) {
    try Self.checkText(path, "the path")
    let access = try Self.access(writing: true)
    handle = try Handle("open \(path)") { unsafe H5Fopen(path, chdf5_read_write(), access.id) }
    self.path = name ?? path
    byteCount = nil
  }

  /// Opens a file read-only.
  public init(opening path: String) throws(HDF5Error) {
    try Self.checkText(path, "the path")
    let access = try Self.access(writing: false)
    let file = try Handle("open \(path)") { unsafe H5Fopen(path, chdf5_read_only(), access.id) }
    var size: hsize_t = 0
    try HDF5Library.call("ask for the size of \(path)") { unsafe H5Fget_filesize(file.id, &size) }
    handle = file
    self.path = path
    byteCount = Int(clamping: size)
  }

  /// The version of libhdf5 in use, such as `1.10.8`.
  public static func hdf5Version() throws(HDF5Error) -> String {
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    try HDF5Library.call("ask for the version of HDF5") {
      unsafe H5get_libversion(&major, &minor, &release)
    }
    return "\(major).\(minor).\(release)"
  }

  private static func access(writing: Bool) throws(HDF5Error) -> Handle {
    let list = try Handle("prepare file access") { H5Pcreate(chdf5_file_access()) }
    try HDF5Library.call("switch file locks off") { H5Pset_file_locking(list.id, false, true) }
    if writing {
      try HDF5Library.call("prepare file access") { H5Pset_driver(list.id, OrderedWrites.driver, nil) }
      try limitStructureInMemory(list)
    }
    return list
  }

  /// Bounds what libhdf5 keeps of the file's structure and texts in memory, of which it would take 32 MB in the end.
  ///
  /// It is enough for the last nodes of the trees of some hundred datasets; what lies before is not asked for again.
  private static func limitStructureInMemory(_ list: borrowing Handle) throws(HDF5Error) {
    var settings = H5AC_cache_config_t()
    settings.version = H5AC__CURR_CACHE_CONFIG_VERSION
    try HDF5Library.call("prepare file access") { unsafe H5Pget_mdc_config(list.id, &settings) }
    settings.max_size = 4 << 20
    try HDF5Library.call("prepare file access") { unsafe H5Pset_mdc_config(list.id, &settings) }
  }

  /// Text with a zero character would end early in C and be stored differently from what was meant.
  static func checkText(_ text: String, _ what: @autoclosure () -> String) throws(HDF5Error) {
    guard !holdsZero(text) else {
      throw HDF5Error(action: "use \(what())", reasons: ["it contains a zero character"])
    }
  }

  // MARK: Writing

  /// Creates a group; its parent must exist.
  public func createGroup(_ path: String) throws(HDF5Error) {
    try Self.checkText(path, "a group's name")
    _ = try Handle("create the group \(path)") {
      unsafe H5Gcreate2(
        handle.id, path, chdf5_default_list(), chdf5_default_list(), chdf5_default_list())
    }
  }

  /// Creates an empty dataset that grows by appending; it is stored in blocks of `chunk` elements.
  ///
  /// With `deflate`, 1 for fast to 9 for small, blocks are compressed, bytes of equal significance side by side; both
  /// filters are part of every libhdf5. Text is not smaller for it, because its characters lie outside of the blocks.
  public func createDataset(
    _ path: String, _ type: HDF5ElementType, chunk: Int, deflate: UInt32? = nil
  ) throws(HDF5Error) -> HDF5Dataset {
    precondition(chunk > 0, "blocks of \(chunk) elements")
    try Self.checkText(path, "a dataset's name")
    let fileType = try type.fileType()
    let space = try Handle("make a data space") {
      var current: hsize_t = 0
      var maximum = chdf5_unlimited()
      return unsafe H5Screate_simple(1, &current, &maximum)
    }
    let creation = try Handle("prepare \(path)") { H5Pcreate(chdf5_dataset_create()) }
    try HDF5Library.call("set the blocks of \(path)") {
      var size = hsize_t(chunk)
      // Without time stamps the same content gives the same bytes.
      let result = H5Pset_obj_track_times(creation.id, false)
      return result < 0 ? result : unsafe H5Pset_chunk(creation.id, 1, &size)
    }
    if let deflate {
      try HDF5Library.call("compress \(path)") {
        let result = H5Pset_shuffle(creation.id)
        return result < 0 ? result : H5Pset_deflate(creation.id, deflate)
      }
    }
    let access = try Self.appending(to: path, block: chunk * type.storedByteCount)
    let dataset = try Handle("create \(path)") {
      unsafe H5Dcreate2(
        handle.id, path, fileType.id, space.id, chdf5_default_list(), creation.id, access.id)
    }
    return HDF5Dataset(path: path, type: type, block: chunk, handle: dataset, byteLimit: nil)
  }

  /// How a dataset is opened that only grows: it keeps its last blocks in memory and none of those before.
  ///
  /// Without it each of hundreds of datasets would keep a megabyte, and every flush would go through all of it.
  private static func appending(to path: String, block: Int) throws(HDF5Error) -> Handle {
    let list = try Handle("prepare \(path)") { H5Pcreate(chdf5_dataset_access()) }
    try HDF5Library.call("prepare \(path)") { H5Pset_chunk_cache(list.id, 7, 2 * block, 1) }
    return list
  }

  /// Writes everything to the operating system: a process killed later loses nothing written before.
  ///
  /// One that is killed meanwhile leaves a file that can be opened, with all that was written before the last time.
  public func flush() throws(HDF5Error) {
    try HDF5Library.call("flush \(path)") { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
  }

  /// Closes the file; throws when its last bytes could not be written.
  ///
  /// Datasets that are still in use keep a file open; that is reported as an error too.
  public consuming func close() throws(HDF5Error) {
    let open = try HDF5Library.call("count the open objects of \(path)") {
      Int64(H5Fget_obj_count(handle.id, chdf5_all_objects()))
    }
    guard open <= 1 else {
      throw HDF5Error(action: "close \(path)", reasons: ["\(open - 1) of its objects are in use"])
    }
    try handle.close("close \(path)") { H5Fclose($0) }
  }

  // MARK: Reading

  /// Opens a dataset of one dimension whose element type is one of `HDF5ElementType`.
  public func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    try Self.checkText(path, "a dataset's name")
    // In a file that is written the size of blocks is known only once the dataset is open; 256 KB are the largest.
    let access =
      byteCount == nil
      ? try Self.appending(to: path, block: 1 << 18)
      : try Handle("prepare \(path)") { H5Pcreate(chdf5_dataset_access()) }
    let dataset = try Handle("open \(path)") { unsafe H5Dopen2(handle.id, path, access.id) }
    let type = try Self.elementType(of: dataset, path)
    let creation = try Handle("ask how \(path) is stored") { H5Dget_create_plist(dataset.id) }
    let filters = try HDF5Library.call("ask how \(path) is stored") { H5Pget_nfilters(creation.id) }
    let layout = try HDF5Library.call("ask how \(path) is stored") { H5Pget_layout(creation.id).rawValue }
    var block: hsize_t = 0
    if layout == H5D_CHUNKED.rawValue {
      try HDF5Library.call("ask how \(path) is stored") { unsafe H5Pget_chunk(creation.id, 1, &block) }
    }
    // Deflate makes at most 1032 bytes of one (zlib's technical details).
    let limit = byteCount.map { $0.multipliedReportingOverflow(by: filters > 0 ? 1032 : 1) }
    return HDF5Dataset(
      path: path, type: type, block: Int(clamping: block), handle: dataset,
      byteLimit: limit.map { $0.overflow ? .max : $0.partialValue })
  }

  /// What the elements of a dataset are; throws when magcert does not write such ones.
  public func elementType(of path: String) throws(HDF5Error) -> HDF5ElementType {
    try Self.checkText(path, "a dataset's name")
    let dataset = try Handle("open \(path)") { unsafe H5Dopen2(handle.id, path, chdf5_default_list()) }
    return try Self.elementType(of: dataset, path)
  }

  private static func elementType(
    of dataset: borrowing Handle, _ path: String
  ) throws(HDF5Error) -> HDF5ElementType {
    let stored = try Handle("ask for the type of \(path)") { H5Dget_type(dataset.id) }
    guard let type = try HDF5ElementType(of: stored) else {
      throw HDF5Error(action: "read \(path)", reasons: ["its element type is not one that magcert writes"])
    }
    return type
  }

  /// What a member of a group is.
  public enum MemberKind: String, Hashable, Sendable {
    /// A group.
    case group
    /// A dataset.
    case dataset
  }

  /// A member of a group.
  public struct Member: Hashable, Sendable {
    /// Its name inside the group.
    public let name: String
    /// What it is.
    public let kind: MemberKind
  }

  /// The members of a group in the order of their names; throws when one is neither group nor dataset.
  public func members(of path: String) throws(HDF5Error) -> [Member] {
    let group = try object(path)
    var information = H5G_info_t()
    try HDF5Library.call("list \(path)") { unsafe H5Gget_info(group.id, &information) }
    guard information.nlinks <= 100_000 else {
      throw HDF5Error(action: "list \(path)", reasons: ["it claims \(information.nlinks) members"])
    }
    var members: [Member] = []
    for index in 0..<information.nlinks {
      let name = try unsafe Self.name("list \(path)") { (buffer, size) in
        unsafe Int64(
          H5Lget_name_by_idx(
            group.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, chdf5_default_list()))
      }
      let member = try Handle("open \(name) in \(path)") {
        unsafe H5Oopen(group.id, name, chdf5_default_list())
      }
      let type = try HDF5Library.call("ask what \(name) is") { H5Iget_type(member.id).rawValue }
      if type == H5I_GROUP.rawValue {
        members.append(Member(name: name, kind: .group))
      } else if type == H5I_DATASET.rawValue {
        members.append(Member(name: name, kind: .dataset))
      } else {
        throw HDF5Error(action: "list \(path)", reasons: ["\(name) is neither group nor dataset"])
      }
    }
    return members
  }

  func object(_ path: String) throws(HDF5Error) -> Handle {
    try Self.checkText(path, "a name")
    return try Handle("open \(path)") { unsafe H5Oopen(handle.id, path, chdf5_default_list()) }
  }

  /// A name from a C function that tells its length when called without a buffer.
  static func name(
    _ action: String, _ read: (UnsafeMutablePointer<CChar>?, Int) -> Int64
  ) throws(HDF5Error) -> String {
    let length = try HDF5Library.call(action) { read(nil, 0) }
    guard length < 65_536 else {
      throw HDF5Error(action: action, reasons: ["a name of \(length) characters"])
    }
    var buffer = [CChar](repeating: 0, count: Int(length) + 1)
    try HDF5Library.call(action) { unsafe read(&buffer, Int(length) + 1) }
    return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
