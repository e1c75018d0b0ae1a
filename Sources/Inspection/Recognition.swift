// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
public import Measurements

/// A driver as it is listed for people.
public struct InstrumentSummary: Hashable, Sendable {
  /// Its id.
  public let id: String
  /// The instruments in words.
  public let title: String
  /// Whether it can write files too.
  public let writes: Bool
}

/// The drivers, in the order of the registry.
public var instrumentSummaries: [InstrumentSummary] {
  allInstruments.map { InstrumentSummary(id: $0.id, title: $0.title, writes: $0.write != nil) }
}

/// Each driver's claim to a file, the strongest first; throws when the file cannot be read.
public func claims(toFile path: String) throws(ReadError) -> [(instrumentID: String, claim: Claim)] {
  let file = try readSourceFile(path)
  return allInstruments.map { ($0.id, $0.recognize(file)) }.sorted { $0.1.recognition > $1.1.recognition }
}
