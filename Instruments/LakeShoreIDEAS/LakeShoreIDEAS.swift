// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Lake Shore 7300- and 7400-series vibrating-sample magnetometers, text exports of IDEAS-VSM.
  public static let lakeShoreIDEAS = Instrument(
    id: LakeShoreIDEAS.id, title: "Lake Shore 7300- and 7400-series VSM, IDEAS-VSM (.txt)",
    recognize: LakeShoreIDEAS.recognize, read: LakeShoreIDEAS.read)
}

/// The driver for the text exports of Lake Shore's IDEAS-VSM.
private enum LakeShoreIDEAS {
  static let id = "lake-shore-ideas"
  /// What the first line names, in this order.
  private static let times = ["Start Time:", "Time Completed:", "Elapsed Time:"]
  private static let dataMark = "***DATA***"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    guard let line = scanner.next(bytes), bytes.starts(bytes.trimmed(line), with: times[0]),
      bytes.text(line.prefix(200)).contains(times[1])
    else { return Claim(.no, "the first line does not hold “\(times[0])” and “\(times[1])”") }
    return Claim(.certain, "the first line holds “\(times[0])” and “\(times[1])”")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard recognize(file).recognition == .certain else {
      throw ReadError(
        .malformed,
        "an export of IDEAS-VSM begins with “\(times[0])” and “\(times[1])”, and this file does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    var header = try header(bytes, &scanner)
    guard let columnLine = nextContent(bytes, &scanner), scanner.isTerminated else {
      throw ReadError(
        .truncated, "the file ends before its first row; export it again", line: scanner.number)
    }
    let titles = try ColumnLine(columnLine, scanner.number, of: bytes)
    let names = titles.names.map { ColumnName($0) }
    try requireStatedColumns(options, among: names)
    guard let field = try ColumnName.first(["Field", "H"], in: names),
      let moment = try ColumnName.first(["Moment", "M"], in: names)
    else {
      throw ReadError(
        .missingColumn, "no columns hold the field and the moment; expected “Field(G)” and “Moment(emu)”",
        line: scanner.number)
    }
    let temperature = try ColumnName.first(["Temperature"], in: names)
    var rows = RowCollector(
      [field, moment, temperature].compactMap(\.self), needed: [field, moment], names: titles.names,
      delimiter: titles.delimiter)
    var notes: [ReadingNote] = []
    header += try read(&rows, bytes, &scanner, &notes)

    let fields = try rows.appliedField(field, names[field], options, &notes)
    let moments = try rows.moment(moment, names[moment], options, &notes)
    let temperatures = try rows.temperatures(temperature, among: names, options, &notes)
    try requireFieldSweep(fields)
    var sample = sample(header, &notes)
    // A VSM moves the specimen in free space.
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, measured: header.first.flatMap { isoTime($0.value, .unknown) }, header: header,
      sample: sample, field: .applied(Series(si: fields)), response: .moment(Series(si: moments)),
      temperature: temperatures.map { Series(si: $0) }, lines: rows.lines, notes: notes)
  }

  // MARK: header

  private static func nextContent(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) -> Range<Int>? {
    while let line = scanner.next(bytes) {
      if bytes.firstNonBlank(line) != nil { return line }
    }
    return nil
  }

  /// The lines up to the mark of the data, of which a whole export has nine.
  private static func header(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner
  ) throws(ReadError) -> [HeaderEntry] {
    var entries: [HeaderEntry] = []
    while let line = nextContent(bytes, &scanner) {
      let text = bytes.text(bytes.withoutPadding(line, Byte.tab)).trimmed
      if text.hasPrefix(dataMark) { return entries }
      guard entries.count < 1000 else {
        throw ReadError(
          .malformed, "the header goes on for 1000 lines without “\(dataMark)”", line: scanner.number)
      }
      entries += entries.isEmpty ? timeEntries(text) : [entry(text)]
    }
    throw ReadError(
      .truncated, "the file ends in its header: there is no line “\(dataMark)”; export it again",
      line: scanner.number)
  }

  private static func entry(_ text: String) -> HeaderEntry {
    guard let colon = text.firstIndex(of: ":") else { return HeaderEntry("", text) }
    return HeaderEntry(String(text[..<colon]), String(text[text.index(after: colon)...]).trimmed)
  }

  /// The first line names three times, one behind the other.
  private static func timeEntries(_ text: String) -> [HeaderEntry] {
    var rest = text[...]
    var entries: [HeaderEntry] = []
    for (place, key) in times.enumerated() {
      guard let found = rest.firstRange(of: key) else { continue }
      rest = rest[found.upperBound...]
      let next = times.dropFirst(place + 1).lazy.compactMap { rest.firstRange(of: $0)?.lowerBound }.first
      entries.append(HeaderEntry(String(key.dropLast()), String(rest[..<(next ?? rest.endIndex)]).trimmed))
    }
    return entries
  }

  private static func sample(_ header: [HeaderEntry], _ notes: inout [ReadingNote]) -> Sample {
    func value(_ key: String) -> String? { header.first { $0.key == key && !$0.value.isEmpty }?.value }
    var sample = Sample()
    sample.id = value("Sample ID").map { Sourced($0, .header) }
    sample.mass = value("Mass").flatMap { typedSize("Mass", $0, .mass, &notes) }
      .map { Sourced(Quantity(si: $0), .header) }
    return sample
  }

  // MARK: rows

  /// Reads the rows; the lines of text behind them are the answer.
  private static func read(
    _ rows: inout RowCollector, _ bytes: Span<UInt8>, _ scanner: inout LineScanner,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [HeaderEntry] {
    var leftOut = RowCount()
    var footer: [HeaderEntry] = []
    while let line = scanner.next(bytes) {
      guard let first = bytes.firstNonBlank(line) else { continue }
      if isLetter(bytes[first]), bytes.occurrences(of: UInt8(ascii: ":"), in: line) > 0, footer.count < 100 {
        footer.append(entry(bytes.text(bytes.withoutPadding(line, Byte.tab)).trimmed))
        continue
      }
      guard footer.isEmpty else {
        throw ReadError(.malformed, "a row stands behind the text that ends the table", line: scanner.number)
      }
      if try !rows.append(line, scanner, of: bytes) { leftOut.add(line: scanner.number) }
    }
    if let note = leftOut.leftOutNote() { notes.append(note) }
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    return footer
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 32)
  }
}
