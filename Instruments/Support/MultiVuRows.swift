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

    /// The place of its column; nil when there is none.
    func place(in names: [ColumnName]) -> Int? { names.firstIndex { $0.spelled == column } }
  }

  let field: [String]
  /// The best first; the next is taken when one has fewer numbers than a loop needs and the next has more.
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
    var candidates: [(column: Int, moment: MultiVuPlan.Moment)] = []
    for moment in plan.moments {
      if let column = try ColumnName.first([moment.name], in: names) { candidates.append((column, moment)) }
    }
    guard let fieldColumn = try ColumnName.first(plan.field, in: names) else {
      let expected = plan.field.first ?? ""
      throw ReadError(.missingColumn, "no column holds the field; expected “\(expected) (Oe)”")
    }
    let timeColumn = try ColumnName.first([plan.time], in: names)
    let temperatureColumn = try ColumnName.first(["Temperature"], in: names)
    var chosen: (table: MultiVuTable, column: Int, moment: MultiVuPlan.Moment)?
    var firstCount: Int?
    for (column, moment) in candidates {
      let watched = moment.watched.compactMap { $0.place(in: names) }
      let wanted = [fieldColumn, column, timeColumn, temperatureColumn].compactMap(\.self)
      let table = try MultiVuTable(
        bytes, scanner, header, wanted + watched, needed: [fieldColumn, column], reasons: plan.reasons)
      let count = table.rows.lines.count
      firstCount = firstCount ?? count
      if count > chosen?.table.rows.lines.count ?? -1 { chosen = (table, column, moment) }
      if count >= fewestRows { break }
    }
    guard let (table, momentColumn, plannedMoment) = chosen, let first = candidates.first else {
      let expected = plan.moments.map { "“\($0.name) (emu)”" }.joined(separator: " or ")
      throw ReadError(.notALoop, "no column holds a moment; expected \(expected)")
    }
    let rows = table.rows
    if rows.lines.isEmpty, let other = plan.otherMeasurement { throw other }
    lines = rows.lines
    if let code = plannedMoment.standInCode, momentColumn != first.column {
      let (empty, used) = (names[first.column].spelled, names[momentColumn].spelled)
      let rows = firstCount == 0 ? "is empty in all rows" : "holds no number in most rows"
      notes.append(ReadingNote(code: code, message: "“\(empty)” \(rows); the moment is “\(used)”"))
    }
    notes += table.notes
    field = try rows.appliedField(fieldColumn, names[fieldColumn], options, &notes)
    moment = try rows.moment(momentColumn, names[momentColumn], options, &notes)
    time = try rows.times(timeColumn, among: names, options, &notes)
    temperature = try rows.temperatures(temperatureColumn, among: names, options, &notes)
    for rule in plannedMoment.watched {
      if let column = rule.place(in: names) { noteRows(in: rows.numbers(of: column), rule) }
    }
  }

  /// Rows are kept whatever the instrument thinks of them: those near zero moment fit worst and matter most.
  private mutating func noteRows(in numbers: [Double], _ rule: MultiVuPlan.CellRule) {
    var found = RowCount()
    for (index, number) in numbers.enumerated() where rule.applies(number) { found.add(line: lines[index]) }
    guard found.count > 0 else { return }
    notes.append(ReadingNote(code: rule.code, message: found.sentence("with \(rule.meaning) kept")))
  }
}
