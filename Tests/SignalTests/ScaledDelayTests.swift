// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@Suite struct ScaledDelayTests {
  private static let count = 20_000
  private static let shift = 2.3
  private static let amplitude = 0.98
  private static let rows = 2200..<18_000

  /// An empty record at 1 MHz: a pulse of 100 Hz, and a response of 1 % of Br in the field and 0.3 % in its rate.
  private static func empty(later: Double = 0) -> (field: [Double], response: [Double]) {
    let field = DelayTests.pulse(later: later)
    let (before, after) = (DelayTests.pulse(later: later + 0.05), DelayTests.pulse(later: later - 0.05))
    // The rate is largest at the onset, 1/(15·e) of the pulse per sample.
    let scale = 0.3 * 0.0131 * 15 * exp(1.0)
    return (field, field.indices.map { 0.0131 * field[$0] + scale * 10 * (after[$0] - before[$0]) })
  }

  private static func fit(
    _ later: [Double], _ earlier: [Double], noise: (later: Double, earlier: Double),
    errors: [(Int) -> Double] = []
  ) throws -> ScaledDelay {
    let start = try #require(delay(of: later, after: earlier, band: 20e-6..<0.03, noise: noise))
    return try #require(
      ScaledDelay(
        of: later, after: earlier, rows: rows, from: start.samples, noise: noise, errors: errors))
  }

  /// What is left of a shot's response, relative to Br.
  private static func residual(_ found: ScaledDelay, _ response: [Double], _ empty: [Double]) -> Double {
    zip(response, delayed(empty, by: found.samples)).reduce(0) {
      max($0, abs($1.0 - found.factor * $1.1))
    } / 1.31
  }

  // The published vector: k0 = 0.98 and 2.3 µs. Without noise the residual is the interpolation of the onset's
  // rate, which has a kink: 1 % of the rate's part, which makes 3e-5 of Br.
  @Test func zeroSignalVector() throws {
    let empty = Self.empty()
    let shot = Self.empty(later: Self.shift)
    let field = shot.field.map { Self.amplitude * $0 }
    let response = shot.response.map { Self.amplitude * $0 }
    let found = try Self.fit(field, empty.field, noise: (later: 1e-7, earlier: 1e-7))
    #expect(abs(found.factor - Self.amplitude) < 1e-9)
    #expect(abs(found.samples - Self.shift) < 1e-6)
    #expect(Self.residual(found, response, empty.response) < 1e-4)
    // Left where it is, the empty record leaves a step at the onset.
    let unshifted = zip(response, empty.response).map { $0 - Self.amplitude * $1 }
    #expect(unshifted.reduce(0) { max($0, abs($1)) } / 1.31 > 1e-3)
  }

  // 60 dB of noise on both field channels; 40 runs know a mean square to 22 %, a mean to 16 % of one deviation.
  @Test func zeroSignalUnderNoise() throws {
    let empty = Self.empty()
    let shot = Self.empty(later: Self.shift)
    let response = shot.response.map { Self.amplitude * $0 }
    var source = GaussianSource(seed: 531)
    let runs = 40
    var (largest, ofFactor, ofShift, bias) = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<runs {
      let field = shot.field.map { Self.amplitude * $0 + 1e-3 * source.next() }
      let emptyField = empty.field.map { $0 + 1e-3 * source.next() }
      let found = try Self.fit(field, emptyField, noise: (later: 1e-3, earlier: 1e-3))
      largest = max(largest, Self.residual(found, response, empty.response))
      let factor = (found.factor - Self.amplitude) / found.factorUncertainty
      let shift = (found.samples - Self.shift) / found.standardUncertainty
      ofFactor += factor * factor / Double(runs)
      ofShift += shift * shift / Double(runs)
      bias += factor / Double(runs)
    }
    // The onset is not among the rows, so that the slow rest of the pulse has to tell the shift: some 0.1 µs.
    #expect(largest < 5e-4)
    #expect((0.4...1.7).contains(ofFactor))
    #expect((0.4...1.7).contains(ofShift))
    #expect(abs(bias) < 0.6)
  }

  // Noise in the earlier record alone would flatten a plain least-squares line by n·σ²/Σh², here 10 %. Interpolation
  // takes away up to 40 % of that noise, hence the 4 %.
  @Test func noiseOfTheEarlierRecordDoesNotFlatten() throws {
    let clean = Self.empty().field
    let power = Self.rows.reduce(0) { $0 + clean[$1] * clean[$1] } / Double(Self.rows.count)
    let deviation = (0.1 * power).squareRoot()
    let noise = SeededNumbers.gaussian(Self.count, seed: 532)
    let earlier = clean.indices.map { clean[$0] + deviation * noise[$0] }
    let found = try Self.fit(
      clean.map { 0.98 * $0 }, earlier, noise: (later: 1e-6 * deviation, earlier: deviation))
    #expect(abs(found.factor - 0.98) < 0.04)
  }

  // An error of the later record that is the signal itself is an error of the factor and of nothing else.
  @Test func slowErrorsReachTheUncertainty() throws {
    let clean = Self.empty().field
    let plain = try Self.fit(clean, clean, noise: (later: 1e-9, earlier: 1e-9))
    let found = try Self.fit(
      clean, clean, noise: (later: 1e-9, earlier: 1e-9), errors: [{ 1e-3 * clean[$0] }])
    #expect(abs(found.factorUncertainty - 1e-3) < 1e-6)
    #expect(found.standardUncertainty < plain.standardUncertainty + 1e-6)
  }

  @Test func whatIsNotAlikeIsRefused() {
    let pulse = Self.empty().field
    let noise = SeededNumbers.gaussian(Self.count, seed: 7)
    func fit(_ later: [Double], rows: Range<Int>) -> ScaledDelay? {
      ScaledDelay(of: later, after: pulse, rows: rows, from: 0, noise: (later: 1, earlier: 0))
    }
    #expect(fit(noise, rows: Self.rows) == nil)
    #expect(fit(pulse, rows: 5..<10) == nil)
    #expect(fit(pulse, rows: -1..<100) == nil)
    #expect(fit(pulse, rows: 100..<Self.count + 1) == nil)
    #expect(fit([Double](repeating: 0, count: Self.count), rows: Self.rows) == nil)
  }
}
