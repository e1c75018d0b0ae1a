// SPDX-License-Identifier: GPL-3.0-or-later

extension Span<UInt8> {
  /// The raw cell that starts at `position`, which moves behind the delimiter, or past `end` after the last cell.
  ///
  /// Quoting counts only when the cell begins with a quotation mark and one closes it, because column names
  /// of real files hold single unescaped ones.
  func cell(at position: inout Int, end: Int, delimiter: UInt8, quoting: Bool = true) -> Range<Int> {
    let start = position
    var stop = start
    if quoting {
      var first = start
      while first < end, self[first] == Byte.blank { first &+= 1 }
      if first < end, self[first] == Byte.quote, let closed = closingQuote(from: first &+ 1, end, delimiter) {
        stop = closed &+ 1
      }
    }
    while stop < end, self[stop] != delimiter { stop &+= 1 }
    position = stop &+ 1
    return start..<stop
  }

  /// The quotation mark after which, but for blanks, the cell ends; nil when the cell is not a quoted one.
  ///
  /// Two marks stand for one inside. A single one inside is forgiven, unless it begins a cell: that gives up
  /// what cannot be a quoted cell before the next begins, so that a line of nothing else is read only once.
  private func closingQuote(from start: Int, _ end: Int, _ delimiter: UInt8) -> Int? {
    var index = start
    var beginsCell = true
    while index < end {
      let byte = self[index]
      guard byte == Byte.quote else {
        if byte == delimiter { beginsCell = true } else if byte != Byte.blank { beginsCell = false }
        index += 1
        continue
      }
      var behind = index
      while behind < end, self[behind] == Byte.quote { behind += 1 }
      if (behind - index) % 2 == 1 {
        var after = behind
        while after < end, self[after] == Byte.blank { after += 1 }
        if after >= end || self[after] == delimiter { return behind - 1 }
        if beginsCell { return nil }
      }
      beginsCell = false
      index = behind
    }
    return nil
  }

  /// The raw cells of a line, as many of them as the widest spreadsheet has.
  ///
  /// A cell takes more memory than the delimiter that makes it, and lines of nothing else are no table.
  func cells(_ line: Range<Int>, delimiter: UInt8, quoting: Bool = true) -> [Range<Int>] {
    var position = line.lowerBound
    var cells: [Range<Int>] = []
    repeat {
      cells.append(cell(at: &position, end: line.upperBound, delimiter: delimiter, quoting: quoting))
    } while position <= line.upperBound && cells.count < 16_384
    return cells
  }

  /// How many cells a line has.
  func cellCount(_ line: Range<Int>, delimiter: UInt8) -> Int {
    var position = line.lowerBound
    var count = 0
    repeat {
      _ = cell(at: &position, end: line.upperBound, delimiter: delimiter)
      count += 1
    } while position <= line.upperBound
    return count
  }

  /// The text of a raw cell without blanks at its ends and without the quotation marks around it.
  func cellText(_ cell: Range<Int>) -> String {
    let cell = trimmed(cell)
    guard cell.count >= 2, self[cell.lowerBound] == Byte.quote, self[cell.upperBound - 1] == Byte.quote else {
      return text(cell)
    }
    let inner = text(cell.lowerBound + 1..<cell.upperBound - 1)
    var plain = ""
    var afterQuote = false
    for scalar in inner.unicodeScalars {
      if scalar == "\"", afterQuote {
        afterQuote = false
        continue
      }
      afterQuote = scalar == "\""
      plain.unicodeScalars.append(scalar)
    }
    return plain.trimmed
  }
}

/// How many rows a table has when all are as long as `row`, its first, and some more for shorter ones.
///
/// Memory that is reserved and not written to costs nothing, and arrays that grow are copied.
func expectedRows(_ bytes: Span<UInt8>, _ row: Range<Int>) -> Int {
  let count = (bytes.count - row.lowerBound) / (row.count + 1)
  return count + count / 16
}

extension [Double] {
  /// The numbers of one column of rows of `width` numbers each, without the last row when it is incomplete.
  func everyNumber(from offset: Int, by width: Int) -> [Double] {
    let numbers = span
    let rows = numbers.count / width
    return [Double](capacity: rows) { column in
      for row in 0..<rows { column.append(numbers[row &* width &+ offset]) }
    }
  }
}
