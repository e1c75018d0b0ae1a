// SPDX-License-Identifier: GPL-3.0-or-later
internal import CHDF5
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The value of an attribute.
public enum HDF5Attribute: Hashable, Sendable {
  /// UTF-8 text.
  case text(String)
  /// A double.
  case double(Double)
  /// A signed integer.
  case integer(Int64)

  var elementType: HDF5ElementType {
    switch self {
    case .text: .text
    case .double: .double
    case .integer: .int64
    }
  }
}

extension HDF5File {
  /// Gives an object an attribute; replaces one of the same name and type.
  public func setAttribute(
    _ name: String, _ value: HDF5Attribute, of path: String = "/"
  ) throws(HDF5Error) {
    try setAttributes([(name, value)], of: path)
  }

  /// Gives an object several attributes, as `setAttribute` does one.
  public func setAttributes(
    _ attributes: [(name: String, value: HDF5Attribute)], of path: String = "/"
  ) throws(HDF5Error) {
    let object = try object(path)
    for (name, value) in attributes { try setAttribute(name, value, of: object, path) }
  }

  private func setAttribute(
    _ name: String, _ value: HDF5Attribute, of object: borrowing Handle, _ path: String
  ) throws(HDF5Error) {
    try Self.checkText(name, "an attribute's name")
    let type = try value.elementType.fileType()
    let action = "write the attribute \(name) of \(path)"
    let exists = try HDF5Library.call(action) { unsafe H5Aexists(object.id, name) } > 0
    let space = try Handle(action) { H5Screate(H5S_SCALAR) }
    let attribute = try Handle(action) {
      exists
        ? unsafe H5Aopen(object.id, name, chdf5_default_list())
        : unsafe H5Acreate2(
          object.id, name, type.id, space.id, chdf5_default_list(), chdf5_default_list())
    }
    switch value {
    case .text(let text):
      try Self.checkText(text, "the text of the attribute \(name)")
      try HDF5Library.call(action) {
        unsafe text.withCString { pointer in
          var pointer: UnsafePointer<CChar>? = unsafe pointer
          return unsafe H5Awrite(attribute.id, type.id, &pointer)
        }
      }
    case .double(var number):
      try HDF5Library.call(action) { unsafe H5Awrite(attribute.id, chdf5_native_double(), &number) }
    case .integer(var number):
      try HDF5Library.call(action) { unsafe H5Awrite(attribute.id, chdf5_native_int64(), &number) }
    }
  }

  /// An object's attributes but for those of some names, in the alphabetical order of their names.
  ///
  /// Throws when one is not a single text, double or integer.
  public func attributes(
    of path: String = "/", except omitted: Set<String> = []
  ) throws(HDF5Error) -> [(name: String, value: HDF5Attribute)] {
    let object = try object(path)
    var attributes: [(name: String, value: HDF5Attribute)] = []
    for name in try attributeNames(of: object, path) where !omitted.contains(name) {
      attributes.append((name, try attribute(name, of: object, path)))
    }
    return attributes
  }

  private func attributeNames(of object: borrowing Handle, _ path: String) throws(HDF5Error) -> [String] {
    var information = H5O_info_t()
    try HDF5Library.call("list the attributes of \(path)") { unsafe H5Oget_info1(object.id, &information) }
    guard information.num_attrs <= 100_000 else {
      throw HDF5Error(
        action: "list the attributes of \(path)", reasons: ["it claims \(information.num_attrs)"])
    }
    var names: [String] = []
    for index in 0..<information.num_attrs {
      names.append(
        try unsafe Self.name("list the attributes of \(path)") { (buffer, size) in
          unsafe Int64(
            H5Aget_name_by_idx(
              object.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, chdf5_default_list()))
        })
    }
    return names
  }

  /// The value of an object's attribute; throws when it is missing or not a single text, double or integer.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> HDF5Attribute {
    try Self.checkText(name, "an attribute's name")
    return try attribute(name, of: try object(path), path)
  }

  private func attribute(
    _ name: String, of object: borrowing Handle, _ path: String
  ) throws(HDF5Error) -> HDF5Attribute {
    let action = "read the attribute \(name) of \(path)"
    let attribute = try Handle(action) { unsafe H5Aopen(object.id, name, chdf5_default_list()) }
    let space = try Handle(action) { H5Aget_space(attribute.id) }
    guard try HDF5Library.call(action, { H5Sget_simple_extent_npoints(space.id) }) == 1 else {
      throw HDF5Error(action: action, reasons: ["it is not a single value"])
    }
    let stored = try Handle(action) { H5Aget_type(attribute.id) }
    switch try HDF5ElementType(of: stored) {
    case .double:
      var number = 0.0
      try HDF5Library.call(action) { unsafe H5Aread(attribute.id, chdf5_native_double(), &number) }
      return .double(number)
    case .int64:
      var number: Int64 = 0
      try HDF5Library.call(action) { unsafe H5Aread(attribute.id, chdf5_native_int64(), &number) }
      return .integer(number)
    case .text:
      var pointer: UnsafeMutablePointer<CChar>?
      try HDF5Library.call(action) { unsafe H5Aread(attribute.id, stored.id, &pointer) }
      guard let text = unsafe pointer else { return .text("") }
      defer { unsafe free(text) }
      return .text(unsafe String(cString: text))
    case .uint8, nil:
      throw HDF5Error(action: action, reasons: ["its type is not one that magcert writes"])
    }
  }
}
