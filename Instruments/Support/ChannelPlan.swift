// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Which columns of a file are channels of a waveform, and in which units.
struct ChannelPlan {
  /// A column that is read.
  struct Channel {
    /// Its position in the file.
    let index: Int
    /// The channel's name, of which there is one.
    let name: String
    let unit: UnitOfMeasure
  }

  /// At least one.
  let channels: [Channel]
  /// The column of the times, when the plan was made with one.
  let time: Channel?

  /// Chooses the columns of volts and amperes.
  ///
  /// A column of another unit is left out with a note. One without a known unit is an error, unless the user has
  /// stated a unit of some channel and so chosen: then it is left out with a note.
  init(
    _ columns: [(index: Int, column: ColumnName)], time: (index: Int, column: ColumnName)? = nil,
    _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    try requireStatedColumns(options, among: (time.map { [$0.column] } ?? []) + columns.map(\.column))
    let signal: [PhysicalDimension] = [.voltage, .current]
    var faults: [(column: ColumnName, dimensions: [PhysicalDimension])] = []
    if let time, time.column.unit(options)?.dimension != .time { faults.append((time.column, [.time])) }
    let isChosen = columns.contains { _, column in
      let stated = options.columnUnits[column.spelled] ?? options.columnUnits[column.name]
      return stated.map { signal.contains($0.dimension) } ?? false
    }
    var found: [(index: Int, column: ColumnName, unit: UnitOfMeasure)] = []
    for (index, column) in columns {
      let unit = column.unit(options)
      if let unit, signal.contains(unit.dimension) {
        found.append((index, column, unit))
      } else if unit != nil || isChosen {
        let what = unit.map { "is in \($0.symbol)" } ?? "has no known unit"
        notes.append(
          ReadingNote(
            code: "channel-left-out",
            message: "“\(column.spelled)” \(what) and is not read as a voltage or a current"))
      } else {
        faults.append((column, signal))
      }
    }
    if let fault = faults.first {
      let error = fault.column.unitError(fault.dimensions)
      let others = faults.dropFirst().map {
        "--unit \"\($0.column.spelled)=\($0.dimensions == [.time] ? "s" : "V")\""
      }
      throw ReadError(
        .unit, error.detail + (others.isEmpty ? "" : ", beside " + others.joined(separator: " ")),
        column: fault.column.spelled)
    }
    guard !found.isEmpty else {
      let names = columns.map { "“\($0.column.spelled)”" }.joined(separator: ", ")
      throw ReadError(
        .missingColumn,
        names.isEmpty ? "there is no channel beside the time" : "none of the channels (\(names)) is in V or A"
      )
    }
    for (_, column, unit) in found where unit != column.headerUnit {
      notes.append(.stated(unit, for: column))
    }
    if let time, let unit = time.column.unit(options) {
      if unit != time.column.headerUnit { notes.append(.stated(unit, for: time.column)) }
      self.time = Channel(index: time.index, name: time.column.name, unit: unit)
    } else {
      self.time = nil
    }
    channels = try Self.named(found)
  }

  /// Gives each column a name of its own: without the unit where that tells them apart, else as it is spelled.
  private static func named(
    _ columns: [(index: Int, column: ColumnName, unit: UnitOfMeasure)]
  ) throws(ReadError) -> [Channel] {
    var uses: [String: Int] = [:]
    for (_, column, _) in columns { uses[column.name, default: 0] += 1 }
    var taken: Set<String> = []
    var channels: [Channel] = []
    for (place, (index, column, unit)) in columns.enumerated() {
      let short = column.name.isEmpty ? "\(place + 1)" : column.name
      let name = uses[column.name] == 1 || column.name.isEmpty ? short : column.spelled
      guard taken.insert(name).inserted else {
        throw ReadError(.malformed, "two channels are called “\(name)”; rename one of them", column: name)
      }
      channels.append(Channel(index: index, name: name, unit: unit))
    }
    return channels
  }
}

extension ReadingNote {
  /// For a unit that only the user knows.
  static func stated(_ unit: UnitOfMeasure, for column: ColumnName) -> ReadingNote {
    ReadingNote(
      code: "unit-stated", message: "“\(column.spelled)” is read in \(unit.symbol), as stated by the user")
  }
}

extension WaveformChannel {
  /// A channel from numbers in a unit of voltage or current.
  init(_ name: String, _ values: [Double], in unit: UnitOfMeasure) {
    let si = unit.si(values)
    self.init(name, unit.dimension == .current ? .current(Series(si: si)) : .voltage(Series(si: si)))
  }
}

extension TableRows {
  /// The channels of a plan, all numbers finite.
  func channels(_ plan: ChannelPlan) throws(ReadError) -> [WaveformChannel] {
    try plan.channels.map { planned throws(ReadError) in
      let channel = WaveformChannel(planned.name, numbers(of: planned.index), in: planned.unit)
      try requireFinite(channel.signal.si, lines: lines, column: planned.name)
      return channel
    }
  }

  /// The times of a column.
  func times(_ column: ChannelPlan.Channel) -> PrintedTimes {
    PrintedTimes(values: numbers(of: column.index), unit: column.unit, lines: lines, column: column.name)
  }
}
