// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@Suite struct HumTests {
  /// Truth A in time order with hum of 1 % of Br at 50.03 Hz, and the rows of both branches that are far from switching.
  private struct Record {
    let rate: Double
    let loop: [Double]
    let hum: [Double]
    let plateaus: [Range<Int>]

    init(duration: Double, rate: Double, from limit: Double) {
      self.rate = rate
      let half = Int((0.5 * duration * rate).rounded())
      let fields = (0..<half).map { 2.4e6 - (Double($0) + 0.5) * 4.8e6 / Double(half) }
      let branch = fields.map(ReferenceLoop.a.polarisation(atAmperesPerMetre:))
      loop = branch + branch.map { -$0 }
      hum = (0..<2 * half).map { 0.0131 * sin(2 * .pi * 50.03 * Double($0) / rate + 0.7) }
      let rows = fields.count { $0 > limit }
      plateaus = [0..<rows, half..<half + rows]
    }

    func fit(_ samples: [Double], frequency: Double = 50, width: Double? = 0.2) -> HumFit? {
      HumFit(samples, plateaus: plateaus, frequency: frequency / rate, freeWithin: width.map { $0 / rate })
    }

    func largestError(_ fit: HumFit) -> Double {
      zip(fit.values(count: hum.count), hum).reduce(0) { max($0, abs($1.0 - $1.1)) } / 1.31
    }
  }

  // The published vector and its limits. Fixed at 50 Hz, the published errors have two digits.
  @Test(arguments: [(0.3, 10e3, 0.00031), (1, 1e3, 0.0010), (2, 1e3, 0.0021), (10, 1e3, 0.0094)])
  func publishedHum(_ duration: Double, _ rate: Double, _ fixedError: Double) throws {
    let record = Record(duration: duration, rate: rate, from: -1.35e6)
    let samples = zip(record.loop, record.hum).map { $0 + $1 }
    let free = try #require(record.fit(samples))
    #expect(free.isFrequencyFitted)
    #expect(abs(free.frequency * rate - 50.03) < 3e-7)
    #expect(record.largestError(free) < 4e-9)
    #expect(abs(free.amplitudes[0] - 0.0131) < 1e-8)
    let fixed = try #require(record.fit(samples, width: nil))
    #expect(!fixed.isFrequencyFitted && fixed.frequency == 50 / rate && fixed.frequencyUncertainty == 0)
    #expect(abs(record.largestError(fixed) / fixedError - 1) < 0.2)
  }

  // 40 runs with noise of 0.1 % of Br on the plateaus H > −0.8·HcJ. What the hum leaves at any row, averaged over
  // runs, is an upper limit of the bias of Br (limit 1e-4) and, times Br/(HcJ·dJ/dH) = 0.0205, of HcJ's (limit 2e-5).
  // The mean over 40 runs of the sinusoids' own noise, about 1e-3·√(20/800), is 2.5e-5.
  @Test(arguments: [(0.3, 10e3), (1, 1e3), (2, 1e3), (10, 1e3)])
  func noBiasUnderNoise(_ duration: Double, _ rate: Double) throws {
    let record = Record(duration: duration, rate: rate, from: -0.8 * 1_683_632)
    var source = GaussianSource(seed: 521)
    let runs = 40
    var mean = [Double](repeating: 0, count: record.loop.count)
    var (within, pulls) = (0, 0.0)
    for _ in 0..<runs {
      var samples = record.loop
      for i in samples.indices { samples[i] += record.hum[i] + 1.31e-3 * source.next() }
      let fit = try #require(record.fit(samples))
      let found = fit.values(count: samples.count)
      for i in mean.indices { mean[i] += (found[i] - record.hum[i]) / (1.31 * Double(runs)) }
      let row = samples.count / 2
      let pull = (found[row] - record.hum[row]) / fit.standardUncertainty(at: Double(row))
      pulls += pull * pull / Double(runs)
      if abs(fit.residualStandardDeviation / 1.31e-3 - 1) < 0.1 { within += 1 }
    }
    let largest = mean.reduce(0) { max($0, abs($1)) }
    #expect(largest < 1e-4)
    #expect(0.0205 * largest < 2e-5)
    // The residual of 800 samples and more is known to 2.5 %; the mean of 40 squared pulls to 22 %.
    #expect(within == runs)
    #expect((0.4...1.8).contains(pulls))
  }

  @Test func harmonicsAndCommonBaseline() throws {
    // A voltage before and after a pulse: one offset with a drift, hum with a third harmonic, at 20 kHz.
    let rows = 0..<12_000
    let turn = 2 * Double.pi * 49.98 / 20e3
    let samples = rows.map { i -> Double in
      let t = Double(i)
      let pulse = (5000..<7000).contains(i) ? 40 * sin(t / 300) : 0
      return 0.01 + 1e-7 * t + 2e-3 * sin(turn * t) + 5e-4 * cos(3 * turn * t) + pulse
    }
    let fit = try #require(
      HumFit(
        samples, plateaus: [0..<5000, 7000..<12_000], frequency: 50 / 20e3, freeWithin: 0.2 / 20e3,
        harmonics: 3, degree: 1, baseline: .common))
    // Noise-free, the polynomial is exact: rounding of sums of 1e4 terms.
    #expect(abs(fit.frequency * 20e3 - 49.98) < 1e-6)
    #expect(abs(fit.amplitudes[0] - 2e-3) < 1e-9)
    #expect(fit.amplitudes[1] < 1e-9)
    #expect(abs(fit.amplitudes[2] - 5e-4) < 1e-9)
    #expect(abs(fit.value(at: 6000) - 2e-3 * sin(turn * 6000) - 5e-4 * cos(3 * turn * 6000)) < 1e-9)
    // Multiples beyond half the sampling rate cannot be told.
    let slow = try #require(HumFit(samples, plateaus: [0..<5000], frequency: 0.2, harmonics: 5))
    #expect(slow.harmonics == 2)
  }

  @Test func withoutHumTheFrequencyStays() throws {
    let noise = SeededNumbers.gaussian(1000, seed: 523)
    let fit = try #require(
      HumFit(noise, plateaus: [0..<400, 500..<900], frequency: 0.05, freeWithin: 2e-4, harmonics: 1))
    #expect(!fit.isFrequencyFitted)
    #expect(fit.frequency == 0.05)
    #expect(abs(fit.frequencyUncertainty - 2e-4 / 3.0.squareRoot()) < 1e-12)
  }

  @Test func recordsThatDetermineNothing() {
    let noise = SeededNumbers.gaussian(100, seed: 524)
    #expect(HumFit(noise, plateaus: [], frequency: 0.05) == nil)
    #expect(HumFit(noise, plateaus: [0..<101], frequency: 0.05) == nil)
    #expect(HumFit(noise, plateaus: [-3..<50], frequency: 0.05) == nil)
    #expect(HumFit(noise, plateaus: [0..<12], frequency: 0.05) == nil)
    #expect(HumFit(noise, plateaus: [0..<100], frequency: 0) == nil)
    #expect(HumFit(noise, plateaus: [0..<100], frequency: 0.6) == nil)
    #expect(HumFit(noise, plateaus: [0..<100], frequency: .nan) == nil)
    // A hundredth of a turn is a straight line.
    #expect(HumFit(noise, plateaus: [0..<100], frequency: 1e-4) == nil)
    var spoiled = noise
    spoiled[50] = .infinity
    #expect(HumFit(spoiled, plateaus: [0..<100], frequency: 0.05) == nil)
  }
}
