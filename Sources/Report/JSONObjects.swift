// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
internal import Quantities
internal import Validation

// The members of these objects are the keys of `magcert.result/1`: adding one is free, renaming one is a new
// schema number. They stand in the order of their names.

/// Which quantities have their budgets in a line.
enum ShownBudgets {
  case none
  /// Those whose budgets have no table in an archive.
  case withoutTables
  case all
}

extension JSONText {
  mutating func members(of source: ReportedSource) {
    member("bytes", source.bytes)
    if !source.channels.isEmpty {
      objects("channels", source.channels) { json, channel in
        json.member("name", channel.name)
        json.member("unit", channel.unit)
      }
    }
    if !source.companions.isEmpty {
      objects("companions", source.companions) { json, companion in
        json.member("path", companion.path)
        json.member("role", companion.role)
        json.member("sha256", companion.sha256)
      }
    }
    member("instrument", source.instrument)
    loop(of: source)
    member("measured", source.measured)
    member("model", source.model)
    member("path", source.path)
    member("sha256", source.sha256)
  }

  /// Which of the loops of a file, where it has several.
  mutating func loop(of source: ReportedSource) {
    guard source.loopCount > 1 else { return }
    object("loop") { json in
      json.member("count", source.loopCount)
      json.member("index", source.loopIndex)
    }
  }

  /// Appends a member that is a number with its unit.
  mutating func object(
    _ name: String, _ number: Double?, _ unit: SIUnit, _ fullName: @autoclosure () -> String,
    origin: Origin? = nil
  ) {
    guard let number = finite(number, fullName()) else { return }
    object(name) { json in
      json.member("origin", origin)
      json.member("unit", unit)
      json.member("value", finite: number)
    }
  }

  mutating func object<Kind>(
    _ name: String, _ quantity: Sourced<Quantity<Kind>>?, _ fullName: @autoclosure () -> String
  ) {
    object(name, quantity?.value.si, Kind.unit, fullName(), origin: quantity?.origin)
  }

  mutating func members(of sample: Sample) {
    object("density", sample.density, "sample.density")
    member("id", sample.id?.value)
    member("lot", sample.lot?.value)
    object("mass", sample.mass, "sample.mass")
    member("material", sample.material?.value)
    if sample.id != nil || sample.lot != nil || sample.material != nil {
      object("origins") { json in
        json.member("id", sample.id?.origin)
        json.member("lot", sample.lot?.origin)
        json.member("material", sample.material?.origin)
      }
    }
    member("shape", sample.shape?.value.name)
    if let shape = sample.shape, finite(shape.value.lengths.reduce(0, +), "sample.size") != nil {
      object("size") { json in
        json.member("origin", shape.origin)
        json.member("unit", SIUnit.metre)
        json.member("values", shape.value.lengths)
      }
    }
    object("volume", sample.effectiveVolume, "sample.volume")
  }

  mutating func members(of conditions: Conditions) {
    member("circuit", conditions.circuit.value)
    member("circuitOrigin", conditions.circuit.origin)
    member(
      "demagnetisingFactor", conditions.demagnetisingFactor?.value.si, "conditions.demagnetisingFactor")
    member("demagnetisingFactorOrigin", conditions.demagnetisingFactor?.origin)
    member("field", conditions.fieldIsInternal ? "internal" : "applied")
    object(
      "maximumField", conditions.maximumFieldAmperesPerMetre, .amperePerMetre, "conditions.maximumField")
    object("sweepRate", conditions.sweepRate, .amperePerMetreSecond, "conditions.sweepRate")
    object("temperature", conditions.temperature, "conditions.temperature")
  }

  mutating func quantities(
    _ estimates: [CharacteristicEstimate], saturation: CharacteristicEstimate? = nil, budgets: ShownBudgets,
    monteCarlo: MonteCarloOutcome? = nil
  ) {
    var keyed = estimates.map { (key: $0.characteristic.rawValue, estimate: $0, showBudget: budgets == .all) }
    if let saturation { keyed.append(("Js", saturation, budgets != .none)) }
    keyed.sort { $0.key < $1.key }
    object("quantities") { json in
      for (key, estimate, showBudget) in keyed {
        json.quantity(
          key, estimate, showBudget: showBudget,
          monteCarlo: monteCarlo.flatMap { outcome in
            outcome.quantities.first { $0.characteristic.rawValue == key }.map { (outcome, $0) }
          })
      }
    }
  }

  private mutating func quantity(
    _ key: String, _ estimate: CharacteristicEstimate, showBudget: Bool,
    monteCarlo: (outcome: MonteCarloOutcome, row: MonteCarloQuantity)?
  ) {
    func named(_ member: String) -> String { "quantities.\(key)\(member)" }
    guard let value = finite(estimate.value, named("")) else { return }
    object(key) { json in
      if let other = estimate.alternative, let value = json.finite(other.value, named(".alternative")) {
        json.object("alternative") { json in
          json.member("method", other.method)
          json.member("value", finite: value)
        }
      }
      if showBudget { json.budget(estimate.budget, named("")) }
      json.member("coverageFactor", estimate.coverage.k, named(".coverageFactor"))
      json.member("coverageProbability", estimate.coverage.probability, named(".coverageProbability"))
      json.degreesOfFreedom(estimate.degreesOfFreedom)
      json.member("expandedUncertainty", estimate.expandedUncertainty, named(".expandedUncertainty"))
      json.member("method", estimate.method)
      if let (outcome, row) = monteCarlo {
        json.object("monteCarlo") { $0.members(of: row, outcome, named(".monteCarlo")) }
      }
      json.member("standardUncertainty", estimate.standardUncertainty, named(".standardUncertainty"))
      json.member("unit", estimate.characteristic.unit)
      json.member("value", finite: value)
    }
  }

  mutating func budget(_ lines: [BudgetLine], _ fullName: @autoclosure () -> String) {
    objects("budget", lines) { json, line in
      json.member("contribution", line.contribution, "\(fullName()).budget.\(line.id)")
      json.degreesOfFreedom(line.degreesOfFreedom)
      json.member("id", line.id)
      json.member("title", line.title)
      json.member("type", line.evaluation)
    }
  }

  /// Infinite degrees of freedom are nil in an estimate, and huge ones may overflow to infinity: both are absent.
  mutating func degreesOfFreedom(_ degrees: Double?) {
    guard let degrees, degrees.isFinite else { return }
    member("degreesOfFreedom", finite: degrees)
  }

  mutating func absent(_ absences: [Absence]) {
    objects("absent", absences) { json, absence in
      let bound = json.finite(absence.lowerBound, "absent." + absence.characteristic.rawValue)
      if let bound { json.member("lowerBound", finite: bound) }
      json.member("quantity", absence.characteristic)
      json.member("reason", absence.reason)
      if bound != nil { json.member("unit", absence.characteristic.unit) }
    }
  }

  /// The quantities at a reference temperature, beside those that were measured.
  mutating func members(of reduced: ReducedQuantities, showBudget: Bool) {
    absent(reduced.absences)
    quantities(reduced.estimates, budgets: showBudget ? .all : .none)
    object("temperature", reduced.temperature.si, .kelvin, "reduced.temperature")
  }

  mutating func members(of diagnostics: LoopDiagnostics) {
    let name = "diagnostics.initialSusceptibility"
    if let initial = diagnostics.initialSusceptibility, let value = finite(initial.value.si, name) {
      object("initialSusceptibility") { json in
        json.member("method", initial.method)
        json.member("standardUncertainty", initial.standardUncertainty, name + ".standardUncertainty")
        json.member("value", finite: value)
      }
    }
    member("recoilLinearity", diagnostics.recoilLinearity, "diagnostics.recoilLinearity")
    member("signalToNoise", diagnostics.signalToNoise, "diagnostics.signalToNoise")
  }

  mutating func members(of correction: AppliedCorrection) {
    member("id", correction.id)
    object("parameters") { json in
      for parameter in correction.parameters.sorted(by: { $0.name < $1.name }) {
        json.object(
          parameter.name, parameter.value, parameter.unit, "corrections.\(correction.id).\(parameter.name)")
      }
    }
  }

  /// How values were read off `analysis`.
  mutating func estimation(of analysis: LoopAnalysis) {
    object("estimation") { json in
      if let blank = analysis.blank {
        json.object("blank") { json in
          json.member("path", blank.name)
          json.member("sha256", blank.sha256)
        }
      }
      if let curve = analysis.fittedCurve { json.object("curve") { $0.members(of: curve) } }
      json.member("ladderComponents", analysis.ladderComponents)
      json.member("method", analysis.method)
      json.member("recoilMethod", analysis.recoilMethod)
    }
  }

  /// J = saturation + slope·H − Σ drop·F((−H − field)/width).
  private mutating func members(of curve: FittedCurve) {
    let name = "estimation.curve"
    member("saturation", curve.saturation, name + ".saturation")
    member("slope", curve.slope, name + ".slope")
    objects("steps", curve.steps) { json, step in
      json.member("drop", step.drop, name + ".steps.drop")
      json.member("field", step.field, name + ".steps.field")
      json.member("shape", step.shape)
      json.member("width", step.width, name + ".steps.width")
    }
    member("unit", curve.unit)
  }

  /// What the instrument itself reports, and how far ours is from it.
  mutating func instrumentResults(_ comparisons: [InstrumentComparison]) {
    func name(_ comparison: InstrumentComparison) -> String {
      "instrumentResults \(comparison.characteristic.rawValue)"
    }
    let finite = comparisons.filter { self.finite($0.result.si, name($0)) != nil }
    guard !finite.isEmpty else { return }
    objects("instrumentResults", finite) { json, comparison in
      json.member("agrees", comparison.agrees)
      json.member("difference", comparison.difference, name(comparison))
      json.member("quantity", comparison.characteristic)
      json.member("spelled", comparison.result.spelled)
      json.member("unit", comparison.characteristic.unit)
      json.member("value", finite: comparison.result.si)
    }
  }

  mutating func message(_ code: String, _ message: String) {
    member("code", code)
    member("message", message)
  }
}
