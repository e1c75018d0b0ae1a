// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Text files of MicroSense (formerly DMS and ADE) EasyVSM magnetometers.
  public static let microSense = Instrument(
    id: MicroSense.id, title: "MicroSense EasyVSM, formerly DMS and ADE (.VHD, .VVD, .RAW)",
    recognize: MicroSense.recognize, read: MicroSense.read)
}

/// The driver for EasyVSM files.
enum MicroSense {
  static let id = "microsense"
  private static let mark = "@Filename:"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, first.hasPrefix(mark) else {
      return Claim(.no, "the first line does not begin with \(mark)")
    }
    return Claim(.certain, "the first line begins with \(mark)")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard file.firstLines(1).first?.hasPrefix(mark) == true else {
      throw ReadError(.malformed, "an EasyVSM file begins with \(mark), and this one does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let header = try MicroSenseHeader(bytes, &scanner)
    try requireLoop(header.entries.value("@Measurement type"))
    try header.requireAppliedField()
    var notes: [ReadingNote] = []
    let columns = try MicroSenseColumns(header.columns, options, &notes)
    var block = NumberBlock(header.columns, wanted: columns.wanted, separator: .blanks)
    guard try block.appendRows(bytes, &scanner, until: "@@END Data", passing: "New Section") != nil else {
      throw ReadError(
        .truncated, "the file was cut: no @@END Data follows its \(block.count) rows; copy it again",
        line: scanner.number)
    }
    try block.requireRows()

    let field = try columns.field(block, &notes)
    try requireSwept(field)
    header.noteManipulations(of: block.columns[columns.moment.index].name, &notes)
    noteLaterBlocks(bytes, scanner, &notes)
    let moment = try block.si(of: columns.moment)
    return LoopMeasurement(
      instrument: id, model: header.entries.value("@Product of"), measured: header.measured,
      header: header.entries,
      sample: header.sample(&notes), field: .applied(Series(si: field)),
      response: .moment(Series(si: moment)),
      time: try block.times(of: columns.time),
      temperature: try block.temperatures(of: columns.temperature, &notes), lines: block.lines,
      notes: notes)
  }

  /// Throws for a measurement that the file calls neither a loop nor a virgin curve.
  private static func requireLoop(_ type: String?) throws(ReadError) {
    guard let type, !["hysteresis", "loop", "virgin"].contains(where: type.lowercased().contains) else {
      return
    }
    throw ReadError(
      .notALoop, "the file holds a measurement of type “\(type)”; give the file of a hysteresis loop")
  }

  /// A `.RAW` file repeats the rows after the manipulations; others may have one measurement behind another.
  private static func noteLaterBlocks(
    _ bytes: Span<UInt8>, _ start: LineScanner, _ notes: inout [ReadingNote]
  ) {
    var scanner = start
    while let line = scanner.next(bytes) {
      let isManipulated = bytes.starts(line, with: "@@Final Manipulated Data")
      guard isManipulated || bytes.starts(line, with: "@@Data") else { continue }
      let other = isManipulated ? "“Final Manipulated Data”" : "second @@Data"
      notes.append(
        ReadingNote(
          code: "later-blocks-left-out",
          message: "only the first @@Data is read, not the \(other) from line \(scanner.number) on"))
      return
    }
  }
}

/// Which columns of an EasyVSM file are read, in which units.
struct MicroSenseColumns {
  let moment: NumberColumn
  let time: NumberColumn?
  private let field: NumberColumn?
  /// The field in the second pair of columns, which some programs fill alone.
  private let plottedField: NumberColumn?
  let temperature: NumberColumn?

  /// The positions of all columns that are read.
  var wanted: [Int] { [moment, time, field, plottedField, temperature].compactMap { $0?.index } }

  /// Chooses the columns by the names that the header lists.
  init(
    _ columns: [ColumnName], _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    try requireStatedColumns(options, among: columns)
    func column(_ name: String, _ dimensions: [PhysicalDimension]) throws(ReadError) -> NumberColumn? {
      try NumberColumn(name, among: columns, dimensions, options, &notes)
    }
    guard let moment = try column("Signal X direction", [.magneticMoment]) else {
      throw NumberColumn.missing("“Applied Field” and “Signal X direction”", among: columns)
    }
    self.moment = moment
    field = try column("Applied Field", fieldDimensions)
    plottedField = try column("Applied Field For Plot", fieldDimensions)
    guard field != nil || plottedField != nil else {
      throw NumberColumn.missing("“Applied Field” and “Signal X direction”", among: columns)
    }
    time = try column("Time since start", [.time])
    temperature = try column("Temperature", [.temperature])
  }

  /// The field in A/m: the second pair of columns where the first is zero in all rows.
  func field(_ block: NumberBlock, _ notes: inout [ReadingNote]) throws(ReadError) -> [Double] {
    for column in [field, plottedField].compactMap(\.self) {
      let values = try block.field(of: column)
      guard values.contains(where: { $0 != 0 }) else { continue }
      if column.index != field?.index {
        notes.append(
          ReadingNote(
            code: "field-column",
            message: "“Applied Field” is zero in all rows; the field is “\(block.columns[column.index].name)”"
          ))
      }
      return values
    }
    throw ReadError(.notALoop, "the columns of the field are zero in all rows")
  }
}
