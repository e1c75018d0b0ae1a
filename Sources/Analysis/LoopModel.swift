// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// What an analysis took a loop for: a curve, the fields at which it was sampled, and the noise of its samples.
///
/// Loops with other noise and with errors of the inputs are drawn from it, to see what their analysis makes of them.
public struct LoopModel: Sendable {
  /// An error of an input, in the unit of the input.
  public typealias InputError = (input: TypeBBudget.Input, error: Double)

  private let measurement: LoopMeasurement
  private let sweeps: [Sweep]
  private let isApplied: Bool
  private let data: ConditionedData
  /// The descending branch in reduced units.
  private let curve: StepSum
  private let fieldScale: Double
  private let responseScale: Double
  /// HcJ in A/m and Br in the unit of the response, for errors that are relative to them.
  private let coercivity: Double
  private let remanence: Double
  private let noise: SampledSpectrum?
  /// The standard deviation of white noise beyond that spectrum; of all noise when there is none.
  private let whiteNoise: Double
  /// The standard deviation of the white noise of the field before smoothing, A/m.
  private let fieldNoise: Double

  init(
    _ loop: SeparatedLoop, _ data: ConditionedData, _ ladder: FittedLadder, _ noise: NoiseLevel,
    settings: AnalysisSettings, coercivity: Double
  ) {
    let processed = settings.columns == .processed ? loop.measurement.processed : nil
    isApplied = if case .applied = processed?.field ?? loop.measurement.field { true } else { false }
    measurement = loop.measurement
    sweeps = loop.sweeps
    self.data = data
    curve = ladder.curve
    fieldScale = ladder.fieldScale
    responseScale = ladder.responseScale
    self.coercivity = coercivity
    remanence = ladder.value(at: 0)
    let white = noise.spectrum.isWhite ? noise.spectrum.white : 0
    self.noise = noise.spectrum.isWhite ? nil : noise.spectrum.sampled(count: data.field.count)
    whiteNoise = (white + noise.excess).squareRoot()
    fieldNoise =
      data.corrections.first { $0.id == "field-smoothing" }?.parameters.first { $0.name == "residual" }?.value
      ?? 0
  }

  /// A loop with errors of its inputs and noise made of independent numbers of mean 0 and variance 1.
  ///
  /// Its analysis is wrong by exactly these errors. Rows of no branch keep what was measured there.
  public func loop(errors: [InputError], normal: () -> Double) -> SeparatedLoop {
    var truth = Truth(curve: curve, factor: data.shear.factor)
    for (input, error) in errors {
      switch input {
      case .temperature(let alpha, let beta):
        truth.warm(by: error, alpha: alpha, relativeShift: beta * coercivity / fieldScale)
      case .demagnetisingFactor where data.shear.factor > 0: truth.factor -= error
      default: continue
      }
    }
    let samples = noise?.samples(data.field.count, normal: normal)
    var (field, response) = (data.field, data.response)
    let feedback = truth.factor / magneticConstant * responseScale / fieldScale
    for sweep in sweeps where sweep.kind == .descending || sweep.kind == .ascending {
      let sign = sweep.kind == .ascending ? -1.0 : 1.0
      for row in sweep.rows {
        let y = truth.curve.value(atMeasured: -sign * field[row] / fieldScale, feedback: feedback)
        response[row] = sign * responseScale * y
      }
    }
    for (input, error) in errors { apply(error, of: input, field: &field, response: &response) }
    let exactField = field
    for row in response.indices {
      if let samples { response[row] += samples[row] }
      if whiteNoise > 0 { response[row] += whiteNoise * normal() }
      if fieldNoise > 0 { field[row] += fieldNoise * normal() }
    }
    return SeparatedLoop(
      measurement: measurement(field, response, exactField: exactField), sweeps: sweeps, field: field,
      replaced: [])
  }

  /// What an error of an input does to the columns.
  private func apply(
    _ error: Double, of input: TypeBBudget.Input, field: inout [Double], response: inout [Double]
  ) {
    switch input {
    case .polarisationGain: for row in response.indices { response[row] *= 1 + error }
    case .fieldGain: for row in field.indices { field[row] *= 1 + error }
    case .susceptibility:
      for row in response.indices { response[row] += error * magneticConstant * data.field[row] }
    case .polarisationOffset: for row in response.indices { response[row] += error * remanence }
    case .fieldOffset: for row in field.indices { field[row] += error }
    case .loopLevel:
      alongBranches { row, sign in response[row] += sign * error * remanence }
    case .responseProfiles(let profiles):
      alongBranches { row, sign in
        response[row] += sign * error * profiles.reduce(0) { $0 + $1.value(at: sign * data.field[row]) }
      }
    case .fieldProfiles(let profiles):
      alongBranches { row, sign in
        field[row] += sign * error * profiles.reduce(0) { $0 + $1.value(at: sign * data.field[row]) }
      }
    case .temperature, .demagnetisingFactor: break
    }
  }

  /// Every row of a branch once, with −1 on the ascending one; neighbours share the row at which the field turns.
  private func alongBranches(_ body: (_ row: Int, _ sign: Double) -> Void) {
    for sweep in sweeps where sweep.kind == .descending || sweep.kind == .ascending {
      for row in sweep.rows.dropLast() { body(row, sweep.kind == .ascending ? -1 : 1) }
    }
  }

  /// The columns as the file had them.
  ///
  /// A flux density holds the field as it is, not as it was read with noise.
  private func measurement(
    _ field: [Double], _ response: [Double], exactField: [Double]
  ) -> LoopMeasurement {
    let raw = response.map { $0 / data.scale }
    let channel: ResponseChannel =
      switch data.channel {
      case .polarisation: .polarisation(Series(si: raw))
      case .magnetisation: .magnetisation(Series(si: raw))
      case .moment: .moment(Series(si: raw))
      case .specificMoment: .specificMoment(Series(si: raw))
      case .fluxDensity: .fluxDensity(Series(si: zip(raw, exactField).map { $0 + magneticConstant * $1 }))
      }
    return LoopMeasurement(
      instrument: measurement.instrument, sample: measurement.sample,
      field: isApplied ? .applied(Series(si: field)) : .internal(Series(si: field)), response: channel,
      time: measurement.time)
  }
}

/// The specimen that the fields are applied to.
private struct Truth {
  var curve: StepSum
  /// The demagnetising factor.
  var factor: Double

  /// J changes by `alpha` per kelvin, the switching fields by a common `relativeShift`; widths stay.
  mutating func warm(by kelvin: Double, alpha: Double, relativeShift: Double) {
    let gain = 1 + alpha * kelvin
    curve.offset *= gain
    curve.slope *= gain
    for index in curve.steps.indices {
      curve.steps[index].amplitude *= gain
      curve.steps[index].centre += relativeShift * kelvin
    }
  }
}

extension StepSum {
  /// y where the field that is measured is x − feedback·y, by Newton's method inside a bracket.
  func value(atMeasured measured: Double, feedback: Double) -> Double {
    guard feedback > 0 else { return value(at: measured) }
    // |y| stays near 1 within the data.
    var (low, high) = (measured - 4 * feedback, measured + 4 * feedback)
    var x = measured
    var previous = Double.infinity
    for _ in 0..<200 {
      let rest = x - feedback * value(at: x) - measured
      if rest > 0 { high = x } else { low = x }
      let next = x - rest / (1 - feedback * slope(at: x))
      if abs(next - x) <= 1e-14 * (1 + abs(x)) { break }
      // Newton's steps can go to and fro between two sides of a steep part for ever.
      let isUseful = next > low && next < high && abs(rest) < 0.5 * previous
      x = isUseful ? next : 0.5 * (low + high)
      previous = abs(rest)
    }
    return value(at: x)
  }
}
