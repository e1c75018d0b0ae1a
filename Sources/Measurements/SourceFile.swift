// SPDX-License-Identifier: GPL-3.0-or-later
internal import Crypto

/// The bytes of one instrument file with the name they were found under.
public struct SourceFile: Sendable {
  /// The path or name as the user gave it.
  public let name: String
  /// The whole file, unchanged.
  public let bytes: [UInt8]
  /// The digest of `bytes`, computed once for all who ask.
  public let hash: ContentHash

  /// A file from its name and bytes.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    hash = ContentHash(of: bytes)
  }
}

/// A SHA-256 digest (FIPS 180-4).
public struct ContentHash: Hashable, Sendable {
  /// The bytes, eight in each number, the first the least significant: a lot keeps one of every file.
  private let words: SIMD4<UInt64>

  fileprivate init(_ digest: some Sequence<UInt8>) {
    var words = SIMD4<UInt64>()
    var word: UInt64 = 0
    for (place, byte) in digest.enumerated() {
      word = word >> 8 | UInt64(byte) << 56
      if place & 7 == 7 { words[place >> 3] = word }
    }
    self.words = words
  }

  /// The digest of some bytes.
  public init(of content: [UInt8]) { self.init(SHA256.hash(data: content)) }

  /// A digest that was stored as its 32 bytes; nil for another count.
  public init?(bytes: [UInt8]) {
    guard bytes.count == SHA256.byteCount else { return nil }
    self.init(bytes)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    (0..<32).map(byte)
  }

  private func byte(_ place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[place >> 3] >> (8 * UInt64(place & 7)))
  }

  /// The first eight bytes as a number, the first of them the least significant.
  public var mark: UInt64 { words[0] }

  /// A digest from its 64 hexadecimal digits; nil for anything else.
  public init?(hexadecimal: String) {
    let digits = hexadecimal.utf8.map { Character(UnicodeScalar($0)).hexDigitValue ?? -1 }
    guard digits.count == 64, digits.allSatisfy({ $0 >= 0 }) else { return nil }
    self.init(bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }

  /// 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(64)
    func append(_ half: UInt8) { digits.append(half + (half < 10 ? 48 : 87)) }
    for place in 0..<32 {
      append(byte(place) >> 4)
      append(byte(place) & 15)
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

/// A SHA-256 digest that is fed piece by piece.
public struct ContentHasher: Sendable {
  private var state = SHA256()

  /// An empty message.
  public init() {}

  /// Appends bytes to the message.
  public mutating func update(_ content: [UInt8]) { state.update(data: content) }

  /// The digest of what was fed so far.
  public func digest() -> ContentHash { ContentHash(state.finalize()) }
}
