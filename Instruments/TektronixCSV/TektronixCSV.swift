// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// CSV files of Tektronix TDS, TPS and TBS oscilloscopes.
  public static let tektronixCSV = Instrument(
    id: "tektronix-csv",
    title: "Tektronix TDS, TPS and TBS oscilloscopes (.csv with keys beside the samples)",
    recognize: TektronixCSV.recognize, readWaveform: TektronixCSV.read)
}

/// The driver for Tektronix CSV: each line has a key, its value and unit, a time and a sample, once per channel.
private enum TektronixCSV {
  /// The cells of one channel.
  private struct Group {
    /// Where its key stands.
    let start: Int
    /// Keys with values and units, in file order.
    var entries: [(key: String, value: String, unit: String)] = []

    func value(_ key: String) -> String? { entries.first { $0.key == key && !$0.value.isEmpty }?.value }
    var name: String { value("Source") ?? "" }
  }

  /// The last of about 18 lines with keys comes before this one.
  private static let lastKeyLine = 64

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    guard let first = scanner.next(bytes), bytes.starts(first, with: "Record Length,"),
      let second = scanner.next(bytes), bytes.starts(second, with: "Sample Interval,")
    else { return Claim(.no, "the first two lines do not begin with Record Length and Sample Interval") }
    return Claim(.certain, "the first lines begin with Record Length and Sample Interval")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> WaveformMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    let groups = keys(bytes)
    guard let first = groups.first, let last = groups.last else {
      throw ReadError(.malformed, "the first line has no cell “Record Length”", line: 1)
    }
    var notes: [ReadingNote] = []
    let names = groups.map { ColumnName(name: $0.name, unitText: $0.value("Vertical Units")) }
    let plan = try ChannelPlan(
      zip(groups, names).map { (index: $0.start + 4, column: $1) }, options, &notes)
    // Each sample has a time before it.
    let wanted = plan.channels.flatMap { [$0.index - 1, $0.index] }
    var columns = [ColumnName](repeating: ColumnName(""), count: last.start + 6)
    for (group, name) in zip(groups, names) {
      columns[group.start + 3] = ColumnName("time of \(name.name)")
      columns[group.start + 4] = name
    }
    let layout = TableLayout(
      entries: [], columns: columns, delimiter: Byte.comma, rows: LineScanner(bytes))
    let rows = try TableRows(bytes, layout, wanted, &notes)
    try checkLength(first, rows.lines)
    let timeUnit = try unit(of: first)
    var timeBase: TimeBase?
    for channel in plan.channels {
      let times = PrintedTimes(
        values: rows.numbers(of: channel.index - 1), unit: timeUnit, lines: rows.lines,
        column: "time of \(channel.name)")
      let own = try times.timeBase()
      guard timeBase == nil || timeBase == own else {
        throw ReadError(
          .malformed, "its samples were taken at other times than those of “\(plan.channels[0].name)”",
          column: channel.name)
      }
      timeBase = own
    }
    if let timeBase { try checkInterval(first, timeBase, timeUnit) }
    return WaveformMeasurement(
      instrument: "tektronix-csv", model: first.value("Model Number"), header: header(groups, names),
      timeBase: timeBase, channels: try rows.channels(plan), notes: notes)
  }

  /// The keys of every channel; empty when the first line holds none.
  private static func keys(_ bytes: Span<UInt8>) -> [Group] {
    var scanner = LineScanner(bytes)
    var groups: [Group] = []
    while scanner.number < lastKeyLine, let line = scanner.next(bytes) {
      let cells = bytes.cells(line, delimiter: Byte.comma)
      if scanner.number == 1 {
        for (index, cell) in cells.enumerated() where bytes.cellText(cell) == "Record Length" {
          // Nearer than this, the channels would share cells.
          guard groups.last.map({ index >= $0.start + 5 }) ?? true else { continue }
          groups.append(Group(start: index))
        }
      }
      for index in groups.indices where cells.count > groups[index].start + 2 {
        let texts = cells[groups[index].start..<groups[index].start + 3].map { bytes.cellText($0) }
        if !texts[0].isEmpty { groups[index].entries.append((texts[0], texts[1], texts[2])) }
      }
    }
    return groups
  }

  /// The entries as the file has them, behind the channel's name where there are several channels.
  private static func header(_ groups: [Group], _ names: [ColumnName]) -> [HeaderEntry] {
    zip(groups, names).flatMap { group, name in
      group.entries.map { key, value, unit in
        HeaderEntry(
          groups.count > 1 ? "\(name.name) \(key)" : key, unit.isEmpty ? value : "\(value) \(unit)")
      }
    }
  }

  private static func unit(of group: Group) throws(ReadError) -> UnitOfMeasure {
    let text = group.value("Horizontal Units") ?? ""
    guard let unit = UnitOfMeasure(word: text), unit.dimension == .time else {
      throw ReadError(
        .unit,
        "Horizontal Units are “\(text)” and not a unit of time, such as s; export the record and not its "
          + "spectrum")
    }
    return unit
  }

  private static func checkLength(_ group: Group, _ lines: [Int]) throws(ReadError) {
    guard let text = group.value("Record Length"), let length = Double(text) else {
      throw ReadError(.malformed, "Record Length has no number", line: 1)
    }
    guard Double(lines.count) == length else {
      throw ReadError(
        Double(lines.count) < length ? .truncated : .malformed,
        "Record Length is \(text), and the file has \(lines.count) samples", line: lines.last)
    }
  }

  /// The interval stands in the file twice, and both have to agree within what the times are printed to.
  private static func checkInterval(
    _ group: Group, _ timeBase: TimeBase, _ unit: UnitOfMeasure
  ) throws(ReadError) {
    guard let text = group.value("Sample Interval"), let interval = Double(text) else { return }
    guard abs(unit.si(interval) - timeBase.interval.si) <= 0.01 * timeBase.interval.si else {
      throw ReadError(
        .malformed, "Sample Interval is \(text) and the times are \(timeBase.interval.si) s apart", line: 2)
    }
  }
}
