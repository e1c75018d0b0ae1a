// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation
import Testing
import Validation

/// The cells of the quick plan that stand for acceptance tests M17, M18, M19 and M21, with fewer loops: the limits
/// allow for the larger scatter, and the seeds are fixed.
struct QuickPlanTests {
  private static let cells = ValidationPlan.quick.cells.filter {
    $0.recording == .loop && ["A", "B", "C", "D", "T1", "T2", "T3"].contains($0.truth.name)
  }

  @Test func allOfThemAreThere() {
    #expect(Self.cells.count == 12)
    #expect(Set(Self.cells.flatMap(\.checks)) == [.accuracy, .bias, .coverage])
  }

  // Too few to judge a coverage: that every value is there, that U holds the stated 0.3 % of the gain of J twice, and
  // that without it next to nothing of hum, delay and offsets is left of Br.
  @Test(arguments: ValidationPlan.quick.cells.filter { $0.recording != .loop })
  func shotsGiveEveryValue(_ cell: ValidationCell) throws {
    var cell = cell
    cell.loops = 3
    let rows = CellResult(cell, trials: AnalysisUnderTest.standard.trials(of: cell, runs: 0..<3)).rows
    #expect(rows.allSatisfy { $0.absent == 0 && $0.boundPercent == nil })
    let figures = try #require(rows.first).figures
    let (median, rmse) = (figures[.medianUncertainty] ?? 0, figures[.rmse] ?? 1)
    if cell.recording == .shot {
      #expect(median > 0.58 && median < 0.65)
      #expect(rows.filter { $0.passes != nil }.count == 3)
    } else {
      #expect(median < 0.06 && rmse < 0.05)
      #expect(rows.allSatisfy { $0.passes == nil })
    }
  }

  @Test(arguments: cells.indices)
  func standardAnalysisPasses(_ index: Int) {
    var cell = Self.cells[index]
    cell.loops = min(cell.loops, 30)
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
