// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@Suite struct NoiseSpectrumTests {
  private let mean = [Double](repeating: 1e-3, count: 1000)
  /// The mean of the falling branch less that of the rising one, halved: how a loop's Br is formed.
  private func difference(_ count: Int) -> [Double] {
    (0..<count).map { ($0 < count / 2 ? 1 : -1) / Double(count) }
  }
  private let autoregressive = NoiseSpectrum { frequency in
    0.19 / (1.81 - 1.8 * cos(2 * .pi * frequency))
  }
  /// The exact density of simulated 1/f noise for loops of 1000 points.
  private let pink = NoiseSpectrum { 1 + 0.02 / max($0, 1.0 / 64_000) }

  @Test(arguments: [1, 2, 7, 1000, 1009])
  func whiteNoiseNeedsNoTransform(_ count: Int) {
    let weights = SeededNumbers.gaussian(count, seed: 31)
    let other = SeededNumbers.gaussian(count, seed: 32)
    let white = NoiseSpectrum(whiteVariance: 9, ordinates: 100)
    let exact = NoiseSpectrum { _ in 9 }
    let sum = weights.reduce(0) { $0 + $1 * $1 }
    #expect(white.isWhite)
    #expect(!exact.isWhite)
    #expect(white.variance(ofWeights: weights) == 9 * sum)
    #expect(white.degreesOfFreedom(ofWeights: weights) == 200)
    #expect(exact.degreesOfFreedom(ofWeights: weights) == .infinity)
    // Transforms round to some 1e-16 of the sums.
    #expect(abs(exact.variance(ofWeights: weights) / (9 * sum) - 1) < 1e-12)
    let product = 9 * zip(weights, other).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(exact.covariance(weights, other) - product) < 1e-12 * 9 * Double(count))
    #expect(white.covariance(weights, other) == product)
  }

  // A sum of drawn samples scatters as the spectrum says: 2000 draws know a variance to √(2/2000) = 3.2 %.
  @Test func drawnSamplesHaveTheSpectrum() {
    let numbers = SeededNumbers.gaussian(2000 * 400, seed: 33)
    var next = 0
    for (spectrum, weights) in [(autoregressive, difference(200)), (pink, difference(200))] {
      let sampled = spectrum.sampled(count: 200)
      next = 0
      var (sum, energy) = (0.0, 0.0)
      for _ in 0..<2000 {
        let samples = sampled.samples(200) {
          next += 1
          return numbers[next - 1]
        }
        let result = zip(samples, weights).reduce(0) { $0 + $1.0 * $1.1 }
        sum += result * result / 2000
        energy += samples.reduce(0) { $0 + $1 * $1 } / 400_000
      }
      #expect(abs(sum / sampled.variance(ofWeights: weights).variance - 1) < 0.1)
      // Neighbouring samples of slow noise are alike: at most some 20 of 200 are independent.
      #expect(abs(energy / sampled.meanDensity - 1) < 0.05)
    }
  }

  // The published uncertainty of the mean of 1000 samples: σ/√1000 and 0.1371860051σ.
  @Test func uncertaintyOfAMeanAgreesWithThePublishedOne() {
    #expect(abs(NoiseSpectrum { _ in 1 }.variance(ofWeights: mean).squareRoot() - 1e-3.squareRoot()) < 1e-9)
    #expect(abs(autoregressive.variance(ofWeights: mean).squareRoot() - 0.1371860051) < 1e-9)
  }

  // Σw_i·w_j·ρ^|i−j|, the definition. What zero-padding to twice the length folds back is ρ^1000.
  @Test func covarianceIsThatOfTheAutocorrelation() {
    let (first, second) = (SeededNumbers.gaussian(200, seed: 33), SeededNumbers.gaussian(200, seed: 34))
    var expected = 0.0
    for i in 0..<200 { for j in 0..<200 { expected += first[i] * second[j] * pow(0.9, abs(Double(i - j))) } }
    let padding = [Double](repeating: 0, count: 300)
    let found = autoregressive.covariance(first + padding, second + padding)
    #expect(abs(found - expected) < 1e-10 * abs(expected))
    #expect(abs(found - autoregressive.covariance(second + padding, first + padding)) < 1e-10 * abs(expected))
  }

  // Under white noise the gain must be 6 for a coloured spectrum; twice that is χ² of about 3, beyond 12 in 0.7 %.
  // Of 200 sets 1.5 are expected; 8 has a probability below 1e-3.
  @Test func whiteNoiseIsTakenForWhite() {
    var coloured = 0
    for seed in 1...200 {
      let density = periodogram(SeededNumbers.gaussian(500, seed: UInt64(1000 + seed)))
      let spectrum = NoiseSpectrum(
        fitting: BinnedPeriodogram(ordinates: density, first: 1, period: 500), points: 1000)
      if !spectrum.isWhite {
        coloured += 1
        continue
      }
      let mean = density.reduce(0, +) / Double(density.count)
      #expect(abs(spectrum.white / mean - 1) < 1e-12)
      #expect(abs(spectrum.degreesOfFreedom(ofWeights: [1]) / (2 * 249) - 1) < 1e-12)
    }
    #expect(coloured < 8)
  }

  // A blank record of 16 loops tells the slowest part of a loop with about 16 degrees of freedom, the standard
  // uncertainty of a mean therefore to 1/√(2·16) = 18 %; the average of 40 to 3 %, the extreme of 40 to 2.7 times 18 %.
  // The form of S is not exactly that of either noise; 10 % is granted for that.
  @Test(arguments: [NoiseKind.autoregressive, .pink])
  func blankRecordGivesTheUncertaintyOfAMean(_ kind: NoiseKind) {
    let exact = kind == .pink ? pink : autoregressive
    let truth = exact.variance(ofWeights: difference(1000)).squareRoot()
    let ratios = (1...40).map { seed -> Double in
      let record = kind.blankRecord(loopPoints: 1000, seed: UInt64(2000 + seed))
      let spectrum = NoiseSpectrum(fitting: BinnedPeriodogram(record: record), points: 1000)
      #expect(!spectrum.isWhite)
      return spectrum.variance(ofWeights: difference(1000)).squareRoot() / truth
    }
    let average = ratios.reduce(0, +) / 40
    #expect(abs(average - 1) < 0.13)
    #expect(ratios.allSatisfy { abs($0 - 1) < 0.6 })
  }

  // Degrees of freedom mean ν = 2·u⁴/var(u²); 100 records tell the variance of u² to 14 %, and heavy tails to less.
  @Test(arguments: [NoiseKind.autoregressive, .pink])
  func degreesOfFreedomTellTheScatterOfTheVariance(_ kind: NoiseKind) {
    var (sum, squares, degrees) = (0.0, 0.0, 0.0)
    for seed in 1...100 {
      let record = kind.blankRecord(loopPoints: 250, seed: UInt64(3000 + seed))
      let spectrum = NoiseSpectrum(fitting: BinnedPeriodogram(record: record), points: 250)
      let weights = difference(250)
      let variance = spectrum.variance(ofWeights: weights)
      sum += variance / 100
      squares += variance * variance / 100
      degrees += spectrum.degreesOfFreedom(ofWeights: weights) / 100
    }
    let found = 2 * sum * sum / (squares - sum * sum)
    #expect(degrees / found > 0.5 && degrees / found < 2)
  }

  // One loop shows colour in nearly every case, of 1/f noise with a corner at 20 cycles per loop in 18 of 20 here.
  @Test(arguments: [NoiseKind.autoregressive, .pink, .randomWalk])
  func evenHarmonicsSeeColour(_ kind: NoiseKind) {
    let coloured = (1...20).filter { seed in
      var source = GaussianSource(seed: UInt64(4000 + seed))
      let noise = kind.samples(1000, from: &source)
      let density = periodogram((0..<500).map { noise[$0] + noise[$0 + 500] }).map { $0 / 2 }
      return !NoiseSpectrum(
        fitting: BinnedPeriodogram(ordinates: density, first: 1, period: 500), points: 1000
      ).isWhite
    }
    #expect(coloured.count >= 15)
  }

  @Test func spectraScaleWithTheSquareOfTheUnit() {
    let record = NoiseKind.pink.blankRecord(loopPoints: 100, seed: 7)
    let fitted = NoiseSpectrum(fitting: BinnedPeriodogram(record: record), points: 100)
    let scaled = fitted.scaled(by: 3)
    let refitted = NoiseSpectrum(fitting: BinnedPeriodogram(record: record.map { 3 * $0 }), points: 100)
    for frequency in [0, 1e-3, 0.005, 0.1, 0.5] {
      #expect(abs(scaled.density(at: frequency) / fitted.density(at: frequency) - 9) < 1e-12)
      // Both minima are found to 1e-6 of log-likelihood, a thousandth of their own width.
      #expect(abs(refitted.density(at: frequency) / scaled.density(at: frequency) - 1) < 1e-2)
    }
    #expect(fitted.density(at: 0) == fitted.density(at: 0.005), "no faith in what is slower than two loops")
    let exact = autoregressive.scaled(by: 2)
    #expect(abs(exact.density(at: 0.1) / autoregressive.density(at: 0.1) - 4) < 1e-12)
  }

  @Test func recordsThatTellNothingAreWhite() {
    let records: [[Double]] = [[], [1], [Double](repeating: 2, count: 100), (0..<7).map(Double.init)]
    for record in records {
      let spectrum = NoiseSpectrum(fitting: BinnedPeriodogram(record: record), points: 1000)
      #expect(spectrum.isWhite)
      #expect(spectrum.white >= 0 && spectrum.white < 1e-20)
    }
    for spoilt in [Double.infinity, .nan] {
      let record = (0..<100).map { $0 == 50 ? spoilt : Double($0 % 3) }
      #expect(NoiseSpectrum(fitting: BinnedPeriodogram(record: record), points: 1000).isWhite)
    }
    // Nothing but a line in one bin: zeros elsewhere.
    let line = BinnedPeriodogram(ordinates: [1e3] + [Double](repeating: 0, count: 200), first: 1, period: 402)
    let spectrum = NoiseSpectrum(fitting: line, points: 1000)
    #expect(spectrum.density(at: 0.3).isFinite && spectrum.density(at: 0).isFinite)
  }

  @Test func binsHoldEveryOrdinateOnce() {
    for count in [1, 2, 3, 10, 249, 8000] {
      let ordinates = SeededNumbers.uniform(count, seed: 41)
      let binned = BinnedPeriodogram(ordinates: ordinates, first: 1, period: 2 * count + 2)
      #expect(binned.ordinates == Double(count))
      #expect(binned.counts.count <= 25)
      #expect(abs(binned.mean * Double(count) / ordinates.reduce(0, +) - 1) < 1e-12)
      #expect(binned.frequencies == binned.frequencies.sorted())
      #expect(binned.frequencies.allSatisfy { $0 > 0 && $0 < 0.5 })
    }
    // Hann-windowed white noise keeps its level: 1000 independent ordinates tell it to 4.4 %, four of it.
    let white = BinnedPeriodogram(record: SeededNumbers.gaussian(4000, seed: 42).map { 5 + 2 * $0 })
    #expect(abs(white.mean / 4 - 1) < 0.18)
  }

  @Test func nextFastLengthsAreThePublishedOnes() {
    for (limit, expected) in [
      (1001, 1024), (1009, 1024), (1025, 1080), (2001, 2025), (4097, 4320), (10007, 10125),
    ] { #expect(smallestFastLength(atLeast: limit) == expected) }
    for limit in 1...3000 {
      let fast = smallestFastLength(atLeast: limit)
      #expect(fast >= limit && largestFastLength(atMost: fast) == fast)
      #expect(limit == fast || largestFastLength(atMost: fast - 1) < limit)
    }
    #expect(smallestFastLength(atLeast: 0) == 1)
  }
}
