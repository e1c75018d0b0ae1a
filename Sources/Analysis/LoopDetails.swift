// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
public import Quantities
internal import Signal

/// What diagrams of a loop show beyond its results; given on `AnalysisSettings.wantsDetails`.
public struct LoopDetails: Hashable, Sendable {
  /// The uncertainty of the demagnetisation curve, or why it is not known.
  public enum Band: Hashable, Sendable {
    /// The band.
    case known(CurveBand)
    /// The reason why there is none, half a sentence.
    case absent(String)
  }

  /// The uncertainty of the demagnetisation curve.
  public var band: Band
  /// What the fitted curve leaves of the samples; nil when no curve was fitted.
  public var residuals: CurveResiduals?
  /// The spectrum of the noise; nil for a loop without branches.
  public var noise: NoiseSpectrumEstimate?

  /// Details from their parts.
  public init(band: Band, residuals: CurveResiduals? = nil, noise: NoiseSpectrumEstimate? = nil) {
    self.band = band
    self.residuals = residuals
    self.noise = noise
  }
}

/// The fitted demagnetisation curve with its expanded uncertainty, field by field.
///
/// The uncertainty holds noise, what smoothing of the field left, and every Type B line, each as a change of J at fixed
/// internal field. There B = µ0·H + J is as uncertain as J. What only the comparison of two estimators
/// or of two branches tells is known for the properties alone and not in it.
public struct CurveBand: Hashable, Sendable {
  /// Internal field, falling from zero, in A/m.
  public var internalField: Series<InternalField>
  /// J of the fitted curve, in T.
  public var polarisation: Series<Polarisation>
  /// The expanded uncertainty of J, and of B as well, at each field, in T.
  public var expandedUncertainty: [Double]

  /// A band from its parts, of equal counts; traps otherwise.
  public init(
    internalField: Series<InternalField>, polarisation: Series<Polarisation>, expandedUncertainty: [Double]
  ) {
    precondition(
      internalField.count == polarisation.count && internalField.count == expandedUncertainty.count,
      "a band of unequal columns")
    self.internalField = internalField
    self.polarisation = polarisation
    self.expandedUncertainty = expandedUncertainty
  }

  /// U at an internal field in A/m, by a straight line between neighbours; nil outside the band.
  public func expandedUncertainty(at field: Double) -> Double? {
    let fields = internalField.si
    guard let below = fields.firstIndex(where: { $0 <= field }) else { return nil }
    guard fields[below] < field else { return expandedUncertainty[below] }
    guard below > 0 else { return nil }
    let share = (field - fields[below]) / (fields[below - 1] - fields[below])
    return expandedUncertainty[below] + share * (expandedUncertainty[below - 1] - expandedUncertainty[below])
  }
}

extension CurveBand {
  /// The band of a fitted curve, or why there is none.
  static func find(
    on ladder: FittedLadder?, _ assembly: PropertyAssembly, _ properties: MagnetProperties,
    data: ConditionedData, coverageProbability: Double, hasTooFewSamples: Bool
  ) -> LoopDetails.Band {
    guard data.hasPolarisation else { return .absent("the volume is not known") }
    guard let ladder else {
      if hasTooFewSamples { return .absent("too few samples in the switching region for a fitted curve") }
      return .absent(
        assembly.method == TwoPointInterpolation.method
          ? "values were read along straight lines between samples" : "no curve could be fitted to the loop")
    }
    let methods = [properties.remanence?.method, properties.coercivityHcJ?.method].compactMap(\.self)
    guard methods.allSatisfy({ $0 == LadderEstimator.method }) else {
      return .absent("the fitted curve does not follow the samples closely enough")
    }
    var (fields, polarisations, uncertainties): ([Double], [Double], [Double]) = ([], [], [])
    let wanted = ladder.fieldsAlongCurve(count: 96)
    // A few at a time: each reading holds the influence of every sample.
    for start in stride(from: 0, to: wanted.count, by: 8) {
      let some = Array(wanted[start..<min(start + 8, wanted.count)])
      for (field, readings) in zip(some, ladder.readings(at: some)) {
        guard let readings, let lines = assembly.linesOfCurve(readings) else { continue }
        let factor = CoverageFactor(
          probability: coverageProbability, degreesOfFreedom: effectiveDegreesOfFreedom(lines))
        let uncertainty = factor.k * combinedStandardUncertainty(lines)
        guard uncertainty.isFinite else { continue }
        fields.append(field)
        polarisations.append(ladder.value(at: field))
        uncertainties.append(uncertainty)
      }
    }
    guard fields.count > 1 else { return .absent("the samples do not determine the fitted curve") }
    return .known(
      CurveBand(
        internalField: Series(si: fields), polarisation: Series(si: polarisations),
        expandedUncertainty: uncertainties))
  }
}

/// What a fitted curve leaves of the samples of the branches that were evaluated.
public struct CurveResiduals: Hashable, Sendable {
  /// The residuals of one branch.
  public struct Branch: Hashable, Sendable {
    /// Whether it is the one from negative to positive saturation, mirrored.
    public var isAscending: Bool
    /// The internal field of the curve, mapped to the descending branch, falling, in A/m.
    public var internalField: Series<InternalField>
    /// The response less the curve where the field was measured, in `unit`.
    public var residual: [Double]

    /// A branch from its parts.
    public init(isAscending: Bool, internalField: Series<InternalField>, residual: [Double]) {
      self.isAscending = isAscending
      self.internalField = internalField
      self.residual = residual
    }
  }

  /// T, or A·m² when the volume is not known.
  public var unit: SIUnit
  /// The branches, the descending one first.
  public var branches: [Branch]
  /// The standard deviation of a sample's noise, as the loop or a blank record tells, in `unit`.
  public var noise: Double
  /// J, or the moment, of the curve at zero field, in `unit`.
  public var remanence: Double

  /// Residuals from their parts.
  public init(unit: SIUnit, branches: [Branch], noise: Double, remanence: Double) {
    self.unit = unit
    self.branches = branches
    self.noise = noise
    self.remanence = remanence
  }
}

extension CurveResiduals {
  init(
    of branches: [Analysis.Branch], kinds: [Sweep.Kind], _ ladder: FittedLadder, _ data: ConditionedData,
    _ noise: NoiseLevel
  ) {
    self.init(
      unit: data.hasPolarisation ? .tesla : .ampereSquareMetre,
      branches: zip(branches, kinds).map { branch, kind in
        let fitted = branch.field.map(ladder.response(atMeasured:))
        return Branch(
          isAscending: kind == .ascending,
          internalField: Series(si: zip(branch.field, fitted).map(data.shear.internalField)),
          residual: zip(branch.response, fitted).map(-))
      }, noise: noise.overall, remanence: ladder.value(at: 0))
  }
}
