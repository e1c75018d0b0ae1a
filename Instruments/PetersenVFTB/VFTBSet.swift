// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// One set of rows of a VFTB file.
struct VFTBSet {
  /// Such as `Set 1`.
  let name: String
  /// The line of titles as the file has it.
  let titles: String
  let response: NumberColumn
  let time: NumberColumn?
  let temperature: NumberColumn?
  /// The field in A/m.
  let fieldStrength: [Double]
  let block: NumberBlock
  /// What the user has stated for this set.
  let notes: [ReadingNote]

  /// More sets than anybody measures with one specimen.
  private static let most = 1000

  /// All sets of a file.
  static func all(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, _ options: ReadingOptions
  ) throws(ReadError) -> [VFTBSet] {
    var sets: [VFTBSet] = []
    var name: String?
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      guard content.count < 4096 else {
        throw ReadError(.malformed, "the line is too long to be one of titles", line: scanner.number)
      }
      if bytes.starts(content, with: "Set ") {
        name = setName(bytes.text(content))
      } else if let current = name, !content.isEmpty {
        let (set, next) = try read(current, titles: content, bytes, &scanner, options)
        sets.append(set)
        guard sets.count <= most else {
          throw ReadError(.malformed, "the file has more than \(most) sets", line: scanner.number)
        }
        name = next.map(setName)
      }
    }
    return sets
  }

  private static func setName(_ line: String) -> String {
    String(line.prefix { $0 != ":" }).trimmed
  }

  private static func read(
    _ name: String, titles: Range<Int>, _ bytes: Span<UInt8>, _ scanner: inout LineScanner,
    _ options: ReadingOptions
  ) throws(ReadError) -> (set: VFTBSet, next: String?) {
    // Titles are known by their beginnings, because their ends hold misprints.
    let columns = bytes.cells(titles, delimiter: Byte.tab).map { ColumnName(bytes.cellText($0)) }
    try requireStatedColumns(options, among: columns)
    var notes: [ReadingNote] = []
    func column(_ prefix: String, _ dimensions: [PhysicalDimension]) throws(ReadError) -> NumberColumn? {
      guard let title = columns.first(where: { $0.name.hasPrefix(prefix) }) else { return nil }
      return try NumberColumn(title.name, among: columns, dimensions, options, &notes)
    }
    guard let field = try column("field", fieldDimensions),
      let response = try column("mag", [.momentPerMass, .magneticMoment])
    else { throw NumberColumn.missing("“field / Oe” and “mag / emu / g”", among: columns) }
    // What was not measured is n/a in all rows.
    var peek = scanner
    let cells = peek.next(bytes).map { bytes.cells($0, delimiter: Byte.tab).map { bytes.cellText($0) } } ?? []
    func measured(_ column: NumberColumn?) -> NumberColumn? {
      column.flatMap { cells.indices.contains($0.index) && cells[$0.index] == "n/a" ? nil : $0 }
    }
    let temperature = measured(try column("temp", [.temperature]))
    let time = measured(try column("time", [.time]))
    let wanted = [field.index, response.index] + [temperature, time].compactMap { $0?.index }
    var block = NumberBlock(columns, wanted: wanted, separator: .byte(Byte.tab))
    let next = try block.appendRows(bytes, &scanner, until: "Set ")
    let set = VFTBSet(
      name: name, titles: bytes.text(titles), response: response, time: time, temperature: temperature,
      fieldStrength: try block.field(of: field), block: block, notes: notes)
    return (set, next.map { bytes.text($0) })
  }

  /// Why the set is no loop; nil for a loop.
  var fault: ReadError? {
    guard block.count >= fewestRows else {
      return ReadError(
        .truncated, "\(name) has \(block.count) rows of numbers, and at least \(fewestRows) are needed")
    }
    guard isSwept(fieldStrength) else {
      return ReadError(
        .notALoop,
        "the field of \(name) is held: this is a measurement against temperature or time, not a loop")
    }
    let steps = zip(fieldStrength.dropFirst(), fieldStrength).map { $0 - $1 }
    guard steps.contains(where: { $0 > 0 }), steps.contains(where: { $0 < 0 }) else {
      return ReadError(
        .notALoop,
        "the field of \(name) goes one way only: this is an acquisition or backfield curve, not a loop")
    }
    return nil
  }
}
