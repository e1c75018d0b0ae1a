// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension ColumnName {
  /// The place of the first of the `wanted` names that there is, which are those without a unit unless `key` gives
  /// others.
  ///
  /// Throws when more than one column has that name, because nobody can tell which of them is meant.
  static func first(
    _ wanted: [String], in names: [ColumnName], by key: (ColumnName) -> String = \.name
  ) throws(ReadError) -> Int? {
    let keys = names.map(key)
    for name in wanted {
      let places = keys.indices.filter { keys[$0] == name }
      if places.count > 1 { throw ambiguous(places.map { names[$0] }) }
      if let place = places.first { return place }
    }
    return nil
  }

  /// What is wrong when each of several columns could be the one that is wanted.
  static func ambiguous(_ names: [ColumnName]) -> ReadError {
    let list = names.map { "“\($0.spelled)”" }.joined(separator: " and ")
    return ReadError(
      .malformed, "it is not clear which of the columns \(list) to read; remove or rename the others",
      column: names.first?.spelled)
  }
}

extension RowCollector {
  /// The applied field in A/m; a column in T is µ0·H.
  ///
  /// As with the other columns, a unit that the user states instead of the file's becomes a note.
  func appliedField(
    _ column: Int, _ name: ColumnName, _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double] {
    try si(column, name, fieldDimensions, options, &notes)
  }

  /// The moment in A·m².
  func moment(
    _ column: Int, _ name: ColumnName, _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double] {
    try si(column, name, [.magneticMoment], options, &notes)
  }

  /// The times in s; nil when there is no column, a cell is empty, or, with a note, the unit is not known.
  ///
  /// A column without a unit is in seconds.
  func times(
    _ column: Int?, among names: [ColumnName], _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double]? {
    guard let column else { return nil }
    let name = names[column]
    let isBare = name.unitText == nil && name.unit(options) == nil
    let seconds =
      isBare ? numbers(of: column) : try optionalSI(column, name, .time, options, &notes)
    return seconds.flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
  }

  /// The temperatures in K; nil when there is no column or no number in it.
  ///
  /// Nil, with a note, when the unit is not known or a row has no temperature that a specimen can have.
  func temperatures(
    _ column: Int?, among names: [ColumnName], _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double]? {
    guard let column, let kelvin = try optionalSI(column, names[column], .temperature, options, &notes)
    else { return nil }
    return specimenTemperatures(kelvin, lines: lines, column: names[column].spelled, &notes)?.si
  }

  /// A column that a loop can do without; nil, with a note, when its unit is not known and not stated.
  private func optionalSI(
    _ column: Int, _ name: ColumnName, _ dimension: PhysicalDimension, _ options: ReadingOptions,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double]? {
    guard let unit = name.unit(options), unit.dimension == dimension || unit != name.headerUnit else {
      let what = name.unitText.map { "its unit “\($0)” is no known one of \(dimension.rawValue)" }
      notes.append(
        ReadingNote(
          code: "column-left-out",
          message: "“\(name.spelled)” is not used, because \(what ?? "it has no unit")"))
      return nil
    }
    return try name.unit([dimension], options, &notes).si(numbers(of: column))
  }

  private func si(
    _ column: Int, _ name: ColumnName, _ dimensions: [PhysicalDimension], _ options: ReadingOptions,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) -> [Double] {
    let result = try name.unit(dimensions, options, &notes).field(numbers(of: column))
    try requireFinite(result, lines: lines, column: name.spelled)
    return result
  }
}
