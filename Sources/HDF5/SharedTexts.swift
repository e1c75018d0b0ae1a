// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Appends texts to a dataset in which the same ones come again and again.
///
/// libhdf5 stores every text anew, which for hundreds of short ones takes longer than for thousands of numbers. Here a
/// text is stored by it once, and every other element refers to the same place; to readers it is a dataset of texts like
/// any other.
public final class SharedTexts {
  private let dataset: HDF5Dataset
  /// The place in `known` of each text that is known.
  private var numbers: [Spelling: Int] = [:]
  private var known: [Known] = []
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
    if known.count > Self.limit { forget() }
    let start = try dataset.extend(by: texts.count)
    var found: [Int] = []
    found.reserveCapacity(texts.count)
    var new: [Int] = []
    var last = 0
    for (offset, text) in texts.enumerated() {
      let spelling = Spelling(text: text)
      // Rows resemble each other, and so do the cells of a column such as that of units: mostly the text that followed the
      // last one before follows it again, or the last one itself.
      if last < known.count, known[known[last].next].spelling == spelling {
        last = known[last].next
      } else {
        let number: Int
        if let other = numbers[spelling] {
          number = other
        } else {
          number = known.count
          numbers[spelling] = number
          known.append(Known(spelling: spelling, next: number))
          new.append(offset)
        }
        known[last].next = number
        last = number
      }
      found.append(last)
    }
    if !new.isEmpty {
      do throws(HDF5Error) { try learn(texts, new, from: start) } catch {
        // What has a number and no place must not be taken for known.
        forget()
        throw error
      }
    }
    try put(found, from: start)
  }

  private func forget() {
    numbers = [:]
    known = []
  }

  private func put(_ found: [Int], from start: Int) throws(HDF5Error) {
    let end = start + found.count
    let blockCount = dataset.blockCount
    var position = start
    while position < end {
      let number = position / blockCount
      var elements = try self.elements(ofBlock: number, upTo: position % blockCount)
      last = nil
      let next = min(end, (number + 1) * blockCount)
      for place in position..<next { elements[place % blockCount] = known[found[place - start]].place }
      try dataset.replaceBlock(number, with: elements)
      last = (number, elements)
      position = next
    }
  }

  /// Has libhdf5 store the texts at `new`, and looks where they went.
  private func learn(_ texts: [String], _ new: [Int], from start: Int) throws(HDF5Error) {
    try dataset.write(new.map { texts[$0] }, at: new.map { start + $0 })
    last = nil
    let first = known.count - new.count
    var number = -1
    var elements: [TextPlace] = []
    for (order, offset) in new.enumerated() {
      let position = start + offset
      if position / dataset.blockCount != number {
        number = position / dataset.blockCount
        elements = try dataset.block(number)
      }
      known[first + order].place = elements[position % dataset.blockCount]
    }
  }

  /// The elements of a block of which the first `count` are written.
  private func elements(ofBlock number: Int, upTo count: Int) throws(HDF5Error) -> [TextPlace] {
    if count == 0 { return [TextPlace](repeating: TextPlace(), count: dataset.blockCount) }
    if let last, last.number == number { return last.elements }
    return try dataset.block(number)
  }
}

/// A text that is in the file.
private struct Known {
  let spelling: Spelling
  /// The place in `known` of the text that came after it the last time.
  var next: Int
  /// Where the text is, as an element of the file refers to it.
  var place = TextPlace()
}

/// A text by its bytes; to `String` an é is the same whether it is one character or an e with an accent.
private struct Spelling: Hashable {
  let text: String

  static func == (left: Spelling, right: Spelling) -> Bool {
    // Texts known as they stand are compared as bytes, others one character after the other.
    let isSame = unsafe left.text.utf8.withContiguousStorageIfAvailable { left in
      unsafe right.text.utf8.withContiguousStorageIfAvailable { right in
        guard left.count == right.count else { return false }
        guard let left = unsafe left.baseAddress, let other = unsafe right.baseAddress else { return true }
        return unsafe memcmp(left, other, right.count) == 0
      }
    }
    if case .some(.some(let isSame)) = isSame { return isSame }
    return left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What a dataset of texts holds for an element: the text's length and its place in the file's heap, 16 bytes.
struct TextPlace: BitwiseCopyable {
  private var words = (UInt64(0), UInt64(0))
}
