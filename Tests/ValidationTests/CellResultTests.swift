// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing
import Validation

/// What the statistics make of analyses whose errors are known beforehand.
struct CellResultTests {
  /// An analysis to fill with other values; making one takes long without optimisation.
  private static let template = try? standardAnalysis(SimulatedLoop(.a))

  private func cell(
    _ truth: ReferenceLoop = .a, loops: Int, noise: Double = 0.1, checks: [ValidationCell.Check]
  ) -> ValidationCell {
    ValidationCell(truth, noisePercent: noise, points: 200, loops: loops, seedBase: 3, checks: checks)
  }

  private func result(_ cell: ValidationCell, _ analysis: AnalysisUnderTest) -> CellResult {
    CellResult(cell, trials: analysis.trials(of: cell, runs: 0..<cell.loops))
  }

  /// An analysis that knows the truth and gives it back with a relative error of `offset` ± `spread`, the sign
  /// by chance, and a relative standard uncertainty of `u` from noise.
  private func invented(_ truth: ReferenceLoop, offset: Double = 0, spread: Double, u: Double)
    -> AnalysisUnderTest
  {
    let exact = truth.answers
    return AnalysisUnderTest { loop in
      // The first sample's noise decides the sign, so that it differs from loop to loop.
      let clean = loop.with { $0.noisePercent = 0 }.measurement().response.si[0]
      let sign = loop.measurement().response.si[0] > clean ? 1.0 : -1
      func estimate<Kind>(_ value: Double) -> Estimate<Kind> {
        Estimate(
          value: Quantity(si: value * (1 + offset + sign * spread)),
          budget: [BudgetLine(id: "noise", evaluation: .typeA, title: "noise", contribution: u * value)],
          method: "invented")
      }
      var analysis = try #require(Self.template)
      analysis.properties = MagnetProperties()
      analysis.properties.remanence = estimate(exact.remanence)
      analysis.properties.coercivityHcJ = estimate(exact.coercivityHcJ)
      analysis.properties.coercivityHcB = estimate(exact.coercivityHcB)
      analysis.properties.energyProduct = estimate(exact.energyProduct)
      analysis.properties.kneeField = estimate(exact.kneeField)
      analysis.properties.squareness = estimate(exact.squareness)
      return analysis
    }
  }

  private func row(_ result: CellResult, _ characteristic: Characteristic = .remanence) throws
    -> ValidationRow
  {
    try #require(result.rows.first { $0.characteristic == characteristic })
  }

  @Test func figuresAreThoseOfTheErrors() throws {
    let result = result(
      cell(loops: 40, checks: [.accuracy, .coverage]), invented(.a, offset: 0.01, spread: 0.02, u: 0.0125))
    let row = try row(result)
    #expect(row.count == 40 && row.absent == 0)
    let rmse = try #require(row.figures[.rmse])
    let bias = try #require(row.meanErrorPercent)
    let deviation = try #require(row.figures[.standardDeviation])
    // +3 % and −1 % in shares that the noise decides: mean square = bias² + deviation²·(n − 1)/n.
    #expect(abs(rmse * rmse - bias * bias - deviation * deviation * 39 / 40) < 1e-9)
    #expect(bias > -1 && bias < 3)
    // U = 1.96 × 1.25 % = 2.45 % holds the −1 % and not the +3 %.
    let share = (3 - bias) / 4 * 100
    #expect(abs(try #require(row.figures[.coverage]) - share) < 1e-9)
    #expect(abs(try #require(row.figures[.medianUncertainty]) - 2.45) < 0.001)
    #expect(abs(try #require(row.standardErrors[.rmse]) - rmse / 80.0.squareRoot()) < 1e-12)
    #expect(abs(try #require(row.ratioToBound) - rmse / #require(row.boundPercent)) < 1e-12)
  }

  @Test func everyLimitCanBeKeptAndMissed() throws {
    let checks: [ValidationCell.Check] = [.accuracy, .bias, .coverage]
    let good = result(cell(loops: 30, checks: checks), invented(.a, spread: 1e-6, u: 1e-5))
    #expect(good.passes)
    let scattered = result(cell(loops: 30, checks: checks), invented(.a, spread: 1e-3, u: 1e-2))
    #expect(try row(scattered).passes == false)
    let biased = result(cell(loops: 30, checks: [.bias]), invented(.a, offset: 1e-3, spread: 1e-5, u: 1))
    #expect(try row(biased, .energyProduct).passes == false)
    #expect(try row(biased).passes == nil)
    let bold = result(cell(loops: 30, checks: [.coverage]), invented(.a, spread: 1e-3, u: 4e-4))
    #expect(bold.rows.allSatisfy { $0.passes == false })
    // A noise part that is half of what the errors show, and one that is twice as large.
    for u in [5e-4, 2e-3] {
      let wrong = result(cell(.l2, loops: 30, checks: [.noiseCoverage]), invented(.l2, spread: 1e-3, u: u))
      #expect(wrong.rows.allSatisfy { $0.passes == false })
    }
  }

  @Test func anAnalysisThatGivesNothingFails() {
    struct Broken: Error {}
    let cell = cell(loops: 3, checks: [.accuracy, .coverage])
    let result = result(cell, AnalysisUnderTest { _ in throw Broken() })
    #expect(!result.passes)
    #expect(result.rows.allSatisfy { $0.absent == 3 && $0.figures.isEmpty && $0.passes != true })
    var summary = ValidationSummary()
    summary.add(result)
    #expect(!summary.passes && summary.failed > 0)
  }

  // A limit is widened by twice the excess of the standard error over that of the number of loops it is meant for:
  // 1.3 bounds at 300 loops, with an error of 1/√(2n); not at all with more loops.
  @Test func fewLoopsWidenTheLimits() throws {
    func limit(_ loops: Int) throws -> (applied: Double, required: Double) {
      let result = result(cell(loops: loops, checks: [.accuracy]), invented(.a, spread: 1e-6, u: 1e-5))
      let outcome = try #require(try row(result).outcomes.first)
      return (try #require(outcome.upper), try #require(outcome.requirement.upper))
    }
    let few = try limit(30)
    let excess = 1 / 60.0.squareRoot() - 1 / 600.0.squareRoot()
    #expect(abs(few.applied / few.required - 1 - 2 * excess) < 1e-12)
    let enough = try limit(300)
    #expect(enough.applied == enough.required)
  }

  // The standard analysis on two loops: every characteristic is there, and values 1 % too large are found out.
  @Test func valuesThatAreOffByOnePercentFail() throws {
    var cell = cell(loops: 6, checks: [.accuracy, .bias, .coverage])
    cell.points = 1000
    let right = result(cell, .standard)
    #expect(right.rows.allSatisfy { $0.absent == 0 })
    let wrong = result(cell, AnalysisUnderTest { try standardAnalysis($0).scaled(by: 1.01) })
    for characteristic in CramerRaoBound.characteristics.dropLast() {
      let row = try row(wrong, characteristic)
      #expect(row.passes == false)
      #expect(row.figures[.coverage] == 0)
      #expect(abs(try #require(row.meanErrorPercent) - 1) < 0.1)
    }
  }
}

struct ValidationPlanTests {
  @Test(arguments: [ValidationPlan.quick, .full(noiseCoverageLoops: 500)])
  func plansHaveSeedsOfTheirOwnAndSomethingToJudge(_ plan: ValidationPlan) throws {
    #expect(Set(plan.cells.map(\.seedBase)).count == plan.cells.count)
    for cell in plan.cells {
      let wantsBound = cell.checks.contains(.accuracy)
      #expect(!wantsBound || cell.bound != nil)
      #expect(Set(cell.checks).count == cell.checks.count)
      #expect(!cell.checks.isEmpty)
      let failing = AnalysisUnderTest { _ in throw CancellationError() }
      let trials = [LoopTrial](
        repeating: failing.trials(of: cell, runs: 0..<1)[0], count: cell.loops)
      // Shots with exact gains are there for their figures.
      let isJudged = cell.recording != .shotWithExactGains
      #expect(CellResult(cell, trials: trials).passes != isJudged, "\(cell.truth.name), \(cell.recording)")
    }
    let names = Set(plan.cells.map(\.truth.name))
    #expect(names.isSuperset(of: (ReferenceLoop.all + ReferenceLoop.shapes).map(\.name)))
  }

  @Test func runsHaveTheSeedsThatTheCellSays() {
    let cell = ValidationCell(.a, noisePercent: 0.3, points: 200, loops: 2, seedBase: 7, checks: [.coverage])
    #expect(cell.simulatedLoop(run: 1).seed == 7 * 4_294_967_296 + 1)
    #expect(cell.simulatedLoop(run: 1) == cell.simulatedLoop(run: 1))
    #expect(cell.simulatedLoop(run: 0).measurement() != cell.simulatedLoop(run: 1).measurement())
    #expect(cell.bound != nil)
    #expect(
      ValidationCell(.n30eh, noisePercent: 1, loops: 1, seedBase: 0, checks: []).simulatedLoop(run: 0)
        .maximumField == 4000e3)
  }
}
