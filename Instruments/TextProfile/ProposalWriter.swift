// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// Writes what was understood of a file as the TOML text of a profile.
struct ProposalWriter {
  private(set) var lines: [String] = []
  /// What only the user can fill in.
  private(set) var open: [String] = []
  private let table: TableSearch
  private let columns: ProposedColumns
  private var profile: TextProfile { table.text.profile }

  init(_ table: TableSearch) {
    self.table = table
    columns = ProposedColumns(table)
    let rows = Rows(table, columns)
    writeSummary(rows)
    writeFile(rows)
    writeCircuit(rows)
    writeColumns()
    writeHeader(rows)
  }

  /// Some rows of the table, and the lines outside it.
  private struct Rows {
    /// The first three and the last.
    private(set) var shown: [(line: Int, cells: [String])] = []
    private(set) var outside: [String] = []
    /// The lines behind the table up to the first that is not empty.
    private(set) var behind: [String] = []
    /// Whether the field, or a column that may be the field, is never negative.
    private(set) var isUnsigned = false
    /// Whether the response falls besides while the field rises.
    private(set) var looksLikeMagnitude = false

    init(_ table: TableSearch, _ columns: ProposedColumns) {
      let text = table.text
      var scanner = LineScanner(text.masked.span)
      var length = 0
      let field = columns.columns.first { $0.role == "H" }?.position
      let response = columns.columns.first { ["J", "B", "M"].contains($0.role) }?.position
      let open = columns.columns.filter { $0.role == "?" }.map(\.position)
      let places = ([field, response].compactMap(\.self) + open).sorted()
      var reader = text.reader(of: places)
      var numbers: [Double] = []
      while let line = scanner.next(text.masked.span) {
        let number = scanner.number
        if number >= table.firstLine, number <= table.lastLine {
          if number < table.firstLine + 3 || number == table.lastLine {
            shown.append((number, text.cells(line).prefix(12).map { $0 }))
          }
          _ = reader.append(line, of: text.masked.span, to: &numbers)
          continue
        }
        let content = text.text(line)
        if number > table.lastLine, behind.allSatisfy(\.isEmpty) { behind.append(content) }
        length += line.count
        guard length < 2 * HeaderLines.mostBytes else { break }
        if !content.isEmpty { outside.append(content) }
      }
      func column(_ place: Int) -> [Double] {
        let offset = places.firstIndex(of: place) ?? 0
        return stride(from: offset, to: numbers.count, by: max(1, places.count)).map { numbers[$0] }
      }
      isUnsigned = (field.map { [$0] } ?? open).contains { column($0).allSatisfy { $0 >= 0 } }
      if let field, let response {
        looksLikeMagnitude = Instruments.looksLikeMagnitude(column(field), column(response))
      }
    }
  }

  // MARK: parts

  private mutating func comment(_ text: String) {
    // A line end or a control character inside would end the comment.
    lines.append("# " + String(text.map { $0.isNewline ? " " : $0 }).filter { $0 == "\t" || !$0.isControl })
  }

  private mutating func add(_ key: String, _ value: String) { lines.append("\(key) = \(tomlText(value))") }

  /// A value that only the user knows.
  private mutating func ask(_ key: String, _ what: String) {
    add(key, "?")
    open.append(what)
  }

  private var delimiterName: String {
    switch profile.delimiter {
    case .blanks: "blanks"
    case .byte(Byte.tab): "tab"
    case .byte(Byte.semicolon): "semicolon"
    case .byte(Byte.comma): "comma"
    case .byte(let byte): String(UnicodeScalar(byte))
    }
  }

  private mutating func writeSummary(_ rows: Rows) {
    let mark = profile.decimalMark == Byte.comma ? "comma" : "point"
    comment(
      "Proposed by magcert. Correct what is wrong, replace every \"?\", save it, and read with --profile.")
    comment(
      "Understood: \(profile.encoding.rawValue), \(delimiterName) between the cells, decimal \(mark), "
        + "\(table.rowCount) rows of \(table.cellCount) cells in the lines \(table.firstLine) to \(table.lastLine)."
    )
    if table.otherTables > 0 {
      comment("The file has \(table.otherTables) more tables, which are not read.")
    }
    comment("The first rows and the last one, as read:")
    for row in rows.shown { comment("  line \(row.line): " + row.cells.joined(separator: " | ")) }
    lines.append("")
  }

  private mutating func writeFile(_ rows: Rows) {
    add("id", "my-instrument")
    add("title", "My instrument")
    lines.append("")
    add("encoding", profile.encoding.rawValue)
    add("delimiter", delimiterName)
    let (mark, other) = profile.decimalMark == Byte.comma ? ("comma", "point") : ("point", "comma")
    if table.showsDecimalMark {
      add("decimal_mark", mark)
    } else {
      comment(
        "Every \(mark) has exactly three digits behind it. When it parts thousands, state decimal_mark = \"\(other)\" "
          + "and thousands_mark = \"\(mark)\"; else decimal_mark = \"\(mark)\".")
      ask("decimal_mark", "decimal_mark: point or comma")
    }
    if let mark = profile.thousandsMark { add("thousands_mark", mark == Byte.comma ? "comma" : "point") }
    if let mark = columns.mark {
      let first = String(mark.text.prefix(60)).trimmed
      let isUnique = rows.outside.first { $0.hasPrefix(first) } == mark.text && !first.hasPrefix("/")
      if isUnique {
        add("table_begins_after", first)
      } else {
        lines.append("table_begins_after = \(mark.line)")
      }
      let skipped = table.firstLine - mark.line - 1
      if skipped > 0 {
        comment("Lines between that one and the first row.")
        lines.append("skip_lines = \(skipped)")
      }
    }
    if let next = rows.behind.first, !rows.behind.allSatisfy(\.isEmpty) {
      // What follows a label may differ from file to file.
      let label = String(next.prefix { !":=;,|\t0123456789/".contains($0) }.prefix(40)).trimmed
      if next.isEmpty { comment("An empty line ends the table.") }
      if next.isEmpty || !label.isEmpty {
        add("table_ends_before", label)
      } else {
        lines.append("table_ends_before = \(table.lastLine + 1)")
      }
    }
  }

  private mutating func writeCircuit(_ rows: Rows) {
    let isMoment = columns.columns.contains {
      $0.role == "M" && ["emu", "memu", "A m2", "mA m2", "emu/g", "A m2/kg"].contains($0.unit)
    }
    lines.append("")
    if isMoment {
      comment("A moment is usually measured in an open circuit.")
    }
    comment(
      "closed: clamped between pole pieces (hysteresisgraph); open: free in the field (VSM, pulsed field).")
    ask("circuit", "circuit: open or closed")
    guard rows.isUnsigned else { return add("second_quadrant_field", "negative") }
    comment(
      rows.looksLikeMagnitude
        ? "H is never negative and the response falls as it rises, as if H were the demagnetising magnitude."
        : "No number in the column of H is negative.")
    comment("positive: H is the demagnetising field without its sign; negative: H is as it stands.")
    ask("second_quadrant_field", "second_quadrant_field: positive or negative")
  }

  private mutating func writeColumns() {
    for column in columns.columns {
      let title = column.title.map { "“\($0)”" } ?? "without a name"
      guard column.role != "ignored" else {
        comment("Column \(column.position + 1), \(title), is left out: \(column.reason).")
        continue
      }
      lines.append("")
      comment((column.isGuess ? "? " : "") + "Column \(column.position + 1), \(title): \(column.reason).")
      lines.append("[[column]]")
      if columns.haveNames, let title = column.title {
        add("name", title)
      } else {
        lines.append("position = \(column.position + 1)")
      }
      if column.role == "?" {
        ask("role", "role of column \(column.position + 1): one of H, J, B, M, temperature, time, ignored")
      } else {
        add("role", column.role)
      }
      if let isInternal = column.isInternal { add("field", isInternal ? "internal" : "applied") }
      if column.unit == "?" {
        ask("unit", "unit of column \(column.position + 1), \(title)")
      } else if let unit = column.unit {
        add("unit", unit)
      }
    }
    let roles = Set(columns.columns.map(\.role))
    if !roles.contains("?"), !roles.contains("H") { open.append("which column is the field H") }
    if !roles.contains("?"), roles.isDisjoint(with: ["J", "B", "M"]) {
      open.append("which column is J, B or M")
    }
  }

  private mutating func writeHeader(_ rows: Rows) {
    for value in ProposedHeader.all(in: rows.outside, decimalMark: profile.decimalMark) {
      lines.append("")
      comment("Found: \(value.found)")
      lines.append("[[header]]")
      add("value", value.key.rawValue)
      add("pattern", value.pattern)
      if value.unit == "?" {
        ask("unit", "unit of \(value.key.rawValue)")
      } else if let unit = value.unit {
        add("unit", unit)
      }
      if value.order == "?" {
        ask("order", "order of the date: day-month-year, month-day-year or year-month-day")
      } else if let order = value.order {
        add("order", order)
      }
    }
  }
}

extension Character {
  fileprivate var isControl: Bool { unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
}

/// A text as a string of TOML: between simple marks where it has backslashes, else with them before what needs one.
private func tomlText(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
  if isPlain, !text.contains("'"), text.contains("\\") || text.contains("\"") { return "'\(text)'" }
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": escaped += "\\\(scalar)"
    case "\t": escaped += "\\t"
    case "\u{0}"..."\u{1F}", "\u{7F}":
      let digits = String(scalar.value, radix: 16)
      escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return "\"\(escaped)\""
}
