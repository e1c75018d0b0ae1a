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
    var data = try CorrectionChain(sample: sample, settings: settings).condition(loop)
    let both = sweeps(loop.sweeps, choice: .both)
    let chosen = sweeps(loop.sweeps, choice: settings.branch)
    let allBranches = both.map { Branch(sweep: $0, field: data.field, response: data.response) }
    // Noise, offsets and saturation are told from two branches, also when only one is to be evaluated.
    let blank = try blankSpectrum(for: loop.measurement, allBranches, &data)
    let noise = NoiseLevel(branches: allBranches, blank: blank)
    let allPilots = allBranches.map { Pilot(branch: $0, shear: data.shear, noise: noise.standardDeviation) }
    try checkOverCorrection(allBranches, allPilots, data)

    let wanted = both.indices.filter { chosen.contains(both[$0]) }
    let branches = wanted.map { allBranches[$0] }
    let pilots = wanted.map { allPilots[$0] }
    let sparse =
      settings.method == .fit && zip(branches, pilots).contains(where: LocalPolynomialEstimator.isTooSparse)
    let reader = BranchReader(data: data, noise: noise, method: sparse ? .interpolation : settings.method)
    let allReadings = zip(allBranches, allPilots).map { reader.readings($0, $1) }
    let readings = wanted.map { allReadings[$0] }
    let coarse = pilots.contains { ($0.switchingPoints ?? .infinity) < undersamplingLimit }
    let usable = settings.budget.lines.filter { $0.input != .susceptibility || data.hasPolarisation }
    let assembly = PropertyAssembly(
      branches: readings, companion: both.indices.first { !wanted.contains($0) }.map { allReadings[$0] },
      noise: noise.evaluating(wanted), method: reader.methodID,
      budget: TypeBBudget(name: settings.budget.name, isDefault: settings.budget.isDefault, lines: usable),
      shear: data.shear,
      coarseStep: coarse ? zip(branches, pilots).map { reader.step($0, $1) }.max() : nil,
      coercivityMethod: coarse ? TwoPointInterpolation.method : reader.methodID)
    var properties = assembly.properties(hasPolarisation: data.hasPolarisation)
    if pilots.contains(where: { $0.crossings > 1 }) {
      properties.coercivityHcJ = nil
      properties.squareness = nil
    }

    let conditions = Conditions(
      temperature: temperature(of: loop.measurement, sample: sample), circuit: data.circuit,
      demagnetisingFactor: data.demagnetisingFactor, fieldIsInternal: data.fieldIsInternal,
      maximumFieldAmperesPerMetre: data.field.reduce(0) { max($0, abs($1)) },
      blank: blank == nil ? nil : settings.blank)
    var quality = LoopQuality(
      loop: loop, data: data, sample: sample, allBranches: allBranches, allReadings: allReadings,
      branches: branches, pilots: pilots, noise: noise,
      readings: readings, properties: properties, conditions: conditions, settings: settings,
      isSparse: sparse)
    quality.examine()
    return LoopAnalysis(
      properties: properties, absences: quality.absences, conditions: conditions,
      flags: data.flags + quality.flags, corrections: data.corrections, loop: conditioned(loop, data),
      curve: curve(branches, data), budgetName: settings.budget.name,
      coverageProbability: settings.coverageProbability)
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

  /// The sweeps that the choice of branches leaves, the descending one first.
  private func sweeps(_ sweeps: [Sweep], choice: BranchChoice) -> [Sweep] {
    let descending = sweeps.first { $0.kind == .descending }
    let ascending = sweeps.first { $0.kind == .ascending }
    switch choice {
    case .falling: return [descending ?? ascending].compactMap(\.self)
    case .rising: return [ascending ?? descending].compactMap(\.self)
    case .both: return [descending, ascending].compactMap(\.self)
    }
  }

  private func checkOverCorrection(
    _ branches: [Branch], _ pilots: [Pilot], _ data: ConditionedData
  ) throws(AnalysisError) {
    guard data.shear.factor > 0 else { return }
    for (branch, pilot) in zip(branches, pilots) {
      guard let crossing = pilot.crossingField else { continue }
      // Where the curve is steepest: 1 − N·(dJ/dHa)/µ0 must stay positive.
      let half = branch.halfWidth(holding: 9, around: crossing)
      guard
        let fit = LocalPolynomial(
          x: branch.field, y: branch.response, range: branch.rows(within: half, of: crossing),
          centre: crossing, halfWidth: half, degree: 1)
      else { continue }
      let remaining = 1 - data.shear.fieldPerPolarisation * fit.slope(at: crossing)
      if remaining <= 0 {
        throw AnalysisError(
          .overCorrected,
          "a demagnetising factor of \(data.shear.factor) folds the curve back near HcJ "
            + "(1 − N·dJ/dH/µ0 = \(remaining)); check shape, size and volume, or state --demag")
      }
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
    return ConditionedLoop(
      internalField: Series(si: inner), polarisation: Series(si: data.hasPolarisation ? data.response : []),
      sweeps: loop.sweeps.map(\.rows))
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

  var methodID: String {
    method == .fit ? LocalPolynomialEstimator.method : TwoPointInterpolation.method
  }

  func readings(_ branch: Branch, _ pilot: Pilot) -> BranchReadings {
    let twoPoint = TwoPointInterpolation(
      branch: branch, pilot: pilot, shear: data.shear, hasPolarisation: data.hasPolarisation)
    guard method == .fit else { return twoPoint.readings() }
    var readings = LocalPolynomialEstimator(
      branch: branch, pilot: pilot, shear: data.shear, noise: noise, hasPolarisation: data.hasPolarisation
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
