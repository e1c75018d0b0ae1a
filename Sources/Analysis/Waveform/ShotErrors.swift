// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The budget lines that the steps from voltages to a loop leave.
struct ShotErrors: Sendable {
  let setup: WaveformSetup
  let record: RestoredRecord
  /// The pickup with the empty shot taken out, and the noise of both.
  let pickup: RestoredChannel
  /// The applied field at every row, A/m.
  let field: [Double]
  let scale: PickupScale
  let sweep: PulseSweep
  /// The share of µ0·H that was subtracted as the flux of the air, so that errors of H are errors of J, too.
  let air: Double
  /// Whether the zero of J rests on the ends of the sweep.
  let isTied: Bool
  private let nodes: SweepErrors

  init(
    record: RestoredRecord, pickup: RestoredChannel, field: [Double], sweep: PulseSweep,
    tied: [ClosedRange<Int>], scale: PickupScale, air: Double, setup: WaveformSetup
  ) {
    self.setup = setup
    self.air = air
    self.record = record
    self.pickup = pickup
    self.field = field
    self.scale = scale
    self.sweep = sweep
    isTied = !tied.isEmpty
    nodes = SweepErrors(field, sweep: sweep.main, sign: sweep.sign, tied: tied)
  }

  /// What the setup says of its gains and areas.
  func gainLines() -> [TypeBBudget.Line] {
    func line(
      _ id: String, _ title: String, _ input: TypeBBudget.Input, _ u: Double
    ) -> [TypeBBudget.Line] {
      u > 0 ? [TypeBBudget.Line(id: id, title: title, input: input, standardUncertainty: u)] : []
    }
    return line(
      "pickup-coil", "pickup coil, recorder and cross-section", .polarisationGain, setup.pickupUncertainty)
      + line("field-sensor", "field coil or probe", .fieldGain, setup.fieldUncertainty)
      + line(
        "field-sensor-air", "field coil or probe, through the flux of the air", .susceptibility,
        abs(air) * setup.fieldUncertainty)
      + line(
        "coil-area", "area of the pickup coil", .susceptibility,
        scale.showsAir && air != 0 ? setup.coilAreaUncertainty * scale.areaRatio : 0)
  }

  /// What noise, zero and hum of the voltages are after integration.
  func noiseLines() -> [TypeBBudget.Line] {
    let integrates = setup.pickup.isCoil
    let start = isTied ? sweep.main.lowerBound : record.zeroRow
    let perSample = scale.perReading * (integrates ? record.interval : 1)
    let error = slowError(perSample, integratedFrom: integrates ? start : nil)
    var lines: [TypeBBudget.Line] = []
    if integrates {
      lines += responseLine(
        "integrated-noise", "noise of the voltages, integrated",
        nodes.profiles(isTied: isTied, covariance: walk(pickup.noise * perSample, from: start)))
    }
    lines += responseLine(
      "zero-and-hum", "zero and mains hum of the voltages before the shot",
      nodes.profiles(isTied: isTied, covariance: covariance(of: pickup.fitErrors, error)))
    lines += responseLine(
      "mains-frequency", "frequency of the mains",
      pickup.frequencyErrors.map { slow in nodes.profile(isTied: isTied) { error(slow, $0) } })
    return lines + fieldNoiseLine()
  }

  private func fieldNoiseLine() -> [TypeBBudget.Line] {
    let integrates = setup.field.isCoil
    let start = record.zeroRow
    let perSample = setup.fieldPerReading * (integrates ? record.interval : 1)
    let error = slowError(perSample, integratedFrom: integrates ? start : nil)
    let fits = covariance(of: record.field.slowErrors, error)
    // A coil's voltage jumps when the current is switched on, between two samples: its integral is known to a share of
    // one of them.
    let edge =
      integrates
      ? record.edgeUncertainty * record.field.largestJump(in: record.still.pulse) * perSample : 0
    let noise = integrates ? walk(record.field.noise * perSample, from: start) : { _, _ in 0 }
    let whole = { (i: Int, j: Int) in fits(i, j) + noise(i, j) + edge * edge }
    let perField = air * magneticConstant
    return fieldLine(
      "field-channel", "noise, zero and mains hum of the field channel",
      nodes.profiles(isTied: false, covariance: whole), evaluation: .typeA)
      + responseLine(
        "field-channel-air", "noise, zero and mains hum of the field channel, through the flux of the air",
        perField == 0 ? [] : nodes.profiles(isTied: isTied) { perField * perField * whole($0, $1) })
  }

  private func fieldLine(
    _ id: String, _ title: String, _ profiles: [ErrorProfile], evaluation: Evaluation
  ) -> [TypeBBudget.Line] {
    guard !profiles.isEmpty else { return [] }
    return [
      TypeBBudget.Line(
        id: id, title: title, input: .fieldProfiles(profiles), standardUncertainty: 1, evaluation: evaluation)
    ]
  }

  /// What the delay and the empty shot leave.
  func alignmentLines(_ alignment: ShotAlignment) -> [TypeBBudget.Line] {
    var lines: [TypeBBudget.Line] = []
    if alignment.delayUncertainty > 0 {
      func shift(_ row: Int) -> Double {
        alignment.delayUncertainty * sweep.sign * record.rate(of: field, at: row)
      }
      lines += fieldLine(
        "pickup-delay", "delay of the pickup against the field", [nodes.profile(isTied: false, shift)],
        evaluation: .typeB)
      lines += responseLine(
        "pickup-delay-air", "delay of the pickup against the field, through the flux of the air",
        [nodes.profile(isTied: isTied) { air * magneticConstant * shift($0) }], evaluation: .typeB)
    }
    guard let empty = alignment.empty else { return lines }
    let shown = record.flux(
      RestoredChannel(empty.record.pickup.samples).shifted(by: empty.shift), setup
    ).map { empty.amplitude * scale.perReading * $0 }
    let relative = empty.amplitudeUncertainty / empty.amplitude
    let profiles = [
      nodes.profile(isTied: isTied) { sweep.sign * relative * shown[$0] },
      nodes.profile(isTied: isTied) {
        sweep.sign * empty.shiftUncertainty * record.interval * record.rate(of: shown, at: $0)
      },
    ]
    return lines
      + responseLine("empty-shot", "size and time of the empty shot", profiles, evaluation: .typeB)
  }

  private func responseLine(
    _ id: String, _ title: String, _ profiles: [ErrorProfile], evaluation: Evaluation = .typeA
  ) -> [TypeBBudget.Line] {
    let seen = profiles.filter { $0.error.contains { $0 != 0 } }
    guard !seen.isEmpty else { return [] }
    return [
      TypeBBudget.Line(
        id: id, title: title, input: .responseProfiles(seen), standardUncertainty: 1, evaluation: evaluation)
    ]
  }

  /// What an error of a channel that varies slowly is at a row, in the unit of `perSample`; integrated when it says from
  /// where.
  private func slowError(_ perSample: Double, integratedFrom start: Int?) -> (SlowError, Int) -> Double {
    { slow, row in
      perSample * (start.map { slow.integral(from: $0, to: row) } ?? slow.value(at: row))
    }
  }

  /// The covariance of a random walk of this step that is zero at a row.
  private func walk(_ step: Double, from start: Int) -> (Int, Int) -> Double {
    { step * step * Double(max(0, min($0, $1) - start)) }
  }

  private func covariance(
    of errors: [SlowError], _ error: (SlowError, Int) -> Double
  ) -> (Int, Int) -> Double {
    let table = Dictionary(
      uniqueKeysWithValues: nodes.rows.map { row in (row, errors.map { error($0, row) }) })
    return { i, j in zip(table[i] ?? [], table[j] ?? []).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
