// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Loops whose descending branch a recoil loop interrupts.
@Suite struct RecoilTests {
  private func kinds(_ loop: LoopMeasurement) throws -> [[Sweep.Kind]] {
    try loop.separatedLoops().map { $0.sweeps.map(\.kind) }
  }

  // The line was put in with this slope, so nothing but rounding is left of it.
  @Test(arguments: [RecoilMethod.auto, .recoilLoop, .secant], [0, -20e3, 150e3])
  func straightRecoilLinesGiveTheirSlope(_ method: RecoilMethod, _ top: Double) throws {
    let loop = LoopMeasurement.withRecoilLoops(.a, from: [-1500e3], to: top, permeability: 1.07)
    #expect(try kinds(loop) == [[.descending, .recoil, .descending, .ascending]])
    let analysis = try loop.analyzed(recoilMethod: method)
    let recoil = try #require(analysis[.recoilPermeability])
    #expect(recoil.method == (method == .auto ? "recoil-loop" : method.rawValue))
    #expect(abs(recoil.value - 1.07) < 1e-9, "\(recoil.value)")
    #expect(
      analysis[.irreversibleLoss5]?.method
        == "J=0.95Br-recoil/\(method == .secant ? "secant" : "recoil-loop")/ladder")
    let stated = try #require(analysis.corrections.first { $0.id == "recoil-loop" })
    #expect(stated.parameters.map(\.name) == ["field", "polarisation"])
    #expect(abs(stated.parameters[0].value + 1500e3) < 1e-6)
  }

  @Test func majorSlopeIsUsedWhenItIsAskedFor() throws {
    let loop = LoopMeasurement.withRecoilLoops(.a, from: [-1500e3], permeability: 1.07)
    let recoil = try #require(try loop.analyzed(recoilMethod: .majorSlope)[.recoilPermeability])
    #expect(recoil.method == "major-slope")
    #expect(abs(recoil.value - 1.04) < 1e-6)
  }

  // A recoil loop that bows as far up on its way up as down on its way down has its tips' slope by both methods. With
  // a·t⁴ added to both curves, t from 0 at the lower tip to 1 at the upper, the tips' line rises by a, and the
  // least-squares line through evenly spaced t by 12·∫t⁴(t − ½)dt·a = 0.8·a.
  @Test func methodsDifferWhereTheRecoilLoopIsBent() throws {
    let bowed = LoopMeasurement.withRecoilLoops(.a, from: [-1500e3], permeability: 1.07, bow: 5e-3)
    for method: RecoilMethod in [.recoilLoop, .secant] {
      let value = try #require(try bowed.analyzed(recoilMethod: method)[.recoilPermeability]).value
      #expect(abs(value - 1.07) < 1e-3, "\(method) \(value)")
    }
    let size = 0.03
    let bent = bowed.changing(response: { row, value in
      let share = (bowed.field.amperesPerMetre[row] + 1500e3) / 1500e3
      let isRecoil = (3900..<4301).contains(row)
      return isRecoil ? value + size * share * share * share * share : value
    })
    let added = size / 1500e3 / magneticConstant
    let fitted = try #require(try bent.analyzed(recoilMethod: .recoilLoop)[.recoilPermeability])
    let secant = try #require(try bent.analyzed(recoilMethod: .secant)[.recoilPermeability])
    // 401 points are as good as the integral to 1 %, and the bows cancel as well as that.
    #expect(abs(fitted.value - 1.07 - 0.8 * added) < 0.02 * added)
    #expect(abs(secant.value - 1.07 - added) < 0.02 * added)
    // What the choice between the two leaves open is carried.
    let form = try #require(fitted.budget.first { $0.id == "recoil-form" })
    #expect(abs(form.contribution - 0.2 * added) < 0.03 * added)
  }

  // The branch goes on where the recoil loop left it: every value is that of the loop without it.
  @Test(arguments: [ReferenceLoop.a, .d, .t2])
  func interruptedBranchGivesWhatTheWholeOneGives(_ reference: ReferenceLoop) throws {
    let tip = -0.6 * reference.answers.coercivityHcJ
    let whole = try LoopMeasurement.withRecoilLoops(reference, from: [], permeability: 1).analyzed()
    let loop = LoopMeasurement.withRecoilLoops(
      reference, from: [tip, 1.1 * tip], permeability: 1 + reference.susceptibility)
    #expect(
      try kinds(loop) == [[.descending, .recoil, .descending, .recoil, .descending, .ascending]])
    let analysis = try loop.analyzed()
    for characteristic: Characteristic in [
      .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField, .maximumPolarisation,
    ] {
      let (one, other) = (try #require(whole[characteristic]), try #require(analysis[characteristic]))
      #expect(abs(other.value / one.value - 1) < 2e-6, "\(characteristic) \(other.value) \(one.value)")
    }
    #expect(analysis.codes == whole.codes)
    // With µrec = 1 + χ the lines of irreversible loss are those of the printed answers.
    let answers = reference.answers
    for (characteristic, truth) in [
      (Characteristic.irreversibleLoss2, answers.irreversibleLoss2),
      (.irreversibleLoss5, answers.irreversibleLoss5), (.irreversibleLoss10, answers.irreversibleLoss10),
    ] {
      let estimate = try #require(analysis[characteristic])
      #expect(abs(estimate.value / truth - 1) < 1e-5, "\(characteristic) \(estimate.value) \(truth)")
    }
  }

  @Test func rowsInReversedOrderAreTheSameLoop() throws {
    let loop = LoopMeasurement.withRecoilLoops(
      .t2, from: [-800e3], permeability: 1.09, onBoth: true)
    let reversed = LoopMeasurement.of(
      loop.field.amperesPerMetre.reversed(), loop.response.si.reversed())
    #expect(
      try kinds(reversed) == [
        [.ascending, .recoil, .ascending, .descending, .recoil, .descending]
      ])
    let (one, other) = (try loop.analyzed(), try reversed.analyzed())
    #expect(one.corrections.filter { $0.id == "recoil-loop" }.count == 2)
    for estimate in one.estimates {
      let same = try #require(other[estimate.characteristic])
      #expect(same.method == estimate.method)
      #expect(abs(same.value / estimate.value - 1) < 1e-9, "\(estimate.characteristic)")
    }
  }

  @Test func fewPointsAndNoWayDownAreEnough() throws {
    let loop = LoopMeasurement.withRecoilLoops(.a, from: [-1400e3], permeability: 1.06, points: 5)
    #expect(abs(try #require(try loop.analyzed()[.recoilPermeability]).value - 1.06) < 1e-9)
    // Up to the end of the recoil curve only: row 3799 is its lower tip.
    let end = LoopMeasurement.withRecoilLoops(.a, from: [-1400e3], permeability: 1.06)
    let cut = LoopMeasurement.of(
      Array(end.field.amperesPerMetre.prefix(4001)), Array(end.response.si.prefix(4001)))
    #expect(try kinds(cut) == [[.descending, .recoil]])
    #expect(abs(try #require(try cut.analyzed()[.recoilPermeability]).value - 1.06) < 1e-9)
  }

  // The recoil loop of a free-standing specimen is seen at the applied field; the line inside it is the same.
  @Test func selfDemagnetisationIsCorrected() throws {
    let loop = LoopMeasurement.withRecoilLoops(.a, from: [-1500e3], permeability: 1.07)
    let factor = 0.3
    let applied = zip(loop.field.amperesPerMetre, loop.response.si).map {
      $0 + factor * $1 / magneticConstant
    }
    var specimen = LoopMeasurement.of(applied, loop.response.si)
    specimen.field = .applied(Series(si: applied))
    for method: RecoilMethod in [.recoilLoop, .secant] {
      let analysis = try specimen.analyzed(
        demagnetisation: .factor(Quantity(si: factor)), recoilMethod: method)
      #expect(abs(try #require(analysis[.recoilPermeability]).value - 1.07) < 1e-9)
    }
  }

  // White noise of 0.1 % of Br on the 401 points of the recoil loop: U must hold the slope in 95 of 100 loops; 60 loops
  // with fewer than 52 hits are less than one in a thousand.
  @Test(arguments: [RecoilMethod.recoilLoop, .secant])
  func uncertaintyCoversTheSlope(_ method: RecoilMethod) throws {
    let loop = LoopMeasurement.withRecoilLoops(.a, from: [-1500e3], permeability: 1.07, step: 5e3)
    var hits = 0
    for seed in 0..<60 {
      let noise = SeededNumbers.gaussian(loop.count, seed: 500 + UInt64(seed))
      let analysis = try loop.changing(response: { $1 + 1.31e-3 * noise[$0] }).analyzed(recoilMethod: method)
      let recoil = try #require(analysis[.recoilPermeability])
      if abs(recoil.value - 1.07) <= recoil.expandedUncertainty { hits += 1 }
    }
    #expect(hits >= 52, "\(hits) of 60")
  }

  @Test(arguments: [RecoilMethod.recoilLoop, .secant])
  func withoutARecoilLoopThereIsNoneToAskFor(_ method: RecoilMethod) throws {
    let analysis = try SimulatedLoop(.a).measurement().analyzed(recoilMethod: method)
    #expect(analysis[.recoilPermeability] == nil)
    #expect(analysis.codes.contains(.noRecoilLoop))
    for characteristic: Characteristic in [.recoilPermeability, .irreversibleLoss2, .irreversibleLoss10] {
      #expect(analysis.absences.first { $0.characteristic == characteristic }?.reason == .noRecoilLoop)
    }
    #expect(analysis[.kneeField95] != nil)
  }
}
