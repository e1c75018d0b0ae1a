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

/// The most lines that a header may have; a file with more of them is something else.
private let mostHeaderLines = 20_000

/// Throws for a header that does not end.
func requireHeaderEnds(_ scanner: LineScanner, before what: String) throws(ReadError) {
  guard scanner.number > mostHeaderLines else { return }
  throw ReadError(
    .malformed, "\(mostHeaderLines) lines went by without \(what); the file is damaged", line: scanner.number)
}
