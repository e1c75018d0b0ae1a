// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Simulation

/// What one cell gave, one row per characteristic.
public struct CellResult: Hashable, Sendable {
  /// The cell.
  public let cell: ValidationCell
  /// The rows, in the order of `CramerRaoBound.characteristics`.
  public let rows: [ValidationRow]

  /// Whether every row with a requirement passes.
  public var passes: Bool { rows.allSatisfy { $0.passes ?? true } }

  /// The result from the trials in the order of the runs, one for each loop of the cell.
  public init(_ cell: ValidationCell, trials: [LoopTrial]) {
    precondition(trials.count == cell.loops, "\(trials.count) trials of \(cell.loops) loops")
    self.cell = cell
    let answers = cell.truth.answers
    let exact = [
      answers.remanence, answers.coercivityHcJ, answers.coercivityHcB, answers.energyProduct,
      answers.kneeField, answers.squareness,
    ]
    let bound = cell.bound
    rows = CramerRaoBound.characteristics.enumerated().map { index, characteristic in
      let percent = bound?.percent[characteristic]
      return ValidationRow(
        characteristic, exactValue: exact[index], readings: trials.map { $0.readings[index] },
        bound: percent, requirements: cell.requirements(on: characteristic, bound: percent))
    }
  }
}

/// How many rows of a validation passed; fed cell by cell.
public struct ValidationSummary: Hashable, Sendable {
  /// Cells so far.
  public private(set) var cells = 0
  /// Loops so far.
  public private(set) var loops = 0
  /// Rows that keep what is required.
  public private(set) var passed = 0
  /// Rows that do not.
  public private(set) var failed = 0
  /// Rows of which nothing is required.
  public private(set) var withoutLimit = 0

  /// Nothing so far.
  public init() {}

  /// Counts a cell.
  public mutating func add(_ result: CellResult) {
    cells += 1
    loops += result.cell.loops
    for row in result.rows {
      switch row.passes {
      case true?: passed += 1
      case false?: failed += 1
      case nil: withoutLimit += 1
      }
    }
  }

  /// Whether something was required, and all of it is kept.
  public var passes: Bool { failed == 0 && passed > 0 }
}
