// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Testing

@Suite struct UncertaintyTests {
  private func budget(_ lines: [(contribution: Double, degrees: Double?)]) -> [BudgetLine] {
    lines.enumerated().map { index, line in
      BudgetLine(
        id: "line-\(index)", evaluation: .typeB, title: "line", contribution: line.contribution,
        degreesOfFreedom: line.degrees)
    }
  }

  /// Half a unit of the last printed digit of published tables of Student's t.
  @Test(
    arguments: [
      (0.95, 5.0, 2.5706, 5e-5), (0.95, 10, 2.2281, 5e-5), (0.95, 20, 2.0860, 5e-5), (0.95, 32, 2.0369, 5e-5),
      (0.95, 50, 2.0086, 5e-5), (0.9545, 5, 2.649, 5e-4), (0.9545, 10, 2.284, 5e-4),
      (0.9545, 20, 2.133, 5e-4),
      (0.9545, 50, 2.051, 5e-4), (0.95, .infinity, 1.959964, 5e-7), (0.95, 1e6, 1.959964, 5e-6),
    ] as [(Double, Double, Double, Double)])
  func studentQuantilesAgreeWithTables(
    _ probability: Double, _ degrees: Double, _ expected: Double, _ tolerance: Double
  ) {
    let t = studentQuantile(twoSided: probability, degreesOfFreedom: degrees)
    #expect(abs(t - expected) <= tolerance, "t = \(t)")
  }

  /// With one and two degrees of freedom t is tan(πp/2) and p·√(2/(1 − p²)).
  ///
  /// The solver's 1e-12 becomes 1e-10 where 1 − p is small.
  @Test(arguments: [0.01, 0.5, 0.6827, 0.9, 0.95, 0.9545, 0.99])
  func studentQuantilesAgreeWithClosedForms(_ probability: Double) {
    let two = probability * (2 / (1 - probability * probability)).squareRoot()
    #expect(abs(studentQuantile(twoSided: probability, degreesOfFreedom: 2) / two - 1) < 1e-10)
    let one = studentQuantile(twoSided: probability, degreesOfFreedom: 1)
    #expect(abs(one / tan(Double.pi * probability / 2) - 1) < 1e-10)
    #expect(
      studentQuantile(twoSided: probability, degreesOfFreedom: 0.3)
        == studentQuantile(twoSided: probability, degreesOfFreedom: 1),
      "at least one degree of freedom is used")
  }

  @Test func quantilesFallWithDegreesOfFreedomToTheNormalOne() {
    let degrees = [1, 1.5, 2, 3, 5, 8.7, 20, 100, 1e4, 9.9e6, 1.1e7, .infinity]
    let quantiles = degrees.map { studentQuantile(twoSided: 0.9545, degreesOfFreedom: $0) }
    for (here, next) in zip(quantiles, quantiles.dropFirst()) { #expect(here >= next - 1e-9) }
    // 95.45 % is a rounded probability; its exact factor is 2.00000244.
    #expect(abs((quantiles.last ?? 0) - 2.00000244) < 1e-7)
  }

  @Test func conventionalFactorIsTwoFromFiftyDegreesOn() {
    #expect(CoverageFactor(degreesOfFreedom: nil).k == 2)
    #expect(CoverageFactor(degreesOfFreedom: 50).k == 2)
    #expect(CoverageFactor(degreesOfFreedom: .infinity).k == 2)
    #expect(abs(CoverageFactor(degreesOfFreedom: 49.99).k - 2.051) < 1e-3)
    #expect(abs(CoverageFactor(degreesOfFreedom: 10).k - 2.284) < 5e-4)
    let other = CoverageFactor(probability: 0.95, degreesOfFreedom: nil)
    #expect(abs(other.k - 1.959964) < 5e-7)
    #expect(other.probability == 0.95)
    #expect(abs(CoverageFactor(probability: 0.99, degreesOfFreedom: 1000).k - 2.5808) < 5e-5)
  }

  @Test func probabilitiesOutsideZeroToOneAreAProgrammersError() async {
    await #expect(processExitsWith: .failure) { _ = CoverageFactor(probability: 1, degreesOfFreedom: nil) }
  }

  /// JCGM 100:2008, G.4.1, example: relative uncertainties of 0.25, 0.57 and 0.82 % from 10, 5 and 15
  /// observations give 1.03 % with 19.0 effective degrees of freedom.
  @Test func degreesOfFreedomCombineAsInTheGuide() throws {
    let lines = budget([(0.25, 9), (-0.57, 4), (0.82, 14)])
    #expect(abs(combinedStandardUncertainty(lines) - 1.03) < 0.005)
    #expect(abs(try #require(effectiveDegreesOfFreedom(lines)) - 19.0) < 0.05)
  }

  @Test func lineWithoutDegreesCountsAsCertain() throws {
    #expect(effectiveDegreesOfFreedom(budget([(1, nil), (2, nil)])) == nil)
    #expect(effectiveDegreesOfFreedom(budget([])) == nil)
    #expect(effectiveDegreesOfFreedom(budget([(0, 5)])) == nil)
    #expect(combinedStandardUncertainty(budget([])) == 0)
    // Two equal lines, one of them certain: (√2)⁴/(1/ν) = 4ν.
    #expect(abs(try #require(effectiveDegreesOfFreedom(budget([(3, 7), (3, nil)]))) - 28) < 1e-12)
    #expect(abs(try #require(effectiveDegreesOfFreedom(budget([(1e-100, 7)]))) - 7) < 1e-9)
  }

  /// Printed to four decimals; half-widths of rectangular distributions are divided by √3.
  @Test func budgetsOfATypicalHysteresigraphCombine() {
    let root = 3.0.squareRoot()
    let br = combinedStandardUncertainty(
      budget([(0.30, nil), (0.30, nil), (0.20, nil), (0.15, nil), (0.12 / root, nil), (0.30, nil)]))
    let hcJ = combinedStandardUncertainty(
      budget([(0.40, nil), (0.40, nil), (0.6 / root, nil), (0.20, nil), (0.30, nil)]))
    let product = combinedStandardUncertainty(budget([(2 * 0.5808, nil), (0.40, nil)]))
    #expect(abs(br - 0.5808) <= 5e-5)
    #expect(abs(hcJ - 0.7550) <= 5e-5)
    #expect(abs(product - 1.2285) <= 5e-5)
  }

  @Test func estimateCarriesItsBudget() {
    let estimate = Estimate<Remanence>(
      value: Quantity(si: 1.31), budget: budget([(3e-3, 10), (4e-3, nil)]), method: "test")
    #expect(abs(estimate.standardUncertainty - 5e-3) < 1e-15)
    // (5/3)⁴·10 = 77.16
    #expect(abs((estimate.degreesOfFreedom ?? 0) - 77.16) < 0.01)
  }

  @Test(
    arguments: [
      (0, 0.5), (1, 0.841345), (1.644854, 0.95), (2, 0.97725), (-2, 0.02275), (1.959964, 0.975), (-40, 0),
      (40, 1),
    ] as [(Double, Double)])
  func normalProbabilitiesAgreeWithTables(_ z: Double, _ probability: Double) {
    #expect(abs(normalProbability(below: z) - probability) < 1e-6)
    #expect(abs(normalProbability(below: z) + normalProbability(below: -z) - 1) < 1e-15)
  }
}
