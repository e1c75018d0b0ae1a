// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities
internal import Signal

/// Analyses loops: corrections, estimators, uncertainties and flags.
public struct LoopAnalyzer: Sendable {
  /// The choices.
  public let settings: AnalysisSettings

  /// An analyzer with its choices.
  public init(settings: AnalysisSettings) { self.settings = settings }

  /// Analyses one loop of a specimen.
  ///
  /// `sample` is what file and user say together. Throws when facts about the specimen contradict each other or
  /// the self-demagnetisation correction folds the curve back; a quantity that the data do not give is absent
  /// with its reason.
  public func analyze(_ loop: SeparatedLoop, sample: Sample) throws(AnalysisError) -> LoopAnalysis {
    try examine(loop, sample: sample, wantsModel: false).analysis
  }

  /// The same with what the analysis took the loop for; no model when no curve was fitted to the branches.
  public func analyzeWithModel(
    _ loop: SeparatedLoop, sample: Sample
  ) throws(AnalysisError) -> (analysis: LoopAnalysis, model: LoopModel?) {
    try examine(loop, sample: sample, wantsModel: true)
  }

  private func examine(
    _ loop: SeparatedLoop, sample: Sample, wantsModel: Bool
  ) throws(AnalysisError) -> (analysis: LoopAnalysis, model: LoopModel?) {
    var data = try CorrectionChain(sample: sample, settings: settings).condition(loop)
    // Two-point values are those of the samples as they stand.
    let offsets = settings.method != .interpolation ? LoopOffsets.remove(from: &data, of: loop) : nil
    let both = branches(loop.sweeps, choice: .both)
    let chosen = branches(loop.sweeps, choice: settings.branch)
    let allBranches = both.map { Branch($0, of: loop.sweeps, field: data.field, response: data.response) }
    // Noise, offsets and saturation are told from two branches, also when only one is to be evaluated.
    let blank = try blankSpectrum(for: loop.measurement, allBranches, &data)
    let noise = NoiseLevel(branches: allBranches, blank: blank)
    let allPilots = allBranches.map { Pilot(branch: $0, shear: data.shear, noise: noise.standardDeviation) }
    for (branch, pilot) in zip(allBranches, allPilots) {
      try data.shear.checkOverCorrection(branch, pilot, noise: noise.standardDeviation)
    }

    let wanted = both.indices.filter { chosen.contains(both[$0]) }
    let branches = wanted.map { allBranches[$0] }
    let pilots = wanted.map { allPilots[$0] }
    let sparse =
      settings.method != .interpolation
      && zip(branches, pilots).contains(where: LocalPolynomialEstimator.isTooSparse)
    let slopes = zip(allBranches, allPilots).map { majorSlope($0, pilot: $1, shear: data.shear) }
    let recoil = RecoilPermeabilityReading(
      settings.recoilMethod,
      loops: chosen.compactMap { RecoilLoop(on: $0, of: loop.sweeps, data: data, noise: noise) },
      majorSlopes: wanted.map { slopes[$0] })
    let reader = BranchReader(
      data: data, noise: noise, method: sparse ? .interpolation : settings.method,
      readsSamples: settings.method == .interpolation, recoilPermeability: recoil.value)
    let allReadings = both.indices.map { index in
      var readings = reader.readings(allBranches[index], allPilots[index])
      readings.recoilPermeability = data.hasPolarisation ? slopes[index] : nil
      return readings
    }
    let readings = wanted.map { allReadings[$0] }
    let coarse = pilots.contains { ($0.switchingPoints ?? .infinity) < undersamplingLimit }
    let usable =
      settings.budget.lines.filter { $0.input != .susceptibility || data.hasPolarisation }
      .map { $0.scaled(responseBy: data.scale) }
      + (offsets?.budgetLines(remanence: pilots.first?.remanence ?? 0) ?? [])
      + [branches.first.flatMap { settings.imageEffect?.budgetLine(for: $0) }].compactMap(\.self)
    let ladder =
      reader.method == .fit
      ? LadderEstimator(
        branches: branches, pilots: pilots, shear: data.shear, noise: noise,
        hasPolarisation: data.hasPolarisation, fieldNoise: data.fieldNoise,
        components: settings.ladderComponents
      ).fit() : nil
    let assembly = PropertyAssembly(
      branches: readings,
      ladder: ladder?.readings(includingSwitching: !coarse, recoilPermeability: recoil.value),
      ladderExcess: ladder.map { $0.residual / noise.overall } ?? 0,
      companion: both.indices.first { !wanted.contains($0) }.map { allReadings[$0] },
      noise: noise.evaluating(wanted), method: reader.methodID,
      propagation: BudgetPropagation(
        budget: TypeBBudget(name: settings.budget.name, isDefault: settings.budget.isDefault, lines: usable),
        shear: data.shear, branches: readings),
      coarseStep: coarse ? zip(branches, pilots).map { reader.step($0, $1) }.max() : nil,
      coercivityMethod: coarse ? TwoPointInterpolation.method : reader.methodID, recoil: recoil,
      fieldNoise: data.fieldNoise)
    var (properties, disagreements) = assembly.properties(hasPolarisation: data.hasPolarisation)
    // Instrument software takes the first crossing beyond H = 0; as a result of ours there is none.
    if settings.method != .interpolation, pilots.contains(where: { $0.crossings > 1 }) {
      properties.coercivityHcJ = nil
      properties.squareness = nil
      properties.switchingFieldWidth = nil
    }
    if !data.hasMoment { properties.remanentMoment = nil }
    let initial = InitialCurve(of: loop, data, budget: settings.budget)
    if branches.isEmpty { properties.maximumPolarisation = initial?.maximumPolarisation() }
    let ends = SaturatedEnds(
      branches: allBranches, shear: data.shear, coercivity: properties.coercivityHcJ?.value.si,
      budget: settings.budget)
    let saturation = settings.approachToSaturation && data.hasPolarisation ? ends.estimate() : nil
    if case .failure(let refusal) = saturation {
      data.flags.append(Flag(.noSaturationFit, "no approach to saturation was fitted: \(refusal.reason)"))
    }

    let conditions = Conditions(
      temperature: temperature(of: loop.measurement, sample: sample), circuit: data.circuit,
      demagnetisingFactor: data.demagnetisingFactor, fieldIsInternal: data.fieldIsInternal,
      maximumFieldAmperesPerMetre: data.field.reduce(0) { max($0, abs($1)) })
    var quality = LoopQuality(
      loop: loop, data: data, sample: sample, allBranches: allBranches, allReadings: allReadings,
      branches: branches, pilots: pilots, noise: noise,
      readings: readings, properties: properties, conditions: conditions, settings: settings,
      isSparse: sparse, disagreements: disagreements,
      hasLadder: ladder != nil)
    quality.examine()
    var analysis = LoopAnalysis(
      properties: properties, absences: quality.absences, conditions: conditions,
      flags: data.flags + quality.flags, corrections: data.corrections + recoil.corrections,
      loop: conditioned(loop, data),
      curve: curve(branches, data), budgetName: settings.budget.name,
      coverageProbability: settings.coverageProbability)
    analysis.method = settings.method
    analysis.recoilMethod = settings.recoilMethod
    analysis.blank = blank == nil ? nil : settings.blank?.identity
    analysis.ladderComponents = ladder?.curve.steps.count
    analysis.fittedCurve = ladder.map {
      FittedCurve(
        $0.curve, fieldScale: $0.fieldScale, responseScale: $0.responseScale,
        hasPolarisation: data.hasPolarisation)
    }
    analysis.diagnostics = LoopDiagnostics(
      branches: allBranches, coercivityHcB: properties.coercivityHcB?.value.si, shear: data.shear,
      initial: initial)
    if case .success(let estimate) = saturation { analysis.saturationPolarisation = estimate }
    analysis.compare(with: loop.measurement.instrumentResults)
    if settings.wantsDetails {
      analysis.details = LoopDetails(
        band: CurveBand.find(
          on: ladder, assembly, properties, data: data, coverageProbability: settings.coverageProbability,
          hasTooFewSamples: sparse),
        residuals: ladder.map { CurveResiduals(of: branches, kinds: chosen, $0, data, noise) },
        noise: both.isEmpty
          ? nil : NoiseSpectrumEstimate(noise, loop.measurement, blank: settings.blank, data: data))
    }
    guard wantsModel else { return (analysis, nil) }
    let model = ladder.map {
      LoopModel(
        loop, data, $0, noise, settings: settings, coercivity: properties.coercivityHcJ?.value.si ?? 0)
    }
    return (analysis, model)
  }

  /// The spectrum that the blank record gives, in the unit of the conditioned response.
  private func blankSpectrum(
    for loop: LoopMeasurement, _ branches: [Branch], _ data: inout ConditionedData
  ) throws(AnalysisError) -> NoiseSpectrum? {
    guard let blank = settings.blank, !branches.isEmpty else { return nil }
    let points = Branch.samples(of: branches).count
    let spectrum = try blank.spectrum(for: loop, response: data.channel, points: points)
    let length = blank.length(inLoopsOf: points)
    data.corrections.append(
      AppliedCorrection(
        id: "blank-record",
        parameters: [.init("samples", Double(blank.count), .one), .init("loopTimes", length, .one)]))
    if length < 16 {
      data.flags.append(
        Flag(
          .shortBlank,
          "the blank record “\(blank.name)” is \((10 * length).rounded() / 10) loop times long; 16 are recommended, "
            + "because fewer tell little of noise as slow as the loop"))
    }
    return spectrum.scaled(by: data.scale)
  }

  /// The branches that the choice leaves, the descending one first.
  private func branches(_ sweeps: [Sweep], choice: BranchChoice) -> [Sweep.Kind] {
    let descending = sweeps.first { $0.kind == .descending }?.kind
    let ascending = sweeps.first { $0.kind == .ascending }?.kind
    switch choice {
    case .falling: return [descending ?? ascending].compactMap(\.self)
    case .rising: return [ascending ?? descending].compactMap(\.self)
    case .both: return [descending, ascending].compactMap(\.self)
    }
  }

  private func temperature(
    of measurement: LoopMeasurement, sample: Sample
  ) -> Sourced<Quantity<Temperature>>? {
    if let stated = sample.temperature, stated.origin == .user { return stated }
    if let column = measurement.temperature?.si, !column.isEmpty {
      return Sourced(Quantity(si: column.reduce(0, +) / Double(column.count)), .data)
    }
    return sample.temperature
  }

  private func conditioned(_ loop: SeparatedLoop, _ data: ConditionedData) -> ConditionedLoop {
    let inner = zip(data.field, data.response).map {
      data.hasPolarisation ? data.shear.internalField($0, $1) : $0
    }
    var conditioned = ConditionedLoop(
      internalField: Series(si: inner), polarisation: Series(si: data.hasPolarisation ? data.response : []),
      sweeps: loop.sweeps.map(\.rows))
    conditioned.kinds = loop.sweeps.map(\.kind)
    return conditioned
  }

  /// The first branch from a little above zero field down, thinned to what a plot can show.
  private func curve(_ branches: [Branch], _ data: ConditionedData) -> DemagnetisationCurve {
    guard let branch = branches.first, data.hasPolarisation else {
      return DemagnetisationCurve(internalField: Series(si: []), polarisation: Series(si: []))
    }
    let inner = zip(branch.field, branch.response).map(data.shear.internalField)
    let bottom = inner.last ?? 0
    var rows = inner.indices.filter { inner[$0] <= -0.05 * bottom }
    let thinning = max(1, rows.count / 1000)
    if thinning > 1 { rows = rows.enumerated().filter { $0.offset % thinning == 0 }.map(\.element) }
    return DemagnetisationCurve(
      internalField: Series(si: rows.map { inner[$0] }),
      polarisation: Series(si: rows.map { branch.response[$0] }))
  }
}

/// Reads branches with the method that was asked for.
struct BranchReader: Sendable {
  let data: ConditionedData
  let noise: NoiseLevel
  let method: EstimationMethod
  /// Whether two-point values were asked for, which are those of samples in the order of their recording.
  let readsSamples: Bool
  let recoilPermeability: Double?

  var methodID: String {
    method == .interpolation ? TwoPointInterpolation.method : LocalPolynomialEstimator.method
  }

  func readings(_ branch: Branch, _ pilot: Pilot) -> BranchReadings {
    let twoPoint = TwoPointInterpolation(
      branch: branch, recorded: readsSamples ? data : nil, shear: data.shear,
      hasPolarisation: data.hasPolarisation, recoilPermeability: recoilPermeability)
    guard method != .interpolation else { return twoPoint.readings() }
    var readings = LocalPolynomialEstimator(
      branch: branch, pilot: pilot, shear: data.shear, noise: noise, hasPolarisation: data.hasPolarisation,
      recoilPermeability: recoilPermeability
    ).readings()
    // Between two samples that straddle the whole switching there is nothing to fit.
    if let points = pilot.switchingPoints, points < undersamplingLimit {
      readings.coercivityHcJ = twoPoint.readings().coercivityHcJ
    }
    return readings
  }

  /// The spacing of the internal field at J = 0, in A/m.
  func step(_ branch: Branch, _ pilot: Pilot) -> Double {
    guard let crossing = pilot.crossingField else { return 0 }
    let below = branch.firstRow { $0 <= crossing }
    guard below > 0, below < branch.count else { return 0 }
    return data.shear.internalField(branch.field[below - 1], branch.response[below - 1])
      - data.shear.internalField(branch.field[below], branch.response[below])
  }
}
