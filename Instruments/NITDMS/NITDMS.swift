// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// National Instruments' binary measurement files.
  public static let niTDMS = Instrument(
    id: "ni-tdms", title: "NI TDMS files of LabVIEW and DAQ recorders", recognize: NITDMS.recognize,
    readWaveform: NITDMS.read)
}

/// The driver for TDMS files.
private enum NITDMS {
  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    if file.bytes.starts(with: "TDSm".utf8) { return Claim(.certain, "the file begins with TDSm") }
    if file.bytes.starts(with: "TDSh".utf8) { return Claim(.certain, "the file begins with TDSh") }
    return Claim(.no, "the file does not begin with TDSm")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> WaveformMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard !file.bytes.starts(with: "TDSh".utf8) else {
      throw ReadError(
        .notAWaveform,
        "the file is the index of a TDMS file and holds no samples; read the .tdms file beside it")
    }
    let content = try TDMSFile(file.bytes)
    var notes: [ReadingNote] = []
    if let rest = content.unfinishedBytes {
      notes.append(
        ReadingNote(
          code: "unfinished-segment",
          message:
            "writing ended before the last segment was closed; it is read up to its last complete chunk, "
            + "without \(rest) bytes"))
    }
    let named = try namedChannels(content, &notes)
    let columns = named.enumerated().map { index, channel in
      (index: index, column: ColumnName(name: channel.name, unitText: unitText(channel.object)))
    }
    let plan = try ChannelPlan(columns, options, &notes)
    let chosen = plan.channels.map { (name: $0.name, object: named[$0.index].object, unit: $0.unit) }
    guard let first = chosen.first else { throw ReadError(.missingColumn, "the file has no channel") }
    let timeBase = try TDMSTimes.timeBase(first.object)
    for (name, object, _) in chosen.dropFirst() {
      guard object.count == first.object.count else {
        throw ReadError(
          .malformed,
          "it has \(object.count) samples and “\(first.name)” has \(first.object.count); one record needs equal counts",
          column: name)
      }
      guard try TDMSTimes.timeBase(object) == timeBase else {
        throw ReadError(
          .malformed,
          "wf_start_offset or wf_increment differ from those of “\(first.name)”; one record needs one "
            + "time base", column: name)
      }
    }
    if let note = TDMSTimes.note(first.object, timeBase) { notes.append(note) }
    let measured = startTime(first.object)
    if measured != nil {
      notes.append(
        ReadingNote(code: "time-in-utc", message: "the file gives its time as universal time (UTC)"))
    }
    let channels = try chosen.map { name, object, unit throws(ReadError) in
      try channel(name, object, unit, content)
    }
    return WaveformMeasurement(
      instrument: "ni-tdms", measured: measured, header: header(content), timeBase: timeBase,
      channels: channels,
      notes: notes)
  }

  /// The channels of numbers with unique names: that of the channel, behind that of its group where two are alike.
  private static func namedChannels(
    _ content: TDMSFile, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [(name: String, object: TDMSObject)] {
    var channels: [TDMSObject] = []
    for object in content.objects where object.path.count == 2 && object.count > 0 {
      guard let type = object.layout?.type else { continue }
      let name = object.path.joined(separator: "/")
      switch type {
      case .boolean, .timestamp, .void:
        notes.append(
          ReadingNote(code: "channel-left-out", message: "“\(name)” holds \(type.title) and is not read"))
      case _ where type.isNumber:
        guard object.values.count == object.count else {
          throw ReadError(.malformed, "it changes its type of number on the way", column: name)
        }
        channels.append(object)
      default:
        throw ReadError(
          .malformed,
          "it holds \(type.title), which this driver does not read; save single or double numbers",
          column: name)
      }
    }
    guard !channels.isEmpty else {
      throw ReadError(.truncated, "the file has no samples of any channel; it may hold properties only")
    }
    let names = channels.map { $0.path[1] }
    let areUnique = Set(names).count == names.count
    return zip(names, channels).map { (areUnique ? $0 : $1.path.joined(separator: "/"), $1) }
  }

  private static func unitText(_ object: TDMSObject) -> String? {
    let text = object["unit_string"]?.text ?? object["NI_UnitDescription"]?.text ?? ""
    return text.trimmed.isEmpty ? nil : text.trimmed
  }

  private static func channel(
    _ name: String, _ object: TDMSObject, _ unit: UnitOfMeasure, _ content: TDMSFile
  ) throws(ReadError) -> WaveformChannel {
    let group = content.objects.first { $0.path == [object.path[0]] }
    let root = content.objects.first { $0.path.isEmpty }
    // Scales belong together, so that all come from the first object that has any.
    let owner = [object, group, root].compactMap(\.self).first { $0["NI_Number_Of_Scales"] != nil }
    let scaling = try TDMSScaling({ owner?[$0] }, channel: name)
    let channel = WaveformChannel(name, scaling?.apply(to: object.values) ?? object.values, in: unit)
    if let place = channel.signal.si.firstIndex(where: { !$0.isFinite }) {
      throw ReadError(
        .malformed, "sample \(place + 1) is \(channel.signal.si[place]), which is not a finite number",
        column: name)
    }
    return channel
  }

  private static func startTime(_ object: TDMSObject) -> String? {
    guard case .timestamp(let time)? = object["wf_start_time"] else { return nil }
    return time.text
  }

  private static func header(_ content: TDMSFile) -> [HeaderEntry] {
    content.objects.flatMap { object in
      object.properties.map { HeaderEntry((object.path + [$0.name]).joined(separator: "/"), $0.value.text) }
    }
  }
}

/// What the waveform properties of a channel say of its times.
private enum TDMSTimes {
  /// The times; nil without `wf_increment`.
  ///
  /// Throws when the axis is not one of time or its numbers cannot be true.
  static func timeBase(_ object: TDMSObject) throws(ReadError) -> TimeBase? {
    guard let increment = object["wf_increment"]?.number else { return nil }
    let name = object.path.joined(separator: "/")
    var unit: UnitOfMeasure?
    if let text = object["wf_xunit_string"]?.text.trimmed, !text.isEmpty {
      guard let known = UnitOfMeasure(word: text), known.dimension == .time else {
        throw ReadError(
          .notAWaveform, "its axis (wf_xunit_string) is in “\(text)”, not in a unit of time", column: name)
      }
      unit = known
    }
    let interval = unit?.si(increment) ?? increment
    let start = object["wf_start_offset"]?.number ?? 0
    let startTime = unit?.si(start) ?? start
    guard interval > 0, interval.isFinite, startTime.isFinite else {
      throw ReadError(
        .malformed, "wf_increment \(increment) and wf_start_offset \(start) are no times of a record",
        column: name)
    }
    return TimeBase(start: Quantity(si: startTime), interval: Quantity(si: interval))
  }

  /// LabVIEW writes an increment of 1 and no start time when nobody set the times.
  static func note(_ object: TDMSObject, _ timeBase: TimeBase?) -> ReadingNote? {
    guard let timeBase else {
      return ReadingNote(
        code: "no-times", message: "the channels have no wf_increment, so that no times are known")
    }
    guard timeBase.interval.si == 1, timeBase.start.si == 0, object["wf_xunit_string"] == nil else {
      return nil
    }
    return ReadingNote(
      code: "interval-unset",
      message: "wf_increment is 1 s, which LabVIEW also writes when the times were never set")
  }
}
