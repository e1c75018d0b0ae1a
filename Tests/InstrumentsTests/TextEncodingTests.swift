// SPDX-License-Identifier: GPL-3.0-or-later
import Instruments
import Testing

/// Bytes from the code charts of the standards, not from another program.
struct TextEncodingTests {
  @Test(
    arguments: [
      (TextEncoding.windows1252, [0xB5, 0x30, 0x48, 0x80], "µ0H€"),
      (.utf8, [0xC2, 0xB5, 0x30], "µ0"),
      (.utf8, [0xB5, 0x30], "µ0"),
      (.gb18030, [0xB2, 0xE2, 0xC1, 0xBF, 0x3A], "测量:"),
      // U+00E0 has two bytes, U+0130 has four, two of which are digits.
      (.gb18030, [0xA8, 0xA4, 0x81, 0x30, 0x90, 0x32], "àİ"),
      // The second byte of 表 is a backslash, that of ソ too.
      (.shiftJIS, [0x95, 0x5C, 0x83, 0x5C, 0x31], "表ソ1"),
      // ① is an addition of Windows, ｱ a single byte.
      (.shiftJIS, [0x87, 0x40, 0xB1], "①ｱ"),
    ] as [(TextEncoding, [UInt8], String)])
  func charactersOfTheCodeCharts(_ encoding: TextEncoding, _ bytes: [UInt8], _ text: String) {
    #expect(encoding.text(bytes) == text)
  }

  @Test(
    arguments: [
      (TextEncoding.windows1252, [0x41, 0x81, 0x42], "A\u{FFFD}B"),
      (.gb18030, [0x41, 0xFF, 0xB2, 0xE2, 0xB2], "A\u{FFFD}测\u{FFFD}"),
      (.shiftJIS, [0x95, 0x5C, 0x85, 0x9F, 0x41, 0xE0], "表\u{FFFD}A\u{FFFD}"),
    ] as [(TextEncoding, [UInt8], String)])
  func bytesWithoutACharacterDoNotFail(_ encoding: TextEncoding, _ bytes: [UInt8], _ text: String) {
    #expect(encoding.text(bytes) == text)
  }

  @Test func partsOfCharactersAreNoDelimiters() {
    // 表|1 with a lead byte at the line's end, and İ with its digits.
    #expect(
      TextEncoding.shiftJIS.masked([0x95, 0x5C, 0x7C, 0x31, 0x95, 0x0A])
        == [0xFF, 0xFF, 0x7C, 0x31, 0x95, 0x0A])
    #expect(
      TextEncoding.gb18030.masked([0x32, 0x81, 0x30, 0x90, 0x32, 0x09, 0x81, 0x30])
        == [0x32, 0xFF, 0xFF, 0xFF, 0xFF, 0x09, 0x81, 0x30])
    #expect(TextEncoding.windows1252.masked([0x95, 0x5C]) == [0x95, 0x5C])
  }
}
