// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The numbers of the table.
struct ProfileRows {
  /// The line of every row, counted from 1.
  private(set) var lines: [Int] = []
  private(set) var notes: [ReadingNote] = []
  /// A scanner before the first line behind the table.
  private(set) var end: LineScanner
  private let columns: [Int]
  /// Row-major.
  private var values: [Double] = []

  /// The numbers of the column at a position of the file.
  func numbers(of column: Int) -> [Double] {
    guard let offset = columns.firstIndex(of: column) else { return [] }
    return lines.indices.map { values[$0 * columns.count + offset] }
  }

  init(_ text: ProfiledText, _ head: HeaderLines, _ places: [Int]) throws(ReadError) {
    let profile = text.profile
    var reader = text.rowReader(places)
    columns = reader.columns
    var scanner = head.rows
    end = scanner
    let span = text.masked.span
    let endLine: Int? = if case .line(let number)? = profile.tableEnds { number } else { nil }
    // How many cells a row has at most.
    var width: Int?
    // A row of numbers may be the mark, as -999 is.
    let marksRows =
      switch profile.tableEnds {
      case .prefix(let prefix)?: !prefix.isEmpty
      case .pattern?: true
      case .line?, nil: false
      }
    let hasComments = !profile.commentMarks.isEmpty
    // The empty line behind the rows so far. Fewer rows than a loop has are no table of their own, and where empty
    // lines stand among them, they part nothing.
    var (gap, isSpaced) = (Int?.none, profile.spansEmptyLines)
    while true {
      end = scanner
      guard let line = scanner.next(span) else { break }
      if scanner.number == endLine { break }
      guard let first = span.firstNonBlank(line) else {
        if profile.tableEnds == .prefix(""), !lines.isEmpty { break }
        note(gapAt: scanner.number, &gap, &isSpaced)
        continue
      }
      if hasComments, text.isComment(first, line) { continue }
      if marksRows, profile.tableEnds?.fits(text.text(line), number: scanner.number) == true { break }
      let start = values.count
      let fault = reader.append(line, of: span, to: &values)
      if fault == nil, Self.areFinite(values, from: start) {
        let count = Self.cellCount(reader, span)
        if width == nil { width = max(count, head.cellCount) }
        guard count <= width ?? count else {
          throw ReadError(
            .malformed,
            "this row has more cells than the first one and the header"
              + (text.delimiter == Byte.comma
                ? "; if numbers are written with a decimal comma, separate them with ; or a tab" : ""),
            line: scanner.number)
        }
        if let gap { throw Self.secondTable(scanner.number, gap) }
        lines.append(scanner.number)
        continue
      }
      let cell =
        fault ?? (start..<values.count).first { !values[$0].isFinite }.map { columns[$0 - start] } ?? 0
      values.removeSubrange(start...)
      let content = text.text(line)
      if let mark = profile.tableEnds, mark.fits(content, number: scanner.number) {
        if !content.isEmpty || !lines.isEmpty { break }
      }
      // A spreadsheet pads empty lines with delimiters.
      if content.isEmpty {
        note(gapAt: scanner.number, &gap, &isSpaced)
        continue
      }
      throw Self.fault(text, line, scanner, cell)
    }
    if !scanner.isTerminated, lines.last == scanner.number { notes.append(.noFinalLineEnd) }
    guard lines.count >= fewestRows else {
      throw ReadError(
        .truncated, "the table has \(lines.count) rows of numbers, and at least \(fewestRows) are needed")
    }
  }

  /// How many cells the row just read has up to the last that is not empty.
  private static func cellCount(_ reader: RowReader, _ bytes: Span<UInt8>) -> Int {
    var (count, cell) = ((reader.columns.last ?? -1) + 1, reader.restColumn)
    for index in reader.rest {
      let byte = bytes[index]
      if byte == reader.delimiter {
        cell += 1
      } else if byte != Byte.blank, byte != Byte.tab {
        count = max(count, cell + 1)
      }
    }
    return count
  }

  /// Takes an empty line for the end of a table, if it can be one.
  private func note(gapAt line: Int, _ gap: inout Int?, _ isSpaced: inout Bool) {
    if lines.isEmpty || isSpaced || gap != nil { return }
    if lines.count < fewestRows { isSpaced = true } else { gap = line }
  }

  private static func secondTable(_ line: Int, _ gap: Int) -> ReadError {
    ReadError(
      .malformed,
      "a second table begins here, behind the empty line \(gap); state table_ends_before = \"\" in the profile to "
        + "read the first one only, or empty_lines = \"inside\" when the rows go on behind empty lines",
      line: line)
  }

  private static func areFinite(_ values: [Double], from start: Int) -> Bool {
    for index in start..<values.count where !values[index].isFinite { return false }
    return true
  }

  private static func fault(
    _ text: ProfiledText, _ line: Range<Int>, _ scanner: LineScanner, _ column: Int
  ) -> ReadError {
    guard scanner.isTerminated else {
      return ReadError(
        .truncated, "the file ends in the middle of this row; copy it again from the instrument",
        line: scanner.number)
    }
    let cells = text.cells(line)
    let cell = cells.indices.contains(column) ? cells[column] : ""
    let what =
      cell.isEmpty ? "cell \(column + 1) is empty" : "“\(cell)” in cell \(column + 1) is not a number"
    let (mark, other, byte) =
      text.profile.decimalMark == Byte.comma ? ("comma", "point", Byte.point) : ("point", "comma", Byte.comma)
    if text.profile.thousandsMark == nil, mayHaveThousands(cell, mark: byte) {
      return ReadError(
        .malformed,
        "\(what) with a decimal \(mark); if its \(other) parts thousands, state thousands_mark = \"\(other)\" in "
          + "the profile, and if it is the decimal mark, correct decimal_mark", line: scanner.number)
    }
    return ReadError(
      .malformed,
      "\(what) with a decimal \(mark); if the table ends here, say so in the profile with table_ends_before",
      line: scanner.number)
  }
}
