// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Logs of the VSM of Cryogenic Ltd's cryogen-free measurement system.
  public static let cryogenicCFMS = Instrument(
    id: CryogenicCFMS.id, title: "Cryogenic CFMS VSM (.dat)", recognize: CryogenicCFMS.recognize,
    read: CryogenicCFMS.read)
}

/// The driver for CFMS logs: one line of names, then a row every two seconds.
enum CryogenicCFMS {
  static let id = "cryogenic-cfms"
  private static let mark = "B_analog_(T)"
  /// The two field columns agree within 0.04 T except in spikes of one.
  private static let spike = 0.1

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, first.hasPrefix(mark) else {
      return Claim(.no, "the first column is not \(mark)")
    }
    return Claim(.certain, "the first column is \(mark)")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard let titles = file.firstLines(1).first, titles.hasPrefix(mark) else {
      throw ReadError(.malformed, "a CFMS file begins with \(mark), and this one does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes), bytes.unpadded(line).isEmpty {}
    // A spreadsheet may have put something else between the names, and nothing else can stand behind the first.
    let delimiter = titles.utf8.dropFirst(mark.utf8.count).first ?? Byte.tab
    let columns = titles.utf8.split(separator: delimiter, omittingEmptySubsequences: false).map {
      ColumnName(String($0) ?? "")
    }
    try requireStatedColumns(options, among: columns)
    var notes: [ReadingNote] = []
    func column(_ name: String, _ dimensions: [PhysicalDimension]) throws(ReadError) -> NumberColumn? {
      try NumberColumn(name, among: columns, dimensions, options, &notes)
    }
    guard let field = try column("B_analog_", fieldDimensions),
      let moment = try column("moment_", [.magneticMoment]),
      let timeIndex = columns.firstIndex(where: { $0.name == "Time" })
    else { throw NumberColumn.missing("“B_analog_(T)”, “moment_(emu)” and “Time”", among: columns) }
    let digital = try column("B_digital_", fieldDimensions)
    let temperature = try column("sensor_B_", [.temperature])
    let wanted = [field.index, moment.index, timeIndex] + [digital, temperature].compactMap { $0?.index }
    var block = NumberBlock(columns, wanted: wanted, separator: .byte(delimiter))
    _ = try block.appendRows(bytes, &scanner)
    if !scanner.isTerminated { notes.append(.noFinalLineEnd) }
    try block.requireRows()

    var series = LogRows(
      field: try block.field(of: field),
      digital: try digital.map { column throws(ReadError) in try block.field(of: column) },
      moment: try block.si(of: moment), time: block.numbers(of: timeIndex),
      temperature: try block.temperatures(of: temperature, &notes)?.si, lines: block.lines)
    try series.leaveOutSpikes(beyond: spike / magneticConstant, &notes)
    try series.sortByTime(&notes)
    series.noteClipping(&notes)
    try requireFieldSweep(series.field)
    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, header: [HeaderEntry("columns", titles)], sample: sample,
      field: .applied(Series(si: series.field)), response: .moment(Series(si: series.moment)),
      time: Series(si: series.time), temperature: series.temperature.map { Series(si: $0) },
      lines: series.lines, notes: notes)
  }
}

/// The rows of a log, in SI.
private struct LogRows {
  var field: [Double]
  /// The field as the magnet's supply reports it.
  var digital: [Double]?
  var moment: [Double]
  var time: [Double]
  var temperature: [Double]?
  var lines: [Int]

  /// Leaves out the rows whose two fields contradict each other: one of them is wrong, and a driver mends nothing.
  ///
  /// Throws when they are too many to be spikes.
  mutating func leaveOutSpikes(beyond limit: Double, _ notes: inout [ReadingNote]) throws(ReadError) {
    guard let digital else { return }
    let spikes = field.indices.filter { abs(field[$0] - digital[$0]) > limit }
    guard let first = spikes.first else { return }
    // Four of 8245 in the log that was seen.
    guard spikes.count <= 4 || spikes.count <= field.count / 50 else {
      throw ReadError(
        .malformed,
        "B_analog and B_digital differ by more than 0.1 T in \(spikes.count) of \(field.count) rows, which are no "
          + "single spikes: one of the two is wrong; have their calibration checked", line: lines[first])
    }
    notes.append(
      ReadingNote(
        code: "field-spikes",
        message:
          "\(spikes.count == 1 ? "1 row" : "\(spikes.count) rows") in which B_analog and B_digital differ by "
          + "more than 0.1 T left out, the first in line \(lines[first])"))
    let isSpike = Set(spikes)
    take(field.indices.filter { !isSpike.contains($0) })
  }

  /// Puts the rows in the order of time; rows of the same time stay as they are.
  ///
  /// Throws when a row would move by more than three places: the clock began anew, and the rows of two measurements
  /// would be shuffled together.
  mutating func sortByTime(_ notes: inout [ReadingNote]) throws(ReadError) {
    guard let first = time.indices.dropFirst().first(where: { time[$0] < time[$0 - 1] }) else { return }
    let times = time
    let sorted = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    guard zip(sorted, times.indices).allSatisfy({ abs($0 - $1) <= 3 }) else {
      throw ReadError(
        .malformed,
        "the time goes back from \(time[first - 1]) to \(time[first]) s, as where one log was appended to another; "
          + "part them, one file each", line: lines[first])
    }
    notes.append(
      ReadingNote(
        code: "sorted-by-time",
        message: "the rows are not in the order of time, the first in line \(lines[first]); they were sorted")
    )
    take(sorted)
  }

  /// Says so where the analog input ended below the field that was reached.
  func noteClipping(_ notes: inout [ReadingNote]) {
    guard let digital, let top = field.max(), let bottom = field.min() else { return }
    for (end, sign) in [(top, 1.0), (bottom, -1.0)] {
      let rows = field.indices.filter { field[$0] == end && (digital[$0] - end) * sign > 0 }
      // Two equal numbers may be chance.
      guard rows.count > 2, let reached = rows.map({ digital[$0] * sign }).max() else { continue }
      func tesla(_ field: Double) -> Double { (field * magneticConstant * 1e4).rounded() / 1e4 }
      notes.append(
        ReadingNote(
          code: "field-clipped",
          message: "B_analog stays at \(tesla(end)) T in \(rows.count) rows in which B_digital goes on to "
            + "\(tesla(reached * sign)) T; the field of this tip is not to be relied on"))
    }
  }

  private mutating func take(_ rows: [Int]) {
    field = rows.map { field[$0] }
    digital = digital.map { digital in rows.map { digital[$0] } }
    moment = rows.map { moment[$0] }
    time = rows.map { time[$0] }
    temperature = temperature.map { temperature in rows.map { temperature[$0] } }
    lines = rows.map { lines[$0] }
  }
}
