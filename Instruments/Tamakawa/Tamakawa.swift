// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// `.VSM` files of Tamakawa magnetometers.
  public static let tamakawa = Instrument(
    id: Tamakawa.id, title: "Tamakawa VSM (.VSM)", recognize: Tamakawa.recognize, read: Tamakawa.read)
}

/// The driver for Tamakawa files: lines of key and value, then rows between commas.
enum Tamakawa {
  static let id = "tamakawa"
  private static let mark = "vbvsm-"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, isMarked(first) else {
      return Claim(.no, "the first line is not version=,\(mark)…")
    }
    return Claim(.certain, "the first line is “\(first.prefix(40))”")
  }

  private static func isMarked(_ line: String) -> Bool {
    line.hasPrefix("version") && line.prefix(40).contains(mark)
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard let first = file.firstLines(1).first, isMarked(first) else {
      throw ReadError(.malformed, "a Tamakawa file begins with version=,\(mark), and this one does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let header = try TamakawaHeader(bytes, &scanner)
    try requireStatedColumns(options, among: header.columns)
    var notes: [ReadingNote] = []
    guard let field = try NumberColumn("H", among: header.columns, fieldDimensions, options, &notes),
      let moment = try NumberColumn("M", among: header.columns, [.magneticMoment], options, &notes)
    else { throw NumberColumn.missing("H(Oe) and M(emu)", among: header.columns) }
    var block = NumberBlock(
      header.columns, wanted: [field.index, moment.index], separator: .byte(Byte.comma))
    _ = try block.appendRows(bytes, &scanner)
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    try block.requireRows()
    let fields = try block.field(of: field)
    try requireSwept(fields)
    let isInternal = try header.isInternal
    header.note(rows: block.count, &notes)
    return LoopMeasurement(
      instrument: id, model: header.entries.value("version"), measured: header.measured,
      header: header.entries,
      sample: header.sample(&notes),
      field: isInternal ? .internal(Series(si: fields)) : .applied(Series(si: fields)),
      response: .moment(Series(si: try block.si(of: moment))), lines: block.lines, notes: notes)
  }
}

/// The lines before the rows of a Tamakawa file.
private struct TamakawaHeader {
  /// Keys without the equals sign that most of them end with; the unit is part of the value.
  private(set) var entries: [HeaderEntry] = []
  private(set) var columns: [ColumnName] = []

  /// Reads up to and with the line that names the columns.
  init(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "the names H(Oe) and M(emu)")
      guard !content.isEmpty else { continue }
      let text = Self.text(content, bytes)
      if text.contains("H(Oe)"), text.contains("M(emu)") {
        columns = text.split(separator: ",", omittingEmptySubsequences: false).map { ColumnName(String($0)) }
        return
      }
      let comma = text.firstIndex(of: ",") ?? text.endIndex
      let key = text[..<comma]
      entries.append(
        HeaderEntry(
          String(key.hasSuffix("=") ? key.dropLast() : key).trimmed,
          String(text[comma...].dropFirst()).trimmed)
      )
    }
    throw ReadError(
      .truncated, "the file ends in its header, before the names H(Oe) and M(emu)", line: scanner.number)
  }

  /// UTF-8 where it is valid, else the code page of Japanese Windows; a comma is never half a character in it.
  private static func text(_ range: Range<Int>, _ bytes: Span<UInt8>) -> String {
    let content = range.map { bytes[$0] }
    return String(validating: content, as: UTF8.self) ?? TextEncoding.shiftJIS.text(content)
  }

  var measured: String? {
    isoTime(yearFirst: entries.value("date") ?? "", clock: entries.value("time") ?? "")
  }

  /// Whether H is the field inside the specimen already; throws for a word that says neither.
  var isInternal: Bool {
    get throws(ReadError) {
      let text = entries.value("correction(demagnetization field)") ?? ""
      if Self.isOff(text) { return false }
      guard Self.word(text) == "YES" else {
        throw ReadError(
          .malformed,
          "correction(demagnetization field) is “\(text)”, neither YES nor NO, so that nobody can tell whether H is "
            + "the applied field; write the right word in a copy of the file")
      }
      return true
    }
  }

  /// The first cell of what the program says of a correction, behind which its number may stand.
  private static func word(_ text: String) -> String {
    String(text.prefix { $0 != "," }).trimmed.uppercased()
  }

  private static func isOff(_ text: String) -> Bool { ["", "NO", "OFF"].contains(word(text)) }

  /// What the program says it corrected, by the word in brackets.
  private var corrections: [String] {
    entries.filter { entry in
      entry.key.hasPrefix("correction(") && !Self.isOff(entry.value)
    }.map { String($0.key.dropFirst("correction(".count).prefix { $0 != ")" }) }
  }

  /// Says what was corrected, and whether rows are missing.
  func note(rows: Int, _ notes: inout [ReadingNote]) {
    if !corrections.isEmpty {
      notes.append(
        ReadingNote(
          code: "instrument-corrections",
          message:
            "the program corrected the data before it wrote them: \(corrections.joined(separator: ", "))"))
    }
    if let announced = entries.value("measuring points").flatMap({ Int($0) }), announced != rows {
      notes.append(
        ReadingNote(
          code: "announced-rows",
          message:
            "\(announced) measuring points are announced and \(rows) are there: the measurement was stopped or "
            + "the file was cut"))
    }
  }

  /// What the header says of the specimen; 0, 1 and a temperature of −300 °C stand for nothing.
  func sample(_ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    sample.id = entries.value("sample name").map { Sourced($0, .header) }
    if let mass = number("sample weight", .mass, &notes) {
      sample.mass = Sourced(Quantity(si: mass), .header)
    }
    if let volume = number("sample volume", .volume, &notes) {
      sample.volume = Sourced(Quantity(si: volume), .header)
    }
    let cells = (entries.value("temperature(max)") ?? "").split(separator: ",")
    // The sign of the degree is one byte that every encoding reads as another character.
    if let text = cells.first, let celsius = Double(text), cells.last?.hasSuffix("C)") == true {
      sample.temperature = specimenTemperature(
        celsius + 273.15, "temperature(max)", "\(text) °C", &notes)
    }
    return sample
  }

  private func number(
    _ key: String, _ dimension: PhysicalDimension, _ notes: inout [ReadingNote]
  ) -> Double? {
    guard let text = entries.value(key) else { return nil }
    // As in `0.0021,(cc)`.
    return typedSize(key, text.replacing(",", with: " "), dimension, &notes)
  }
}
