// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Quantities
import Testing

@Suite struct CorrelatedCombinationTests {
  private func line(_ id: String, _ contribution: Double, degrees: Double? = nil) -> BudgetLine {
    BudgetLine(
      id: id, evaluation: degrees == nil ? .typeB : .typeA, title: id, contribution: contribution,
      degreesOfFreedom: degrees)
  }

  // 2·X1 − X2 with gains of 3 and 4 is 2·3 − 4 = 2 when the gain is one and the same, and √(6² + 4²) when not.
  @Test func sharedLinesKeepTheirSigns() throws {
    let budgets = [[line("gain", 3), line("noise", 0.3, degrees: 10)], [line("gain", 4)]]
    let shared = combinedBudget(budgets, coefficients: [2, -1]) { $0.id == "gain" }
    #expect(shared.map(\.id) == ["gain", "noise"])
    #expect(shared[0].contribution == 2)
    #expect(shared[0].degreesOfFreedom == nil)
    #expect(shared[1].contribution == 0.6)
    #expect(shared[1].degreesOfFreedom == 10)
    let independent = combinedBudget(budgets, coefficients: [2, -1]) { _ in false }
    #expect(independent[0].contribution == 52.0.squareRoot())
  }

  // Welch–Satterthwaite of 2·0.3 with 10 and 1·0.8 with 20 degrees of freedom: 1/(0.6⁴/10 + 0.8⁴/20).
  @Test func degreesOfFreedomAreThoseOfTheQuadratureSum() throws {
    let combined = combinedBudget(
      [[line("noise", 0.3, degrees: 10)], [line("noise", 0.8, degrees: 20)]], coefficients: [2, -1]
    ) { _ in false }
    try #require(combined.count == 1)
    #expect(combined[0].evaluation == .typeA)
    // Seven operations on numbers near one.
    #expect(abs(combined[0].contribution - 1) < 1e-15)
    let expected = 1 / (0.6 * 0.6 * 0.6 * 0.6 / 10 + 0.8 * 0.8 * 0.8 * 0.8 / 20)
    #expect(abs((combined[0].degreesOfFreedom ?? 0) - expected) < 1e-12 * expected)
  }

  // A shared error that cancels exactly stays in the budget as zero: it was looked at.
  @Test func whatCancelsStaysAsZero() {
    let combined = combinedBudget([[line("gain", 5)], [line("gain", 5)]], coefficients: [1, -1]) { _ in true }
    #expect(combined.map(\.contribution) == [0])
    #expect(combinedBudget([], coefficients: []) { _ in true }.isEmpty)
  }
}
