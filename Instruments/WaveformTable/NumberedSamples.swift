// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Numbered samples in columns of blanks below `Unit:(mV)`, as data loggers of 2021 at ESAR wrote them.
///
/// The rate stands nowhere in the file.
struct NumberedSamples {
  private let unitText: String
  private let scanner: LineScanner

  /// Looks at the first line; nil when it does not give a unit in this way.
  init?(_ bytes: Span<UInt8>) {
    var scanner = LineScanner(bytes)
    guard let line = scanner.next(bytes) else { return nil }
    let content = bytes.trimmed(line)
    guard content.count < 40, bytes.starts(content, with: "Unit:(") else { return nil }
    let text = bytes.text(content.dropFirst("Unit:(".count))
    guard text.hasSuffix(")") else { return nil }
    unitText = String(text.dropLast())
    self.scanner = scanner
  }

  func read(_ bytes: Span<UInt8>, _ options: ReadingOptions) throws(ReadError) -> WaveformMeasurement {
    var scanner = scanner
    var header = [HeaderEntry("Unit", unitText)]
    var names: [String] = []
    var rows: [(line: Int, cells: [Range<Int>])] = []
    while let line = scanner.next(bytes) {
      let cells = bytes.words(line)
      guard let first = cells.first else { continue }
      if names.isEmpty {
        names = cells.map { bytes.text($0) }
      } else if rows.isEmpty, number(first, bytes) == nil {
        let words = cells.map { bytes.text($0) }
        header.append(HeaderEntry(words[0], words.dropFirst().joined(separator: " ")))
      } else {
        guard cells.count == names.count + 1 else {
          throw ReadError(
            scanner.isTerminated ? .malformed : .truncated,
            "the row has \(cells.count) cells where a number and \(names.count) channels are expected",
            line: scanner.number)
        }
        rows.append((scanner.number, cells))
      }
    }
    guard rows.count >= fewestRows else {
      throw ReadError(
        .truncated, "the file has \(rows.count) rows of numbers, and at least \(fewestRows) are needed")
    }
    try checkNumbering(rows, bytes)
    var notes: [ReadingNote] = scanner.isTerminated ? [] : [.noFinalLineEnd]
    notes.append(
      ReadingNote(
        code: "no-times", message: "the samples are numbered and the file does not say how far apart"))
    let columns = names.enumerated().map {
      (index: $0.offset + 1, column: ColumnName(name: $0.element, unitText: unitText))
    }
    let plan = try ChannelPlan(columns, options, &notes)
    let channels = try plan.channels.map { channel throws(ReadError) in
      var values: [Double] = []
      for (line, cells) in rows {
        guard let value = number(cells[channel.index], bytes), value.isFinite else {
          throw ReadError(
            .malformed, "“\(bytes.text(cells[channel.index]))” is not a finite number", line: line,
            column: channel.name)
        }
        values.append(value)
      }
      let result = WaveformChannel(channel.name, values, in: channel.unit)
      try requireFinite(result.signal.si, lines: rows.map(\.line), column: channel.name)
      return result
    }
    header.insert(HeaderEntry("channels", names.joined(separator: " ")), at: 1)
    return WaveformMeasurement(
      instrument: WaveformTable.id, header: header, timeBase: nil, channels: channels, notes: notes)
  }

  /// A sample that is missing would shift all that follow.
  private func checkNumbering(
    _ rows: [(line: Int, cells: [Range<Int>])], _ bytes: Span<UInt8>
  ) throws(ReadError) {
    var last: Double?
    for (line, cells) in rows {
      let found = number(cells[0], bytes)
      guard let found, last.map({ found == $0 + 1 }) ?? true else {
        throw ReadError(
          .malformed, "“\(bytes.text(cells[0]))” is not the number that follows on the row before", line: line
        )
      }
      last = found
    }
  }

  private func number(_ cell: Range<Int>, _ bytes: Span<UInt8>) -> Double? {
    var position = cell.lowerBound
    let number = bytes.decimalNumber(at: &position, end: cell.upperBound, decimalMark: Byte.point)
    return position == cell.upperBound ? number : nil
  }
}
