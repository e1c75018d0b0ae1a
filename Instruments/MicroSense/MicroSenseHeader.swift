// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Everything before the rows of an EasyVSM file.
struct MicroSenseHeader {
  /// The lines in file order: `@Key: value`, `key = value` and lines without either.
  private(set) var entries: [HeaderEntry] = []
  /// The columns as the lines between `@@Columns` and `@@END Columns` list them.
  private(set) var columns: [ColumnName] = []
  /// What the program was told to do to the signal.
  private var manipulations: [String] = []
  /// The line with the size of the specimen.
  private var dimensions: String?

  /// Reads up to the line `@@Data`, behind which `scanner` is left.
  init(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    var isManipulation = false
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "@@Data")
      guard !content.isEmpty else { continue }
      let text = bytes.text(content)
      if text == "@@Data" {
        guard !columns.isEmpty else {
          throw ReadError(.malformed, "no line “Column 0: …” lists the columns", line: scanner.number)
        }
        return
      }
      if text == "[Data Manipulation]" { isManipulation = true }
      if text.lowercased().hasPrefix("@@end instrument") { isManipulation = false }
      let entry = Self.entry(text)
      entries.append(entry)
      if text.hasPrefix("Shape = ") { dimensions = text }
      if isManipulation, Self.isOn(entry.value) { manipulations.append(entry.key) }
      try readColumn(text, line: scanner.number)
    }
    throw ReadError(.truncated, "the file ends in its header, before @@Data", line: scanner.number)
  }

  /// Whether a manipulation is on; its numbers follow the word, as in `Yes, Nd = 1.000`.
  private static func isOn(_ value: String) -> Bool {
    ["yes", "true", "on"].contains(value.prefix { $0.isLetter }.lowercased())
  }

  /// Throws when the fields may be corrected for the demagnetising field: the file does not say whether those of
  /// `@@Data` are, and a second correction would be as wrong as none.
  func requireAppliedField() throws(ReadError) {
    guard let name = manipulations.first(where: { $0.lowercased().hasPrefix("demagnetizing field") }) else {
      return
    }
    throw ReadError(
      .malformed,
      "“\(name)” is on, and the file does not say whether its fields are corrected already; switch it off in EasyVSM "
        + "and save the measurement again")
  }

  /// `@Key: value`, where a path has a colon of its own, or `key = value`.
  private static func entry(_ text: String) -> HeaderEntry {
    let mark: Range<String.Index>?
    if text.hasPrefix("@") || text.hasPrefix("Column ") {
      mark =
        text.firstRange(of: ": ")
        ?? (text.hasSuffix(":") ? text.index(before: text.endIndex)..<text.endIndex : nil)
    } else {
      mark = text.firstRange(of: "=")
    }
    guard let mark else { return HeaderEntry(text, "") }
    return HeaderEntry(String(text[..<mark.lowerBound]).trimmed, String(text[mark.upperBound...]).trimmed)
  }

  /// `Column 5: Applied Field, Applied Field [Oe]`.
  private mutating func readColumn(_ text: String, line: Int) throws(ReadError) {
    guard text.hasPrefix("Column "), let colon = text.firstIndex(of: ":") else { return }
    let number = Int(String(text[..<colon].dropFirst("Column ".count)).trimmed)
    guard number == columns.count else {
      throw ReadError(.malformed, "column \(columns.count) is expected to be listed here", line: line)
    }
    let description = text[text.index(after: colon)...]
    let parts = description.split(separator: ",", maxSplits: 1)
    columns.append(
      ColumnName(
        name: String(parts.first ?? "").trimmed, unitText: ColumnName(String(parts.last ?? "")).unitText))
  }

  /// `@Date: Tuesday, July 08, 2014    (2014-07-08)` with `@Time: 09:02:58`.
  var measured: String? {
    guard let date = entries.value("@Date"), let opening = date.lastIndex(of: "("), date.hasSuffix(")") else {
      return nil
    }
    return isoTime(
      yearFirst: String(date[date.index(after: opening)...].dropLast()), clock: entries.value("@Time") ?? "")
  }

  /// Says which manipulations are on; the signal may have them already.
  func noteManipulations(of column: String, _ notes: inout [ReadingNote]) {
    guard !manipulations.isEmpty else { return }
    let list = manipulations.joined(separator: ", ")
    notes.append(
      ReadingNote(
        code: "instrument-corrections",
        message: "these manipulations are on and may be in “\(column)” already: \(list)"))
  }

  /// What the header says of the specimen.
  ///
  /// Its shape is not used: the file does not say which length lies along the field.
  func sample(_ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    sample.id = entries.value("@Samplename").map { Sourced($0, .header) }
    sample.mass = size("Mass", .mass, &notes).map { Sourced(Quantity(si: $0), .header) }
    sample.volume = size("Volume", .volume, &notes).map { Sourced(Quantity(si: $0), .header) }
    return sample
  }

  /// The number with its unit behind a name of the line of dimensions, such as `6.60 [mm]` or `1.963E-11 [m^3]`.
  private func text(of name: String) -> String? {
    guard let dimensions, let place = dimensions.firstRange(of: name) else { return nil }
    let rest = dimensions[place.upperBound...].drop { " =:".contains($0) }
    guard let end = rest.firstIndex(of: "]") else { return nil }
    return String(rest[...end])
  }

  /// A number in a unit that the vocabulary does not have.
  private func number(_ name: String, _ unit: String) -> Double? {
    guard let text = text(of: name), text.hasSuffix("[\(unit)]") else { return nil }
    return Double(String(text.dropLast(unit.count + 2)).trimmed)
  }

  /// Whether the line of dimensions is the one that the program offers: a film of 1 µm, with its volume.
  private var isOffered: Bool {
    guard number("Thickness", "nm") == 1000, let area = number("Area", "mm^2"),
      let volume = text(of: "Volume").flatMap({ NumberWithUnit($0, dimension: .volume) })
    else { return false }
    // The printed area has four digits, and mm² by µm are 1e-12 m³.
    return abs(area * 1e-12 / volume.si - 1) < 0.01
  }

  /// A size that somebody typed in; one of the line that the program offers is a placeholder value and becomes a note.
  private func size(
    _ name: String, _ dimension: PhysicalDimension, _ notes: inout [ReadingNote]
  ) -> Double? {
    guard let text = text(of: name) else { return nil }
    guard !isOffered else {
      notes.append(.offeredValue(name, text))
      return nil
    }
    return typedSize(name, text, dimension, &notes)
  }
}
