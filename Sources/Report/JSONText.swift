// SPDX-License-Identifier: GPL-3.0-or-later

/// A text of JSON as far as it is written, value after value.
///
/// Whoever writes an object names its members in the order of their names: nothing is sorted, copied or boxed
/// afterwards, and a batch spends its time on analysis rather than on this.
struct JSONText {
  /// The text as UTF-8.
  var bytes: [UInt8] = []
  /// What the numbers are called that were left out because JSON has no word for them.
  private(set) var refused: [String] = []
  /// Holds one number at a time.
  private var digits = ""

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: Values

  mutating func append(_ text: String) {
    bytes.append(quotationMark)
    let start = bytes.count
    bytes += text.utf8
    if holdsEscaped(from: start) {
      bytes.removeSubrange(start...)
      for byte in text.utf8 { append(escaping: byte) }
    }
    bytes.append(quotationMark)
  }

  /// Whether something in the bytes from a place on must be escaped; hardly any text has it.
  private func holdsEscaped(from start: Int) -> Bool {
    let written = bytes.span
    var isFound = false
    // To the end in any case, for then many bytes are looked at at once.
    for place in start..<written.count { isFound = mustBeEscaped(written[place]) || isFound }
    return isFound
  }

  private mutating func append(escaping byte: UInt8) {
    switch byte {
    case quotationMark: bytes += "\\\"".utf8
    case UInt8(ascii: "\\"): bytes += "\\\\".utf8
    case 8: bytes += "\\b".utf8
    case 9: bytes += "\\t".utf8
    case 10: bytes += "\\n".utf8
    case 12: bytes += "\\f".utf8
    case 13: bytes += "\\r".utf8
    case 0..<32:
      bytes += "\\u00".utf8
      for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 48 + digit : 87 + digit) }
    default: bytes.append(byte)
    }
  }

  /// Appends a number that is finite, by the fewest digits that read back to it.
  mutating func append(_ number: Double) {
    precondition(number.isFinite, "\(number) is not a number of JSON")
    digits.removeAll(keepingCapacity: true)
    number.write(to: &digits)
    bytes += digits.utf8
    // 5 rather than 5.0, as Foundation has it.
    let end = bytes.count
    if bytes[end - 1] == UInt8(ascii: "0"), bytes[end - 2] == UInt8(ascii: ".") { bytes.removeLast(2) }
  }

  /// Appends what has the same text in JSON and in Swift: an integer, a truth value.
  mutating func append(literally value: some CustomStringConvertible) { bytes += value.description.utf8 }

  // MARK: Objects and arrays

  /// Appends an object, after a comma where it follows another value.
  mutating func object(_ members: (inout JSONText) -> Void) {
    separate()
    enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// Appends a member that is an object.
  mutating func object(_ name: String, _ members: (inout JSONText) -> Void) {
    append(name: name)
    enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// Appends a member that is an array of objects, of which `members` writes one.
  mutating func objects<Element>(
    _ name: String, _ elements: [Element], _ members: (inout JSONText, Element) -> Void
  ) {
    append(name: name)
    enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
      for element in elements { json.object { members(&$0, element) } }
    }
  }

  /// Appends a member that is an array of texts.
  mutating func member(_ name: String, _ texts: [String]) { array(name, texts) { $0.append($1) } }

  /// Appends a member that is an array of finite numbers.
  mutating func member(_ name: String, _ numbers: [Double]) { array(name, numbers) { $0.append($1) } }

  private mutating func array<Element>(
    _ name: String, _ elements: [Element], _ append: (inout JSONText, Element) -> Void
  ) {
    self.append(name: name)
    enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
      for element in elements {
        json.separate()
        append(&json, element)
      }
    }
  }

  private mutating func enclose(_ opening: UInt8, _ closing: UInt8, _ content: (inout JSONText) -> Void) {
    bytes.append(opening)
    content(&self)
    bytes.append(closing)
  }

  /// Appends the name of a member, which has nothing to escape: it is one of ours.
  private mutating func append(name: String) {
    separate()
    bytes.append(quotationMark)
    bytes += name.utf8
    bytes.append(quotationMark)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func separate() {
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
      bytes.append(UInt8(ascii: ","))
    }
  }

  // MARK: Members

  /// Appends a member unless it has no value.
  mutating func member(_ name: String, _ text: String?) {
    guard let text else { return }
    append(name: name)
    append(text)
  }

  /// Appends a member unless it has no value.
  mutating func member(_ name: String, _ word: (some RawRepresentable<String>)?) {
    member(name, word?.rawValue)
  }

  /// Appends a member unless it has no value.
  mutating func member(_ name: String, _ integer: Int?) {
    guard let integer else { return }
    append(name: name)
    append(literally: integer)
  }

  /// Appends a member unless it has no value.
  mutating func member(_ name: String, _ isSo: Bool?) {
    guard let isSo else { return }
    append(name: name)
    append(literally: isSo)
  }

  /// Appends a member unless it has no value, or one that is not finite, which is remembered by its `fullName`.
  mutating func member(_ name: String, _ number: Double?, _ fullName: @autoclosure () -> String) {
    if let number = finite(number, fullName()) { member(name, finite: number) }
  }

  /// Appends a member that is known to be finite.
  mutating func member(_ name: String, finite number: Double) {
    append(name: name)
    append(number)
  }

  /// A number that can be written; the `fullName` of one that cannot is remembered.
  mutating func finite(_ number: Double?, _ fullName: @autoclosure () -> String) -> Double? {
    guard let number else { return nil }
    if number.isFinite { return number }
    refused.append(fullName())
    return nil
  }
}

private let quotationMark = UInt8(ascii: "\"")

private func mustBeEscaped(_ byte: UInt8) -> Bool {
  byte < 32 || byte == quotationMark || byte == UInt8(ascii: "\\")
}
