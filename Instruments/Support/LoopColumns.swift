// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension ColumnName {
  /// The place of the first of the `wanted` names that there is, whatever their units.
  static func first(_ wanted: [String], in names: [ColumnName]) -> Int? {
    wanted.lazy.compactMap { name in names.firstIndex { $0.name == name } }.first
  }
}

extension RowCollector {
  /// The applied field in A/m; a column in T is µ0·H.
  func appliedField(
    _ column: Int, _ name: ColumnName, _ options: ReadingOptions
  ) throws(ReadError) -> [Double] {
    try si(column, name, [.fieldStrength, .fluxDensity], options)
  }

  /// The moment in A·m².
  func moment(_ column: Int, _ name: ColumnName, _ options: ReadingOptions) throws(ReadError) -> [Double] {
    try si(column, name, [.magneticMoment], options)
  }

  private func si(
    _ column: Int, _ name: ColumnName, _ dimensions: [PhysicalDimension], _ options: ReadingOptions
  ) throws(ReadError) -> [Double] {
    guard let unit = name.unit(options), dimensions.contains(unit.dimension) else {
      throw name.unitError(dimensions)
    }
    let numbers = unit.si(numbers(of: column))
    let result = unit.dimension == .fluxDensity ? numbers.map { $0 / magneticConstant } : numbers
    try requireFinite(result, lines: lines, column: name.spelled)
    return result
  }
}
