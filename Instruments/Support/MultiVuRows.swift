// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Which columns of a MultiVu file make the loop.
struct MultiVuPlan: Sendable {
  /// A column that may hold the moment.
  struct Moment: Sendable {
    let name: String
    /// The code of the note when the column stands in for those before it; nil when it is as good as they are.
    var standInCode: String?
    var watched: [CellRule] = []
  }

  /// Something that the number in another column tells of a row.
  struct CellRule: Sendable {
    /// The column's name in full.
    let column: String
    /// What it means, such as `over-range`.
    let meaning: String
    /// The code of the note, when there is one.
    var code = ""
    let applies: @Sendable (Double) -> Bool
  }

  let field: [String]
  /// The best first; the next is taken when one is empty in all rows.
  let moments: [Moment]
  let time: String
  /// Why a row may have no moment.
  let reasons: [CellRule]
  /// Thrown when no row has a moment and there are rows; nil when that is a measurement without points.
  var otherMeasurement: ReadError?
}

/// The rows of a MultiVu file that have a field and a moment, in SI.
struct MultiVuRows {
  private(set) var field: [Double] = []
  private(set) var moment: [Double] = []
  private(set) var time: [Double]?
  private(set) var temperature: [Double]?
  private(set) var lines: [Int] = []
  private(set) var notes: [ReadingNote] = []

  /// Reads what `scanner` finds behind the column line.
  init(
    _ bytes: Span<UInt8>, _ scanner: LineScanner, _ header: MultiVuHeader, _ plan: MultiVuPlan,
    _ options: ReadingOptions
  ) throws(ReadError) {
    let names = header.columns.map { ColumnName($0) }
    try requireStatedColumns(options, among: names)
    var moments = plan.moments.compactMap { moment in
      ColumnName.first([moment.name], in: names).map { (index: $0, moment) }
    }
    guard !moments.isEmpty else {
      let expected = plan.moments.map { "“\($0.name) (emu)”" }.joined(separator: " or ")
      throw ReadError(.notALoop, "no column holds a moment; expected \(expected)")
    }
    guard let fieldColumn = ColumnName.first(plan.field, in: names) else {
      let expected = plan.field.first ?? ""
      throw ReadError(.missingColumn, "no column holds the field; expected “\(expected) (Oe)”")
    }
    let timeColumn = ColumnName.first([plan.time], in: names)
    let temperatureColumn = ColumnName.first(["Temperature"], in: names)
    var skipped: ColumnName?
    while !moments.isEmpty {
      let (momentColumn, moment) = moments.removeFirst()
      let watched = moment.watched.compactMap { rule in
        names.firstIndex { $0.spelled == rule.column }.map { (index: $0, rule: rule) }
      }
      let wanted = [fieldColumn, momentColumn, timeColumn, temperatureColumn].compactMap(\.self)
      let table = try MultiVuTable(
        bytes, scanner, header, wanted + watched.map(\.index), needed: [fieldColumn, momentColumn],
        reasons: plan.reasons)
      let rows = table.rows
      guard !rows.lines.isEmpty || moments.isEmpty else {
        skipped = skipped ?? names[momentColumn]
        continue
      }
      if rows.lines.isEmpty, let other = plan.otherMeasurement { throw other }
      lines = rows.lines
      notes = table.notes
      field = try rows.appliedField(fieldColumn, names[fieldColumn], options)
      self.moment = try rows.moment(momentColumn, names[momentColumn], options)
      time = timeColumn.map(rows.numbers(of:)).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
      temperature = temperatureColumn.flatMap {
        physicalTemperatures(rows.numbers(of: $0), names[$0].spelled)
      }
      if let code = moment.standInCode, let skipped {
        let message =
          "“\(skipped.spelled)” is empty in all rows; the moment is “\(names[momentColumn].spelled)”"
        notes.insert(ReadingNote(code: code, message: message), at: 0)
      }
      for (column, rule) in watched { noteRows(in: rows.numbers(of: column), rule) }
      return
    }
  }

  /// Rows are kept whatever the instrument thinks of them: those near zero moment fit worst and matter most.
  private mutating func noteRows(in numbers: [Double], _ rule: MultiVuPlan.CellRule) {
    var found = RowCount()
    for (index, number) in numbers.enumerated() where rule.applies(number) { found.add(line: lines[index]) }
    guard found.count > 0 else { return }
    notes.append(ReadingNote(code: rule.code, message: found.sentence("with \(rule.meaning) kept")))
  }

  /// The column when every row has a temperature above 0 K; nil, with a note when it holds something else.
  private mutating func physicalTemperatures(_ kelvins: [Double], _ column: String) -> [Double]? {
    guard let bad = kelvins.firstIndex(where: { !($0 > 0 && $0.isFinite) }) else { return kelvins }
    if kelvins.contains(where: \.isFinite) {
      notes.append(
        ReadingNote(
          code: "temperature-left-out",
          message: "“\(column)” is not used, because line \(lines[bad]) has no temperature above 0 K there"))
    }
    return nil
  }
}
