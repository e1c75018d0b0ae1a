// SPDX-License-Identifier: GPL-3.0-or-later

/// An element of an XML document, with text or with other elements inside.
struct XMLElement {
  let name: String
  var attributes: [(name: String, value: String)] = []
  var text = ""
  var children: [XMLElement] = []

  /// An element with others inside; those that are not there are left out.
  init(_ name: String, _ attributes: [(name: String, value: String)] = [], _ children: [XMLElement?]) {
    self.name = name
    self.attributes = attributes
    self.children = children.compactMap(\.self)
  }

  /// An element with a text inside.
  init(_ name: String, _ attributes: [(name: String, value: String)] = [], text: String) {
    self.name = name
    self.attributes = attributes
    self.text = text
  }

  /// The document whose root this is, UTF-8.
  var document: [UInt8] {
    var result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(to: &result, indent: "")
    return Array(result.utf8)
  }

  private func write(to result: inout String, indent: String) {
    result += "\(indent)<\(name)"
    for attribute in attributes { result += " \(attribute.name)=\"\(escapedForXML(attribute.value))\"" }
    guard !children.isEmpty else {
      result += text.isEmpty ? "/>\n" : ">\(escapedForXML(text))</\(name)>\n"
      return
    }
    result += ">\n"
    for child in children { child.write(to: &result, indent: indent + "  ") }
    result += "\(indent)</\(name)>\n"
  }
}

/// A text as an element or an attribute of XML 1.0 and of HTML can hold it; what they cannot becomes U+FFFD.
public func escapedForXML(_ text: String) -> String {
  // Most texts need nothing, and are looked at much faster as bytes.
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
    default: byte >= 0x20
    }
  }
  // U+FFFE and U+FFFF are 0xEF 0xBF 0xBE and 0xEF 0xBF 0xBF.
  if isPlain, !text.utf8.contains(0xEF) { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;".unicodeScalars
    case "<": result += "&lt;".unicodeScalars
    case ">": result += "&gt;".unicodeScalars
    case "\"": result += "&quot;".unicodeScalars
    case "\t", "\n", "\r": result += "&#\(scalar.value);".unicodeScalars
    case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}
