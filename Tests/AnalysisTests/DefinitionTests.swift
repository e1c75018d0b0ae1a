// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Every knee field by its own definition, with the id that says which it is.
@Suite struct DefinitionTests {
  /// The exact knee fields of a curve by their keys, lines of irreversible loss sloped with a given µrec.
  private func exact(_ reference: ReferenceLoop, permeability: Double) -> [(Characteristic, Double)] {
    let answers = reference.answers
    func loss(_ fraction: Double) -> Double {
      reference.irreversibleLossField(fraction, recoilPermeability: permeability)
    }
    return [
      (.kneeField, answers.kneeField), (.kneeField95, answers.kneeField95),
      (.kneeField80, answers.kneeField80), (.irreversibleLoss2, loss(0.02)), (.irreversibleLoss5, loss(0.05)),
      (.irreversibleLoss10, loss(0.10)),
    ]
  }

  // As for Hk: cubics over six to nine of 10000 points follow every one of these curves to a few 1e-6, and
  // steps of the right form to rounding. A cube's field lags by J/(3µ0) behind the applied one, which therefore reaches 400 kA/m farther.
  @Test(arguments: ReferenceLoop.all, [false, true])
  func noiseFreeLoopsGiveTheFamily(_ reference: ReferenceLoop, _ isCube: Bool) throws {
    let loop = SimulatedLoop(reference).with {
      $0.points = 10_000
      $0.maximumField = isCube ? 2800e3 : 2400e3
    }
    let analysis = try (isCube ? loop.asCube : loop).measurement().analyzed()
    let permeability = try #require(analysis[.recoilPermeability]).value
    for (characteristic, truth) in exact(reference, permeability: permeability) {
      let estimate = try #require(analysis[characteristic], "\(characteristic)")
      #expect(
        abs(estimate.value / truth - 1) < 1e-5, "\(characteristic) \(estimate.value) instead of \(truth)")
    }
    let width = try #require(analysis[.switchingFieldWidth])
    let truth = try #require(reference.answers.switchingWidth)
    #expect(abs(width.value / truth - 1) < 1e-5, "w50 \(width.value) instead of \(truth)")
    #expect(abs(width.value - truth) <= width.expandedUncertainty)
    #expect(width.method.hasPrefix("w50/"))
  }

  @Test func everyDefinitionHasItsID() throws {
    let analysis = try SimulatedLoop(.a).measurement().analyzed()
    let expected: [Characteristic: String] = [
      .kneeField: "J=0.90Br/ladder", .kneeField95: "J=0.95Br/ladder",
      .kneeField80: "J=0.80Br/ladder",
      .irreversibleLoss2: "J=0.98Br-recoil/major-slope/ladder",
      .irreversibleLoss5: "J=0.95Br-recoil/major-slope/ladder",
      .irreversibleLoss10: "J=0.90Br-recoil/major-slope/ladder", .recoilPermeability: "major-slope",
    ]
    for (characteristic, id) in expected { #expect(analysis[characteristic]?.method == id) }
  }

  // A chord of step h misses by h²/8·J″/J′: at 5 kA/m on A at most 5e-5 of these fields.
  @Test func straightLinesBetweenSamplesGiveTheFamily() throws {
    let loop = SimulatedLoop(.a).with { $0.points = 2000 }.measurement()
    let analysis = try loop.analyzed(method: .interpolation)
    let permeability = try #require(analysis[.recoilPermeability]).value
    for (characteristic, truth) in exact(.a, permeability: permeability) {
      let estimate = try #require(analysis[characteristic])
      #expect(abs(estimate.value / truth - 1) < 1e-4, "\(characteristic) \(estimate.value)")
    }
  }

  // The uncertainty of µrec that the noise of a short recoil loop gives moves the sloped line about Br: by
  // µ0·HD/(J′ − µ0(µrec − 1)) per unit, from the formula's own slope.
  @Test(arguments: [(0.02, Characteristic.irreversibleLoss2), (0.10, .irreversibleLoss10)])
  func slopedLinesCarryTheUncertaintyOfTheRecoilPermeability(
    _ fraction: Double, _ characteristic: Characteristic
  ) throws {
    let gain = TypeBBudget.Line(
      id: "susceptibility", title: "background", input: .susceptibility, standardUncertainty: 1e-3)
    let analysis = try SimulatedLoop(.a).with {
      $0.points = 4000
      $0.noisePercent = 0.1
    }.measurement().analyzed(budget: TypeBBudget(name: "one", isDefault: false, lines: [gain]))
    let recoil = try #require(analysis[.recoilPermeability])
    let estimate = try #require(analysis[characteristic])
    let field = ReferenceLoop.a.irreversibleLossField(fraction, recoilPermeability: 1.04)
    let slope = ReferenceLoop.a.slope(atAmperesPerMetre: -field) - 0.04 * magneticConstant
    let own = try #require(recoil.budget.first { $0.id == "noise" }).contribution
    let carried = try #require(estimate.budget.first { $0.id == "recoil-permeability" }).contribution
    // The fitted slope at the knee scatters by a few per cent at this noise, and branches add to the noise line.
    let rest = recoil.budget.filter { $0.id != gain.id }.reduce(0) { $0 + $1.contribution * $1.contribution }
    #expect(own > 0)
    #expect(
      abs(carried / (rest.squareRoot() * magneticConstant * field / slope) - 1) < 0.2, "\(carried) \(own)")
    // An apparent susceptibility tilts the curve and the recoil line alike and changes no loss.
    let tilt = estimate.budget.first { $0.id == gain.id }?.contribution ?? 0
    #expect(abs(tilt) < 1e-6 * field)
    let level = try #require(analysis[.kneeField].flatMap { $0.budget.first { $0.id == gain.id } })
    #expect(abs(level.contribution) > 1e-5 * field)
  }

  @Test func dataBetweenTwoKneesGiveOneAndBoundTheOther() throws {
    let field = (0...2010).map { 2400e3 - 2e3 * Double($0) }
    let analysis = try LoopMeasurement.of(
      field, field.map { ReferenceLoop.a.polarisation(atAmperesPerMetre: $0) }
    ).analyzed()
    // The data end at −1620 kA/m with J below 0.80·Br, and at −1600 kA/m above it.
    #expect(analysis[.kneeField80] != nil)
    let short = try LoopMeasurement.of(
      Array(field.prefix(2001)),
      field.prefix(2001).map { ReferenceLoop.a.polarisation(atAmperesPerMetre: $0) }
    ).analyzed()
    #expect(short[.kneeField] != nil && short[.kneeField80] == nil)
    let absence = try #require(short.absences.first { $0.characteristic == .kneeField80 })
    #expect(absence.reason == .incompleteHk)
    #expect(abs(try #require(absence.lowerBound) - 1600e3) < 1)
    // Hk is there, so there is nothing to warn of.
    #expect(!short.codes.contains(.incompleteHk))
  }

  // U holds the exact width in 95 of 100 loops; 60 loops with fewer than 52 hits are less than one in a thousand.
  @Test(arguments: [ReferenceLoop.a, .d])
  func uncertaintyCoversTheWidth(_ reference: ReferenceLoop) throws {
    let exact = try #require(reference.answers.switchingWidth)
    var hits = 0
    for seed in 0..<60 {
      let analysis = try SimulatedLoop(reference).with {
        $0.points = 1000
        $0.noisePercent = 0.3
        $0.seed = 17 << 32 + UInt64(seed)
      }.measurement().analyzed()
      let estimate = try #require(analysis[.switchingFieldWidth])
      if abs(estimate.value - exact) <= estimate.expandedUncertainty { hits += 1 }
    }
    #expect(hits >= 52, "\(hits) of 60")
  }

  @Test func widthNeedsAPlateauBeyondTheSwitching() throws {
    // HcJ and the largest field lie half a width apart: a step ends where the data do not reach.
    let analysis = try SimulatedLoop(.t3).with { $0.maximumField = 1400e3 }.measurement().analyzed()
    #expect(analysis[.coercivityHcJ] != nil && analysis[.switchingFieldWidth] == nil)
    #expect(analysis.absences.first { $0.characteristic == .switchingFieldWidth }?.reason == .unsaturated)
    let points = try SimulatedLoop(.a).measurement().analyzed(method: .interpolation)
    #expect(points.absences.first { $0.characteristic == .switchingFieldWidth }?.reason == .interpolation)
  }

  // A gain of J leaves every knee where it is; a gain of H moves them in proportion.
  @Test(arguments: [(1e-6, 1.0), (1, 0.01), (1, 2.5)])
  func scalesActAsTheyShould(_ response: Double, _ field: Double) throws {
    let loop = SimulatedLoop(.d).with { $0.noisePercent = 0.1 }.measurement()
    let plain = try loop.analyzed()
    let scaled = try loop.changing(field: { $1 * field }, response: { $1 * response * field }).analyzed()
    for characteristic: Characteristic in [.kneeField95, .kneeField80, .switchingFieldWidth] {
      guard let one = plain[characteristic] else { continue }
      let other = try #require(scaled[characteristic])
      #expect(abs(other.value / one.value / field - 1) < 1e-6, "\(characteristic)")
    }
  }
}
