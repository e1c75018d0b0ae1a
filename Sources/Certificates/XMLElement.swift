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
    for attribute in attributes { result += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
    guard !children.isEmpty else {
      result += text.isEmpty ? "/>\n" : ">\(Self.escaped(text))</\(name)>\n"
      return
    }
    result += ">\n"
    for child in children { child.write(to: &result, indent: indent + "  ") }
    result += "\(indent)</\(name)>\n"
  }

  /// A text as XML 1.0 can hold it; what it cannot becomes U+FFFD.
  private static func escaped(_ text: String) -> String {
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
}
