// SPDX-License-Identifier: GPL-3.0-or-later
import Signal
import TestSupport
import Testing

@Suite struct DespikingTests {
  private let triangle = (0..<101).map { Double($0) } + (0..<100).reversed().map { Double($0) }

  @Test func smoothSweepsAndReversalsAreLeftAlone() {
    #expect(despiked(triangle).replaced.isEmpty)
    #expect(despiked(triangle).series == triangle)
    #expect(despiked([Double](repeating: 3, count: 50)).replaced.isEmpty)
    let steps = (0..<100).map { Double($0 / 10) }
    #expect(despiked(steps).replaced.isEmpty, "a staircase of settled fields has no spikes")
  }

  /// A ramp in steps of five σ with a dwell at its start: six σ from the median of five comes once in 10⁷ values.
  @Test func noiseOfADwellIsNoSpike() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let noise = SeededNumbers.gaussian(230, seed: seed)
      let series = noise.enumerated().map { 5 * Double(max(0, $0.offset - 30)) + $0.element }
      #expect(despiked(series).replaced.isEmpty, "seed \(seed)")
    }
  }

  @Test(arguments: [40.0, -40, 1e6, .infinity, -.infinity])
  func singleSpikesAreReplacedByTheirNeighbourhood(_ height: Double) {
    var series = triangle
    series[50] += height
    series[150] -= height
    let result = despiked(series)
    #expect(result.replaced == [50, 150])
    // The median of five with one value off is a neighbour, one step away.
    for index in series.indices { #expect(abs(result.series[index] - triangle[index]) <= 1) }
  }

  @Test func spikeOnAPlateauIsReplaced() {
    var series = [Double](repeating: 7, count: 40)
    series[20] = 8
    #expect(despiked(series).replaced == [20])
    #expect(despiked(series).series == [Double](repeating: 7, count: 40))
  }

  @Test func shortAndBrokenSeriesPassThrough() {
    for count in 0..<5 {
      let series = (0..<count).map { $0 == 1 ? 1e9 : 0.0 }
      #expect(despiked(series).series == series)
    }
    let broken = [Double](repeating: .nan, count: 20)
    #expect(despiked(broken).series.count == 20)
  }
}

@Suite struct TurningPointTests {
  @Test func endsAndTurnsAreFound() {
    let series = [0, 1, 2, 3, 2, 1, 0, -1, 0, 1].map(Double.init)
    #expect(turningPoints(series, threshold: 0.5) == [0, 3, 7, 9])
    #expect(turningPoints(series.map { -$0 }, threshold: 0.5) == [0, 3, 7, 9])
    #expect(turningPoints(series, threshold: 2.5) == [0, 3, 9], "the last rise of 2 is within the threshold")
    #expect(turningPoints(series, threshold: 10) == [0, 9])
  }

  @Test func monotoneSeriesHaveOnlyEnds() {
    #expect(turningPoints([1, 2, 3], threshold: 0) == [0, 2])
    #expect(turningPoints([3, 2, 1], threshold: 0) == [0, 2])
    #expect(turningPoints([5, 5, 5, 5], threshold: 0) == [0, 3])
  }

  @Test func shortAndBrokenSeriesHaveNoTurns() {
    #expect(turningPoints([], threshold: 1) == [])
    #expect(turningPoints([1], threshold: 1) == [])
    #expect(turningPoints([1, 2], threshold: 1) == [0, 1])
    let broken = turningPoints([0, .nan, 1, .infinity, -.infinity, .nan], threshold: 1)
    #expect(broken.first == 0 && broken.last == 5 && broken == broken.sorted())
  }

  /// Noise of a tenth of the threshold never turns the sweep; its tip is found within the noise.
  @Test func noiseBelowTheThresholdDoesNotTurn() {
    let noise = SeededNumbers.gaussian(400, seed: 41)
    let series = (0..<400).map { Double($0 < 200 ? $0 : 400 - $0) + noise[$0] }
    let turns = turningPoints(series, threshold: 10)
    #expect(turns.count == 3)
    #expect(abs(turns[1] - 200) <= 5)
  }
}

@Suite struct SmoothedSweepTests {
  private let sigma = 2.0
  private func sweep(_ count: Int) -> [Double] {
    // A gently curved sweep up and down: its third derivative is what a quadratic leaves.
    (0..<count).map { index in
      let t = Double(index) / Double(count)
      return 5000 * t * (1 - t) * (1 + 0.1 * t)
    }
  }

  /// A quadratic over w samples leaves a share of about 9/(4w) of the variance; 41 samples or more are expected on
  /// a course this smooth, so σ falls below 0.3 of itself, ends included.
  @Test func whiteNoiseIsRemovedAndTheCourseKept() throws {
    let clean = sweep(1000)
    let noise = SeededNumbers.gaussian(1000, seed: 51)
    let noisy = zip(clean, noise).map { $0 + sigma * $1 }
    let smooth = try #require(smoothedSweep(noisy, pieces: [0..<500, 500..<1000]))
    #expect(smooth.window >= 41)
    let left = zip(smooth.values, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 1000
    #expect(left.squareRoot() < 0.3 * sigma)
    // The residual is the noise; 1/√2000 = 2.2 % of scatter, and what the smoother took.
    #expect(abs(smooth.residual / sigma - 1) < 0.1)
  }

  @Test func courseThatNoQuadraticFollowsIsNotSmoothedWide() {
    let noise = SeededNumbers.gaussian(900, seed: 52)
    // A wave of 30 samples and 50 σ: a window of 21 and more would eat it.
    let wave = (0..<900).map { index -> Double in
      let phase = Double(index % 30) / 15 - 1
      return 100 * phase * (1 - abs(phase)) * 4 + sigma * noise[index]
    }
    if let smooth = smoothedSweep(wave, pieces: [0..<900]) { #expect(smooth.window < 21) }
  }

  /// A field that flips between two digits is not white for any window, so nothing may be taken away; of slow
  /// noise only the fast part, which a short window leaves, may go.
  @Test func noiseThatIsNotWhiteIsLeftAlone() {
    let course = sweep(1000)
    let flipping = course.enumerated().map { $0.element + ($0.offset % 2 == 0 ? sigma : -sigma) }
    #expect(smoothedSweep(flipping, pieces: [0..<1000]) == nil)
    let slow = SeededNumbers.gaussian(1000, correlated: true, seed: 53)
    if let smooth = smoothedSweep(zip(course, slow).map { $0 + sigma * $1 }, pieces: [0..<1000]) {
      #expect(smooth.window <= 15)
    }
  }

  @Test func shortSweepsAreLeftAlone() {
    let noise = SeededNumbers.gaussian(90, seed: 54)
    #expect(smoothedSweep([], pieces: []) == nil)
    #expect(smoothedSweep([1], pieces: [0..<1]) == nil)
    #expect(smoothedSweep(noise, pieces: [0..<90]) == nil, "90 residuals do not show whether they are white")
  }

  @Test func windowsDoNotCrossReversals() throws {
    // A sharp reversal: smoothing across it would round the tip by several steps.
    let clean = (0..<1000).map { 10 * Double($0 < 500 ? $0 : 1000 - $0) }
    let noise = SeededNumbers.gaussian(1000, seed: 55)
    let noisy = zip(clean, noise).map { $0 + sigma * $1 }
    let smooth = try #require(smoothedSweep(noisy, pieces: [0..<500, 500..<1000]))
    // A quadratic's end value has 9/w of the variance; four of that at w = 81 is 2.7 for σ = 2.
    for index in 490..<510 { #expect(abs(smooth.values[index] - clean[index]) < 4) }
  }
}
