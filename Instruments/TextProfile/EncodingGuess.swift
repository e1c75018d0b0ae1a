// SPDX-License-Identifier: GPL-3.0-or-later

extension TextEncoding {
  /// The encoding that some text seems to be in.
  ///
  /// What is valid UTF-8 is UTF-8. Else single bytes between plain letters are Windows-1252; of pairs, kana and the rows
  /// of Japanese punctuation speak for Shift-JIS and pairs with both bytes from A1 on for Chinese.
  static func guess(_ bytes: [UInt8]) -> TextEncoding {
    let start = Array(bytes.prefix(200_000))
    if String(validating: start, as: UTF8.self) != nil || String(validating: bytes, as: UTF8.self) != nil {
      return .utf8
    }
    let isHigh = start.map { $0 >= 0x80 }
    var (single, chinese, japanese) = (0, 0, 0)
    var index = 0
    while index < start.count {
      guard isHigh[index] else {
        index += 1
        continue
      }
      guard index + 1 < start.count, start[index + 1] >= 0x40 else {
        single += 1
        index += 1
        continue
      }
      let (first, second) = (start[index], start[index + 1])
      if !isHigh[index + 1], !((0x81...0x9F).contains(first) || first >= 0xE0) {
        single += 1
        index += 1
        continue
      }
      // In GB 2312 both bytes are from A1 on; in Shift-JIS the first byte of kana and common signs is not.
      if (0xA1...0xF7).contains(first), second >= 0xA1 { chinese += 1 }
      if (0x81...0x9F).contains(first), second != 0x7F, second <= 0xFC { japanese += 1 }
      if !isHigh[index + 1], first >= 0xE0 { single += 1 }
      index += 2
    }
    if max(chinese, japanese) <= single { return .windows1252 }
    return japanese > chinese ? .shiftJIS : .gb18030
  }
}
