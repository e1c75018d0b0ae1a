// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Lake Shore 8600-series vibrating-sample magnetometers, `.csv` exports of hysteresis measurements.
  public static let lakeShore8600 = Instrument(
    id: LakeShore8600.id, title: "Lake Shore 8600-series VSM (.csv)",
    hasBlocks: true, recognize: LakeShore8600.recognize, read: LakeShore8600.read)
}

/// The driver for Lake Shore's 8600 series.
enum LakeShore8600 {
  static let id = "lake-shore-8600"
  private static let mark = "#RUN ON SOFTWARE VERSION:"
  /// Measurements of the 8600 that are no loops, by words of their titles.
  private static let others = [
    ("FORC", "first-order reversal curves"), ("DCD", "a DC demagnetisation"),
    ("IRM", "an isothermal remanence"), ("REMANENCE", "a remanence curve"),
    ("TEMPERATURE", "a measurement against temperature"), ("ANGLE", "a measurement against the angle"),
    ("ANGULAR", "a measurement against the angle"), ("TIME", "a measurement against time"),
  ]

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    guard let line = scanner.next(bytes), bytes.starts(bytes.trimmed(line), with: mark) else {
      return Claim(.no, "the first line is not “\(mark)”")
    }
    return Claim(.certain, "the first line is “\(mark)”")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard recognize(file).recognition == .certain else {
      throw ReadError(.malformed, "an export of an 8600 begins with “\(mark)”, and this file does not")
    }
    let sheet = try LakeShore8600Sheet(file.bytes.span, options)
    let block = try sheet.chosen(options)
    if let other = others.first(where: { block.measurement.uppercased().contains($0.0) }) {
      throw ReadError(
        .notALoop, "this is \(other.1) (“\(block.measurement)”), not a loop; measure a hysteresis loop")
    }
    guard let rows = block.rows else {
      throw ReadError(
        .truncated, "the file ends before the first row of its data table; copy it again from the instrument")
    }
    let columns = try rows.columns(options)
    try requireFieldSweep(columns.field)

    var notes = columns.notes
    var sample = sample(sheet, &notes)
    // A VSM moves the specimen in free space.
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, model: sheet.softwareVersion.map { "Lake Shore 8600, software \($0)" },
      measured: block.started.flatMap { isoTime($0, .monthFirst) }, header: sheet.entries, sample: sample,
      field: .applied(Series(si: columns.field)), response: .moment(Series(si: columns.moment)),
      time: columns.time.map { Series(si: $0) }, temperature: columns.temperature.map { Series(si: $0) },
      lines: rows.collector.lines, notes: notes)
  }

  /// The demagnetisation factor of the header is left alone: the field is the applied one.
  private static func sample(_ sheet: LakeShore8600Sheet, _ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    if let id = sheet.value("ID") {
      // The name that every new sample has.
      if id == "Sample1" { notes.append(.offeredValue("ID", id)) } else { sample.id = Sourced(id, .header) }
    }
    func quantity(_ key: String, _ dimension: PhysicalDimension) -> Double? {
      sheet.value(key).flatMap { typedSize(key, $0, dimension, &notes) }
    }
    sample.volume = quantity("Volume", .volume).map { Sourced(Quantity(si: $0), .header) }
    sample.mass = quantity("Mass", .mass).map { Sourced(Quantity(si: $0), .header) }
    return sample
  }
}
