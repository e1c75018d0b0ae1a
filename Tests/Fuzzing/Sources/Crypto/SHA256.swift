// SPDX-License-Identifier: GPL-3.0-or-later

/// Stands in for swift-crypto, which takes longer to build than all parsers together; no parser asks for a digest.
public struct SHA256: Sendable {
  /// The bytes of a digest.
  public static let byteCount = 32
  private var sum: UInt8 = 0

  /// Nothing hashed yet.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(data: [UInt8]) { for byte in data { sum &+= byte } }

  /// A digest that is good for nothing.
  public func finalize() -> [UInt8] { Array(repeating: sum, count: Self.byteCount) }

  /// The digest of some bytes.
  public static func hash(data: [UInt8]) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(data: data)
    return hasher.finalize()
  }
}
