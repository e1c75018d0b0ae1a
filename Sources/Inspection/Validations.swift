// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
public import Report
public import Validation

/// Runs a validation on several workers and hands the cells over in the order of the plan.
///
/// The results do not depend on the number of workers. `progress` gets the number of loops done, `record` each
/// cell; both are called from one task only, and when one throws the rest is given up.
public func runValidation(
  _ plan: ValidationPlan, workers: Int, analysis: AnalysisUnderTest = .standard,
  progress: (Int) throws -> Void = { _ in }, record: (CellResult) throws -> Void
) async throws {
  let cells = plan.cells
  // Small enough that every worker is busy to the end, large enough that starting tasks costs nothing.
  let size = ValidationCell.runsPerBlank
  let pieces = cells.indices.flatMap { cell in
    stride(from: 0, to: cells[cell].loops, by: size).map { start in
      (cell: cell, runs: start..<min(start + size, cells[cell].loops))
    }
  }
  var done = 0
  var trials: [LoopTrial] = []
  try await inOrder(pieces.count, workers: workers) { index in
    let (cell, runs) = pieces[index]
    return (cell: cell, trials: analysis.trials(of: cells[cell], runs: runs))
  } record: { piece in
    trials += piece.trials
    done += piece.trials.count
    if trials.count == cells[piece.cell].loops {
      try record(CellResult(cells[piece.cell], trials: trials))
      trials = []
    }
    try progress(done)
  }
}

extension ValidationCircumstances {
  /// This program on this machine, now.
  public static func current() -> ValidationCircumstances {
    let process = ProcessInfo.processInfo
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "another architecture"
    #endif
    return ValidationCircumstances(
      software: "magcert \(magcertVersion)", created: Date.now.formatted(.iso8601),
      processors: process.activeProcessorCount, architecture: architecture,
      system: process.operatingSystemVersionString)
  }
}
