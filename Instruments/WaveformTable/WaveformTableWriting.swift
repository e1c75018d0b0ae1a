// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension WaveformTable {
  /// Writes a record as comma-separated text in s, V and A, every number so that it reads back as the same double.
  ///
  /// Throws for a record without times, of which this format would be no record, and for numbers that are not finite.
  @Sendable static func write(_ record: WaveformMeasurement) throws(ReadError) -> [UInt8] {
    guard let timeBase = record.timeBase else {
      throw ReadError(.malformed, "the record has no times, which a table of a waveform needs")
    }
    let (start, interval) = (timeBase.start.si, timeBase.interval.si)
    let end = start + Double(record.count) * interval
    // Beyond this the rounding of the times would hide the steps.
    guard end.isFinite, max(abs(start), abs(end)).ulp < 0.01 * interval else {
      throw ReadError(
        .malformed, "times near \(end) s do not tell steps of \(interval) s apart; shift the start to zero")
    }
    for channel in record.channels {
      if let row = channel.signal.si.firstIndex(where: { !$0.isFinite }) {
        throw ReadError(
          .malformed, "sample \(row) is \(channel.signal.si[row]), which a table cannot hold",
          column: channel.name)
      }
    }
    let own: [(key: String, value: String?)] =
      [("instrument", record.model), ("measured", record.measured)] + sampleEntries(record.sample)
    let known = Set(own.filter { $0.value != nil }.map(\.key))
    let others = record.header.filter { !known.contains($0.key.lowercased()) }.map {
      (key: $0.key, value: Optional($0.value))
    }
    let names = ["Time (s)"] + record.channels.map { quoted("\($0.name) (\($0.signal.unit.rawValue))") }
    var bytes = Array((commentLines(own + others) + names.joined(separator: ",") + "\n").utf8)
    let columns = record.channels.map(\.signal.si)
    for row in 0..<record.count {
      bytes += "\(start + Double(row) * interval)".utf8
      for column in columns {
        bytes.append(Byte.comma)
        bytes += "\(column[row])".utf8
      }
      bytes.append(Byte.lineFeed)
    }
    return bytes
  }

  /// A cell in quotation marks, where its text needs them.
  private static func quoted(_ text: String) -> String {
    let line = String(text.map { $0.isNewline ? " " : $0 })
    guard line.contains(where: { ",;\t\"#%!/".contains($0) }) else { return line }
    return "\"" + line.replacing("\"", with: "\"\"") + "\""
  }
}
