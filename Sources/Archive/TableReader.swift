// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// Reads rows of one table.
struct TableReader {
  let layout: TableLayout
  private let datasets: [HDF5Dataset]
  private let index: HDF5Dataset?
  /// How many whole rows there are.
  let rowCount: Int
  /// Whether every dataset ends with the last whole row.
  let isWhole: Bool

  init(_ layout: TableLayout, in file: borrowing HDF5File) throws(HDF5Error) {
    self.layout = layout
    var datasets: [HDF5Dataset] = []
    var counts: [Int] = []
    for column in layout.columns {
      let dataset = try file.dataset("\(layout.path)/\(column.name)")
      guard dataset.type == column.type else {
        throw HDF5Error(
          action: "read \(dataset.path)",
          reasons: ["it holds \(dataset.type.rawValue) where \(column.type.rawValue) is expected"])
      }
      counts.append(try dataset.count())
      datasets.append(dataset)
    }
    self.datasets = datasets
    let (fewest, most) = (counts.min() ?? 0, counts.max() ?? 0)
    if let name = layout.index {
      let index = try file.dataset("\(layout.path)/\(name)")
      self.index = index
      let ends = try index.numbers(Int64.self)
      guard ends.first == 0 else {
        throw HDF5Error(action: "read \(index.path)", reasons: ["it does not begin with 0"])
      }
      // A killed writer may have left entries for cells that did not reach the file.
      var last: Int64 = 0
      let whole = ends.prefix { end in
        guard end >= last, end <= fewest else { return false }
        last = end
        return true
      }
      rowCount = whole.count - 1
      isWhole = whole.count == ends.count && fewest == most && Int(ends[ends.count - 1]) == most
    } else {
      index = nil
      rowCount = fewest
      isWhole = fewest == most
    }
  }

  /// The rows of a range.
  func block(_ rows: Range<Int>) throws(HDF5Error) -> TableBlock {
    var starts = Array(rows.lowerBound...rows.upperBound)
    if let index {
      starts = try index.numbers(Int64.self, in: rows.lowerBound..<rows.upperBound + 1).map {
        Int(clamping: $0)
      }
      guard zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }), starts[0] >= 0 else {
        throw HDF5Error(action: "read \(index.path)", reasons: ["its entries do not rise"])
      }
    }
    let range = starts[0]..<starts[rows.count]
    var columns: [Cells] = []
    for dataset in datasets { columns.append(try Self.cells(dataset, range)) }
    let first = starts[0]
    return TableBlock(indexed: index != nil, starts: starts.map { $0 - first }, columns: columns)
  }

  /// All cells of one column; nil for a name that the table does not have.
  func column(_ name: String, rows: Range<Int>) throws(HDF5Error) -> Cells? {
    guard let place = layout.columns.firstIndex(where: { $0.name == name }) else { return nil }
    return try Self.cells(datasets[place], rows)
  }

  private static func cells(_ dataset: HDF5Dataset, _ range: Range<Int>) throws(HDF5Error) -> Cells {
    switch dataset.type {
    case .double: .doubles(try dataset.numbers(Double.self, in: range))
    case .int64: .integers(try dataset.numbers(Int64.self, in: range))
    case .uint8: .bytes(try dataset.numbers(UInt8.self, in: range))
    case .text: .texts(try dataset.texts(in: range))
    }
  }
}
