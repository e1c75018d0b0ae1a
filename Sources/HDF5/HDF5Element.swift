// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The types of dataset elements that are written and read.
public enum HDF5ElementType: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 double, little-endian.
  case double
  /// Signed integer of 64 bits, little-endian.
  case int64
  /// Unsigned byte.
  case uint8
  /// UTF-8 text of variable length.
  case text

  /// The type in the file; the caller owns it.
  func fileType() throws(HDF5Error) -> Handle {
    try Handle("make the type \(rawValue)") {
      switch self {
      case .double: H5Tcopy(chdf5_file_double())
      case .int64: H5Tcopy(chdf5_file_int64())
      case .uint8: H5Tcopy(chdf5_file_uint8())
      case .text: Self.copyOfTextType()
      }
    }
  }

  /// How many bytes an element takes in a dataset's storage: a text takes a reference of 16 bytes.
  var storedByteCount: Int {
    switch self {
    case .double, .int64: 8
    case .uint8: 1
    case .text: 16
    }
  }

  private static func copyOfTextType() -> hid_t {
    let type = H5Tcopy(chdf5_c_string())
    guard type >= 0 else { return type }
    guard H5Tset_size(type, chdf5_variable()) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0 else { return -1 }
    return type
  }

  /// The type that a stored type is; nil for one that is not used here.
  init?(of type: borrowing Handle) throws(HDF5Error) {
    let isText =
      try HDF5Library.call("compare types") { H5Tget_class(type.id).rawValue } == H5T_STRING.rawValue
    for candidate in Self.allCases where (candidate == .text) == isText {
      let known = try candidate.fileType()
      if try HDF5Library.call("compare types", { H5Tequal(type.id, known.id) }) > 0 {
        self = candidate
        return
      }
    }
    return nil
  }
}

/// A Swift number that is an element of a dataset; its type fixes how it lies in memory.
public protocol HDF5Number: BitwiseCopyable, Sendable {
  /// The element type in the file.
  static var elementType: HDF5ElementType { get }
}

extension Double: HDF5Number {
  /// `double`.
  public static var elementType: HDF5ElementType { .double }
}

extension Int64: HDF5Number {
  /// `int64`.
  public static var elementType: HDF5ElementType { .int64 }
}

extension UInt8: HDF5Number {
  /// `uint8`.
  public static var elementType: HDF5ElementType { .uint8 }
}

extension HDF5Number {
  static var memoryType: hid_t {
    switch elementType {
    case .double: chdf5_native_double()
    case .int64: chdf5_native_int64()
    case .uint8, .text: chdf5_native_uint8()
    }
  }
}

/// Appends numbers to a message byte for byte, little-endian, as they lie in the file.
@inlinable
public func appendLittleEndian<Number: HDF5Number>(_ numbers: ArraySlice<Number>, to message: inout [UInt8]) {
  #if _endian(little)
    unsafe numbers.withUnsafeBytes { unsafe message.append(contentsOf: $0) }
  #else
    for number in numbers {
      var copy = number
      unsafe withUnsafeBytes(of: &copy) { unsafe message.append(contentsOf: $0.reversed()) }
    }
  #endif
}

/// Appends a number to a message, little-endian, as it lies in the file.
@inlinable
public func appendLittleEndian<Number: HDF5Number & FixedWidthInteger>(
  _ number: Number, to message: inout [UInt8]
) {
  unsafe withUnsafeBytes(of: number.littleEndian) { unsafe message.append(contentsOf: $0) }
}

/// Appends a text to a message after its length in bytes, a number of 64 bits.
public func appendText(_ text: String, to message: inout [UInt8]) {
  var text = text
  text.withUTF8 { characters in
    appendLittleEndian(Int64(characters.count), to: &message)
    unsafe message.append(contentsOf: characters)
  }
}

/// Whether a text contains a zero character, at which it would end in C.
public func holdsZero(_ text: String) -> Bool {
  let found = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
    unsafe bytes.baseAddress.map { unsafe memchr($0, 0, bytes.count) != nil } ?? false
  }
  return found ?? text.utf8.contains(0)
}

/// A text as it can be stored.
///
/// C strings end at the first zero character; its picture stands for it, and the source bytes keep the original.
public func storable(_ text: String) -> String {
  guard holdsZero(text) else { return text }
  return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
}

/// How much a file grows, at most, by a text of a number of bytes, but for the reference to it.
///
/// In the heap it has 16 bytes before it and fills whole words; the heap's parts may stay half empty.
public func textRoom(_ byteCount: Int) -> Int { 2 * (24 + byteCount) }
