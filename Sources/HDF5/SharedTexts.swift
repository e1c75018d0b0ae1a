// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Texts on their way to a dataset in which the same ones come again and again, each by its number.
public struct NumberedTexts: Sendable {
  private var numbers: [Spelling: Int] = [:]
  private var known: [Known] = []
  /// The number of each text that was appended.
  private(set) var cells: [Int] = []
  /// Rises when numbers are given anew.
  private(set) var edition = 0
  private var newRoom = 0
  private var knownByteCount = 0

  /// A text that has a number.
  private struct Known: Sendable {
    let spelling: Spelling
    /// As `appendText` writes it.
    let encoded: [UInt8]
    /// The number of the other text that came after it the last time.
    var next: Int
  }

  /// When more than this is known, most of it came once and is not worth the memory.
  private static let limits = (count: 4096, byteCount: 1 << 20)

  /// No texts.
  public init() {}

  /// How many texts were appended.
  public var count: Int { cells.count }

  /// How much a file grows by them, at most, but for blocks that are begun.
  public var room: Int { 16 * cells.count + newRoom }

  /// Appends a text as it can be stored.
  public mutating func append(_ text: String) {
    // A column such as that of units has the same text again and again, and rows resemble each other: mostly what followed
    // another text before follows it again.
    let spelling = Spelling(text: text)
    let last = cells.last ?? 0
    if last < known.count {
      let next = known[last].next
      if known[last].spelling == spelling { return cells.append(last) }
      if known[next].spelling == spelling { return cells.append(next) }
    }
    let number = number(of: storable(text))
    if last < known.count { known[last].next = number }
    cells.append(number)
  }

  private mutating func number(of text: String) -> Int {
    let spelling = Spelling(text: text)
    if let number = numbers[spelling] { return number }
    var encoded: [UInt8] = []
    appendText(text, to: &encoded)
    numbers[spelling] = known.count
    known.append(Known(spelling: spelling, encoded: encoded, next: known.count))
    newRoom += textRoom(encoded.count)
    knownByteCount += encoded.count
    return known.count - 1
  }

  /// Appends the texts of a range to a message, each after its length.
  public func encode(_ range: Range<Int>, into message: inout [UInt8]) {
    for number in cells[range] { message += known[number].encoded }
  }

  /// Takes all texts out; they are still known when they come again.
  public mutating func removeAll() {
    cells.removeAll(keepingCapacity: true)
    newRoom = 0
    guard known.count > Self.limits.count || knownByteCount > Self.limits.byteCount else { return }
    (numbers, known, knownByteCount) = ([:], [], 0)
    edition += 1
  }

  /// The text of a number.
  func text(_ number: Int) -> String { known[number].spelling.text }

  /// How many texts have numbers.
  var knownCount: Int { known.count }
}

/// Appends texts to a dataset in which the same ones come again and again.
///
/// libhdf5 stores every text anew, which for hundreds of short ones takes longer than for thousands of numbers. Here a
/// text is stored by it once, and every other element refers to the same place; to readers it is a dataset of texts like
/// any other.
public final class SharedTexts {
  private let dataset: HDF5Dataset
  /// Where the texts of an edition are, by their numbers; nil while they are not in the file.
  private var places: [TextPlace?] = []
  private var edition = 0
  /// The block that is not full yet, and which it is; nil when that is not known.
  private var last: (number: Int, elements: [TextPlace])?

  /// Appends to a dataset of texts that is stored in blocks and not compressed; traps for another.
  public init(_ dataset: HDF5Dataset) {
    precondition(dataset.type == .text && dataset.blockByteCount > 0, "\(dataset.path) does not hold texts")
    self.dataset = dataset
  }

  /// Appends texts at the end, always those of the same variable.
  public func append(_ texts: NumberedTexts) throws(HDF5Error) {
    guard texts.count > 0 else { return }
    if texts.edition != edition { (places, edition) = ([], texts.edition) }
    let start = try dataset.extend(by: texts.count)
    places += Array(repeating: nil, count: texts.knownCount - places.count)
    var new: [Int] = []
    for (offset, number) in texts.cells.enumerated() where places[number] == nil {
      // Found in its place when it is stored.
      places[number] = TextPlace()
      new.append(offset)
    }
    if !new.isEmpty {
      do throws(HDF5Error) { try store(texts, new, from: start) } catch {
        // What is not in the file must not be taken for known.
        places = []
        throw error
      }
    }
    try put(texts.cells, from: start)
  }

  private func put(_ numbers: [Int], from start: Int) throws(HDF5Error) {
    let end = start + numbers.count
    let blockCount = dataset.blockCount
    var position = start
    while position < end {
      let block = position / blockCount
      var elements = try self.elements(ofBlock: block, upTo: position % blockCount)
      last = nil
      let next = min(end, (block + 1) * blockCount)
      for place in position..<next {
        guard let found = places[numbers[place - start]] else {
          preconditionFailure("a text that is not stored")
        }
        elements[place - block * blockCount] = found
      }
      try dataset.replaceBlock(block, with: elements)
      last = (block, elements)
      position = next
    }
  }

  /// Has libhdf5 store the texts at `new`, and looks where they went.
  private func store(_ texts: NumberedTexts, _ new: [Int], from start: Int) throws(HDF5Error) {
    try dataset.write(new.map { texts.text(texts.cells[$0]) }, at: new.map { start + $0 })
    last = nil
    var block = -1
    var elements: [TextPlace] = []
    for offset in new {
      let position = start + offset
      if position / dataset.blockCount != block {
        block = position / dataset.blockCount
        elements = try dataset.block(block)
      }
      places[texts.cells[offset]] = elements[position % dataset.blockCount]
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
private struct Spelling: Hashable, Sendable {
  let text: String

  static func == (left: Spelling, right: Spelling) -> Bool {
    // Texts known as they stand are compared as bytes, others one character after the other.
    let isSame = unsafe left.text.utf8.withContiguousStorageIfAvailable { one in
      unsafe right.text.utf8.withContiguousStorageIfAvailable { other in
        guard one.count == other.count else { return false }
        guard let first = one.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(first, second, one.count) == 0
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
