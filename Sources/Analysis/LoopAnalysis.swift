// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
public import Quantities

/// The properties of one specimen from one loop, each nil when it cannot be had.
public struct MagnetProperties: Hashable, Sendable {
  /// Br.
  public var remanence: Estimate<Remanence>?
  /// HcB, positive.
  public var coercivityHcB: Estimate<CoercivityHcB>?
  /// HcJ, positive.
  public var coercivityHcJ: Estimate<CoercivityHcJ>?
  /// (BH)max.
  public var energyProduct: Estimate<EnergyProduct>?
  /// Hk at 0.90·Br, positive.
  public var kneeField: Estimate<KneeField>?
  /// The field where J = 0.95·Br, positive.
  public var kneeField95: Estimate<KneeField>?
  /// The field where J = 0.80·Br, positive.
  public var kneeField80: Estimate<KneeField>?
  /// The field of 2 % irreversible loss, by the µrec that the estimate names; positive.
  public var irreversibleLoss2: Estimate<KneeField>?
  /// The field of 5 % irreversible loss, by the µrec that the estimate names; positive.
  public var irreversibleLoss5: Estimate<KneeField>?
  /// The field of 10 % irreversible loss, by the µrec that the estimate names; positive.
  public var irreversibleLoss10: Estimate<KneeField>?
  /// Hk/HcJ.
  public var squareness: Estimate<Squareness>?
  /// µrec by the method that the estimate names.
  public var recoilPermeability: Estimate<RecoilPermeability>?
  /// The width of the middle half of the distribution of switching fields.
  public var switchingFieldWidth: Estimate<SwitchingFieldWidth>?
  /// J at the largest field.
  public var maximumPolarisation: Estimate<Polarisation>?
  /// The moment at zero applied field, when the volume is not known.
  public var remanentMoment: Estimate<MagneticMoment>?

  /// No property known.
  public init() {}

  /// The estimates that exist, in the order of `Characteristic.allCases`, expanded to one probability.
  public func estimates(
    coverageProbability: Double = CoverageFactor.conventional
  ) -> [CharacteristicEstimate] {
    func erased<Kind>(_ characteristic: Characteristic, _ estimate: Estimate<Kind>?)
      -> CharacteristicEstimate?
    {
      estimate.map { CharacteristicEstimate(characteristic, $0, coverageProbability: coverageProbability) }
    }
    return Characteristic.allCases.compactMap { characteristic in
      switch characteristic {
      case .remanence: erased(characteristic, remanence)
      case .coercivityHcB: erased(characteristic, coercivityHcB)
      case .coercivityHcJ: erased(characteristic, coercivityHcJ)
      case .energyProduct: erased(characteristic, energyProduct)
      case .kneeField: erased(characteristic, kneeField)
      case .kneeField95: erased(characteristic, kneeField95)
      case .kneeField80: erased(characteristic, kneeField80)
      case .irreversibleLoss2: erased(characteristic, irreversibleLoss2)
      case .irreversibleLoss5: erased(characteristic, irreversibleLoss5)
      case .irreversibleLoss10: erased(characteristic, irreversibleLoss10)
      case .squareness: erased(characteristic, squareness)
      case .recoilPermeability: erased(characteristic, recoilPermeability)
      case .switchingFieldWidth: erased(characteristic, switchingFieldWidth)
      case .maximumPolarisation: erased(characteristic, maximumPolarisation)
      case .remanentMoment: erased(characteristic, remanentMoment)
      }
    }
  }
}

/// The conditions that the properties hold for.
public struct Conditions: Hashable, Sendable {
  /// The specimen's mean temperature during the loop, with its origin.
  public var temperature: Sourced<Quantity<Temperature>>?
  /// Open or closed circuit, with its origin.
  public var circuit: Sourced<Circuit>
  /// The demagnetising factor that was applied; nil when none was.
  public var demagnetisingFactor: Sourced<Quantity<DemagnetisingFactor>>?
  /// Whether the reported fields are internal ones.
  public var fieldIsInternal: Bool
  /// The largest magnitude of the field as measured, in A/m.
  public var maximumFieldAmperesPerMetre: Double
  /// |dH/dt| of the applied field where J = 0, in A/(m·s); nil when it was not recorded against time.
  public var sweepRate: Double?

  /// Conditions from their parts; the field in A/m.
  public init(
    temperature: Sourced<Quantity<Temperature>>?, circuit: Sourced<Circuit>,
    demagnetisingFactor: Sourced<Quantity<DemagnetisingFactor>>?, fieldIsInternal: Bool,
    maximumFieldAmperesPerMetre: Double
  ) {
    self.temperature = temperature
    self.circuit = circuit
    self.demagnetisingFactor = demagnetisingFactor
    self.fieldIsInternal = fieldIsInternal
    self.maximumFieldAmperesPerMetre = maximumFieldAmperesPerMetre
  }
}

/// A correction that was applied, as it is archived and printed.
public struct AppliedCorrection: Hashable, Sendable {
  /// One number that the correction used or found.
  public struct Parameter: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its value, in `unit`.
    public let value: Double
    /// Its SI unit.
    public let unit: SIUnit

    /// A parameter from its parts.
    public init(_ name: String, _ value: Double, _ unit: SIUnit) {
      self.name = name
      self.value = value
      self.unit = unit
    }
  }

  /// A stable name such as `field-smoothing`.
  public let id: String
  /// What it used and found.
  public let parameters: [Parameter]

  /// A correction from its parts.
  public init(id: String, parameters: [Parameter]) {
    self.id = id
    self.parameters = parameters
  }
}

/// The loop as it was analysed, in time order.
public struct ConditionedLoop: Hashable, Sendable {
  /// The field inside the specimen, in A/m; the applied field when the volume is not known.
  public var internalField: Series<InternalField>
  /// The polarisation, in T; empty when the volume is not known.
  public var polarisation: Series<Polarisation>
  /// The rows of the initial curve, then of each sweep, in time order.
  public var sweeps: [Range<Int>]
  /// What each of `sweeps` is; empty when that is not known.
  public var kinds: [Sweep.Kind] = []

  /// A loop from its parts.
  public init(
    internalField: Series<InternalField>, polarisation: Series<Polarisation>, sweeps: [Range<Int>]
  ) {
    self.internalField = internalField
    self.polarisation = polarisation
    self.sweeps = sweeps
  }
}

/// The demagnetisation curve: the mapped, field-ordered second quadrant and its neighbourhood.
public struct DemagnetisationCurve: Hashable, Sendable {
  /// Internal field, falling, in A/m.
  public var internalField: Series<InternalField>
  /// Polarisation at each field, in T.
  public var polarisation: Series<Polarisation>

  /// A curve from its parts, of equal counts.
  public init(internalField: Series<InternalField>, polarisation: Series<Polarisation>) {
    precondition(internalField.count == polarisation.count, "a curve of unequal columns")
    self.internalField = internalField
    self.polarisation = polarisation
  }
}

/// Everything that the analysis of one loop gives.
public struct LoopAnalysis: Hashable, Sendable {
  /// The properties with their uncertainties.
  public var properties: MagnetProperties { didSet { expand() } }
  /// The estimates that exist, expanded to the analysis's coverage probability.
  public private(set) var estimates: [CharacteristicEstimate]
  /// What could not be had, and why.
  public var absences: [Absence]
  /// The conditions.
  public var conditions: Conditions
  /// Warnings in plain words.
  public var flags: [Flag]
  /// What was done to the data, in order.
  public var corrections: [AppliedCorrection]
  /// The loop as analysed, for the archive.
  public var loop: ConditionedLoop
  /// The demagnetisation curve, for plots: the branches' mean where both exist.
  public var curve: DemagnetisationCurve
  /// The name of the Type B budget that was used.
  public var budgetName: String
  /// The coverage probability for expanded uncertainties.
  public var coverageProbability: Double { didSet { expand() } }
  /// The quality of the data.
  public var diagnostics = LoopDiagnostics()
  /// Js from the approach to saturation; nil when it was not asked for or cannot be fitted.
  public var saturationPolarisation: Estimate<Polarisation>?
  /// The quantities at the reference temperature; nil when no reduction was asked for.
  public var reduced: ReducedQuantities?
  /// How values were read off.
  public var method = EstimationMethod.fit
  /// How the recoil permeability was asked for; the estimate's id tells what was used.
  public var recoilMethod = RecoilMethod.auto
  /// The blank measurement that was used; nil for none.
  public var blank: BlankIdentity?
  /// How many switching components the fitted curve has; nil when no such curve was fitted.
  public var ladderComponents: Int?
  /// The fitted curve itself.
  public var fittedCurve: FittedCurve?
  /// Our values beside those that the instrument wrote into the file; empty when there are none to compare.
  public var instrumentComparisons: [InstrumentComparison] = []
  /// What diagrams show beyond the results; nil unless asked for.
  public var details: LoopDetails?

  /// An analysis from its parts.
  public init(
    properties: MagnetProperties, absences: [Absence], conditions: Conditions, flags: [Flag],
    corrections: [AppliedCorrection], loop: ConditionedLoop, curve: DemagnetisationCurve,
    budgetName: String, coverageProbability: Double
  ) {
    self.properties = properties
    estimates = properties.estimates(coverageProbability: coverageProbability)
    self.absences = absences
    self.conditions = conditions
    self.flags = flags
    self.corrections = corrections
    self.loop = loop
    self.curve = curve
    self.budgetName = budgetName
    self.coverageProbability = coverageProbability
  }

  private mutating func expand() {
    estimates = properties.estimates(coverageProbability: coverageProbability)
  }

  /// Js with its kind erased, expanded like the others; its unit is that of Jmax.
  public var saturation: CharacteristicEstimate? {
    saturationPolarisation.map {
      CharacteristicEstimate(.maximumPolarisation, $0, coverageProbability: coverageProbability)
    }
  }
}
