// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// A shot's field and response against time, with what was done and what errors the steps leave.
struct ConvertedShot: Sendable {
  /// The applied field at every row, A/m.
  let field: [Double]
  /// The response at every row, in the unit of the pickup's kind.
  private(set) var response: [Double]
  let scale: PickupScale
  let sweep: PulseSweep
  let record: RestoredRecord
  private(set) var corrections: [AppliedCorrection] = []
  private(set) var lines: [TypeBBudget.Line] = []
  private(set) var flags: [Flag] = []

  /// Converts a record; `name` is what messages call it.
  init(
    _ measurement: WaveformMeasurement, empty: WaveformMeasurement?, _ setup: WaveformSetup, sample: Sample,
    name: String
  ) throws(AnalysisError) {
    record = try RestoredRecord(measurement, setup, name: name)
    scale = try PickupScale(setup, sample: sample)
    let emptyRecord = try empty.map { empty throws(AnalysisError) in
      try RestoredRecord(empty, setup, name: "the empty shot")
    }
    if let emptyRecord, abs(emptyRecord.interval - record.interval) > 1e-6 * record.interval {
      throw AnalysisError(
        .waveform,
        "\(name) was sampled every \(record.interval * 1e6) µs and the empty shot every "
          + "\(emptyRecord.interval * 1e6) µs")
    }
    let alignment = try ShotAlignment(record, empty: emptyRecord, setup)
    // The field that belongs to a sample of the pickup was recorded that much earlier.
    field = delayed(record.fieldStrength(setup), by: alignment.delay / record.interval)
    guard let sweep = PulseSweep(field) else {
      throw AnalysisError(
        .waveform,
        "the field of \(name) does not reach both signs, so that it shows no coercivity; check channel, gain and "
          + "polarity of the field in the setup")
    }
    self.sweep = sweep
    var pickup = record.pickup
    if let empty = alignment.empty {
      pickup = pickup.subtracting(empty.record.pickup, factor: empty.amplitude, shift: empty.shift)
    }
    response = record.flux(pickup, setup).map { [scale] in scale.perReading * $0 }
    let residue = alignment.empty == nil ? emptyRecord.flatMap { Residue($0, scale, setup) } : nil
    let air = alignment.empty == nil ? scale.airShare(residue: residue?.value ?? 0) : 0
    if air != 0 { for row in response.indices { response[row] -= air * magneticConstant * field[row] } }
    guard (field + response).allSatisfy({ abs($0) <= 1e9 }) else {
      throw AnalysisError(
        .waveform,
        "\(name) and the setup make fields or polarisations beyond 10⁹ A/m or T; check gains, turns, areas and the unit "
          + "of the times")
    }
    let saturated = setup.pickup.isCoil ? sweep.saturatedEnds(field) : nil
    let ends = setup.initialState == .unknown ? saturated : nil
    if setup.pickup.isCoil, setup.initialState == .unknown, ends == nil {
      throw AnalysisError(
        .waveform,
        "\(name) has too few samples near the extremes of the field to find the zero of J from saturation")
    }
    let zero = zeroOfResponse(ends)
    for row in response.indices { response[row] -= zero }

    corrections = record.corrections(setup) + alignment.corrections(setup)
    if let residue { corrections.append(residue.correction) }
    if air != 0 {
      corrections.append(AppliedCorrection(id: "air-flux", parameters: [.init("share", air, .one)]))
    }
    if setup.pickup.isCoil {
      corrections.append(
        AppliedCorrection(
          id: "response-zero", parameters: [.init(ends == nil ? "demagnetised" : "symmetric", zero, unit)]))
    }
    let errors = ShotErrors(
      record: record, pickup: pickup, field: field, sweep: sweep, tied: ends ?? [], scale: scale, air: air,
      setup: setup
    )
    lines = errors.gainLines() + errors.noiseLines() + errors.alignmentLines(alignment)
    if let residue { lines.append(residue.line) }
    if let ends { flags += saturationFlag(ends) }
    if let saturated, setup.initialState == .demagnetised { flags += initialStateFlag(saturated) }
    flags += record.flags(setup) + alignment.flags(setup, scale, hasResidue: residue != nil)
  }

  /// The unit of the response.
  var unit: SIUnit { scale.isMoment ? .ampereSquareMetre : .tesla }

  /// What stands for J = 0: the middle between the saturated ends at one magnitude of the field, or what was there
  /// before the shot.
  ///
  /// The field stays longer near one end than near the other, so both are taken along a line of one slope to their
  /// common mean.
  private func zeroOfResponse(_ ends: [ClosedRange<Int>]?) -> Double {
    guard let ends else { return 0 }
    let signs = [sweep.sign, -sweep.sign]
    let means = zip(ends, signs).map { rows, sign in
      let count = Double(rows.count)
      return (
        field: rows.reduce(0.0) { $0 + sign * field[$1] } / count,
        response: rows.reduce(0.0) { $0 + response[$1] } / count
      )
    }
    var (product, square) = (0.0, 0.0)
    for (end, (sign, mean)) in zip(ends, zip(signs, means)) {
      for row in end {
        let distance = sign * field[row] - mean.field
        product += distance * sign * (response[row] - mean.response)
        square += distance * distance
      }
    }
    let slope = square > 0 ? product / square : 0
    let difference = sweep.sign * slope * (means[0].field - means[1].field)
    return 0.5 * (means[0].response + means[1].response - difference)
  }

  /// Whether the saturated ends are where a specimen that was demagnetised before has them, alike but for the sign.
  private func initialStateFlag(_ ends: [ClosedRange<Int>]) -> [Flag] {
    let middle = zeroOfResponse(ends)
    let level = abs(response[ends[0].lowerBound])
    // What noise and drift of a good recorder leave is a tenth of that.
    guard abs(middle) > 0.005 * level else { return [] }
    let percent = (1000 * abs(middle) / level).rounded() / 10
    return [
      Flag(
        .initialState,
        "the middle between both ends of the sweep lies \(percent) % of J from what was before the shot: the specimen was "
          + "not demagnetised then, as the setup says, or is not saturated at the ends; initial_state = “unknown” takes "
          + "the middle for the zero of J")
    ]
  }

  /// Whether the two ends are alike, as the zero of J that rests on them needs.
  ///
  /// A branch that still switches at its end changes there by more than at its saturated beginning; half a per cent of
  /// J would shift the zero by a quarter of that at most.
  private func saturationFlag(_ ends: [ClosedRange<Int>]) -> [Flag] {
    let changes = ends.map { abs(response[$0.upperBound] - response[$0.lowerBound]) }
    let level = abs(response[ends[0].lowerBound])
    guard changes[1] - changes[0] > 0.005 * level else { return [] }
    let percent = (1000 * (changes[1] - changes[0]) / level).rounded() / 10
    return [
      Flag(
        .unsaturated,
        "J still changes by \(percent) % between 0.9 and 1.0 of the largest reversed field, and its zero rests on "
          + "saturation at both ends")
    ]
  }

  /// Scales the response to that of a specimen whose polarisation is known.
  mutating func calibrate(
    by known: ConvertedShot, _ calibration: WaveformSetup.Calibration
  ) throws(AnalysisError) {
    guard let shown = known.response(atAmperesPerMetre: calibration.field.si) else {
      throw AnalysisError(
        .waveform,
        "the calibration shot does not reach \(calibration.field.si / 1000) kA/m, where its polarisation is stated"
      )
    }
    var expected = calibration.polarisation.si
    if scale.isMoment {
      guard let volume = calibration.sample.effectiveVolume?.value.si else {
        throw AnalysisError(
          .waveform, "the calibration specimen's volume is not stated, which a moment needs")
      }
      expected *= volume / magneticConstant
    }
    let factor = expected / shown.value
    guard factor.isFinite, factor > 0.2, factor < 5 else {
      throw AnalysisError(
        .waveform,
        "the calibration shot shows \(shown.value) \(unit.rawValue) where \(expected) is stated; check the setup's "
          + "turns, areas, gains and polarity")
    }
    for row in response.indices { response[row] *= factor }
    lines = lines.map { line in
      guard line.input == .susceptibility else { return line.scaled(responseBy: factor) }
      return TypeBBudget.Line(
        id: line.id, title: line.title, input: line.input,
        standardUncertainty: factor * line.standardUncertainty)
    }
    let repeatability = shown.uncertainty / abs(shown.value)
    lines.append(
      TypeBBudget.Line(
        id: "calibration-shot", title: "polarisation of the calibration specimen and noise of its shot",
        input: .polarisationGain,
        standardUncertainty: (calibration.relativeUncertainty * calibration.relativeUncertainty
          + repeatability * repeatability).squareRoot()))
    corrections.append(
      AppliedCorrection(
        id: WaveformSetup.Step.calibrationShot.rawValue,
        parameters: [.init("factor", factor, .one), .init("uncertainty", repeatability, .one)]))
  }

  /// The response at a field of the descending branch, by a straight line through what is near, and what noise leaves.
  private func response(atAmperesPerMetre target: Double) -> (value: Double, uncertainty: Double)? {
    let mapped = sweep.sign * target
    let (low, high) = (
      sweep.main.lazy.map { field[$0] }.min() ?? 0, sweep.main.lazy.map { field[$0] }.max() ?? 0
    )
    guard mapped >= low, mapped <= high else { return nil }
    let reach = 0.02 * (high - low)
    var equations = NormalEquations(order: 2)
    for row in sweep.main where abs(field[row] - mapped) <= reach {
      equations.add([1, (field[row] - mapped) / reach], response[row])
    }
    guard let solution = equations.solution() else { return nil }
    let slow = lines.reduce(0.0) { sum, line in
      guard case .responseProfiles(let profiles) = line.input else { return sum }
      return profiles.reduce(sum) { $0 + $1.value(at: target) * $1.value(at: target) }
    }
    return (sweep.sign * solution.values[0], slow.squareRoot())
  }
}

extension ConvertedShot {
  /// The loop, its rows averaged in groups where there are more than the analysis gains from.
  func recordedLoop(of measurement: WaveformMeasurement, sample: Sample, setup: WaveformSetup) -> RecordedLoop
  {
    let rows = Array(sweep.all)
    let group = (rows.count + Self.mostRows - 1) / Self.mostRows
    func thinned(_ value: (Int) -> Double) -> [Double] {
      guard group > 1 else { return rows.map(value) }
      return stride(from: 0, to: rows.count - group + 1, by: group).map { begin in
        rows[begin..<begin + group].reduce(0) { $0 + value($1) } / Double(group)
      }
    }
    let numbers = thinned { response[$0] }
    let channel: ResponseChannel =
      scale.isMoment ? .moment(Series(si: numbers)) : .polarisation(Series(si: numbers))
    var sample = sample
    // The setup is the user's word, and what is said of one specimen goes before it.
    if sample.circuit?.origin != .user { sample.circuit = Sourced(setup.circuit, .user) }
    var loop = LoopMeasurement(
      instrument: measurement.instrument, model: measurement.model, measured: measurement.measured,
      header: measurement.header, sample: sample, field: .applied(Series(si: thinned { field[$0] })),
      response: channel, time: Series(si: thinned { record.start + Double($0) * record.interval }),
      notes: measurement.notes)
    if sample.circuit?.value == .closed { loop.field = .internal(Series(si: loop.field.amperesPerMetre)) }
    return RecordedLoop(
      measurement: loop, corrections: corrections, flags: flags, budgetLines: lines, sweepRate: sweepRate)
  }

  private static let mostRows = 20_000

  /// |dH/dt| where the response changes its sign on the main sweep.
  private var sweepRate: Double? {
    guard
      let row = sweep.main.dropFirst().first(where: { response[$0] * response[sweep.main.lowerBound] <= 0 })
    else { return nil }
    return abs(record.rate(of: field, at: row))
  }
}

extension ConvertedShot {
  /// Adds what eddy currents may do to a shot at one rate, from which they cannot be taken out.
  ///
  /// The polarisation lags by the linear part. A coercivity is raised by no more than that of a sharp front, whose
  /// reversal works its way inward while the field rises at a constant rate r: with J switching by 2·Js at a radius x,
  /// (2·Js/ρ)·x·dx/dt·ln(a/x) is the field beyond Hc; half of the section has switched when that is √(0.153·Js·a²·r/ρ).
  /// Finite widths of switching make it less; rectangular.
  mutating func evaluateEddyCurrents(in sample: Sample, _ setup: WaveformSetup) {
    guard let rate = sweepRate else { return }
    guard setup.takes(.eddyCurrents), let resistivity = setup.resistivity?.si,
      let shape = sample.shape?.value, !scale.isMoment
    else {
      flags.append(
        Flag(
          .eddyCurrents,
          "eddy currents raise HcJ at this rate and are in no budget: shoot at a second rate and state --pulse-rates, "
            + "or state resistivity_uOhm_m in the setup and --shape and --size"))
      return
    }
    let radius = (2 * shape.meanSquareDistanceFromAxis).squareRoot()
    let saturation = sweep.main.reduce(0) { max($0, abs(response[$1])) }
    let front = (0.153 * saturation * radius * radius * rate / resistivity).squareRoot()
    let low = sweep.main.reduce(0) { min($0, sweep.sign * field[$1]) }
    // J reaches zero well inside the demagnetising half; Br and what is read before the knee see the linear part.
    let switching = ErrorProfile(field: [0.2 * low, 0.1 * low], error: [front / 3.0.squareRoot(), 0])
    let lag = shape.linearEddyPolarisation(
      resistivity: resistivity, relativePermeability: 1.05, fieldRate: rate
    ).si
    lines += [
      TypeBBudget.Line(
        id: "eddy-currents", title: "eddy currents in the switching front, at one rate",
        input: .fieldProfiles([switching]), standardUncertainty: 1, distribution: .rectangular),
      TypeBBudget.Line(
        id: "eddy-lag", title: "eddy currents before the knee, at one rate",
        input: .responseProfiles([ErrorProfile(field: [0], error: [lag])]), standardUncertainty: 1),
    ]
  }
}
