// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What a laboratory says of a loop in a table of results of the same file.
struct MagICResults {
  private(set) var results: [InstrumentResult] = []

  /// The results of the one row that names the loop's specimen and, where it names experiments, the loop;
  /// none when several rows do.
  init(_ bytes: Span<UInt8>, _ tables: [MagICTable], _ loop: MagICExperiments.Loop) {
    guard !loop.specimen.isEmpty else { return }
    var rows: [[InstrumentResult]] = []
    for table in tables {
      guard let specimen = table.column(["specimen", "er_specimen_name"]) else { continue }
      let experiments = table.column(["experiments", "magic_experiment_names"])
      var scanner = table.rows
      while let row = scanner.next(bytes), !MagICTable.isEnd(row, bytes) {
        guard bytes.firstNonBlank(row) != nil else { continue }
        let cells = bytes.cells(row, delimiter: Byte.tab)
        func text(_ column: Int?) -> String {
          column.flatMap { cells.indices.contains($0) ? bytes.cellText(cells[$0]) : nil } ?? ""
        }
        guard text(specimen) == loop.specimen else { continue }
        let named = text(experiments)
        guard named.isEmpty || Self.list(named, holds: loop.name) else { continue }
        let found = Self.kinds.compactMap { kind -> InstrumentResult? in
          table.column(kind.names).flatMap { Self.result(kind.kind, table.columns[$0], text($0)) }
        }
        if !found.isEmpty { rows.append(found) }
      }
    }
    results = rows.count == 1 ? rows[0] : []
  }

  private static let kinds: [(kind: InstrumentResult.Kind, names: [String])] = [
    (.coercivityHcJ, ["hyst_bc", "hysteresis_bc"]),
    (.remanentMoment, ["hyst_mr_moment", "hysteresis_mr_moment"]),
  ]

  /// Whether a list of experiments has the name: between colons, which a name may hold as well.
  private static func list(_ list: String, holds name: String) -> Bool {
    ":\(list):".contains(":\(name):")
  }

  private static func result(
    _ kind: InstrumentResult.Kind, _ column: String, _ text: String
  ) -> InstrumentResult? {
    guard let number = PrintedNumber(text) else { return nil }
    // A coercivity is given as µ0·Hc, a moment in A·m².
    let unit = kind == .coercivityHcJ ? 1 / magneticConstant : 1
    return InstrumentResult(
      kind, si: number.value * unit, rounding: number.rounding * unit, spelled: "\(column) \(text)")
  }
}
