// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@Suite struct IntegrationTests {
  /// A damped sine of 4000 samples' period from `start` on, with a switching peak 1200 samples later.
  private struct Pulse {
    let start: Double
    let width: Double
    var omega: Double { 2 * .pi / 4000 }

    func flux(_ i: Double) -> Double {
      let u = max(i - start, 0)
      let onset = pow(1 - exp(-u / 40), 4)
      let peak = 0.3 * erf((i - start - 1200) / (width * 2.0.squareRoot()))
      return sin(omega * u) * exp(-u / 3000) * onset + peak
    }

    func voltage(_ i: Double) -> Double {
      let u = max(i - start, 0)
      let rest = exp(-u / 40)
      let onset = pow(1 - rest, 4)
      let rise = 4 * pow(1 - rest, 3) * rest / 40
      let sine = sin(omega * u) * exp(-u / 3000)
      let slope = omega * cos(omega * u) * exp(-u / 3000) - sine / 3000
      let z = (i - start - 1200) / width
      return slope * onset + sine * rise + 0.6 / (2 * .pi).squareRoot() / width * exp(-0.5 * z * z)
    }
  }

  /// The largest error of both rules relative to the largest integral.
  private func errors(_ pulse: Pulse, count: Int) -> (spectral: Double, trapezoid: Double) {
    let rows = (0..<count).map(Double.init)
    let voltage = rows.map(pulse.voltage)
    let flux = rows.map { pulse.flux($0) - pulse.flux(0) }
    let scale = flux.map(abs).max() ?? 0
    func error(_ sums: [Double]) -> Double {
      zip(sums, flux).map { abs($0 - $1) }.max().map { $0 / scale } ?? 1
    }
    return (
      error(integral(voltage, interval: 2).map { 0.5 * $0 }),
      error(trapezoidalIntegral(voltage, interval: 2).map { 0.5 * $0 })
    )
  }

  // Rounding, and what the ends' second derivative leaves: some 3e-11. 10007 is prime. The trapezoid is wrong by
  // h²/12 of the voltage's slope.
  @Test(arguments: [(3000.4, 20_000), (-700, 20_000), (-700, 10_007)])
  func pulseWithSwitchingPeak(_ start: Double, _ count: Int) {
    for width in [20.0, 5] {
      let error = errors(Pulse(start: start, width: width), count: count)
      #expect(error.spectral < 1e-10)
      #expect(error.trapezoid > 1e-5)
    }
  }

  @Test func shortAndPlainRecords() {
    #expect(integral([], interval: 1).isEmpty)
    #expect(integral([3], interval: 1) == [0])
    #expect(integral([1, 3], interval: 2) == [0, 4])
    for count in [3, 4, 5, 7, 100, 1009] {
      let line = (0..<count).map { 2 + 3 * Double($0) }
      let sums = integral(line, interval: 0.5)
      for (i, sum) in sums.enumerated() {
        let t = Double(i)
        // Of a straight line nothing is left for the transform.
        #expect(abs(sum - 0.5 * (2 * t + 1.5 * t * t)) <= 1e-12 * Double(count * count), "\(count)")
      }
    }
  }

  @Test(arguments: [
    (0.01, 0.999670992), (0.05, 0.991761769), (0.1, 0.966882799), (0.2, 0.864806266),
  ])
  func trapezoidGain(_ frequency: Double, _ gain: Double) {
    let omega = 2 * .pi * frequency
    let sums = trapezoidalIntegral((0..<1000).map { cos(omega * Double($0)) }, interval: 1)
    // The published gains have nine digits.
    for (i, sum) in sums.enumerated() {
      #expect(abs(sum * omega - gain * sin(omega * Double(i))) < 1e-9)
    }
  }

  // An integrated record of white noise that is brought back to 0 at its end is a Brownian bridge. 2000 runs know the
  // middle's standard deviation to 1.6 %, the means over rows better.
  @Test func brownianBridge() {
    let (runs, steps) = (2000, 200)
    var source = GaussianSource(seed: 511)
    var squares = [Double](repeating: 0, count: steps + 1)
    var (ends, centred) = (0.0, 0.0)
    for _ in 0..<runs {
      let sums = trapezoidalIntegral((0...steps).map { _ in source.next() }, interval: 1)
      let last = sums[steps]
      ends += last * last / Double(runs)
      var (mean, total) = (0.0, 0.0)
      for i in 0...steps {
        let value = sums[i] - last * Double(i) / Double(steps)
        squares[i] += value * value / Double(runs)
        mean += value / Double(steps + 1)
        total += value * value / Double(steps + 1)
      }
      centred += (total - mean * mean) / Double(runs)
    }
    let root = Double(steps).squareRoot()
    let rms = (squares.reduce(0, +) / Double(steps)).squareRoot()
    #expect(abs(ends.squareRoot() / root - 1) < 0.03)
    #expect(abs(squares[steps / 2].squareRoot() / (0.5 * root) - 1) < 0.03)
    #expect(abs(rms / (root / 6.0.squareRoot()) - 1) < 0.03)
    #expect(abs(centred.squareRoot() / (root / 12.0.squareRoot()) - 1) < 0.03)
  }
}
