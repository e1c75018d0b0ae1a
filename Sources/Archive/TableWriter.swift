// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// Appends rows to the datasets of one table, many at a time.
struct TableWriter<Row> {
  private let table: Table<Row>
  private let datasets: [HDF5Dataset]
  /// For each column of texts that repeat what appends to its dataset.
  private let shared: [SharedTexts?]
  private let index: HDF5Dataset?
  private var written = 0
  private(set) var pending: TableBlock

  /// Creates the table's datasets; its group must exist.
  init(_ table: Table<Row>, in file: borrowing HDF5File, expectedRows: Int) throws(HDF5Error) {
    self.table = table
    var datasets: [HDF5Dataset] = []
    for column in table.columns {
      let path = "\(table.path)/\(column.name)"
      let chunk = Self.chunk(column, table, expectedRows: expectedRows)
      datasets.append(try file.createDataset(path, column.type, chunk: chunk))
      try file.setAttributes(column.attributes.map { ($0.name, .text($0.value)) }, of: path)
    }
    self.datasets = datasets
    shared = Self.shared(table, datasets)
    if let name = table.index {
      let path = "\(table.path)/\(name)"
      let index = try file.createDataset(path, .int64, chunk: 256)
      try file.setAttribute(
        "long_name", .text("cells of row i: from entry i up to, not including, entry i + 1"), of: path)
      try index.append([Int64(0)])
      self.index = index
    } else {
      index = nil
    }
    pending = TableBlock(of: table)
  }

  /// Opens the table's datasets, which have `rows` rows and nothing behind them.
  init(_ table: Table<Row>, in file: borrowing HDF5File, keeping rows: Int) throws(HDF5Error) {
    self.table = table
    var cellCount = rows
    if let name = table.index {
      let index = try file.dataset("\(table.path)/\(name)")
      cellCount = Int(clamping: try index.numbers(Int64.self, in: rows..<rows + 1)[0])
      self.index = index
    } else {
      index = nil
    }
    var datasets: [HDF5Dataset] = []
    for column in table.columns {
      datasets.append(try file.dataset("\(table.path)/\(column.name)"))
    }
    self.datasets = datasets
    shared = Self.shared(table, datasets)
    written = cellCount
    pending = TableBlock(of: table)
  }

  /// Large enough to be fast for channels, small enough that an archive of one loop stays small.
  private static func chunk(_ column: Column<Row>, _ table: Table<Row>, expectedRows: Int) -> Int {
    let isLong = expectedRows > 64
    let isLongCurve = isLong && ArchiveSchema.curves.contains(table.path)
    return switch (column.type, table.index) {
    case (.uint8, .some): isLongCurve ? 262_144 : 32_768
    case (.double, .some), (.int64, .some): isLongCurve ? 32_768 : 2048
    case (.text, .some): isLong ? 512 : 128
    default: 128
    }
  }

  private static func shared(_ table: Table<Row>, _ datasets: [HDF5Dataset]) -> [SharedTexts?] {
    zip(table.columns, datasets).map { column, dataset in
      column.repeats ? SharedTexts(dataset) : nil
    }
  }

  /// Takes a row into memory and appends what it says in this table to `message`.
  mutating func append(_ row: Row, into message: inout [UInt8]) {
    pending.append(row, of: table)
    pending.encode(row: pending.rowCount - 1, into: &message)
  }

  /// Writes the rows taken since the last time.
  mutating func write() throws(HDF5Error) {
    guard pending.rowCount > 0 else { return }
    for (place, cells) in pending.columns.enumerated() {
      let dataset = datasets[place]
      switch cells {
      case .doubles(let cells): try dataset.append(cells)
      case .integers(let cells): try dataset.append(cells)
      case .bytes(let cells): try dataset.append(cells)
      case .texts(let cells): try dataset.append(cells)
      case .numbered(let cells):
        guard let shared = shared[place] else {
          preconditionFailure("numbered texts of a column without repeats")
        }
        try shared.append(cells)
      }
    }
    // The index comes last: a process killed in between leaves cells that no row claims.
    let first = written
    try index?.append(pending.starts.dropFirst().map { Int64(first + $0) })
    written += pending.starts[pending.rowCount]
    pending.removeAll()
  }

  /// How much the file grows, at most, when the rows in memory are written.
  ///
  /// Each dataset may begin one more block, and so may the tree that finds its blocks.
  var room: Int {
    guard pending.rowCount > 0 else { return 0 }
    return datasets.reduce(pending.room + Self.treeRoom) { $0 + $1.blockByteCount + Self.treeRoom }
  }

  /// Two nodes of libhdf5's tree of 64 blocks.
  private static var treeRoom: Int { 2 * 2096 }

  /// Where the numbers of this table lie in the file.
  func numberRanges() throws(HDF5Error) -> [Range<Int>] {
    var ranges = try index?.storedRanges() ?? []
    for dataset in datasets where dataset.type != .text { ranges += try dataset.storedRanges() }
    return ranges
  }
}
