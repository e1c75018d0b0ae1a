// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

extension SourceFile {
  /// The first lines with anything in them, of the first 4 KiB, without blanks and delimiters at their ends.
  ///
  /// A driver recognises its format in them without reading the file.
  func firstLines(_ count: Int) -> [String] {
    let head = bytes.span.extracting(first: 4096)
    var scanner = LineScanner(head)
    var lines: [String] = []
    while lines.count < count, let line = scanner.next(head) {
      let content = head.unpadded(line)
      if !content.isEmpty { lines.append(head.text(content)) }
    }
    return lines
  }
}

extension Span<UInt8> {
  /// The part of `range` before the delimiters with which a spreadsheet pads every line it saves, without blanks
  /// at its ends.
  func unpadded(_ range: Range<Int>) -> Range<Int> {
    var content = trimmed(range)
    while let last = content.last, Self.isPadding(self[last]) { content = content.dropLast() }
    return content
  }

  private static func isPadding(_ byte: UInt8) -> Bool {
    byte == Byte.comma || byte == Byte.semicolon || byte == Byte.tab || byte == Byte.blank
  }
}

/// The most lines that a header may have, and the most bytes that a line of it may have.
///
/// Headers are kept as text, which takes many times their size: what goes beyond is no header.
private let (mostHeaderLines, mostHeaderBytes) = (20_000, 65_536)

/// Throws for a header that does not end.
func requireHeaderEnds(_ scanner: LineScanner, _ line: Range<Int>, before what: String) throws(ReadError) {
  guard scanner.number > mostHeaderLines || line.count > mostHeaderBytes else { return }
  throw ReadError(
    .malformed, "the header goes on and on without \(what); the file is damaged", line: scanner.number)
}

extension Sequence<HeaderEntry> {
  /// The text of the first entry of that name; nil when there is none or it is empty.
  func value(_ key: String) -> String? {
    guard let text = first(where: { $0.key == key })?.value, !text.isEmpty else { return nil }
    return text
  }
}
