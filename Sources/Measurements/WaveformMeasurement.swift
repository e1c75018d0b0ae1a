// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The equally spaced times of a record, in s; zero is the trigger, where the file says when that was.
public struct TimeBase: Hashable, Sendable {
  /// The time of the first sample.
  public let start: Quantity<Time>
  /// The time from one sample to the next, above zero.
  public let interval: Quantity<Time>

  /// A time base from its parts; traps unless both are finite and the interval is above zero.
  public init(start: Quantity<Time>, interval: Quantity<Time>) {
    precondition(
      start.si.isFinite && interval.si.isFinite && interval.si > 0, "a time base of \(interval.si) s")
    self.start = start
    self.interval = interval
  }
}

/// What a recorder saw at one input.
public enum RecordedSignal: Hashable, Sendable {
  /// A voltage, V.
  case voltage(Series<Voltage>)
  /// A current, A.
  case current(Series<ElectricCurrent>)

  /// The numbers, in V or A.
  public var si: [Double] {
    switch self {
    case .voltage(let series): series.si
    case .current(let series): series.si
    }
  }

  /// The SI unit of the numbers.
  public var unit: SIUnit {
    switch self {
    case .voltage: Voltage.unit
    case .current: ElectricCurrent.unit
    }
  }
}

/// One channel of a record.
public struct WaveformChannel: Hashable, Sendable {
  /// The name as the file spells it; `1`, `2` … in file order where the file has none.
  public let name: String
  /// The samples, all finite.
  public var signal: RecordedSignal

  /// A channel from its parts.
  public init(_ name: String, _ signal: RecordedSignal) {
    self.name = name
    self.signal = signal
  }
}

/// What one file of an oscilloscope or recorder says: voltages against time, beside the untouched header.
///
/// All channels have the same count. Which of them saw what, and through which coil, no such file says: that is
/// in a `WaveformSetup`.
public struct WaveformMeasurement: Hashable, Sendable {
  /// The id of the driver that read the file.
  public var instrument: String
  /// The instrument's model or program as the file names it.
  public var model: String?
  /// When the measurement was made, local time without zone as ISO 8601, such as `2025-02-12T15:36:00`.
  public var measured: String?
  /// The header in file order, untouched.
  public var header: [HeaderEntry]
  /// What the header says of the specimen; never a placeholder value.
  public var sample: Sample
  /// When the samples were taken; nil when the file does not say.
  public var timeBase: TimeBase?
  /// The channels in file order, names unique.
  public var channels: [WaveformChannel]
  /// What the driver did that is not plain from the data.
  public var notes: [ReadingNote]

  /// A record from its parts; traps without a channel, or when channels differ in length or share a name.
  public init(
    instrument: String, model: String? = nil, measured: String? = nil, header: [HeaderEntry] = [],
    sample: Sample = Sample(), timeBase: TimeBase?, channels: [WaveformChannel], notes: [ReadingNote] = []
  ) {
    precondition(!channels.isEmpty, "a record without a channel")
    let counts = Set(channels.map(\.signal.si.count))
    precondition(counts.count == 1, "channels of \(counts.sorted()) samples in one record")
    precondition(Set(channels.map(\.name)).count == channels.count, "two channels of one name")
    self.instrument = instrument
    self.model = model
    self.measured = measured
    self.header = header
    self.sample = sample
    self.timeBase = timeBase
    self.channels = channels
    self.notes = notes
  }

  /// How many samples each channel has.
  public var count: Int { channels.first?.signal.si.count ?? 0 }
}
