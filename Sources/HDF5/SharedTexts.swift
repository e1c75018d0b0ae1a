// SPDX-License-Identifier: GPL-3.0-or-later

/// Appends texts to a dataset in which the same ones come again and again.
///
/// libhdf5 stores every text anew, which for hundreds of short ones takes longer than for thousands of numbers. Here a
/// text is stored by it once, and every other element refers to the same place; to readers it is a dataset of texts like
/// any other.
public final class SharedTexts {
  private let dataset: HDF5Dataset
  /// The place in `places` of each text that is known.
  private var numbers: [Spelling: Int] = [:]
  /// Where texts are, as an element of the file refers to them.
  private var places: [TextPlace] = []
  /// The block that is not full yet, and which it is; nil when that is not known.
  private var last: (number: Int, elements: [TextPlace])?

  /// When more texts than these are known, none repeats often enough to be worth the memory.
  private static let limit = 4096

  /// Appends to a dataset of texts that is stored in blocks and not compressed; traps for another.
  public init(_ dataset: HDF5Dataset) {
    precondition(dataset.type == .text && dataset.blockByteCount > 0, "\(dataset.path) does not hold texts")
    self.dataset = dataset
  }

  /// Appends texts at the end; throws when one contains a zero character.
  public func append(_ texts: [String]) throws(HDF5Error) {
    guard !texts.isEmpty else { return }
    if places.count > Self.limit { forget() }
    let start = try dataset.extend(by: texts.count)
    var found: [Int] = []
    found.reserveCapacity(texts.count)
    var new: [Int] = []
    var previous: Spelling?
    for (offset, text) in texts.enumerated() {
      let spelling = Spelling(text: text)
      // A column such as that of units has one text only.
      if spelling == previous {
        found.append(found[offset - 1])
      } else if let number = numbers[spelling] {
        found.append(number)
      } else {
        let number = places.count + new.count
        numbers[spelling] = number
        found.append(number)
        new.append(offset)
      }
      previous = spelling
    }
    if !new.isEmpty {
      do throws(HDF5Error) { try learn(texts, new, from: start) } catch {
        // What has a number and no place must not be taken for known.
        forget()
        throw error
      }
    }
    try put(found.map { places[$0] }, from: start)
  }

  private func forget() {
    numbers = [:]
    places = []
  }

  private func put(_ found: [TextPlace], from start: Int) throws(HDF5Error) {
    let end = start + found.count
    let blockCount = dataset.blockCount
    var position = start
    while position < end {
      let number = position / blockCount
      var elements = try self.elements(ofBlock: number, upTo: position % blockCount)
      last = nil
      let next = min(end, (number + 1) * blockCount)
      for place in position..<next { elements[place % blockCount] = found[place - start] }
      try dataset.replaceBlock(number, with: elements)
      last = (number, elements)
      position = next
    }
  }

  /// Has libhdf5 store the texts at `new`, and looks where they went.
  private func learn(_ texts: [String], _ new: [Int], from start: Int) throws(HDF5Error) {
    try dataset.write(new.map { texts[$0] }, at: new.map { start + $0 })
    last = nil
    var number = -1
    var elements: [TextPlace] = []
    for offset in new {
      let position = start + offset
      if position / dataset.blockCount != number {
        number = position / dataset.blockCount
        elements = try dataset.block(number)
      }
      places.append(elements[position % dataset.blockCount])
    }
  }

  /// The elements of a block of which the first `count` are written.
  private func elements(ofBlock number: Int, upTo count: Int) throws(HDF5Error) -> [TextPlace] {
    if count == 0 { return [TextPlace](repeating: TextPlace(), count: dataset.blockCount) }
    if let last, last.number == number { return last.elements }
    return try dataset.block(number)
  }
}

/// A text by its bytes; to `String` an é is the same whether it is one character or an e with an accent.
private struct Spelling: Hashable {
  let text: String

  static func == (left: Spelling, right: Spelling) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What a dataset of texts holds for an element: the text's length and its place in the file's heap, 16 bytes.
struct TextPlace: BitwiseCopyable {
  private var words = (UInt64(0), UInt64(0))
}
