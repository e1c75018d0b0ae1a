// SPDX-License-Identifier: GPL-3.0-or-later

/// An even choice of at most so many elements of a sequence whose length is not known beforehand.
///
/// It keeps every element, then every second one, then every fourth.
struct EvenChoice<Element: Sendable>: Sendable {
  /// The elements kept, in order.
  private(set) var elements: [Element] = []
  /// How many there were.
  private(set) var count = 0
  private let limit: Int
  private var stride = 1

  /// An empty choice of 2 or more elements.
  init(limit: Int) {
    precondition(limit >= 2, "a choice of \(limit) elements")
    self.limit = limit
  }

  /// Takes the next element of the sequence, made only when it is kept.
  mutating func add(_ element: () -> Element) {
    if count.isMultiple(of: stride) {
      if elements.count == limit {
        elements = elements.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        stride *= 2
      }
      if count.isMultiple(of: stride) { elements.append(element()) }
    }
    count += 1
  }
}

/// The worst pieces of a lot, in the order in which they came.
struct WorstPieces: Sendable {
  /// A piece with its number in the lot, counted from 1.
  struct Entry: Sendable {
    let number: Int
    let piece: LotPiece
  }

  private var kept: [Entry] = []
  private let limit: Int

  /// None yet of at most so many pieces.
  init(limit: Int) { self.limit = limit }

  mutating func add(_ piece: LotPiece, number: Int) {
    kept.append(Entry(number: number, piece: piece))
    if kept.count >= 2 * limit { kept = entries }
  }

  /// At most as many as asked for; among equals the first.
  var entries: [Entry] {
    guard kept.count > limit else { return kept }
    return kept.sorted { ($0.piece.rank, $0.number) < ($1.piece.rank, $1.number) }.prefix(limit)
      .sorted { $0.number < $1.number }
  }
}
