// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How pickup and field of a shot, and the shot and its empty companion, lie in time against each other.
struct ShotAlignment: Sendable {
  /// An empty shot scaled and shifted to the shot that it is taken out of.
  struct Empty: Sendable {
    let record: RestoredRecord
    /// The field of the shot over that of the empty one, with its standard uncertainty.
    let amplitude: Double
    let amplitudeUncertainty: Double
    /// How many samples later the shot begins, with its standard uncertainty.
    let shift: Double
    let shiftUncertainty: Double
  }

  /// How much later than the field the pickup is recorded, and its standard uncertainty, s.
  let delay: Double
  let delayUncertainty: Double
  /// Whether that is nothing but the resolution of the record.
  let isDelayUnknown: Bool
  /// The empty shot to be subtracted; nil when there is none, or the step is switched off.
  let empty: Empty?

  /// Where a coil's voltage of a pulse has its power, in cycles per sample.
  private static let band = 0.0002..<0.02
  /// What a recorder folds back from beyond half its sampling rate may shift edges by this much of an interval, behind a
  /// filter of half the sampling rate.
  static let foldedBack = 0.02

  init(
    _ record: RestoredRecord, empty: RestoredRecord?, _ setup: WaveformSetup
  ) throws(AnalysisError) {
    (delay, delayUncertainty, isDelayUnknown) = try Self.delay(record, empty, setup)
    guard let empty, setup.takes(.emptyShot) else {
      self.empty = nil
      return
    }
    guard let found = Self.fit(record.field, after: empty.field, rows: record.pulseInterior) else {
      throw AnalysisError(
        .waveform,
        "the fields of the shot and of the empty shot are not alike; were they made with one pulse?")
    }
    self.empty = Empty(
      record: empty, amplitude: found.factor, amplitudeUncertainty: found.factorUncertainty,
      shift: found.samples, shiftUncertainty: hypot(found.standardUncertainty, Self.foldedBack))
  }

  /// One channel as another one scaled and shifted: a start from the phase of the cross-spectrum, then a fit inside the
  /// pulse, where the voltages do not jump.
  private static func fit(
    _ later: RestoredChannel, after earlier: RestoredChannel, rows: Range<Int>
  ) -> ScaledDelay? {
    let noise = (later: later.scatter, earlier: earlier.scatter)
    guard let start = Signal.delay(of: later.samples, after: earlier.samples, band: band, noise: noise) else {
      return nil
    }
    let slow = later.slowErrors + earlier.slowErrors
    return ScaledDelay(
      of: later.samples, after: earlier.samples, rows: rows, from: start.samples, noise: noise,
      errors: slow.map { error in { error.value(at: $0) } })
  }

  /// The stated delay, else that between the channels of an empty coil, which sees the field alone; else none known
  /// within a sample.
  ///
  /// Of compensated coils the empty signal is a residue with a shape of its own, and tells no delay.
  private static func delay(
    _ record: RestoredRecord, _ empty: RestoredRecord?, _ setup: WaveformSetup
  ) throws(AnalysisError) -> (Double, Double, Bool) {
    guard setup.takes(.delay) else { return (0, 0, false) }
    if let stated = setup.delay?.si { return (stated, setup.delayUncertainty?.si ?? 0, false) }
    guard let empty, case .fluxCoil(let turns, let area) = setup.pickup,
      case .coil(let areaTurns) = setup.field
    else { return (0, record.interval / 12.0.squareRoot(), true) }
    let found = fit(empty.pickup, after: empty.field, rows: empty.pulseInterior)
    let expected = turns * area.si / areaTurns.si
    guard let found, abs(found.factor / expected - 1) < 0.2 else {
      let seen =
        found.map { "\(Int(min(1e6, max(-1e6, (100 * $0.factor / expected).rounded())))) %" } ?? "nothing"
      throw AnalysisError(
        .waveform,
        "the pickup of the empty shot shows \(seen) of the flux that the setup's turns and areas make of its field; "
          + "check both channels of the empty shot, and the setup")
    }
    let u = hypot(found.standardUncertainty, foldedBack)
    return (found.samples * empty.interval, u * empty.interval, false)
  }
}

extension ShotAlignment {
  /// What was aligned.
  func corrections(_ setup: WaveformSetup) -> [AppliedCorrection] {
    var corrections: [AppliedCorrection] = []
    if setup.takes(.delay) {
      corrections.append(
        AppliedCorrection(
          id: WaveformSetup.Step.delay.rawValue,
          parameters: [.init("delay", delay, .second), .init("uncertainty", delayUncertainty, .second)]))
    }
    if let empty {
      corrections.append(
        AppliedCorrection(
          id: WaveformSetup.Step.emptyShot.rawValue,
          parameters: [
            .init("amplitude", empty.amplitude, .one),
            .init("amplitudeUncertainty", empty.amplitudeUncertainty, .one),
            .init("shift", empty.shift * empty.record.interval, .second),
            .init("shiftUncertainty", empty.shiftUncertainty * empty.record.interval, .second),
          ]))
    }
    return corrections
  }

  /// What is missing.
  func flags(_ setup: WaveformSetup, _ scale: PickupScale, hasResidue: Bool) -> [Flag] {
    var flags: [Flag] = []
    if isDelayUnknown, setup.pickup.isCoil {
      flags.append(
        Flag(
          .delayUnknown,
          "the delay of the pickup against the field is not known and taken as none within a sample; state delay_us in "
            + "the setup, or an empty shot of a flux coil, which shows it"))
    }
    guard empty == nil, !hasResidue, setup.pickup.isCoil else { return flags }
    let consequence =
      scale.showsAir
      ? "the flux of the air is that of the coil area in the setup"
      : "what the coils show without a specimen is taken as nothing"
    return flags + [Flag(.noEmptyShot, "no empty shot was subtracted: \(consequence); state --empty-shot")]
  }
}
