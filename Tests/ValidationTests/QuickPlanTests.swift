// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation
import Testing
import Validation

/// The cells of the quick plan that stand for acceptance tests M17, M18, M19 and M21 and for shots, with fewer loops: the limits
/// allow for the larger scatter, and the seeds are fixed.
struct QuickPlanTests {
  private static let cells = ValidationPlan.quick.cells.filter {
    ["A", "B", "C", "D", "T1", "T2", "T3"].contains($0.truth.name)
  }

  @Test func allOfThemAreThere() {
    #expect(Self.cells.count == 14)
    #expect(Set(Self.cells.flatMap(\.checks)) == [.accuracy, .bias, .coverage, .shots])
  }

  @Test(arguments: cells.indices)
  func standardAnalysisPasses(_ index: Int) {
    var cell = Self.cells[index]
    // A shot takes as long as a dozen loops.
    cell.loops = min(cell.loops, cell.recording == .loop ? 30 : 6)
    let trials = AnalysisUnderTest.standard.trials(of: cell, runs: 0..<cell.loops)
    for row in CellResult(cell, trials: trials).rows {
      #expect(row.absent == 0)
      for outcome in row.outcomes {
        #expect(
          outcome.passes,
          "\(cell.truth.name) \(cell.noisePercent) % \(row.characteristic): \(outcome)"
        )
      }
    }
  }
}
