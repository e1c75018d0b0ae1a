// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The one door to libhdf5: a process-wide lock, silence on stderr, and errors with the library's reasons.
enum HDF5Library {
  private static let lock = RecursiveLock()
  // What libhdf5 does at the end of a process it does to files whose writing failed as well, and crashes.
  private static let isOpen = H5dont_atexit() >= 0 && H5open() >= 0

  /// Runs one call, or a few that belong together, and turns a negative result into an error.
  @discardableResult
  static func call<Result: SignedInteger>(
    _ action: @autoclosure () -> String, _ body: () -> Result
  ) throws(HDF5Error) -> Result {
    lock.lock()
    defer { lock.unlock() }
    precondition(isOpen, "the HDF5 library would not start")
    // The printer belongs to the thread, so it is switched off on every call.
    _ = H5Eset_auto2(chdf5_default_stack(), nil, nil)
    let result = body()
    guard result >= 0 else { throw HDF5Error(action: action(), reasons: takeReasons()) }
    return result
  }

  /// Gives an identifier back; deinitialisers use it, which can report nothing.
  static func release(_ id: hid_t) {
    lock.lock()
    defer { lock.unlock() }
    _ = H5Eset_auto2(chdf5_default_stack(), nil, nil)
    _ = H5Idec_ref(id)
  }

  /// The messages of the error stack, outermost call first; empties the stack.
  private static func takeReasons() -> [String] {
    let collected = Reasons()
    let visit: H5E_walk2_t = { _, frame, context in
      guard let frame = unsafe frame, let context = unsafe context else { return 0 }
      guard let text = unsafe frame.pointee.desc else { return 0 }
      let reasons = unsafe Unmanaged<Reasons>.fromOpaque(context).takeUnretainedValue()
      reasons.texts.append(unsafe String(cString: text))
      return 0
    }
    withExtendedLifetime(collected) {
      _ = unsafe H5Ewalk2(
        chdf5_default_stack(), H5E_WALK_DOWNWARD, visit, Unmanaged.passUnretained(collected).toOpaque())
    }
    _ = H5Eclear2(chdf5_default_stack())
    return collected.texts
  }

  private final class Reasons {
    var texts: [String] = []
  }
}

/// A lock that its holder may take again, because handles die while the library is in use.
@safe private final class RecursiveLock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe pthread_mutexattr_settype(&attributes, numericCast(PTHREAD_MUTEX_RECURSIVE))
    unsafe pthread_mutex_init(mutex, &attributes)
    unsafe pthread_mutexattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func lock() { unsafe pthread_mutex_lock(mutex) }
  func unlock() { unsafe pthread_mutex_unlock(mutex) }
}

/// Owns one libhdf5 identifier and gives it back once.
struct Handle: ~Copyable, Sendable {
  /// The identifier; invalid once closed.
  private(set) var id: hid_t

  init(_ action: @autoclosure () -> String, open: () -> hid_t) throws(HDF5Error) {
    id = try HDF5Library.call(action(), open)
  }

  deinit {
    if id >= 0 { HDF5Library.release(id) }
  }

  /// Gives the identifier back with `close`, which can fail.
  mutating func close(_ action: @autoclosure () -> String, _ close: (hid_t) -> herr_t) throws(HDF5Error) {
    let closing = id
    id = -1
    try HDF5Library.call(action()) { close(closing) }
  }
}
