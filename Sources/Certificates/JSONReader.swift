// SPDX-License-Identifier: GPL-3.0-or-later

extension JSONValue {
  /// Reads JSON as RFC 8259 and I-JSON (RFC 7493) allow it; throws one sentence with the byte for anything else.
  ///
  /// Refused are a name that occurs twice in one object, text that is not UTF-8 or has half a surrogate pair, numbers
  /// beyond the range of a double, more than 64 nested values, and anything behind the value. No bytes trap.
  public init(reading bytes: [UInt8]) throws(CertificateError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw CertificateError(.malformed, "it is not UTF-8 text, so it cannot be JSON")
    }
    var reader = JSONReader(bytes: bytes)
    self = try reader.whole()
  }
}

/// A recursive descent over bytes that are known to be UTF-8.
private struct JSONReader {
  private static let mostDepth = 64

  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func fault(_ words: String) -> CertificateError {
    let place = index < bytes.count ? "at byte \(index)" : "at its end"
    return CertificateError(.malformed, "it is not JSON: \(place), \(words)")
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    index += 1
    return true
  }

  mutating func whole() throws(CertificateError) -> JSONValue {
    let result = try value(depth: 0)
    skipBlanks()
    guard index == bytes.count else { throw fault("something follows the value") }
    return result
  }

  private mutating func value(depth: Int) throws(CertificateError) -> JSONValue {
    guard depth <= Self.mostDepth else { throw fault("more than \(Self.mostDepth) values are nested") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where "-0123456789".utf8.contains(byte): return .number(try number())
    default: throw fault("a value was expected")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(CertificateError) -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw fault("“\(word)” was expected") }
    index += word.utf8.count
    return value
  }

  private mutating func array(_ depth: Int) throws(CertificateError) -> JSONValue {
    index += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw fault("a comma or ] was expected") }
    }
  }

  private mutating func object(_ depth: Int) throws(CertificateError) -> JSONValue {
    index += 1
    var members: [JSONValue.Member] = []
    skipBlanks()
    var isDone = take(UInt8(ascii: "}"))
    while !isDone {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes was expected") }
      let name = try string()
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw fault("a colon was expected behind “\(name)”") }
      members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
      isDone = take(UInt8(ascii: "}"))
      if !isDone, !take(UInt8(ascii: ",")) { throw fault("a comma or } was expected") }
    }
    members.sort { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
    for (member, other) in zip(members, members.dropFirst())
    where member.name.utf8.elementsEqual(other.name.utf8) {
      throw fault("the object that ends here has “\(member.name)” twice")
    }
    return .object(members)
  }

  private mutating func number() throws(CertificateError) -> Double {
    let start = index
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      throw fault("the number before it is beyond the range of numbers")
    }
    return number
  }

  private mutating func digits() throws(CertificateError) {
    let start = index
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    if index == start { throw fault("a digit was expected") }
  }

  private mutating func string() throws(CertificateError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(Character(try escape())).utf8
      case ..<0x20: throw fault("the text before it has a control character that is not escaped")
      default: text.append(byte)
      }
    }
    throw fault("a text has no closing quote")
  }

  private mutating func escape() throws(CertificateError) -> Unicode.Scalar {
    let byte = next
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // Only a high surrogate with a low one behind it is a character.
      guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { break }
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low) else { break }
      if let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) { return scalar }
    default: throw fault("the backslash before it escapes nothing")
    }
    throw fault("the text before it has half a surrogate pair")
  }

  private mutating func hexadecimal() throws(CertificateError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits were expected")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
