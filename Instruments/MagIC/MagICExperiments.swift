// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The hysteresis loops of a table of measurements: experiments with rows of the method LP-HYS.
struct MagICExperiments {
  struct Loop {
    let name: String
    let specimen: String
    /// A scanner that stands before the loop's first row.
    let start: LineScanner
    /// The line of its last row.
    fileprivate(set) var lastLine: Int
  }

  let table: MagICTable
  let roles: Roles
  /// In the order of their first rows.
  private(set) var loops: [Loop] = []
  /// The method codes of the experiment that the user has named, when it is not a loop.
  private(set) var codesOfWanted: String?
  /// The method codes of some of the experiments that are not loops.
  private(set) var otherCodes: [String] = []

  /// The columns that tell the rows apart.
  struct Roles {
    let experiment: Int
    let codes: Int
    let specimen: Int?
    let quality: Int?

    /// The positions of the columns, ascending.
    var columns: [Int] { Set([experiment, codes, specimen, quality].compactMap(\.self)).sorted() }

    init(_ table: MagICTable) throws(ReadError) {
      func needed(_ names: [String]) throws(ReadError) -> Int {
        guard let column = table.column(names) else {
          throw ReadError(
            .missingColumn, "the table “\(table.name)” has no column \(names.joined(separator: " or "))")
        }
        return column
      }
      experiment = try needed(["experiment", "magic_experiment_name"])
      codes = try needed(["method_codes", "magic_method_codes"])
      specimen = table.column(["specimen", "er_specimen_name"])
      quality = table.column(["quality", "measurement_flag"])
    }
  }

  /// Walks over the rows of a table up to the line that ends it, where `scanner` is left.
  init(
    of table: MagICTable, _ bytes: Span<UInt8>, _ scanner: inout LineScanner, wanted: String?
  ) throws(ReadError) {
    self.table = table
    roles = try Roles(table)
    var reader = MagICRowReader(table, roles)
    var positions: [String: Int] = [:]
    var last: (experiment: Range<Int>, codes: Range<Int>, loop: Int?)?
    var before = scanner
    while let row = scanner.next(bytes), !MagICTable.isEnd(row, bytes) {
      defer { before = scanner }
      guard bytes.firstNonBlank(row) != nil else { continue }
      try reader.find(row, bytes, scanner)
      let (experiment, codes) = (reader.experiment, reader.codes)
      if let known = last, bytes.areEqual(known.experiment, experiment), bytes.areEqual(known.codes, codes) {
        if let loop = known.loop { loops[loop].lastLine = scanner.number }
        continue
      }
      guard Self.isLoop(codes, bytes) else {
        last = (experiment, codes, nil)
        noteOther(bytes.cellText(experiment), bytes.text(codes), wanted)
        continue
      }
      let name = bytes.cellText(experiment)
      let loop = positions[name] ?? loops.count
      if loop == loops.count {
        positions[name] = loop
        let specimen = reader.specimen.map { bytes.cellText($0) } ?? ""
        loops.append(Loop(name: name, specimen: specimen, start: before, lastLine: scanner.number))
      }
      loops[loop].lastLine = scanner.number
      last = (experiment, codes, loop)
    }
  }

  private mutating func noteOther(_ name: String, _ codes: String, _ wanted: String?) {
    if name == wanted { codesOfWanted = codes }
    if otherCodes.count < 8, !otherCodes.contains(codes) { otherCodes.append(codes) }
  }

  /// Whether one of the codes between colons is that of a hysteresis loop.
  static func isLoop(_ codes: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var start = codes.lowerBound
    while start < codes.upperBound {
      var position = start
      let code = bytes.trimmed(
        bytes.cell(at: &position, end: codes.upperBound, delimiter: UInt8(ascii: ":"), quoting: false))
      if code.count == 6, bytes.starts(code, with: "LP-HYS") { return true }
      start = position
    }
    return false
  }

  /// The loop that the user has named by its experiment or, where that is enough, its specimen; else the only one.
  func chosen(_ options: ReadingOptions) throws(ReadError) -> Loop {
    if let wanted = options.block, let codesOfWanted, !loops.contains(where: { $0.name == wanted }) {
      throw ReadError(
        .notALoop,
        "“\(wanted)” is an experiment of the method \(codesOfWanted), not a hysteresis loop (LP-HYS); "
          + (loops.isEmpty ? "the file holds no loop" : "the loops are \(listed(loops.map(\.name)))"))
    }
    guard !loops.isEmpty else {
      guard !otherCodes.isEmpty else {
        throw ReadError(.truncated, "the table “\(table.name)” has no rows")
      }
      throw ReadError(
        .notALoop,
        "none of the experiments is a hysteresis loop (LP-HYS); their methods are \(listed(otherCodes))")
    }
    let names = loops.map(\.name)
    if let wanted = options.block, !names.contains(wanted) {
      let ofSpecimen = loops.filter { $0.specimen == wanted }
      if let only = ofSpecimen.first, ofSpecimen.count == 1 { return only }
    }
    return loops[try chosenBlock(among: names, kind: "loops", options)]
  }
}

/// Reads what tells the rows of a table of measurements apart.
struct MagICRowReader {
  private var cells: MagICCells
  private let places: (experiment: Int, codes: Int, specimen: Int?, quality: Int?)
  private let columnCount: Int

  init(_ table: MagICTable, _ roles: MagICExperiments.Roles) {
    let columns = roles.columns
    cells = MagICCells(columns, of: table)
    func place(_ column: Int) -> Int { columns.firstIndex(of: column) ?? 0 }
    places = (
      place(roles.experiment), place(roles.codes), roles.specimen.map(place), roles.quality.map(place)
    )
    columnCount = table.columns.count
  }

  var experiment: Range<Int> { cells.cells[places.experiment] }
  var codes: Range<Int> { cells.cells[places.codes] }
  var specimen: Range<Int>? { places.specimen.map { cells.cells[$0] } }
  var quality: Range<Int>? { places.quality.map { cells.cells[$0] } }

  /// Finds the cells of a row, the one that `scanner` has last returned.
  mutating func find(_ row: Range<Int>, _ bytes: Span<UInt8>, _ scanner: LineScanner) throws(ReadError) {
    cells.find(in: row, bytes)
    if cells.isShort, !scanner.isTerminated {
      throw ReadError(
        .truncated, "the file ends in the middle of this row; download it again", line: scanner.number)
    }
    guard !cells.hasStrayCells else {
      throw ReadError(
        .malformed, "this row has more cells than the table has columns (\(columnCount))",
        line: scanner.number)
    }
    guard !experiment.isEmpty, !codes.isEmpty else {
      throw ReadError(.malformed, "this row names no experiment or no method", line: scanner.number)
    }
  }
}
