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

  /// The quotation mark after which, but for blanks, the cell ends.
  private func closingQuote(from start: Int, _ end: Int, _ delimiter: UInt8) -> Int? {
    var index = start
    while index < end {
      if self[index] == Byte.quote {
        if index + 1 < end, self[index + 1] == Byte.quote {
          index += 2
          continue
        }
        var after = index + 1
        while after < end, self[after] == Byte.blank { after += 1 }
        if after >= end || self[after] == delimiter { return index }
      }
      index += 1
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
    let end = row.upperBound
    var position = row.lowerBound
    var current = 0
    for column in columns {
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
    rest = min(position, end)..<end
    restColumn = current
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
