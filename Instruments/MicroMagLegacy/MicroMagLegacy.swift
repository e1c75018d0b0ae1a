// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Text files of the MicroMag 2900 whose header is one line, as its programs wrote them before series 0015.
  public static let microMagLegacy = Instrument(
    id: MicroMagLegacy.id, title: "Princeton Measurements MicroMag 2900 with a one-line header (.agm)",
    recognize: MicroMagLegacy.recognize, read: MicroMagLegacy.read)
}

/// The driver for MicroMag files with a header of one line.
enum MicroMagLegacy {
  static let id = "micromag-legacy"
  private static let mark = "Model 2900 ASCII Data File"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, isMarked(first) else {
      return Claim(.no, "the first line does not begin with “\(mark)”")
    }
    return Claim(.certain, "the first line begins with “\(mark)”")
  }

  private static func isMarked(_ line: String) -> Bool {
    // A spreadsheet leaves the quotation marks out.
    line.hasPrefix("\"\(mark)\"") || line.hasPrefix("\(mark),")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard let first = file.firstLines(1).first, isMarked(first) else {
      throw ReadError(.malformed, "a file of this format begins with “\(mark)”, and this one does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let header = try MicroMagLegacyHeader(bytes, &scanner)
    try refuseRemanenceCurve(bytes, scanner)

    var notes: [ReadingNote] = []
    let columns = header.columns
    try requireStatedColumns(options, among: columns)
    let field = NumberColumn(0, try unit(columns[0], fieldDimensions, header, options, &notes))
    let moment = NumberColumn(1, try unit(columns[1], [.magneticMoment], header, options, &notes))
    var block = NumberBlock(columns, wanted: [0, 1], separator: .byte(Byte.comma))
    let end = try block.appendRows(bytes, &scanner, until: "Model 2900 Data File ends")
    try block.requireWhole(bytes, &scanner, hasEnd: end != nil, announced: header.announcedRows, &notes)
    if !header.isVerified {
      notes.append(
        ReadingNote(
          code: "unverified-series",
          message:
            "version \(header.version ?? "?") is read as the source of another program describes it; no "
            + "file of this version was seen"))
    }
    let (fields, moments) = (try block.field(of: field), try block.si(of: moment))
    return LoopMeasurement(
      instrument: id, model: "MicroMag 2900, file version \(header.version ?? "?")",
      measured: header.date.flatMap { isoTime($0, .monthFirst) }, header: header.entries,
      sample: header.sample(&notes), field: .applied(Series(si: fields)),
      response: .moment(Series(si: moments)),
      lines: block.lines, notes: notes)
  }

  /// A remanence curve has the same header and a third column.
  private static func refuseRemanenceCurve(_ bytes: Span<UInt8>, _ start: LineScanner) throws(ReadError) {
    var scanner = start
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      guard let first = content.first, bytes.beginsNumber(first) else { continue }
      if bytes.occurrences(of: Byte.comma, in: content) < 2 { return }
      throw ReadError(
        .notALoop,
        "the rows have three columns: this is a remanence curve (IRM or DCD), not a loop; give the .agm file",
        line: scanner.number)
    }
  }

  private static func unit(
    _ column: ColumnName, _ dimensions: [PhysicalDimension], _ header: MicroMagLegacyHeader,
    _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> UnitOfMeasure {
    guard let unit = column.unit(options) else {
      let example = dimensions == [.magneticMoment] ? "µemu" : "Oe"
      throw ReadError(
        .unit,
        "a file of version \(header.version ?? "?") does not say in which unit this column is"
          + (header.momentRange.map { " (its moment range is \($0))" } ?? "")
          + "; state it, as in --unit \"\(column.name)=\(example)\"", column: column.name)
    }
    guard dimensions.contains(unit.dimension) else { throw column.unitError(dimensions) }
    if unit != column.headerUnit { notes.append(.stated(unit, for: column)) }
    return unit
  }
}

/// The fields of the header line, which have no names in the file.
struct MicroMagLegacyHeader {
  /// One entry per field, called by its position from 0.
  private(set) var entries: [HeaderEntry] = []

  /// Reads the first line with anything in it.
  init(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    while entries.isEmpty, let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      guard !content.isEmpty else { continue }
      try requireHeaderEnds(scanner, content, before: "its end")
      entries = bytes.cells(content, delimiter: Byte.comma).enumerated().map {
        HeaderEntry("\($0.offset)", bytes.cellText($0.element))
      }
    }
  }

  private func text(_ field: Int) -> String? {
    guard entries.indices.contains(field), !entries[field].value.isEmpty else { return nil }
    return entries[field].value
  }

  var version: String? { text(1) }
  var announcedRows: Int? { text(13).flatMap { Int($0) } }
  var momentRange: String? { text(14) }
  /// A file of version 7 was seen and no other.
  var isVerified: Bool { version == "7" }

  /// Versions whose last fields are known to be where version 7 has them.
  private var hasKnownEnd: Bool { ["6", "7", "8", "9"].contains(version ?? "") }
  var date: String? { hasKnownEnd ? text(27) : nil }

  /// Field and moment with their units, as far as the version tells them.
  var columns: [ColumnName] {
    let code: String?
    switch version {
    case "0": code = text(26)
    case "6", "7", "8", "9": code = text(29)
    default: code = nil
    }
    let units: (field: String?, moment: String?)
    switch code {
    case "0": units = ("Oe", "emu")
    case "1": units = ("A/m", "A m2")
    case "2": units = ("T", "A m2")
    default: units = (nil, nil)
    }
    // Moments of version 7 run to 46195 under the code of cgs, which no specimen of this instrument has in emu.
    let isKnown = version != "7"
    return [
      ColumnName(name: "Field", unitText: isKnown || code == "0" ? units.field : nil),
      ColumnName(name: "Moment", unitText: isKnown ? units.moment : nil),
    ]
  }

  /// What the header says of the specimen; version 7 has no mass at the place of the others.
  func sample(_ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    if hasKnownEnd, let name = text(22) { sample.id = Sourced(name, .header) }
    let place: Int?
    switch version {
    case "0": place = 21
    case "6", "8", "9": place = 24
    default: place = nil
    }
    if let place, let text = text(place), let mass = typedSize("the mass", text, unit: "kg", .mass, &notes) {
      sample.mass = Sourced(Quantity(si: mass), .header)
    }
    return sample
  }
}
