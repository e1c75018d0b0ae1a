// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
public import Quantities

/// How values are read off the loop.
public enum EstimationMethod: String, Codable, Hashable, Sendable, CaseIterable {
  /// A curve fitted to all samples, and local polynomials with data-chosen windows that check it.
  case fit
  /// The local polynomials alone: about twice as fast, and no second estimator tells how far one is off.
  case local
  /// The conventional straight line between two neighbouring points, for comparison only.
  case interpolation
}

/// How the recoil permeability is found; the raw value is the id of the method.
public enum RecoilMethod: String, Codable, Hashable, Sendable, CaseIterable {
  /// `recoil-loop` where the data hold one, else `major-slope`.
  case auto
  /// The least-squares line of B(H) through a recoil loop, from its lower tip back to H = 0 (IEC 60404-5).
  case recoilLoop = "recoil-loop"
  /// The line from the lower tip of a recoil loop to where it reaches H = 0, without a fit.
  case secant
  /// The least-squares line of B(H) of the major curve over −0.7·HcB ≤ H ≤ 0; µrec of a straight curve only.
  case majorSlope = "major-slope"
}

/// Which branches of the loop are used.
public enum BranchChoice: String, Codable, Hashable, Sendable, CaseIterable {
  /// The one from positive to negative saturation.
  case falling
  /// The one from negative to positive saturation, mirrored.
  case rising
  /// Both, averaged; the one there is when there is only one.
  case both
}

/// Which columns of the file are used.
public enum ColumnChoice: String, Codable, Hashable, Sendable, CaseIterable {
  /// As measured.
  case raw
  /// With the instrument's own corrections where the file has them.
  case processed
}

/// The choices that a loop is analysed with.
public struct AnalysisSettings: Sendable {
  /// How values are read off.
  public var method: EstimationMethod
  /// Which branches.
  public var branch: BranchChoice
  /// Which columns.
  public var columns: ColumnChoice
  /// How the self-demagnetising field is corrected.
  public var demagnetisation: DemagnetisationChoice
  /// The Type B budget.
  public var budget: TypeBBudget
  /// The probability that expanded uncertainties are meant to cover.
  public var coverageProbability: Double
  /// Whether the approach to saturation is fitted.
  public var approachToSaturation: Bool
  /// How the recoil permeability is found.
  public var recoilMethod: RecoilMethod
  /// What the instrument records without a specimen; nil when there is none.
  public var blank: BlankRecord?
  /// How the sensitivity changes with the field; nil where it does not, as without iron.
  public var imageEffect: ImageEffectTable?
  /// A fixed number of logistic switching components of the fitted curve, for validation; nil to let the data choose.
  public var ladderComponents: Int?
  /// Whether to give `LoopAnalysis.details`, which cost time.
  public var wantsDetails = false

  /// The defaults of an analysis with a budget.
  public init(
    method: EstimationMethod = .fit, branch: BranchChoice = .both, columns: ColumnChoice = .raw,
    demagnetisation: DemagnetisationChoice = .automatic, budget: TypeBBudget,
    coverageProbability: Double = CoverageFactor.conventional, approachToSaturation: Bool = false,
    recoilMethod: RecoilMethod = .auto, blank: BlankRecord? = nil
  ) {
    self.method = method
    self.branch = branch
    self.columns = columns
    self.demagnetisation = demagnetisation
    self.budget = budget
    self.coverageProbability = coverageProbability
    self.approachToSaturation = approachToSaturation
    self.recoilMethod = recoilMethod
    self.blank = blank
  }
}

/// The components of uncertainty that one loop cannot tell: what is known of the instrument and specimen.
public struct TypeBBudget: Hashable, Sendable {
  /// What a line's standard uncertainty is an uncertainty of.
  public enum Input: Hashable, Sendable {
    /// A common relative error of moment, flux or volume; unit one.
    case polarisationGain
    /// A common relative error of the field; unit one.
    case fieldGain
    /// The demagnetising factor; unit one. No effect without a correction.
    case demagnetisingFactor
    /// An apparent susceptibility, from coil areas or background; unit one.
    case susceptibility
    /// The specimen's temperature, in K, with the coefficients of Br and HcJ in 1/K.
    case temperature(alphaPerKelvin: Double, betaPerKelvin: Double)
    /// The zero of the polarisation relative to Br; unit one. Cancels between two branches.
    case polarisationOffset
    /// The zero of the field, in A/m. Cancels between two branches.
    case fieldOffset
    /// The level of both mapped branches relative to Br, which a drift shifts; unit one. Does not cancel.
    case loopLevel
    /// Independent errors of the response along the curve, in the unit of the response channel; the standard
    /// uncertainty is a factor on them, mostly 1. They are one line, because one effect causes them.
    case responseProfiles([ErrorProfile])
    /// Independent errors of the field along the curve, in A/m, otherwise the same.
    case fieldProfiles([ErrorProfile])

    /// Inputs that vary each on its own.
    public var independent: [Input] {
      switch self {
      case .responseProfiles(let profiles): profiles.map { .responseProfiles([$0]) }
      case .fieldProfiles(let profiles): profiles.map { .fieldProfiles([$0]) }
      default: [self]
      }
    }
  }

  /// One line.
  public struct Line: Hashable, Sendable {
    /// A stable name.
    public let id: String
    /// What it stands for.
    public let title: String
    /// What it acts on.
    public let input: Input
    /// The standard uncertainty of the input, in the unit that `input` names.
    public let standardUncertainty: Double
    /// Degrees of freedom; nil when infinite.
    public let degreesOfFreedom: Double?
    /// How the error of the input is distributed, for Monte Carlo.
    public let distribution: Distribution
    /// Type B, but for what statistics of this loop gave.
    public let evaluation: Evaluation

    /// A line from its parts.
    public init(
      id: String, title: String, input: Input, standardUncertainty: Double, degreesOfFreedom: Double? = nil,
      distribution: Distribution = .normal, evaluation: Evaluation = .typeB
    ) {
      self.id = id
      self.title = title
      self.input = input
      self.standardUncertainty = standardUncertainty
      self.degreesOfFreedom = degreesOfFreedom
      self.distribution = distribution
      self.evaluation = evaluation
    }
  }

  /// How the error of an input is distributed; its standard uncertainty is the same number in either case.
  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// Normal.
    case normal
    /// Equally likely up to √3 times the standard uncertainty, and never more.
    case rectangular
  }

  /// The name under which it is archived and printed.
  public let name: String
  /// Whether it is a general one instead of this instrument's own.
  public let isDefault: Bool
  /// The lines.
  public let lines: [Line]

  /// A budget from its parts.
  public init(name: String, isDefault: Bool, lines: [Line]) {
    self.name = name
    self.isDefault = isDefault
    self.lines = lines
  }
}

/// Why a loop could not be analysed.
public struct AnalysisError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Reasons that callers tell apart.
  public enum Code: String, Hashable, Sendable {
    /// No field sweep in the data.
    case noSweep = "no-sweep"
    /// Facts about the specimen contradict each other or cannot be true.
    case sample = "sample"
    /// The self-demagnetisation correction folds the curve back.
    case overCorrected = "over-corrected"
    /// The blank record is not one of the loop's instrument and settings, or too short.
    case blank = "blank"
    /// No curve was fitted, and what was asked for rests on one.
    case noCurve = "no-curve"
    /// A waveform record lacks something that its setup needs, or contradicts it.
    case waveform = "waveform"
    /// The table of the image effect is not one, does not reach as far as the fields, or has nothing to act on.
    case imageEffect = "image-effect"
    /// Loops and rates that no extrapolation to rest can be made of.
    case rates = "rates"
    /// The loops of a temperature series are too few or not at different temperatures.
    case temperatureSeries = "temperature-series"
  }

  /// The reason.
  public let code: Code
  /// One sentence with the figures.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
