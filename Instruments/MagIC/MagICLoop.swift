// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The rows of one loop of a MagIC file, in SI.
struct MagICLoop {
  private(set) var field: [Double] = []
  private(set) var response: ResponseChannel
  private(set) var temperature: Series<Temperature>?
  private(set) var lines: [Int] = []
  private(set) var notes: [ReadingNote] = []
  /// The cells that the first and the last row have in common, under the names of their columns.
  private(set) var header: [HeaderEntry] = []

  /// A column with the unit that the data model gives it, unless the user has stated another.
  private struct Column {
    let index: Int
    let name: String
    let unit: UnitOfMeasure
  }

  private static let fields = ["meas_field_dc", "measurement_lab_field_dc"]
  private static let temperatures = ["meas_temp", "measurement_temp"]
  /// In the order in which they are preferred.
  private static let responses: [(names: [String], unit: String, dimension: PhysicalDimension)] = [
    (["magn_moment", "measurement_magn_moment"], "A m2", .magneticMoment),
    (["magn_mass", "measurement_magn_mass"], "A m2/kg", .momentPerMass),
    (["magn_volume", "measurement_magn_volume"], "A/m", .fieldStrength),
  ]

  init(
    _ bytes: Span<UInt8>, _ experiments: MagICExperiments, _ loop: MagICExperiments.Loop,
    _ options: ReadingOptions
  ) throws(ReadError) {
    let table = experiments.table
    try requireStatedColumns(options, among: table.columns.map { ColumnName(name: $0, unitText: nil) })
    guard let fieldIndex = table.column(Self.fields) else {
      throw ReadError(
        .missingColumn, "no column holds the field; expected \(Self.fields.joined(separator: " or "))")
    }
    let fieldColumn = try Self.column(
      fieldIndex, table, "T", [.fluxDensity, .fieldStrength], options, &notes)
    let responseColumn = try Self.response(bytes, table, loop, options, &notes)
    let temperatureIndex = table.column(Self.temperatures)
    let columns = Set([fieldIndex, responseColumn.index, temperatureIndex].compactMap(\.self)).sorted()

    response = .moment(Series(si: []))
    let values = try read(bytes, experiments, loop, columns)
    func numbers(_ index: Int) -> [Double] {
      guard let offset = columns.firstIndex(of: index) else { return [] }
      return stride(from: offset, to: values.count, by: columns.count).map { values[$0] }
    }
    func si(_ column: Column) throws(ReadError) -> [Double] {
      let numbers = numbers(column.index)
      if let row = numbers.firstIndex(where: \.isNaN) {
        throw ReadError(.malformed, "the cell holds no number", line: lines[row], column: column.name)
      }
      var si = column.unit.si(numbers)
      // MagIC gives µ0·H of the applied field.
      if column.unit.dimension == .fluxDensity { si = si.map { $0 / magneticConstant } }
      try requireFinite(si, lines: lines, column: column.name)
      return si
    }
    field = try si(fieldColumn)
    response = Self.channel(try si(responseColumn), responseColumn.unit.dimension)
    temperature = temperatureIndex.flatMap { measuredTemperatures(numbers($0), column: table.columns[$0]) }
    guard lines.count >= fewestRows else {
      throw ReadError(
        .truncated,
        "“\(loop.name)” has \(lines.count) rows of good quality, and at least \(fewestRows) are needed")
    }
  }

  private static func column(
    _ index: Int, _ table: MagICTable, _ word: String, _ dimensions: [PhysicalDimension],
    _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> Column {
    let name = ColumnName(name: table.columns[index], unitText: nil)
    let stated = options.columnUnits[name.spelled]
    guard let unit = stated ?? UnitOfMeasure(word: word), dimensions.contains(unit.dimension) else {
      throw name.unitError(dimensions)
    }
    if stated != nil { notes.append(.stated(unit, for: name)) }
    return Column(index: index, name: name.name, unit: unit)
  }

  /// The first of the columns of a moment that is filled in the loop's first row.
  private static func response(
    _ bytes: Span<UInt8>, _ table: MagICTable, _ loop: MagICExperiments.Loop, _ options: ReadingOptions,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) -> Column {
    var scanner = loop.start
    let cells = scanner.next(bytes).map { bytes.cells($0, delimiter: Byte.tab) } ?? []
    for (names, unit, dimension) in responses {
      guard let index = table.column(names), cells.indices.contains(index),
        !bytes.trimmed(cells[index]).isEmpty
      else { continue }
      return try column(index, table, unit, [dimension], options, &notes)
    }
    throw ReadError(
      .missingColumn,
      "no column holds a moment of “\(loop.name)”; expected \(responses.map { $0.names[0] }.joined(separator: ", "))",
      line: scanner.number)
  }

  private static func channel(_ si: [Double], _ dimension: PhysicalDimension) -> ResponseChannel {
    switch dimension {
    case .momentPerMass: .specificMoment(Series(si: si))
    case .fieldStrength: .magnetisation(Series(si: si))
    default: .moment(Series(si: si))
    }
  }

  /// Reads the numbers of the loop's good rows, row-major; an empty cell is NaN.
  private mutating func read(
    _ bytes: Span<UInt8>, _ experiments: MagICExperiments, _ loop: MagICExperiments.Loop, _ columns: [Int]
  ) throws(ReadError) -> [Double] {
    let table = experiments.table
    var reader = MagICRowReader(table, experiments.roles)
    var numbers = RowReader(columns: columns, delimiter: Byte.tab)
    var values: [Double] = []
    var scanner = loop.start
    var known: (experiment: Range<Int>, codes: Range<Int>, isOwn: Bool)?
    var ends: (first: Range<Int>, last: Range<Int>)?
    var badRows: [Int] = []
    while scanner.number < loop.lastLine, let row = scanner.next(bytes) {
      guard bytes.firstNonBlank(row) != nil else { continue }
      try reader.find(row, bytes, scanner)
      let (experiment, codes) = (reader.experiment, reader.codes)
      let isOwn: Bool
      if let known, bytes.areEqual(known.experiment, experiment), bytes.areEqual(known.codes, codes) {
        isOwn = known.isOwn
      } else {
        isOwn = bytes.cellText(experiment) == loop.name && MagICExperiments.isLoop(codes, bytes)
        known = (experiment, codes, isOwn)
      }
      guard isOwn else { continue }
      if let quality = reader.quality, quality.count == 1, bytes[quality.lowerBound] == UInt8(ascii: "b") {
        badRows.append(scanner.number)
        continue
      }
      if let fault = numbers.append(row, of: bytes, to: &values) {
        let cells = bytes.cells(row, delimiter: Byte.tab)
        let text = cells.indices.contains(fault) ? bytes.cellText(cells[fault]) : ""
        throw ReadError(
          .malformed, "“\(text)” is not a number", line: scanner.number, column: table.columns[fault])
      }
      lines.append(scanner.number)
      ends = (ends?.first ?? row, row)
    }
    if !scanner.isTerminated, lines.last == scanner.number { notes.append(.noFinalLineEnd) }
    if let first = badRows.first {
      notes.append(
        ReadingNote(
          code: "bad-rows-left-out",
          message:
            "\(badRows.count == 1 ? "1 row" : "\(badRows.count) rows") whose quality is “b” (bad) left "
            + "out, the first in line \(first)"))
    }
    if let ends { header = Self.header(table, ends.first, ends.last, without: columns, bytes) }
    return values
  }

  private static func header(
    _ table: MagICTable, _ first: Range<Int>, _ last: Range<Int>, without columns: [Int],
    _ bytes: Span<UInt8>
  ) -> [HeaderEntry] {
    let pairs = zip(bytes.cells(first, delimiter: Byte.tab), bytes.cells(last, delimiter: Byte.tab))
    return zip(table.columns, pairs).enumerated().compactMap { index, entry in
      let (name, (one, other)) = entry
      let text = bytes.cellText(one)
      guard !columns.contains(index), !text.isEmpty, bytes.areEqual(one, other) else { return nil }
      return HeaderEntry(name, text)
    }
  }

  /// The temperatures, unless one is missing or cannot be true, or all are the number that programs put where
  /// nobody measured one.
  private mutating func measuredTemperatures(_ kelvin: [Double], column: String) -> Series<Temperature>? {
    guard kelvin.contains(where: { $0 != 273 }) else {
      notes.append(.offeredValue(column, "273"))
      return nil
    }
    return specimenTemperatures(kelvin, lines: lines, column: column, &notes)
  }
}
