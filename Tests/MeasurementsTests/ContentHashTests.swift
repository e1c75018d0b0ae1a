// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import TestSupport
import Testing

/// Vectors of FIPS 180-4 and its published examples.
@Suite struct ContentHashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func digestsAgreeWithTheStandard(_ text: String, _ digest: String) {
    #expect(ContentHash(of: Array(text.utf8)).hexadecimal == digest)
  }

  @Test func millionLettersAgreeWithTheStandardInPieces() {
    var hasher = ContentHasher()
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
    for _ in 0..<1000 { hasher.update(piece) }
    #expect(
      hasher.digest().hexadecimal == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesGiveTheDigestOfTheWhole() {
    let bytes = SeededNumbers.uniform(300, seed: 3).map { UInt8($0 * 256) }
    for cut in [0, 1, 55, 56, 63, 64, 65, 128, 299, 300] {
      var hasher = ContentHasher()
      hasher.update(Array(bytes[..<cut]))
      // Asking in between must not disturb what follows.
      #expect(hasher.digest() == ContentHash(of: Array(bytes[..<cut])))
      hasher.update([])
      hasher.update(Array(bytes[cut...]))
      #expect(hasher.digest() == ContentHash(of: bytes))
    }
  }

  @Test func storedDigestsHaveThirtyTwoBytes() throws {
    let hash = ContentHash(of: [1, 2, 3])
    #expect(try #require(ContentHash(bytes: hash.bytes)) == hash)
    #expect(ContentHash(bytes: []) == nil)
    #expect(ContentHash(bytes: Array(hash.bytes.dropLast())) == nil)
    #expect(ContentHash(bytes: hash.bytes + [0]) == nil)
  }
}
