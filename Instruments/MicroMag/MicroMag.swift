// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Text files of Princeton Measurements and Lake Shore MicroMag 2900 (AGM) and 3900 (VSM), series 0015 and 0016.
  public static let microMag = Instrument(
    id: MicroMag.id,
    title: "Princeton Measurements and Lake Shore MicroMag 2900 and 3900, series 0015 and 0016",
    recognize: MicroMag.recognize, read: MicroMag.read)
}

/// The driver for MicroMag text files with sections.
enum MicroMag {
  static let id = "micromag"
  static let mark = "MicroMag 2900/3900 Data File"
  private static let knownSeries = ["0015", "0016.000", "0016.001", "0016.002"]

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, first.hasPrefix(mark) else {
      return Claim(.no, "the first line is not “\(mark)”")
    }
    return Claim(.certain, "the first line is “\(first.prefix(80))”")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let titles = file.firstLines(2)
    guard let first = titles.first, first.hasPrefix(mark) else {
      throw ReadError(.malformed, "a MicroMag file begins with “\(mark)”, and this one does not")
    }
    guard titles.count > 1 else {
      throw ReadError(.truncated, "the file ends before the line that names the measurement", line: 1)
    }
    try requireLoop(titles[1])

    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let header = try MicroMagHeader(bytes, &scanner)
    var notes: [ReadingNote] = []
    let series = first.dropFirst(mark.count).filter { $0.isNumber || $0 == "." }
    if !knownSeries.contains(series) {
      notes.append(
        ReadingNote(
          code: "unverified-series",
          message: "\(first) is read like series 0016.002; no file of this series was seen"))
    }
    let columns = try MicroMagColumns(header, options, &notes)
    var block = NumberBlock(header.columns, wanted: columns.wanted, separator: .byte(Byte.comma))
    let end = try block.appendRows(bytes, &scanner, until: "MicroMag 2900/3900 Data File ends")
    try block.requireWhole(bytes, &scanner, hasEnd: end != nil, announced: header.announcedRows, &notes)
    let (raw, response) = try columns.channels(block)
    return LoopMeasurement(
      instrument: id, model: model(header, series: String(series)),
      measured: header.value("Measured on", in: "MEASUREMENT").flatMap { isoTime($0, .monthFirst) },
      header: header.entries, sample: header.sample(hasTemperatures: columns.temperature != nil, &notes),
      field: raw, response: response, processed: try columns.processed(block, header),
      temperature: try block.temperatures(of: columns.temperature, &notes), lines: block.lines, notes: notes,
      instrumentResults: header.results(columns))
  }

  private static func model(_ header: MicroMagHeader, series: String) -> String {
    let kind = header.value("Configuration", in: "INSTRUMENT").map { " \($0)" } ?? ""
    return "MicroMag 2900/3900\(kind), series \(series)"
  }

  /// Throws for every measurement but a hysteresis loop; the second line names it.
  private static func requireLoop(_ measurement: String) throws(ReadError) {
    guard !measurement.contains("Hysteresis loop") else { return }
    let what: String
    if measurement.contains("First-order reversal") {
      what = "first-order reversal curves (FORC)"
    } else if measurement.contains("Remanence curves") {
      what = "a remanence curve (\(String(measurement.drop { $0 != ":" }.dropFirst()).trimmed))"
    } else {
      what = "“\(measurement)”"
    }
    throw ReadError(
      .notALoop, "the file holds \(what), not a hysteresis loop; give the file of a hysteresis loop", line: 2)
  }
}

extension MicroMagHeader {
  /// What the header says of the specimen; a temperature only when the rows have no column of it.
  func sample(hasTemperatures: Bool, _ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    // A vibrating sample and an alternating gradient magnetometer leave the specimen free.
    sample.circuit = Sourced(.open, .assumed)
    let name = value("Description", in: "MEASUREMENT")?.filter { $0 != "\"" }.trimmed ?? ""
    if !name.isEmpty { sample.id = Sourced(name, .header) }
    if let text = value("Mass", in: "SAMPLE") {
      let isSI = value("Units of measure", in: "INSTRUMENT")?.hasSuffix("SI") ?? false
      if isSI || isPlaceholder(text) {
        sample.mass = typedSize("Mass", text, unit: "kg", .mass, &notes).map {
          Sourced(Quantity(si: $0), .header)
        }
      } else {
        notes.append(
          ReadingNote(
            code: "header-value-ignored",
            message: "Mass “\(text)” is not a mass in kg, which files in SI units have, and was not used"))
      }
    }
    if !hasTemperatures, hasTemperatureControl, let text = value("Temperature (measured)", in: "MEASUREMENT"),
      let unit = UnitOfMeasure(word: value("Temperature in", in: "INSTRUMENT") ?? ""),
      unit.dimension == .temperature, let number = Double(text)
    {
      sample.temperature = specimenTemperature(unit.si(number), "Temperature (measured)", text, &notes)
    }
    return sample
  }

  /// Without a controller the sensor's input is open.
  var hasTemperatureControl: Bool {
    value("Temperature control", in: "INSTRUMENT").map { $0 != "None" } ?? false
  }

  /// The coercivity and the remanence that the program evaluated, from the adjusted columns where there are any.
  func results(_ columns: MicroMagColumns) -> [InstrumentResult] {
    func result(_ kind: InstrumentResult.Kind, _ key: String, _ unit: UnitOfMeasure) -> InstrumentResult? {
      guard let text = value(key, in: "CHARACTERIZATION"), let printed = PrintedNumber(text),
        printed.value > 0
      else { return nil }
      let divisor = unit.dimension == .fluxDensity ? magneticConstant : 1
      let (si, rounding) = (unit.si(printed.value) / divisor, unit.si(printed.rounding) / divisor)
      guard si.isFinite else { return nil }
      return InstrumentResult(
        kind, si: si, rounding: rounding, spelled: "\(key) \(text)",
        isOfProcessedColumns: columns.adjusted != nil)
    }
    let remanence =
      isAdjusted("Normalization") ? nil : result(.remanentMoment, "Remanence", columns.moment.unit)
    return [result(.coercivityHcJ, "Coercivity", columns.field.unit), remanence].compactMap(\.self)
  }
}
