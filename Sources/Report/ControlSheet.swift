// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Certification
public import LotStatistics
internal import Quantities

/// One value of a characteristic in the order of a chart.
public struct ControlValue: Hashable, Sendable {
  /// What was measured.
  public let name: String
  /// The archive that holds it.
  public let archive: String
  /// The value, in the characteristic's unit.
  public let value: Double
  /// U, in the same unit.
  public let expandedUncertainty: Double

  /// A value from its parts.
  public init(name: String, archive: String, value: Double, expandedUncertainty: Double) {
    self.name = name
    self.archive = archive
    self.value = value
    self.expandedUncertainty = expandedUncertainty
  }
}

/// The control charts of a characteristic, and what repeated measurements of a reference magnet say.
public struct ControlSheet: Hashable, Sendable {
  /// The known value of a reference magnet.
  public struct Reference: Hashable, Sendable {
    /// The value, in the characteristic's unit.
    public let value: Double
    /// U, in the same unit.
    public let expandedUncertainty: Double

    /// A reference from its parts.
    public init(value: Double, expandedUncertainty: Double) {
      self.value = value
      self.expandedUncertainty = expandedUncertainty
    }
  }

  let characteristic: Characteristic
  let values: [ControlValue]
  let subgroupSize: Int
  let charts: ControlChartPair
  let reference: Reference?
  let errors: [NormalisedError]
  /// The trend over the number of the measurement; nil for fewer than four values.
  let trend: TrendCheck?

  /// The charts of values in order; of single values for a subgroup size of 1, else of means and standard deviations.
  ///
  /// Values behind the last whole subgroup are left out. With a `reference` every value gets its E_n. Throws a sentence
  /// for too few values.
  public init(
    _ characteristic: Characteristic, values: [ControlValue], subgroupSize: Int = 1,
    reference: Reference? = nil
  ) throws(LotStatisticsError) {
    precondition(subgroupSize > 0, "subgroups of \(subgroupSize)")
    let whole = Array(values.prefix(values.count - values.count % subgroupSize))
    self.characteristic = characteristic
    self.values = whole
    self.subgroupSize = subgroupSize
    self.reference = reference
    let numbers = whole.map(\.value)
    charts =
      subgroupSize == 1
      ? try ControlChartPair(individuals: numbers)
      : try ControlChartPair(
        subgroups: stride(from: 0, to: numbers.count, by: subgroupSize).map {
          Array(numbers[$0..<$0 + subgroupSize])
        })
    var errors: [NormalisedError] = []
    if let reference {
      for value in whole {
        errors.append(
          try NormalisedError(
            measured: value.value, uncertainty: value.expandedUncertainty, reference: reference.value,
            referenceUncertainty: reference.expandedUncertainty))
      }
    }
    self.errors = errors
    trend =
      numbers.count < 4 ? nil : try TrendCheck(times: numbers.indices.map { Double($0 + 1) }, values: numbers)
  }

  /// Whether no point signals, every E_n is at most 1, and a reference magnet shows no trend.
  public var isInControl: Bool {
    charts.location.isInControl && charts.spread.isInControl && errors.allSatisfy(\.isSatisfactory)
      && (reference == nil || trend?.hasTrend != true)
  }

  /// The charts for a terminal; ends with a line feed.
  public func text(units: DisplayUnits = .si) -> String {
    let column = Column(characteristic, units)
    func text(_ value: Double) -> String { shortText(column.unit.value(value), significant: 6) }
    let (location, spread) = (charts.location, charts.spread)
    let (first, second) =
      subgroupSize == 1 ? ("single values", "moving ranges") : ("means", "standard deviations")
    var lines = [
      "  \(column.headingWithUnit): \(values.count) values"
        + (subgroupSize > 1 ? " in subgroups of \(subgroupSize)" : ""),
      "  \(first): centre \(text(location.centre)), limits \(text(location.lowerLimit)) and "
        + text(location.upperLimit),
      "  \(second): centre \(text(spread.centre)), limits \(text(spread.lowerLimit)) and "
        + text(spread.upperLimit),
    ]
    lines += signalLines(location, first) + signalLines(spread, second)
    for (value, error) in zip(values, errors) {
      lines.append("  \(printable(value.name)): \(error.sentence).")
    }
    if let trend { lines.append("  Over the measurements: \(trend.sentence).") }
    lines.append(isInControl ? "  In control." : "  OUT OF CONTROL.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func signalLines(_ chart: ControlChart, _ name: String) -> [String] {
    chart.signals.sorted { $0.key.rawValue < $1.key.rawValue }.map { rule, points in
      let places = points.map { "\($0 + 1)" }.joined(separator: ", ")
      return "  \(name), Nelson's rule \(rule.rawValue), \(rule.sentence): at \(places)"
    }
  }

  /// The charts as one line of JSON, schema `magcert.control/1`, without the line feed; values in SI units.
  ///
  /// `location` and `spread` have `points`, `centre`, `lowerLimit`, `upperLimit` and `signals`, the points counted from 1
  /// by the number of Nelson's rule. `normalisedErrors` and `reference` are there with a reference magnet, `trend`, per
  /// measurement, with four values or more.
  public func jsonLine() -> String {
    jsonText(
      ControlObject(
        quantity: characteristic.rawValue, unit: characteristic.unit, subgroupSize: subgroupSize,
        values: values.map {
          .init(
            name: $0.name, archive: $0.archive, value: $0.value, expandedUncertainty: $0.expandedUncertainty)
        },
        location: ControlChartObject(charts.location), spread: ControlChartObject(charts.spread),
        sigma: charts.sigma,
        reference: reference.map { .init(value: $0.value, expandedUncertainty: $0.expandedUncertainty) },
        normalisedErrors: reference == nil ? nil : errors.map(\.value),
        trend: trend.map {
          .init(
            slope: $0.slope, standardUncertainty: $0.slopeUncertainty, probability: $0.slopeProbability,
            risingLessFalling: $0.risingLessFalling, rankProbability: $0.rankProbability,
            isSignificant: $0.hasTrend)
        }, isInControl: isInControl))
  }
}

private struct ControlObject: Encodable {
  struct Value: Encodable {
    let name: String
    let archive: String
    let value: Double
    let expandedUncertainty: Double
  }
  struct Known: Encodable {
    let value: Double
    let expandedUncertainty: Double
  }
  struct Trend: Encodable {
    let slope: Double
    let standardUncertainty: Double
    let probability: Double
    let risingLessFalling: Int
    let rankProbability: Double
    let isSignificant: Bool
  }
  var schema = "magcert.control/1"
  let quantity: String
  let unit: SIUnit
  let subgroupSize: Int
  let values: [Value]
  let location: ControlChartObject
  let spread: ControlChartObject
  let sigma: Double
  let reference: Known?
  let normalisedErrors: [Double]?
  let trend: Trend?
  let isInControl: Bool
}

private struct ControlChartObject: Encodable {
  let points: [Double]
  let centre: Double
  let lowerLimit: Double
  let upperLimit: Double
  let signals: [String: [Int]]

  init(_ chart: ControlChart) {
    points = chart.points
    centre = chart.centre
    lowerLimit = chart.lowerLimit
    upperLimit = chart.upperLimit
    signals = Dictionary(
      uniqueKeysWithValues: chart.signals.map { ("\($0.key.rawValue)", $0.value.map { $0 + 1 }) })
  }
}
