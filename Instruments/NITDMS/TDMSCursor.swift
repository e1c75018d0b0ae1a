// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// Reads a part of a binary file from front to back; nothing is read outside the part.
struct TDMSCursor {
  private let bytes: [UInt8]
  /// Where the next value begins, as an offset in the file.
  private(set) var position: Int
  /// Where the part ends.
  let end: Int
  /// Whether the highest byte of a number comes first.
  var isBigEndian: Bool

  /// A cursor over `range`, which lies inside the file.
  init(_ bytes: [UInt8], _ range: Range<Int>, isBigEndian: Bool) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.isBigEndian = isBigEndian
  }

  /// How many bytes are left.
  var left: Int { end - position }

  mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(ReadError) -> Number {
    let size = Number.bitWidth / 8
    try require(size)
    let number = number(type, at: position)
    position += size
    return number
  }

  /// A text behind its length.
  mutating func string() throws(ReadError) -> String {
    let length = try count()
    try require(length)
    let content = Array(bytes[position..<position + length])
    position += length
    return String(validating: content, as: UTF8.self) ?? String(windows1252: content)
  }

  /// A count of 32 bits.
  mutating func count() throws(ReadError) -> Int {
    // 32 bits fit Int on every machine this is built for.
    Int(try integer(UInt32.self))
  }

  /// A property's value of a type.
  mutating func value(of type: TDMSType) throws(ReadError) -> TDMSValue {
    func whole(_ number: some FixedWidthInteger) -> TDMSValue { .number(Double(number), "\(number)") }
    switch type {
    case .void: return .text("")
    case .int8: return whole(try integer(Int8.self))
    case .int16: return whole(try integer(Int16.self))
    case .int32: return whole(try integer(Int32.self))
    case .int64: return whole(try integer(Int64.self))
    case .uint8: return whole(try integer(UInt8.self))
    case .uint16: return whole(try integer(UInt16.self))
    case .uint32: return whole(try integer(UInt32.self))
    case .uint64: return whole(try integer(UInt64.self))
    case .single, .singleWithUnit:
      let number = Float(bitPattern: try integer(UInt32.self))
      return .number(Double(number), "\(number)")
    case .double, .doubleWithUnit:
      let number = Double(bitPattern: try integer(UInt64.self))
      return .number(number, "\(number)")
    case .string: return .text(try string())
    case .boolean: return .text(try integer(UInt8.self) == 0 ? "false" : "true")
    case .timestamp:
      // The fraction is the lower part, so that it comes first in little endian.
      if !isBigEndian { _ = try integer(UInt64.self) }
      let seconds = try integer(Int64.self)
      if isBigEndian { _ = try integer(UInt64.self) }
      return .timestamp(TDMSTimestamp(seconds: seconds))
    case .complexSingle:
      let parts = [try integer(UInt32.self), try integer(UInt32.self)].map { Float(bitPattern: $0) }
      return .text("\(parts[0]) + \(parts[1])i")
    case .complexDouble:
      let parts = [try integer(UInt64.self), try integer(UInt64.self)].map { Double(bitPattern: $0) }
      return .text("\(parts[0]) + \(parts[1])i")
    case .extended, .extendedWithUnit, .fixedPoint, .rawDAQmx:
      throw ReadError(
        .malformed, "a property at byte \(position) is of \(type.title), which this driver does not read")
    }
  }

  /// Appends `count` numbers, each `stride` bytes behind the one before, from an offset; all lie inside the part.
  func append(_ count: Int, of type: TDMSType, at start: Int, stride: Int, to values: inout [Double]) {
    func each(_ convert: (Int) -> Double) {
      for index in 0..<count { values.append(convert(start + index * stride)) }
    }
    switch type {
    case .int8: each { Double(number(Int8.self, at: $0)) }
    case .int16: each { Double(number(Int16.self, at: $0)) }
    case .int32: each { Double(number(Int32.self, at: $0)) }
    case .int64: each { Double(number(Int64.self, at: $0)) }
    case .uint8: each { Double(number(UInt8.self, at: $0)) }
    case .uint16: each { Double(number(UInt16.self, at: $0)) }
    case .uint32: each { Double(number(UInt32.self, at: $0)) }
    case .uint64: each { Double(number(UInt64.self, at: $0)) }
    case .single, .singleWithUnit: each { Double(Float(bitPattern: number(UInt32.self, at: $0))) }
    case .double, .doubleWithUnit: each { Double(bitPattern: number(UInt64.self, at: $0)) }
    default: preconditionFailure("values of type \(type) are no numbers")
    }
  }

  private func number<Number: FixedWidthInteger>(_ type: Number.Type, at start: Int) -> Number {
    let size = Number.bitWidth / 8
    var number: Number = 0
    for index in 0..<size {
      let byte = bytes[start + (isBigEndian ? index : size - 1 - index)]
      number = number << 8 | Number(truncatingIfNeeded: byte)
    }
    return number
  }

  private func require(_ size: Int) throws(ReadError) {
    guard left >= size else {
      throw ReadError(
        .malformed,
        "\(size) bytes are announced at byte \(position), and this part of the file ends \(left) later")
    }
  }
}
