// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// The answers must not depend on how the same loop is presented.
@Suite struct InvarianceTests {
  private let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField,
  ]

  private var noisy: LoopMeasurement {
    SimulatedLoop(.c).with {
      $0.noisePercent = 0.3
      $0.seed = 5
    }.measurement()
  }

  private func rebuilt(
    _ measurement: LoopMeasurement, field: (Double) -> Double = { $0 }, response: (Double) -> Double = { $0 },
    reversed: Bool = false
  ) -> LoopMeasurement {
    var h = measurement.field.amperesPerMetre.map(field)
    var j = measurement.response.si.map(response)
    if reversed {
      h.reverse()
      j.reverse()
    }
    return LoopMeasurement(
      instrument: measurement.instrument, sample: measurement.sample, field: .internal(Series(si: h)),
      response: .polarisation(Series(si: j)), temperature: measurement.temperature)
  }

  private func expectEqual(_ one: LoopAnalysis, _ other: LoopAnalysis, tolerance: Double) throws {
    for characteristic in characteristics {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < tolerance, "\(characteristic) \(a.value) \(b.value)")
      // The row at a turn belongs to either branch: one sample in 500 more or less, and another grouping of the
      // spectrum's bins, move the noise level by up to a percent.
      #expect(
        abs(a.standardUncertainty / b.standardUncertainty - 1) < 0.02,
        "\(characteristic) u \(a.standardUncertainty) \(b.standardUncertainty)")
    }
  }

  // Mirroring only swaps the branches; sums change their order and so their last digits.
  @Test func mirroredLoopsAgree() throws {
    try expectEqual(
      noisy.analyzed(), rebuilt(noisy, field: { -$0 }, response: { -$0 }).analyzed(), tolerance: 1e-9)
  }

  // One sample at a turn more or less moves a fit to 1000 by a hundredth of its noise at most.
  @Test func reversedRowsAgree() throws {
    try expectEqual(noisy.analyzed(), rebuilt(noisy, reversed: true).analyzed(), tolerance: 2e-5)
  }

  // A loop that begins with the lower branch holds the same points.
  @Test func eitherSweepMayComeFirst() throws {
    let half = noisy.count / 2
    let h = noisy.field.amperesPerMetre
    let j = noisy.response.si
    let swapped = LoopMeasurement(
      instrument: "test", sample: noisy.sample, field: .internal(Series(si: Array(h[half...] + h[..<half]))),
      response: .polarisation(Series(si: Array(j[half...] + j[..<half]))))
    try expectEqual(noisy.analyzed(), swapped.analyzed(), tolerance: 2e-5)
  }

  // Br scales with J, HcJ and Hk with H; B mixes both, so HcB and (BH)max do not scale. The numbers scale
  // exactly up to rounding.
  @Test(arguments: [1e-12, 1e-6, 1e-3, 1e3, 1e12])
  func polarisationScales(_ factor: Double) throws {
    let plain = try noisy.analyzed()
    let scaled = try rebuilt(noisy, response: { $0 * factor }).analyzed()
    let (br, scaledBr) = (try #require(plain[.remanence]), try #require(scaled[.remanence]))
    #expect(abs(scaledBr.value / br.value / factor - 1) < 1e-10, "Br \(scaledBr.value)")
    for characteristic: Characteristic in [.coercivityHcJ, .kneeField, .squareness] {
      let (a, b) = (try #require(plain[characteristic]), try #require(scaled[characteristic]))
      #expect(abs(b.value / a.value - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
    }
  }

  @Test(arguments: [1e-12, 1e-3, 10, 1e12])
  func fieldScales(_ factor: Double) throws {
    let plain = try noisy.analyzed()
    let scaled = try rebuilt(noisy, field: { $0 * factor }).analyzed()
    #expect(abs(try #require(scaled[.remanence]).value / #require(plain[.remanence]).value - 1) < 1e-10)
    for characteristic: Characteristic in [.coercivityHcJ, .kneeField] {
      let (a, b) = (try #require(plain[characteristic]), try #require(scaled[characteristic]))
      #expect(abs(b.value / a.value / factor - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
    }
  }

  // M30: with 0.3 % of noise, J by 1e-6 to 1e6 and H by 1e-3 to 10 together; the same number of components, relative
  // results equal to 1e-10. The fit runs in reduced units and to its very minimum; the rest is rounding.
  @Test(
    arguments: [ReferenceLoop.a, .b, .c, .d],
    [(1e-6, 1e-3), (1e-6, 10), (1e-3, 0.1), (1, 1e-3), (1, 10), (1e3, 3), (1e6, 1e-3), (1e6, 10)])
  func bothAxesScale(_ reference: ReferenceLoop, _ factors: (response: Double, field: Double)) throws {
    let loop = SimulatedLoop(reference).with {
      $0.noisePercent = 0.3
      $0.seed = 30
    }.measurement()
    let plain = try loop.analyzed()
    let scaled = try rebuilt(loop, field: { $0 * factors.field }, response: { $0 * factors.response })
      .analyzed()
    #expect(plain.ladderComponents != nil)
    #expect(scaled.ladderComponents == plain.ladderComponents)
    for (characteristic, factor): (Characteristic, Double) in [
      (.remanence, factors.response), (.coercivityHcJ, factors.field), (.kneeField, factors.field),
      (.squareness, 1),
    ] {
      let (a, b) = (try #require(plain[characteristic]), try #require(scaled[characteristic]))
      #expect(abs(b.value / a.value / factor - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
      #expect(abs(b.standardUncertainty / a.standardUncertainty / factor - 1) < 1e-6, "u \(characteristic)")
      #expect(b.method == a.method)
    }
  }

  // A smaller or larger piece of the same magnet, in A·m²: everything stays where the volume goes along, and the
  // coercivity and the relative remanence do where it is not known.
  @Test(arguments: [1e-12, 1e-6, 1e3, 1e12])
  func momentScalesWithTheSpecimen(_ factor: Double) throws {
    let volume = 27e-9
    func piece(_ scale: Double, isKnown: Bool) throws -> LoopAnalysis {
      let moments = noisy.response.si.map { $0 / magneticConstant * volume * scale }
      var loop = LoopMeasurement.of(noisy.field.amperesPerMetre, .moment(Series(si: moments)))
      if isKnown { loop.sample.volume = Sourced(Quantity(si: volume * scale), .user) }
      return try loop.analyzed()
    }
    let (plain, scaled) = (try piece(1, isKnown: true), try piece(factor, isKnown: true))
    #expect(plain.ladderComponents == scaled.ladderComponents)
    for characteristic in characteristics {
      let (a, b) = (try #require(plain[characteristic]), try #require(scaled[characteristic]))
      #expect(abs(b.value / a.value - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
    }
    let (bare, other) = (try piece(1, isKnown: false), try piece(factor, isKnown: false))
    #expect(bare.ladderComponents == other.ladderComponents)
    for (characteristic, wanted): (Characteristic, Double) in [
      (.remanentMoment, factor), (.coercivityHcJ, 1),
    ] {
      let (a, b) = (try #require(bare[characteristic]), try #require(other[characteristic]))
      #expect(abs(b.value / a.value / wanted - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
      #expect(abs(b.standardUncertainty / a.standardUncertainty / wanted - 1) < 1e-6, "u \(characteristic)")
    }
  }

  // Half the points and a grid of another phase and range: the values differ by their noise, so U of both holds the
  // difference. The noise of the two halves is independent.
  @Test(arguments: [ReferenceLoop.a, .c, .d])
  func otherGridsAgreeWithinTheirUncertainty(_ reference: ReferenceLoop) throws {
    let loop = SimulatedLoop(reference).with {
      $0.noisePercent = 0.3
      $0.seed = 31
    }
    let dense = loop.with { $0.points = 2000 }.measurement()
    let (h, j) = (dense.field.amperesPerMetre, dense.response.si)
    let halves = try [0, 1].map { first in
      let rows = stride(from: first, to: dense.count, by: 2)
      return try LoopMeasurement.of(rows.map { h[$0] }, rows.map { j[$0] }).analyzed()
    }
    let wider = try loop.with {
      $0.maximumField *= 1.137
      $0.points = 1338
    }.measurement().analyzed()
    for characteristic in characteristics {
      let values = try (halves + [wider]).map { try #require($0[characteristic]) }
      for (a, b) in [(values[0], values[1]), (values[0], values[2])] {
        let limit =
          (a.expandedUncertainty * a.expandedUncertainty + b.expandedUncertainty * b.expandedUncertainty)
          .squareRoot()
        #expect(abs(a.value - b.value) < limit, "\(characteristic) \(a.value) \(b.value)")
      }
    }
  }

  // Every other point of a dense noise-free loop says the same within the accuracy of the coarser one.
  @Test func resampledLoopsAgree() throws {
    let dense = SimulatedLoop(.a).with { $0.points = 10_000 }.measurement()
    let h = dense.field.amperesPerMetre
    let j = dense.response.si
    let rows = stride(from: 0, to: dense.count, by: 2)
    let thin = LoopMeasurement(
      instrument: "test", field: .internal(Series(si: rows.map { h[$0] })),
      response: .polarisation(Series(si: rows.map { j[$0] })))
    let (one, other) = (try dense.analyzed(), try thin.analyzed())
    for characteristic in characteristics {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 2e-6, "\(characteristic) \(a.value) \(b.value)")
    }
  }
}
