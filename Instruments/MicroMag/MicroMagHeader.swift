// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Everything before the rows of a MicroMag file: sections of keys, the table of segments and the titles.
struct MicroMagHeader {
  /// The lines in file order; a section is an entry without a value, a segment one called `Segment`.
  private(set) var entries: [HeaderEntry] = []
  /// How many rows the segments have together, as the last of them says.
  private(set) var announcedRows: Int?
  /// The titles of the columns, the adjusted ones with that word.
  private(set) var columns: [ColumnName] = []
  /// The section of each entry.
  private var sections: [String] = []

  /// Reads up to the first row, before which `scanner` is left.
  init(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    try readKeys(bytes, &scanner)
    try readSegments(bytes, &scanner)
    try readTitles(bytes, &scanner)
  }

  /// The text of a key in a section; nil when there is none, it is empty or `N/A`.
  func value(_ key: String, in section: String) -> String? {
    guard let index = entries.indices.first(where: { entries[$0].key == key && sections[$0] == section })
    else { return nil }
    let text = entries[index].value
    return text.isEmpty || text == "N/A" ? nil : text
  }

  /// Whether the program says that it made a correction to the adjusted columns.
  func isAdjusted(_ key: String) -> Bool {
    // Series 0015 has a section of its own for it.
    let text = value(key, in: "ADJUSTMENTS") ?? value(key, in: "PROCESSING")
    return text.map { $0 != "No" } ?? false
  }

  /// The lines up to the first title line of the segments.
  private mutating func readKeys(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    var section = ""
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "the table of segments")
      guard !content.isEmpty else { continue }
      if bytes.starts(content, with: "Segment"), bytes.text(content).contains("Averaging") { return }
      let entry = Self.entry(bytes.text(content))
      let isSection = entry.value.isEmpty && entry.key.allSatisfy { $0.isUppercase || $0 == " " }
      if isSection { section = entry.key }
      entries.append(entry)
      sections.append(section)
    }
    throw ReadError(
      .truncated, "the file ends in its header, before the table of segments", line: scanner.number)
  }

  /// A key, which may hold single blanks, and its value.
  private static func entry(_ text: String) -> HeaderEntry {
    if text.hasPrefix(MicroMag.mark) {
      return HeaderEntry(MicroMag.mark, String(text.dropFirst(MicroMag.mark.count)).trimmed)
    }
    guard let gap = text.firstRange(of: "  ") else { return HeaderEntry(text, "") }
    return HeaderEntry(String(text[..<gap.lowerBound]), String(text[gap.upperBound...]).trimmed)
  }

  /// The rows of the table, whose titles tell which column is the cumulative count.
  private mutating func readSegments(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    var indexColumn: Int?
    var hasRows = false
    while let line = scanner.next(bytes) {
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "the end of the table of segments")
      guard let first = content.first else {
        if hasRows { return }
        continue
      }
      guard bytes.beginsNumber(first) else {
        let titles = bytes.words(content).map { bytes.text($0) }
        if titles.last == "Index" { indexColumn = titles.count - 1 }
        continue
      }
      hasRows = true
      let cells = bytes.cells(content, delimiter: Byte.comma)
      if let indexColumn, cells.indices.contains(indexColumn) {
        announcedRows = Int(bytes.cellText(cells[indexColumn]))
      }
      entries.append(HeaderEntry("Segment", bytes.text(content)))
      sections.append("")
    }
  }

  /// The title lines: `Adjusted` where it applies, the names and, in series 0016, the units.
  private mutating func readTitles(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    var titles: [[String]] = []
    while true {
      let before = scanner
      guard let line = scanner.next(bytes) else {
        throw ReadError(.truncated, "0 data rows: the file ends behind its header")
      }
      let content = bytes.unpadded(line)
      try requireHeaderEnds(scanner, content, before: "a row of numbers")
      guard let first = content.first else { continue }
      if bytes.beginsNumber(first) {
        scanner = before
        break
      }
      titles.append(bytes.words(content).map { bytes.text($0) })
    }
    guard let place = titles.firstIndex(where: { $0.contains("Field") }) else {
      throw ReadError(.malformed, "no line names the columns Field and Moment", line: scanner.number)
    }
    let names = titles[place]
    let adjustedCount = place > 0 ? titles[place - 1].count { $0 == "Adjusted" } : 0
    let units = place + 1 < titles.count ? titles[place + 1] : []
    for (index, name) in names.enumerated() {
      let isAdjusted = index >= names.count - adjustedCount
      let printed = units.count == names.count ? units[index] : nil
      columns.append(
        ColumnName(
          name: isAdjusted ? "Adjusted \(name)" : name, unitText: try unit(of: name, printed: printed)))
    }
  }

  /// The unit of a column as the header states it, which the unit printed below the name must not contradict.
  private func unit(of name: String, printed: String?) throws(ReadError) -> String? {
    let system = value("Units of measure", in: "INSTRUMENT") ?? ""
    let stated: String?
    switch (name, system) {
    case ("Field", "cgs"): stated = "Oe"
    case ("Field", "SI"): stated = "A/m"
    case ("Field", "Hybrid SI"): stated = "T"
    case ("Moment", "cgs"): stated = "emu"
    case ("Moment", "SI"), ("Moment", "Hybrid SI"): stated = "A m2"
    case ("Temperature", _): stated = value("Temperature in", in: "INSTRUMENT")
    default: stated = nil
    }
    let plain = printed?.filter { $0 != "(" && $0 != ")" }
    guard let stated, let unit = UnitOfMeasure(word: stated) else { return plain ?? stated }
    if let plain, let other = UnitOfMeasure(word: plain), other != unit {
      let key = name == "Temperature" ? "“Temperature in”" : "“Units of measure” (\(system))"
      throw ReadError(
        .unit,
        "\(plain) stands below the name and the header's \(key) says \(stated); correct the "
          + "wrong one in a copy of the file", column: name)
    }
    return stated
  }
}
