// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Everything before the rows of a MultiVu file, and its column line.
struct MultiVuHeader {
  /// How the `INFO` lines are written.
  enum Grammar {
    /// `INFO,<value>,<KEY>`, as PPMS, DynaCool and MPMS3 write them.
    case keyLast
    /// `INFO, <KEY>, <value>`, as MPMS and MPMS XL write them.
    case keyFirst
  }

  /// The lines in file order, `INFO` ones by their key.
  let entries: [HeaderEntry]
  /// The byte between two cells: a comma, or a tab after a spreadsheet saved the file again.
  let delimiter: UInt8
  /// The column names, without the quotation marks that a spreadsheet may have put around them.
  let columns: [String]

  /// More are no header, and would cost more memory than the file.
  private static let mostLines = 10_000

  /// Whether a line is a section mark, alone or padded with delimiters by a spreadsheet.
  static func isMark(_ mark: String, _ line: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard bytes.starts(line, with: mark) else { return false }
    for index in line.dropFirst(mark.utf8.count) {
      guard [Byte.tab, Byte.comma, Byte.semicolon, Byte.blank].contains(bytes[index]) else { return false }
    }
    return true
  }

  /// Reads up to and with the column line, behind which `scanner` is left.
  ///
  /// Without `[Header]` the first line has to be the column line.
  init(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, _ grammar: Grammar, hasHeader: Bool = true
  ) throws(ReadError) {
    var lines: [Range<Int>] = []
    var isPadded = false
    var hasData = !hasHeader
    while !hasData, let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      if Self.isMark("[Data]", content, bytes) {
        hasData = true
      } else if Self.isMark("[Header]", content, bytes) {
        isPadded = line.count > content.count || content.count > 8
      } else if !content.isEmpty {
        guard lines.count < Self.mostLines else {
          throw ReadError(
            .malformed, "the header goes on for more than \(Self.mostLines) lines", line: scanner.number)
        }
        lines.append(line)
      }
    }
    var columnLine: Range<Int>?
    while hasData, columnLine == nil, let line = scanner.next(bytes) {
      if !bytes.trimmed(line).isEmpty { columnLine = line }
    }
    guard let columnLine, scanner.isTerminated else {
      throw ReadError(
        .truncated,
        "the file ends in its header or in its column names, before the first row; copy it again from the instrument",
        line: scanner.number)
    }
    let titles = try ColumnLine(columnLine, scanner.number, of: bytes)
    let delimiter = titles.delimiter
    self.delimiter = delimiter
    columns = titles.names
    entries = lines.compactMap { line in
      let content = isPadded ? bytes.withoutPadding(line, delimiter) : line
      return Self.entry(bytes.text(content), delimiter == Byte.tab ? "\t" : ",", grammar)
    }
  }

  /// One line of the header; nil when a spreadsheet filled an empty one with delimiters.
  private static func entry(_ line: String, _ delimiter: Character, _ grammar: Grammar) -> HeaderEntry? {
    let text = line.trimmed
    if text.isEmpty { return nil }
    if text.hasPrefix(";") { return HeaderEntry(";", String(text.dropFirst()).trimmed) }
    guard let first = line.firstIndex(of: delimiter) else { return HeaderEntry(text, "") }
    let name = String(line[..<first]).trimmed
    let rest = line[line.index(after: first)...]
    guard name == "INFO" else { return HeaderEntry(name, String(rest).trimmed) }
    return infoEntry(rest, delimiter, grammar) ?? HeaderEntry(name, String(rest).trimmed)
  }

  /// The value lies on the other side of the first or the last delimiter and may hold others.
  private static func infoEntry(
    _ text: Substring, _ delimiter: Character, _ grammar: Grammar
  ) -> HeaderEntry? {
    let middle = grammar == .keyLast ? text.lastIndex(of: delimiter) : text.firstIndex(of: delimiter)
    guard let middle else { return nil }
    let before = String(text[..<middle]).trimmed
    let after = String(text[text.index(after: middle)...]).trimmed
    if grammar == .keyFirst { return before.isEmpty ? nil : HeaderEntry(before, after) }
    let isKey = after.unicodeScalars.allSatisfy {
      ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    }
    // Operators add lines of their own, such as `INFO,mass,53.10 mg`.
    return isKey && (after.contains("_") || after == "APPNAME") ? HeaderEntry(after, before) : nil
  }

  /// The text of the first entry of that name; nil when there is none or it is empty.
  func value(_ key: String) -> String? {
    guard let text = entries.first(where: { $0.key == key })?.value, !text.isEmpty else { return nil }
    return text
  }

  /// The value of an entry with the commas that a spreadsheet turned into tabs.
  func text(_ key: String) -> String? {
    value(key).map { $0.split(separator: "\t").joined(separator: ",") }
  }

  /// The moment when the file was opened, from `FILEOPENTIME,<clock>,MM/DD/YYYY,h:mm am`.
  var measured: String? { value("FILEOPENTIME").flatMap { isoTime($0, .monthFirst) } }

  /// A number of the header in SI, which is in `unit` unless the operator wrote one behind it.
  ///
  /// Nil, with a note, for a value that nobody changed, such as 0 or 1, and for one that cannot be read.
  func quantity(
    _ key: String, _ unit: String, _ dimension: PhysicalDimension, _ notes: inout [ReadingNote]
  ) -> Double? {
    guard let text = value(key) else { return nil }
    let stated = NumberWithUnit(text, dimension: dimension)
    guard let si = stated?.si ?? NumberWithUnit("\(text) \(unit)", dimension: dimension)?.si, si > 0,
      stated != nil || Double(text) != 1
    else {
      notes.append(.unused(key, text, "a number above 0 in \(unit)"))
      return nil
    }
    return si
  }
}
