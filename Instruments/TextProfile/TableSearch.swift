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
  /// Whether some number shows that the decimal mark is one; false when the marks of all may part thousands.
  let showsDecimalMark: Bool
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
    // A mark of thousands is taken for one where the numbers cannot be read without it.
    for hasThousands in [false, true] {
      for (delimiter, mark) in ways {
        let other = mark == Byte.comma ? Byte.point : Byte.comma
        if hasThousands, delimiter == .byte(other) || !mayHaveThousands(file.bytes, mark: other) { continue }
        let text = ProfiledText(
          file, .draft(encoding, delimiter, mark, thousands: hasThousands ? other : nil))
        let (run, others) = Self.longest(text)
        // Such a mark between cells would have cut the numbers in pieces.
        let isCut = hasThousands && best?.text.delimiter == other
        if run.rows > (best?.run.rows ?? fewestRows - 1) - (isCut ? 1 : 0) { best = (text, run, others) }
      }
    }
    guard let best else { return nil }
    text = best.text
    cellCount = best.run.cellCount
    columns = best.run.mask.indices.filter { best.run.mask[$0] }
    firstLine = best.run.first
    lastLine = best.run.last
    rowCount = best.run.rows
    otherTables = best.others
    showsDecimalMark = Self.showsDecimalMark(best.text, best.run)
  }

  /// Whether no number has the decimal mark, or one has it where no mark of thousands stands.
  private static func showsDecimalMark(_ text: ProfiledText, _ run: Run) -> Bool {
    let span = text.masked.span
    let mark = text.profile.decimalMark
    var scanner = LineScanner(span)
    var isEmpty = true
    while let line = scanner.next(span), scanner.number <= run.last {
      guard scanner.number >= run.first else { continue }
      let cells = span.cells(line.prefix(20_000), delimiter: text.delimiter)
      for (cell, isNumber) in zip(cells, run.mask) where isNumber && span.occurrences(of: mark, in: cell) > 0
      {
        isEmpty = false
        if !mayHaveThousands(span.cellText(cell), mark: mark) { return true }
      }
    }
    return isEmpty
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
  static func draft(
    _ encoding: TextEncoding, _ delimiter: Delimiter, _ decimalMark: UInt8, thousands: UInt8? = nil
  ) -> TextProfile {
    TextProfile(
      id: "draft", title: "draft", text: "", remark: nil, encoding: encoding, delimiter: delimiter,
      decimalMark: decimalMark, thousandsMark: thousands, commentMarks: [], signature: nil, tableBegins: nil,
      skippedLines: 0,
      tableEnds: nil, circuit: .open, fieldIsMagnitude: nil, shape: nil, columns: [], patterns: [])
  }
}
