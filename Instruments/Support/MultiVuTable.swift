// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The rows of a MultiVu file with the numbers of the wanted columns.
struct MultiVuTable {
  /// The rows that have a field and a moment.
  private(set) var rows: RowCollector
  private(set) var notes: [ReadingNote] = []

  /// MultiVu's number for "not available".
  private static let notAvailable = -99_999_999.0
  /// How many comments become notes; a file with one in every row would fill the memory.
  private static let mostComments = 100

  /// Reads all rows behind the column line; `needed` are the columns without which a row is left out.
  init(
    _ bytes: Span<UInt8>, _ start: LineScanner, _ header: MultiVuHeader, _ columns: [Int], needed: [Int],
    reasons: [MultiVuPlan.CellRule]
  ) throws(ReadError) {
    let delimiter = header.delimiter
    rows = RowCollector(
      columns, needed: needed, names: header.columns, delimiter: delimiter, notAvailable: Self.notAvailable)
    var leftOut = RowsLeftOut(reasons, header)
    let commentColumn = header.columns.firstIndex(of: "Comment")
    var scanner = start
    var commentCount = 0
    while true {
      let mayHaveComment =
        switch commentColumn {
        case nil: false
        case 0: scanner.position < bytes.count && bytes[scanner.position] != delimiter
        default: true
        }
      if !mayHaveComment, rows.appendPlain(&scanner, of: bytes) { continue }
      guard let line = scanner.next(bytes) else { break }
      guard bytes.firstNonBlank(line) != nil else { continue }
      if let commentColumn, let comment = Self.comment(line, bytes, delimiter, commentColumn) {
        commentCount += 1
        if commentCount <= Self.mostComments {
          notes.append(ReadingNote(code: "comment", message: "line \(scanner.number): \(comment)"))
        }
      }
      if try !rows.append(line, scanner, of: bytes) { leftOut.add(line, scanner.number, bytes) }
    }
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    guard !rows.lines.isEmpty || leftOut.rows.count > 0 else {
      throw ReadError(.truncated, "0 data rows: the sequence was stopped before the first point")
    }
    if commentCount > Self.mostComments {
      let more = commentCount - Self.mostComments
      notes.append(ReadingNote(code: "comment", message: "\(more) more comments are in the file"))
    }
    if !rows.lines.isEmpty, let note = leftOut.note { notes.append(note) }
  }

  private static func comment(
    _ line: Range<Int>, _ bytes: Span<UInt8>, _ delimiter: UInt8, _ column: Int
  ) -> String? {
    var position = line.lowerBound
    for _ in 0..<column where position <= line.upperBound {
      _ = bytes.cell(at: &position, end: line.upperBound, delimiter: delimiter)
    }
    guard position < line.upperBound, bytes[position] != delimiter else { return nil }
    let text = bytes.cellText(bytes.cell(at: &position, end: line.upperBound, delimiter: delimiter))
    return text.isEmpty ? nil : text
  }
}

/// Counts the rows without a moment by what other cells say of them.
private struct RowsLeftOut {
  private(set) var rows = RowCount()
  private let rules: [(offset: Int, rule: MultiVuPlan.CellRule)]
  private var counts: [Int]
  private var reader: RowReader

  init(_ reasons: [MultiVuPlan.CellRule], _ header: MultiVuHeader) {
    let found = reasons.compactMap { rule in
      header.columns.firstIndex(of: rule.column).map { (column: $0, rule: rule) }
    }
    let columns = Set(found.map(\.column)).sorted()
    rules = found.map { (columns.firstIndex(of: $0.column) ?? 0, $0.rule) }
    counts = found.map { _ in 0 }
    reader = RowReader(columns: columns, delimiter: header.delimiter)
  }

  mutating func add(_ line: Range<Int>, _ number: Int, _ bytes: Span<UInt8>) {
    rows.add(line: number)
    var numbers: [Double] = []
    guard reader.append(line, of: bytes, to: &numbers) == nil else { return }
    if let place = rules.firstIndex(where: { $0.rule.applies(numbers[$0.offset]) }) { counts[place] += 1 }
  }

  /// Nil when every row has a moment.
  var note: ReadingNote? {
    let known = zip(counts, rules).filter { $0.0 > 0 }.map { "\($0) \($1.rule.meaning)" }
    return rows.leftOutNote(known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
  }
}
