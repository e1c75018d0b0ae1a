// SPDX-License-Identifier: GPL-3.0-or-later
internal import Certificates

/// The source of a document of hypertext, also well-formed as XML.
///
/// Elements are closed where they were opened, and words and attributes are escaped, whatever they hold.
struct Markup {
  typealias Attributes = KeyValuePairs<String, String>

  /// What was written so far.
  private(set) var source = ""

  /// Words.
  mutating func text(_ words: String) { source += escapedForXML(printable(words)) }

  /// An element with words inside.
  mutating func element(_ name: String, _ attributes: Attributes, _ words: String) {
    element(name, attributes) { $0.text(words) }
  }

  /// An element without attributes, with words inside.
  mutating func element(_ name: String, _ words: String) { element(name, [:], words) }

  /// An element with what `content` writes inside.
  mutating func element(_ name: String, _ attributes: Attributes = [:], _ content: (inout Markup) -> Void) {
    begin(name, attributes)
    source += ">"
    content(&self)
    source += "</\(name)>"
    // Blanks would separate words of a line.
    if !Self.inline.contains(name) { source += "\n" }
  }

  /// An element of hypertext that is never closed, such as `meta`, or one of a drawing without content.
  mutating func empty(_ name: String, _ attributes: Attributes) {
    begin(name, attributes)
    source += "/>\n"
  }

  /// An element whose content is a style sheet or a program, which holds neither `<` nor `&`.
  mutating func verbatim(_ name: String, _ content: String) {
    precondition(!content.contains { $0 == "<" || $0 == "&" }, "a \(name) that is not well-formed XML")
    source += "<\(name)>\(content)</\(name)>\n"
  }

  /// What another one wrote.
  mutating func append(_ other: Markup) { source += other.source }

  private static let inline: Set<String> = ["b", "span", "td", "th", "text", "dt"]

  private mutating func begin(_ name: String, _ attributes: Attributes) {
    source += "<\(name)"
    for (name, value) in attributes { source += " \(name)=\"\(escapedForXML(printable(value)))\"" }
  }
}
