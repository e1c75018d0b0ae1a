// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// How the voltages of a record become field and polarisation: the coils, which no record describes.
///
/// Coil terms follow IEC 60404-5 and IEC TR 62331. Relative standard uncertainties have unit one.
public struct WaveformSetup: Hashable, Sendable {
  /// A channel of the record and what lies between it and its coil.
  public struct Channel: Hashable, Sendable {
    /// The channel's name as the record spells it.
    public var name: String
    /// The voltage at the coil, or the current, for each volt or ampere that was recorded; negative when the coil is
    /// connected the other way round.
    public var gain: Double

    /// A channel from its parts.
    public init(_ name: String, gain: Double = 1) {
      self.name = name
      self.gain = gain
    }
  }

  /// What the pickup coil's flux means.
  public enum Pickup: Hashable, Sendable {
    /// A coil about the specimen of cross-section A: Φ = turns·(J·A + µ0·H·coilArea).
    case fluxCoil(turns: Double, coilArea: Quantity<Area>)
    /// A pair of coils in which the flux of the air cancels but for a residue ε: Φ = turns·(J·A − ε·µ0·H·coilArea).
    ///
    /// ε is found from the empty shot, or is taken as zero without one.
    case compensatedCoils(turns: Double, coilArea: Quantity<Area>)
    /// A coil that sees the whole specimen: Φ = constant·m, the constant in Wb/(A·m²).
    case momentCoil(constant: Double)
    /// Integrated and compensated already by the instrument: J = constant·V, the constant in T/V.
    case polarisation(constant: Double)
  }

  /// What the field channel means.
  public enum Field: Hashable, Sendable {
    /// A coil of these area-turns: V = areaTurns·µ0·dH/dt.
    case coil(areaTurns: Quantity<Area>)
    /// A current probe, a shunt or a Hall probe: H = constant·reading, in A/m for each `unit`, V or A.
    case probe(constant: Double, unit: SIUnit = .volt)
  }

  /// A second coil whose voltage, times `factor`, is added to that of the pickup coil.
  public struct Compensation: Hashable, Sendable {
    /// Its channel.
    public var channel: Channel
    /// The factor, negative for a coil that sees the same flux of the air with the same sign.
    public var factor: Double

    /// A compensation coil from its parts.
    public init(channel: Channel, factor: Double) {
      self.channel = channel
      self.factor = factor
    }
  }

  /// The polarisation of the specimen before the shot.
  public enum InitialState: String, Hashable, Sendable, CaseIterable {
    /// J = 0.
    case demagnetised
    /// Not known: the saturated ends of the sweep, which are alike but for the sign, give the zero of J.
    case unknown
  }

  /// A step of the chain from voltages to the loop; the raw value is its id in archives and setups.
  public enum Step: String, Hashable, Sendable, CaseIterable {
    /// The mean of each channel before the shot is subtracted.
    case baseline
    /// Sinusoids of the mains, fitted where the field stands still, are subtracted.
    case mainsHum = "mains-hum"
    /// The pickup channel's delay against the field channel is taken out.
    case delay
    /// What the coils record without a specimen is subtracted, scaled by the ratio of the fields.
    case emptyShot = "empty-shot"
    /// The pickup gain is scaled to that of a specimen with a known polarisation.
    case calibrationShot = "calibration-shot"
    /// The residue ε of compensated coils is taken out.
    case compensationResidue = "compensation-residue"
    /// Shots at two or three rates are extrapolated to an infinitely slow one.
    case eddyCurrents = "eddy-currents"
  }

  /// A specimen with a known polarisation at a field, measured in a calibration shot.
  public struct Calibration: Hashable, Sendable {
    /// The polarisation on the branch of falling field, T; of a moment coil times volume over µ0 the moment.
    public var polarisation: Quantity<Polarisation>
    /// The applied field at which it holds, A/m.
    public var field: Quantity<AppliedField>
    /// The relative standard uncertainty of the polarisation.
    public var relativeUncertainty: Double
    /// The calibration specimen's size.
    public var sample: Sample

    /// A calibration from its parts.
    public init(
      polarisation: Quantity<Polarisation>, field: Quantity<AppliedField>, relativeUncertainty: Double,
      sample: Sample
    ) {
      self.polarisation = polarisation
      self.field = field
      self.relativeUncertainty = relativeUncertainty
      self.sample = sample
    }
  }

  /// The name under which it is archived and printed.
  public var name: String
  /// Open or closed circuit.
  public var circuit = Circuit.open
  /// The time between samples, for records that do not say; else it has to agree with the record.
  public var samplingInterval: Quantity<Time>?
  /// How long the field stands still at the beginning of the record; nil: up to the trigger at time zero.
  public var baseline: Quantity<Time>?
  /// The nominal frequency of the mains; nil when no hum is to be looked for.
  public var mains: Quantity<Frequency>?
  /// The pickup channel.
  public var pickupChannel: Channel
  /// The pickup coil.
  public var pickup: Pickup
  /// The relative standard uncertainty of J from coil, recorder and cross-section together; with a calibration shot
  /// only of what it leaves open, such as the ratio of the cross-sections.
  public var pickupUncertainty: Double
  /// The relative standard uncertainty of `coilArea`, where the pickup has one.
  public var coilAreaUncertainty = 0.0
  /// A separately recorded compensation coil; nil when there is none.
  public var compensation: Compensation?
  /// The field channel.
  public var fieldChannel: Channel
  /// The field sensor.
  public var field: Field
  /// The relative standard uncertainty of H.
  public var fieldUncertainty: Double
  /// How much later than the field the pickup is recorded; nil: found from the empty shot, or taken as zero.
  public var delay: Quantity<Time>?
  /// The standard uncertainty of that delay.
  public var delayUncertainty: Quantity<Time>?
  /// The resistivity of the specimen's material, for the size of eddy currents; nil when it is not known.
  public var resistivity: Quantity<Resistivity>?
  /// The specimen's state before the shot.
  public var initialState = InitialState.unknown
  /// What the calibration shot shows; nil when there is none.
  public var calibration: Calibration?
  /// The steps that are not taken.
  public var switchedOff: Set<Step> = []

  /// Whether a step is taken.
  public func takes(_ step: Step) -> Bool { !switchedOff.contains(step) }

  /// A setup of an open circuit from what every setup has; relative standard uncertainties have unit one.
  public init(
    name: String, pickupChannel: Channel, pickup: Pickup, pickupUncertainty: Double, fieldChannel: Channel,
    field: Field, fieldUncertainty: Double
  ) {
    self.name = name
    self.pickupChannel = pickupChannel
    self.pickup = pickup
    self.pickupUncertainty = pickupUncertainty
    self.fieldChannel = fieldChannel
    self.field = field
    self.fieldUncertainty = fieldUncertainty
  }
}
