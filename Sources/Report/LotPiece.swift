// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
internal import Quantities

/// One piece of a lot, reduced to what a page about the lot shows of it.
public struct LotPiece: Hashable, Sendable {
  /// A result, in the characteristic's unit.
  public struct Value: Hashable, Sendable {
    /// The value.
    public let value: Double
    /// Its standard uncertainty.
    public let standardUncertainty: Double
    /// The coverage factor of U.
    public let coverageFactor: Double

    /// A result from its parts, in the characteristic's unit.
    public init(value: Double, standardUncertainty: Double, coverageFactor: Double) {
      self.value = value
      self.standardUncertainty = standardUncertainty
      self.coverageFactor = coverageFactor
    }

    /// U.
    public var expandedUncertainty: Double { coverageFactor * standardUncertainty }
  }

  /// The specimen's name.
  public var name: String
  /// The path of its file, as the user gave it.
  public var path: String
  /// The decision on it; nil when it was not judged.
  public var verdict: Verdict?
  /// The results that are shown: at the reference temperature where they were reduced to one.
  public var values: [Characteristic: Value]
  /// What a characteristic without a value is at least, in its unit.
  public var lowerBounds: [Characteristic: Double]
  /// Why its file gave no result, one sentence; nil when it gave one.
  public var failure: String?
  /// The temperature in K that the values were reduced to; nil for values as measured.
  public var referenceTemperature: Double?
  /// The demagnetisation curve, as measured; nil when there is none to be drawn.
  public var curve: DemagnetisationCurve?

  /// A piece from its parts.
  public init(
    name: String, path: String, verdict: Verdict? = nil, values: [Characteristic: Value] = [:],
    lowerBounds: [Characteristic: Double] = [:], failure: String? = nil, referenceTemperature: Double? = nil,
    curve: DemagnetisationCurve? = nil
  ) {
    self.name = name
    self.path = path
    self.verdict = verdict
    self.values = values
    self.lowerBounds = lowerBounds
    self.failure = failure
    self.referenceTemperature = referenceTemperature
    self.curve = curve
  }

  /// A piece that was analysed.
  public init(_ sample: ReportedSample) {
    let analysis = sample.analysis
    let (estimates, absences) =
      analysis.reduced.map { ($0.estimates, $0.absences) } ?? (analysis.estimates, analysis.absences)
    self.init(
      name: sample.name, path: sample.source.path, verdict: sample.verdict,
      values: Dictionary(
        estimates.map {
          (
            $0.characteristic,
            Value(
              value: $0.value, standardUncertainty: $0.standardUncertainty, coverageFactor: $0.coverage.k)
          )
        }
      ) { first, _ in first },
      lowerBounds: Dictionary(
        absences.compactMap { absence in absence.lowerBound.map { (absence.characteristic, $0) } }
      ) { first, _ in first },
      referenceTemperature: analysis.reduced?.temperature.si, curve: analysis.curve)
  }

  /// A file that gave no result.
  public init(_ failure: ReportedFailure) {
    let path = failure.source.path
    self.init(
      name: path.split(separator: "/").last.map(String.init) ?? path, path: path, failure: failure.message)
  }

  /// Whether nothing says that it does not conform.
  var isOrdinary: Bool { verdict?.result.conforms ?? true }

  /// The decision in words, or that there is no result.
  var resultWords: String {
    failure == nil ? verdict?.result.words ?? "not judged" : "no result"
  }

  /// The place among the results, the worst first; of files without a result that of what is undetermined.
  var rank: Int {
    switch verdict?.result {
    case .fail: 0
    case .conditionalFail: 1
    case .undetermined: 2
    case nil: failure == nil ? 5 : 2
    case .conditionalPass: 3
    case .pass: 4
    }
  }

  /// The rows of a table of results, without limits.
  func rows(_ units: DisplayUnits) -> [ResultRow] {
    let bounds = lowerBounds.mapValues { RowNumbers(lowerBound: $0) }
    let known = values.mapValues {
      RowNumbers(
        value: $0.value, expandedUncertainty: $0.expandedUncertainty, coverageFactor: $0.coverageFactor)
    }
    return ResultRow.rows(units, .certified, bounds.merging(known) { $1 }, at: nil, [])
  }
}
