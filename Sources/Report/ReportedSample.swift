// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
public import Measurements
public import Validation

/// A file that a result rests on beside the one it was read from.
public struct ReportedCompanion: Hashable, Sendable {
  /// What it is, such as `setup` or `empty-shot`: the word of the archive.
  public let role: String
  /// The path as the user gave it.
  public let path: String
  /// The SHA-256 of its bytes as 64 hexadecimal digits.
  public let sha256: String

  /// A companion from its parts.
  public init(role: String, path: String, sha256: String) {
    self.role = role
    self.path = path
    self.sha256 = sha256
  }
}

/// A channel of a record of voltages.
public struct ReportedChannel: Hashable, Sendable {
  /// The name as the file spells it.
  public let name: String
  /// The unit of its samples, such as `V`.
  public let unit: String

  /// A channel from its parts.
  public init(name: String, unit: String) {
    self.name = name
    self.unit = unit
  }
}

/// Where the loop of a report came from.
public struct ReportedSource: Hashable, Sendable {
  /// The path as the user gave it.
  public var path: String
  /// The SHA-256 of the file's bytes as 64 hexadecimal digits; nil when the file could not be opened.
  public var sha256: String?
  /// How many bytes the file has; nil when it could not be opened.
  public var bytes: Int?
  /// The id of the driver that read the file; nil when none did.
  public var instrument: String?
  /// The instrument's model or program as the file names it.
  public var model: String?
  /// When the measurement was made, local time as ISO 8601.
  public var measured: String?
  /// Which of the file's loops this is, counted from 1.
  public var loopIndex: Int
  /// How many loops the file has.
  public var loopCount: Int
  /// The channels of a record of voltages with the unit of their samples; empty when the file holds a loop.
  public var channels: [ReportedChannel] = []
  /// The other files that the result rests on.
  public var companions: [ReportedCompanion] = []

  /// A source from its parts; `loopIndex` counts from 1.
  public init(
    path: String, sha256: String? = nil, bytes: Int? = nil, instrument: String? = nil, model: String? = nil,
    measured: String? = nil, loopIndex: Int = 1, loopCount: Int = 1
  ) {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
    self.instrument = instrument
    self.model = model
    self.measured = measured
    self.loopIndex = loopIndex
    self.loopCount = loopCount
  }
}

/// Everything that a report needs of one loop.
public struct ReportedSample: Hashable, Sendable {
  /// Where the loop came from.
  public var source: ReportedSource
  /// What is known of the specimen.
  public var sample: Sample
  /// What the analysis gave.
  public var analysis: LoopAnalysis
  /// What the driver did that is not plain from the data.
  public var notes: [ReadingNote]
  /// The decision against one grade; nil when none was asked for.
  public var verdict: Verdict?
  /// The grades that the sample meets, best first; nil when they were not looked for.
  public var grades: [MetGrade]?
  /// What the judgement rests on, to explain it; nil when that was not asked for.
  public var reasoning: JudgementReasoning?
  /// What Monte Carlo says of the uncertainties; nil when it was not asked for.
  public var monteCarlo: MonteCarloOutcome?
  /// The series that the loop is part of, for its record in an archive; nil elsewhere.
  public var temperatureSeries: ReportedTemperatureSeries?

  /// A reported sample from its parts; `grades` best first.
  public init(
    source: ReportedSource, sample: Sample, analysis: LoopAnalysis, notes: [ReadingNote] = [],
    verdict: Verdict? = nil, grades: [MetGrade]? = nil
  ) {
    self.source = source
    self.sample = sample
    self.analysis = analysis
    self.notes = notes
    self.verdict = verdict
    self.grades = grades
  }

  /// The specimen's name, else the last part of the path, with the loop's number where there are several.
  var name: String {
    if let id = sample.id?.value, !id.isEmpty { return id }
    let file = source.path.split(separator: "/").last.map(String.init) ?? source.path
    return source.loopCount > 1 ? "\(file) loop \(source.loopIndex)" : file
  }

  /// The estimate of a characteristic, to be marked in a diagram; nil when there is none or it is not finite.
  func estimate(_ characteristic: Characteristic) -> CharacteristicEstimate? {
    analysis.estimates.first { $0.characteristic == characteristic && $0.value.isFinite }
  }
}

/// A file that gave no result.
public struct ReportedFailure: Hashable, Sendable {
  /// The file, as far as it is known.
  public var source: ReportedSource
  /// A stable name such as `malformed`.
  public var code: String
  /// One sentence: what was found and what the user can do.
  public var message: String
  /// The line, counted from 1.
  public var line: Int?
  /// The name of the column.
  public var column: String?

  /// A failure from its parts; `line` counts from 1.
  public init(
    source: ReportedSource, code: String, message: String, line: Int? = nil, column: String? = nil
  ) {
    self.source = source
    self.code = code
    self.message = message
    self.line = line
    self.column = column
  }

  /// The failure to read a file.
  public init(source: ReportedSource, _ error: ReadError) {
    self.init(
      source: source, code: error.code.rawValue, message: error.detail, line: error.line, column: error.column
    )
  }
}
