// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Delimited text whose header line names the columns with their units.
  public static let table = Instrument(
    id: "table", title: "Delimited text whose header names the columns with units (.csv, .tsv, .txt, .tab)",
    recognize: Table.recognize, read: Table.read, write: Table.write)
}

/// The driver for delimited text with named columns.
enum Table {
  static let id = "table"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let layout = TableLayout(file.bytes.span) else {
      return Claim(.no, "no header line names columns")
    }
    guard !layout.hasUnitLine(file.bytes.span) else {
      return Claim(.no, "a line of units in brackets follows the names")
    }
    // A coil named H or B gives volts, which are for the driver of waveforms.
    let columns = layout.columns.filter { ![.voltage, .current].contains($0.headerUnit?.dimension) }
      .map { ($0, $0.role) }
    let fields = columns.filter { if case .field = $0.1 { true } else { false } }.map(\.0)
    let responses = columns.filter { if case .response = $0.1 { true } else { false } }.map(\.0)
    guard let field = fields.first, let response = responses.first else {
      return Claim(.no, "no header line names a field and a response")
    }
    let options = ReadingOptions()
    guard fields.contains(where: { $0.unit(options) != nil }),
      responses.contains(where: { $0.unit(options) != nil })
    else {
      return Claim(.plausible, "the header names “\(field.spelled)” and “\(response.spelled)” without units")
    }
    return Claim(.certain, "the header names “\(field.spelled)” and “\(response.spelled)” with units")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    guard let layout = TableLayout(bytes) else {
      throw TableLayout.fault(in: bytes, example: "“H (A/m)” and “J (T)”, or \(profileAdvice)")
    }
    if let alternating = layout.columns.first(where: { $0.name == "M-DC" || $0.name == "M'" }) {
      throw ReadError(
        .notALoop,
        "the columns are those of an ACMS file without its header, whose “Moment” is the amplitude of an alternating "
          + "one; give the file as the instrument wrote it", column: alternating.spelled)
    }
    try requireStatedColumns(options, among: layout.columns)
    var notes: [ReadingNote] = []
    var sample = TableSample(layout.entries, &notes).sample
    let plan = try TablePlan(layout, circuit: sample.circuit?.value, options, &notes)
    let rows = try TableRows(bytes, layout, plan.wanted, &notes)
    func numbers(_ column: TablePlan.Column) throws(ReadError) -> [Double] {
      let numbers = rows.numbers(of: column.index)
      let si = if case .field = column.role { column.unit.field(numbers) } else { column.unit.si(numbers) }
      try requireFinite(si, lines: rows.lines, column: layout.columns[column.index].spelled)
      return si
    }

    let response = plan.channel(try numbers(plan.response))
    if let flux = plan.checkedFlux, let inner = plan.internalField {
      try requireFlux(try numbers(flux), of: try numbers(inner), and: response.si, lines: rows.lines)
    }
    if sample.circuit == nil { sample.circuit = Sourced(plan.isOpen ? .open : .closed, .assumed) }
    let channels = try plan.field.map { column throws(ReadError) in
      let si = try numbers(column)
      return plan.isInternal(column) ? FieldChannel.internal(Series(si: si)) : .applied(Series(si: si))
    }
    let time = try plan.time.map { column throws(ReadError) in Series<Time>(si: try numbers(column)) }
    let kelvin = try plan.temperature.map { column throws(ReadError) in
      (try numbers(column), layout.columns[column.index].spelled)
    }
    let temperature = kelvin.flatMap { specimenTemperatures($0, lines: rows.lines, column: $1, &notes) }
    guard let raw = channels.first else { throw ReadError(.missingColumn, "no column holds the field") }
    try requireNoReversalCurves(raw.amperesPerMetre)
    // Without a sweep of either it may be a record without a specimen.
    if let temperature, isSweptTemperature(temperature.si) { try requireSwept(raw.amperesPerMetre) }
    return LoopMeasurement(
      instrument: id, model: layout.value("instrument"), measured: layout.value("measured"),
      header: layout.entries, sample: sample, field: raw, response: response,
      processed: channels.count > 1 ? ProcessedColumns(field: channels[1], response: response) : nil,
      time: time, temperature: temperature, lines: rows.lines, notes: notes)
  }
}
