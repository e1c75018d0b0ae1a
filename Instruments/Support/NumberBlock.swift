// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// What stands between the cells of a row.
enum CellSeparator {
  /// One byte, between two of which a cell is empty.
  case byte(UInt8)
  /// Any number of blanks and tabs.
  case blanks
}

/// The rows of a block of numbers: one finite number per wanted column and row.
struct NumberBlock {
  /// All columns of a row, read or not.
  let columns: [ColumnName]
  /// The line of every row, counted from 1.
  private(set) var lines: [Int] = []
  private let wanted: [Int]
  private let separator: CellSeparator
  private var reader: RowReader
  /// Row-major.
  private var values: [Double] = []

  /// A block without rows; `wanted` are the positions of the columns to read.
  init(_ columns: [ColumnName], wanted: some Sequence<Int>, separator: CellSeparator) {
    self.columns = columns
    self.wanted = Set(wanted).sorted()
    self.separator = separator
    let delimiter = if case .byte(let byte) = separator { byte } else { Byte.blank }
    reader = RowReader(columns: self.wanted, delimiter: delimiter)
  }

  /// How many rows there are.
  var count: Int { lines.count }

  /// The numbers of one column, in the file's unit.
  func numbers(of column: Int) -> [Double] {
    guard let offset = wanted.firstIndex(of: column) else { return [] }
    return stride(from: offset, to: values.count, by: wanted.count).map { values[$0] }
  }

  /// Reads rows up to the first line that begins with `end`, which is the answer; nil when there is none.
  ///
  /// Empty lines and those that begin with `passing` are passed over. Any other line that does not begin with a
  /// number is an error.
  mutating func appendRows(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, until end: String? = nil, passing: String? = nil
  ) throws(ReadError) -> Range<Int>? {
    while let line = scanner.next(bytes) {
      guard let first = bytes.firstNonBlank(line) else { continue }
      if bytes.beginsNumber(first) {
        try append(line, scanner, of: bytes)
        continue
      }
      var content = bytes.unpadded(line)
      if content.count > 1, bytes[content.lowerBound] == Byte.quote { content = content.dropFirst() }
      if content.isEmpty || passing.map({ bytes.starts(content, with: $0) }) == true { continue }
      if let end, bytes.starts(content, with: end) { return content }
      throw ReadError(
        scanner.isTerminated ? .malformed : .truncated,
        "“\(bytes.text(content.prefix(40)))” stands where a row of numbers is expected", line: scanner.number)
    }
    return nil
  }

  /// Appends one row; throws when a wanted cell is missing or holds no finite number.
  private mutating func append(
    _ row: Range<Int>, _ scanner: LineScanner, of bytes: Span<UInt8>
  ) throws(ReadError) {
    let start = values.count
    let fault: Int?
    switch separator {
    case .byte: fault = reader.append(row, of: bytes, to: &values)
    case .blanks: fault = appendBetweenBlanks(bytes.unpadded(row), of: bytes)
    }
    if !scanner.isTerminated || lines.isEmpty {
      let count = cells(row, of: bytes).count
      guard scanner.isTerminated || count >= columns.count else {
        throw ReadError(
          .truncated, "the file ends in the middle of this row; copy it again from the instrument",
          line: scanner.number)
      }
      guard count <= columns.count else {
        throw ReadError(
          .malformed, "the row has \(count) cells where \(columns.count) columns are named",
          line: scanner.number)
      }
    }
    var bad = fault
    for index in start..<values.count where bad == nil && !values[index].isFinite {
      bad = wanted[index - start]
    }
    if let bad { throw self.fault(bad, row, scanner.number, bytes) }
    lines.append(scanner.number)
  }

  private mutating func appendBetweenBlanks(_ row: Range<Int>, of bytes: Span<UInt8>) -> Int? {
    let end = row.upperBound
    var position = row.lowerBound
    var current = 0
    for column in wanted {
      while current < column {
        while position < end, bytes.isBlank(position) { position &+= 1 }
        while position < end, !bytes.isBlank(position) { position &+= 1 }
        current &+= 1
      }
      while position < end, bytes.isBlank(position) { position &+= 1 }
      guard position < end,
        let number = bytes.decimalNumber(at: &position, end: end, decimalMark: Byte.point),
        position >= end || bytes.isBlank(position)
      else { return column }
      values.append(number)
      current &+= 1
    }
    return nil
  }

  /// The cells of a row up to the last that holds anything.
  private func cells(_ row: Range<Int>, of bytes: Span<UInt8>) -> [Range<Int>] {
    let content = bytes.unpadded(row)
    switch separator {
    case .byte(let byte): return bytes.cells(row.lowerBound..<content.upperBound, delimiter: byte)
    case .blanks: return bytes.words(content)
    }
  }

  private func fault(_ column: Int, _ row: Range<Int>, _ line: Int, _ bytes: Span<UInt8>) -> ReadError {
    let cells = cells(row, of: bytes)
    let text = cells.indices.contains(column) ? bytes.cellText(cells[column]) : ""
    return ReadError(
      .malformed,
      text.isEmpty
        ? "the row has no number in this column" : "“\(String(text.prefix(40)))” is not a finite number",
      line: line, column: columns.indices.contains(column) ? columns[column].spelled : nil)
  }
}

extension Span<UInt8> {
  /// Whether the byte could be the first of a number.
  func beginsNumber(_ index: Int) -> Bool {
    let byte = self[index]
    return byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == Byte.point
  }

  /// Whether the byte is a blank or a tab.
  @inline(__always)
  func isBlank(_ index: Int) -> Bool { self[index] == Byte.blank || self[index] == Byte.tab }

  /// What stands between blanks and tabs.
  func words(_ range: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var position = range.lowerBound
    while position < range.upperBound {
      while position < range.upperBound, isBlank(position) { position += 1 }
      let start = position
      while position < range.upperBound, !isBlank(position) { position += 1 }
      if position > start { words.append(start..<position) }
    }
    return words
  }
}
