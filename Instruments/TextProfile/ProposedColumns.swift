// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What the lines above a table tell of its columns.
struct ProposedColumns {
  struct Column {
    /// Counted from 0.
    let position: Int
    /// The cell above it, when there is one.
    var title: String?
    /// `?` when nothing tells.
    var role: String
    /// `?` when nothing tells.
    var unit: String?
    var isInternal: Bool?
    /// Why it is taken for what it is.
    var reason: String
    /// How far its name is from that of the plain quantity.
    var certainty = Certainty.plain
    /// Whether the reason leaves a doubt.
    var isGuess: Bool { certainty != .plain }
  }

  enum Certainty: Int {
    /// The name is one of the quantity, and nothing else.
    case plain
    /// The name holds one of the quantity.
    case guessed
    /// The name says that it is a deviation, a setting or the like of the quantity.
    case derived
  }

  private(set) var columns: [Column] = []
  /// Whether every column that is not ignored has a title that no other has.
  private(set) var haveNames = false
  /// The number and the text of the line after which the table begins; nil when it begins with the file.
  private(set) var mark: (line: Int, text: String)?

  /// The lines above the first row that are not empty, with their numbers.
  private static func linesAbove(_ table: TableSearch) -> [(number: Int, range: Range<Int>)] {
    var scanner = LineScanner(table.text.masked.span)
    var lines: [(number: Int, range: Range<Int>)] = []
    while let line = scanner.next(table.text.masked.span), scanner.number < table.firstLine {
      guard !table.text.text(line).isEmpty else { continue }
      lines.append((scanner.number, line))
      if lines.count > 3 { lines.removeFirst() }
    }
    return lines
  }

  init(_ table: TableSearch) {
    let above = Self.linesAbove(table)
    mark = above.last.map { ($0.number, table.text.text($0.range)) }
    var titled = above.map { (number: $0.number, range: $0.range, cells: table.text.cells($0.range)) }
      .filter { line in (line.cells.lastIndex { !$0.isEmpty } ?? -1) + 1 == table.cellCount }
    var units: [String] = []
    if titled.count > 1, let last = titled.last, Self.isLineOfUnits(last.cells) {
      units = last.cells
      titled.removeLast()
    }
    let titles = titled.last?.cells ?? []
    if let last = titled.last { mark = (last.number, table.text.text(last.range)) }
    for position in 0..<table.cellCount {
      let title = position < titles.count && !titles[position].isEmpty ? titles[position] : nil
      let unit = position < units.count ? UnitOfMeasure(word: units[position]) : nil
      columns.append(Self.column(position, title, unit, isNumber: table.columns.contains(position)))
    }
    chooseAmongRoles()
    if titles.isEmpty {
      for position in table.columns.prefix(2) {
        columns[position].role = "?"
        columns[position].unit = "?"
        columns[position].reason = "nothing in the file says what it is"
      }
    }
    let needed = columns.filter { $0.role != "ignored" }.map(\.title)
    haveNames =
      !needed.contains(nil) && needed.allSatisfy { title in titles.count { $0 == title } == 1 }
  }

  private static func isLineOfUnits(_ cells: [String]) -> Bool {
    let texts = cells.filter { !$0.isEmpty }
    guard texts.count >= 2 else { return false }
    let isBracketed = texts.allSatisfy { ($0.hasPrefix("(") || $0.hasPrefix("[")) && $0.count > 1 }
    return isBracketed || texts.count { UnitOfMeasure(word: $0) != nil } * 2 > texts.count
  }

  private static func column(
    _ position: Int, _ title: String?, _ unitBelow: UnitOfMeasure?, isNumber: Bool
  ) -> Column {
    var column = Column(
      position: position, title: title, role: "ignored", reason: "nothing says that it is needed")
    guard isNumber else {
      column.reason = "it does not hold numbers"
      return column
    }
    guard let title else { return column }
    let name = ColumnName(title)
    let unit = name.headerUnit ?? unitBelow
    guard let role = name.role.flatMap({ profileRole($0, unit) }) ?? foreignRole(name.name) else {
      column.reason = "its name says nothing known"
      return column
    }
    column.role = role.rawValue
    column.reason = "by its name"
    if name.role == nil {
      column.certainty = Self.isDerived(name.name) ? .derived : .guessed
      column.reason = "a guess, because its name holds a word for it; check it"
    }
    if case .field(let side)? = name.role, side != .unsaid { column.isInternal = side == .internal }
    if let unit, role.dimensions.contains(unit.dimension) {
      column.unit = unit.symbol
    } else {
      column.unit = "?"
      column.reason +=
        unit.map { ", but \($0.symbol) is no unit of it" } ?? ", and nothing says its unit"
    }
    return column
  }

  private static func profileRole(_ role: TableRole, _ unit: UnitOfMeasure?) -> TextProfile.Role? {
    switch role {
    case .field: .field
    case .response(.polarisation): .polarisation
    case .response(.fluxDensity): .fluxDensity
    // µ0·M is the polarisation.
    case .response(.magnetisation) where unit?.dimension == .fluxDensity: .polarisation
    case .response: .magnetisation
    case .temperature: .temperature
    case .time: .time
    }
  }

  /// Names in the languages of the instruments' makers.
  private static func foreignRole(_ name: String) -> TextProfile.Role? {
    let words: [(String, TextProfile.Role)] = [
      ("磁极化", .polarisation), ("磁気分極", .polarisation), ("polarisation", .polarisation),
      ("磁感应", .fluxDensity), ("磁通密度", .fluxDensity), ("磁束密度", .fluxDensity), ("flussdichte", .fluxDensity),
      ("induktion", .fluxDensity), ("磁化", .magnetisation), ("磁矩", .magnetisation),
      ("磁気モーメント", .magnetisation), ("moment", .magnetisation), ("磁场", .field), ("磁界", .field),
      ("feldstärke", .field), ("field", .field), ("温度", .temperature), ("temp", .temperature), ("时间", .time),
      ("時間", .time), ("zeit", .time),
    ]
    let lower = name.lowercased()
    return words.first { lower.contains($0.0) }?.1
  }

  /// Whether a name says that a column is not the quantity itself.
  private static func isDerived(_ name: String) -> Bool {
    let lower = name.lowercased()
    let parts = [
      "drift", "error", "fehler", "std", "noise", "rausch", "rate", "set", "soll", "ref", "average", "avg",
      "mittel",
      "dev", "abweichung", "corr", "korr", "torque", "drehmoment", "range", "offset", "background", "误差",
      "誤差",
      "漂移", "ドリフト", "设定", "設定", "噪声", "ノイズ", "平均", "参考", "参照",
    ]
    let words = lower.split { !$0.isLetter }
    return parts.contains { lower.contains($0) }
      || ["err", "sd", "rms", "max", "min"].contains { words.contains($0) }
  }

  /// Of several columns of one role the one with the plainest name is taken, the first of equal ones, and M is not
  /// taken beside J or B.
  ///
  /// A drift, an error or a setting is no quantity of a loop; where nothing else could be one that is needed, it is
  /// asked.
  private mutating func chooseAmongRoles() {
    func key(_ column: Column) -> String { column.role + (column.isInternal == true ? " internal" : "") }
    let responses: Set = ["J", "B", "M"]
    for wanted in [["H"], responses]
    where !columns.contains(where: { wanted.contains($0.role) && $0.certainty != .derived }) {
      guard let index = columns.firstIndex(where: { wanted.contains($0.role) }) else { continue }
      columns[index].reason = "it may be \(columns[index].role), but its name says more than that"
      columns[index].role = "?"
    }
    for index in columns.indices where columns[index].certainty == .derived && columns[index].role != "?" {
      leaveOut(index, "its name says that it is not \(columns[index].role) itself")
    }
    let hasOther = columns.contains { ["J", "B"].contains($0.role) }
    var taken: [String: Int] = [:]
    for (index, column) in columns.enumerated() where column.role != "ignored" && column.role != "?" {
      if column.role == "M", hasOther {
        leaveOut(index, "another column is taken as J or B")
      } else if let other = taken[key(column)] {
        let isPlainer = column.certainty.rawValue < columns[other].certainty.rawValue
        leaveOut(isPlainer ? other : index, "another column is taken as \(column.role)")
        if isPlainer { taken[key(column)] = index }
      } else {
        taken[key(column)] = index
      }
    }
  }

  private mutating func leaveOut(_ index: Int, _ reason: String) {
    guard columns[index].role != "ignored" else { return }
    columns[index].role = "ignored"
    columns[index].unit = nil
    columns[index].isInternal = nil
    columns[index].reason = reason
  }
}
