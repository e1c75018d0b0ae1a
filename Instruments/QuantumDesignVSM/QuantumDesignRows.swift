// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The rows of a MultiVu file that have a field and a moment, in SI.
struct QuantumDesignRows {
  private(set) var field: [Double] = []
  private(set) var moment: [Double] = []
  private(set) var time: [Double]?
  private(set) var temperature: [Double]?
  private(set) var lines: [Int] = []
  private(set) var notes: [ReadingNote] = []

  /// MultiVu's number for "not available".
  private static let notAvailable = -99_999_999.0

  /// Reads what `scanner` finds behind the column line.
  init(
    _ bytes: Span<UInt8>, _ scanner: LineScanner, _ header: QuantumDesignHeader, _ options: ReadingOptions
  ) throws(ReadError) {
    let names = header.columns.map { ColumnName($0) }
    let fieldColumn = try Self.column(["Magnetic Field", "Field"], names, "magnetic field")
    let fieldUnit = try Self.unit(names[fieldColumn], [.fieldStrength, .fluxDensity], options)
    var momentColumns = Self.momentColumns(names)
    guard !momentColumns.isEmpty else {
      throw ReadError(
        .notALoop, "no column holds a moment; expected “Moment (emu)” or “DC Moment Fixed Ctr (emu)”")
    }
    let timeColumn = names.firstIndex { $0.name == "Time Stamp" }
    let temperatureColumn = names.firstIndex { $0.name == "Temperature" }
    // An MPMS3 in DC-scan mode leaves `Moment (emu)` empty in all rows and fills the two DC columns.
    while let momentColumn = momentColumns.first {
      momentColumns.removeFirst()
      let unit = try Self.unit(names[momentColumn], [.magneticMoment], options)
      let columns = Set([fieldColumn, momentColumn, timeColumn, temperatureColumn].compactMap(\.self))
        .sorted()
      let table = try Table(bytes, scanner, header, columns, moment: momentColumn, field: fieldColumn)
      guard !table.lines.isEmpty || momentColumns.isEmpty else { continue }
      lines = table.lines
      notes = table.notes
      let fields = fieldUnit.si(table.numbers(of: fieldColumn))
      field = fieldUnit.dimension == .fluxDensity ? fields.map { $0 / magneticConstant } : fields
      moment = unit.si(table.numbers(of: momentColumn))
      time = timeColumn.map(table.numbers(of:)).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
      temperature = temperatureColumn.map(table.numbers(of:)).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
      try requireFinite(field, lines: lines, column: names[fieldColumn].spelled)
      try requireFinite(moment, lines: lines, column: names[momentColumn].spelled)
      noteUseOf(names[momentColumn])
      return
    }
  }

  private mutating func noteUseOf(_ column: ColumnName) {
    guard column.name.hasPrefix("DC Moment") else { return }
    let isFixed = column.name.contains("Fixed")
    notes.insert(
      ReadingNote(
        code: isFixed ? "dc-moment-fixed" : "dc-moment-free",
        message: "“Moment (emu)” is empty in all rows; the moment is “\(column.spelled)”"), at: 0)
  }

  private static func momentColumns(_ names: [ColumnName]) -> [Int] {
    ["Moment", "Avg. Moment", "DC Moment Fixed Ctr", "DC Moment Free Ctr"].compactMap { wanted in
      names.firstIndex { $0.name == wanted }
    }
  }

  private static func column(
    _ wanted: [String], _ names: [ColumnName], _ title: String
  ) throws(ReadError) -> Int {
    guard let index = wanted.lazy.compactMap({ name in names.firstIndex { $0.name == name } }).first else {
      throw ReadError(.missingColumn, "no column holds the \(title); expected “\(wanted[0]) (Oe)”")
    }
    return index
  }

  private static func unit(
    _ name: ColumnName, _ dimensions: [PhysicalDimension], _ options: ReadingOptions
  ) throws(ReadError) -> UnitOfMeasure {
    guard let unit = name.unit(options), dimensions.contains(unit.dimension) else {
      throw name.unitError(dimensions)
    }
    return unit
  }

  /// The numbers of the wanted columns, row-major, with the rows that have no measurement left out.
  private struct Table {
    let columns: [Int]
    var values: [Double] = []
    var lines: [Int] = []
    var notes: [ReadingNote] = []

    func numbers(of column: Int) -> [Double] {
      guard let offset = columns.firstIndex(of: column) else { return [] }
      return stride(from: offset, to: values.count, by: columns.count).map { values[$0] }
    }

    init(
      _ bytes: Span<UInt8>, _ start: LineScanner, _ header: QuantumDesignHeader, _ columns: [Int],
      moment: Int, field: Int
    ) throws(ReadError) {
      self.columns = columns
      var reader = RowReader(columns: columns, delimiter: header.delimiter)
      let commentColumn = header.columns.firstIndex(of: "Comment")
      let offsets = (moment: columns.firstIndex(of: moment) ?? 0, field: columns.firstIndex(of: field) ?? 0)
      var scanner = start
      var fullRow: Range<Int>?
      var dropped: [Int] = []
      var rowCount = 0
      while let line = scanner.next(bytes) {
        guard !bytes.trimmed(line).isEmpty else { continue }
        rowCount += 1
        if !scanner.isTerminated {
          let expected =
            fullRow.map { bytes.cells($0, delimiter: header.delimiter).count } ?? header.columns.count
          guard bytes.cells(line, delimiter: header.delimiter).count >= expected else {
            throw ReadError(
              .truncated, "the file ends in the middle of this row; copy it again from the instrument",
              line: scanner.number)
          }
        }
        if let comment = Self.comment(line, bytes, header.delimiter, commentColumn) {
          notes.append(ReadingNote(code: "comment", message: "line \(scanner.number): \(comment)"))
        }
        let first = values.count
        if let fault = reader.append(line, of: bytes, to: &values) {
          throw Self.notANumber(line, bytes, scanner.number, fault, header)
        }
        for index in first..<values.count where values[index] == QuantumDesignRows.notAvailable {
          values[index] = .nan
        }
        guard values[first + offsets.moment].isFinite, values[first + offsets.field].isFinite else {
          values.removeSubrange(first...)
          dropped.append(scanner.number)
          continue
        }
        fullRow = line
        lines.append(scanner.number)
      }
      if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
      guard rowCount > 0 else {
        throw ReadError(.truncated, "0 data rows: the sequence was stopped before the first point")
      }
      if let first = dropped.first, !lines.isEmpty {
        notes.append(
          ReadingNote(
            code: "rows-without-moment",
            message: "\(dropped.count == 1 ? "1 row" : "\(dropped.count) rows") without a moment (touchdown, "
              + "over-range or comment) left out, the first in line \(first)"))
      }
    }

    private static func comment(
      _ line: Range<Int>, _ bytes: Span<UInt8>, _ delimiter: UInt8, _ column: Int?
    ) -> String? {
      // MultiVu writes the comment first; a re-save that moved it is not searched for comments.
      guard column == 0, bytes[line.lowerBound] != delimiter else { return nil }
      var position = line.lowerBound
      let text = bytes.cellText(bytes.cell(at: &position, end: line.upperBound, delimiter: delimiter))
      return text.isEmpty ? nil : text
    }

    private static func notANumber(
      _ line: Range<Int>, _ bytes: Span<UInt8>, _ number: Int, _ column: Int, _ header: QuantumDesignHeader
    ) -> ReadError {
      let cells = bytes.cells(line, delimiter: header.delimiter)
      let text = cells.indices.contains(column) ? bytes.cellText(cells[column]) : ""
      let name = header.columns.indices.contains(column) ? header.columns[column] : nil
      return ReadError(.malformed, "“\(text)” is not a number", line: number, column: name)
    }
  }
}
