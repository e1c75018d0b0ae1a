// SPDX-License-Identifier: GPL-3.0-or-later

/// Refuses what stops the parser or takes it minutes, before it sees the text.
///
/// The parser calls itself for every part of a name and every nested value, ends the program at a table without a name,
/// and takes a time that grows with the square of the number of keys.
struct TOMLLimits {
  private static let mostBytes = 262_144
  private static let mostParts = 32
  private static let mostDepth = 32
  private static let mostKeys = 2000

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  /// How many arrays and inline tables are open.
  private var depth = 0
  /// How many points the name at hand has.
  private var points = 0
  private var keys = 0
  /// Whether a statement may begin here.
  private var isStart = true

  /// What is wrong with a text; nil when the parser can have it.
  static func fault(in text: String) -> TOMLTextError? {
    guard text.utf8.count <= mostBytes else {
      return TOMLTextError(detail: "the text is longer than \(mostBytes / 1024) KiB")
    }
    var limits = TOMLLimits(text)
    return limits.fault()
  }

  private init(_ text: String) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  private mutating func fault() -> TOMLTextError? {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        points = 0
        isStart = depth == 0
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      case UInt8(ascii: "#"):
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if isStart, byte == UInt8(ascii: "[") {
          if !isNamed { return refused("a table's name was expected behind the bracket") }
          if let fault = countKey() { return fault }
          // The bracket of a table's name is no array.
          index += bytes[index + 1] == byte ? 2 : 1
          isStart = false
          continue
        }
        (depth, points) = (depth + 1, 0)
        if depth > Self.mostDepth { return refused("more than \(Self.mostDepth) values are nested") }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): (depth, points) = (max(0, depth - 1), 0)
      case UInt8(ascii: ","): points = 0
      case UInt8(ascii: "="):
        points = 0
        if let fault = countKey() { return fault }
      case UInt8(ascii: "."):
        points += 1
        if points >= Self.mostParts { return refused("a name has more than \(Self.mostParts) parts") }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        isStart = false
        passString(byte)
        continue
      default: isStart = false
      }
      index += 1
    }
    return nil
  }

  private func refused(_ detail: String) -> TOMLTextError { TOMLTextError(line: line, detail: detail) }

  private mutating func countKey() -> TOMLTextError? {
    keys += 1
    return keys > Self.mostKeys ? refused("the text has more than \(Self.mostKeys) keys and tables") : nil
  }

  /// Whether a name follows the one or two brackets here.
  private var isNamed: Bool {
    var next = index + 1
    if next < bytes.count, bytes[next] == UInt8(ascii: "[") { next += 1 }
    while next < bytes.count, bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t") {
      next += 1
    }
    guard next < bytes.count else { return false }
    let letter = bytes[next] | 32
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[next]) || "_-\"'".utf8.contains(bytes[next])
  }

  /// Goes behind the string that begins here; behind its line when nothing ends it.
  private mutating func passString(_ mark: UInt8) {
    let isLong = bytes[index...].starts(with: [mark, mark, mark])
    index += isLong ? 3 : 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        guard isLong else { return }
        line += 1
      }
      if byte == UInt8(ascii: "\\"), mark == UInt8(ascii: "\""), index + 1 < bytes.count,
        bytes[index + 1] != UInt8(ascii: "\n")
      {
        index += 2
        continue
      }
      if byte == mark {
        guard isLong else {
          index += 1
          return
        }
        if bytes[index...].starts(with: [mark, mark, mark]) {
          // Two more marks may end the text itself.
          var more = 3
          while more < 5, index + more < bytes.count, bytes[index + more] == mark { more += 1 }
          index += more
          return
        }
      }
      index += 1
    }
  }
}
