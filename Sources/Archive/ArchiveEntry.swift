// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
public import Measurements
internal import Quantities

/// A file that a result rests on beside the one it was read from.
public struct Companion: Sendable {
  /// What a companion is; the raw value is the word in the archive.
  public enum Role: String, Sendable, CaseIterable {
    /// The setup that says what the channels of a record mean.
    case setup
    /// What the coils record without a specimen.
    case emptyShot = "empty-shot"
    /// What they record with a specimen of known polarisation.
    case calibrationShot = "calibration-shot"
    /// A shot of the same specimen at another rate.
    case otherRate = "other-rate"
    /// How the sensitivity between iron poles changes with the field.
    case imageEffect = "image-effect"
    /// The description of a text file that no driver knows, by which it was read.
    case profile
  }

  /// What it is.
  public let role: Role
  /// The file.
  public let file: SourceFile

  /// A companion from its parts.
  public init(_ role: Role, _ file: SourceFile) {
    self.role = role
    self.file = file
  }
}

/// What was asked for and does not show in the result: with it and the files a row can be recomputed; since schema 5.
public struct ArchivedSettings: Hashable, Sendable {
  /// Which branches, as `--branch`.
  public var branch: String
  /// Which columns of the file, as `--columns`.
  public var columns: String
  /// How the self-demagnetising field was corrected: `auto`, `none` or the factor.
  public var demagnetisation: String
  /// The units of columns whose header has none, one `name=unit` a line; empty when none was given.
  public var columnUnits: String
  /// The block of a file that holds several; empty when none was named.
  public var block: String
  /// Which limits were judged, as `--limits`; empty when nothing was judged.
  public var limits: String
  /// Whether grades with unchecked limits could serve.
  public var allowsUnchecked: Bool

  /// Settings from their parts.
  public init(
    branch: String, columns: String, demagnetisation: String, columnUnits: String = "", block: String = "",
    limits: String, allowsUnchecked: Bool
  ) {
    self.branch = branch
    self.columns = columns
    self.demagnetisation = demagnetisation
    self.columnUnits = columnUnits
    self.block = block
    self.limits = limits
    self.allowsUnchecked = allowsUnchecked
  }
}

/// What one loop of one file gave: one row of an archive.
public struct ArchiveEntry: Sendable {
  /// The file the loop was read from; equal files of several entries are stored once.
  public var source: SourceFile
  /// The id of the driver that read the file; nil when none could.
  public var instrument: String?
  /// Which loop of the file, from 0.
  public var loopIndex: Int
  /// How many loops the file holds.
  public var loopCount: Int
  /// The loop as read, or as made of voltages, in SI, with the specimen as it was used; nil when the file could not be
  /// read.
  public var measurement: LoopMeasurement?
  /// The voltages that `measurement` was made of; nil when the file holds a loop.
  public var waveform: WaveformMeasurement?
  /// The other files that the result rests on.
  public var companions: [Companion] = []
  /// What the analysis gave; nil when there was nothing to analyse.
  public var analysis: LoopAnalysis?
  /// The decision; nil when none was asked for.
  public var verdict: Verdict?
  /// The grades that the sample meets, best first.
  public var grades: [MetGrade]
  /// What was asked for; nil when it is not known.
  public var settings: ArchivedSettings?
  /// The line of JSON of the result or the error, without the budgets for which there are tables.
  public var record: String

  /// An entry from its parts; `loopIndex` counts from 0.
  public init(
    source: SourceFile, instrument: String? = nil, loopIndex: Int = 0, loopCount: Int = 1,
    measurement: LoopMeasurement? = nil, analysis: LoopAnalysis? = nil, verdict: Verdict? = nil,
    grades: [MetGrade] = [], record: String
  ) {
    self.source = source
    self.instrument = instrument
    self.loopIndex = loopIndex
    self.loopCount = loopCount
    self.measurement = measurement
    self.analysis = analysis
    self.verdict = verdict
    self.grades = grades
    self.record = record
  }
}

/// An entry with what several columns need, computed once.
///
/// An object, because hundreds of columns are asked in turn, and each would be handed a copy of everything.
final class LoopRow: Sendable {
  let entry: ArchiveEntry
  /// The row of the file in the table of sources.
  let source: Int
  /// The row of each companion in the table of sources.
  let companions: [Int]
  /// The estimate of each characteristic, in the order of all of them.
  let estimates: [CharacteristicEstimate?]
  /// Every budget line with the characteristic it belongs to.
  let budget: [(Characteristic, BudgetLine)]
  /// Every correction's parameters with the correction's place in the chain.
  let parameters: [(Int, AppliedCorrection.Parameter)]

  init(_ entry: ArchiveEntry, source: Int, companions: [Int]) {
    self.entry = entry
    self.source = source
    self.companions = companions
    let estimates = entry.analysis?.estimates ?? []
    self.estimates = Characteristic.allCases.map { characteristic in
      estimates.first { $0.characteristic == characteristic }
    }
    var budget: [(Characteristic, BudgetLine)] = []
    budget.reserveCapacity(estimates.reduce(0) { $0 + $1.budget.count })
    for estimate in estimates {
      for line in estimate.budget { budget.append((estimate.characteristic, line)) }
    }
    self.budget = budget
    parameters = (entry.analysis?.corrections ?? []).enumerated().flatMap { place, correction in
      correction.parameters.map { (place, $0) }
    }
  }

  var sample: Sample? { entry.measurement?.sample }
  var conditions: Conditions? { entry.analysis?.conditions }
  var limits: [CharacteristicVerdict] { entry.verdict?.characteristics ?? [] }
  var header: [HeaderEntry] { entry.measurement?.header ?? [] }

  /// The analysed loop's two columns; both empty when the volume is not known.
  var analysed: (field: [Double], polarisation: [Double]) {
    guard let loop = entry.analysis?.loop, loop.polarisation.count > 0 else { return ([], []) }
    return (loop.internalField.si, loop.polarisation.si)
  }
}
