// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// What is reported, flagged, bounded and left out when data are incomplete.
@Suite struct IncompleteDataTests {
  private let a = ReferenceLoop.a
  private let t1 = ReferenceLoop.t1

  /// The descending branch from one field to another, in steps of 2 kA/m, both ends included.
  private func branch(_ reference: ReferenceLoop, from start: Double, to end: Double) -> LoopMeasurement {
    let count = Int(((start - end) / 2e3).rounded())
    let field = (0...count).map { start - 2e3 * Double($0) }
    return .of(field, field.map { reference.polarisation(atAmperesPerMetre: $0) })
  }

  private func present(_ analysis: LoopAnalysis) -> Set<Characteristic> {
    Set(analysis.estimates.map(\.characteristic))
  }

  private func absence(_ analysis: LoopAnalysis, _ characteristic: Characteristic) -> Absence? {
    analysis.absences.first { $0.characteristic == characteristic }
  }

  /// Every estimate finite, and nothing both given and absent.
  private func expectConsistent(_ analysis: LoopAnalysis) {
    #expect(present(analysis).isDisjoint(with: analysis.absences.map(\.characteristic)))
    for estimate in analysis.estimates {
      #expect(estimate.value.isFinite && estimate.standardUncertainty.isFinite, "\(estimate.characteristic)")
    }
  }

  private let everything: Set<Characteristic> = [
    .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField, .squareness, .recoilPermeability,
    .maximumPolarisation, .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5,
    .irreversibleLoss10, .switchingFieldWidth,
  ]

  @Test func closedSaturatedLoopGivesEverythingWithoutAWarning() throws {
    let analysis = try SimulatedLoop(t1).with { $0.noisePercent = 0.1 }.measurement().analyzed()
    #expect(present(analysis) == everything)
    #expect(analysis.absences.isEmpty)
    #expect(analysis.codes.isEmpty, "\(analysis.flags)")
    expectConsistent(analysis)
  }

  @Test func oneFullBranchGivesEverythingWithAFlag() throws {
    let analysis = try branch(t1, from: 2400e3, to: -2400e3).analyzed()
    #expect(present(analysis) == everything)
    #expect(analysis.codes == [.singleBranch])
    expectConsistent(analysis)
  }

  /// "From H ≥ 0": exactly zero, and a little above, where J at the largest field says nothing of saturation.
  @Test(arguments: [0.0, 40e3], [EstimationMethod.fit, .interpolation])
  func secondQuadrantHasNoMaximumPolarisation(_ start: Double, _ method: EstimationMethod) throws {
    let analysis = try branch(t1, from: start, to: -1500e3).analyzed(method: method)
    // The fitted curve tells the width from the steps alone; straight lines would need both plateaus.
    let missing: Set<Characteristic> =
      method == .fit ? [.maximumPolarisation] : [.maximumPolarisation, .switchingFieldWidth]
    #expect(present(analysis) == everything.subtracting(missing))
    #expect(analysis.codes.subtracting([.interpolation]) == [.secondQuadrantOnly])
    // Two-point values of noise-free data in steps of 2 kA/m are as good as (2/120)²/8 of the step.
    #expect(abs(try #require(analysis[.remanence]).value / 1.3 - 1) < 1e-6)
    #expect(abs(try #require(analysis[.coercivityHcJ]).value / 1200e3 - 1) < 1e-6)
    expectConsistent(analysis)
  }

  /// Up to a tenth of HcB, 982 kA/m, below zero Br is carried along a straight line; its stated uncertainty holds
  /// the truth.
  @Test func remanenceIsExtrapolatedOverASmallGap() throws {
    let analysis = try branch(a, from: -60e3, to: -1900e3).analyzed()
    #expect(
      present(analysis).isSuperset(of: [
        .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField,
      ]))
    #expect(!present(analysis).contains(.maximumPolarisation))
    #expect(analysis.codes.isSuperset(of: [.remanenceExtrapolated, .secondQuadrantOnly]))
    let br = try #require(analysis[.remanence])
    #expect(abs(br.value - 1.31) <= br.expandedUncertainty)
    expectConsistent(analysis)
  }

  @Test func remanenceIsNotExtrapolatedOverAWideGap() throws {
    let analysis = try branch(a, from: -160e3, to: -1900e3).analyzed()
    #expect(present(analysis).isDisjoint(with: [.remanence, .kneeField, .squareness, .maximumPolarisation]))
    #expect(present(analysis).isSuperset(of: [.coercivityHcB, .coercivityHcJ, .energyProduct]))
    #expect(analysis.codes.isSuperset(of: [.incompleteBr, .secondQuadrantOnly]))
    #expect(!analysis.codes.contains(.remanenceExtrapolated))
    for characteristic: Characteristic in [.remanence, .kneeField, .squareness] {
      #expect(absence(analysis, characteristic)?.reason == .incompleteBr)
    }
    expectConsistent(analysis)
  }

  @Test func dataEndingBeforeTheKneeBoundHcJAndHk() throws {
    let analysis = try branch(a, from: 2400e3, to: -1400e3).analyzed()
    #expect(
      present(analysis).isSuperset(of: [.remanence, .coercivityHcB, .energyProduct, .recoilPermeability]))
    #expect(present(analysis).isDisjoint(with: [.coercivityHcJ, .kneeField, .squareness]))
    #expect(analysis.codes.contains(.incompleteHcJ))
    #expect(!analysis.codes.contains(.incompleteHcB))
    for characteristic: Characteristic in [.coercivityHcJ, .kneeField] {
      let bound = try #require(absence(analysis, characteristic)?.lowerBound)
      #expect(abs(bound - 1400e3) < 1, "bounded by \(bound)")
    }
    #expect(absence(analysis, .squareness) != nil)
    expectConsistent(analysis)
  }

  @Test func dataEndingAfterTheKneeGiveHk() throws {
    let analysis = try branch(a, from: 2400e3, to: -1640e3).analyzed()
    #expect(abs(try #require(analysis[.kneeField]).value / a.answers.kneeField - 1) < 1e-4)
    #expect(present(analysis).isDisjoint(with: [.coercivityHcJ, .squareness]))
    #expect(absence(analysis, .coercivityHcJ)?.reason == .incompleteHcJ)
    #expect(absence(analysis, .squareness)?.reason == .incompleteHcJ)
    expectConsistent(analysis)
  }

  @Test func dataEndingBeforeHcBBoundIt() throws {
    let analysis = try branch(a, from: 2400e3, to: -900e3).analyzed()
    #expect(present(analysis).isSuperset(of: [.remanence, .energyProduct]))
    #expect(present(analysis).isDisjoint(with: [.coercivityHcJ, .coercivityHcB, .kneeField, .squareness]))
    #expect(analysis.codes.isSuperset(of: [.incompleteHcJ, .incompleteHcB]))
    #expect(abs(try #require(absence(analysis, .coercivityHcB)?.lowerBound) - 900e3) < 1)
    #expect(abs(try #require(analysis[.energyProduct]).value / a.answers.energyProduct - 1) < 1e-6)
    expectConsistent(analysis)
  }

  @Test func dataEndingBeforeTheEnergyMaximumLeaveItOut() throws {
    let analysis = try branch(a, from: 2400e3, to: -450e3).analyzed()
    #expect(present(analysis).contains(.remanence))
    #expect(present(analysis).isDisjoint(with: [.energyProduct, .coercivityHcB, .coercivityHcJ]))
    #expect(analysis.codes.contains(.incompleteBHmax))
    #expect(absence(analysis, .energyProduct) == Absence(.energyProduct, .incompleteBHmax))
    expectConsistent(analysis)
  }

  /// To +Hm and to −Hm: J(Hm) and the slope at the origin, nothing else.
  @Test(arguments: [1.0, -1])
  func initialCurveAloneGivesJmaxAndSusceptibility(_ sign: Double) throws {
    // J = 1.7·H/(H + 800 kA/m) begins with the slope 1.7/800e3, that is χ = 1.691.
    let field = (0..<800).map { 3e3 * Double($0) }
    let response = field.map { 1.7 * $0 / ($0 + 800e3) }
    let analysis = try LoopMeasurement.of(field.map { sign * $0 }, response.map { sign * $0 }).analyzed()
    #expect(analysis.codes == [.initialOnly])
    #expect(present(analysis) == [.maximumPolarisation])
    let tip = try #require(analysis[.maximumPolarisation])
    #expect(abs(tip.value / (response.last ?? 0) - 1) < 1e-6)
    let initial = try #require(analysis.diagnostics.initialSusceptibility)
    // A quadratic over the first 120 kA/m misses (120/800)²/6 or so; the spread to a line is the uncertainty.
    #expect(abs(initial.value.si - 1.691) < 2 * initial.standardUncertainty)
    #expect(abs(initial.value.si / 1.691 - 1) < 0.02, "\(initial.value.si)")
    #expect(initial.standardUncertainty < 0.1 * initial.value.si)
    #expect(
      Set(analysis.absences.map(\.characteristic)) == [
        .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField, .kneeField95, .kneeField80,
        .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10, .squareness, .recoilPermeability,
        .switchingFieldWidth,
      ])
    #expect(analysis.absences.allSatisfy { $0.reason == .initialOnly && $0.lowerBound == nil })
    expectConsistent(analysis)
  }

  /// A straight beginning of χ = 8, in a closed circuit and as a sphere (χa = χ/(1 + χ/3)), with its gain's share.
  @Test func initialSusceptibilityIsThatOfTheMaterial() throws {
    let inner = (0..<400).map { 2e3 * Double($0) }
    let response = inner.map { min(8 * magneticConstant * $0, 1.2 + 0.01 * $0 / 800e3) }
    let gain = TypeBBudget(
      name: "gain", isDefault: false,
      lines: [.init(id: "g", title: "gain", input: .polarisationGain, standardUncertainty: 0.01)])
    let closed = try LoopMeasurement.of(inner, response).analyzed(budget: gain)
    let initial = try #require(closed.diagnostics.initialSusceptibility)
    #expect(abs(initial.value.si - 8) < 1e-9)
    #expect(abs(try #require(initial.budget.first { $0.id == "g" }).contribution - 0.08) < 1e-9)
    var open = LoopMeasurement.of(inner, response)
    open.field = .applied(Series(si: zip(inner, response).map { $0 + $1 / magneticConstant / 3 }))
    let sheared = try open.analyzed(demagnetisation: .factor(Quantity(si: 1.0 / 3)), budget: gain)
    let same = try #require(sheared.diagnostics.initialSusceptibility)
    #expect(abs(same.value.si - 8) < 1e-8)
    // A gain of 1 % acts 1 + χ/3 times in an open circuit.
    #expect(abs(try #require(same.budget.first { $0.id == "g" }).contribution - 0.08 * (1 + 8 / 3.0)) < 1e-8)
  }

  /// The row of (H, B) columns: everything, with J = B − µ0·H.
  @Test func fluxDensityColumnsGiveEverything() throws {
    let loop = SimulatedLoop(t1).with { $0.noisePercent = 0.1 }.measurement()
    let field = loop.field.amperesPerMetre
    let density = zip(loop.response.si, field).map { $0 + magneticConstant * $1 }
    let analysis = try LoopMeasurement.of(field, .fluxDensity(Series(si: density))).analyzed()
    #expect(present(analysis) == everything && analysis.absences.isEmpty)
    #expect(analysis.codes == [.fromFluxDensity])
    expectConsistent(analysis)
  }

  /// An unsaturated loop keeps its values, for the field that it has.
  @Test func unsaturatedLoopKeepsItsValuesWithAFlag() throws {
    let analysis = try SimulatedLoop(a).with { $0.maximumField = 1800e3 }.measurement().analyzed()
    #expect(present(analysis) == everything)
    #expect(analysis.codes.contains(.unsaturated))
    #expect(analysis.conditions.maximumFieldAmperesPerMetre < 1800e3)
    expectConsistent(analysis)
  }

  /// A soft specimen on a diamagnetic holder: J falls through zero at −50 kA/m, and the holder's −χH lifts it
  /// again at −390 kA/m.
  @Test func severalCrossingsLeaveHcJOut() throws {
    let soft = SimulatedLoop(t1).with { $0.maximumField = 1000e3 }.measurement()
    let half = soft.count / 2
    func step(_ h: Double) -> Double { 0.25 * max(-1, min(1, h / 60e3)) }
    let loop = soft.changing(response: { row, _ in
      let h = soft.field.amperesPerMetre[row]
      return step(h + (row < half ? 50e3 : -50e3)) - 6.4e-7 * h
    })
    let analysis = try loop.analyzed()
    #expect(analysis.codes.contains(.multipleCrossings))
    #expect(present(analysis).contains(.remanence))
    #expect(present(analysis).isDisjoint(with: [.coercivityHcJ, .squareness]))
    #expect(absence(analysis, .coercivityHcJ) == Absence(.coercivityHcJ, .multipleCrossings))
    expectConsistent(analysis)
  }

  @Test func momentWithoutVolumeGivesCoercivityAndMoment() throws {
    var loop = SimulatedLoop(a).asCube.measurement()
    loop.sample.shape = nil
    let analysis = try loop.analyzed()
    #expect(present(analysis) == [.coercivityHcJ, .remanentMoment])
    #expect(analysis.codes.contains(.noVolume))
    for characteristic in everything.subtracting([.coercivityHcJ, .recoilPermeability, .maximumPolarisation])
    {
      #expect(absence(analysis, characteristic)?.reason == .noVolume, "\(characteristic)")
    }
    // At J = 0 applied and internal field are one; the cube's slope at HcJ is gentler, so 1000 points suffice.
    #expect(abs(try #require(analysis[.coercivityHcJ]).value / a.answers.coercivityHcJ - 1) < 1e-4)
    #expect(try #require(analysis[.remanentMoment]).value > 0)
    #expect(analysis.loop.polarisation.si.isEmpty)
    expectConsistent(analysis)
  }

  @Test func specificMomentNeedsADensity() throws {
    let base = SimulatedLoop(t1).measurement()
    // J = µ0·σ·ρ.
    let specific = base.response.si.map { $0 / magneticConstant / 7500 }
    var loop = LoopMeasurement.of(base.field.amperesPerMetre, .specificMoment(Series(si: specific)))
    #expect(try loop.analyzed().codes.contains(.noVolume))
    loop.sample.density = Sourced(Quantity(si: 7500), .user)
    let (one, other) = (try base.analyzed(), try loop.analyzed())
    for characteristic in everything {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 1e-9, "\(characteristic)")
    }
  }
}
