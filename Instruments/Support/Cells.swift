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

/// Reads the numbers of chosen columns, row by row, without making text of them.
struct RowReader {
  /// The positions of the columns in the row, ascending, from 0.
  let columns: [Int]
  /// The byte between two cells.
  let delimiter: UInt8
  /// The byte before the fraction of a number.
  var decimalMark = Byte.point
  /// What the row last read holds behind the last of the columns.
  private(set) var rest: Range<Int> = 0..<0
  /// The column that `rest` begins with.
  private(set) var restColumn = 0

  /// Appends one number per column; an empty or missing cell and the word NaN give NaN, INF gives infinity.
  ///
  /// The caller decides whether a number that is not finite is a fault and looks at the cell again to say why.
  /// The answer is the position of the first column whose cell holds something else, after which `values` has
  /// an incomplete row; nil when the row is read.
  mutating func append(_ row: Range<Int>, of bytes: Span<UInt8>, to values: inout [Double]) -> Int? {
    var position = row.lowerBound
    var column = 0
    let fault = read(at: &position, column: &column, end: row.upperBound, of: bytes, to: &values)
    rest = min(position, row.upperBound)..<row.upperBound
    restColumn = column
    return fault
  }

  /// Whether anything but blank cells stands behind the last of `count` columns of the row just read.
  func hasStrayCells(_ bytes: Span<UInt8>, columns count: Int) -> Bool {
    var cell = restColumn
    for index in rest {
      let byte = bytes[index]
      if byte == delimiter {
        cell &+= 1
      } else if cell >= count, byte != Byte.blank, byte != Byte.tab {
        return true
      }
    }
    return false
  }

  /// Reads on from `position`, where `current` begins, to behind the last column; answers as `append` does.
  @inline(__always)
  private func read(
    at position: inout Int, column current: inout Int, end: Int, of bytes: Span<UInt8>,
    to values: inout [Double]
  ) -> Int? {
    // A span, because a walk over the array itself is counted as another owner of it, row by row.
    let wanted = columns.span
    for place in wanted.indices {
      let column = wanted[place]
      while current < column, position <= end {
        _ = bytes.cell(at: &position, end: end, delimiter: delimiter)
        current &+= 1
      }
      guard position <= end else {
        values.append(.nan)
        continue
      }
      let start = position
      while position < end, bytes[position] == Byte.blank { position &+= 1 }
      let number = bytes.decimalNumber(at: &position, end: end, decimalMark: decimalMark)
      while position < end, bytes[position] == Byte.blank { position &+= 1 }
      if let number, position >= end || bytes[position] == delimiter {
        values.append(number)
        position &+= 1
      } else {
        position = start
        let cell = bytes.cell(at: &position, end: end, delimiter: delimiter)
        guard let number = unusualNumber(bytes.cellText(cell)) else { return column }
        values.append(number)
      }
      current &+= 1
    }
    return nil
  }

  /// What a cell that does not simply hold a number stands for; nil when it is no number at all.
  private func unusualNumber(_ text: String) -> Double? {
    if text.isEmpty { return .nan }
    switch text.lowercased() {
    case "nan": return .nan
    case "inf", "+inf", "infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: break
    }
    let quoted = Array(text.utf8)
    var position = 0
    let number = quoted.span.decimalNumber(at: &position, end: quoted.count, decimalMark: decimalMark)
    return position == quoted.count ? number : nil
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
