// SPDX-License-Identifier: GPL-3.0-or-later

/// A value as one line of JSON with sorted keys; traps on a number that is not finite.
///
/// The same text as Foundation's encoder gives with `sortedKeys` and `withoutEscapingSlashes`, in a fraction of the
/// time. What there is thousands of is written with `JSONText` alone, in a fraction of that.
public func jsonText(_ value: some Encodable) -> String {
  let text = EncodedText()
  do { try text.append(value) } catch {
    preconditionFailure("a value that JSON cannot hold: \(error)")
  }
  return text.json.string
}

/// The text as far as it is written.
private final class EncodedText {
  private(set) var json = JSONText(capacity: 8192)
  /// What a value turned out to be when it was encoded.
  private enum Form { case none, single, array, object }
  private var form = Form.none
  /// The members of all objects that are open, the innermost last: the name, and where it and its value lie.
  private var members: [(name: String, range: Range<Int>)] = []
  /// An object while its members are put in order.
  private var ordered: [UInt8] = []

  /// Appends any value.
  func append(_ value: some Encodable) throws {
    let (outer, start, firstMember) = (form, json.bytes.count, members.count)
    form = .none
    try value.encode(to: JSONValueEncoder(text: self))
    switch form {
    case .single: break
    case .array: json.bytes.append(UInt8(ascii: "]"))
    case .object: close(from: start, firstMember)
    case .none: json.bytes += "{}".utf8
    }
    form = outer
  }

  /// Appends a value that is all that another one is encoded as.
  func append(standingAlone value: some Encodable) throws {
    try append(value)
    form = .single
  }

  private func close(from start: Int, _ firstMember: Int) {
    let own = members[firstMember...].sorted { $0.name < $1.name }
    ordered.removeAll(keepingCapacity: true)
    for (place, member) in own.enumerated() {
      ordered.append(place == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      ordered += json.bytes[member.range]
    }
    if own.isEmpty { ordered.append(UInt8(ascii: "{")) }
    ordered.append(UInt8(ascii: "}"))
    json.bytes.replaceSubrange(start..., with: ordered)
    members.removeSubrange(firstMember...)
  }

  func beginArray() {
    form = .array
    json.bytes.append(UInt8(ascii: "["))
  }

  func beginObject() { form = .object }

  /// Appends a member whose value `write` appends.
  func member(_ name: String, _ write: () throws -> Void) rethrows {
    let start = json.bytes.count
    append(name)
    json.bytes.append(UInt8(ascii: ":"))
    try write()
    members.append((name, start..<json.bytes.count))
    form = .object
  }

  /// Appends an element of an array whose value `write` appends.
  func element(isFirst: Bool, _ write: () throws -> Void) rethrows {
    if !isFirst { json.bytes.append(UInt8(ascii: ",")) }
    try write()
    form = .array
  }

  func append(_ text: String) {
    json.append(text)
    form = .single
  }

  func append(_ number: Double) throws {
    guard number.isFinite else {
      throw EncodingError.invalidValue(
        number, .init(codingPath: [], debugDescription: "\(number) is not a number of JSON"))
    }
    json.append(number)
    form = .single
  }

  /// Appends what has the same text in JSON and in Swift: an integer, a truth value.
  func append(literally value: some CustomStringConvertible) {
    json.append(literally: value)
    form = .single
  }

  func appendNull() {
    json.bytes += "null".utf8
    form = .single
  }
}

private struct JSONValueEncoder: Encoder {
  let text: EncodedText
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    text.beginObject()
    return KeyedEncodingContainer(JSONMembers(text: text))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    text.beginArray()
    return JSONElements(text: text)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { JSONSingleValue(text: text) }
}

/// Containers inside containers without a type of their own: what is reported has none.
private func unusedContainer() -> Never {
  preconditionFailure("a nested container was asked for, and no reported type has one")
}

private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let text: EncodedText
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { text.member(key.stringValue) { text.appendNull() } }
  func encode(_ value: Bool, forKey key: Key) {
    text.member(key.stringValue) { text.append(literally: value) }
  }
  func encode(_ value: String, forKey key: Key) { text.member(key.stringValue) { text.append(value) } }
  func encode(_ value: some FixedWidthInteger & Encodable, forKey key: Key) {
    text.member(key.stringValue) { text.append(literally: value) }
  }
  func encode(_ value: Double, forKey key: Key) throws {
    try text.member(key.stringValue) { try text.append(value) }
  }
  func encode(_ value: some Encodable, forKey key: Key) throws {
    try text.member(key.stringValue) { try text.append(value) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { unusedContainer() }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { unusedContainer() }
  func superEncoder() -> any Encoder { unusedContainer() }
  func superEncoder(forKey key: Key) -> any Encoder { unusedContainer() }
}

private struct JSONElements: UnkeyedEncodingContainer {
  let text: EncodedText
  var codingPath: [any CodingKey] { [] }
  private(set) var count = 0

  init(text: EncodedText) { self.text = text }

  private mutating func isFirst() -> Bool {
    count += 1
    return count == 1
  }

  mutating func encodeNil() { text.element(isFirst: isFirst()) { text.appendNull() } }
  mutating func encode(_ value: Bool) { text.element(isFirst: isFirst()) { text.append(literally: value) } }
  mutating func encode(_ value: String) { text.element(isFirst: isFirst()) { text.append(value) } }
  mutating func encode(_ value: some FixedWidthInteger & Encodable) {
    text.element(isFirst: isFirst()) { text.append(literally: value) }
  }
  mutating func encode(_ value: Double) throws {
    try text.element(isFirst: isFirst()) { try text.append(value) }
  }
  mutating func encode(_ value: some Encodable) throws {
    try text.element(isFirst: isFirst()) { try text.append(value) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> { unusedContainer() }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { unusedContainer() }
  func superEncoder() -> any Encoder { unusedContainer() }
}

private struct JSONSingleValue: SingleValueEncodingContainer {
  let text: EncodedText
  var codingPath: [any CodingKey] { [] }

  func encodeNil() { text.appendNull() }
  func encode(_ value: Bool) { text.append(literally: value) }
  func encode(_ value: String) { text.append(value) }
  func encode(_ value: some FixedWidthInteger & Encodable) { text.append(literally: value) }
  func encode(_ value: Float) throws { try text.append(Double(value)) }
  func encode(_ value: Double) throws { try text.append(value) }
  func encode(_ value: some Encodable) throws { try text.append(standingAlone: value) }
}
