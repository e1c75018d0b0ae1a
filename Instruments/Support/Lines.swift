// SPDX-License-Identifier: GPL-3.0-or-later

/// The bytes that text files are cut at.
enum Byte {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let blank = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let comma = UInt8(ascii: ",")
  static let semicolon = UInt8(ascii: ";")
  static let point = UInt8(ascii: ".")
}

/// Walks over the lines of a file, whatever mixture of LF, CRLF and CR ends them.
struct LineScanner {
  /// Where the next line begins.
  private(set) var position: Int
  /// The number of the line last returned, counted from 1.
  private(set) var number = 0
  /// Whether the line last returned had a line end; only a file's last line may lack one.
  private(set) var isTerminated = true

  /// A scanner at the start of a file, behind a UTF-8 byte order mark when there is one.
  init(_ bytes: Span<UInt8>) {
    position = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// The next line without its end; nil behind the last one.
  mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
    let start = position
    let count = bytes.count
    guard start < count else { return nil }
    var end = start
    var isFound = false
    while !isFound, count &- end >= 8 {
      let word = bytes.eightBytes(at: end)
      let marks = marks(of: Byte.lineFeed, in: word) | marks(of: Byte.carriageReturn, in: word)
      isFound = marks != 0
      end &+= marks.trailingZeroBitCount >> 3
    }
    while !isFound, end < count {
      let byte = bytes[end]
      if byte <= Byte.carriageReturn, byte == Byte.lineFeed || byte == Byte.carriageReturn { break }
      end &+= 1
    }
    endLine(at: end, bytes)
    return start..<end
  }

  /// Passes over the line that begins at `position` and whose end is known.
  mutating func endLine(at end: Int, _ bytes: Span<UInt8>) {
    let count = bytes.count
    number &+= 1
    isTerminated = end < count
    position = end &+ 1
    if position < count, bytes[end] == Byte.carriageReturn, bytes[position] == Byte.lineFeed {
      position &+= 1
    }
  }
}

extension Span<UInt8> {
  /// Where the line ends that `start` is in, and how many delimiters stand before that.
  @inline(__always)
  func lineEnd(from start: Int, counting delimiter: UInt8) -> (end: Int, delimiters: Int) {
    var (end, delimiters) = (start, 0)
    while count &- end >= 8 {
      let word = eightBytes(at: end)
      let ends = marks(of: Byte.lineFeed, in: word) | marks(of: Byte.carriageReturn, in: word)
      // The lowest mark alone is sure, and what stands before it is counted.
      let others = word ^ (0x0101_0101_0101_0101 &* UInt64(delimiter))
      let found =
        ~((others & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F | others)
        & 0x8080_8080_8080_8080 & ((ends & (0 &- ends)) &- 1)
      // One in each byte that is a delimiter; their sum comes together in the highest.
      delimiters &+= Int(truncatingIfNeeded: ((found >> 7) &* 0x0101_0101_0101_0101) >> 56)
      guard ends == 0 else { return (end &+ ends.trailingZeroBitCount >> 3, delimiters) }
      end &+= 8
    }
    while end < count, self[end] != Byte.lineFeed, self[end] != Byte.carriageReturn {
      if self[end] == delimiter { delimiters &+= 1 }
      end &+= 1
    }
    return (end, delimiters)
  }
}

/// A word whose lowest set bit is the top one of the first byte of `word` that is `byte`; zero when none is.
@inline(__always)
private func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
  // Only a byte that has become zero borrows from those above (Warren, Hacker's delight, 6-1).
  let differences = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
  return (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
}

extension Span<UInt8> {
  /// The eight bytes from `position`, the first the lowest; traps when there are fewer.
  @inline(__always)
  func eightBytes(at position: Int) -> UInt64 {
    // The compiler joins these into one load, because a span of eight needs no check of its own.
    let eight = extracting(position..<position &+ 8)
    return UInt64(eight[0]) | UInt64(eight[1]) << 8 | UInt64(eight[2]) << 16 | UInt64(eight[3]) << 24
      | UInt64(eight[4]) << 32 | UInt64(eight[5]) << 40 | UInt64(eight[6]) << 48 | UInt64(eight[7]) << 56
  }

  /// The part of `range` between the blanks and tabs at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, self[start] == Byte.blank || self[start] == Byte.tab { start += 1 }
    while start < end, self[end - 1] == Byte.blank || self[end - 1] == Byte.tab { end -= 1 }
    return start..<end
  }

  /// The first byte of `range` that is neither a blank nor a tab; nil when there is none.
  func firstNonBlank(_ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      if self[index] != Byte.blank, self[index] != Byte.tab { return index }
      index &+= 1
    }
    return nil
  }

  /// Whether `range` begins with a text.
  func starts(_ range: Range<Int>, with text: String) -> Bool {
    guard range.count >= text.utf8.count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      guard self[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// How often a byte occurs in `range`.
  func occurrences(of byte: UInt8, in range: Range<Int>) -> Int {
    var count = 0
    for index in range where self[index] == byte { count += 1 }
    return count
  }

  /// The text of `range`: UTF-8 when it is valid as such, else Windows-1252, in which every byte is a character.
  func text(_ range: Range<Int>) -> String {
    let content = range.map { self[$0] }
    return String(validating: content, as: UTF8.self) ?? String(windows1252: content)
  }
}

extension String {
  /// Text from Windows-1252 bytes; the five bytes without a character become U+FFFD.
  init(windows1252 bytes: [UInt8]) {
    // The rows 80 and 90 of the code page; everything else equals ISO 8859-1 and so Unicode.
    let high: [UInt16] = [
      0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
      0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
      0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
    let units = bytes.map { byte in
      (0x80...0x9F).contains(byte) ? high[Int(byte) - 0x80] : UInt16(byte)
    }
    self.init(decoding: units, as: UTF16.self)
  }

  /// The text without blanks, tabs and line ends at its ends.
  var trimmed: String {
    // What begins and ends with bytes that are none of a blank, which in UTF-8 may be two, is as it should be.
    if let first = utf8.first, let last = utf8.last, first > 32, first != 0xC2, last > 32, last != 0xA0 {
      return self
    }
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.value <= 32 || first.value == 160 { scalars.removeFirst() }
    while let last = scalars.last, last.value <= 32 || last.value == 160 { scalars.removeLast() }
    return String(scalars)
  }
}
