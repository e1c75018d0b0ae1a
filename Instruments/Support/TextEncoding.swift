// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The encodings in which instruments write their text.
///
/// Digits, delimiters and units are the same bytes in all of them, unless a byte is the second half of a character:
/// cells are cut in the bytes that `masked` gives.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
  /// UTF-8; a text that is not valid as such is taken as Windows-1252.
  case utf8 = "utf-8"
  /// Western European Windows.
  case windows1252 = "windows-1252"
  /// Chinese; GBK and GB 2312 are parts of it.
  case gb18030 = "gb18030"
  /// Japanese, with the additions of Windows (code page 932).
  case shiftJIS = "shift-jis"

  /// The text of some bytes.
  ///
  /// Never fails: a byte that stands for no character becomes U+FFFD. Expects whole characters, such as a cell that
  /// was cut in masked bytes.
  public func text(_ bytes: [UInt8]) -> String {
    switch self {
    case .utf8: return bytes.span.text(bytes.indices)
    case .windows1252: return String(windows1252: bytes)
    case .gb18030, .shiftJIS:
      guard bytes.contains(where: { $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
      var starts: [Int] = []
      var index = 0
      while index < bytes.count {
        starts.append(index)
        index += length(at: index, bytes.span)
      }
      starts.append(bytes.count)
      return text(bytes, starts[...])
    }
  }

  /// The bytes with every byte of a character of several replaced by 0xFF, at the same positions.
  ///
  /// What is left below 0x80 is a character of its own, so that delimiters and digits can be looked for.
  public func masked(_ bytes: [UInt8]) -> [UInt8] {
    guard self == .gb18030 || self == .shiftJIS, bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
    var masked = bytes
    var index = 0
    while index < bytes.count {
      let length = length(at: index, bytes.span)
      if length > 1 { for part in index..<index + length { masked[part] = 0xFF } }
      index += length
    }
    return masked
  }

  /// The text of the characters between `starts`, of which the last is the end.
  ///
  /// The system decodes all or nothing, so that a text with a fault is halved until the fault stands alone.
  private func text(_ bytes: [UInt8], _ starts: ArraySlice<Int>) -> String {
    guard starts.count > 1, let first = starts.first, let last = starts.last else { return "" }
    if let text = String(bytes: bytes[first..<last], encoding: encoding) { return text }
    guard starts.count > 2 else { return "\u{FFFD}" }
    let middle = starts.startIndex + starts.count / 2
    return text(bytes, starts[...middle]) + text(bytes, starts[middle...])
  }

  /// How many bytes the character at `index` has; 1 for a byte that begins none.
  private func length(at index: Int, _ bytes: Span<UInt8>) -> Int {
    let first = bytes[index]
    guard first > 0x80, first < 0xFF, index + 1 < bytes.count else { return 1 }
    let second = bytes[index + 1]
    switch self {
    case .utf8, .windows1252: return 1
    case .shiftJIS:
      let isLead = (0x81...0x9F).contains(first) || (0xE0...0xFC).contains(first)
      return isLead && (0x40...0xFC).contains(second) && second != 0x7F ? 2 : 1
    case .gb18030:
      if (0x40...0xFE).contains(second), second != 0x7F { return 2 }
      guard (0x30...0x39).contains(second), index + 3 < bytes.count,
        (0x81...0xFE).contains(bytes[index + 2]), (0x30...0x39).contains(bytes[index + 3])
      else { return 1 }
      return 4
    }
  }

  /// The encoding's number in Foundation, which has names only for some.
  private var encoding: String.Encoding {
    switch self {
    case .utf8: .utf8
    case .windows1252: .windowsCP1252
    case .gb18030: String.Encoding(rawValue: 0x8000_0632)
    case .shiftJIS: String.Encoding(rawValue: 0x8000_0420)
    }
  }
}
