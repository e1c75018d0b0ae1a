// SPDX-License-Identifier: GPL-3.0-or-later
import Certificates
import Foundation
import TestSupport
import Testing

private func canonical(_ text: String) throws -> String {
  String(decoding: try JSONValue(reading: Array(text.utf8)).canonical, as: UTF8.self)
}

struct CanonicalJSONTests {
  // RFC 8785, appendix B: the bits of a double and its text.
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
      (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
      (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
      (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
      (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
      (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
      (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
      (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
      (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
      (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
      (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] as [(UInt64, String)])
  func numbersAreWrittenAsECMAScriptWritesThem(bits: UInt64, text: String) throws {
    let value = JSONValue.number(Double(bitPattern: bits))
    #expect(String(decoding: value.canonical, as: UTF8.self) == text)
    #expect(try canonical(text) == text)
  }

  // Whatever the number, its text reads back to the same bits.
  @Test func numbersReadBack() throws {
    let draws = SeededNumbers.uniform(4000, seed: 11)
    for place in 0..<2000 {
      let number = (draws[place] - 0.5) * pow(10, 600 * draws[2000 + place] - 300)
      guard number.isFinite, number != 0 else { continue }
      guard case .number(let read) = try JSONValue(reading: JSONValue.number(number).canonical) else {
        Issue.record("\(number) is no number any more")
        return
      }
      #expect(read.bitPattern == number.bitPattern)
    }
  }

  // RFC 8785, 3.2.2 and 3.2.3.
  @Test func theExamplesOfTheStandard() throws {
    let example = #"""
      {
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#
    #expect(
      try canonical(example)
        == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    let names = #"""
      {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
       "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
      """#
    #expect(
      try canonical(names) == #"{"\r":"Carriage Return","1":"One","# + "\"\u{80}\":\"Control\","
        + #""ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","#
        + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}")
  }

  @Test(arguments: [
    "", " ", "{", "[1,", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"\\u0061\":1,\"a\":2}",
    "01",
    "1.", ".5", "+1", "1e", "-", "1e400", "-1e400", "NaN", "Infinity", "nul", "\"", "\"\\", "\"\\u12\"",
    "\"\\x\"",
    "\"\u{1}\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "1 1", "[1]]", "'a'",
    "\u{FEFF}1",
  ])
  func whatIsNotJSONIsRefusedWithOneSentence(text: String) {
    let error = #expect(throws: CertificateError.self) { try JSONValue(reading: Array(text.utf8)) }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
      #expect(throws: CertificateError.self) { try JSONValue(reading: bytes) }
    }
  }

  // 64 nested values are read, more are refused before they cost the stack.
  @Test func depthIsLimited() throws {
    for (depth, isRead) in [(64, true), (66, false), (1_000_000, false)] {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect(((try? JSONValue(reading: Array(text.utf8))) != nil) == isRead, "\(depth)")
    }
  }

  // Names that look alike are not the same name.
  @Test func namesAreComparedByTheirCodeUnits() throws {
    #expect(try canonical("{\"e\u{301}\":1,\"\u{E9}\":2}") == "{\"e\u{301}\":1,\"\u{E9}\":2}")
  }
}
