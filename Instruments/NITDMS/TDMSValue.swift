// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The data types of TDMS by their codes (NI, "TDMS File Format Internal Structure").
enum TDMSType: UInt32 {
  case void = 0
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case single, double, extended
  case singleWithUnit = 0x19
  case doubleWithUnit, extendedWithUnit
  case string = 0x20
  case boolean = 0x21
  case timestamp = 0x44
  case fixedPoint = 0x4F
  case complexSingle = 0x0008_000C
  case complexDouble = 0x0010_000D
  case rawDAQmx = 0xFFFF_FFFF

  /// Bytes of one value; nil where values differ in size or the format does not fix one.
  var size: Int? {
    switch self {
    case .void: 0
    case .int8, .uint8, .boolean: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .single, .singleWithUnit: 4
    case .int64, .uint64, .double, .doubleWithUnit, .complexSingle: 8
    case .timestamp, .complexDouble: 16
    case .extended, .extendedWithUnit, .string, .fixedPoint, .rawDAQmx: nil
    }
  }

  /// Whether a value is one real number.
  var isNumber: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .single, .double, .singleWithUnit,
      .doubleWithUnit:
      true
    default: false
    }
  }

  /// For a sentence.
  var title: String {
    switch self {
    case .extended, .extendedWithUnit: "extended-precision numbers"
    case .complexSingle, .complexDouble: "complex numbers"
    case .string: "text"
    case .boolean: "true and false"
    case .timestamp: "time stamps"
    case .fixedPoint: "fixed-point numbers"
    case .rawDAQmx: "raw DAQmx data"
    default: isNumber ? "numbers" : "nothing"
    }
  }
}

/// The value of a property.
enum TDMSValue {
  case number(Double, String)
  case text(String)
  case timestamp(TDMSTimestamp)

  /// As a header entry has it.
  var text: String {
    switch self {
    case .number(_, let text), .text(let text): text
    case .timestamp(let time): time.text ?? "\(time.seconds) s after 1904-01-01T00:00:00Z"
    }
  }

  var number: Double? { if case .number(let number, _) = self { number } else { nil } }
}

/// Whole seconds since 1904-01-01 00:00 UTC; the fraction is left out.
struct TDMSTimestamp {
  let seconds: Int64

  /// ISO 8601 in UTC without a zone; nil for zero, which means that nobody set it, and for what is no year of ours.
  var text: String? {
    // Up to the year 9999.
    guard seconds > 0, seconds < 255_485_232_000 else { return nil }
    var days = Int(seconds / 86_400)
    let rest = Int(seconds % 86_400)
    var year = 1904
    while case let length = Self.isLeap(year) ? 366 : 365, days >= length {
      days -= length
      year += 1
    }
    var month = 0
    let lengths = [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while days >= lengths[month] {
      days -= lengths[month]
      month += 1
    }
    let date = [month + 1, days + 1].map(Self.twoDigits).joined(separator: "-")
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(Self.twoDigits).joined(separator: ":")
    return "\(year)-\(date)T\(clock)"
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
