// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@Suite struct EmptySubtractionTests {
  private static let count = 20_000
  private static let shift = 2.3
  private static let amplitude = 0.98

  /// An empty record at 1 MHz: a pulse of 100 Hz, and a response of 1 % of Br in the field and 0.3 % in its rate.
  private static func empty(later: Double = 0) -> (field: [Double], response: [Double]) {
    let field = DelayTests.pulse(later: later)
    let (before, after) = (DelayTests.pulse(later: later + 0.05), DelayTests.pulse(later: later - 0.05))
    // The rate is largest at the onset, 1/(15·e) of the pulse per sample.
    let scale = 0.3 * 0.0131 * 15 * exp(1.0)
    return (field, field.indices.map { 0.0131 * field[$0] + scale * 10 * (after[$0] - before[$0]) })
  }

  // The published vector: k0 = 0.98 and 2.3 µs. Without noise the residual is the
  // interpolation of the onset's rate, which has a kink: 1 % of the rate's part, which makes 3e-5 of Br.
  @Test func zeroSignalVector() throws {
    let empty = Self.empty()
    let shot = Self.empty(later: Self.shift)
    let field = shot.field.map { Self.amplitude * $0 }
    let response = shot.response.map { Self.amplitude * $0 }
    let found = try #require(
      EmptySubtraction(
        field: field, emptyField: empty.field, band: 20e-6..<0.03, noise: (shot: 1e-7, empty: 1e-7)))
    let left = found.subtracting(empty.response, from: response)
    let residual = left.reduce(0) { max($0, abs($1)) } / 1.31
    #expect(abs(found.amplitude - Self.amplitude) < 1e-6)
    #expect(abs(found.shift.samples - Self.shift) < 1e-3)
    #expect(residual < 1e-4)
    // Left where it is, the empty record leaves a step at the onset; at its nominal amplitude 2 % of the field's part.
    let unshifted = zip(response, empty.response).map { $0 - Self.amplitude * $1 }
    #expect(unshifted.reduce(0) { max($0, abs($1)) } / 1.31 > 1e-3)
  }

  // 60 dB of noise on both field channels; 40 runs know a standard deviation to 11 %, a mean to 16 % of it.
  @Test func zeroSignalUnderNoise() throws {
    let empty = Self.empty()
    let shot = Self.empty(later: Self.shift)
    var source = GaussianSource(seed: 531)
    let runs = 40
    var (largest, pullsOfAmplitude, pullsOfShift, bias) = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<runs {
      let field = shot.field.map { Self.amplitude * $0 + 1e-3 * source.next() }
      let emptyField = empty.field.map { $0 + 1e-3 * source.next() }
      let found = try #require(
        EmptySubtraction(
          field: field, emptyField: emptyField, band: 20e-6..<0.03, noise: (shot: 1e-3, empty: 1e-3)))
      let left = found.subtracting(empty.response, from: shot.response.map { Self.amplitude * $0 })
      largest = max(largest, left.reduce(0) { max($0, abs($1)) } / 1.31)
      let ofAmplitude = (found.amplitude - Self.amplitude) / found.amplitudeUncertainty
      let ofShift = (found.shift.samples - Self.shift) / found.shift.standardUncertainty
      pullsOfAmplitude += ofAmplitude * ofAmplitude / Double(runs)
      pullsOfShift += ofShift * ofShift / Double(runs)
      bias += ofAmplitude / Double(runs)
    }
    #expect(largest < 1e-4)
    #expect((0.4...1.7).contains(pullsOfAmplitude))
    #expect((0.4...1.7).contains(pullsOfShift))
    #expect(abs(bias) < 0.6)
  }

  // Noise in the empty record alone would flatten a plain least-squares line by n·σ²/Σh², here 10 %.
  @Test func noiseOfTheEmptyRecordDoesNotFlatten() throws {
    let clean = Self.empty().field
    let power = clean.reduce(0) { $0 + $1 * $1 } / Double(Self.count)
    let deviation = (0.1 * power).squareRoot()
    let noise = SeededNumbers.gaussian(2 * Self.count, seed: 532)
    let shot = clean.indices.map { 0.98 * clean[$0] + 0.01 * deviation * noise[$0] }
    let empty = clean.indices.map { clean[$0] + deviation * noise[Self.count + $0] }
    let found = try #require(
      EmptySubtraction(
        field: shot, emptyField: empty, band: 20e-6..<0.03, noise: (shot: 0.01 * deviation, empty: deviation))
    )
    #expect(abs(found.amplitude - 0.98) < 4 * found.amplitudeUncertainty)
    #expect(found.amplitudeUncertainty < 0.01)
  }

  @Test func errorCurvesAreThoseOfAmplitudeAndShift() throws {
    let empty = Self.empty()
    let found = try #require(
      EmptySubtraction(
        field: empty.field, emptyField: empty.field, band: 20e-6..<0.03, noise: (shot: 1e-3, empty: 1e-3)))
    let curves = found.errorCurves(empty.response)
    let u = found.shift.standardUncertainty
    let moved = delayed(empty.response, by: u)
    let scale = curves.shift.map(abs).max() ?? 0
    for i in stride(from: 1500, to: 19_000, by: 7) {
      #expect(abs(curves.amplitude[i] - found.amplitudeUncertainty * empty.response[i]) < 1e-12)
      // Central differences of an onset of 15 samples are wrong by some percent.
      #expect(abs(moved[i] - empty.response[i] - curves.shift[i]) < 0.1 * scale)
    }
  }

  @Test func residueTerms() throws {
    let field = (0..<2000).map { sin(Double($0) / 150) }
    let rate = (0..<2000).map { cos(Double($0) / 150) }
    let noise = SeededNumbers.gaussian(2000, seed: 533)
    let response = field.indices.map {
      2e-3 * rate[$0] - 5e-3 * field[$0] + ($0 < 1000 ? 1 : -1) + 1e-3 * noise[$0]
    }
    let rows = [100..<800, 1100..<1900]
    let residue = try #require(EmptySubtraction.Residue(of: response, terms: [rate, field], rows: rows))
    for (found, (u, truth)) in zip(residue.coefficients, zip(residue.standardUncertainties, [2e-3, -5e-3])) {
      #expect(abs(found - truth) < 4 * u)
      #expect(u < 1e-4)
    }
    let left = residue.subtracted(from: response, terms: [rate, field])
    #expect(abs(left[500] - 1 - 1e-3 * noise[500]) < 1e-3)
    #expect(EmptySubtraction.Residue(of: response, terms: [field, field], rows: rows) == nil)
    #expect(EmptySubtraction.Residue(of: response, terms: [field], rows: [0..<2001]) == nil)
    #expect(EmptySubtraction.Residue(of: response, terms: [], rows: rows) == nil)
  }
}
