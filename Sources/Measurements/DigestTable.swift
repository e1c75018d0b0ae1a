// SPDX-License-Identifier: GPL-3.0-or-later

/// Numbers by digests, of which a run over a whole lot keeps one for every file: some 35 bytes each.
///
/// Of a digest its first 16 bytes are kept. That two of 10⁹ files have these in common has a probability of 1.5e-21.
public struct DigestTable: Sendable {
  private struct Slot {
    var first: UInt64
    var second: UInt64
    /// Negative in a slot that is free.
    var number: Int
  }

  private var slots: [Slot] = []
  /// How many digests have a number.
  public private(set) var count = 0

  /// No digests.
  public init() {}

  /// The number of a digest; nil when it has none.
  public subscript(digest: ContentHash) -> Int? {
    let number = slots.isEmpty ? -1 : slots[place(of: digest.mark, digest.secondMark)].number
    return number < 0 ? nil : number
  }

  /// Gives a digest a number, at least 0, unless it has one; returns the one that it had.
  @discardableResult
  public mutating func insert(_ digest: ContentHash, _ number: Int) -> Int? {
    precondition(number >= 0, "\(number) is negative")
    if let known = self[digest] { return known }
    if 5 * (count + 1) > 4 * slots.count { grow() }
    put(Slot(first: digest.mark, second: digest.secondMark, number: number))
    count += 1
    return nil
  }

  /// Where a digest is, or the free slot where it would be.
  private func place(of first: UInt64, _ second: UInt64) -> Int {
    // The bytes of a digest are as good as random.
    var place = Int(first.multipliedFullWidth(by: UInt64(slots.count)).high)
    while slots[place].number >= 0, slots[place].first != first || slots[place].second != second {
      place = place + 1 == slots.count ? 0 : place + 1
    }
    return place
  }

  private mutating func put(_ slot: Slot) { slots[place(of: slot.first, slot.second)] = slot }

  /// By a quarter, so that memory follows the number of digests.
  private mutating func grow() {
    let before = slots
    slots = Array(
      repeating: Slot(first: 0, second: 0, number: -1), count: max(64, before.count + before.count / 4))
    for slot in before where slot.number >= 0 { put(slot) }
  }
}
