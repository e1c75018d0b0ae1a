// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Text files of the PicoScope programs.
  public static let picoScope = Instrument(
    id: "picoscope", title: "PicoScope oscilloscopes, saved as CSV or text",
    recognize: PicoScope.recognize, readWaveform: PicoScope.read)
}

/// The driver for the text files of PicoScope: names on line 1, units in brackets on line 2, a blank line, rows.
private enum PicoScope {
  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let layout = layout(file.bytes.span) else {
      return Claim(.no, "the second line does not hold units in brackets")
    }
    return Claim(.certain, "line 2 holds the units of \(layout.columns.count) columns in brackets")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> WaveformMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    guard let layout = layout(bytes), let first = layout.columns.first else {
      throw ReadError(
        .malformed, "the first two lines are not names and units such as “(ms),(V),(V)”", line: 2)
    }
    // The program calls the times of some records “Frequency”, so that only the unit tells.
    if let unit = first.unitText, unit.hasSuffix("Hz") {
      throw ReadError(
        .notAWaveform, "the file holds a spectrum: its first column is in \(unit), not in a unit of time",
        line: 2)
    }
    var notes: [ReadingNote] = []
    let columns = layout.columns.enumerated().dropFirst().map { (index: $0.offset, column: $0.element) }
    let plan = try ChannelPlan(columns, time: (0, first), options, &notes)
    guard let time = plan.time else { throw first.unitError([.time]) }
    let rows = try TableRows(bytes, layout, [0] + plan.channels.map(\.index), &notes)
    return WaveformMeasurement(
      instrument: "picoscope", header: layout.entries, timeBase: try rows.times(time).timeBase(),
      channels: try rows.channels(plan), notes: notes)
  }

  /// The two lines of names and units; nil when the file does not begin with them.
  private static func layout(_ bytes: Span<UInt8>) -> TableLayout? {
    var scanner = LineScanner(bytes)
    guard let nameLine = scanner.next(bytes), let unitLine = scanner.next(bytes) else { return nil }
    let content = bytes.trimmed(unitLine)
    let delimiter = [Byte.tab, Byte.semicolon, Byte.comma].first { mark in
      bytes.occurrences(of: mark, in: content) > 0
    }
    guard let delimiter, bytes.starts(content, with: "(") else { return nil }
    func cells(_ line: Range<Int>) -> [String] {
      var texts = bytes.cells(line, delimiter: delimiter).map { bytes.cellText($0) }
      // A spreadsheet fills short lines with empty cells.
      while texts.last == "" { texts.removeLast() }
      return texts
    }
    let units = cells(content)
    let names = cells(nameLine)
    guard units.count == names.count, units.allSatisfy({ $0.hasPrefix("(") && $0.hasSuffix(")") }) else {
      return nil
    }
    let columns = zip(names, units).map { name, unit in
      let text = String(unit.dropFirst().dropLast()).trimmed
      return ColumnName(name: name, unitText: text.isEmpty ? nil : text)
    }
    var rows = scanner
    if let third = scanner.next(bytes),
      third.allSatisfy({ bytes[$0] == delimiter || bytes[$0] == Byte.blank })
    {
      rows = scanner
    }
    return TableLayout(
      entries: zip(names, units).map { HeaderEntry($0, $1) }, columns: columns, delimiter: delimiter,
      rows: rows)
  }
}
