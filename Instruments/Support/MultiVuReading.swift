// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// How one option of Quantum Design's MultiVu writes its loops.
struct MultiVuReading: Sendable {
  /// The id of the driver.
  let id: String
  var grammar = MultiVuHeader.Grammar.keyLast
  let plan: MultiVuPlan
  /// What the header says of the specimen; placeholder values and unreadable ones become notes.
  let sample: @Sendable (MultiVuHeader, inout [ReadingNote]) -> Sample

  @Sendable func recognize(_ file: SourceFile) -> Claim {
    guard let kind = MultiVuKind(file.bytes.span) else { return Claim(.no, "the first line is not [Header]") }
    guard kind.owner == id else { return Claim(.no, "[Header] of \(kind.title), which is another format") }
    if case .unnamed = kind { return Claim(.plausible, "[Header] without a line that names the measurement") }
    return Claim(.certain, "[Header] of \(kind.title)")
  }

  @Sendable func read(_ file: SourceFile, _ options: ReadingOptions) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    let kind = MultiVuKind(bytes)
    if let kind { try refuse(kind) }
    var scanner = LineScanner(bytes)
    let header = try MultiVuHeader(bytes, &scanner, grammar, hasHeader: kind != nil)
    if kind == nil { try requireColumns(header) }
    let rows = try MultiVuRows(bytes, scanner, header, plan, options)
    try requireFieldSweep(rows.field)

    var notes = rows.notes
    var sample = sample(header, &notes)
    // A VSM and a SQUID magnetometer move the specimen in free space.
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, model: header.text("APPNAME"), measured: header.measured, header: header.entries,
      sample: sample, field: .applied(Series(si: rows.field)), response: .moment(Series(si: rows.moment)),
      time: rows.time.map { Series(si: $0) }, temperature: rows.temperature.map { Series(si: $0) },
      lines: rows.lines, notes: notes)
  }

  /// Refuses what another driver reads and what is not a measurement.
  private func refuse(_ kind: MultiVuKind) throws(ReadError) {
    guard kind.owner == id else {
      throw ReadError(.unknownFormat, "this is \(kind.title), which the driver \(kind.owner) reads")
    }
    switch kind {
    case .rawScan, .mpmsRawScan:
      throw ReadError(.notALoop, "this is \(kind.title); give the .dat file of the measurement")
    case .log:
      throw ReadError(
        .notALoop, "this is \(kind.title), which has no moment column; give the .dat file of the measurement")
    case .vsm, .acms, .mpms, .unnamed: break
    }
  }

  /// Programs save the table without its header; then the user has to name the driver, and the columns the rest.
  private func requireColumns(_ header: MultiVuHeader) throws(ReadError) {
    let names = header.columns.map { ColumnName($0) }
    guard try ColumnName.first(plan.field, in: names) != nil,
      try ColumnName.first(plan.moments.map(\.name), in: names) != nil
    else {
      throw ReadError(
        .malformed,
        "a MultiVu file begins with the line [Header], or with its column names, and this one does not")
    }
  }
}
