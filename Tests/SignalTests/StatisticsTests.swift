// SPDX-License-Identifier: GPL-3.0-or-later
import Signal
import TestSupport
import Testing

@Suite struct StatisticsTests {
  @Test(
    arguments: [
      ([], nil), ([3], 3), ([3, 1], 2), ([5, 1, 3], 3), ([4, 1, 3, 2], 2.5), ([-1, -1, -1], -1),
      ([2, 1, 2, 2], 2),
    ] as [([Double], Double?)])
  func medianIsTheMiddle(_ values: [Double], _ expected: Double?) {
    #expect(median(values) == expected)
  }

  @Test func medianIsThatOfTheSortedNumbers() {
    for count in 1...200 {
      let spread = SeededNumbers.gaussian(count, seed: UInt64(count))
      // Falling, rising and falling again, few different values, and one value.
      let orders = [
        spread, spread.sorted(), spread.sorted().reversed(), spread.map { $0.rounded() },
        (0..<count).map { Double(min($0, count - $0)) }, [Double](repeating: 7, count: count),
      ]
      for values in orders {
        let sorted = values.sorted()
        let expected = count % 2 == 1 ? sorted[count / 2] : 0.5 * (sorted[count / 2 - 1] + sorted[count / 2])
        #expect(median(values) == expected)
        #expect(medianOfLargerHalf(values) == median(Array(sorted[(count / 2)...])))
      }
      // Numbers that have no order have no median; the call must come back all the same.
      _ = median(spread.map { $0 > 0.5 ? .nan : $0 })
      _ = medianOfLargerHalf(spread.map { $0 > 0.5 ? .nan : $0 })
      _ = median(spread.map { $0 > 0.5 ? .infinity : -.infinity })
    }
  }

  /// The median of n second differences of Gaussian noise estimates σ with a relative deviation of about
  /// 1.17·√(1.9/n), their correlation included: 1.6 % at 10000; 5 % is three of it.
  @Test(arguments: [1e-9, 1, 1e6])
  func secondDifferencesTellWhiteNoiseOnASmoothSeries(_ sigma: Double) {
    let noise = SeededNumbers.gaussian(10_000, seed: 11)
    // A parabola whose second difference is a hundredth of σ.
    let series = noise.enumerated().map { index, g in
      sigma * (g + 0.005 * Double(index) * Double(index) + 7 * Double(index))
    }
    #expect(abs(noiseFromSecondDifferences(series) / sigma - 1) < 0.05)
  }

  @Test func secondDifferencesIgnoreLinesAndFewSpikes() {
    let line = (0..<100).map { 3 * Double($0) - 5 }
    #expect(noiseFromSecondDifferences(line) < 1e-12)
    var spiked = line
    spiked[50] = 1e9
    #expect(noiseFromSecondDifferences(spiked) < 1e-12)
    #expect(noiseFromSecondDifferences([]) == 0)
    #expect(noiseFromSecondDifferences([1, 5]) == 0)
    #expect(abs(noiseFromSecondDifferences([0, 1, 0]) - 1.4826 * 2 / 6.0.squareRoot()) < 1e-15)
  }

  /// The standard deviation of an estimated autocorrelation is 1/√n = 0.01; five of it.
  @Test func autocorrelationTellsWhiteFromCorrelated() {
    #expect(abs(lagOneAutocorrelation(SeededNumbers.gaussian(10_000, seed: 12))) < 0.05)
    let slow = SeededNumbers.gaussian(10_000, correlated: true, seed: 12)
    #expect(abs(lagOneAutocorrelation(slow) - 0.9) < 0.05)
    #expect(abs(lagOneAutocorrelation((0..<1000).map { $0 % 2 == 0 ? 1 : -1 }) + 0.999) < 1e-12)
    #expect(lagOneAutocorrelation([]) == 0)
    #expect(lagOneAutocorrelation([1]) == 0)
    #expect(lagOneAutocorrelation([0, 0, 0]) == 0)
  }
}

@Suite struct PeriodogramTests {
  /// 2047 ordinates with a relative deviation of 1 each: the mean is known to 2.2 %, five of it are 11 %.
  @Test func whiteNoiseHasItsVarianceInEveryBin() throws {
    let density = periodogram(SeededNumbers.gaussian(4096, seed: 21).map { 3 * $0 })
    #expect(density.count == 2047)
    let mean = density.reduce(0, +) / Double(density.count)
    #expect(abs(mean / 9 - 1) < 0.11)
    // The median of 1024 exponential ordinates scatters by 1/√1024/ln 2 = 4.5 %; four of it.
    #expect(abs(try #require(whiteLevel(ofPeriodogram: density)) / 9 - 1) < 0.18)
  }

  @Test func slowDriftDoesNotRaiseTheWhiteLevel() throws {
    let noise = SeededNumbers.gaussian(4000, seed: 22)
    let drift = noise.indices.map { Double($0) / 400 }
    let slow = SeededNumbers.gaussian(4000, correlated: true, seed: 23)
    let level = try #require(whiteLevel(ofPeriodogram: periodogram(noise)))
    let lifted = zip(noise, zip(drift, slow)).map { $0 + $1.0 + 3 * $1.1 }
    let density = periodogram(lifted)
    // AR(1) of σ = 3 leaves 9·0.19/(1+0.81−1.8·cos 2πf), 0.47 to 0.95 of white noise's 1, in the upper half.
    #expect(try #require(whiteLevel(ofPeriodogram: density)) < 2.2 * level)
    #expect(density[0] > 100 * level, "the drift is where it belongs")
  }

  /// A cosine of amplitude a in bin k: n·a²/4 there and nothing elsewhere.
  @Test func lineStaysInItsBin() {
    let count = 240
    let samples = (0..<count).map { index -> Double in
      // cos(2π·60·j/240) without a cosine: 1, 0, −1, 0.
      [1, 0, -1, 0][index % 4] * 5
    }
    let density = periodogram(samples)
    #expect(density.count == count / 2 - 1)
    #expect(abs(density[59] - 240 * 25 / 4) < 1e-9)
    #expect(density.enumerated().allSatisfy { $0.offset == 59 || $0.element < 1e-20 })
  }

  @Test func shortSeriesHaveNoSpectrum() {
    for count in 0..<4 { #expect(periodogram([Double](repeating: 1, count: count)).isEmpty) }
    #expect(periodogram([1, 2, 3, 4]).count == 1)
    #expect(periodogram([1, 2, 3, 4, 5]).count == 2)
    #expect(periodogram([Double](repeating: 2, count: 1009)).allSatisfy { $0 < 1e-20 })
    #expect(whiteLevel(ofPeriodogram: []) == nil)
    #expect(whiteLevel(ofPeriodogram: [Double](repeating: 1, count: 7)) == nil)
    #expect(whiteLevel(ofPeriodogram: [Double](repeating: 0, count: 8)) == 0)
  }

  @Test func fastLengthIsTheLargestProductOfTwoThreeAndFive() {
    func isFast(_ number: Int) -> Bool {
      var rest = number
      for prime in [2, 3, 5] { while rest.isMultiple(of: prime) { rest /= prime } }
      return rest == 1
    }
    var best = 1
    for limit in 1...5000 {
      if isFast(limit) { best = limit }
      #expect(largestFastLength(atMost: limit) == best)
    }
    #expect(isFast(largestFastLength(atMost: Int.max)))
  }
}
