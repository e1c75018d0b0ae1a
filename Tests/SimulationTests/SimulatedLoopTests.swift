// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Quantities
import Simulation
import Testing

struct SimulatedLoopTests {
  @Test func midpointsLeaveOutEndsAndZero() throws {
    var simulated = SimulatedLoop(.a)
    simulated.points = 200
    let measurement = simulated.measurement()
    let fields = measurement.field.amperesPerMetre
    #expect(fields.count == 200)
    // 4800 kA/m over 100 points of a branch: 48 kA/m steps, half a step from the end.
    #expect(fields[0] == 2400e3 - 24e3)
    #expect(fields[99] == -2400e3 + 24e3)
    #expect(fields[1] - fields[0] == -48e3)
    #expect(fields[100] == -fields[0])
    #expect(!fields.contains(0))
    let values = measurement.response.si
    #expect(values[30] == ReferenceLoop.a.polarisation(atAmperesPerMetre: fields[30]))
    #expect(values[130] == -values[30])
    #expect(measurement.response.name == "polarisation")
    #expect(measurement.sample.circuit?.value == .closed)
    #expect(measurement.temperature?.si.allSatisfy { $0 == 296.15 } == true)
    #expect(measurement.time?.si.last == 199)
  }

  @Test func tangentLoopsIncludeTheEndsAndRepeatTheTurningField() {
    let fields = SimulatedLoop(.t1).measurement().field.amperesPerMetre
    #expect(fields.first == 2400e3)
    #expect(fields[499] == -2400e3)
    #expect(fields[500] == -2400e3)
    #expect(fields.last == 2400e3)
  }

  @Test func noiseIsAddedInTimeOrderInPercentOfRemanence() {
    var simulated = SimulatedLoop(.a)
    let clean = simulated.measurement().response.si
    simulated.noisePercent = 0.5
    let noisy = simulated.measurement().response.si
    var source = GaussianSource(seed: 1)
    for i in clean.indices {
      // Sums of numbers near 1.3 are exact to 3e-16.
      #expect(abs(noisy[i] - clean[i] - 0.005 * 1.31 * source.next()) <= 1e-15)
    }
  }

  @Test func fieldNoiseLeavesThePolarisationAlone() {
    var simulated = SimulatedLoop(.a)
    simulated.noisePercent = 0.1
    let before = simulated.measurement()
    simulated.fieldNoise = 1000
    let after = simulated.measurement()
    #expect(after.response == before.response)
    let differences = zip(after.field.amperesPerMetre, before.field.amperesPerMetre).map { $0 - $1 }
    let variance = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
    // The variance of 1000 Gaussian numbers is known to 4.5 %; four times that.
    #expect(abs(variance / 1e6 - 1) <= 0.18)
  }

  @Test func openCircuitShowsAppliedFieldAndMoment() {
    var simulated = SimulatedLoop(.a)
    simulated.openCircuit = .init(demagnetisingFactor: 0.3115773927, volume: 2e-8)
    simulated.maximumField = 4000e3
    let measurement = simulated.measurement()
    let applied = measurement.field.amperesPerMetre
    #expect(measurement.sample.circuit?.value == .open)
    #expect(measurement.response.unit == MagneticMoment.unit)
    for i in 0..<500 {
      let polarisation = measurement.response.si[i] * magneticConstant / 2e-8
      let internalField = applied[i] - 0.3115773927 * polarisation / magneticConstant
      // The slope of A is at most 4e-5 T·m/A, and fields of some MA/m are exact to 1e-9 A/m.
      let expected = ReferenceLoop.a.polarisation(atAmperesPerMetre: internalField)
      #expect(abs(polarisation - expected) <= 1e-12, "point \(i)")
    }
    guard case .applied = measurement.field else {
      Issue.record("the field of an open circuit is the applied one")
      return
    }
  }

  @Test(arguments: [false, true])
  func initialCurveRisesFromTheOriginToTheTip(open: Bool) throws {
    var simulated = SimulatedLoop(.a)
    simulated.sweep = .initialCurveAndLoop
    if open { simulated.openCircuit = .init(demagnetisingFactor: 1.0 / 3, volume: 2e-8) }
    let measurement = simulated.measurement()
    #expect(measurement.count == 1250)
    let fields = measurement.field.amperesPerMetre
    let values = measurement.response.si
    #expect(fields[0] == 0)
    #expect(values[0] == 0)
    for i in 1..<250 {
      #expect(fields[i] > fields[i - 1])
      #expect(values[i] > values[i - 1])
    }
    #expect(abs(values[249] / values[250] - 1) <= 1e-3)
  }

  @Test func secondQuadrantRunsFromZeroToItsEnd() {
    var simulated = SimulatedLoop(.a)
    simulated.sweep = .secondQuadrant(toAmperesPerMetre: 1900e3)
    let measurement = simulated.measurement()
    #expect(measurement.count == 1000)
    #expect(measurement.field.amperesPerMetre.first == 0)
    #expect(measurement.field.amperesPerMetre.last == -1900e3)
    #expect(measurement.response.si.first == 1.31)
  }

  @Test func lotsAreReproducibleAndConformWithMargin() throws {
    let lot = SimulatedLot(name: "L1", pieces: 24, seed: 5)
    let loops = lot.loops()
    #expect(loops == lot.loops())
    #expect(Set(loops.map(\.reference)).count == 24)
    #expect(loops.first?.sample.id?.value == "L1-01")
    #expect(loops.last?.sample.id?.value == "L1-24")
    for loop in loops {
      let truth = loop.reference.answers
      // The N42SH limits 1.28 T, 939 kA/m, 1592 kA/m, 318 kJ/m³ and expanded uncertainties of
      // 1.2, 1.5, 1.5 and 2.5 % on top.
      #expect(truth.remanence > 1.28 * 1.012)
      #expect(truth.coercivityHcB > 939e3 * 1.015)
      #expect(truth.coercivityHcJ > 1592e3 * 1.015)
      #expect(truth.energyProduct > 318e3 * 1.025)
    }
  }

  @Test func defectsSitInTheirPiecesOnly() throws {
    let sound = SimulatedLot(name: "L1", pieces: 6, seed: 5).loops()
    let lot = SimulatedLot(
      name: "L1", pieces: 6, seed: 5, defects: [2: .lowCoercivity, 5: .softPhase]
    ).loops()
    for index in [0, 2, 3, 5] { #expect(lot[index] == sound[index]) }
    #expect(abs(lot[1].reference.answers.coercivityHcJ - 1450e3) < 1e3)
    let drop =
      lot[4].reference.answers.energyProduct / sound[4].reference.answers.energyProduct
    #expect(drop < 0.95)
    #expect(SimulatedLot.Defect(rawValue: "soft-phase") == .softPhase)
  }
}
