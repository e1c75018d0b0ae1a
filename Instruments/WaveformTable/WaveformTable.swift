// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Delimited text with a column of times beside columns of volts or amperes.
  public static let waveformTable = Instrument(
    id: "waveform-table", title: "Delimited text of times and volts or amperes (.csv, .tsv, .txt)",
    recognize: WaveformTable.recognize, readWaveform: WaveformTable.read, writeWaveform: WaveformTable.write)
}

/// The driver for delimited text with named columns against time.
enum WaveformTable {
  static let id = "waveform-table"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span
    if NumberedSamples(bytes) != nil {
      return Claim(.certain, "the first line gives the unit of the numbered samples")
    }
    guard let layout = TableLayout(bytes), let time = timeColumn(layout, ReadingOptions()) else {
      return Claim(.no, "no header line names a time")
    }
    guard Table.recognize(file).recognition == .no else {
      return Claim(.no, "the header names a field and a response, as the driver table reads them")
    }
    guard !layout.hasUnitLine(bytes) else {
      return Claim(.no, "a line of units in brackets follows the names")
    }
    let others = channelColumns(layout, time: time).map(\.column)
    let signals = others.filter { [.voltage, .current].contains($0.headerUnit?.dimension) }
    let open = others.filter { $0.unitText == nil && $0.role == nil }
    let name = layout.columns[time].spelled
    if layout.columns[time].headerUnit?.dimension == .time, let signal = signals.first {
      return Claim(.certain, "the header names “\(name)” and “\(signal.spelled)” with units")
    }
    guard let first = others.first, signals.count + open.count == others.count else {
      return Claim(.no, "the header names “\(name)” and no column of volts or amperes")
    }
    return Claim(.plausible, "the header names “\(name)” and “\(first.spelled)”, not all with units")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> WaveformMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    if let numbered = NumberedSamples(bytes) { return try numbered.read(bytes, options) }
    guard let layout = TableLayout(bytes) else {
      throw TableLayout.fault(in: bytes, example: "“t (s)” and “CH1 (V)”")
    }
    guard let time = timeColumn(layout, options) else {
      let names = layout.columns.map(\.spelled).joined(separator: ", ")
      throw ReadError(.missingColumn, "none of the columns (\(names)) is a time, such as “t (s)”")
    }
    var notes: [ReadingNote] = []
    let plan = try ChannelPlan(
      channelColumns(layout, time: time), time: (time, layout.columns[time]), options, &notes)
    guard let planned = plan.time else { throw layout.columns[time].unitError([.time]) }
    let rows = try TableRows(
      bytes, layout, (plan.channels.map(\.index) + [time]).sorted(), &notes)
    let timeBase = try rows.times(planned).timeBase()
    let sample = TableSample(layout.entries, &notes).sample
    return WaveformMeasurement(
      instrument: id, model: layout.value("instrument"), measured: layout.value("measured"),
      header: layout.entries, sample: sample, timeBase: timeBase, channels: try rows.channels(plan),
      notes: notes)
  }

  /// Names of a time beside those that every table knows.
  private static let timeNames: Set<String> = [
    "seconds", "second", "zeit", "temps", "tiempo", "tempo", "tijd",
  ]

  /// The column whose unit, else whose name, is that of a time.
  private static func timeColumn(_ layout: TableLayout, _ options: ReadingOptions) -> Int? {
    layout.columns.firstIndex { $0.unit(options)?.dimension == .time }
      ?? layout.columns.firstIndex { $0.role == .time || timeNames.contains($0.skeleton) }
  }

  /// Every named column but the time.
  private static func channelColumns(
    _ layout: TableLayout, time: Int
  ) -> [(index: Int, column: ColumnName)] {
    layout.columns.enumerated().filter { $0.offset != time && !$0.element.spelled.isEmpty }
      .map { (index: $0.offset, column: $0.element) }
  }
}
