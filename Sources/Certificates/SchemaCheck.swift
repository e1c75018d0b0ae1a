// SPDX-License-Identifier: GPL-3.0-or-later

/// Checks values against the published JSON Schema, by the keywords of draft 2020-12 that it uses.
struct SchemaCheck {
  private let schema: JSONValue

  /// A check against the text of a schema; throws when it is none.
  init(schema text: String) throws(CertificateError) { schema = try JSONValue(reading: Array(text.utf8)) }

  /// What in a value does not follow the schema, one sentence each with its place; nothing when all of it does.
  func faults(in value: JSONValue) -> [String] {
    var faults: [String] = []
    check(value, schema, "", &faults)
    return faults
  }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ faults: inout [String]) {
    if case .boolean(let isAllowed) = schema {
      if !isAllowed { faults.append("\(Self.name(place)) does not belong there") }
      return
    }
    if case .string(let reference)? = schema["$ref"], let target = definition(reference) {
      check(value, target, place, &faults)
    }
    for part in schema["allOf"]?.elements ?? [] { check(value, part, place, &faults) }
    if let condition = schema["if"], let consequence = schema["then"] {
      var misses: [String] = []
      check(value, condition, place, &misses)
      if misses.isEmpty { check(value, consequence, place, &faults) }
    }
    if let type = schema["type"],
      !(type.elements ?? [type]).contains(where: { value.isOf(type: $0.string ?? "") })
    {
      let types = (type.elements ?? [type]).compactMap(\.string).joined(separator: " or ")
      faults.append("\(Self.name(place)) is not of the type \(types)")
      return
    }
    if let constant = schema["const"], constant.canonical != value.canonical {
      faults.append("\(Self.name(place)) is not \(constant.text)")
    }
    if let allowed = schema["enum"]?.elements, !allowed.contains(where: { $0.canonical == value.canonical }) {
      faults.append("\(Self.name(place)) is none of \(allowed.map(\.text).joined(separator: ", "))")
    }
    switch value {
    case .number(let number): check(number, schema, place, &faults)
    case .string(let text): check(text, schema, place, &faults)
    case .array(let elements):
      guard let items = schema["items"] else { return }
      for (index, element) in elements.enumerated() { check(element, items, "\(place)[\(index)]", &faults) }
    case .object(let members): check(members, value, schema, place, &faults)
    case .null, .boolean: break
    }
  }

  private func check(_ number: Double, _ schema: JSONValue, _ place: String, _ faults: inout [String]) {
    let bounds: [(String, String, (Double, Double) -> Bool)] = [
      ("minimum", "below", { $0 >= $1 }), ("maximum", "above", { $0 <= $1 }),
      ("exclusiveMinimum", "not above", { $0 > $1 }), ("exclusiveMaximum", "not below", { $0 < $1 }),
    ]
    for (keyword, words, isKept) in bounds {
      guard case .number(let bound)? = schema[keyword], !isKept(number, bound) else { continue }
      faults.append("\(Self.name(place)) is \(words) \(bound)")
    }
  }

  private func check(_ text: String, _ schema: JSONValue, _ place: String, _ faults: inout [String]) {
    if case .number(let least)? = schema["minLength"], Double(text.unicodeScalars.count) < least {
      faults.append("\(Self.name(place)) is empty or too short")
    }
    guard let pattern = schema["pattern"]?.string, let expression = try? Regex(pattern) else { return }
    if text.firstMatch(of: expression) == nil {
      faults.append("\(Self.name(place)) has not the form \(pattern)")
    }
  }

  private func check(
    _ members: [JSONValue.Member], _ value: JSONValue, _ schema: JSONValue, _ place: String,
    _ faults: inout [String]
  ) {
    for name in (schema["required"]?.elements ?? []).compactMap(\.string) where value[name] == nil {
      faults.append("\(Self.name(place)) lacks \(name)")
    }
    for member in members {
      let inner = place.isEmpty ? member.name : "\(place).\(member.name)"
      if let rule = schema["propertyNames"] { check(.string(member.name), rule, inner, &faults) }
      if let known = schema["properties"]?[member.name] {
        check(member.value, known, inner, &faults)
      } else if let other = schema["additionalProperties"] {
        check(member.value, other, inner, &faults)
      }
    }
  }

  /// What `#/$defs/…` names.
  private func definition(_ reference: String) -> JSONValue? {
    let parts = reference.split(separator: "/")
    guard parts.first == "#" else { return nil }
    var found = schema
    for part in parts.dropFirst() {
      guard let next = found[String(part)] else { return nil }
      found = next
    }
    return found
  }

  private static func name(_ place: String) -> String { place.isEmpty ? "the whole" : place }
}

extension JSONValue {
  fileprivate var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var text: String { String(decoding: canonical, as: UTF8.self) }

  fileprivate func isOf(type: String) -> Bool {
    switch self {
    case .null: type == "null"
    case .boolean: type == "boolean"
    case .number(let number): type == "number" || type == "integer" && number == number.rounded()
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }
}
