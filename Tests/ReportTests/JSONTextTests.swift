// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Report
import Testing

@Suite struct JSONTextTests {
  /// Every kind of value that encoding can meet.
  private struct Everything: Encodable {
    enum Word: String, Encodable { case plain, other = "with \"marks\"" }
    struct Inner: Encodable {
      var b = 2.5
      var a: Int? = nil
      var c: [Inner]?
    }
    struct Wrapped: Encodable {
      var value = Inner()
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
      }
    }
    struct Empty: Encodable {}

    var zeta = "é — „ü“ \u{1F9F2} / \\ \" \u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{1b}\u{7F}"
    var alpha = [
      0.0, -0.0, 5, -5, 0.1, 1e-300, 1.7976931348623157e308, 2.2250738585072014e-308, 1e16,
      123456789012345680, 1e-5,
    ]
    var words = [Word.plain, .other]
    var inner = Inner(c: [Inner(), Inner(c: [])])
    var wrapped = Wrapped()
    var wrapping = [Wrapped()]
    var empty = Empty()
    var none: [String] = []
    var nobody: [String: Int] = [:]
    var table: [String: [String: Double]] = [
      "b": ["y": 1, "x": 2], "a": [:], "B": ["10": 1, "9": 2, "é": 3, "z": 4],
    ]
    var truth = [true, false]
    var missing: [Double?] = [nil, 1]
    var integers: [UInt8] = [0, 255]
    var large: [Int64] = [Int64.min, Int64.max]
    var unsigned = UInt64.max
    var short: Float = 0.5
  }

  @Test func theTextIsThatOfFoundation() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let expected = String(decoding: try encoder.encode(Everything()), as: UTF8.self)
    #expect(jsonText(Everything()) == expected)
    #expect(jsonText([Everything.Word.other]) == #"["with \"marks\""]"#)
    #expect(jsonText("alone") == #""alone""#)
    #expect(jsonText(1.0) == "1")
  }
}
