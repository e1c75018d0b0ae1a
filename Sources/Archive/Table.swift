// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Quantities

/// Elements of one column.
enum Cells: Sendable {
  case doubles([Double])
  case integers([Int64])
  case bytes([UInt8])
  case texts([String])
  /// Texts on their way to a file in which they repeat.
  case numbered(NumberedTexts)

  /// No elements, of a type.
  init(_ type: HDF5ElementType) {
    switch type {
    case .double: self = .doubles([])
    case .int64: self = .integers([])
    case .uint8: self = .bytes([])
    case .text: self = .texts([])
    }
  }

  var count: Int {
    switch self {
    case .doubles(let cells): cells.count
    case .integers(let cells): cells.count
    case .bytes(let cells): cells.count
    case .texts(let cells): cells.count
    case .numbered(let cells): cells.count
    }
  }

  /// How much a file grows by them, at most, but for blocks that are begun.
  ///
  /// A text is a reference of 16 bytes to a heap.
  var room: Int {
    switch self {
    case .doubles(let cells): 8 * cells.count
    case .integers(let cells): 8 * cells.count
    case .bytes(let cells): cells.count
    case .texts(let cells): cells.reduce(0) { $0 + 16 + textRoom($1.utf8.count) }
    case .numbered(let cells): cells.room
    }
  }

  /// Takes all elements out and keeps their memory for as many.
  mutating func removeAll() {
    switch self {
    case .doubles(var cells):
      self = .doubles([])
      cells.removeAll(keepingCapacity: true)
      self = .doubles(cells)
    case .integers(var cells):
      self = .integers([])
      cells.removeAll(keepingCapacity: true)
      self = .integers(cells)
    case .bytes(var cells):
      self = .bytes([])
      cells.removeAll(keepingCapacity: true)
      self = .bytes(cells)
    case .texts(var cells):
      self = .texts([])
      cells.removeAll(keepingCapacity: true)
      self = .texts(cells)
    case .numbered(var cells):
      self = .texts([])
      cells.removeAll()
      self = .numbered(cells)
    }
  }

  // Emptied in between, or the array would be copied each time because two variables hold it.

  mutating func add(doubles more: some Collection<Double>) -> Int {
    guard case .doubles(var cells) = self else { preconditionFailure("doubles for another column") }
    self = .doubles([])
    cells += more
    self = .doubles(cells)
    return more.count
  }

  mutating func add(integers more: some Collection<Int64>) -> Int {
    guard case .integers(var cells) = self else { preconditionFailure("integers for another column") }
    self = .integers([])
    cells += more
    self = .integers(cells)
    return more.count
  }

  mutating func add(bytes more: some Collection<UInt8>) -> Int {
    guard case .bytes(var cells) = self else { preconditionFailure("bytes for another column") }
    self = .bytes([])
    cells += more
    self = .bytes(cells)
    return more.count
  }

  mutating func add(texts more: some Collection<String>) -> Int {
    if case .numbered(var cells) = self {
      self = .texts([])
      for text in more { cells.append(text) }
      self = .numbered(cells)
      return more.count
    }
    guard case .texts(var cells) = self else { preconditionFailure("texts for another column") }
    self = .texts([])
    for text in more { cells.append(storable(text)) }
    self = .texts(cells)
    return more.count
  }

  /// Appends the elements of a range to a message: numbers as they lie in the file, each text after its length.
  func encode(_ range: Range<Int>, into message: inout [UInt8]) {
    switch self {
    case .doubles(let cells): appendLittleEndian(cells[range], to: &message)
    case .integers(let cells): appendLittleEndian(cells[range], to: &message)
    case .bytes(let cells): message += cells[range]
    case .texts(let cells):
      for text in cells[range] { appendText(text, to: &message) }
    case .numbered(let cells): cells.encode(range, into: &message)
    }
  }
}

/// A column: its name, what it holds, and how to take its cells from a row.
///
/// In a table of one cell per row an absent number is NaN, an absent text empty, an absent integer −1.
struct Column<Row>: Sendable {
  let name: String
  let type: HDF5ElementType
  let attributes: [(name: String, value: String)]
  /// Adds the cells of a row to those of others, and tells how many they are.
  let add: @Sendable (Row, inout Cells) -> Int
  /// The first schema that has the column.
  private(set) var since: Int64 = 1
  /// Whether it is a column of texts of which the same come again and again.
  private(set) var repeats: Bool

  private init(
    _ name: String, _ type: HDF5ElementType, _ title: String, unit: SIUnit? = nil, term: String? = nil,
    add: @escaping @Sendable (Row, inout Cells) -> Int
  ) {
    self.name = name
    self.type = type
    repeats = type == .text
    var attributes = [(name: "long_name", value: title)]
    if let unit { attributes.append((name: "units", value: unit.rawValue)) }
    if let term { attributes.append((name: "ontology_iri", value: term)) }
    self.attributes = attributes
    self.add = add
  }

  /// The column, in archives from a schema on.
  func since(_ version: Int64) -> Column {
    var copy = self
    copy.since = version
    return copy
  }

  /// The column, of texts that come only once each.
  func distinct() -> Column {
    var copy = self
    copy.repeats = false
    return copy
  }

  /// One number per row, in `unit`.
  static func number(
    _ name: String, _ unit: SIUnit, _ title: String, term: String? = nil,
    _ value: @escaping @Sendable (Row) -> Double?
  ) -> Column {
    Column(name, .double, title, unit: unit, term: term) {
      $1.add(doubles: CollectionOfOne(value($0) ?? .nan))
    }
  }

  /// One integer per row.
  static func integer(
    _ name: String, _ title: String, _ value: @escaping @Sendable (Row) -> Int?
  ) -> Column {
    Column(name, .int64, title) { $1.add(integers: CollectionOfOne(Int64(value($0) ?? -1))) }
  }

  /// One yes (1) or no (0) per row.
  static func truth(
    _ name: String, _ title: String, _ value: @escaping @Sendable (Row) -> Bool
  ) -> Column {
    Column(name, .uint8, title) { $1.add(bytes: CollectionOfOne(value($0) ? 1 : 0)) }
  }

  /// One text per row.
  static func text(
    _ name: String, _ title: String, _ value: @escaping @Sendable (Row) -> String?
  ) -> Column {
    Column(name, .text, title) { $1.add(texts: CollectionOfOne(value($0) ?? "")) }
  }

  /// Any number of numbers per row, in `unit`; nil when the unit differs from row to row.
  static func numbers(
    _ name: String, _ unit: SIUnit?, _ title: String, term: String? = nil,
    _ values: @escaping @Sendable (Row) -> [Double]
  ) -> Column {
    Column(name, .double, title, unit: unit, term: term) { $1.add(doubles: values($0)) }
  }

  /// Any number of integers per row.
  static func integers(
    _ name: String, _ title: String, _ values: @escaping @Sendable (Row) -> [Int]
  ) -> Column {
    Column(name, .int64, title) { $1.add(integers: values($0).lazy.map(Int64.init)) }
  }

  /// Any number of texts per row.
  static func texts(
    _ name: String, _ title: String, _ values: @escaping @Sendable (Row) -> [String]
  ) -> Column {
    Column(name, .text, title) { $1.add(texts: values($0)) }
  }

  /// Any number of bytes per row.
  static func bytes(
    _ name: String, _ title: String, _ values: @escaping @Sendable (Row) -> [UInt8]
  ) -> Column {
    Column(name, .uint8, title) { $1.add(bytes: values($0)) }
  }
}

/// Columns of one group that have equally many cells in every row: one each, or any number with an index.
struct Table<Row>: Sendable {
  /// The group.
  let path: String
  /// The name of the index dataset; nil for one cell per row.
  ///
  /// Cells index[i] to index[i + 1] − 1 belong to row i.
  let index: String?
  let columns: [Column<Row>]
  /// The first schema that has the table.
  let since: Int64

  init(_ path: String, index: String? = nil, since: Int64 = 1, _ columns: [Column<Row>]) {
    self.path = path
    self.index = index
    self.columns = columns
    self.since = since
  }

  /// The table as archives of a schema have it; nil when they do not.
  func asOf(_ version: Int64) -> Table? {
    guard since <= version else { return nil }
    return Table(path, index: index, since: since, columns.filter { $0.since <= version })
  }

  var layout: TableLayout {
    TableLayout(path: path, index: index, columns: columns.map { (name: $0.name, type: $0.type) })
  }
}

/// What reading a table needs to know of it.
struct TableLayout: Sendable {
  let path: String
  let index: String?
  let columns: [(name: String, type: HDF5ElementType)]

  /// How the table is called in messages.
  var name: String {
    columns.count == 1 ? "\(path)/\(columns[0].name)" : index.map { "\(path) (\($0))" } ?? path
  }
}

/// Some rows of a table in memory: on their way to the file, or read from it.
struct TableBlock: Sendable {
  let indexed: Bool
  /// Where each row's cells begin in `columns`, and where the last row's end; only 0, 1, 2 … without an index.
  private(set) var starts: [Int] = [0]
  private(set) var columns: [Cells]

  /// No rows yet of a table that is written.
  init<Row>(of table: Table<Row>) {
    indexed = table.index != nil
    columns = table.columns.map { $0.repeats ? .numbered(NumberedTexts()) : Cells($0.type) }
  }

  init(indexed: Bool, starts: [Int], columns: [Cells]) {
    self.indexed = indexed
    self.starts = starts
    self.columns = columns
  }

  var rowCount: Int { starts.count - 1 }

  /// How much a file grows by them, at most, but for blocks that are begun.
  var room: Int { columns.reduce(8 * starts.count) { $0 + $1.room } }

  /// Takes all rows out and keeps their memory for as many.
  mutating func removeAll() {
    starts = [0]
    for place in columns.indices { columns[place].removeAll() }
  }

  mutating func append<Row>(_ row: Row, of table: Table<Row>) {
    var added = 1
    // By place, for a loop over columns or cells would keep each of them for itself meanwhile.
    for place in columns.indices {
      let count = table.columns[place].add(row, &columns[place])
      if place == 0, indexed { added = count }
      precondition(
        count == added, "\(count) cells in \(table.columns[place].name) of \(table.path), not \(added)")
    }
    starts.append(starts[starts.count - 1] + added)
  }

  /// Appends everything that a row says in this table to a message.
  func encode(row: Int, into message: inout [UInt8]) {
    let range = starts[row]..<starts[row + 1]
    if indexed { appendLittleEndian(Int64(range.count), to: &message) }
    for place in columns.indices { columns[place].encode(range, into: &message) }
  }
}
