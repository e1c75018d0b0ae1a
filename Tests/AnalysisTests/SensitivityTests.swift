// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Budgets of one line each against the published table of sensitivities of truth A.
@Suite struct SensitivityTests {
  private let quantities: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField,
  ]

  private func percentages(
    _ input: TypeBBudget.Input, _ uncertainty: Double, of loop: LoopMeasurement
  ) throws -> [Double] {
    let line = TypeBBudget.Line(
      id: "only", title: "the only line", input: input, standardUncertainty: uncertainty)
    let analysis = try loop.analyzed(budget: TypeBBudget(name: "one line", isDefault: false, lines: [line]))
    return try quantities.map { characteristic in
      let estimate = try #require(analysis[characteristic])
      return 100 * (estimate.budget.first { $0.id == "only" }?.contribution ?? 0) / estimate.value
    }
  }

  /// The table is printed to three decimals for finite steps of 1 % or 1 K; a linear sensitivity differs from
  /// them by its second order, a few parts in a thousand of the entry.
  private func expect(_ found: [Double], _ table: [Double]) {
    for (characteristic, (value, expected)) in zip(quantities, zip(found, table)) {
      #expect(abs(value - expected) < 0.003, "\(characteristic): \(value) % instead of \(expected) %")
    }
  }

  private let closed = SimulatedLoop(.a).with { $0.points = 2000 }.measurement()
  private let cube = SimulatedLoop(.a).asCube.with { $0.points = 2000 }.measurement()

  @Test func gainOfThePolarisation() throws {
    let table = [1, 0, 0.9615, 1.9615, 0]
    try expect(percentages(.polarisationGain, 0.01, of: closed), table)
  }

  @Test func gainOfTheField() throws {
    try expect(percentages(.fieldGain, 0.01, of: closed), [0, 1, 0.0385, 0.0385, 1])
  }

  /// The table shifts the two parts of A by β times their own fields, 1690 and 1650 kA/m.
  ///
  /// One loop tells only HcJ; at the knee, where the lower part switches, that is 2 % of the entry.
  @Test func temperature() throws {
    let input = TypeBBudget.Input.temperature(alphaPerKelvin: -0.12e-2, betaPerKelvin: -0.60e-2)
    let found = try percentages(input, 1, of: closed)
    expect(Array(found.dropLast()), [-0.120, -0.600, -0.115, -0.235])
    #expect(abs(found[4] + 0.613) < 0.015, "Hk90: \(found[4]) %")
  }

  /// The published effects of Δχ = +0.0001, with half a unit of their last digits; those of +0.01 are not linear.
  @Test func apparentSusceptibility() throws {
    let found = try percentages(.susceptibility, 0.0001, of: closed)
    for (value, expected) in zip(found, [0, -0.00033, -0.0096, -0.0096, -0.0075]) {
      #expect(abs(value - expected) < 6e-5, "\(value) % instead of \(expected) %")
    }
  }

  /// The table is the error of a factor too small by 0.01; the line is the change for a factor larger by 0.01.
  @Test func demagnetisingFactor() throws {
    let found = try percentages(.demagnetisingFactor, 0.01, of: cube)
    expect(found.map { -$0 }, [-0.040, 0, -0.038, -0.078, -0.581])
    #expect(try percentages(.demagnetisingFactor, 0.01, of: closed).allSatisfy { $0 == 0 })
  }

  /// A gain of J also shears: the open-circuit line must agree with measuring 0.1 % more moment.
  @Test(arguments: [TypeBBudget.Input.polarisationGain, .fieldGain])
  func linesAgreeWithRepeatedAnalysis(_ input: TypeBBudget.Input) throws {
    let step = 1e-4
    let changed =
      input == .fieldGain
      ? cube.changing(field: { $1 * (1 + step) }) : cube.changing(response: { $1 * (1 + step) })
    let (before, after) = (try cube.analyzed(), try changed.analyzed())
    let lines = try percentages(input, step, of: cube)
    for (characteristic, line) in zip(quantities, lines) {
      let (a, b) = (try #require(before[characteristic]), try #require(after[characteristic]))
      // Second order of 1e-4 and the estimators' own 1e-6.
      #expect(abs(100 * (b.value / a.value - 1) - line) < 1e-4, "\(characteristic) \(line) %")
    }
  }

  /// Offsets cancel between two branches and act on a single one; +0.1 % of Br and +1 kA/m as published.
  @Test func offsetsActOnASingleBranch() throws {
    #expect(try percentages(.polarisationOffset, 1e-3, of: closed).allSatisfy { $0 == 0 })
    #expect(try percentages(.fieldOffset, 1e3, of: closed).allSatisfy { $0 == 0 })
    let half = closed.rows(0..<closed.count / 2)
    try expect(percentages(.polarisationOffset, 1e-3, of: half), [0.1, 0.0021, 0.1, 0.20, 0.0050])
    try expect(percentages(.fieldOffset, 1e3, of: half), [-0.0038, -0.0594, -0.0038, -0.0077, -0.0621])
  }

  @Test func squarenessKeepsWhatItsPartsDoNotShare() throws {
    let line = TypeBBudget.Line(id: "gain", title: "gain", input: .fieldGain, standardUncertainty: 0.01)
    let analysis = try closed.analyzed(budget: TypeBBudget(name: "gain", isDefault: false, lines: [line]))
    let ratio = try #require(analysis[.squareness])
    #expect(abs(ratio.value / ReferenceLoop.a.answers.squareness - 1) < 1e-5)
    let share = ratio.budget.first { $0.id == "gain" }?.contribution ?? 0
    #expect(abs(share) < 1e-9, "a common gain of the field cancels in Hk/HcJ: \(share)")
  }
}
