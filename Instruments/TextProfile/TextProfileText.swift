// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import TOMLText

/// Why a text is not a profile, and where.
public struct TextProfileError: Error, Hashable, Sendable {
  /// The line of the fault, counted from 1; nil when it has none.
  public let line: Int?
  /// One sentence.
  public let detail: String

  /// An error from its parts.
  public init(_ detail: String, line: Int? = nil) {
    self.detail = detail
    self.line = line
  }
}

extension TextProfileError: CustomStringConvertible {
  /// The sentence with its line in front.
  public var description: String { line.map { "line \($0): \(detail)" } ?? detail }
}

extension TextProfile {
  /// A profile from TOML text.
  ///
  /// Throws one sentence with the line for a key that is not known, a column without a unit, an expression that cannot
  /// be used, and everything else that the reading would stumble over.
  public init(text: String) throws(TextProfileError) {
    let written: ProfileText
    do { written = try decodeTOML(ProfileText.self, from: text) } catch {
      throw TextProfileError(
        error.line == nil ? error.description : error.detail,
        line: error.line ?? error.key.flatMap { tomlLine(of: $0, in: text) })
    }
    do { self = try written.profile(text) } catch {
      throw TextProfileError(error.detail, line: tomlLine(of: error.key, in: text))
    }
  }
}

/// The text as it is written.
private struct ProfileText: Decodable {
  struct Column: Decodable {
    var position: TOMLNumber?
    var name: String?
    var role: String
    var unit: String?
    var sign: TOMLNumber?
    var field: String?
  }
  struct Header: Decodable {
    var value: String
    var pattern: String
    var unit: String?
    var order: String?
  }
  /// A text or the number of a line.
  enum Place: Decodable {
    case line(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .line(Double(number))
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  var id: String
  var title: String
  var remark: String?
  var signature: String?
  var encoding: String
  var delimiter: String
  var decimal_mark: String
  var thousands_mark: String?
  var comment_marks: [String]?
  var table_begins_after: Place?
  var skip_lines: TOMLNumber?
  var empty_lines: String?
  var table_ends_before: Place?
  var circuit: String
  var second_quadrant_field: String?
  var shape: String?
  var column: [Column]
  var header: [Header]?
}

/// What is wrong with the value of a key.
private struct KeyFault: Error {
  let key: String
  let detail: String

  init(_ key: String, _ detail: String) {
    self.key = key
    self.detail = detail
  }
}

/// The word of a list that a text is.
private func word<Word: RawRepresentable & CaseIterable>(
  _ text: String, _ key: String
) throws(KeyFault) -> Word where Word.RawValue == String {
  guard let word = Word(rawValue: text) else {
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    guard text != "?" else {
      throw KeyFault(key, "it is still “?”: only you know it; put one of \(words) in its place")
    }
    throw KeyFault(key, "“\(text)” is not one of \(words)")
  }
  return word
}

private func unit(
  _ text: String?, _ dimensions: [PhysicalDimension], _ what: String, _ key: String
) throws(KeyFault) -> UnitOfMeasure {
  let known = UnitOfMeasure.all.filter { dimensions.contains($0.dimension) }.map(\.symbol).joined(
    separator: ", ")
  guard let text else { throw KeyFault(key, "\(what) has no unit; state one of \(known)") }
  guard text != "?" else {
    throw KeyFault(
      key, "the unit of \(what) is still “?”: only you know it; put one of \(known) in its place")
  }
  guard let unit = UnitOfMeasure(word: text), dimensions.contains(unit.dimension) else {
    throw KeyFault(key, "“\(text)” is not a unit of \(what); known are \(known)")
  }
  return unit
}

extension ProfileText {
  fileprivate func profile(_ text: String) throws(KeyFault) -> TextProfile {
    let isName = id.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard isName, (1...60).contains(id.utf8.count) else {
      throw KeyFault("id", "“\(id)” is not made of lower-case letters, digits and hyphens")
    }
    guard !title.trimmed.isEmpty else { throw KeyFault("title", "it is empty") }
    let circuit: Circuit = try word(circuit, "circuit")
    let delimiter = try cellDelimiter()
    let decimalMark = try decimalMarkByte(delimiter)
    var columns: [TextProfile.Column] = []
    for (index, column) in column.enumerated() {
      columns.append(try column.checked("column[\(index)]", circuit))
    }
    try check(columns)
    if second_quadrant_field == FieldSign.positive.rawValue,
      let index = columns.firstIndex(where: { $0.role == .field && $0.sign < 0 })
    {
      throw KeyFault(
        "column[\(index)].sign",
        "second_quadrant_field = positive turns the field already; leave out one of them")
    }
    var patterns: [TextProfile.HeaderValue] = []
    for (index, header) in (header ?? []).enumerated() {
      let value = try header.checked("header[\(index)]")
      guard !patterns.contains(where: { $0.key == value.key }) else {
        throw KeyFault("header[\(index)].value", "“\(value.key.rawValue)” is described twice")
      }
      patterns.append(value)
    }
    guard patterns.reduce(0, { $0 + $1.pattern.size }) <= 2000 else {
      throw KeyFault("header", "the patterns are too long together")
    }
    if let shape {
      let known = ["cuboid", "cylinder", "sphere", "ellipsoid"]
      guard known.contains(shape) else {
        throw KeyFault("shape", "“\(shape)” is not one of \(known.joined(separator: ", "))")
      }
    }
    return TextProfile(
      id: id, title: title, text: text, remark: remark, encoding: try word(encoding, "encoding"),
      delimiter: delimiter, decimalMark: decimalMark,
      thousandsMark: try thousandsMarkByte(delimiter, decimalMark),
      commentMarks: try checkedCommentMarks(), signature: try mark(signature.map(Place.text), "signature"),
      tableBegins: try mark(table_begins_after, "table_begins_after"),
      skippedLines: try count(skip_lines, "skip_lines", 0...1000),
      tableEnds: try mark(table_ends_before, "table_ends_before", canBeEmpty: true),
      spansEmptyLines: try empty_lines.map { text throws(KeyFault) in
        let place: EmptyLines = try word(text, "empty_lines")
        return place == .inside
      } ?? false, circuit: circuit,
      fieldIsMagnitude: try second_quadrant_field.map { text throws(KeyFault) in
        let sign: FieldSign = try word(text, "second_quadrant_field")
        return sign == .positive
      }, shape: shape, columns: columns, patterns: patterns)
  }

  private enum FieldSign: String, CaseIterable { case positive, negative }
  private enum DecimalMark: String, CaseIterable { case point, comma }
  private enum EmptyLines: String, CaseIterable { case inside, behind }

  private func cellDelimiter() throws(KeyFault) -> TextProfile.Delimiter {
    let named: [String: UInt8] = [
      "tab": Byte.tab, "comma": Byte.comma, "semicolon": Byte.semicolon, "\t": Byte.tab,
    ]
    if delimiter == "blanks" || delimiter == " " { return .blanks }
    if let byte = named[delimiter] { return .byte(byte) }
    let bytes = Array(delimiter.utf8)
    guard bytes.count == 1, (0x21...0x7E).contains(bytes[0]),
      !"+-.0123456789eE\"".utf8.contains(bytes[0])
    else {
      throw KeyFault(
        "delimiter", "“\(delimiter)” is not tab, comma, semicolon, blanks or one character such as |")
    }
    return .byte(bytes[0])
  }

  private func decimalMarkByte(_ delimiter: TextProfile.Delimiter) throws(KeyFault) -> UInt8 {
    let mark: DecimalMark = try word(decimal_mark, "decimal_mark")
    guard mark == .comma else { return Byte.point }
    guard delimiter != .byte(Byte.comma) else {
      throw KeyFault("decimal_mark", "a comma cannot be the decimal mark and stand between the cells")
    }
    return Byte.comma
  }

  private func thousandsMarkByte(
    _ delimiter: TextProfile.Delimiter, _ decimalMark: UInt8
  ) throws(KeyFault) -> UInt8? {
    guard let thousands_mark else { return nil }
    let word: DecimalMark = try word(thousands_mark, "thousands_mark")
    let mark = word == .comma ? Byte.comma : Byte.point
    guard mark != decimalMark, delimiter != .byte(mark) else {
      throw KeyFault(
        "thousands_mark", "a \(word.rawValue) is the decimal mark or stands between the cells already")
    }
    return mark
  }

  private func checkedCommentMarks() throws(KeyFault) -> [String] {
    let marks = comment_marks ?? []
    guard marks.count <= 20, marks.allSatisfy({ !$0.trimmed.isEmpty && $0.utf8.count <= 20 }) else {
      throw KeyFault("comment_marks", "these are not up to 20 texts that begin a comment, such as \"#\"")
    }
    return marks
  }

  private func count(_ number: TOMLNumber?, _ key: String, _ range: ClosedRange<Int>) throws(KeyFault) -> Int
  {
    guard let value = number?.value else { return range.lowerBound }
    guard let count = Int(exactly: value), range.contains(count) else {
      throw KeyFault(key, "\(value) is not a count from \(range.lowerBound) to \(range.upperBound)")
    }
    return count
  }

  private func mark(
    _ place: Place?, _ key: String, canBeEmpty: Bool = false
  ) throws(KeyFault) -> TextProfile.Mark? {
    switch place {
    case nil: return nil
    case .line(let number):
      guard let line = Int(exactly: number), (1...1_000_000_000).contains(line) else {
        throw KeyFault(key, "\(number) is not the number of a line")
      }
      return .line(line)
    case .text(let text):
      if text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") {
        return .pattern(try expression(String(text.dropFirst().dropLast()), key))
      }
      guard canBeEmpty || !text.trimmed.isEmpty else { throw KeyFault(key, "it is empty") }
      return .prefix(text.trimmed)
    }
  }

  /// What the table must have as a whole.
  private func check(_ columns: [TextProfile.Column]) throws(KeyFault) {
    guard columns.count <= 1000 else { throw KeyFault("column", "there are more than 1000 columns") }
    var places: Set<TextProfile.Column.Place> = []
    var roles: Set<String> = []
    for (index, column) in columns.enumerated() {
      guard places.insert(column.place).inserted else {
        throw KeyFault("column[\(index)]", "\(column.title) is described twice")
      }
      guard column.role != .ignored else { continue }
      let role = column.role.rawValue + (column.role == .field && column.isInternal ? " internal" : "")
      guard roles.insert(role).inserted else {
        throw KeyFault("column[\(index)].role", "two columns have the role \(role)")
      }
    }
    guard columns.contains(where: { $0.role == .field }) else {
      throw KeyFault("column", "no column has the role H")
    }
    let responses = columns.filter { [.polarisation, .fluxDensity, .magnetisation].contains($0.role) }
    guard !responses.isEmpty else { throw KeyFault("column", "no column has one of the roles J, B and M") }
    guard responses.count == 1 || !responses.contains(where: { $0.role == .magnetisation }) else {
      throw KeyFault("column", "M stands beside J or B; give all but one of them the role ignored")
    }
  }
}

/// An expression that can be used.
private func expression(_ text: String, _ key: String) throws(KeyFault) -> LinePattern {
  do { return try LinePattern(text) } catch {
    throw KeyFault(key, "“\(text)” is not a usable expression: \(error.detail)")
  }
}

extension ProfileText.Column {
  fileprivate func checked(_ key: String, _ circuit: Circuit) throws(KeyFault) -> TextProfile.Column {
    let role: TextProfile.Role = try word(role, key + ".role")
    let place: TextProfile.Column.Place
    switch (position?.value, name?.trimmed) {
    case (let number?, nil):
      guard let position = Int(exactly: number), (1...100_000).contains(position) else {
        throw KeyFault(key + ".position", "\(number) is not a position; the first column is 1")
      }
      place = .position(position - 1)
    case (nil, let name?) where !name.isEmpty: place = .name(name)
    default: throw KeyFault(key, "a column has either a position, counted from 1, or a name")
    }
    guard sign.map({ abs($0.value) == 1 }) ?? true else {
      throw KeyFault(key + ".sign", "a sign is 1 or -1; what turns a number into another unit is its unit")
    }
    var isInternal = circuit == .closed
    if let field {
      guard role == .field else { throw KeyFault(key + ".field", "only a column with the role H has it") }
      let side: FieldSide = try word(field, key + ".field")
      isInternal = side == .internal
    }
    let title = TextProfile.Column(place: place, role: role, unit: nil, sign: 1, isInternal: false).title
    let unit: UnitOfMeasure? =
      role == .ignored ? nil : try checkedUnit(role, "column “\(title)”", key + ".unit")
    return TextProfile.Column(
      place: place, role: role, unit: unit, sign: sign?.value ?? 1, isInternal: isInternal)
  }

  private enum FieldSide: String, CaseIterable { case applied, `internal` }

  private func checkedUnit(
    _ role: TextProfile.Role, _ what: String, _ key: String
  ) throws(KeyFault) -> UnitOfMeasure {
    let found = try Instruments.unit(unit, role.dimensions, what, key)
    let isOersted = ["Oe", "kOe"].contains(found.symbol)
    guard !(role == .field && found.symbol == "emu/cm3"), !(role == .magnetisation && isOersted) else {
      throw KeyFault(key, "“\(found.symbol)” is not a unit of \(what)")
    }
    return found
  }
}

extension TextProfile.Role {
  /// What the unit of a column may be.
  var dimensions: [PhysicalDimension] {
    switch self {
    case .field: [.fieldStrength, .fluxDensity]
    case .polarisation, .fluxDensity: [.fluxDensity]
    case .magnetisation: [.magneticMoment, .momentPerMass, .fieldStrength]
    case .temperature: [.temperature]
    case .time: [.time]
    case .ignored: []
    }
  }
}

extension ProfileText.Header {
  fileprivate func checked(_ key: String) throws(KeyFault) -> TextProfile.HeaderValue {
    let value: TextProfile.HeaderKey = try word(value, key + ".value")
    let found = try expression(pattern, key + ".pattern")
    guard found.groupCount == 1 else {
      throw KeyFault(
        key + ".pattern",
        "“\(pattern)” has \(found.groupCount) groups; put ( ) round what is the value, and (?: ) round the rest"
      )
    }
    guard let dimensions = value.dimensions else {
      guard unit == nil else { throw KeyFault(key + ".unit", "“\(value.rawValue)” has no unit") }
      guard (order != nil) == (value == .date) else {
        throw KeyFault(key, "a date has an order such as day-month-year, and nothing else has one")
      }
      let written: TextProfile.WrittenOrder? = try order.map { text throws(KeyFault) in
        try word(text, key + ".order")
      }
      return .init(key: value, pattern: found, unit: nil, order: written)
    }
    guard order == nil else { throw KeyFault(key + ".order", "only a date has it") }
    let unit = try Instruments.unit(unit, dimensions, "“\(value.rawValue)”", key + ".unit")
    return .init(key: value, pattern: found, unit: unit, order: nil)
  }
}
