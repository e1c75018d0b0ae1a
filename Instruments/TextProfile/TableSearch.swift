// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The longest table of numbers in a text of which nothing is known.
struct TableSearch {
  /// The text with the delimiter and the decimal mark that gave the longest table.
  let text: ProfiledText
  /// How many cells each row has.
  let cellCount: Int
  /// The positions of the cells that hold numbers.
  let columns: [Int]
  /// The lines of its first and last row, counted from 1.
  let firstLine: Int
  let lastLine: Int
  let rowCount: Int
  /// How many other tables of at least as many rows as are needed there are.
  let otherTables: Int

  private struct Run {
    var cellCount = 0
    var mask: [Bool] = []
    var first = 0
    var last = 0
    var rows = 0
  }

  /// Tries every delimiter with every decimal mark; nil when no way gives two columns of enough rows.
  init?(_ file: SourceFile, _ encoding: TextEncoding) {
    var best: (text: ProfiledText, run: Run, others: Int)?
    let ways: [(TextProfile.Delimiter, UInt8)] =
      [Byte.tab, Byte.semicolon].flatMap { [(.byte($0), Byte.point), (.byte($0), Byte.comma)] }
      + [(.byte(Byte.comma), Byte.point)]
      + [.byte(UInt8(ascii: "|")), .blanks].flatMap { [($0, Byte.point), ($0, Byte.comma)] }
    for (delimiter, mark) in ways {
      let text = ProfiledText(file, .draft(encoding, delimiter, mark))
      let (run, others) = Self.longest(text)
      if run.rows > best?.run.rows ?? fewestRows - 1 { best = (text, run, others) }
    }
    guard let best else { return nil }
    text = best.text
    cellCount = best.run.cellCount
    columns = best.run.mask.indices.filter { best.run.mask[$0] }
    firstLine = best.run.first
    lastLine = best.run.last
    rowCount = best.run.rows
    otherTables = best.others
  }

  /// The longest sequence of lines with numbers in the same two or more cells.
  private static func longest(_ text: ProfiledText) -> (Run, others: Int) {
    let span = text.masked.span
    var scanner = LineScanner(span)
    var (best, current, tables) = (Run(), Run(), 0)
    while let line = scanner.next(span) {
      // A table of more columns is none that people look at.
      let (count, mask) = numbers(line.prefix(20_000), text)
      let isRow = mask.count { $0 } >= 2
      if isRow, count == current.cellCount, mask == current.mask {
        current.rows += 1
        current.last = scanner.number
      } else {
        if current.rows >= fewestRows { tables += 1 }
        current =
          isRow
          ? Run(cellCount: count, mask: mask, first: scanner.number, last: scanner.number, rows: 1) : Run()
      }
      if current.rows > best.rows { best = current }
    }
    if current.rows >= fewestRows { tables += 1 }
    return (best, max(0, tables - 1))
  }

  /// How many cells a line has up to the last that is not empty, and which of them are numbers.
  private static func numbers(_ line: Range<Int>, _ text: ProfiledText) -> (Int, [Bool]) {
    let span = text.masked.span
    var position = line.lowerBound
    var mask: [Bool] = []
    var count = 0
    while position <= line.upperBound {
      let cell = span.trimmed(span.cell(at: &position, end: line.upperBound, delimiter: text.delimiter))
      var start = cell.lowerBound
      let number = span.decimalNumber(at: &start, end: cell.upperBound, decimalMark: text.profile.decimalMark)
      mask.append(number?.isFinite == true && start == cell.upperBound)
      if !cell.isEmpty { count = mask.count }
    }
    return (count, Array(mask.prefix(count)))
  }
}

extension TextProfile {
  /// A profile of which only what is needed to cut cells is known.
  static func draft(_ encoding: TextEncoding, _ delimiter: Delimiter, _ decimalMark: UInt8) -> TextProfile {
    TextProfile(
      id: "draft", title: "draft", text: "", remark: nil, encoding: encoding, delimiter: delimiter,
      decimalMark: decimalMark, commentMarks: [], signature: nil, tableBegins: nil, skippedLines: 0,
      tableEnds: nil, circuit: .open, fieldIsMagnitude: false, shape: nil, columns: [], patterns: [])
  }
}
