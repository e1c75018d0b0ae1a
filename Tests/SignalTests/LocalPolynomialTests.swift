// SPDX-License-Identifier: GPL-3.0-or-later
import Signal
import TestSupport
import Testing

@Suite struct LocalPolynomialTests {
  private let x = SeededNumbers.uniform(40, seed: 31).map { 1e6 * $0 }.sorted(by: >)

  /// a0 + a1·t + a2·t² + … in t = x/10⁶ − ½, with value, slope and curvature.
  private func course(_ a: [Double], at x: Double) -> (value: Double, slope: Double, curvature: Double) {
    let t = x / 1e6 - 0.5
    var (value, slope, bend) = (0.0, 0.0, 0.0)
    for coefficient in a.reversed() {
      bend = bend * t + 2 * slope
      slope = slope * t + value
      value = value * t + coefficient
    }
    return (value, slope / 1e6, bend / 1e12)
  }

  /// Normal equations lose twice the digits of the condition number: 1e-10 at degree 3.
  @Test(arguments: [0, 1, 2, 3], [0.5, 0.3])
  func polynomialsAreReproduced(_ degree: Int, _ centre: Double) throws {
    let a = Array([1.3, -0.4, 2.5, 0.7].prefix(degree + 1))
    let y = x.map { course(a, at: $0).value }
    let fit = try #require(
      LocalPolynomial(x: x, y: y, range: 3..<37, centre: centre * 1e6, halfWidth: 5e5, degree: degree))
    for place in [0.1e6, 0.5e6, 0.93e6] {
      let expected = course(a, at: place)
      #expect(abs(fit.value(at: place) - expected.value) < 1e-10)
      #expect(abs(fit.slope(at: place) - expected.slope) < 1e-10 / 1e6 * 10)
      #expect(abs(fit.curvature(at: place) - expected.curvature) < 1e-10 / 1e12 * 100)
    }
  }

  // Powers up to the sixth of 1/500 are 1e-16 of those of the reach, and must still tell the narrow window's curve.
  @Test(arguments: [0, 1, 2, 3])
  func aWindowThatGrowsFitsAsOneOfThatSize(_ degree: Int) throws {
    let x = SeededNumbers.uniform(3000, seed: 33).map { 1e6 * $0 }.sorted(by: >)
    let y = zip(x, SeededNumbers.gaussian(3000, seed: 34)).map { 1 + $0 * 1e-6 + 0.01 * $1 }
    var window = PolynomialWindow(centre: x[1200], reach: 1e6)
    for reach in [10, 20, 400, 1100] {
      let rows = 1200 - reach..<1201 + reach
      let half = max(x[rows.lowerBound] - x[1200], x[1200] - x[rows.upperBound - 1])
      window.grow(to: rows, x: x, y: y)
      let grown = try #require(LocalPolynomial(window, halfWidth: half, degree: degree))
      let whole = try #require(
        LocalPolynomial(x: x, y: y, range: rows, centre: x[1200], halfWidth: half, degree: degree))
      #expect(grown.range == rows)
      for place in [x[1195], x[1200], x[1207]] {
        // Only the order of the sums differs.
        #expect(abs(grown.value(at: place) - whole.value(at: place)) < 1e-12)
        #expect(abs(grown.weightNorm(at: place) / whole.weightNorm(at: place) - 1) < 1e-10)
      }
    }
  }

  @Test(arguments: [0, 1, 2, 3])
  func weightsGiveTheValueAndItsNoise(_ degree: Int) throws {
    let y = SeededNumbers.gaussian(40, seed: 32)
    let fit = try #require(
      LocalPolynomial(x: x, y: y, range: 5..<30, centre: 0.5e6, halfWidth: 4e5, degree: degree))
    for place in [0.2e6, 0.5e6, 0.71e6] {
      let weights = fit.weights(at: place, abscissas: x)
      #expect(weights.count == 25)
      let value = zip(weights, y[5..<30]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(value - fit.value(at: place)) < 1e-10)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-10, "a constant is kept")
      let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(fit.weightNorm(at: place) / norm - 1) < 1e-9)
    }
  }

  @Test func samplesThatDoNotDetermineAPolynomialGiveNone() {
    func fit(_ x: [Double], _ y: [Double], halfWidth: Double = 1, degree: Int) -> LocalPolynomial? {
      LocalPolynomial(x: x, y: y, range: 0..<x.count, centre: 0, halfWidth: halfWidth, degree: degree)
    }
    #expect(fit([], [], degree: 0) == nil)
    #expect(fit([0, 1], [1, 2], degree: 2) == nil)
    #expect(fit([0.5, 0.5, 0.5], [1, 2, 3], degree: 1) == nil, "one abscissa three times")
    #expect(fit([0.5, 0.5, -0.5, -0.5], [1, 2, 3, 4], degree: 2) == nil, "two abscissas for a parabola")
    #expect(fit([0, 1, 2], [1, 2, 3], halfWidth: 0, degree: 1) == nil)
    #expect(fit([0, 1, 2], [1, 2, 3], halfWidth: -1, degree: 1) == nil)
    #expect(fit([0, 1, 2], [1, 2, 3], halfWidth: .infinity, degree: 1) == nil)
    #expect(fit([0, 1, 2], [1, 2, 3], halfWidth: .nan, degree: 1) == nil)
    for broken in [Double.nan, .infinity, -.infinity] {
      #expect(fit([0, broken, 1, 0.5], [1, 2, 3, 4], degree: 1) == nil)
      #expect(fit([0, 0.2, 1, 0.5], [1, broken, 3, 4], degree: 1) == nil)
    }
  }

  @Test func meanIsThePolynomialOfDegreeZero() throws {
    let fit = try #require(
      LocalPolynomial(x: [7, 7, 7], y: [1, 2, 6], range: 0..<3, centre: 0, halfWidth: 1, degree: 0))
    #expect(abs(fit.value(at: 99) - 3) < 1e-15)
    #expect(fit.slope(at: 0) == 0)
    #expect(fit.curvature(at: 0) == 0)
    #expect(abs(fit.weightNorm(at: 0) - 1 / 3.0.squareRoot()) < 1e-15)
  }
}
