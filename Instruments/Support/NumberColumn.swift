// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The fields of a magnetometer: H, or µ0·H.
let fieldDimensions: [PhysicalDimension] = [.fieldStrength, .fluxDensity]

/// A column of numbers with its unit.
struct NumberColumn {
  let index: Int
  let unit: UnitOfMeasure

  init(_ index: Int, _ unit: UnitOfMeasure) {
    self.index = index
    self.unit = unit
  }

  /// The first of the columns of that name; nil when there is none.
  ///
  /// Throws when its unit is not known or measures something else, and adds a note when the user has stated it.
  init?(
    _ name: String, among columns: [ColumnName], _ dimensions: [PhysicalDimension], _ options: ReadingOptions,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    guard let index = columns.firstIndex(where: { $0.name == name }) else { return nil }
    self.init(index, try columns[index].unit(dimensions, options, &notes))
  }

  /// What is missing when one of the names is none of a column.
  static func missing(_ names: String, among columns: [ColumnName]) -> ReadError {
    let found = columns.map(\.spelled).joined(separator: ", ")
    return ReadError(.missingColumn, "\(names) are needed, and the columns are \(found)")
  }
}

extension NumberBlock {
  /// The numbers of one column in SI; throws for one that leaves the range of a double.
  func si(of column: NumberColumn) throws(ReadError) -> [Double] {
    let si = column.unit.si(numbers(of: column.index))
    try requireFinite(si, lines: lines, column: columns[column.index].spelled)
    return si
  }

  /// The field in A/m; one in a unit of flux density is µ0·H.
  func field(of column: NumberColumn) throws(ReadError) -> [Double] {
    let field = column.unit.field(numbers(of: column.index))
    try requireFinite(field, lines: lines, column: columns[column.index].spelled)
    return field
  }

  /// The times in s.
  func times(of column: NumberColumn?) throws(ReadError) -> Series<Time>? {
    guard let column else { return nil }
    return Series(si: try si(of: column))
  }

  /// The temperatures in K, or nil with a note when one of them is none that a specimen can have.
  func temperatures(
    of column: NumberColumn?, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> Series<Temperature>? {
    guard let column else { return nil }
    return specimenTemperatures(
      try si(of: column), lines: lines, column: columns[column.index].spelled, &notes)
  }
}
