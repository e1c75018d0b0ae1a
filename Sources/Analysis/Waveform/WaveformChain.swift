// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities
internal import Signal

/// What a shot gave: a loop as any other instrument's, and what was done to get it.
public struct RecordedLoop: Sendable {
  /// Applied field and response along the sweep, in time order.
  public let measurement: LoopMeasurement
  /// The steps that were taken, in order.
  public let corrections: [AppliedCorrection]
  /// What a reader must know of it.
  public let flags: [Flag]
  /// The uncertainty of what the steps used and found.
  public let budgetLines: [TypeBBudget.Line]
  /// |dH/dt| of the applied field where J = 0, A/(m·s); nil when J keeps its sign.
  public let sweepRate: Double?
}

/// The records that belong to one shot.
public struct ShotRecords: Sendable {
  /// The specimen's.
  public var shot: WaveformMeasurement
  /// The same without a specimen; nil when there is none.
  public var empty: WaveformMeasurement?
  /// That of the specimen with a known polarisation; nil when there is none.
  public var calibration: WaveformMeasurement?

  /// Records from their parts.
  public init(
    shot: WaveformMeasurement, empty: WaveformMeasurement? = nil, calibration: WaveformMeasurement? = nil
  ) {
    self.shot = shot
    self.empty = empty
    self.calibration = calibration
  }
}

/// The way from the voltages of a shot to its loop, in the one order in which its steps are taken.
///
/// Zero and mains of every channel, delay of the pickup, empty shot, integration, air flux or residue of the
/// compensation, zero of J, calibration. Self-demagnetisation follows with the loop's own corrections. Magnetic
/// viscosity is an effect of the material and is not taken out: the rate is stated.
public struct WaveformChain: Sendable {
  /// The coils and what is known of them.
  public let setup: WaveformSetup

  /// The chain of a setup.
  public init(setup: WaveformSetup) { self.setup = setup }

  /// The loop of a shot of a specimen.
  ///
  /// `sample` is what file and user say together; a coil about the specimen needs its cross-section. Throws when a
  /// record lacks what the setup says, has no still part before the shot, or a field of one sign only. Of one of
  /// several rates eddy currents are left to the extrapolation.
  public func loop(
    from records: ShotRecords, sample: Sample, isOneOfSeveralRates: Bool = false
  ) throws(AnalysisError) -> RecordedLoop {
    var shot = try ConvertedShot(records.shot, empty: records.empty, setup, sample: sample, name: "the shot")
    if let calibration = setup.calibration, setup.takes(.calibrationShot) {
      guard let record = records.calibration else {
        throw AnalysisError(
          .waveform,
          "the setup “\(setup.name)” describes a calibration shot, and none is given; state it, or switch "
            + "off calibration-shot")
      }
      let known = try ConvertedShot(
        record, empty: records.empty, setup, sample: calibration.sample, name: "the calibration shot")
      try shot.calibrate(by: known, calibration)
    } else if records.calibration != nil, setup.calibration == nil {
      throw AnalysisError(
        .waveform,
        "a calibration shot is given, and the setup “\(setup.name)” has no [calibration] that says what it "
          + "shows")
    }
    if !isOneOfSeveralRates { shot.evaluateEddyCurrents(in: sample, setup) }
    return shot.recordedLoop(of: records.shot, sample: sample, setup: setup)
  }
}

extension LoopAnalysis {
  /// Adds what was done before there was a loop.
  public mutating func include(_ recorded: RecordedLoop) {
    corrections = recorded.corrections + corrections
    flags = recorded.flags + flags
    guard let rate = recorded.sweepRate else { return }
    conditions.sweepRate = rate
    flags.append(
      Flag(
        .sweepRate,
        "the coercivity holds at a rate of the field of \((rate / 1e6).rounded()) kA/(m·ms): magnetic viscosity raises it, and is not "
          + "taken out"))
  }
}
