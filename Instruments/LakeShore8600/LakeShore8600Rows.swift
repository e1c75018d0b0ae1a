// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The rows of one data table.
struct LakeShore8600Rows {
  private(set) var collector: RowCollector
  private let names: [ColumnName]
  private let fieldColumn: Int
  private let momentColumn: Int
  private let timeColumn: Int?
  private let temperatureColumn: Int?
  private let statusColumns: [Int]
  private let delimiter: UInt8
  private var leftOut = RowCount()
  private var flagged: [String: RowCount] = [:]
  private var otherFlags = RowCount()
  private var mostDigits = 0
  private var isTerminated = true

  /// How many different status words are told apart.
  private static let mostWords = 20
  /// Moments of no more digits than these were rounded on the way, as a spreadsheet does when it shows them so.
  private static let fewDigits = 3

  /// What the rows hold, in SI.
  struct Columns {
    let field: [Double]
    let moment: [Double]
    let time: [Double]?
    let temperature: [Double]?
    let notes: [ReadingNote]
  }

  /// A table without rows from its column line.
  init(columnLine line: Range<Int>, _ number: Int, of bytes: Span<UInt8>) throws(ReadError) {
    let titles = try ColumnLine(line, number, of: bytes)
    delimiter = titles.delimiter
    let names = titles.names.map { ColumnName($0) }
    let statusColumns = names.indices.filter { names[$0].spelled.hasSuffix("Status") }
    guard let field = try Self.column("Field", symbol: nil, names) else {
      throw ReadError(.missingColumn, "no column holds the field; expected “Field [Oe]”", line: number)
    }
    guard let moment = try Self.column("Moment", symbol: "m", names) else {
      throw ReadError(.missingColumn, "no column holds the moment; expected “Moment (m) [emu]”", line: number)
    }
    (self.names, self.statusColumns) = (names, statusColumns)
    (fieldColumn, momentColumn) = (field, moment)
    timeColumn = try ColumnName.first(["Time Stamp"], in: names)
    temperatureColumn = try ColumnName.first(["Temperature"], in: names)
    collector = RowCollector(
      [field, moment, timeColumn, temperatureColumn].compactMap(\.self), needed: [field, moment],
      names: titles.names, delimiter: delimiter)
  }

  /// The place of the column of that name, behind which a symbol may stand in parentheses; of several the one with
  /// the symbol that files of this program have.
  private static func column(
    _ word: String, symbol: String?, _ names: [ColumnName]
  ) throws(ReadError) -> Int? {
    let usual = word + (symbol.map { " (\($0))" } ?? "")
    if let place = try ColumnName.first([usual], in: names) { return place }
    // The name without its unit is taken apart once more.
    return try ColumnName.first([word], in: names) { ColumnName($0.name).name }
  }

  /// Reads the line that `scanner` has just given.
  mutating func append(_ line: Range<Int>, _ scanner: LineScanner, of bytes: Span<UInt8>) throws(ReadError) {
    isTerminated = scanner.isTerminated
    guard try collector.append(line, scanner, of: bytes) else {
      leftOut.add(line: scanner.number)
      return
    }
    if mostDigits <= Self.fewDigits { mostDigits = max(mostDigits, momentDigits(line, bytes)) }
    var (position, column) = (collector.rest.range.lowerBound, collector.rest.column)
    if let first = statusColumns.first, first < column { (position, column) = (line.lowerBound, 0) }
    for status in statusColumns {
      var cell = position..<position
      while column <= status, position <= line.upperBound {
        cell = bytes.cell(at: &position, end: line.upperBound, delimiter: delimiter)
        column += 1
      }
      let word = bytes.trimmed(cell)
      if word.isEmpty || Self.isGood(word, bytes) { continue }
      flag(String(bytes.cellText(cell).prefix(40)), scanner.number)
      break
    }
  }

  private static func isGood(_ word: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    let first = word.lowerBound
    return word.count == 4 && bytes[first] == UInt8(ascii: "G") && bytes[first + 1] == UInt8(ascii: "O")
      && bytes[first + 2] == UInt8(ascii: "O") && bytes[first + 3] == UInt8(ascii: "D")
  }

  private mutating func flag(_ word: String, _ line: Int) {
    if flagged.count < Self.mostWords || flagged[word] != nil {
      flagged[word, default: RowCount()].add(line: line)
    } else {
      otherFlags.add(line: line)
    }
  }

  /// How many digits of the moment stand before its exponent, without leading zeros.
  private func momentDigits(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Int {
    var position = line.lowerBound
    var cell = position..<position
    for _ in 0...momentColumn where position <= line.upperBound {
      cell = bytes.cell(at: &position, end: line.upperBound, delimiter: delimiter)
    }
    var digits = 0
    for index in cell {
      if bytes[index] | 32 == UInt8(ascii: "e") { break }
      let digit = bytes[index] &- 48
      if digit < 10, digits > 0 || digit > 0 { digits += 1 }
    }
    return digits
  }

  /// Field and moment in the units that stand in brackets behind their names.
  func columns(_ options: ReadingOptions) throws(ReadError) -> Columns {
    try requireStatedColumns(options, among: names)
    var notes = notes
    let field = try collector.appliedField(fieldColumn, names[fieldColumn], options, &notes)
    let moment = try collector.moment(momentColumn, names[momentColumn], options, &notes)
    let time = try collector.times(timeColumn, among: names, options, &notes)
    let temperature = try collector.temperatures(temperatureColumn, among: names, options, &notes)
    return Columns(field: field, moment: moment, time: time, temperature: temperature, notes: notes)
  }

  private var notes: [ReadingNote] {
    var notes: [ReadingNote] = []
    if let note = leftOut.leftOutNote() { notes.append(note) }
    let words = flagged.sorted { $0.value.firstLine < $1.value.firstLine }
    for (word, rows) in words {
      notes.append(
        ReadingNote(code: "flagged-rows", message: rows.sentence("with the status “\(word)” kept")))
    }
    if otherFlags.count > 0 {
      notes.append(
        ReadingNote(code: "flagged-rows", message: otherFlags.sentence("with other status words kept")))
    }
    if mostDigits <= Self.fewDigits, mostDigits > 0 {
      notes.append(
        ReadingNote(
          code: "few-digits",
          message:
            "no moment has more than \(mostDigits) digits, as after a spreadsheet saved the file again; the "
            + "rounding may show in the results"))
    }
    if !isTerminated { notes.append(.noFinalLineEnd) }
    return notes
  }
}
