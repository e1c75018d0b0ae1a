// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// Collects the numbers of some columns, row by row, and leaves out the rows that lack one that is needed.
struct RowCollector {
  /// The lines of the rows kept, counted from 1.
  private(set) var lines: [Int] = []
  /// What the row last handed over holds behind the last of the columns, and the column that begins there.
  var rest: (range: Range<Int>, column: Int) { (reader.rest, reader.restColumn) }
  private let names: [String]
  private let columns: [Int]
  private let needed: [Int]
  private let notAvailable: Double?
  private var reader: RowReader
  /// Row-major.
  private var values: [Double] = []
  private var fullRow: Range<Int>?

  /// A collector of `columns`, of which the `needed` ones have to be finite.
  ///
  /// `names` are those of all columns of the file; `notAvailable` is the number that stands for an empty cell.
  init(
    _ columns: some Sequence<Int>, needed: [Int], names: [String], delimiter: UInt8,
    notAvailable: Double? = nil
  ) {
    let sorted = Set(columns).sorted()
    self.columns = sorted
    self.names = names
    self.notAvailable = notAvailable
    self.needed = needed.compactMap { sorted.firstIndex(of: $0) }
    reader = RowReader(columns: sorted, delimiter: delimiter)
  }

  /// The numbers of one column, NaN where a cell has none.
  func numbers(of column: Int) -> [Double] {
    guard let offset = columns.firstIndex(of: column) else { return [] }
    return values.everyNumber(from: offset, by: columns.count)
  }

  /// Reads the next line when it is a plain one, as `RowReader.appendPlain` has it; else nothing is read.
  mutating func appendPlain(_ scanner: inout LineScanner, of bytes: Span<UInt8>) -> Bool {
    let (before, first) = (scanner, values.count)
    guard let line = reader.appendPlain(&scanner, of: bytes, columns: names.count, to: &values) else {
      return false
    }
    if let notAvailable {
      for index in first..<values.count where values[index] == notAvailable {
        values.removeSubrange(first...)
        scanner = before
        return false
      }
    }
    fullRow = line
    lines.append(scanner.number)
    return true
  }

  /// Reads the line that `scanner` has just given; false when the row lacks a number and is left out.
  ///
  /// Throws `malformed` for a cell that is no number and for a row with more cells than there are columns, and
  /// `truncated` for a row without a line end that has fewer cells than those before it.
  mutating func append(
    _ line: Range<Int>, _ scanner: LineScanner, of bytes: Span<UInt8>
  ) throws(ReadError) -> Bool {
    if !scanner.isTerminated {
      let expected = fullRow.map { bytes.cellCount($0, delimiter: reader.delimiter) } ?? names.count
      guard bytes.cellCount(line, delimiter: reader.delimiter) >= expected else {
        throw ReadError(
          .truncated, "the file ends in the middle of this row; copy it again from the instrument",
          line: scanner.number)
      }
    }
    let first = values.count
    if let fault = reader.append(line, of: bytes, to: &values) {
      throw notANumber(line, bytes, scanner.number, fault)
    }
    guard !reader.hasStrayCells(bytes, columns: names.count) else {
      throw ReadError(
        .malformed,
        "this row has more cells than there are columns, as when numbers are written with a decimal comma; write "
          + "them with a point", line: scanner.number)
    }
    if let notAvailable {
      for index in first..<values.count where values[index] == notAvailable { values[index] = .nan }
    }
    for offset in needed where !values[first + offset].isFinite {
      values.removeSubrange(first...)
      return false
    }
    fullRow = line
    lines.append(scanner.number)
    return true
  }

  private func notANumber(
    _ line: Range<Int>, _ bytes: Span<UInt8>, _ number: Int, _ column: Int
  ) -> ReadError {
    var position = line.lowerBound
    var cell = position..<position
    for _ in 0...column where position <= line.upperBound {
      cell = bytes.cell(at: &position, end: line.upperBound, delimiter: reader.delimiter)
    }
    let text = String(bytes.cellText(cell).prefix(80))
    let name = names.indices.contains(column) ? names[column] : nil
    return ReadError(.malformed, "“\(text)” is not a number", line: number, column: name)
  }
}

/// How many rows were left out, and the line of the first.
struct RowCount {
  private(set) var count = 0
  private(set) var firstLine = 0

  /// Counts one row.
  mutating func add(line: Int) {
    if count == 0 { firstLine = line }
    count += 1
  }

  /// `1 row …, in line 7` or `3 rows …, the first in line 7`.
  func sentence(_ what: String) -> String {
    count == 1
      ? "1 row \(what), in line \(firstLine)" : "\(count) rows \(what), the first in line \(firstLine)"
  }

  /// The note for rows that lack a field or a moment; nil when there is none.
  func leftOutNote(_ why: String = "") -> ReadingNote? {
    guard count > 0 else { return nil }
    return ReadingNote(
      code: "rows-without-moment", message: sentence("without a moment\(why) left out"))
  }
}
