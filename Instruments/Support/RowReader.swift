// SPDX-License-Identifier: GPL-3.0-or-later

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

  /// Reads the next line when it is a plain one: a finite number in each of the columns, no quotation mark before the
  /// last of them, no more cells than `count`, and a line end.
  ///
  /// One walk over the bytes does it all. Of any other line, nil, nothing is read and the scanner stays.
  mutating func appendPlain(
    _ scanner: inout LineScanner, of bytes: Span<UInt8>, columns count: Int, to values: inout [Double]
  ) -> Range<Int>? {
    let (start, first) = (scanner.position, values.count)
    guard let found = plainRow(from: start, of: bytes, columns: count, to: &values) else {
      values.removeSubrange(first...)
      return nil
    }
    (rest, restColumn) = (found.rest, found.column)
    scanner.endLine(at: rest.upperBound, bytes)
    return start..<rest.upperBound
  }

  @inline(__always)
  private func plainRow(
    from start: Int, of bytes: Span<UInt8>, columns count: Int, to values: inout [Double]
  ) -> (rest: Range<Int>, column: Int)? {
    let fileEnd = bytes.count
    var (position, current) = (start, 0)
    let wanted = columns.span
    for place in wanted.indices {
      let column = wanted[place]
      while current < column {
        guard position < fileEnd else { return nil }
        let byte = bytes[position]
        if byte == delimiter {
          current &+= 1
        } else if byte == Byte.quote || byte == Byte.lineFeed || byte == Byte.carriageReturn {
          return nil
        }
        position &+= 1
      }
      while position < fileEnd, bytes[position] == Byte.blank { position &+= 1 }
      guard let found = bytes.decimalNumber(from: position, end: fileEnd, decimalMark: decimalMark),
        found.number.isFinite
      else { return nil }
      values.append(found.number)
      position = found.end
      while position < fileEnd, bytes[position] == Byte.blank { position &+= 1 }
      guard place < wanted.count &- 1 else { break }
      guard position < fileEnd, bytes[position] == delimiter else { return nil }
      position &+= 1
      current &+= 1
    }
    guard position < fileEnd else { return nil }
    let behind = bytes[position]
    var end = position
    if behind == delimiter {
      let tail = bytes.lineEnd(from: position, counting: delimiter)
      guard current &+ tail.delimiters < count else { return nil }
      end = tail.end
    } else if behind != Byte.lineFeed, behind != Byte.carriageReturn {
      return nil
    }
    guard end < fileEnd else { return nil }
    return (min(position &+ 1, end)..<end, current &+ 1)
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
