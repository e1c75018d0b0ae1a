// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation
import Testing

struct NoiseTests {
  @Test func theGeneratorGivesItsPublishedNumbers() {
    var one = SplitMix64(seed: 1)
    #expect(
      (0..<3).map { _ in one.next() } == [
        10_451_216_379_200_822_465, 13_757_245_211_066_428_519, 17_911_839_290_282_890_590,
      ])
    var other = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in other.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    var based = SplitMix64(base: 0, run: 1)
    #expect(based.next() == 10_451_216_379_200_822_465)
  }

  @Test func uniformNumbersAgreeToTheLastBit() {
    var generator = SplitMix64(seed: 1)
    let expected = [0.5665615751722809, 0.7457817572627011, 0.9710027535867962]
    #expect((0..<3).map { _ in generator.nextUniform() } == expected)
  }

  @Test func gaussianNumbersAgreeWithThePrintedDigits() {
    var source = GaussianSource(seed: 1)
    let numbers = (0..<1000).map { _ in source.next() }
    let expected = [-0.034267321792, -1.292608533237, -2.500067493370, 0.911466586409]
    // The vectors are printed to twelve decimals.
    for (number, printed) in zip(numbers, expected) {
      #expect(abs(number - printed) <= 1e-11, "\(number), printed \(printed)")
    }
    let mean = numbers.reduce(0, +) / 1000
    let square = numbers.reduce(0) { $0 + $1 * $1 } / 1000
    #expect(abs(mean - 0.029112852996) <= 1e-11, "\(mean)")
    #expect(abs(square - 0.965534566606) <= 1e-11, "\(square)")
  }

  // The vectors are printed to twelve decimals.
  @Test(
    arguments: [
      (
        .autoregressive, [-0.034267321792, -0.594275586607, -1.624602183509, -0.068108947149],
        0.739224606379
      ),
      (.pink, [-0.412721094814, -1.755653791494, -3.007151206400, -0.304254497180], 1.190793250767),
      (.randomWalk, [-0.781800533362, -2.046934660185, -3.258717000228, -0.865694971200], 1.147353618560),
    ] as [(NoiseKind, [Double], Double)])
  func colouredNoiseAgreesWithThePrintedDigits(_ kind: NoiseKind, _ printed: [Double], _ power: Double) {
    var source = GaussianSource(seed: 1)
    let noise = kind.samples(1000, from: &source)
    #expect(noise.count == 1000)
    for (index, expected) in zip([0, 1, 2, 999], printed) {
      #expect(abs(noise[index] - expected) <= 1e-11, "\(noise[index]), printed \(expected)")
    }
    let square = noise.reduce(0) { $0 + $1 * $1 } / 1000
    #expect(abs(square - power) <= 1e-11, "\(square)")
  }

  // A blank record starts as its own noise does, and shaped noise holds what is slower than the record: the mean of
  // 16 loops of random walk scatters far beyond that of white noise, 1/√16000 = 0.008.
  @Test func blankRecordsLastSixteenLoops() {
    for kind in NoiseKind.allCases {
      let blank = kind.blankRecord(loopPoints: 1000, seed: 3)
      #expect(blank.count == 16_000)
      #expect(blank != kind.blankRecord(loopPoints: 1000, seed: 4))
    }
    var source = GaussianSource(seed: 3)
    #expect(
      NoiseKind.autoregressive.blankRecord(loopPoints: 100, seed: 3)
        == NoiseKind.autoregressive.samples(1600, from: &source))
    func scatterOfMeans(_ kind: NoiseKind) -> Double {
      let means = (1...20).map { seed in
        kind.blankRecord(loopPoints: 1000, seed: seed).reduce(0, +) / 16_000
      }
      return (means.reduce(0) { $0 + $1 * $1 } / 20).squareRoot()
    }
    #expect(scatterOfMeans(.white) < 0.02)
    #expect(scatterOfMeans(.randomWalk) > 0.2)
  }

  @Test func longNoiseHasItsMeanVarianceAndCorrelation() {
    let count = 100_000
    for kind: NoiseKind in [.white, .autoregressive] {
      var source = GaussianSource(seed: 7)
      let noise = kind.samples(count, from: &source)
      let mean = noise.reduce(0, +) / Double(count)
      let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(count)
      let lagged = zip(noise, noise.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
      // Four standard deviations of each average: correlation of 0.9 makes 19 numbers worth one, and
      // squares of correlated numbers (1 + 0.81)/(1 − 0.81) = 9.5 worth one.
      let expected = kind == .white ? 0 : 0.9
      let (forMean, forSquare) = kind == .white ? (1.0, 1.0) : (19.0, 9.5)
      #expect(abs(mean) <= 4 * (forMean / Double(count)).squareRoot(), "\(kind)")
      #expect(abs(variance - 1) <= 4 * (2 * forSquare / Double(count)).squareRoot(), "\(kind)")
      #expect(abs(lagged - expected) <= 4 * (2 * forSquare / Double(count)).squareRoot(), "\(kind)")
    }
  }
}
