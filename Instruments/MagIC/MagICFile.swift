// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// One table of a MagIC file: the line with its name, a line of column names, and rows up to a line of `>`.
struct MagICTable {
  let name: String
  /// The names of the columns, without the empty ones that a spreadsheet appends.
  let columns: [String]
  /// A scanner that stands before the first row.
  let rows: LineScanner

  /// A table whose columns are named in a line.
  init(name: String, columnLine: Range<Int>, _ bytes: Span<UInt8>, rows: LineScanner) {
    self.name = name
    var columns = bytes.cells(columnLine, delimiter: Byte.tab).map { bytes.cellText($0) }
    while columns.last?.isEmpty == true { columns.removeLast() }
    self.columns = columns
    self.rows = rows
  }

  /// The position of the column that has one of the names, which are those of version 3.0 and 2.5.
  func column(_ names: [String]) -> Int? {
    names.lazy.compactMap { columns.firstIndex(of: $0) }.first
  }

  /// The name of the table that a line announces, as `tab <TAB>measurements` does; nil for another line.
  static func name(_ line: Range<Int>, _ bytes: Span<UInt8>) -> String? {
    guard bytes.starts(line, with: "tab") else { return nil }
    var position = line.lowerBound
    let word = bytes.cellText(bytes.cell(at: &position, end: line.upperBound, delimiter: Byte.tab))
    guard word == "tab" || word == "tab delimited", position < line.upperBound else { return nil }
    let name = bytes.cellText(bytes.cell(at: &position, end: line.upperBound, delimiter: Byte.tab))
    let isName = name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == 0x5F }
    return isName && !name.isEmpty ? name : nil
  }

  /// Whether a line ends a table.
  static func isEnd(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    !line.isEmpty && bytes[line.lowerBound] == UInt8(ascii: ">") && bytes.starts(line, with: ">>>>>>>>>>")
  }
}

/// The tables of a MagIC file that a reader of loops needs.
struct MagICFile {
  /// The experiments of the table of measurements; nil when the file has no such table.
  private(set) var experiments: MagICExperiments?
  /// The tables in which a laboratory may have put the results of its loops.
  private(set) var results: [MagICTable] = []
  /// The names of the first tables, for an error.
  private(set) var names: [String] = []

  private static let measurements = ["measurements", "magic_measurements"]
  private static let resultTables = ["specimens", "rmag_hysteresis"]

  init(_ bytes: Span<UInt8>, wanted: String?) throws(ReadError) {
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes) {
      guard bytes.firstNonBlank(line) != nil else { continue }
      guard let name = MagICTable.name(line, bytes) else {
        throw ReadError(
          .malformed, "a table begins with the line “tab” and its name, and this line is neither",
          line: scanner.number)
      }
      guard let columns = scanner.next(bytes), bytes.firstNonBlank(columns) != nil else {
        throw ReadError(.truncated, "the file ends before the columns of the table “\(name)”")
      }
      if names.count < 20 { names.append(name) }
      if Self.measurements.contains(name) {
        guard experiments == nil else {
          throw ReadError(
            .malformed, "this is a second table of measurements; split the file into one contribution each",
            line: scanner.number)
        }
        let table = MagICTable(name: name, columnLine: columns, bytes, rows: scanner)
        experiments = try MagICExperiments(of: table, bytes, &scanner, wanted: wanted)
        continue
      }
      if Self.resultTables.contains(name), results.count < 20 {
        results.append(MagICTable(name: name, columnLine: columns, bytes, rows: scanner))
      }
      while let row = scanner.next(bytes), !MagICTable.isEnd(row, bytes) {}
    }
  }
}

/// The raw cells of chosen columns of a row.
struct MagICCells {
  private let columns: [Int]
  private let columnCount: Int
  /// One per chosen column, without the blanks around it; empty where the row ends before it.
  private(set) var cells: [Range<Int>]
  /// Whether the row ends before the last column of the table.
  private(set) var isShort = false
  /// Whether something stands behind the last column of the table.
  private(set) var hasStrayCells = false

  /// Cells of ascending columns.
  init(_ columns: [Int], of table: MagICTable) {
    self.columns = columns
    columnCount = table.columns.count
    cells = columns.map { _ in 0..<0 }
  }

  /// No cell holds a tab, so that quotation marks need no care.
  mutating func find(in row: Range<Int>, _ bytes: Span<UInt8>) {
    let end = row.upperBound
    var index = row.lowerBound
    var column = 0
    for place in columns.indices {
      var start = index
      while index < end {
        if bytes[index] == Byte.tab {
          if column == columns[place] { break }
          column &+= 1
          start = index &+ 1
        }
        index &+= 1
      }
      cells[place] = column == columns[place] ? bytes.trimmed(start..<index) : end..<end
    }
    while index < end, column < columnCount {
      if bytes[index] == Byte.tab { column &+= 1 }
      index &+= 1
    }
    isShort = column < columnCount &- 1
    hasStrayCells = index < end && bytes.firstNonBlank(index..<end) != nil
  }
}

extension Span<UInt8> {
  /// Whether two ranges hold the same bytes.
  func areEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    guard one.count == other.count else { return false }
    var (first, second) = (one.lowerBound, other.lowerBound)
    while first < one.upperBound {
      guard self[first] == self[second] else { return false }
      first &+= 1
      second &+= 1
    }
    return true
  }
}
