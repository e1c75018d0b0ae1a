// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
internal import Quantities
internal import Validation

/// Lets finite numbers through and remembers the names of the others.
struct FiniteNumbers {
  private(set) var refused: [String] = []

  mutating func callAsFunction(_ number: Double?, _ name: String) -> Double? {
    guard let number else { return nil }
    if number.isFinite { return number }
    refused.append(name)
    return nil
  }
}

// The members of these objects are the keys of `magcert.result/1`: adding one is free, renaming one is a new
// schema number.

struct ResultObject: Encodable {
  var schema = "magcert.result/1"
  var source: SourceObject
  var sample: SampleObject?
  var conditions: ConditionsObject?
  var quantities: [String: QuantityObject]?
  var absent: [AbsenceObject]?
  var corrections: [CorrectionObject]?
  var estimation: EstimationObject?
  var budgetName: String?
  var reduced: ReducedObject?
  var temperatureSeries: TemperatureSeriesObject?
  var diagnostics: DiagnosticsObject?
  var instrumentResults: [InstrumentResultObject]?
  var flags: [MessageObject]?
  var notes: [MessageObject]?
  var verdict: VerdictObject?
  var explanation: [String]?
  var grades: [String]?
  var gradeResults: [GradeObject]?
  var error: ErrorObject?

  init(source: SourceObject) { self.source = source }
}

/// What the instrument itself reports, and how far ours is from it.
struct InstrumentResultObject: Encodable {
  let quantity: String
  let value: Double
  let unit: String
  let spelled: String
  let difference: Double?
  let agrees: Bool?

  init?(_ comparison: InstrumentComparison, _ finite: inout FiniteNumbers) {
    let name = "instrumentResults \(comparison.characteristic.rawValue)"
    guard let value = finite(comparison.result.si, name) else { return nil }
    quantity = comparison.characteristic.rawValue
    self.value = value
    unit = comparison.characteristic.unit.rawValue
    spelled = comparison.result.spelled
    difference = finite(comparison.difference, name)
    agrees = comparison.agrees
  }
}

struct SourceObject: Encodable {
  struct Loop: Encodable {
    let index: Int
    let count: Int
  }
  let path: String
  let sha256: String?
  let bytes: Int?
  let instrument: String?
  let model: String?
  let measured: String?
  let loop: Loop?
  let channels: [ReportedChannel]?
  let companions: [ReportedCompanion]?

  init(_ source: ReportedSource) {
    path = source.path
    sha256 = source.sha256
    bytes = source.bytes
    instrument = source.instrument
    model = source.model
    measured = source.measured
    loop = source.loopCount > 1 ? Loop(index: source.loopIndex, count: source.loopCount) : nil
    channels = source.channels.isEmpty ? nil : source.channels
    companions = source.companions.isEmpty ? nil : source.companions
  }
}

struct NumberObject: Encodable {
  let value: Double
  let unit: SIUnit
  let origin: Origin?

  init?(
    _ number: Double?, _ unit: SIUnit, _ origin: Origin? = nil, _ name: String, _ finite: inout FiniteNumbers
  ) {
    guard let number = finite(number, name) else { return nil }
    value = number
    self.unit = unit
    self.origin = origin
  }

  init?<Kind>(_ quantity: Sourced<Quantity<Kind>>?, _ name: String, _ finite: inout FiniteNumbers) {
    self.init(quantity?.value.si, Kind.unit, quantity?.origin, name, &finite)
  }
}

struct SampleObject: Encodable {
  struct Size: Encodable {
    let values: [Double]
    let unit: SIUnit
    let origin: Origin
  }
  let id: String?
  let lot: String?
  let material: String?
  let origins: [String: Origin]?
  let mass: NumberObject?
  let density: NumberObject?
  let volume: NumberObject?
  let shape: String?
  let size: Size?

  init(_ sample: Sample, _ finite: inout FiniteNumbers) {
    id = sample.id?.value
    lot = sample.lot?.value
    material = sample.material?.value
    let known = ["id": sample.id?.origin, "lot": sample.lot?.origin, "material": sample.material?.origin]
      .compactMapValues { $0 }
    origins = known.isEmpty ? nil : known
    mass = NumberObject(sample.mass, "sample.mass", &finite)
    density = NumberObject(sample.density, "sample.density", &finite)
    volume = NumberObject(sample.effectiveVolume, "sample.volume", &finite)
    shape = sample.shape?.value.name
    if let shape = sample.shape, finite(shape.value.lengths.reduce(0, +), "sample.size") != nil {
      size = Size(values: shape.value.lengths, unit: .metre, origin: shape.origin)
    } else {
      size = nil
    }
  }
}

struct ConditionsObject: Encodable {
  let temperature: NumberObject?
  let circuit: Circuit
  let circuitOrigin: Origin
  let demagnetisingFactor: Double?
  let demagnetisingFactorOrigin: Origin?
  let field: String
  let maximumField: NumberObject?
  let sweepRate: NumberObject?

  init(_ conditions: Conditions, _ finite: inout FiniteNumbers) {
    temperature = NumberObject(conditions.temperature, "conditions.temperature", &finite)
    circuit = conditions.circuit.value
    circuitOrigin = conditions.circuit.origin
    demagnetisingFactor = finite(
      conditions.demagnetisingFactor?.value.si, "conditions.demagnetisingFactor")
    demagnetisingFactorOrigin = conditions.demagnetisingFactor?.origin
    field = conditions.fieldIsInternal ? "internal" : "applied"
    maximumField = NumberObject(
      conditions.maximumFieldAmperesPerMetre, .amperePerMetre, nil, "conditions.maximumField", &finite)
    sweepRate = conditions.sweepRate.flatMap {
      NumberObject($0, .amperePerMetreSecond, nil, "conditions.sweepRate", &finite)
    }
  }
}

struct QuantityObject: Encodable {
  struct Line: Encodable {
    let id: String
    let type: Evaluation
    let title: String
    let contribution: Double?
    let degreesOfFreedom: Double?

    init(_ line: BudgetLine, _ name: String, _ finite: inout FiniteNumbers) {
      id = line.id
      type = line.evaluation
      title = line.title
      contribution = finite(line.contribution, name + ".budget." + line.id)
      degreesOfFreedom = line.degreesOfFreedom.flatMap { $0.isFinite ? $0 : nil }
    }
  }
  struct Alternative: Encodable {
    let value: Double
    let method: String
  }
  let value: Double
  let unit: SIUnit
  let standardUncertainty: Double?
  let expandedUncertainty: Double?
  let coverageFactor: Double?
  let coverageProbability: Double
  let degreesOfFreedom: Double?
  let method: String
  let alternative: Alternative?
  let budget: [Line]?
  let monteCarlo: MonteCarloObject?

  init?(
    _ estimate: CharacteristicEstimate, key: String? = nil, showBudget: Bool,
    monteCarlo outcome: MonteCarloOutcome? = nil, _ finite: inout FiniteNumbers
  ) {
    let key = key ?? estimate.characteristic.rawValue
    let name = "quantities." + key
    guard let value = finite(estimate.value, name) else { return nil }
    self.value = value
    unit = estimate.characteristic.unit
    standardUncertainty = finite(estimate.standardUncertainty, name + ".standardUncertainty")
    expandedUncertainty = finite(estimate.expandedUncertainty, name + ".expandedUncertainty")
    coverageFactor = finite(estimate.coverage.k, name + ".coverageFactor")
    coverageProbability = estimate.coverage.probability
    // Infinite degrees of freedom are nil in an estimate, and huge ones may overflow to infinity: both absent.
    degreesOfFreedom = estimate.degreesOfFreedom.flatMap { $0.isFinite ? $0 : nil }
    method = estimate.method
    alternative = estimate.alternative.flatMap { other in
      finite(other.value, name + ".alternative").map { Alternative(value: $0, method: other.method) }
    }
    var lines: [Line] = []
    for line in showBudget ? estimate.budget : [] { lines.append(Line(line, name, &finite)) }
    budget = showBudget ? lines : nil
    monteCarlo = MonteCarloObject(outcome, name, key, &finite)
  }
}

struct AbsenceObject: Encodable {
  let quantity: Characteristic
  let reason: Flag.Code
  let lowerBound: Double?
  let unit: SIUnit?

  init(_ absence: Absence, _ finite: inout FiniteNumbers) {
    quantity = absence.characteristic
    reason = absence.reason
    lowerBound = finite(absence.lowerBound, "absent." + absence.characteristic.rawValue)
    unit = lowerBound == nil ? nil : absence.characteristic.unit
  }
}

/// The quantities at a reference temperature, beside those that were measured.
struct ReducedObject: Encodable {
  let temperature: NumberObject?
  let quantities: [String: QuantityObject]
  let absent: [AbsenceObject]

  init(_ reduced: ReducedQuantities, showBudget: Bool, _ finite: inout FiniteNumbers) {
    temperature = NumberObject(reduced.temperature.si, .kelvin, nil, "reduced.temperature", &finite)
    quantities = Dictionary(
      uniqueKeysWithValues: reduced.estimates.compactMap { estimate in
        QuantityObject(estimate, showBudget: showBudget, &finite).map {
          (estimate.characteristic.rawValue, $0)
        }
      })
    absent = reduced.absences.map { AbsenceObject($0, &finite) }
  }
}

struct DiagnosticsObject: Encodable {
  struct Susceptibility: Encodable {
    let value: Double
    let standardUncertainty: Double?
    let method: String
  }
  let signalToNoise: Double?
  let recoilLinearity: Double?
  let initialSusceptibility: Susceptibility?

  init(_ diagnostics: LoopDiagnostics, _ finite: inout FiniteNumbers) {
    signalToNoise = finite(diagnostics.signalToNoise, "diagnostics.signalToNoise")
    recoilLinearity = finite(diagnostics.recoilLinearity, "diagnostics.recoilLinearity")
    let name = "diagnostics.initialSusceptibility"
    if let initial = diagnostics.initialSusceptibility, let value = finite(initial.value.si, name) {
      initialSusceptibility = Susceptibility(
        value: value, standardUncertainty: finite(initial.standardUncertainty, name + ".standardUncertainty"),
        method: initial.method)
    } else {
      initialSusceptibility = nil
    }
  }
}

struct CorrectionObject: Encodable {
  let id: String
  let parameters: [String: NumberObject]

  init(_ correction: AppliedCorrection, _ finite: inout FiniteNumbers) {
    id = correction.id
    var numbers: [String: NumberObject] = [:]
    for parameter in correction.parameters {
      let name = "corrections.\(correction.id).\(parameter.name)"
      numbers[parameter.name] = NumberObject(parameter.value, parameter.unit, nil, name, &finite)
    }
    parameters = numbers
  }
}

struct EstimationObject: Encodable {
  struct Blank: Encodable {
    let path: String
    let sha256: String?
  }

  /// J = saturation + slope·H − Σ drop·F((−H − field)/width).
  struct Curve: Encodable {
    struct Step: Encodable {
      let shape: String
      let drop: Double
      let field: Double
      let width: Double
    }
    let unit: SIUnit
    let saturation: Double
    let slope: Double
    let steps: [Step]

    init(_ curve: FittedCurve) {
      unit = curve.unit
      saturation = curve.saturation
      slope = curve.slope
      steps = curve.steps.map { Step(shape: $0.shape, drop: $0.drop, field: $0.field, width: $0.width) }
    }
  }
  let method: EstimationMethod
  let recoilMethod: RecoilMethod
  let ladderComponents: Int?
  let curve: Curve?
  let blank: Blank?

  init(_ analysis: LoopAnalysis) {
    method = analysis.method
    recoilMethod = analysis.recoilMethod
    ladderComponents = analysis.ladderComponents
    curve = analysis.fittedCurve.map(Curve.init)
    blank = analysis.blank.map { Blank(path: $0.name, sha256: $0.sha256) }
  }
}

struct MessageObject: Encodable {
  let code: String
  let message: String
}

struct ErrorObject: Encodable {
  let code: String
  let message: String
  let line: Int?
  let column: String?
}
