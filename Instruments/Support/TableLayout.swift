// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The lines before the rows of a table: comments, where the format has them, and the header line.
struct TableLayout {
  /// `# key: value` lines in file order, untouched.
  let entries: [HeaderEntry]
  /// The names of the columns.
  let columns: [ColumnName]
  /// The byte between two cells.
  let delimiter: UInt8
  /// A scanner that stands before the first row.
  let rows: LineScanner
  /// Whether a row behind a comment mark is a comment.
  let hasComments: Bool

  private static let mostComments = 10_000

  /// A layout from its parts, for a format without comments.
  init(entries: [HeaderEntry], columns: [ColumnName], delimiter: UInt8, rows: LineScanner) {
    self.entries = entries
    self.columns = columns
    self.delimiter = delimiter
    self.rows = rows
    hasComments = false
  }

  /// Finds the header line; nil when there is none with two cells of text.
  ///
  /// It is the first line that is not a comment. When that is already a row of numbers, the comment line right
  /// above it is the header if it names columns, as NumPy's `savetxt` writes it.
  init?(_ bytes: Span<UInt8>) {
    hasComments = true
    var scanner = LineScanner(bytes)
    var entries: [HeaderEntry] = []
    var lastComment: Range<Int>?
    var beforeLine = scanner
    while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard !content.isEmpty else { continue }
      if let mark = Self.commentMark(content, bytes) {
        // No header is that long, and a file of comments would be kept whole.
        guard entries.count < Self.mostComments else { return nil }
        lastComment = bytes.trimmed(content.dropFirst(mark))
        entries.append(Self.entry(bytes.text(content.dropFirst(mark)).trimmed))
        beforeLine = scanner
        continue
      }
      if let found = Self.header(line, bytes) {
        self.entries = entries
        (columns, delimiter) = found
        rows = scanner
        return
      }
      guard let lastComment, let found = Self.header(lastComment, bytes),
        found.columns.contains(where: { $0.role != nil })
      else { return nil }
      self.entries = entries.dropLast()
      (columns, delimiter) = found
      rows = beforeLine
      return
    }
    return nil
  }

  /// Whether a line of units in brackets follows the names, which is the mark of another format.
  func hasUnitLine(_ bytes: Span<UInt8>) -> Bool {
    var scanner = rows
    while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard content.isEmpty || hasComments && Self.commentMark(content, bytes) != nil else {
        return bytes.starts(content, with: "(")
      }
    }
    return false
  }

  /// What is wrong with a file in which no header line was found; `example` names two columns with units.
  static func fault(in bytes: Span<UInt8>, example: String) -> ReadError {
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard !content.isEmpty, commentMark(content, bytes) == nil else { continue }
      let what =
        bytes.text(content.prefix(1)).contains { "+-.0123456789".contains($0) }
        ? "the file begins with numbers and no line names the columns"
        : "the first line does not name two columns separated by tabs, semicolons or commas"
      return ReadError(
        .missingColumn, "\(what); add a header line with names and units, such as \(example)",
        line: scanner.number)
    }
    return ReadError(.truncated, "the file holds comments only: neither a header line nor rows")
  }

  /// How long the mark is that makes a line a comment; nil for another line.
  static func commentMark(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Int? {
    guard let first = line.first else { return nil }
    switch bytes[first] {
    case UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "%"), UInt8(ascii: "!"): return 1
    case UInt8(ascii: "/"): return bytes.starts(line, with: "//") ? 2 : nil
    default: return nil
    }
  }

  private static func entry(_ comment: String) -> HeaderEntry {
    // A time stamp has colons and no key.
    guard let colon = comment.utf8.firstIndex(of: UInt8(ascii: ":")), comment.first?.isNumber == false else {
      return HeaderEntry("#", comment)
    }
    return HeaderEntry(
      String(comment[..<colon]).trimmed, String(comment[comment.utf8.index(after: colon)...]).trimmed)
  }

  /// The columns that a line names; nil when it has one cell only or begins with a number.
  private static func header(
    _ line: Range<Int>, _ bytes: Span<UInt8>
  ) -> (columns: [ColumnName], delimiter: UInt8)? {
    guard let delimiter = delimiter(of: line, bytes) else { return nil }
    let cells = bytes.cells(line, delimiter: delimiter).map { bytes.cellText($0) }
    let isText = cells.contains { cell in
      guard let first = cell.unicodeScalars.first else { return false }
      return !("0"..."9").contains(first) && !"+-.,".unicodeScalars.contains(first)
    }
    guard cells.count >= 2, isText else { return nil }
    return (cells.map { ColumnName($0) }, delimiter)
  }

  /// The bytes that separate cells, what is the surer sign of it first.
  private static let delimiters = [Byte.tab, Byte.semicolon, Byte.comma]

  /// A tab if the line has one outside quotation marks and brackets, else a semicolon, else a comma.
  private static func delimiter(of line: Range<Int>, _ bytes: Span<UInt8>) -> UInt8? {
    var isQuoted = false
    var depth = 0
    var best = delimiters.count
    for index in line {
      let byte = bytes[index]
      if byte == Byte.quote { isQuoted.toggle() }
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") { depth = max(0, depth - 1) }
      guard !isQuoted, depth == 0 else { continue }
      for place in 0..<best where byte == delimiters[place] { best = place }
    }
    return best < delimiters.count ? delimiters[best] : nil
  }

  /// The text of the first entry of that name, whatever its case; nil when there is none or it is empty.
  func value(_ key: String) -> String? {
    guard let text = entries.first(where: { $0.key.lowercased() == key })?.value, !text.isEmpty else {
      return nil
    }
    return text
  }
}
