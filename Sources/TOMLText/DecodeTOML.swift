// SPDX-License-Identifier: GPL-3.0-or-later
internal import TOMLKit

/// Why a TOML text could not be used, and where.
public struct TOMLTextError: Error, Hashable, Sendable {
  /// The line of a fault of syntax, counted from 1.
  public let line: Int?
  /// The key at fault, such as `grade[2].br_min_T`, when the syntax is right.
  public let key: String?
  /// One sentence.
  public let detail: String

  init(line: Int? = nil, key: String? = nil, detail: String) {
    self.line = line
    self.key = key
    self.detail = detail
  }
}

extension TOMLTextError: CustomStringConvertible {
  /// The sentence with its place in front.
  public var description: String {
    if let line { return "line \(line): \(detail)" }
    if let key { return "key “\(key)”: \(detail)" }
    return detail
  }
}

/// Reads a TOML text as a value; keys that the type does not know are errors.
///
/// Numeric fields must be `TOMLNumber`. Throws a `TOMLTextError` that names the line or the key, also for a text of more
/// than 256 KiB, 2000 keys and tables, 32 parts of a name or 32 nested values.
public func decodeTOML<Value: Decodable>(
  _ type: Value.Type, from text: String
) throws(TOMLTextError) -> Value {
  if let fault = TOMLLimits.fault(in: text) { throw fault }
  do {
    return try TOMLDecoder(strictDecoding: true).decode(type, from: text)
  } catch let error as TOMLParseError {
    throw TOMLTextError(line: error.source.begin.line, detail: error.description)
  } catch let error as UnexpectedKeysError {
    let unknown = error.keys.values.compactMap(path).sorted()
    throw TOMLTextError(
      key: unknown.first, detail: "not a key that belongs here; check its spelling and its unit")
  } catch let error as DecodingError {
    throw TOMLTextError(error)
  } catch {
    throw TOMLTextError(detail: String(describing: error))
  }
}

extension TOMLTextError {
  fileprivate init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(
        key: path(context.codingPath.filter { $0.stringValue != key.stringValue } + [key]),
        detail: "is missing, or is not of the kind expected")
    case .typeMismatch(let expected, let context):
      self.init(key: path(context.codingPath), detail: "expected \(word(for: expected))")
    case .valueNotFound(let expected, let context):
      self.init(key: path(context.codingPath), detail: "expected \(word(for: expected)), found nothing")
    case .dataCorrupted(let context):
      self.init(key: path(context.codingPath), detail: context.debugDescription)
    @unknown default:
      self.init(detail: String(describing: error))
    }
  }
}

private func path(_ keys: [any CodingKey]) -> String? {
  guard !keys.isEmpty else { return nil }
  return keys.reduce("") { text, key in
    if let index = key.intValue { return text + "[\(index)]" }
    return text.isEmpty ? key.stringValue : text + "." + key.stringValue
  }
}

private func word(for type: Any.Type) -> String {
  switch type {
  case is Double.Type, is Int.Type: "a number"
  case is String.Type: "a text in quotes"
  case is Bool.Type: "true or false"
  default: "another kind of value"
  }
}
