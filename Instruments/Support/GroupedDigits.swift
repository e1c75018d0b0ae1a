// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

extension TableRows {
  /// How many rows are looked at, and how many numbers in threes have to be among them.
  private static let (mostRows, fewestGrouped) = (2000, fewestRows)

  /// Throws when the mark in the numbers of a column parts thousands: `591,545` read as a decimal would be a thousand
  /// times off.
  ///
  /// Of a decimal mark three digits everywhere mean numbers of a fixed number of decimals, and then none lacks the
  /// mark. Where one does, the mark parts thousands. The first numbers that look otherwise clear a column, so that
  /// files as they usually are cost nothing.
  static func refuseGroupedDigits(
    _ bytes: Span<UInt8>, _ layout: TableLayout, _ columns: [Int]
  ) throws(ReadError) {
    var found = columns.map { GroupedColumn(column: $0) }
    var scanner = layout.rows
    var rows = 0
    while !found.isEmpty, rows < mostRows, let line = scanner.next(bytes) {
      guard let first = bytes.firstNonBlank(line) else { continue }
      if layout.hasComments, TableLayout.commentMark(first..<line.upperBound, bytes) != nil { continue }
      rows += 1
      var position = line.lowerBound
      var column = 0
      var place = 0
      while place < found.count, position <= line.upperBound {
        let cell = bytes.cell(at: &position, end: line.upperBound, delimiter: layout.delimiter)
        if column == found[place].column {
          let isGrouped = found[place].add(bytes.trimmed(cell), scanner.number, of: bytes)
          if isGrouped { place += 1 } else { found.remove(at: place) }
        }
        column += 1
      }
    }
    for column in found where column.plain > 0 && column.grouped >= fewestGrouped {
      let mark = column.mark == Byte.comma ? "comma" : "point"
      throw ReadError(
        .malformed,
        "the \(mark) seems to part thousands: it stands before three digits in every number that has one, and "
          + "others have none; write the numbers without separators of thousands, or all with as many decimals",
        line: column.line,
        column: layout.columns.indices.contains(column.column)
          ? layout.columns[column.column].spelled : nil)
    }
  }
}

/// A column of which all numbers so far could have separators of thousands.
private struct GroupedColumn {
  let column: Int
  private(set) var mark = Byte.comma
  /// Numbers of one to three digits, a mark and three digits, and the line of the first.
  private(set) var grouped = 0
  private(set) var line = 0
  /// Numbers of one to three digits without a mark.
  private(set) var plain = 0

  init(column: Int) { self.column = column }

  /// Whether the number in `cell` still fits.
  mutating func add(_ cell: Range<Int>, _ line: Int, of bytes: Span<UInt8>) -> Bool {
    var digits = cell
    if digits.count >= 2, bytes[digits.lowerBound] == Byte.quote { digits = digits.dropFirst().dropLast() }
    if let first = digits.first, bytes[first] == UInt8(ascii: "-") || bytes[first] == UInt8(ascii: "+") {
      digits = digits.dropFirst()
    }
    guard digits.count <= 7, digits.first.map({ bytes[$0] &- 48 < 10 }) == true else { return false }
    let tail = digits.suffix(3)
    guard tail.allSatisfy({ bytes[$0] &- 48 < 10 }) else { return false }
    guard digits.count > 3 else {
      plain += 1
      return true
    }
    let head = digits.dropLast(4)
    let found = bytes[tail.lowerBound - 1]
    guard let leading = head.first, bytes[leading] != UInt8(ascii: "0"),
      head.allSatisfy({ bytes[$0] &- 48 < 10 }), found == Byte.comma || found == Byte.point,
      grouped == 0 || found == mark
    else { return false }
    if grouped == 0 { (mark, self.line) = (found, line) }
    grouped += 1
    return true
  }
}

extension String {
  /// Whether the text is a number such as `1,289.5`, `1.591.545` or `1,591,545`.
  var hasGroupedDigits: Bool {
    let unsigned = drop { $0 == "-" || $0 == "+" }
    let marks = unsigned.filter { $0 == "," || $0 == "." }
    guard let mark = marks.first, marks.count >= 2 else { return false }
    var groups = unsigned.split(separator: mark, omittingEmptySubsequences: false)
    // Behind the last group a decimal mark may follow, which is the other one.
    let last = groups.removeLast()
    let end = last.prefix { $0 != "," && $0 != "." }
    let head = groups.removeFirst()
    return (1...3).contains(head.count) && (groups + [end]).allSatisfy { $0.count == 3 }
      && unsigned.allSatisfy { ("0"..."9").contains($0) || $0 == "," || $0 == "." }
  }
}
