// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// The channels of one record at the coils, with zero and mains taken out.
struct RestoredRecord: Sendable {
  /// The time between samples, s.
  let interval: Double
  /// The time of the first sample, s.
  let start: Double
  let still: StillParts
  let pickup: RestoredChannel
  let field: RestoredChannel
  /// The mains that were fitted; nil when none were.
  let mains: MainsFrequency?
  /// Why no mains were fitted although the setup names them; nil when they were, or it does not.
  let mainsRefusal: String?

  /// How far the frequency of public mains strays, as a standard uncertainty; Hz.
  ///
  /// Grid operators of continental Europe keep 49.95 to 50.05 Hz nearly always.
  private static let mainsUncertainty = 0.03
  /// No public mains in working order strays further, Hz.
  private static let mainsWidth = 0.2

  /// Restores a record; `name` is what messages call it.
  ///
  /// Throws when the record lacks a channel, a time base or a still part that the setup needs.
  init(
    _ measurement: WaveformMeasurement, _ setup: WaveformSetup, name: String
  ) throws(AnalysisError) {
    (start, interval) = try Self.timeBase(of: measurement, setup, name)
    let count = measurement.count
    var voltage = try Self.channel(setup.pickupChannel, of: measurement, setup, name, wants: .volt)
    if let compensation = setup.compensation {
      let second = try Self.channel(compensation.channel, of: measurement, setup, name, wants: .volt)
      for row in voltage.indices { voltage[row] += compensation.factor * second[row] }
    }
    let fieldReading = try Self.channel(
      setup.fieldChannel, of: measurement, setup, name, wants: setup.field.unit)
    let before = Self.rowsBefore(setup, start: start, interval: interval, count: count)
    let integrates = setup.field.isCoil || setup.pickup.isCoil
    guard integrates || before >= Self.fewestRows else {
      still = StillParts(before: 0..<0, pulse: 0..<count, after: 0..<0)
      (pickup, field) = (RestoredChannel(voltage), RestoredChannel(fieldReading))
      (mains, mainsRefusal) = (nil, setup.mains.map { _ in "the record has no still part" })
      return
    }
    guard before >= Self.fewestRows, before < count else {
      throw AnalysisError(
        .waveform,
        "\(name) has \(min(before, count)) of \(count) samples before the shot, and integrating a coil's voltage needs "
          + "at least \(Self.fewestRows) to find its zero; record with a pre-trigger of a fifth of the record, or state "
          + "baseline_ms in the setup")
    }
    still = Self.stillParts(fieldReading, before: before)
    (mains, mainsRefusal) = Self.mains(
      setup, still, interval: interval, [fieldReading, voltage])
    guard setup.takes(.baseline) else {
      (pickup, field) = (RestoredChannel(voltage), RestoredChannel(fieldReading))
      return
    }
    guard let pickup = RestoredChannel(voltage, still, mains: mains),
      let field = RestoredChannel(fieldReading, still, mains: mains)
    else {
      throw AnalysisError(.waveform, "\(name) is too short before the shot to find zero and mains hum in it")
    }
    (self.pickup, self.field) = (pickup, field)
    for (channel, samples, restored) in [
      (setup.pickupChannel, voltage, pickup), (setup.fieldChannel, fieldReading, field),
    ] {
      guard let run = restored.overrun(of: samples, in: still.pulse) else { continue }
      throw AnalysisError(
        .waveform,
        "channel “\(channel.name)” of \(name) stands still at its extreme over \(run) samples of the pulse: its range "
          + "was exceeded; record with a larger one")
    }
  }

  private static let fewestRows = 32

  private static func timeBase(
    of measurement: WaveformMeasurement, _ setup: WaveformSetup, _ name: String
  ) throws(AnalysisError) -> (start: Double, interval: Double) {
    let interval = measurement.timeBase?.interval.si ?? setup.samplingInterval?.si ?? 1
    guard (1e-12...1e3).contains(interval), abs(measurement.timeBase?.start.si ?? 0) <= 1e6 else {
      throw AnalysisError(.waveform, "\(name) has a sample every \(interval) s; check the unit of its times")
    }
    switch (measurement.timeBase, setup.samplingInterval?.si) {
    case (let base?, nil): return (base.start.si, base.interval.si)
    case (nil, let stated?): return (0, stated)
    case (let base?, let stated?):
      guard abs(base.interval.si - stated) <= 1e-3 * stated else {
        throw AnalysisError(
          .waveform,
          "\(name) was sampled every \(base.interval.si * 1e6) µs and the setup says \(stated * 1e6) µs")
      }
      return (base.start.si, base.interval.si)
    case (nil, nil):
      throw AnalysisError(
        .waveform, "\(name) does not say when its samples were taken; state sampling_interval_us in the setup"
      )
    }
  }

  private static func channel(
    _ channel: WaveformSetup.Channel, of measurement: WaveformMeasurement, _ setup: WaveformSetup,
    _ name: String, wants unit: SIUnit
  ) throws(AnalysisError) -> [Double] {
    guard let found = measurement.channels.first(where: { $0.name == channel.name }) else {
      let names = measurement.channels.map { "“\($0.name)”" }.joined(separator: ", ")
      throw AnalysisError(
        .waveform,
        "\(name) has no channel “\(channel.name)”, which the setup “\(setup.name)” names; it has \(names)")
    }
    guard found.signal.unit == unit else {
      throw AnalysisError(
        .waveform,
        "channel “\(channel.name)” of \(name) is in \(found.signal.unit.rawValue), and the setup takes it for one in "
          + unit.rawValue)
    }
    let samples = found.signal.si.map { channel.gain * $0 }
    guard samples.allSatisfy({ abs($0) <= 1e12 }) else {
      throw AnalysisError(
        .waveform, "channel “\(channel.name)” of \(name) has values beyond 10¹² \(unit.rawValue)")
    }
    return samples
  }

  /// How many samples at the beginning lie before the shot.
  private static func rowsBefore(
    _ setup: WaveformSetup, start: Double, interval: Double, count: Int
  ) -> Int {
    let length = setup.baseline?.si ?? -start
    // The sample at the trigger itself belongs to the shot.
    let rows = (length / interval - 1e-6).rounded(.up)
    return rows > 0 && rows < Double(count) ? Int(rows) : rows > 0 ? count : 0
  }

  /// The pulse and the rows after it, from a quarter of its length after the field has come to rest for good.
  private static func stillParts(_ reading: [Double], before: Int) -> StillParts {
    let zero = reading[..<before].reduce(0, +) / Double(before)
    let largest = reading.reduce(0) { max($0, abs($1 - zero)) }
    // Hum is some per cent of the signal at most.
    let last = reading.indices.last { abs(reading[$0] - zero) > 0.05 * largest } ?? reading.count - 1
    let end = max(before, last) + 1
    let begin = end + (end - before) / 4
    return StillParts(
      before: 0..<before, pulse: before..<end,
      after: begin + fewestRows <= reading.count ? begin..<reading.count : 0..<0)
  }

  /// The mains to look for; nil with the reason when they cannot be told from the rest.
  ///
  /// Their frequency is that of the channel that tells it best, where that is better than what is known of public mains.
  private static func mains(
    _ setup: WaveformSetup, _ still: StillParts, interval: Double, _ channels: [[Double]]
  ) -> (mains: MainsFrequency?, refusal: String?) {
    guard let nominal = setup.mains?.si, setup.takes(.mainsHum) else { return (nil, nil) }
    let cycles = Double(still.before.count + still.after.count) * interval * nominal
    guard cycles >= 1 else {
      let milliseconds = Int(1e3 * cycles / nominal)
      return (nil, "the field stands still for \(milliseconds) ms only, less than a period of the mains")
    }
    var best = MainsFrequency(
      frequency: nominal * interval, standardUncertainty: mainsUncertainty * interval)
    guard !still.after.isEmpty else { return (best, nil) }
    for channel in channels {
      guard
        let fit = HumFit(
          channel, plateaus: [still.before, still.after], frequency: nominal * interval,
          freeWithin: mainsWidth * interval, harmonics: MainsBasis.harmonics, degree: 1, baseline: .common),
        fit.isFrequencyFitted, fit.frequencyUncertainty < best.standardUncertainty
      else { continue }
      best = MainsFrequency(frequency: fit.frequency, standardUncertainty: fit.frequencyUncertainty)
    }
    return (best, nil)
  }
}

extension RestoredRecord {
  /// The row at which integrals are zero: the last one before the shot.
  var zeroRow: Int { max(0, still.before.upperBound - 1) }

  /// The pulse without its first and last twentieth, where the current is switched and voltages jump.
  var pulseInterior: Range<Int> {
    let margin = still.pulse.count / 20
    return still.pulse.lowerBound + margin..<still.pulse.upperBound - margin
  }

  /// The applied field at every row, A/m.
  func fieldStrength(_ setup: WaveformSetup) -> [Double] {
    let readings = setup.field.isCoil ? integrated(field.samples) : field.samples
    return readings.map { setup.fieldPerReading * $0 }
  }

  /// The flux that a pickup channel shows at every row, in Wb; its reading when it is integrated already.
  func flux(_ pickup: RestoredChannel, _ setup: WaveformSetup) -> [Double] {
    setup.pickup.isCoil ? integrated(pickup.samples) : pickup.samples
  }

  private func integrated(_ samples: [Double]) -> [Double] {
    var flux = integral(samples, interval: interval)
    let zero = flux[zeroRow]
    for row in flux.indices { flux[row] -= zero }
    return flux
  }

  /// The change per second of something given at every row, over a hundredth of the pulse, because noise of
  /// neighbours would drown it.
  func rate(of values: [Double], at row: Int) -> Double {
    let reach = max(1, still.pulse.count / 200)
    let (before, after) = (max(0, row - reach), min(values.count - 1, row + reach))
    return after > before ? (values[after] - values[before]) / (Double(after - before) * interval) : 0
  }

  /// The steps that gave these channels.
  func corrections(_ setup: WaveformSetup) -> [AppliedCorrection] {
    guard !still.before.isEmpty, setup.takes(.baseline) else { return [] }
    let unit = setup.field.unit
    var corrections = [
      AppliedCorrection(
        id: WaveformSetup.Step.baseline.rawValue,
        parameters: [
          .init("samples", Double(still.before.count), .one), .init("pickup", pickup.baseline, .volt),
          .init("field", field.baseline, unit), .init("pickupNoise", pickup.scatter, .volt),
          .init("fieldNoise", field.scatter, unit),
        ])
    ]
    if let mains, let pickupHum = pickup.humAmplitude, let fieldHum = field.humAmplitude {
      corrections.append(
        AppliedCorrection(
          id: WaveformSetup.Step.mainsHum.rawValue,
          parameters: [
            .init("frequency", mains.frequency / interval, .hertz), .init("pickup", pickupHum, .volt),
            .init("field", fieldHum, unit), .init("harmonics", Double(MainsBasis.harmonics), .one),
          ]))
    }
    return corrections
  }

  /// What a reader must know of these channels.
  func flags(_ setup: WaveformSetup) -> [Flag] {
    var flags = mainsRefusal.map { [Flag(.mainsHum, "mains hum was not taken out: \($0)")] } ?? []
    for (channel, restored) in [(setup.pickupChannel, pickup), (setup.fieldChannel, field)]
    where restored.noise > 3 * restored.scatter {
      flags.append(
        Flag(
          .mainsHum,
          "channel “\(channel.name)” is not quiet before the shot: something slow is left in it, such as hum of another "
            + "frequency than mains_Hz of the setup"))
    }
    return flags
  }

  /// How well an edge of the field coil's voltage is placed, in samples, as a standard uncertainty.
  ///
  /// Behind a filter that lets it rise over at least two samples its integral is known to a fiftieth of one; an edge
  /// between two samples may be anywhere between them.
  var edgeUncertainty: Double {
    let jump = field.largestJump(in: still.pulse)
    let start = max(0, still.pulse.lowerBound - 10)
    let end = min(field.samples.count, still.pulse.lowerBound + max(1, still.pulse.count / 20))
    let rising = (start..<max(start, end)).prefix { abs(field.samples[$0]) < 0.9 * jump }
      .count { abs(field.samples[$0]) > 0.1 * jump }
    return rising >= 2 ? ShotAlignment.foldedBack : 1 / 12.0.squareRoot()
  }
}

extension WaveformSetup.Field {
  /// The unit of the channel.
  var unit: SIUnit {
    switch self {
    case .coil: .volt
    case .probe(_, let unit): unit
    }
  }

  /// Whether the field is the integral of a voltage.
  var isCoil: Bool {
    switch self {
    case .coil: true
    case .probe: false
    }
  }
}

extension WaveformSetup.Pickup {
  /// Whether the polarisation is the integral of a voltage.
  var isCoil: Bool {
    switch self {
    case .fluxCoil, .compensatedCoils, .momentCoil: true
    case .polarisation: false
    }
  }
}
