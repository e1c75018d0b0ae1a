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

  /// Options from the units given by the user.
  public init(columnUnits: [String: UnitOfMeasure] = [:]) { self.columnUnits = columnUnits }
}

/// A driver: one file format of one family of instruments.
public struct Instrument: Sendable {
  /// A stable name of lower-case letters, digits and hyphens.
  public let id: String
  /// The instruments in words.
  public let title: String
  /// Looks at content, never at the file name, and never traps.
  public let recognize: @Sendable (SourceFile) -> Claim
  /// Reads a file as one measurement; throws for everything that is not a loop of this format.
  public let read: @Sendable (SourceFile, ReadingOptions) throws(ReadError) -> LoopMeasurement
  /// Writes a measurement in this format; nil when the driver only reads.
  public let write: (@Sendable (LoopMeasurement) throws(ReadError) -> [UInt8])?

  /// A driver from its parts.
  public init(
    id: String, title: String, recognize: @escaping @Sendable (SourceFile) -> Claim,
    read: @escaping @Sendable (SourceFile, ReadingOptions) throws(ReadError) -> LoopMeasurement,
    write: (@Sendable (LoopMeasurement) throws(ReadError) -> [UInt8])? = nil
  ) {
    self.id = id
    self.title = title
    self.recognize = recognize
    self.read = read
    self.write = write
  }
}
