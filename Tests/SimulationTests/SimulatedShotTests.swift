// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Quantities
import Simulation
import Testing

@Suite struct SimulatedShotTests {
  private func quiet(_ reference: ReferenceLoop = .a) -> SimulatedShot {
    var shot = SimulatedShot(reference)
    shot.pickupInput.noise = 0
    shot.fieldInput.noise = 0
    shot.filterTime = 0
    return shot
  }

  private func samples(_ record: WaveformMeasurement, _ name: String) throws -> [Double] {
    try #require(record.channels.first { $0.name == name }).signal.si
  }

  private func integrated(_ voltages: [Double], interval: Double) -> [Double] {
    var sum = 0.0
    return voltages.indices.map { k in
      if k > 0 { sum += 0.5 * interval * (voltages[k - 1] + voltages[k]) }
      return sum
    }
  }

  /// Applied field and polarisation as the setup's constants say, with zeros at the beginning.
  private func course(_ shot: SimulatedShot, _ record: WaveformMeasurement) throws -> (
    field: [Double], polarisation: [Double]
  ) {
    let interval = try #require(record.timeBase).interval.si
    let field = try samples(record, "field")
    let pickup = try samples(record, "pickup")
    let fields: [Double] =
      switch shot.setup.field {
      case .coil(let areaTurns):
        integrated(field, interval: interval).map { $0 / (areaTurns.si * magneticConstant) }
      case .probe(let constant, _): field.map { constant * $0 }
      }
    let fluxes = integrated(pickup, interval: interval)
    let polarisations: [Double] =
      switch shot.setup.pickup {
      case .fluxCoil(let turns, let area):
        zip(fluxes, fields).map { ($0 / turns - magneticConstant * $1 * area.si) / shot.crossSection }
      case .compensatedCoils(let turns, _): fluxes.map { $0 / (turns * shot.crossSection) }
      case .momentCoil(let constant): fluxes.map { $0 / constant * magneticConstant / shot.shape.volume.si }
      case .polarisation(let constant): pickup.map { constant * $0 }
      }
    return (fields, polarisations)
  }

  // The trapezoidal rule is wrong by Δt²/12·dV/dt, 1e-5 T where truth A switches in an open circuit, and by 0.01 A/m
  // of the field. What is compared is J at the internal field that the record itself gives: an error of J moves that
  // along a curve of χ = 30, which makes it 1 + 0.31·30 = 10 times larger.
  @Test(arguments: [
    WaveformSetup.Pickup.fluxCoil(turns: 20, coilArea: Quantity(si: 1.5e-4)),
    .compensatedCoils(turns: 20, coilArea: Quantity(si: 1.5e-4)), .momentCoil(constant: 0.02),
    .polarisation(constant: 0.5),
  ])
  func everyPickupGivesTheLoopBack(_ pickup: WaveformSetup.Pickup) throws {
    var shot = quiet()
    shot.pickup = pickup
    if case .polarisation = pickup { shot.field = .probe(constant: 1e6) }
    let record = shot.record(seed: 1)
    let (fields, polarisations) = try course(shot, record)
    let top = try #require(fields.indices.max { fields[$0] < fields[$1] })
    let bottom = try #require(fields.indices.min { fields[$0] < fields[$1] })
    #expect(abs(fields[top] - 4e6 * 0.963) < 0.01 * 4e6)
    try #require(top < bottom)
    let worst = (top...bottom).map { k in
      let inside = fields[k] - shot.demagnetisingFactor * polarisations[k] / magneticConstant
      return abs(polarisations[k] - shot.reference.polarisation(atAmperesPerMetre: inside))
    }.max()
    #expect((worst ?? 1) < 2e-4)
  }

  @Test func theRecordIsAsItIsDescribed() throws {
    let shot = quiet()
    let record = shot.record(seed: 1)
    let time = try #require(record.timeBase)
    #expect(time.start.si == -20e-3)
    #expect(record.count == 4000 + 10667)
    // Before the trigger nothing happens, at the trigger the voltage jumps.
    let field = try samples(record, "field")
    #expect(field[..<4000].allSatisfy { $0 == 0 })
    #expect(field[4000] > 1)
    #expect(shot.setup.circuit == .open)
    #expect(shot.setup.initialState == .demagnetised)
    #expect(record.sample == shot.sample)
  }

  // From one remanence to the other, both major branches are in the record, and the loop closes at its tip.
  @Test func twoHalfWavesFromTheOtherRemanenceAreAWholeLoop() throws {
    var shot = quiet()
    shot.start = .saturatedAgainst
    let (fields, changes) = try course(shot, shot.record(seed: 1))
    let top = try #require(fields.indices.max { fields[$0] < fields[$1] })
    let before = -shot.reference.polarisation(atAmperesPerMetre: 0)
    #expect(abs(changes[0]) < 1e-12)
    // The specimen rests in its own field: 2·J, less the reversible part of N·J/µ0.
    let swing = changes[top] - shot.reference.polarisation(atAmperesPerMetre: 3.5e6)
    #expect(abs(swing + before) < 0.03)
    let tip = shot.reference.polarisation(atAmperesPerMetre: insideTop(shot, fields[top]))
    let worst = (4000...top).map { k in
      let polarisation = changes[k] - changes[top] + tip
      let inside = fields[k] - shot.demagnetisingFactor * polarisation / magneticConstant
      return abs(polarisation + shot.reference.polarisation(atAmperesPerMetre: -inside))
    }.max()
    #expect((worst ?? 1) < 2e-4)
    #expect(shot.setup.initialState == .unknown)
  }

  /// Ha − N·J/µ0 where J is nearly constant.
  private func insideTop(_ shot: SimulatedShot, _ applied: Double) -> Double {
    var field = applied
    for _ in 0..<50 {
      field =
        applied - shot.demagnetisingFactor * shot.reference.polarisation(atAmperesPerMetre: field)
        / magneticConstant
    }
    return field
  }

  // Turned back in the middle of switching, J runs on continuously and stays between the saturated lines.
  @Test func anIncompleteReversalIsContinuous() throws {
    var shot = quiet()
    shot.start = .saturatedAlong
    shot.pulse.amplitude = 1.65e6
    shot.pulse.halfWaves = 4
    let (fields, changes) = try course(shot, shot.record(seed: 1))
    let resting = 1.31 - 0.04 * 0.3115773927 * 1.31 / (1 + 0.04 * 0.3115773927)
    let polarisations = changes.map { $0 + resting }
    let lowest = try #require(polarisations.min())
    #expect(lowest > -0.5 && lowest < 1)
    let beyond = zip(polarisations, fields).map { abs($0) - 1.31 - 0.04 * magneticConstant * abs($1) }
    #expect((beyond.max() ?? 1) < 1e-4)
    let jumps = zip(polarisations.dropFirst(), polarisations).map { abs($0 - $1) }
    #expect((jumps.max() ?? 1) < 0.05)
  }

  // The pulse of the table of eddy currents, 0.406 % of HcJ for 2 mm at 30 Hz; what went before the second peak is
  // forgotten. A sample is 2.9 kA/m, and the straight line between two is good for a tenth of that, 0.02 %.
  @Test func eddyCurrentsAreInTheVoltages() throws {
    var shot = quiet()
    shot.demagnetisingFactor = 0
    shot.start = .saturatedAlong
    shot.pulse.amplitude = 4e6 * 1.038211997081825
    func coercivity(_ shot: SimulatedShot) throws -> Double {
      let (fields, changes) = try course(shot, shot.record(seed: 1))
      let k = try #require(changes.indices.first { changes[$0] + 1.31 < 0 })
      let part = (changes[k - 1] + 1.31) / (changes[k - 1] - changes[k])
      return -(fields[k - 1] + part * (fields[k] - fields[k - 1]))
    }
    let truth = shot.reference.answers.coercivityHcJ
    #expect(abs(try coercivity(shot) / truth - 1) < 2e-4)
    shot.eddies = EddyCylinder(radius: 2e-3, resistivity: 1.5e-6)
    #expect(abs(try coercivity(shot) / truth - 1 - 0.406e-2) < 2e-4)
  }

  // A wire of 0.1 mm has eddy currents of 1/400 of those of 2 mm, whose Br error is 0.4 mT: it is as if it had none.
  // Between two of its steps of 4 µs J is a cubic, and the trapezoidal rule is wrong by another 1e-5 T.
  @Test func aThinWireInItsOwnFieldHasNoEddyCurrents() throws {
    var shot = quiet()
    shot.start = .saturatedAgainst
    let (_, expected) = try course(shot, shot.record(seed: 1))
    shot.eddies = EddyCylinder(radius: 0.1e-3, resistivity: 1.5e-6)
    let (_, thin) = try course(shot, shot.record(seed: 1))
    #expect((zip(thin, expected).map { abs($0 - $1) }.max() ?? 1) < 1e-4)
  }

  // Two equal poles answer a step with 1 − e^(−t/τ)·(1 + t/τ); dH/dt falls by 1e-3 in the first 200 µs.
  @Test func theFilterHasTwoEqualPoles() throws {
    var shot = quiet()
    shot.filterTime = 15e-6
    let field = try samples(shot.record(seed: 1), "field")
    shot.filterTime = 0
    let step = try samples(shot.record(seed: 1), "field")[4001]
    for k in 0..<40 {
      let t = Double(k) * 5e-6 / 15e-6
      #expect(abs(field[4000 + k] / step - (1 - exponential(-t) * (1 + t))) < 2e-3)
    }
  }

  /// The exponential from its series after halving, so that no test file needs the C library.
  private func exponential(_ x: Double) -> Double {
    var power = (0..<20).reversed().reduce(1.0) { 1 + $0 * (x / 1024) / Double($1 + 1) }
    for _ in 0..<10 { power *= power }
    return power
  }

  // A delay of two samples is a shift by two samples, but for the rounding of time.
  @Test func theDelayShiftsThePickupOnly() throws {
    var shot = quiet()
    shot.filterTime = 3e-6
    let still = shot.record(seed: 1)
    shot.delay = 10e-6
    let late = shot.record(seed: 1)
    #expect(try samples(still, "field") == samples(late, "field"))
    let (a, b) = (try samples(still, "pickup"), try samples(late, "pickup"))
    let largest = a.reduce(0) { max($0, abs($1)) }
    let worst = (2..<a.count).map { abs(b[$0] - a[$0 - 2]) }.max()
    #expect((worst ?? 1) < 1e-6 * largest)
  }

  // ε of 0.5 % and a coil twice as large as the specimen are −1 % of µ0·H; its field is 0.98 of the shot's.
  @Test func theEmptyShotShowsTheResidue() throws {
    var shot = quiet()
    shot.residue = 0.005
    let (empty, apparent) = try course(shot, shot.emptyShot(seed: 1))
    let (fields, _) = try course(shot, shot.record(seed: 1))
    let top = try #require(empty.indices.max { empty[$0] < empty[$1] })
    #expect(abs(apparent[top] / (magneticConstant * empty[top]) + 0.01) < 1e-6)
    #expect(abs(empty[top] / (fields.max() ?? 1) - 0.98) < 1e-4)
    // A term in dH/dt is a flux that jumps with it; through the filter its voltage stays finite and integrates back.
    shot.residueTime = 1e-6
    shot.filterTime = 15e-6
    shot.emptyTriggerShift = 0
    let (late, lagged) = try course(shot, shot.emptyShot(seed: 1))
    let rate = (late[4040] - late[4039]) / 5e-6
    let expected = -0.01 * magneticConstant * late[4040] - 2e-6 * magneticConstant * rate
    // The trapezoidal rule misses (5 µs/15 µs)²/12 = 0.9 % of an impulse that went through the filter.
    #expect(abs(lagged[4040] - expected) < 0.012 * abs(expected))
    #expect(abs(expected) > 1e-3)
  }

  // The sd of 4000 samples is known to 1/√8000 = 1.1 %; 5 % is more than four times that.
  @Test func noiseIsSeededAndOfItsOwnInEveryRecord() throws {
    let shot = SimulatedShot(.a)
    let record = shot.record(seed: 7)
    #expect(record == shot.record(seed: 7))
    #expect(record != shot.record(seed: 8))
    let noises = [
      try samples(record, "pickup"), try samples(record, "field"),
      try samples(shot.emptyShot(seed: 7), "pickup"), try samples(shot.record(seed: 8), "pickup"),
    ].map { Array($0[..<4000]) }
    for (i, noise) in noises.enumerated() {
      let variance = noise.reduce(0) { $0 + $1 * $1 } / 4000
      #expect(abs(variance.squareRoot() / 1e-3 - 1) < 0.05)
      for other in noises[..<i] {
        let correlation = zip(noise, other).reduce(0) { $0 + $1.0 * $1.1 } / 4000 / variance
        // 1/√4000 = 0.016 by chance.
        #expect(abs(correlation) < 0.08)
      }
    }
  }

  // 1 % of Br at 50.03 Hz is a voltage of 2πf·0.01·Br·turns·A; a whole period reaches it within 1e-4.
  @Test func humOffsetGainAndSteps() throws {
    var shot = quiet()
    let plain = try samples(shot.record(seed: 3), "pickup")
    shot.pickupInput.humPercent = 1
    shot.pickupInput.offset = 0.02
    let disturbed = try samples(shot.record(seed: 3), "pickup")
    let added = zip(disturbed, plain).map { $0 - $1 - 0.02 }
    let flux = 20 * shot.crossSection * 1.31
    let expected = 2 * .pi * 50.03 * 0.01 * flux
    #expect(abs((added.max() ?? 0) / expected - 1) < 1e-4)
    #expect(shot.setup.mains == Quantity(si: 50))
    shot = quiet()
    shot.pickupInput.gain = 10
    shot.pickupInput.gainError = 0.01
    shot.pickupInput.bits = 8
    let coarse = try samples(shot.record(seed: 3), "pickup")
    let largest = plain.reduce(0) { max($0, abs($1)) } * 0.101
    let step = 2.5 * largest / 256
    let worst = zip(coarse, plain).map { abs($0 - 0.101 * $1) }.max()
    #expect((worst ?? 1) <= 0.5001 * step)
    #expect(Set(coarse).count < 256)
  }
}
