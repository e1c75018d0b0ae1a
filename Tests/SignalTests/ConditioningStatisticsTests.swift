// SPDX-License-Identifier: GPL-3.0-or-later
import Signal
import TestSupport
import Testing

/// Closure, lack of fit, signal to noise and clipping, on plain arrays.
@Suite struct ConditioningStatisticsTests {
  // A quadratic drift D·(t/T)² ends at D; its linear part goes, and D·((t/T)² − t/T) stays beside the constant D/2
  // by which a line about the middle differs from one through the beginning.
  @Test func quadraticDriftLeavesAQuarter() throws {
    let times = (0...1000).map { 12.5 + 0.25 * Double($0) }
    let drift = 0.02
    let shares = times.map { ($0 - 12.5) / 250 }
    let record = shares.map { drift * $0 * $0 }
    let rest = zip(record, proratedClosure(error: record[1000] - record[0], times: times)).map { $0 - $1 }
    for (value, s) in zip(rest, shares) {
      #expect(abs(value - drift / 2 - drift * (s * s - s)) < 1e-12 * drift)
    }
    #expect(abs(rest[500] - rest[0] + drift / 4) < 1e-12 * drift)
    #expect(proratedClosure(error: 1, times: [3, 3]) == [0, 0])
    #expect(proratedClosure(error: 1, times: [3]) == [0] && proratedClosure(error: 1, times: []).isEmpty)
  }

  // R² of a record and the same with a scatter δ orthogonal to it: 1 − R² = δ²/(1 + δ²).
  @Test func signalToNoiseIsTheCorrelation() throws {
    let first = [1.0, 1, 1, 1]
    let second = [1.01, 0.99, 1.01, 0.99]
    let quality = try #require(signalToNoise(first, second))
    // −½·log₁₀(1e-4/1.0001).
    #expect(abs(quality - 2.0000217136) < 1e-10, "\(quality)")
    #expect(signalToNoise(first, first.map { 2 * $0 }) == nil, "no noise at all")
    #expect(signalToNoise([0, 0], [1, 2]) == nil && signalToNoise([], []) == nil)
    let noise = SeededNumbers.gaussian(4000, seed: 3)
    let unusable = try #require(signalToNoise(Array(noise[..<2000]), Array(noise[2000...])))
    // The correlation of two times 2000 numbers is 0 ± 0.022.
    #expect(unusable < 0.002)
  }

  // A straight line through 100 pairs of white noise: the test rejects a true line in 5 % of 3000 runs, ±0.4 %, and
  // must be within a percent. With the smoothed difference of the pairs taken out first it is rejected much more often.
  @Test func lackOfFitRejectsATrueLineAsOftenAsItSays() throws {
    let x = (0..<100).map { Double($0) / 50 - 1 }
    func statistic(_ first: [Double], _ second: [Double]) throws -> Double {
      var line = NormalEquations(order: 2)
      for (i, t) in x.enumerated() {
        line.add([1, t], first[i])
        line.add([1, t], second[i])
      }
      let solution = try #require(line.solution())
      let test = try #require(
        LackOfFit(
          residualSumOfSquares: solution.residualSumOfSquares, pureError: pureError(first, second),
          pairs: 100, parameters: 2))
      #expect(test.numeratorDegrees == 98 && test.denominatorDegrees == 100)
      return test.statistic
    }
    // 5 % of F(98, 100) lie above 1.39256 (tables give 1.392 for 100 and 100).
    let limit = 1.39358
    var rejected = 0
    var smoothed = 0
    for run in 0..<3000 as Range<UInt64> {
      let noise = SeededNumbers.gaussian(200, seed: 41 << 32 + run)
      let first = x.indices.map { 2 + 0.3 * x[$0] + 0.01 * noise[$0] }
      let second = x.indices.map { 2 + 0.3 * x[$0] + 0.01 * noise[100 + $0] }
      if try statistic(first, second) > limit { rejected += 1 }
      if run < 200 {
        let half = zip(first, second).map { 0.5 * ($0 - $1) }
        let even = half.indices.map { i in
          let window = half[max(0, i - 3)...min(99, i + 3)]
          return window.reduce(0, +) / Double(window.count)
        }
        let flattened = zip(first, even).map { $0 - $1 }
        if try statistic(flattened, zip(second, even).map { $0 + $1 }) > limit { smoothed += 1 }
      }
    }
    #expect((120...180).contains(rejected), "\(rejected) of 3000")
    // By chance 10 ± 3.
    #expect(smoothed > 20, "\(smoothed) of 200")
  }

  @Test func lackOfFitNeedsScatterAndPairs() {
    #expect(LackOfFit(residualSumOfSquares: 1, pureError: 0, pairs: 10, parameters: 2) == nil)
    #expect(LackOfFit(residualSumOfSquares: 1, pureError: 1, pairs: 2, parameters: 2) == nil)
    #expect(LackOfFit(residualSumOfSquares: .nan, pureError: 1, pairs: 9, parameters: 2) == nil)
  }

  @Test func normalEquationsSolveAndRefuse() throws {
    var equations = NormalEquations(order: 2)
    // y = 3e6 − 2·x with units eighteen decades apart, and one residual of ±1 about it.
    for (x, y) in [(0.0, 3e6 + 1), (1e6, 1e6 - 2), (2e6, -1e6 + 1)] { equations.add([1e-12, x], y) }
    let solution = try #require(equations.solution())
    #expect(abs(solution.values[0] / 3e18 - 1) < 1e-12 && abs(solution.values[1] + 2) < 1e-12)
    // 6 beside squares of 1e13: the difference keeps three digits.
    #expect(abs(solution.residualSumOfSquares - 6) < 0.02, "\(solution.residualSumOfSquares)")
    // Variance of the mean of three, times 1e24, plus what the slope adds: 5/6.
    #expect(abs(solution.inverse[0] / 1e24 - 5.0 / 6) < 1e-9)
    var same = NormalEquations(order: 2)
    for x in [1.0, 2, 3] { same.add([x, 2 * x], x) }
    #expect(same.solution() == nil)
    #expect(NormalEquations(order: 1).solution() == nil)
  }

  private let ramp = (0..<200).map { Double($0) }

  @Test func clippedTopIsFound() {
    let noise = SeededNumbers.gaussian(200, seed: 8)
    let series = zip(ramp, noise).map { min($0 + 0.01 * $1, 150) }
    #expect(
      clippedRun(of: series, over: ramp) == 150..<200 || clippedRun(of: series, over: ramp) == 151..<200)
    let bottom = series.map { -$0 }
    #expect(clippedRun(of: bottom, over: ramp) == clippedRun(of: series, over: ramp))
    // Up to the limit and back.
    let wave = ramp.map { min(100 - abs($0 - 100), 95) }
    #expect(clippedRun(of: wave, over: ramp.map { 100 - abs($0 - 100) }) == 95..<106)
  }

  @Test func whatIsNotClippedIsLeftAlone() {
    // A curve that creeps up to a limit that a number cannot tell from it, a dwell, a coarse converter, a constant.
    let x = ramp.map { 20 * $0 / 200 }
    #expect(clippedRun(of: x.map { 1 - 1 / (1 + $0 * $0 * $0 * $0 * $0 * $0 * 1e12) }, over: x) == nil)
    let dwell = ramp.map { min($0, 150) }
    #expect(clippedRun(of: dwell, over: dwell) == nil)
    let jitter = SeededNumbers.gaussian(200, seed: 9)
    #expect(clippedRun(of: dwell, over: zip(dwell, jitter).map { $0 + 0.2 * $1 }) == nil)
    #expect(clippedRun(of: ramp.map { ($0 / 10).rounded(.down) }, over: ramp) == nil)
    #expect(clippedRun(of: ramp.map { _ in 1 }, over: ramp) == nil)
    #expect(clippedRun(of: ramp.map { min($0, 196) }, over: ramp) == nil, "four samples may be chance")
    #expect(clippedRun(of: [], over: []) == nil && clippedRun(of: [1], over: [1]) == nil)
  }
}
