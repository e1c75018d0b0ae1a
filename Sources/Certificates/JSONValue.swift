// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials

/// A JSON value with exactly one text, that of the JSON Canonicalization Scheme (RFC 8785).
///
/// Two values are the same when their canonical texts have the same bytes: texts that merely look alike, such as é as
/// one or as two code points, differ.
public indirect enum JSONValue: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A finite number.
  case number(Double)
  /// A text.
  case string(String)
  /// An array, in order.
  case array([JSONValue])
  /// An object, its members in the order of the UTF-16 code units of their names, no two alike.
  case object([Member])

  /// A name with its value.
  public struct Member: Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: JSONValue
  }

  /// What a value becomes when it is encoded; traps for a number that is not finite.
  init(encoding value: some Encodable) {
    do { self = try JSONValue(reading: [UInt8](JSONEncoder().encode(value))) } catch {
      preconditionFailure("a value that JSON cannot hold: \(error)")
    }
  }

  /// The value as a Swift type; throws one sentence that names the place.
  func decoded<Value: Decodable>(as type: Value.Type) throws(CertificateError) -> Value {
    do { return try JSONDecoder().decode(type, from: Data(canonical)) } catch let error as DecodingError {
      throw CertificateError(.schema, error.sentence)
    } catch {
      throw CertificateError(.schema, "it does not follow the schema: \(error)")
    }
  }

  /// The UTF-8 bytes of the canonical text (RFC 8785, section 3.2); traps for a number that is not finite.
  public var canonical: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The value of a member; nil when it is not there or this is no object.
  subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// An object without one of its members; anything else as it is.
  func removing(_ name: String) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { !$0.name.utf8.elementsEqual(name.utf8) })
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let value): bytes += (value ? "true" : "false").utf8
    case .number(let number): bytes += ecmaScriptText(of: number).utf8
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A text with the shortest escape of what cannot stand as it is (RFC 8785, section 3.2.2.2).
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case 0x08: bytes += #"\b"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0C: bytes += #"\f"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case ..<0x20: bytes += #"\u00"#.utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// A finite number as ECMAScript writes it: the fewest digits that read back to the same number.
///
/// ECMA-262, 6.1.6.1.20 Number::toString, which RFC 8785, section 3.2.2.3 rests on. Traps when it is not finite.
func ecmaScriptText(of number: Double) -> String {
  precondition(number.isFinite, "\(number) has no text in JSON")
  guard number != 0 else { return "0" }
  // Swift's own text has the same digits and another place for the point.
  let parts = number.magnitude.description.split(separator: "e")
  let mantissa = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
  let whole = mantissa.first ?? ""
  let fraction = mantissa.count > 1 ? mantissa[1] : ""
  let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  let all = whole + fraction
  let leading = all.prefix { $0 == "0" }.count
  let digits = String(all.dropFirst(leading).reversed().drop { $0 == "0" }.reversed())
  // The number is 0.digits · 10ⁿ, with at most 17 digits.
  let n = whole.count + exponent - leading
  let k = digits.count
  let sign = number < 0 ? "-" : ""
  func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
  switch n {
  case k...21: return sign + digits + zeros(n - k)
  case 1...21: return sign + digits.prefix(n) + "." + digits.dropFirst(n)
  case -5...0: return sign + "0." + zeros(-n) + digits
  default:
    let power = n - 1 < 0 ? "e-\(1 - n)" : "e+\(n - 1)"
    return sign + digits.prefix(1) + (k > 1 ? "." + digits.dropFirst() : "") + power
  }
}

extension DecodingError {
  /// What does not follow the schema, and where.
  fileprivate var sentence: String {
    switch self {
    case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context): "\(place(context.codingPath)) is of another kind than expected"
    case .valueNotFound(_, let context): "\(place(context.codingPath)) has no value"
    case .dataCorrupted(let context):
      "\(place(context.codingPath)) is not one of the values that the schema allows"
    @unknown default: "it does not follow the schema"
    }
  }

  private func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce("") { text, key in
      key.intValue.map { text + "[\($0)]" } ?? (text.isEmpty ? key.stringValue : text + "." + key.stringValue)
    }
    return text.isEmpty ? "the whole" : text
  }
}
