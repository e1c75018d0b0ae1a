// SPDX-License-Identifier: GPL-3.0-or-later
import Inspection
import Simulation
import Testing
import Validation

struct ValidationRunTests {
  /// Cells of one piece of work, of several, and of one loop.
  static let plan = ValidationPlan(
    name: "test",
    cells: [
      ValidationCell(.a, noisePercent: 0.5, points: 200, loops: 25, seedBase: 1, checks: [.coverage]),
      ValidationCell(.ferrite, noisePercent: 0.5, points: 200, loops: 1, seedBase: 2, checks: [.bias]),
      ValidationCell(
        .d, noiseKind: .autoregressive, noisePercent: 0.5, points: 200, loops: 3, seedBase: 3,
        checks: [.coverage]),
    ])

  @Test func resultsDoNotDependOnTheNumberOfWorkers() async throws {
    var outcomes: [[CellResult]] = []
    for workers in [1, 2, 7] {
      var results: [CellResult] = []
      var done: [Int] = []
      try await runValidation(Self.plan, workers: workers) {
        done.append($0)
      } record: {
        results.append($0)
      }
      #expect(results.map(\.cell) == Self.plan.cells)
      #expect(done == [20, 25, 26, 29])
      outcomes.append(results)
    }
    #expect(outcomes[1] == outcomes[0])
    #expect(outcomes[2] == outcomes[0])
  }

  @Test func otherSeedsGiveOtherResults() async throws {
    var plan = Self.plan
    plan.cells.removeFirst(2)
    var rows: [[ValidationRow]] = []
    for base in [1, 1, 2] as [UInt32] {
      plan.seed(from: base)
      try await runValidation(plan, workers: 2) { rows.append($0.rows) }
    }
    #expect(rows[0] == rows[1])
    #expect(rows[0] != rows[2])
  }
}
