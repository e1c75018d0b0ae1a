// SPDX-License-Identifier: GPL-3.0-or-later

/// A number as people write it, `915` or `915.0`; always finite.
///
/// The type of every numeric field: TOML tells integers and floats apart, and people do not.
public struct TOMLNumber: Decodable, Hashable, Sendable {
  /// The number, in the unit that the key names.
  public let value: Double

  /// Reads an integer or a float; throws for anything else and for nan and inf.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value =
      if let whole = try? container.decode(Int.self) {
        Double(whole)
      } else {
        try container.decode(Double.self)
      }
    guard value.isFinite else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(value) is not finite")
    }
  }
}
