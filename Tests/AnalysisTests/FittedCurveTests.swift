// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct FittedCurveTests {
  // Without noise the steps of a loop come back as they were put in: the fit ends where only rounding is left.
  @Test func theStepsOfALoopComeBack() throws {
    let analysis = try SimulatedLoop(.a).with { $0.points = 4000 }.measurement().analyzed()
    let curve = try #require(analysis.fittedCurve)
    #expect(curve.unit == .tesla)
    #expect(abs(curve.saturation - 1.31) < 1e-8)
    #expect(abs(curve.slope / (0.04 * magneticConstant) - 1) < 1e-6)
    let steps = curve.steps.sorted { $0.drop > $1.drop }
    try #require(steps.map(\.shape) == ["normal", "normal"])
    for (step, truth) in zip(steps, [(1.965, 1690e3, 22e3), (0.655, 1650e3, 60e3)]) {
      #expect(abs(step.drop / truth.0 - 1) < 1e-6)
      #expect(abs(step.field / truth.1 - 1) < 1e-8)
      #expect(abs(step.width / truth.2 - 1) < 1e-6)
    }
  }

  @Test func straightLinesHaveNoFittedCurve() throws {
    #expect(try SimulatedLoop(.a).measurement().analyzed(method: .interpolation).fittedCurve == nil)
  }
}
