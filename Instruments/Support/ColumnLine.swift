// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The line that names the columns of a table between commas or tabs.
struct ColumnLine {
  /// The names, without the quotation marks that a spreadsheet may have put around them.
  let names: [String]
  /// A tab when the line has more tabs than commas, as after a spreadsheet saved the file again, else a comma.
  let delimiter: UInt8

  /// More columns are no table, and would cost more memory than the file.
  private static let most = 16_000

  /// Takes a line apart; the delimiters that a spreadsheet filled it with are left out.
  init(_ line: Range<Int>, _ number: Int, of bytes: Span<UInt8>) throws(ReadError) {
    let tabs = bytes.occurrences(of: Byte.tab, in: line)
    let commas = bytes.occurrences(of: Byte.comma, in: line)
    guard bytes.occurrences(of: Byte.semicolon, in: line) <= max(tabs, commas) else {
      throw ReadError(
        .malformed,
        "the columns stand between semicolons, as a spreadsheet saved them again; save the file with commas or tabs "
          + "and with decimal points", line: number)
    }
    delimiter = tabs > commas ? Byte.tab : Byte.comma
    let content = bytes.withoutPadding(line, delimiter)
    guard bytes.occurrences(of: delimiter, in: content) < Self.most else {
      throw ReadError(.malformed, "the column line names more than \(Self.most) columns", line: number)
    }
    // Names hold single unescaped quotation marks, as in `Coil Signal" (mV)`.
    names = bytes.cells(content, delimiter: delimiter, quoting: false).map { bytes.cellText($0) }
  }
}

extension Span<UInt8> {
  /// The part of a line before the delimiters and blanks at its end.
  func withoutPadding(_ line: Range<Int>, _ delimiter: UInt8) -> Range<Int> {
    var end = line.upperBound
    while end > line.lowerBound, self[end - 1] == delimiter || self[end - 1] == Byte.blank { end -= 1 }
    return line.lowerBound..<end
  }
}
