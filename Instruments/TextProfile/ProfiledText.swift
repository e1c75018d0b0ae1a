// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The bytes of a file as a profile says they are to be taken.
struct ProfiledText {
  let profile: TextProfile
  /// The bytes as they are.
  let bytes: [UInt8]
  /// As many bytes, without halves of characters that look like delimiters, and with one tab between two cells where
  /// blanks stand between them.
  let masked: [UInt8]
  /// The byte between two cells of `masked`.
  let delimiter: UInt8

  init(_ file: SourceFile, _ profile: TextProfile) {
    self.profile = profile
    bytes = file.bytes
    var masked = profile.encoding.masked(bytes)
    if let mark = profile.thousandsMark { masked = masked.withoutThousandsMarks(mark) }
    switch profile.delimiter {
    case .byte(let byte):
      delimiter = byte
      self.masked = masked
    case .blanks:
      delimiter = Byte.tab
      self.masked = Self.singleTabs(masked)
    }
  }

  /// The bytes with blanks for all that stands between two cells, and a tab for the last of it.
  private static func singleTabs(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    let span = bytes.span
    var isInCell = false
    var lastBlank = -1
    var index = 0
    while index < span.count {
      let byte = span[index]
      if byte > Byte.blank {
        if lastBlank >= 0 { result[lastBlank] = Byte.tab }
        lastBlank = -1
        isInCell = true
      } else if byte == Byte.blank || byte == Byte.tab {
        if byte == Byte.tab { result[index] = Byte.blank }
        if isInCell { lastBlank = index }
      } else if byte == Byte.lineFeed || byte == Byte.carriageReturn {
        isInCell = false
        lastBlank = -1
      }
      index &+= 1
    }
    return result
  }

  /// A reader of the columns that are not ignored; `places` has the position of each column of the profile.
  func rowReader(_ places: [Int]) -> RowReader {
    let wanted = zip(profile.columns, places).filter { $0.0.role != .ignored }.map(\.1)
    return reader(of: Set(wanted).sorted())
  }

  /// A reader of the columns at some positions, ascending.
  func reader(of columns: [Int]) -> RowReader {
    RowReader(columns: columns, delimiter: delimiter, decimalMark: profile.decimalMark)
  }

  /// Whether the line whose first byte that is not blank is `first` is a comment.
  func isComment(_ first: Int, _ line: Range<Int>) -> Bool {
    profile.commentMarks.contains { bytes.span.starts(first..<line.upperBound, with: $0) }
  }

  /// The text of a line, or of its first thousand bytes, without what a spreadsheet pads it with.
  func text(_ line: Range<Int>) -> String {
    let span = masked.span
    var end = min(line.upperBound, line.lowerBound + 1000)
    while end > line.lowerBound,
      [Byte.blank, Byte.tab, delimiter].contains(span[end - 1])
    { end -= 1 }
    return profile.encoding.text(Array(bytes[line.lowerBound..<end])).trimmed
  }

  /// The texts of the cells of a line.
  func cells(_ line: Range<Int>) -> [String] {
    masked.span.cells(line.prefix(100_000), delimiter: delimiter).map { cell in
      let text = profile.encoding.text(Array(bytes[cell])).trimmed
      guard text.utf8.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
      return String(text.dropFirst().dropLast()).trimmed
    }
  }

  /// The texts of the lines from a place on, as far as headers are read.
  func headerLines(from position: LineScanner) -> [String] {
    var scanner = position
    var lines: [String] = []
    var length = 0
    while length < HeaderLines.mostBytes, let line = scanner.next(masked.span) {
      length += line.count
      let text = text(line)
      if !text.isEmpty { lines.append(text) }
    }
    return lines
  }

  /// Whether a mark fits one of the first lines.
  func hasLine(_ mark: TextProfile.Mark) -> Bool {
    var scanner = LineScanner(masked.span)
    while scanner.position < 4096, let line = scanner.next(masked.span) {
      if mark.fits(text(line), number: scanner.number) { return true }
    }
    return false
  }
}

extension TextProfile.Mark {
  /// Whether a line is the one that is meant.
  func fits(_ line: String, number: Int) -> Bool {
    switch self {
    case .prefix(let prefix): prefix.isEmpty ? line.isEmpty : line.hasPrefix(prefix)
    case .pattern(let pattern): pattern.fits(line)
    case .line(let wanted): number == wanted
    }
  }

  /// How errors call it.
  var title: String {
    switch self {
    case .prefix(let prefix): prefix.isEmpty ? "an empty line" : "a line that begins with “\(prefix)”"
    case .pattern(let pattern): "a line that fits /\(pattern.text)/"
    case .line(let number): "line \(number)"
    }
  }
}

/// What stands before the table.
struct HeaderLines {
  /// No instrument writes a longer header, and expressions are tried on every line of it.
  static let mostBytes = 65_536

  /// The lines that are not empty.
  private(set) var lines: [String] = []
  /// A scanner before the first row.
  let rows: LineScanner
  /// The cells of the line of the mark and of the skipped ones.
  private var titles: [[String]] = []
  /// How many columns the widest of these lines names.
  var cellCount: Int {
    titles.map { cells in (cells.lastIndex { !$0.isEmpty } ?? -1) + 1 }.max() ?? 0
  }

  init(_ text: ProfiledText) throws(ReadError) {
    let profile = text.profile
    var scanner = LineScanner(text.masked.span)
    var open = profile.skippedLines
    var isFound = profile.tableBegins == nil
    while !isFound || open > 0 {
      guard scanner.position < Self.mostBytes, let line = scanner.next(text.masked.span) else {
        guard isFound, scanner.position < Self.mostBytes else {
          throw ReadError(
            .truncated,
            "the table is to begin after \(profile.tableBegins?.title ?? "the first lines"), and there is none; "
              + "either the file is cut or the profile “\(profile.id)” is for another one")
        }
        throw ReadError(.truncated, "the file ends before its table")
      }
      let content = text.text(line)
      if isFound {
        open -= 1
        titles.append(text.cells(line))
      } else if let mark = profile.tableBegins, mark.fits(content, number: scanner.number) {
        isFound = true
        titles.append(text.cells(line))
      }
      if !content.isEmpty { lines.append(content) }
    }
    rows = scanner
  }

  /// The position of each column of the profile; checks units that the file names beside them.
  func columns(_ text: ProfiledText) throws(ReadError) -> [Int] {
    let profile = text.profile
    let names = profile.columns.compactMap { column -> String? in
      if case .name(let name) = column.place, column.role != .ignored { name } else { nil }
    }
    let named =
      names.isEmpty ? nil : titles.first { cells in names.allSatisfy { Self.place($0, cells) != nil } }
    guard names.isEmpty || named != nil else {
      let missing = names.first { name in !titles.contains { Self.place(name, $0) != nil } } ?? names[0]
      throw ReadError(
        .missingColumn,
        "no column has this name in the line after which the table begins or in the skipped ones below it"
          + (titles.last.map { "; there are " + $0.prefix(30).joined(separator: ", ") } ?? ""),
        column: missing)
    }
    var places: [Int] = []
    for column in profile.columns {
      let place: Int
      switch column.place {
      case .position(let position): place = position
      case .name(let name): place = named.flatMap { Self.place(name, $0) } ?? -1
      }
      places.append(place)
      if let unit = column.unit, place >= 0 { try requireUnit(unit, of: column, at: place) }
    }
    return places
  }

  private static func place(_ name: String, _ cells: [String]) -> Int? {
    cells.firstIndex(of: name) ?? cells.firstIndex { ColumnName($0).name == name }
  }

  /// Throws when the file names another unit than the profile.
  private func requireUnit(
    _ unit: UnitOfMeasure, of column: TextProfile.Column, at place: Int
  ) throws(ReadError) {
    for cells in titles where cells.indices.contains(place) {
      // A lone T may be the name of a temperature, but not in a line of units only.
      let isLineOfUnits = cells.allSatisfy { $0.isEmpty || UnitOfMeasure(word: $0) != nil }
      let found = isLineOfUnits ? UnitOfMeasure(word: cells[place]) : ColumnName(cells[place]).headerUnit
      if let found, found != unit {
        throw ReadError(
          .unit,
          "the file says “\(cells[place])” where the profile says \(unit.symbol); correct the one that is wrong",
          column: column.title)
      }
    }
  }
}
