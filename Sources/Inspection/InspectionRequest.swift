// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Archive
public import Certification
public import Measurements
internal import Quantities

/// What is to be done with every file: how to read, analyse and judge it.
public struct InspectionRequest: Sendable {
  /// What the user says about the specimens; it wins over the files.
  public var sample = Sample()
  /// What the user says about single files, by path or by file name; it wins over `sample`.
  public var samples: [String: Sample] = [:]
  /// The driver to use; nil to recognise it.
  public var instrumentID: String?
  /// The id or the path of the profile to read with instead of a driver; nil for none.
  public var profile: String?
  /// Units for columns without one, and the block of a file that holds several.
  public var reading = ReadingOptions()
  /// How values are read off.
  public var method = EstimationMethod.fit
  /// How the recoil permeability is found.
  public var recoilMethod = RecoilMethod.auto
  /// Which branches.
  public var branch = BranchChoice.both
  /// Which columns.
  public var columns = ColumnChoice.raw
  /// How the self-demagnetising field is corrected.
  public var demagnetisation = DemagnetisationChoice.automatic
  /// The path of what the instrument recorded without a specimen; nil when there is none.
  public var blank: String?
  /// The path of the sensitivity against field of coils between iron poles; nil when it is taken as constant.
  public var imageEffect: String?
  /// The path of the setup that says what the channels of waveform records mean; nil when only loops are read.
  public var setup: String?
  /// The paths of empty shots: one for all files, or one for each in their order; empty for none.
  public var emptyShots: [String] = []
  /// The path of the shot of a specimen with a known polarisation; nil for none.
  public var calibrationShot: String?
  /// Whether the files are shots of one specimen at two or three rates, to be extrapolated to none.
  public var combinesRates = false
  /// The Type B budget; nil for the general one of the circuit.
  public var budget: TypeBBudget?
  /// The probability that expanded uncertainties are meant to cover.
  public var coverageProbability = 0.9545
  /// Whether the approach to saturation is fitted.
  public var approachToSaturation = false
  /// The reduction to a reference temperature; nil for none.
  public var reduction: TemperatureReduction?
  /// A Monte Carlo evaluation of the uncertainties; nil for none.
  public var monteCarlo: MonteCarloRequest?
  /// Table and rule; nil when nothing is to be judged.
  public var judge: Judge?
  /// The grade to judge against; nil to list the grades that are met.
  public var grade: Grade?
  /// Whether the judgement is to be explained step by step.
  public var explains = false
  /// Whether analyses give what diagrams show beyond the results.
  public var wantsDetails = false
  /// Whether JSON records carry the uncertainty budget.
  public var showBudget = false

  /// A request with the defaults.
  public init() {}

  /// What of it does not show in a result, for the archive.
  var archived: ArchivedSettings {
    let demagnetisation =
      switch demagnetisation {
      case .automatic: "auto"
      case .none: "none"
      case .factor(let factor): "\(factor.si)"
      }
    return ArchivedSettings(
      branch: branch.rawValue, columns: columns.rawValue, demagnetisation: demagnetisation,
      columnUnits: reading.columnUnits.map { "\($0.key)=\($0.value.symbol)" }.sorted().joined(
        separator: "\n"),
      block: reading.block ?? "", limits: judge?.limitSelection.rawValue ?? "",
      allowsUnchecked: judge?.allowUnchecked ?? false)
  }

  /// What the user says about a file.
  func stated(for path: String) -> Sample {
    Self.key(for: path, in: samples).flatMap { samples[$0] }.map(sample.overridden) ?? sample
  }

  /// Names in `samples` that are none of the files: slips that would leave a specimen without its values.
  public func unmatchedSamples(_ paths: [String]) -> [String] {
    let used = Set(paths.compactMap { Self.key(for: $0, in: samples) })
    return samples.keys.filter { !used.contains($0) }.sorted()
  }

  private static func key(for path: String, in samples: [String: Sample]) -> String? {
    if samples[path] != nil { return path }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return samples[name] == nil ? nil : name
  }
}
