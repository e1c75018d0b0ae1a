// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The rows of a table: one finite number per wanted column and row.
struct TableRows {
  /// The line of every row, counted from 1.
  private(set) var lines: [Int] = []
  private let columns: [Int]
  /// Row-major.
  private var values: [Double] = []

  /// The numbers of one column.
  func numbers(of column: Int) -> [Double] {
    guard let offset = columns.firstIndex(of: column) else { return [] }
    return values.everyNumber(from: offset, by: columns.count)
  }

  init(
    _ bytes: Span<UInt8>, _ layout: TableLayout, _ columns: [Int], _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    self.columns = columns
    let delimiter = layout.delimiter
    var reader = RowReader(columns: columns, delimiter: delimiter)
    if delimiter != Byte.comma, let line = Self.firstDecimalComma(bytes, layout, columns) {
      reader.decimalMark = Byte.comma
      notes.append(
        ReadingNote(
          code: "decimal-comma", message: "numbers are written with a decimal comma, as in line \(line)"))
    }
    try Self.refuseGroupedDigits(bytes, layout, columns)
    let columnCount = layout.columns.count
    // A line that begins with a number is no comment; before another first cell a comment has to be looked for.
    let beginsWithNumber = columns.first == 0 || !layout.hasComments
    var scanner = layout.rows
    while true {
      if beginsWithNumber,
        let line = reader.appendPlain(&scanner, of: bytes, columns: columnCount, to: &values)
      {
        if lines.isEmpty { reserveRows(expectedRows(bytes, line)) }
        lines.append(scanner.number)
        continue
      }
      guard let line = scanner.next(bytes) else { break }
      guard let first = bytes.firstNonBlank(line) else { continue }
      // A row that begins with an empty cell is not a comment.
      if layout.hasComments, bytes[first] != delimiter,
        TableLayout.commentMark(first..<line.upperBound, bytes) != nil
      {
        continue
      }
      if !scanner.isTerminated, bytes.cells(line, delimiter: delimiter).count <= columns.last ?? 0 {
        throw ReadError(
          .truncated, "the file ends in the middle of this row; copy it again from the instrument",
          line: scanner.number)
      }
      let start = values.count
      if start == 0 { reserveRows(expectedRows(bytes, line)) }
      if let fault = reader.append(line, of: bytes, to: &values) {
        throw Self.fault(fault, line, scanner.number, bytes, layout, reader.decimalMark)
      }
      if reader.hasStrayCells(bytes, columns: columnCount) {
        throw ReadError(
          .malformed,
          "this row has more cells than the header has columns"
            + (delimiter == Byte.comma
              ? "; if numbers are written with a decimal comma, separate them with ; or a tab" : ""),
          line: scanner.number)
      }
      for index in start..<values.count where !values[index].isFinite {
        throw Self.fault(columns[index - start], line, scanner.number, bytes, layout, reader.decimalMark)
      }
      lines.append(scanner.number)
    }
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    guard lines.count >= fewestRows else {
      throw ReadError(
        .truncated, "the file has \(lines.count) rows of numbers, and at least \(fewestRows) are needed")
    }
  }

  private mutating func reserveRows(_ count: Int) {
    lines.reserveCapacity(count)
    values.reserveCapacity(count * columns.count)
  }

  /// The line of the first number with a comma, unless one with a point comes first.
  private static func firstDecimalComma(_ bytes: Span<UInt8>, _ layout: TableLayout, _ columns: [Int]) -> Int?
  {
    var scanner = layout.rows
    while let line = scanner.next(bytes) {
      let cells = bytes.cells(line, delimiter: layout.delimiter)
      for column in columns where column < cells.count {
        for index in cells[column] {
          if bytes[index] == Byte.point { return nil }
          if bytes[index] == Byte.comma { return scanner.number }
        }
      }
    }
    return nil
  }

  private static func fault(
    _ column: Int, _ line: Range<Int>, _ number: Int, _ bytes: Span<UInt8>, _ layout: TableLayout,
    _ decimalMark: UInt8
  ) -> ReadError {
    let cells = bytes.cells(line, delimiter: layout.delimiter)
    let name = layout.columns.indices.contains(column) ? layout.columns[column].spelled : nil
    guard cells.indices.contains(column) else {
      return ReadError(
        .malformed, "the row has \(cells.count) cells and no value in this column", line: number, column: name
      )
    }
    let text = bytes.cellText(cells[column])
    if text.isEmpty { return ReadError(.malformed, "the cell is empty", line: number, column: name) }
    if text.contains("∞") {
      return ReadError(
        .malformed,
        "“\(text)” means that the range of the channel was exceeded; record it again in a wider one",
        line: number, column: name)
    }
    if text.hasGroupedDigits {
      return ReadError(
        .malformed, "“\(text)” has separators of thousands; write the numbers without them", line: number,
        column: name)
    }
    let other = decimalMark == Byte.comma ? "." : ","
    if layout.delimiter != Byte.comma, text.contains(other) {
      let mark = decimalMark == Byte.comma ? "comma" : "point"
      return ReadError(
        .malformed, "“\(text)” does not fit the decimal \(mark) of the numbers before it", line: number,
        column: name)
    }
    return ReadError(.malformed, "“\(text)” is not a finite number", line: number, column: name)
  }
}
