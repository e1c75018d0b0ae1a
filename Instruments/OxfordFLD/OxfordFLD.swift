// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// `.fld` files of the Oxford Instruments (MagLab) VSM, as used at Leeds.
  public static let oxfordFLD = Instrument(
    id: OxfordFLD.id, title: "Oxford Instruments VSM, as used at Leeds (.fld)",
    recognize: OxfordFLD.recognize, read: OxfordFLD.read)
}

/// The driver for `.fld` files: a date, a line of names, a line of units, then rows between blanks.
enum OxfordFLD {
  static let id = "oxford-fld"
  private static let mark = "H_vsm"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard file.firstLines(2).contains(where: isTitles) else {
      return Claim(.no, "neither of the first two lines names a column \(mark)")
    }
    return Claim(.certain, "a column is called \(mark)")
  }

  private static func isTitles(_ line: String) -> Bool {
    line.utf8.split(separator: Byte.comma).contains { String(Substring($0)).trimmed == mark }
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let header = try OxfordHeader(bytes, &scanner, isTitles: isTitles)
    let columns = header.columns
    try requireStatedColumns(options, among: columns)
    var notes: [ReadingNote] = []
    func column(_ name: String, _ dimensions: [PhysicalDimension]) throws(ReadError) -> NumberColumn? {
      try NumberColumn(name, among: columns, dimensions, options, &notes)
    }
    guard let field = try column(mark, fieldDimensions), let moment = try column("m", [.magneticMoment])
    else {
      throw NumberColumn.missing("H_vsm and m", among: columns)
    }
    let time = try column("Time", [.time])
    let temperature = try column("Tsample", [.temperature])
    let typed = ["Mmass", "Mvol"].compactMap { name in columns.firstIndex { $0.name == name } }
    let wanted = [field.index, moment.index] + [time, temperature].compactMap { $0?.index } + typed
    var block = NumberBlock(columns, wanted: wanted, separator: .blanks)
    _ = try block.appendRows(bytes, &scanner)
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    try block.requireRows()
    let fields = try block.field(of: field)
    try requireSwept(fields)
    noteTyped(typed, moment, block, &notes)
    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, measured: header.measured, header: header.entries, sample: sample,
      field: .applied(Series(si: fields)), response: .moment(Series(si: try block.si(of: moment))),
      time: try block.times(of: time), temperature: try block.temperatures(of: temperature, &notes),
      lines: block.lines, notes: notes)
  }

  /// Says which mass and volume somebody typed in: the file has the moment divided by them, not the numbers.
  ///
  /// They are not taken for the specimen's: typed numbers are what the program offers as often as not,
  /// and nothing in the file tells which.
  private static func noteTyped(
    _ typed: [Int], _ moment: NumberColumn, _ block: NumberBlock, _ notes: inout [ReadingNote]
  ) {
    let moments = block.numbers(of: moment.index)
    guard let row = moments.indices.max(by: { abs(moments[$0]) < abs(moments[$1]) }) else { return }
    for column in typed {
      let (name, unit) = (block.columns[column].name, block.columns[column].unitText ?? "")
      let quotient = moments[row] / block.numbers(of: column)[row]
      guard quotient.isFinite, quotient > 0 else { continue }
      let what = name == "Mmass" ? "mass" : "volume"
      notes.append(
        ReadingNote(
          code: "typed-\(what)",
          message:
            "\(name) is m divided by \(fourDigits(quotient)) (m in \(moment.unit.symbol), \(name) in \(unit)): "
            + "a \(what) that somebody typed in and that was not used; state it with --\(what) if it is true")
      )
    }
  }

  private static func fourDigits(_ value: Double) -> Double {
    var (scaled, factor) = (value, 1.0)
    while scaled < 1000, factor < 1e300 { (scaled, factor) = (scaled * 10, factor * 10) }
    return scaled.rounded() / factor
  }
}

/// The lines before the rows of a `.fld` file.
private struct OxfordHeader {
  let entries: [HeaderEntry]
  let columns: [ColumnName]
  /// The first line, such as `Fri Dec 02 14:06:15 2011`, as ISO 8601.
  let measured: String?

  init(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, isTitles: (String) -> Bool
  ) throws(ReadError) {
    var lines: [String] = []
    var titles: Int?
    while true {
      let before = scanner
      guard let line = scanner.next(bytes) else {
        throw ReadError(.truncated, "0 data rows: the file ends in its header", line: scanner.number)
      }
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "a row of numbers")
      guard let first = content.first else { continue }
      // The line of formats, such as 6:0, begins like a row.
      let isRow = bytes.beginsNumber(first) && bytes.occurrences(of: UInt8(ascii: ":"), in: content) == 0
      if titles != nil, isRow {
        scanner = before
        break
      }
      let text = bytes.text(content)
      if titles == nil, isTitles(text) { titles = lines.count }
      lines.append(text)
    }
    guard let titles else { throw ReadError(.malformed, "no line names a column H_vsm") }
    guard titles + 1 < lines.count else {
      throw ReadError(.malformed, "no line of units follows the names of the columns")
    }
    let units = Self.cells(lines[titles + 1])
    columns = Self.cells(lines[titles]).enumerated().map { index, name in
      ColumnName(name: name, unitText: index < units.count ? units[index] : nil)
    }
    entries = lines.enumerated().map { index, text in
      let key = [titles: "names", titles + 1: "units", titles + 2: "formats"][index]
      return HeaderEntry(key ?? (index == 0 ? "date" : "line"), text)
    }
    measured = lines.first.flatMap(Self.time)
  }

  private static func cells(_ line: String) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
  }

  private static func time(_ text: String) -> String? {
    let words = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count == 5, let month = months.firstIndex(of: String(words[1])) else { return nil }
    return isoTime(yearFirst: "\(words[4])-\(month + 1)-\(words[2])", clock: String(words[3]))
  }
}
