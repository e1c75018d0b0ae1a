// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Certification

/// What is looked for in archives; a row has to meet everything that is asked.
public struct ArchiveQuery: Sendable {
  private let lot: String?
  private let grade: String?
  private let verdicts: Set<Conformity>
  private let since: String?
  private let until: String?
  private let conditions: [ValueCondition]

  /// A query from what is asked; without arguments every row matches.
  ///
  /// `verdicts` are words such as `pass`, of which one has to match. `since` and `until` are ISO 8601, cut off anywhere
  /// behind the year, and both inclusive: they are compared with the time of measuring that the file states, else with
  /// that of the archive. `conditions` are such as `HcJ>=1592e3`, in SI or with a unit. Throws one sentence for what
  /// cannot be understood.
  public init(
    lot: String? = nil, grade: String? = nil, verdicts: [String] = [], since: String? = nil,
    until: String? = nil, conditions: [String] = []
  ) throws(InputError) {
    self.lot = lot
    self.grade = grade
    var wanted: Set<Conformity> = []
    for word in verdicts {
      guard let verdict = Conformity(rawValue: word) else {
        throw InputError(
          "“\(word)” is no verdict; they are \(Conformity.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      wanted.insert(verdict)
    }
    self.verdicts = wanted
    self.since = try since.map(Self.time)
    self.until = try until.map(Self.time)
    self.conditions = try conditions.map { text throws(InputError) in try ValueCondition(text) }
  }

  private static func time(_ text: String) throws(InputError) -> String {
    let pattern = /\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?Z?/
    guard text.wholeMatch(of: pattern) != nil else {
      throw InputError("“\(text)” is no time such as 2026-03-01 or 2026-03-01T12:00:00")
    }
    return text.hasSuffix("Z") ? String(text.dropLast()) : text
  }

  func matches(_ row: ArchiveSummary, of archive: ArchiveReader) -> Bool {
    if let lot, (row.lot ?? archive.lot) != lot { return false }
    if let grade, row.grade != grade { return false }
    if !verdicts.isEmpty {
      guard let verdict = row.verdict, verdicts.contains(verdict) else { return false }
    }
    let time = row.measured ?? archive.created
    if let since, time.prefix(since.count) < since.prefix(time.count) { return false }
    if let until, time.prefix(until.count) > until.prefix(time.count) { return false }
    return conditions.allSatisfy { condition in
      row.quantities[condition.quantity].map { condition.holds(for: $0.value) } ?? false
    }
  }
}

/// A limit on a value that rows are looked for by.
struct ValueCondition: Sendable {
  /// How value and limit stand to each other.
  enum Relation: String, CaseIterable, Sendable {
    // The longer ones first: each is looked for at the same place.
    case atLeast = ">="
    case atMost = "<="
    case different = "!="
    case more = ">"
    case less = "<"
    case equal = "="
  }

  let quantity: Characteristic
  let relation: Relation
  /// In the quantity's SI unit.
  let limit: Double

  /// A condition such as `HcJ>=1592e3` or `HcJ >= 1592 kA/m`; throws one sentence for anything else.
  init(_ text: String) throws(InputError) {
    guard let place = text.firstIndex(where: { "<>=!".contains($0) }),
      let relation = Relation.allCases.first(where: { text[place...].hasPrefix($0.rawValue) })
    else {
      throw InputError("“\(text)” is no condition such as HcJ>=1592e3: it has none of >=, <=, >, <, =, !=")
    }
    let name = String(text[..<place].filter { $0 != " " })
    guard let quantity = Characteristic(rawValue: name) else {
      let names = Characteristic.allCases.map(\.rawValue).joined(separator: ", ")
      throw InputError("“\(name)” in “\(text)” is no quantity; they are \(names)")
    }
    let value = String(text[place...].dropFirst(relation.rawValue.count).drop { $0 == " " })
    // Without a unit a number is in SI, as everywhere in JSON.
    limit = if let plain = Double(value), plain.isFinite { plain } else { try number(value, of: quantity) }
    self.quantity = quantity
    self.relation = relation
  }

  func holds(for value: Double) -> Bool {
    switch relation {
    case .atLeast: value >= limit
    case .atMost: value <= limit
    case .different: value != limit
    case .more: value > limit
    case .less: value < limit
    case .equal: value == limit
    }
  }
}

/// A row of an archive that matched a query.
public struct ArchivedRow: Sendable {
  let archive: OpenArchive
  let summary: ArchiveSummary

  /// Its JSON record with its budgets; throws one sentence when it cannot be read.
  public func record() throws(InputError) -> String { try archive.record(summary.row) }

  /// What a list shows of it, under `listHeader`.
  public var cells: [String] { [archive.reader.path] + listedCells(summary) }

  /// The names of the columns of lists of rows from several archives.
  public static let listHeader = ["archive"] + listedHeader
}

/// Rows of cells as columns for a terminal, one line each; traps when they are not equally many in every row.
public func columns(_ rows: [[String]]) -> String { listed(rows) }

extension OpenArchive {
  /// How many rows there are.
  public var count: Int { reader.count }

  /// Calls `body` with every row that matches a query, in order; throws one sentence, and what `body` throws.
  public func forEachRow(matching query: ArchiveQuery, _ body: (ArchivedRow) throws -> Void) throws {
    try forEachSummary { summary in
      if query.matches(summary, of: reader) { try body(ArchivedRow(archive: self, summary: summary)) }
    }
  }

  /// Calls `body` with every row in order, of which no more than some hundred are in memory.
  func forEachSummary(_ body: (ArchiveSummary) throws -> Void) throws {
    let step = 512
    for first in stride(from: 0, to: reader.count, by: step) {
      let summaries: [ArchiveSummary]
      do { summaries = try reader.summaries(of: first..<min(first + step, reader.count)) } catch {
        throw InputError(error.description)
      }
      for summary in summaries { try body(summary) }
    }
  }
}
