// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

/// A shot of a pulsed-field magnetometer on a reference loop: what the recorder sees of the coils.
///
/// Physics: the field of a discharged capacitor, the self-demagnetising field of a uniformly magnetised specimen, the
/// major branches of the loop, voltages that are exact derivatives of the flux, and the recorder's filter. Likeness:
/// inner loops after an incomplete reversal, see `Magnetisation`; the air flux answers to the applied field; noise is
/// white at the recorder. There is no magnetic viscosity and no heating. `reference.answers` are the truths.
public struct SimulatedShot: Hashable, Sendable {
  /// The specimen's polarisation before the shot; the field of the first half wave is positive.
  public enum Start: Hashable, Sendable {
    /// J = 0, as after an alternating field that dies away.
    case demagnetised
    /// On the remanence of the direction of the first half wave.
    case saturatedAlong
    /// On the opposite remanence: two half waves then give both major branches.
    case saturatedAgainst
  }

  /// The loop of the material, a sum of switching parts.
  public var reference: ReferenceLoop
  /// The applied field, which begins at time zero.
  public var pulse: FieldPulse
  /// What the specimen has behind it.
  public var start = Start.demagnetised
  /// The record before the pulse, s.
  public var baseline = 20e-3
  /// The record after the pulse, s.
  public var tail = 20e-3
  /// Samples in a second.
  public var samplingRate = 200e3
  /// The specimen.
  public var shape = Shape.cylinder(diameter: Quantity(si: 10e-3), length: Quantity(si: 10e-3))
  /// Its demagnetising factor, 0 in a closed circuit.
  public var demagnetisingFactor = 0.3115773927
  /// The pickup coil.
  public var pickup: WaveformSetup.Pickup
  /// The pickup's input.
  public var pickupInput = Input()
  /// The field sensor; a probe's is read as a voltage.
  public var field = WaveformSetup.Field.coil(areaTurns: Quantity(si: 5e-3))
  /// The field sensor's input.
  public var fieldInput = Input()
  /// A long cylinder whose eddy currents the specimen has; nil for a specimen that the field penetrates at once.
  public var eddies: EddyCylinder?
  /// How much later the pickup is recorded than the field, s.
  public var delay = 0.0
  /// ε, what is left of the air flux: that of compensated coils, the relative excess of the stated coil area for a
  /// flux coil, and for the others an apparent polarisation of −ε·µ0·H.
  public var residue = 0.0
  /// A time θ, s: the coils also show −θ·µ0·dH/dt where a residue of one would show −µ0·H, as from eddy currents in
  /// their wires.
  public var residueTime = 0.0
  /// The frequency of the hum, Hz.
  public var humFrequency = 50.03
  /// The time constant of each of the recorder's two equal low-pass filters, s; 0 for none.
  ///
  /// Without them the first sample of a voltage that jumps weighs too much or too little, by up to half a sampling
  /// interval.
  public var filterTime = 5e-6
  /// The field of the empty shot over that of this one.
  public var emptyFieldRatio = 0.98
  /// How much later the pulse begins in the empty shot, s.
  public var emptyTriggerShift = 2.3e-6
  /// The relative standard uncertainty of J that the setup states.
  public var pickupUncertainty = 3e-3
  /// The relative standard uncertainty of H that the setup states.
  public var fieldUncertainty = 3e-3

  /// A shot on a cylinder of 10 mm × 10 mm in an open circuit with noise as of a good recorder, nothing else wrong.
  ///
  /// 30 Hz, two half waves up to 5/3 of the reference's largest field, 4 MA/m for A; a coil pair of 20 turns that
  /// encloses twice the cross-section. The noise of 1 mV at 200 kHz integrates to 0.39 mT, 0.03 % of Br of A, and to
  /// 0.1 kA/m at the end of the record.
  public init(_ reference: ReferenceLoop) {
    self.reference = reference
    pulse = FieldPulse(amplitude: reference.maximumField * 5 / 3)
    pickup = .compensatedCoils(turns: 20, coilArea: Quantity(si: 2 * .pi / 4 * 10e-3 * 10e-3))
  }

  /// The specimen's cross-section, volume over length along the field, m².
  public var crossSection: Double { shape.volume.si / (shape.lengths.last ?? 1) }

  /// What is known of the specimen.
  public var sample: Sample {
    var sample = Sample()
    sample.id = Sourced("reference \(reference.name)", .header)
    sample.shape = Sourced(shape, .header)
    sample.circuit = Sourced(demagnetisingFactor > 0 ? .open : .closed, .header)
    sample.temperature = Sourced(Quantity(si: 296.15), .header)
    return sample
  }

  /// The setup as its owner knows it: nominal gains, and no delay where the empty shot shows it.
  ///
  /// Of compensated coils it does not: their owner found it with one of them alone, within 50 ns.
  public var setup: WaveformSetup {
    var setup = WaveformSetup(
      name: "simulated shot", pickupChannel: .init("pickup", gain: pickupInput.gain), pickup: pickup,
      pickupUncertainty: pickupUncertainty, fieldChannel: .init("field", gain: fieldInput.gain), field: field,
      fieldUncertainty: fieldUncertainty)
    setup.circuit = demagnetisingFactor > 0 ? .open : .closed
    setup.initialState = start == .demagnetised ? .demagnetised : .unknown
    if case .compensatedCoils = pickup {
      setup.delay = Quantity(si: delay)
      setup.delayUncertainty = Quantity(si: 50e-9)
    }
    if pickupInput.humPercent > 0 || fieldInput.humPercent > 0 {
      setup.mains = Quantity(si: humFrequency.rounded())
    }
    return setup
  }

  /// The shot, with channels `pickup` and `field` and time zero at the trigger.
  ///
  /// The seed is that of noise and of the phases of the hum. Traps unless rates, times and sizes are positive, and
  /// for a reference that is not a sum of switching parts.
  public func record(seed: UInt64) -> WaveformMeasurement {
    let point: (Double, ShotPhase) -> ShotPoint
    if let eddies {
      point =
        EddyCourse(pulse, in: eddies, from: initialCurve, demagnetisingFactor: demagnetisingFactor).point
    } else {
      point = StaticCourse(pulse, from: initialCurve, demagnetisingFactor: demagnetisingFactor).point
    }
    return measurement(seed: seed, of: pulse, shift: 0, sample: sample, point: point)
  }

  /// The same without a specimen: own noise and hum, `emptyFieldRatio` and `emptyTriggerShift`.
  public func emptyShot(seed: UInt64) -> WaveformMeasurement {
    var pulse = pulse
    pulse.amplitude *= emptyFieldRatio
    // A shot and its empty shot may be given one seed and are still to have noise of their own.
    return measurement(seed: ~seed, of: pulse, shift: emptyTriggerShift, sample: Sample()) { time, phase in
      ShotPoint(field: phase == .during ? pulse.course(at: time) : (0, 0, 0))
    }
  }

  private var initialCurve: Magnetisation {
    switch start {
    case .demagnetised: return Magnetisation(demagnetised: reference)
    case .saturatedAgainst: return Magnetisation(reference, isFalling: false)
    case .saturatedAlong:
      var curve = Magnetisation(reference, isFalling: true)
      curve.turn(at: curve.internalField(applied: 0, demagnetisingFactor: demagnetisingFactor))
      return curve
    }
  }

  private func measurement(
    seed: UInt64, of pulse: FieldPulse, shift: Double, sample: Sample,
    point: @escaping (Double, ShotPhase) -> ShotPoint
  ) -> WaveformMeasurement {
    let interval = 1 / samplingRate
    let before = (baseline / interval).rounded()
    let count = Int(before) + Int(((pulse.duration + tail) / interval).rounded())
    let start = -before * interval
    let sampling = ShotSampling(
      pulse: pulse, start: start, interval: interval, count: count, filterTime: filterTime, point: point)
    var seeds = SplitMix64(seed: seed)
    let remanence = abs(reference.polarisation(atAmperesPerMetre: 0))
    let pickup = sampling.samples(of: pickupSignal, delay: shift + delay)
    let field = sampling.samples(of: fieldSignal, delay: shift)
    func channel(_ name: String, _ signal: CoilSignal, _ samples: [Double], _ input: Input, _ full: Double)
      -> WaveformChannel
    {
      let hum = input.humPercent / 100 * full
      let voltages = input.recorded(
        samples, hum: signal.isDerivative ? 2 * .pi * humFrequency * hum : hum,
        humStep: 2 * .pi * humFrequency * interval, from: &seeds)
      return WaveformChannel(name, .voltage(Series(si: voltages)))
    }
    return WaveformMeasurement(
      instrument: "simulation", model: "pulse on reference loop \(reference.name)", sample: sample,
      timeBase: TimeBase(start: Quantity(si: start), interval: Quantity(si: interval)),
      channels: [
        channel("pickup", pickupSignal, pickup, pickupInput, remanence * pickupSignal.perPolarisation),
        channel(
          "field", fieldSignal, field, fieldInput, pulse.amplitude * magneticConstant * fieldSignal.perField),
      ])
  }

  private var pickupSignal: CoilSignal {
    let area = crossSection
    switch pickup {
    case .fluxCoil(let turns, let coilArea):
      let air = turns * coilArea.si
      return CoilSignal(
        perPolarisation: turns * area, perField: air * (1 - residue), perFieldRate: -air * residueTime)
    case .compensatedCoils(let turns, let coilArea):
      let air = turns * coilArea.si
      return CoilSignal(
        perPolarisation: turns * area, perField: -air * residue, perFieldRate: -air * residueTime)
    case .momentCoil(let constant):
      let flux = constant * shape.volume.si / magneticConstant
      return CoilSignal(
        perPolarisation: flux, perField: -flux * residue, perFieldRate: -flux * residueTime)
    case .polarisation(let constant):
      return CoilSignal(
        perPolarisation: 1 / constant, perField: -residue / constant, perFieldRate: -residueTime / constant,
        isDerivative: false)
    }
  }

  private var fieldSignal: CoilSignal {
    switch field {
    case .coil(let areaTurns): CoilSignal(perField: areaTurns.si)
    case .probe(let constant, _):
      CoilSignal(perField: 1 / (constant * magneticConstant), isDerivative: false)
    }
  }
}
