// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Testing

@Suite struct FisherDistributionTests {
  // With one degree of freedom in the numerator F is the square of Student's t; with two of each
  // P(F > f) = 1/(1 + f). 5 % points of tables: F(5, 10) 3.3258, F(10, 20) 2.3479, F(100, 100) 1.3917.
  @Test func probabilitiesAreThoseOfTables() {
    for (f, d1, d2) in [(3.3258, 5.0, 10.0), (2.3479, 10, 20), (1.3917, 100, 100)] {
      #expect(abs(fisherProbability(above: f, numerator: d1, denominator: d2) - 0.05) < 2e-5, "\(f)")
    }
    for f in [0.1, 1, 9] {
      #expect(abs(fisherProbability(above: f, numerator: 2, denominator: 2) - 1 / (1 + f)) < 1e-14)
    }
    let t = studentQuantile(twoSided: 0.9, degreesOfFreedom: 7)
    #expect(abs(fisherProbability(above: t * t, numerator: 1, denominator: 7) - 0.1) < 1e-11)
  }

  @Test func endsAreCertain() {
    #expect(fisherProbability(above: 0, numerator: 3, denominator: 4) == 1)
    #expect(fisherProbability(above: -1, numerator: 3, denominator: 4) == 1)
    #expect(fisherProbability(above: .infinity, numerator: 3, denominator: 4) == 0)
  }
}
