// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Testing

@Suite struct DigestTableTests {
  private func digest(_ number: Int) -> ContentHash { ContentHash(of: Array("\(number)".utf8)) }

  @Test func everyDigestKeepsTheNumberThatItGotFirst() {
    var table = DigestTable()
    #expect(table[digest(0)] == nil)
    for number in 0..<5000 { #expect(table.insert(digest(number), 3 * number) == nil) }
    for number in 0..<5000 { #expect(table.insert(digest(number), 1) == 3 * number) }
    #expect(table.count == 5000)
    #expect((0..<5000).allSatisfy { table[digest($0)] == 3 * $0 })
    #expect((5000..<10_000).allSatisfy { table[digest($0)] == nil })
  }

  // Their places begin with the last one; the search goes on at the front.
  @Test func digestsThatBeginAlikeAreToldApart() throws {
    var table = DigestTable()
    let digests = try (0..<60).map { number in
      try #require(
        ContentHash(
          bytes: [UInt8](repeating: 255, count: 8) + [UInt8(number)] + [UInt8](repeating: 0, count: 23)))
    }
    for (number, digest) in digests.enumerated() { table.insert(digest, number) }
    #expect(digests.map { table[$0] } == Array(0..<60))
  }
}
