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
  /// What stands behind the last wanted cell of a row between blanks.
  private var rest = 0..<0
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
    return values.everyNumber(from: offset, by: wanted.count)
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
    guard scanner.isTerminated || cellCount(row, of: bytes) >= columns.count else {
      throw ReadError(
        .truncated, "the file ends in the middle of this row; copy it again from the instrument",
        line: scanner.number)
    }
    guard fault != nil || !hasStrayCells(row, of: bytes) else {
      throw ReadError(
        .malformed, "the row has \(cellCount(row, of: bytes)) cells where \(columns.count) columns are named",
        line: scanner.number)
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
    rest = position..<end
    return nil
  }

  /// Whether a row just read goes on behind the last of the columns, which may have shifted the cells before.
  private func hasStrayCells(_ row: Range<Int>, of bytes: Span<UInt8>) -> Bool {
    switch separator {
    case .byte: !reader.rest.isEmpty && cellCount(row, of: bytes) > columns.count
    case .blanks: !rest.isEmpty && (wanted.last ?? 0) + 1 + bytes.wordCount(rest) > columns.count
    }
  }

  /// How many cells a row has, up to the last that holds anything.
  private func cellCount(_ row: Range<Int>, of bytes: Span<UInt8>) -> Int {
    let content = bytes.unpadded(row)
    switch separator {
    case .byte(let byte): return bytes.occurrences(of: byte, in: content) + 1
    case .blanks: return bytes.wordCount(content)
    }
  }

  /// The text of a cell; empty when there is none.
  private func cellText(_ column: Int, _ row: Range<Int>, of bytes: Span<UInt8>) -> String {
    var place = 0
    switch separator {
    case .byte(let byte):
      var position = row.lowerBound
      while position <= row.upperBound {
        let cell = bytes.cell(at: &position, end: row.upperBound, delimiter: byte)
        if place == column { return bytes.cellText(cell.prefix(200)) }
        place += 1
      }
    case .blanks:
      for index in row where bytes.beginsWord(index, of: row) {
        if place == column {
          return bytes.text((index..<row.upperBound).prefix { !bytes.isBlank($0) }.prefix(200))
        }
        place += 1
      }
    }
    return ""
  }

  private func fault(_ column: Int, _ row: Range<Int>, _ line: Int, _ bytes: Span<UInt8>) -> ReadError {
    let text = cellText(column, row, of: bytes)
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

  /// Whether a word of the range begins at the byte.
  func beginsWord(_ index: Int, of range: Range<Int>) -> Bool {
    !isBlank(index) && (index == range.lowerBound || isBlank(index - 1))
  }

  /// How many words stand between blanks and tabs.
  func wordCount(_ range: Range<Int>) -> Int {
    var count = 0
    for index in range where beginsWord(index, of: range) { count &+= 1 }
    return count
  }

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
