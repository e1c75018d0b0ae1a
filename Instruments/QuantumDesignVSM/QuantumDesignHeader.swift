// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Everything before the rows of a MultiVu file, and its column line.
struct QuantumDesignHeader {
  /// What the container holds.
  enum Kind {
    /// A VSM, MPMS3 or SQUID VSM measurement, with the line that says so.
    case loop(String)
    case acms, rawScan, log, mpms
    /// No line names the measurement, or the file ends before it.
    case unnamed
  }

  /// The lines in file order, `INFO` ones by their key.
  let entries: [HeaderEntry]
  /// The byte between two cells: a comma, or a tab after a spreadsheet saved the file again.
  let delimiter: UInt8
  /// The column names as spelled.
  let columns: [String]

  /// What the file says it holds; nil when it does not begin with `[Header]`.
  static func kind(of bytes: Span<UInt8>) -> Kind? {
    var scanner = LineScanner(bytes)
    var isOpen = false
    var byApplication: Kind?
    while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard !content.isEmpty else { continue }
      if !isOpen {
        guard isMark("[Header]", content, bytes) else { return nil }
        isOpen = true
      } else if bytes[content.lowerBound] == Byte.semicolon {
        let text = bytes.text(content)
        if text.contains("DC Raw Data File") { return .rawScan }
        if text.contains("ACMS") { return .acms }
        if text.contains("VSM Data File") || text.contains("MPMS3 Data File") {
          return .loop(String(text.drop { ";\t ".contains($0) }).trimmed)
        }
      } else if bytes.starts(content, with: "BYAPP") {
        byApplication = application(bytes.text(content))
      } else if isMark("[Data]", content, bytes) {
        break
      }
    }
    return isOpen ? byApplication ?? .unnamed : nil
  }

  private static func application(_ line: String) -> Kind {
    let name = line.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "\t" }.dropFirst().first
    let word = String(name ?? "").trimmed
    if word.hasPrefix("MPMS Measurement") { return .mpms }
    if word == "LogData" { return .log }
    if word.hasPrefix("ACMS") { return .acms }
    return ["VSM", "SQUID", "MPMS3"].contains { word.hasPrefix($0) } ? .loop("BYAPP \(word)") : .unnamed
  }

  /// Whether a line is a section mark, alone or padded with delimiters by a spreadsheet.
  private static func isMark(_ mark: String, _ line: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard bytes.starts(line, with: mark) else { return false }
    for index in line.dropFirst(mark.utf8.count) {
      guard [Byte.tab, Byte.comma, Byte.blank].contains(bytes[index]) else { return false }
    }
    return true
  }

  /// Reads up to and with the column line, behind which `scanner` is left.
  init(_ bytes: Span<UInt8>, _ scanner: inout LineScanner) throws(ReadError) {
    var lines: [Range<Int>] = []
    var isPadded = false
    var hasData = false
    while !hasData, let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      if Self.isMark("[Data]", content, bytes) {
        hasData = true
      } else if Self.isMark("[Header]", content, bytes) {
        isPadded = line.count > content.count || content.count > 8
      } else if !content.isEmpty {
        lines.append(line)
      }
    }
    guard hasData, let columnLine = scanner.next(bytes), !bytes.trimmed(columnLine).isEmpty else {
      throw ReadError(
        .truncated,
        "the file ends before its column names: the header has no [Data] section that can be read",
        line: scanner.number)
    }
    let tabs = bytes.occurrences(of: Byte.tab, in: columnLine)
    let delimiter = tabs > bytes.occurrences(of: Byte.comma, in: columnLine) ? Byte.tab : Byte.comma
    self.delimiter = delimiter
    // Column names hold single unescaped quotation marks, as in `Coil Signal" (mV)`.
    columns = bytes.cells(columnLine, delimiter: delimiter, quoting: false).map { bytes.text($0).trimmed }
    if !scanner.isTerminated, !columns.contains(where: { $0.contains("oment") }) {
      throw ReadError(.truncated, "the file ends in the middle of its column names", line: scanner.number)
    }
    entries = lines.map { line in
      var content = line
      while isPadded, let last = content.last, bytes[last] == delimiter || bytes[last] == Byte.blank {
        content = content.dropLast()
      }
      return Self.entry(bytes.text(content), delimiter == Byte.tab ? "\t" : ",")
    }
  }

  /// `INFO,<value>,<KEY>`: the value lies between the first and the last delimiter and may hold others.
  private static func entry(_ line: String, _ delimiter: Character) -> HeaderEntry {
    if line.trimmed.hasPrefix(";") { return HeaderEntry(";", String(line.trimmed.dropFirst()).trimmed) }
    guard let first = line.firstIndex(of: delimiter) else { return HeaderEntry(line.trimmed, "") }
    let name = String(line[..<first]).trimmed
    let rest = line[line.index(after: first)...]
    if name == "INFO", let last = rest.lastIndex(of: delimiter) {
      let key = String(rest[rest.index(after: last)...]).trimmed
      let isKey = key.unicodeScalars.allSatisfy {
        ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
      }
      // Operators add lines of their own, such as `INFO,mass,53.10 mg`.
      if isKey, key.contains("_") || key == "APPNAME" {
        return HeaderEntry(key, String(rest[..<last]).trimmed)
      }
    }
    return HeaderEntry(name, String(rest).trimmed)
  }

  /// The text of the first entry of that name; nil when there is none or it is empty.
  func value(_ key: String) -> String? {
    guard let text = entries.first(where: { $0.key == key })?.value, !text.isEmpty else { return nil }
    return text
  }

  /// The moment when the file was opened, from `FILEOPENTIME,<clock>,MM/DD/YYYY,h:mm am`.
  var measured: String? {
    guard let text = value("FILEOPENTIME") else { return nil }
    let cells = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "\t" }.map {
      String($0).trimmed
    }
    guard cells.count >= 3 else { return nil }
    let date = cells[1].split(separator: "/").map { Int($0) }
    let words = cells[2].lowercased().split(separator: " ")
    let clock = (words.first ?? "").split(separator: ":").map { Int($0) }
    guard date.count == 3, let month = date[0], let day = date[1], let year = date[2],
      (1...12).contains(month), (1...31).contains(day), (1900...9999).contains(year),
      clock.count == 2 || clock.count == 3, let written = clock[0], let minute = clock[1],
      let second = clock.count == 3 ? clock[2] : 0, (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    let hour: Int
    switch words.dropFirst().first {
    case "am" where (1...12).contains(written): hour = written % 12
    case "pm" where (1...12).contains(written): hour = written % 12 + 12
    case nil where (0...23).contains(written): hour = written
    default: return nil
    }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))"
  }

  /// What the header says of the specimen; placeholder values and unreadable ones become notes.
  func sample(_ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    // A spreadsheet turns the commas of a title into tabs.
    sample.id = value("TITLE").map { Sourced($0.split(separator: "\t").joined(separator: ","), .header) }
    sample.material = value("SAMPLE_MATERIAL").map { Sourced($0, .header) }
    // The file holds bare numbers; MultiVu's dialog asks for mg, mm³ and mm.
    sample.mass = number("SAMPLE_MASS", "mg", .mass, &notes).map { Sourced(Quantity(si: $0), .header) }
    sample.volume = number("SAMPLE_VOLUME", "mm3", .volume, &notes).map { Sourced(Quantity(si: $0), .header) }
    sample.shape = shape(&notes).map { Sourced($0, .header) }
    return sample
  }

  private func number(
    _ key: String, _ unit: String, _ dimension: PhysicalDimension, _ notes: inout [ReadingNote]
  ) -> Double? {
    guard let text = value(key) else { return nil }
    let stated = NumberWithUnit(text, dimension: dimension)
    guard let si = stated?.si ?? NumberWithUnit("\(text) \(unit)", dimension: dimension)?.si, si > 0,
      stated != nil || Double(text) != 1
    else {
      notes.append(
        ReadingNote(
          code: "placeholder-value", message: "\(key) “\(text)” is a placeholder value and was not used"))
      return nil
    }
    return si
  }

  private func shape(_ notes: inout [ReadingNote]) -> Shape? {
    guard let text = value("SAMPLE_SIZE") else { return nil }
    let size = sizeNumbers(text.split(separator: "\t").joined(separator: ","))
    if let size, size.numbers.allSatisfy({ $0 == 0 }) || size.numbers.allSatisfy({ $0 == 1 }) {
      notes.append(
        ReadingNote(
          code: "placeholder-value", message: "SAMPLE_SIZE “\(text)” is a placeholder value and was not used")
      )
      return nil
    }
    guard let size, size.unitText.isEmpty || size.unitText == "mm",
      let shape = Shape(word: value("SAMPLE_SHAPE") ?? "", lengths: size.numbers.map { $0 * 1e-3 })
    else {
      let word = value("SAMPLE_SHAPE") ?? "cuboid"
      notes.append(
        ReadingNote(
          code: "sample-size",
          message:
            "SAMPLE_SIZE “\(text)” is not the size of a \(word) in mm and was not used; state it with --size")
      )
      return nil
    }
    if value("SAMPLE_SHAPE") == nil {
      notes.append(
        ReadingNote(
          code: "assumed-shape",
          message: "SAMPLE_SIZE “\(text)” was taken as a \(shape.name), the last length along the field"))
    }
    return shape
  }
}
