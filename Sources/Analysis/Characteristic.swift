// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The reported properties of a magnet; the raw value is the key in JSON and in the archive.
public enum Characteristic: String, Codable, Hashable, Sendable, CaseIterable {
  /// Remanence, T.
  case remanence = "Br"
  /// Coercivity of the flux density, A/m.
  case coercivityHcB = "HcB"
  /// Coercivity of the polarisation, A/m.
  case coercivityHcJ = "HcJ"
  /// Maximum energy product, J/m³.
  case energyProduct = "BHmax"
  /// Knee field at J = 0.90·Br, A/m.
  case kneeField = "Hk"
  /// Knee field at J = 0.95·Br, A/m.
  case kneeField95 = "Hk95"
  /// Knee field at J = 0.80·Br, A/m.
  case kneeField80 = "Hx80"
  /// Field of 2 % irreversible loss: J = 0.98·Br − µ0(µrec − 1)|H|, A/m.
  case irreversibleLoss2 = "HD2"
  /// Field of 5 % irreversible loss: J = 0.95·Br − µ0(µrec − 1)|H|, A/m.
  case irreversibleLoss5 = "HD5"
  /// Field of 10 % irreversible loss: J = 0.90·Br − µ0(µrec − 1)|H|, A/m.
  case irreversibleLoss10 = "HD10"
  /// Hk/HcJ.
  case squareness = "squareness"
  /// Relative recoil permeability.
  case recoilPermeability = "muRec"
  /// Width of the middle half of the distribution of switching fields, A/m.
  case switchingFieldWidth = "SFDwidth"
  /// Polarisation at the largest field, T.
  case maximumPolarisation = "Jmax"
  /// Moment at zero applied field, A·m², when the volume is not known.
  case remanentMoment = "remanentMoment"

  /// The SI unit.
  public var unit: SIUnit {
    switch self {
    case .remanence: Remanence.unit
    case .coercivityHcB: CoercivityHcB.unit
    case .coercivityHcJ: CoercivityHcJ.unit
    case .energyProduct: EnergyProduct.unit
    case .kneeField, .kneeField95, .kneeField80, .irreversibleLoss2, .irreversibleLoss5, .irreversibleLoss10:
      KneeField.unit
    case .squareness: Squareness.unit
    case .recoilPermeability: RecoilPermeability.unit
    case .switchingFieldWidth: SwitchingFieldWidth.unit
    case .maximumPolarisation: Polarisation.unit
    case .remanentMoment: MagneticMoment.unit
    }
  }
}

/// A characteristic's estimate with its kind erased, expanded with a stated coverage probability.
///
/// What reports, archives and decision rules work on; made from the typed `Estimate` by `MagnetProperties`.
public struct CharacteristicEstimate: Hashable, Sendable {
  /// Which characteristic.
  public let characteristic: Characteristic
  /// The value, in `characteristic.unit`.
  public let value: Double
  /// The combined standard uncertainty, in the same unit.
  public let standardUncertainty: Double
  /// The effective degrees of freedom; nil when infinite.
  public let degreesOfFreedom: Double?
  /// The coverage factor and its probability.
  public let coverage: CoverageFactor
  /// The budget, contributions in the same unit.
  public let budget: [BudgetLine]
  /// The id of definition and estimator.
  public let method: String
  /// The value by a second method, in the same unit; nil when only one was used.
  public let alternative: AlternativeValue?

  /// U = k·u, in `characteristic.unit`.
  public var expandedUncertainty: Double { coverage.k * standardUncertainty }

  /// The estimate of a characteristic, expanded to `coverageProbability`.
  public init<Kind>(
    _ characteristic: Characteristic, _ estimate: Estimate<Kind>, coverageProbability: Double
  ) {
    precondition(Kind.unit == characteristic.unit, "\(characteristic.rawValue) in \(Kind.unit.rawValue)")
    self.characteristic = characteristic
    value = estimate.value.si
    standardUncertainty = estimate.standardUncertainty
    degreesOfFreedom = estimate.degreesOfFreedom
    coverage = CoverageFactor(
      probability: coverageProbability, degreesOfFreedom: estimate.degreesOfFreedom)
    budget = estimate.budget
    method = estimate.method
    alternative = estimate.alternative
  }

  /// An estimate from its parts, in `characteristic.unit`.
  public init(
    _ characteristic: Characteristic, value: Double, budget: [BudgetLine], method: String,
    coverageProbability: Double = CoverageFactor.conventional
  ) {
    self.characteristic = characteristic
    self.value = value
    self.budget = budget
    self.method = method
    standardUncertainty = combinedStandardUncertainty(budget)
    degreesOfFreedom = effectiveDegreesOfFreedom(budget)
    coverage = CoverageFactor(probability: coverageProbability, degreesOfFreedom: degreesOfFreedom)
    alternative = nil
  }
}

/// Why a characteristic has no value, with the bound that is known.
public struct Absence: Hashable, Sendable {
  /// Which characteristic.
  public let characteristic: Characteristic
  /// The code of the flag that explains it.
  public let reason: Flag.Code
  /// The value is larger than this, in `characteristic.unit`; nil when nothing is known.
  public let lowerBound: Double?

  /// An absence from its parts; `lowerBound` in `characteristic.unit`.
  public init(_ characteristic: Characteristic, _ reason: Flag.Code, lowerBound: Double? = nil) {
    self.characteristic = characteristic
    self.reason = reason
    self.lowerBound = lowerBound
  }
}

/// Something that a reader of the numbers must know.
public struct Flag: Hashable, Sendable {
  /// The kinds of flag; the raw value is the code in JSON and in the archive.
  public enum Code: String, Codable, Hashable, Sendable, CaseIterable {
    /// The largest field was not enough to saturate the specimen.
    case unsaturated = "unsaturated"
    /// Too few points in the switching region.
    case undersampled = "undersampled"
    /// The data end before J = 0.
    case incompleteHcJ = "incomplete-hcj"
    /// The data end before B = 0.
    case incompleteHcB = "incomplete-hcb"
    /// The data do not reach the knee.
    case incompleteHk = "incomplete-hk"
    /// No recoil loop in the data, and one was asked for.
    case noRecoilLoop = "no-recoil-loop"
    /// The maximum of −B·H is not bracketed by data.
    case incompleteBHmax = "incomplete-bhmax"
    /// The data do not reach H = 0.
    case incompleteBr = "incomplete-br"
    /// Br was extrapolated from fields below zero.
    case remanenceExtrapolated = "br-extrapolated"
    /// Closed circuit and HcJ above 1600 kA/m: the pole pieces saturate.
    case poleSaturation = "pole-saturation"
    /// The temperature is outside 19–27 °C.
    case temperature = "temperature"
    /// Values could not be reduced to the reference temperature, or only by a coefficient beyond its range.
    case temperatureReduction = "temperature-reduction"
    /// Neither file nor user gives a temperature.
    case noTemperature = "no-temperature"
    /// Only one branch of the loop.
    case singleBranch = "single-branch"
    /// Only the second quadrant.
    case secondQuadrantOnly = "q2-only"
    /// Only an initial curve.
    case initialOnly = "initial-only"
    /// J crosses zero more than once.
    case multipleCrossings = "multiple-crossings"
    /// J was computed from B.
    case fromFluxDensity = "from-B"
    /// Volume unknown: only the moment can be given.
    case noVolume = "no-volume"
    /// An open circuit whose self-demagnetisation was not corrected.
    case noDemagnetisation = "no-demagnetisation"
    /// J is negative at positive saturation.
    case reversedPolarity = "reversed-polarity"
    /// The fitted curve does not follow the data within their noise.
    case modelMisfit = "model-misfit"
    /// Mass, volume or density contradict each other or all experience.
    case implausible = "implausible"
    /// A value that the instrument itself reports lies outside our uncertainty.
    case instrumentDiffers = "instrument-differs"
    /// The two branches disagree by more than their noise.
    case asymmetric = "asymmetric"
    /// Offsets of field or response were found from both branches and taken out.
    case centred = "centred"
    /// A drift of the response was found from both branches and taken out.
    case driftCorrected = "drift-corrected"
    /// The response stands still at its extreme value while the field moves on: the range overflowed.
    case clipped = "clipped"
    /// The approach to saturation was asked for and cannot be fitted.
    case noSaturationFit = "no-saturation-fit"
    /// Field values far off the sweep were replaced.
    case despiked = "despiked"
    /// The uncertainty rests on a default Type B budget, not on this instrument's.
    case defaultBudget = "default-budget"
    /// The noise level is that of single points, without a closed loop.
    case noiseFromDifferences = "noise-from-differences"
    /// The noise is coloured and no blank record tells what of it is slower than the loop.
    case noBlank = "no-blank"
    /// The blank record is shorter than 16 loop times.
    case shortBlank = "short-blank"
    /// The rate of the field at which the coercivity holds: magnetic viscosity is not taken out.
    case sweepRate = "sweep-rate"
    /// Eddy currents in the specimen raise its coercivity and were not evaluated.
    case eddyCurrents = "eddy-currents"
    /// No empty shot: what the coils record without a specimen is taken from the setup.
    case noEmptyShot = "no-empty-shot"
    /// The delay of the pickup against the field is taken as none.
    case delayUnknown = "delay-unknown"
    /// The stated state before the shot and the saturated ends of the sweep contradict each other.
    case initialState = "initial-state"
    /// Mains hum was to be taken out and could not be told from the rest.
    case mainsHum = "mains-hum"
    /// Too few points for polynomials: straight lines between samples.
    case sparse = "sparse"
    /// Conventional two-point values: no uncertainty evaluation of the method itself.
    case interpolation = "interpolation"
    /// Local estimators only, no fitted curve.
    case localOnly = "local-only"
    /// HcJ changes with the rate of the field by more than 1 %.
    case rateDependent = "rate-dependent"
  }

  /// The kind.
  public let code: Code
  /// One sentence in plain words with the figures that led to it.
  public let message: String

  /// A flag from its parts.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
