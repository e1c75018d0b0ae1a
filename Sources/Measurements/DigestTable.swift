// SPDX-License-Identifier: GPL-3.0-or-later

/// Numbers by digests, of which a run over a whole lot keeps one for every file: some 50 bytes each.
public struct DigestTable: Sendable {
  private var digests: [ContentHash] = []
  /// The number of each digest; negative where there is none.
  private var numbers: [Int32] = []
  /// How many digests have a number.
  public private(set) var count = 0

  /// No digests.
  public init() {}

  /// The number of a digest; nil when it has none.
  public subscript(digest: ContentHash) -> Int? {
    guard !numbers.isEmpty else { return nil }
    let number = numbers[place(of: digest)]
    return number < 0 ? nil : Int(number)
  }

  /// Gives a digest a number unless it has one; returns the one that it had.
  ///
  /// Traps for a number of more than 31 bits.
  @discardableResult
  public mutating func insert(_ digest: ContentHash, _ number: Int) -> Int? {
    precondition((0...Int(Int32.max)).contains(number), "\(number) is no number of a digest")
    if let known = self[digest] { return known }
    if 5 * (count + 1) > 4 * numbers.count { grow() }
    put(digest, Int32(number))
    count += 1
    return nil
  }

  /// Where a digest is, or the free place where it would be.
  private func place(of digest: ContentHash) -> Int {
    // The bytes of a digest are as good as random.
    var place = Int(digest.mark.multipliedFullWidth(by: UInt64(numbers.count)).high)
    while numbers[place] >= 0, digests[place] != digest {
      place = place + 1 == numbers.count ? 0 : place + 1
    }
    return place
  }

  private mutating func put(_ digest: ContentHash, _ number: Int32) {
    let place = place(of: digest)
    (digests[place], numbers[place]) = (digest, number)
  }

  /// By a quarter, so that memory follows the number of digests.
  private mutating func grow() {
    let before = (digests, numbers)
    let count = max(64, numbers.count + numbers.count / 4)
    digests = Array(repeating: ContentHash(of: []), count: count)
    numbers = Array(repeating: -1, count: count)
    for (digest, number) in zip(before.0, before.1) where number >= 0 { put(digest, number) }
  }
}
