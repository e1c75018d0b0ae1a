// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// How sure a driver is that a file is its own.
public enum Recognition: Int, Comparable, Hashable, Sendable, CaseIterable {
  /// Not this driver's format.
  case no
  /// Could be; nothing in the file says so unmistakably.
  case plausible
  /// The content carries this format's mark.
  case certain

  /// Orders by sureness.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// `no`, `plausible` or `certain`.
  public var name: String {
    switch self {
    case .no: "no"
    case .plausible: "plausible"
    case .certain: "certain"
    }
  }
}

/// A driver's answer to a file, with its reason.
public struct Claim: Hashable, Sendable {
  /// How sure the driver is.
  public let recognition: Recognition
  /// What in the file made it so, in one sentence.
  public let reason: String

  /// A claim from its parts.
  public init(_ recognition: Recognition, _ reason: String) {
    self.recognition = recognition
    self.reason = reason
  }
}

/// What the user says about a file beyond its bytes.
public struct ReadingOptions: Hashable, Sendable {
  /// Units for columns whose header has none, by column name as the file spells it.
  public var columnUnits: [String: UnitOfMeasure]
  /// Which block to read of a file that holds several, by the name that the file has for it.
  public var block: String?

  /// Options from what the user gave.
  public init(columnUnits: [String: UnitOfMeasure] = [:], block: String? = nil) {
    self.columnUnits = columnUnits
    self.block = block
  }
}

/// What a driver reads out of a file.
public enum InstrumentRecord: Hashable, Sendable {
  /// Field and response.
  case loop(LoopMeasurement)
  /// Voltages against time.
  case waveform(WaveformMeasurement)
}

/// A driver: one file format of one family of instruments, of loops or of waveforms.
public struct Instrument: Sendable {
  /// Reads a file as one loop; throws for everything that is not one of this format.
  public typealias LoopReader = @Sendable (SourceFile, ReadingOptions) throws(ReadError) -> LoopMeasurement
  /// Reads a file as one waveform record; throws for everything that is not one of this format.
  public typealias WaveformReader =
    @Sendable (SourceFile, ReadingOptions) throws(ReadError) -> WaveformMeasurement

  private enum Reader {
    case loop(LoopReader)
    case waveform(WaveformReader)
  }

  /// A stable name of lower-case letters, digits and hyphens.
  public let id: String
  /// The instruments in words.
  public let title: String
  /// Looks at content, never at the file name, and never traps.
  public let recognize: @Sendable (SourceFile) -> Claim
  private let reader: Reader
  /// Whether a file of this format can hold several blocks, of which the user names one.
  private let hasBlocks: Bool
  /// Writes a loop in this format; nil when the driver only reads, or reads waveforms.
  public let write: (@Sendable (LoopMeasurement) throws(ReadError) -> [UInt8])?
  /// Writes a waveform record in this format; nil when the driver only reads, or reads loops.
  public let writeWaveform: (@Sendable (WaveformMeasurement) throws(ReadError) -> [UInt8])?

  /// A driver of loops from its parts; `hasBlocks` where one file can hold several that are read one by one.
  public init(
    id: String, title: String, hasBlocks: Bool = false,
    recognize: @escaping @Sendable (SourceFile) -> Claim, read: @escaping LoopReader,
    write: (@Sendable (LoopMeasurement) throws(ReadError) -> [UInt8])? = nil
  ) {
    self.id = id
    self.title = title
    self.recognize = recognize
    reader = .loop(read)
    self.hasBlocks = hasBlocks
    self.write = write
    writeWaveform = nil
  }

  /// A driver of waveforms from its parts.
  public init(
    id: String, title: String, recognize: @escaping @Sendable (SourceFile) -> Claim,
    readWaveform: @escaping WaveformReader,
    writeWaveform: (@Sendable (WaveformMeasurement) throws(ReadError) -> [UInt8])? = nil
  ) {
    self.id = id
    self.title = title
    self.recognize = recognize
    reader = .waveform(readWaveform)
    hasBlocks = false
    write = nil
    self.writeWaveform = writeWaveform
  }

  /// Whether the driver reads voltages against time instead of loops.
  public var readsWaveforms: Bool {
    switch reader {
    case .loop: false
    case .waveform: true
    }
  }

  /// Reads a file as what the driver reads.
  public func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> InstrumentRecord {
    try requireBlocks(options)
    return switch reader {
    case .loop(let read): .loop(try read(file, options))
    case .waveform(let read): .waveform(try read(file, options))
    }
  }

  /// Reads a file as one loop; throws `notALoop` when the driver reads waveforms.
  public func readLoop(_ file: SourceFile, _ options: ReadingOptions) throws(ReadError) -> LoopMeasurement {
    guard case .loop(let read) = reader else {
      throw ReadError(
        .notALoop, "the file holds voltages against time (\(title)), where a loop is needed")
    }
    try requireBlocks(options)
    return try read(file, options)
  }

  /// Reads a file as one waveform record; throws `notAWaveform` when the driver reads loops.
  public func readWaveform(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> WaveformMeasurement {
    guard case .waveform(let read) = reader else {
      throw ReadError(
        .notAWaveform, "the file holds a loop (\(title)), where voltages against time are needed")
    }
    try requireBlocks(options)
    return try read(file, options)
  }

  /// Throws when a block is named and files of this format have none.
  private func requireBlocks(_ options: ReadingOptions) throws(ReadError) {
    guard let block = options.block, !hasBlocks else { return }
    throw ReadError(
      .block,
      "there is no block “\(block)”: a file of this format (\(title)) is one measurement; leave out --block")
  }
}
