// SPDX-License-Identifier: GPL-3.0-or-later

/// Appends texts to a dataset in which the same ones come again and again.
///
/// libhdf5 stores every text anew, which for hundreds of short ones takes longer than for thousands of numbers. Here a
/// text is stored by it once, and every other element refers to the same place; to readers it is a dataset of texts like
/// any other.
public final class SharedTexts {
  private let dataset: HDF5Dataset
  /// Where each text is, as an element of the file refers to it.
  private var places: [String: TextPlace] = [:]
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
    if places.count > Self.limit { places = [:] }
    let start = try dataset.extend(by: texts.count)
    var new: [(text: String, position: Int)] = []
    for (offset, text) in texts.enumerated() where places[text] == nil {
      places[text] = TextPlace()
      new.append((text, start + offset))
    }
    do {
      try learn(new)
    } catch {
      places = [:]
      throw error
    }
    let end = start + texts.count
    let blockCount = dataset.blockCount
    var position = start
    while position < end {
      let number = position / blockCount
      var elements = try self.elements(ofBlock: number, upTo: position % blockCount)
      let next = min(end, (number + 1) * blockCount)
      for place in position..<next {
        elements[place % blockCount] = places[texts[place - start]] ?? TextPlace()
      }
      try dataset.replaceBlock(number, with: elements)
      last = (number, elements)
      position = next
    }
  }

  /// Has libhdf5 store texts that are new, and looks where they went.
  private func learn(_ new: [(text: String, position: Int)]) throws(HDF5Error) {
    guard !new.isEmpty else { return }
    try dataset.write(new.map(\.text), at: new.map(\.position))
    var number = -1
    var elements: [TextPlace] = []
    for (text, position) in new {
      if position / dataset.blockCount != number {
        number = position / dataset.blockCount
        elements = try dataset.block(number)
      }
      places[text] = elements[position % dataset.blockCount]
    }
  }

  /// The elements of a block of which the first `count` are written.
  private func elements(ofBlock number: Int, upTo count: Int) throws(HDF5Error) -> [TextPlace] {
    if count == 0 { return [TextPlace](repeating: TextPlace(), count: dataset.blockCount) }
    if let last, last.number == number { return last.elements }
    return try dataset.block(number)
  }
}

/// What a dataset of texts holds for an element: the text's length and its place in the file's heap, 16 bytes.
struct TextPlace: BitwiseCopyable {
  private var words = (UInt64(0), UInt64(0))
}
