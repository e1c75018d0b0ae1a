// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// A loop made ready for the estimators: one field, one response, in time order.
struct ConditionedData: Sendable {
  /// The field as measured, applied or internal, smoothed over time, A/m.
  var field: [Double]
  /// The standard deviation of the field's noise that smoothing left, A/m.
  var fieldNoise = 0.0
  /// J in T; the moment in A·m² when the volume is not known.
  var response: [Double]
  /// The channel that `response` was computed from.
  var channel: ResponseChannel
  /// The change of `response` for a change of that channel by 1.
  var scale = 1.0
  /// Whether `response` is a polarisation.
  var hasPolarisation: Bool
  /// The map to the internal field.
  var shear: Shear
  /// Whether field minus shear is the internal field.
  var fieldIsInternal: Bool
  /// Open or closed circuit.
  var circuit: Sourced<Circuit>
  /// The factor that `shear` uses; nil when none does.
  var demagnetisingFactor: Sourced<Quantity<DemagnetisingFactor>>?
  /// Whether the response without a polarisation is a moment; a moment per mass without a mass is none.
  var hasMoment = true
  /// What was done, in order.
  var corrections: [AppliedCorrection]
  /// What a reader must know of it.
  var flags: [Flag]
}

/// The corrections, in the one order in which they are applied to every loop.
struct CorrectionChain: Sendable {
  /// The id that says that the instrument's own corrected columns were taken.
  static let processedColumns = "instrument-processed-columns"

  let sample: Sample
  let settings: AnalysisSettings

  func condition(_ loop: SeparatedLoop) throws(AnalysisError) -> ConditionedData {
    let usesProcessed = settings.columns == .processed && loop.measurement.processed != nil
    let processed = usesProcessed ? loop.measurement.processed : nil
    let channel = processed?.field ?? loop.measurement.field
    let response = processed?.response ?? loop.measurement.response
    let isApplied = if case .applied = channel { true } else { false }
    let circuit = sample.circuit ?? Sourced(isApplied ? .open : .closed, .assumed)
    var data = ConditionedData(
      field: processed?.field.amperesPerMetre ?? loop.field, response: response.si,
      channel: response, hasPolarisation: true,
      shear: Shear(factor: 0), fieldIsInternal: !isApplied || circuit.value == .closed, circuit: circuit,
      demagnetisingFactor: nil, corrections: [], flags: [])
    if usesProcessed {
      data.corrections.append(AppliedCorrection(id: Self.processedColumns, parameters: []))
    }
    recordDespiking(loop, &data)
    // Two-point values are those of the samples as they stand.
    if settings.method != .interpolation { smoothField(loop, &data) }
    try correctImageEffect(&data)
    let factor = try demagnetisingFactor(isApplied: isApplied, circuit: circuit.value)
    try convert(&data, factor: factor?.value.si ?? 0)
    shear(factor, isApplied: isApplied, &data)
    return data
  }

  private func recordDespiking(_ loop: SeparatedLoop, _ data: inout ConditionedData) {
    guard !loop.replaced.isEmpty else { return }
    let count = loop.replaced.count
    data.corrections.append(
      AppliedCorrection(
        id: "field-despiking", parameters: [.init("replaced", Double(count), .one)]))
    data.flags.append(
      Flag(
        .despiked,
        "\(count) field value\(count == 1 ? "" : "s") far off the sweep replaced by the median of five"))
  }

  /// H against time is a smooth sweep and J is not: smoothing H removes its noise without touching J.
  private func smoothField(_ loop: SeparatedLoop, _ data: inout ConditionedData) {
    let noise = noiseFromSecondDifferences(data.field)
    let span = (data.field.max() ?? 0) - (data.field.min() ?? 0)
    // Below this the field's rounding is all there is to smooth.
    guard noise > 1e-7 * span else { return }
    let pieces = loop.sweeps.map { $0.rows.lowerBound..<$0.rows.upperBound - 1 }
    guard isNoise(in: data.field, pieces: pieces) else { return }
    guard let smooth = smoothedSweep(data.field, pieces: pieces) else { return }
    data.field = smooth.values
    // A local quadratic over w samples leaves 9/(4·w) of the variance in its middle.
    data.fieldNoise = smooth.residual * (2.25 / Double(smooth.window)).squareRoot()
    data.corrections.append(
      AppliedCorrection(
        id: "field-smoothing",
        parameters: [
          .init("window", Double(smooth.window), .one), .init("residual", smooth.residual, .amperePerMetre),
        ]))
  }

  /// Whether the steps of the field are uneven by noise.
  ///
  /// Noise makes a long step follow a short one, so that neighbouring steps have a correlation of −½. Points that
  /// were chosen, or read off a drawing, are uneven one by one; their fields are true as they stand.
  private func isNoise(in field: [Double], pieces: [Range<Int>]) -> Bool {
    var (product, square) = (0.0, 0.0)
    for piece in pieces where piece.count > 4 {
      // The change of the sweep's speed drops out of second differences, whose correlation is −⅔ and −½.
      let steps = piece.dropLast(2).map { field[$0 + 2] - 2 * field[$0 + 1] + field[$0] }
      for (one, next) in zip(steps, steps.dropFirst()) { product += one * next }
      square += steps.reduce(0) { $0 + $1 * $1 }
    }
    return product < -0.55 * square
  }

  /// Divides what the coils saw by their sensitivity at the field.
  private func correctImageEffect(_ data: inout ConditionedData) throws(AnalysisError) {
    guard let table = settings.imageEffect else { return }
    if case .fluxDensity = data.channel {
      throw AnalysisError(.imageEffect, "B holds the field itself, which no image effect changes")
    }
    let corrected = try table.corrected(data.response, at: data.field)
    data.response = corrected.response
    data.corrections.append(
      AppliedCorrection(
        id: "image-effect",
        parameters: [
          .init("points", Double(table.field.count), .one),
          .init("leastSensitivity", corrected.range.lowerBound, .one),
          .init("largestSensitivity", corrected.range.upperBound, .one),
        ]))
  }

  /// The response as polarisation, if the specimen's volume or density is known or not needed.
  private func convert(_ data: inout ConditionedData, factor: Double) throws(AnalysisError) {
    switch data.channel {
    case .polarisation:
      return
    case .magnetisation:
      data.scale = magneticConstant
      data.response = data.response.map { magneticConstant * $0 }
    case .fluxDensity:
      // With self-demagnetisation B = (1 − N)·J + µ0·Ha.
      data.scale = 1 / (1 - factor)
      data.response = zip(data.response, data.field).map { ($0 - magneticConstant * $1) / (1 - factor) }
      data.flags.append(Flag(.fromFluxDensity, "the file gives B; J was computed as B − µ0·H"))
    case .moment:
      guard let volume = sample.effectiveVolume else { return withoutVolume(&data) }
      try check(volume)
      data.scale = magneticConstant / volume.value.si
      data.response = data.response.map { magneticConstant * ($0 / volume.value.si) }
      data.corrections.append(
        AppliedCorrection(
          id: "moment-to-polarisation", parameters: [.init("volume", volume.value.si, .cubicMetre)]))
    case .specificMoment:
      guard let density = sample.effectiveDensity else { return withoutDensity(&data) }
      guard density.value.si > 0, density.value.si.isFinite else {
        throw AnalysisError(.sample, "a density of \(density.value.si) kg/m³ cannot be true")
      }
      data.scale = magneticConstant * density.value.si
      data.response = data.response.map { magneticConstant * $0 * density.value.si }
      data.corrections.append(
        AppliedCorrection(
          id: "specific-moment-to-polarisation",
          parameters: [.init("density", density.value.si, .kilogramPerCubicMetre)]))
    }
  }

  private func withoutVolume(_ data: inout ConditionedData) {
    data.hasPolarisation = false
    data.flags.append(
      Flag(
        .noVolume,
        "the volume is not known, so only coercivity and moment can be given; state --size and --shape, "
          + "--volume, or --mass and --density"))
  }

  private func withoutDensity(_ data: inout ConditionedData) {
    data.hasPolarisation = false
    guard let mass = sample.mass?.value.si, mass > 0, mass.isFinite else {
      data.hasMoment = false
      data.flags.append(
        Flag(
          .noVolume,
          "the file gives the moment per mass, and neither density nor mass is known, so only coercivity can be "
            + "given; state --density, or --mass for the moment"))
      return
    }
    data.scale = mass
    data.response = data.response.map { $0 * mass }
    data.corrections.append(
      AppliedCorrection(id: "specific-moment-to-moment", parameters: [.init("mass", mass, .kilogram)]))
    data.flags.append(
      Flag(.noVolume, "the density is not known, so only coercivity and moment can be given; state --density")
    )
  }

  private func check(_ volume: Sourced<Quantity<Volume>>) throws(AnalysisError) {
    guard volume.value.si > 0, volume.value.si.isFinite else {
      throw AnalysisError(.sample, "a volume of \(volume.value.si) m³ cannot be true")
    }
  }

  private func demagnetisingFactor(
    isApplied: Bool, circuit: Circuit
  ) throws(AnalysisError) -> Sourced<Quantity<DemagnetisingFactor>>? {
    switch settings.demagnetisation {
    case .none: return nil
    case .factor(let factor):
      guard (0..<1).contains(factor.si) else {
        throw AnalysisError(.sample, "a demagnetising factor of \(factor.si) is not from 0 to below 1")
      }
      return Sourced(factor, .user)
    case .automatic:
      guard isApplied, circuit == .open, let shape = sample.shape else { return nil }
      let factor = shape.value.demagnetisingFactor
      guard factor.si.isFinite, (0..<1).contains(factor.si) else {
        throw AnalysisError(
          .sample, "no demagnetising factor for a \(shape.value.name) of \(shape.value.lengths) m")
      }
      return Sourced(factor, .computed)
    }
  }

  private func shear(
    _ factor: Sourced<Quantity<DemagnetisingFactor>>?, isApplied: Bool, _ data: inout ConditionedData
  ) {
    guard data.hasPolarisation else {
      // J = 0 needs no correction, and nothing else is given.
      data.fieldIsInternal = true
      return
    }
    if let factor {
      data.demagnetisingFactor = factor
      data.shear = Shear(factor: factor.value.si)
      data.fieldIsInternal = true
      data.corrections.append(
        AppliedCorrection(
          id: "self-demagnetisation",
          parameters: [.init("demagnetisingFactor", factor.value.si, .one)]))
    } else if isApplied, data.circuit.value == .open, settings.demagnetisation == .automatic {
      data.flags.append(
        Flag(
          .noDemagnetisation,
          "open circuit and unknown shape: fields are applied, not internal; state --shape and --size or --demag"
        ))
    }
  }
}
