// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// A value in the lines outside a table that looks like one a profile can read.
struct ProposedHeader {
  let key: TextProfile.HeaderKey
  let pattern: String
  /// `?` when the file does not say it; nil for a text.
  let unit: String?
  /// `?` when it cannot be told; nil but for a date.
  let order: String?
  /// The value as the file has it.
  let found: String

  /// Labels in several languages, without the capitals.
  private static let labels: [(TextProfile.HeaderKey, [String])] = [
    (
      .sample,
      ["sample id", "sample name", "sample", "specimen", "probe", "prüfling", "样品编号", "样品", "試料名", "試料"]
    ),
    (.lot, ["lot", "batch", "charge", "批号", "ロット"]),
    (.material, ["material", "grade", "werkstoff", "牌号", "材料", "材質"]),
    (.temperature, ["temperature", "temperatur", "温度"]), (.mass, ["mass", "masse", "质量", "質量"]),
    (.size, ["size", "dimensions", "abmessungen", "尺寸", "寸法"]),
    (.date, ["date", "datum", "日期", "測定日", "日付"]),
    (.Br, ["br", "剩磁", "残留磁束密度"]), (.HcB, ["hcb", "bhc"]), (.HcJ, ["hcj", "jhc", "ihc", "hci"]),
    (.BHmax, ["(bh)max", "bhmax"]), (.Hk, ["hk"]),
  ]

  /// The first value of every kind in some lines.
  static func all(in lines: [String], decimalMark: UInt8) -> [ProposedHeader] {
    labels.compactMap { key, words in
      for line in lines {
        let scalars = Array(line.unicodeScalars)
        for word in words {
          if let found = find(key, Array(word.unicodeScalars), scalars, decimalMark) { return found }
        }
      }
      return nil
    }
  }

  private static func find(
    _ key: TextProfile.HeaderKey, _ word: [Unicode.Scalar], _ line: [Unicode.Scalar], _ decimalMark: UInt8
  ) -> ProposedHeader? {
    let lower = line.map { $0.properties.lowercaseMapping.unicodeScalars.first ?? $0 }
    let isResult = TextProfile.HeaderKey.allCases.drop { $0 != .Br }.contains(key)
    for start in line.indices where lower[start...].starts(with: word) {
      // A text begins its line; a result may stand among others.
      guard start == 0 || isResult && !isLetter(line[start - 1]) else { continue }
      var index = start + word.count
      if index < line.count, isLetter(line[index]), line[index].isASCII { continue }
      var unit: String?
      skipBlanks(line, &index)
      if index < line.count, let close = closing[line[index]],
        let end = line[index...].firstIndex(of: close)
      {
        unit = string(line[(index + 1)..<end])
        index = end + 1
      }
      let beforeMark = index
      skipBlanks(line, &index)
      while index < line.count, ":=：;,|".unicodeScalars.contains(line[index]) { index += 1 }
      guard index > beforeMark else { continue }
      skipBlanks(line, &index)
      guard index < line.count else { continue }
      let lead = (start == 0 ? "^" : "") + escaped(line[start..<index])
      return value(key, lead, unit, line[index...], decimalMark)
    }
    return nil
  }

  private static func value(
    _ key: TextProfile.HeaderKey, _ lead: String, _ unitText: String?, _ rest: ArraySlice<Unicode.Scalar>,
    _ decimalMark: UInt8
  ) -> ProposedHeader? {
    let text = string(rest)
    guard let dimensions = key.dimensions else {
      return ProposedHeader(
        key: key, pattern: lead + "(.+)", unit: nil, order: key == .date ? order(text) : nil, found: text)
    }
    func unit(_ behind: String) -> String {
      // A semicolon or a blank ends a unit, and so does the next label.
      let words = [unitText, behind.split { $0 == ";" || $0 == " " || $0 == "\t" }.first.map(String.init)]
      let known = words.compactMap { $0.flatMap(UnitOfMeasure.init(word:)) }
      return known.first { dimensions.contains($0.dimension) }?.symbol ?? "?"
    }
    if key == .size {
      let length = rest.prefix { isNumber($0) || " x×*".unicodeScalars.contains($0) }.count
      guard length > 2 else { return nil }
      return ProposedHeader(
        key: key, pattern: lead + "([0-9., x×*]+)", unit: unit(string(rest.dropFirst(length))), order: nil,
        found: text)
    }
    let digits = rest.prefix { isNumber($0) }
    guard digits.contains(where: { ("0"..."9").contains($0) }) else { return nil }
    return ProposedHeader(
      key: key, pattern: lead + "([-+0-9.,]+)", unit: unit(string(rest.dropFirst(digits.count))), order: nil,
      found: text)
  }

  /// The order of a date, as far as it can be told.
  private static func order(_ text: String) -> String {
    let numbers = text.split { !("0"..."9").contains($0) }.prefix(3).map(String.init)
    guard numbers.count == 3 else { return "?" }
    if numbers[0].count == 4 { return TextProfile.WrittenOrder.yearMonthDay.rawValue }
    if let first = Int(numbers[0]), first > 12 { return TextProfile.WrittenOrder.dayMonthYear.rawValue }
    if let second = Int(numbers[1]), second > 12 { return TextProfile.WrittenOrder.monthDayYear.rawValue }
    return "?"
  }

  private static let closing: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", "[": "]", "（": "）"]

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }

  private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
    "+-.,0123456789".unicodeScalars.contains(scalar)
  }

  private static func skipBlanks(_ line: [Unicode.Scalar], _ index: inout Int) {
    while index < line.count, line[index] == " " || line[index] == "\t" { index += 1 }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars)).trimmed
  }

  /// An expression for a text as it stands, with any blanks where it has some.
  private static func escaped(_ text: ArraySlice<Unicode.Scalar>) -> String {
    var result = ""
    var afterBlank = false
    for scalar in text {
      let isBlank = scalar == " " || scalar == "\t"
      if isBlank {
        if !afterBlank { result += "\\s*" }
      } else {
        if "\\.[](){}*+?|^$/".unicodeScalars.contains(scalar) { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
      afterBlank = isBlank
    }
    return result
  }
}
