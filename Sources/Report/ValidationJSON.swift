// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities
internal import Simulation
public import Validation

extension CellResult {
  /// The cell as one line of JSON, schema `magcert.validation/1`, without the line feed.
  ///
  /// Percentages are of the exact value, coverages of the number of loops. A figure that is not known is absent. In
  /// a limit, `lower` and `upper` are as applied, `requiredLower` and `requiredUpper` before the widening for fewer
  /// loops than `statedLoops`.
  public func jsonLine() -> String {
    jsonText(
      CellObject(
        truth: cell.truth.name, recording: cell.recording.rawValue, maximumField: cell.truth.maximumField,
        noiseKind: cell.noiseKind.rawValue,
        noisePercent: cell.noisePercent, points: cell.points, loops: cell.loops, seedBase: cell.seedBase,
        checks: cell.checks.map(\.rawValue), ladderComponents: cell.ladderComponents, pass: passes,
        rows: rows.map(RowObject.init)))
  }
}

extension ValidationSummary {
  /// The summary as one line of JSON, schema `magcert.validation-summary/1`, without the line feed.
  public func jsonLine(plan: String, _ circumstances: ValidationCircumstances) -> String {
    jsonText(
      SummaryObject(
        software: circumstances.software, created: circumstances.created,
        machine: .init(
          processors: circumstances.processors, architecture: circumstances.architecture,
          system: circumstances.system),
        plan: plan, cells: cells, loops: loops,
        rows: ["pass": passed, "fail": failed, "withoutLimit": withoutLimit],
        result: passes ? "pass" : "fail"))
  }
}

private struct SummaryObject: Encodable {
  struct Machine: Encodable {
    let processors: Int
    let architecture: String
    let system: String
  }
  var schema = "magcert.validation-summary/1"
  let software: String
  let created: String
  let machine: Machine
  let plan: String
  let cells: Int
  let loops: Int
  let rows: [String: Int]
  let result: String
}

private struct CellObject: Encodable {
  var schema = "magcert.validation/1"
  let truth: String
  let recording: String
  let maximumField: Double
  let noiseKind: String
  let noisePercent: Double
  let points: Int
  let loops: Int
  let seedBase: UInt32
  let checks: [String]
  let ladderComponents: Int?
  let pass: Bool
  let rows: [RowObject]
}

private struct RowObject: Encodable {
  struct Limit: Encodable {
    let figure: String
    let value: Double?
    let standardError: Double?
    let lower: Double?
    let upper: Double?
    let requiredLower: Double?
    let requiredUpper: Double?
    let statedLoops: Int
    let source: String
    let pass: Bool
  }
  let quantity: String
  let unit: String
  let exactValue: Double
  let count: Int
  let absent: Int
  let meanErrorPercent: Double?
  let standardDeviationPercent: Double?
  let rmsePercent: Double?
  let rmseStandardErrorPercent: Double?
  let boundPercent: Double?
  let ratioToBound: Double?
  let coveragePercent: Double?
  let coverageStandardErrorPercent: Double?
  let noiseCoveragePercent: Double?
  let noiseCoverageStandardErrorPercent: Double?
  let medianExpandedUncertaintyPercent: Double?
  let limits: [Limit]
  let pass: Bool?

  init(_ row: ValidationRow) {
    // An analysis that gives numbers that are not finite fails; the record of that must still be written.
    func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
    func figure(_ figure: ValidationFigure) -> Double? { finite(row.figures[figure]) }
    func error(_ figure: ValidationFigure) -> Double? { finite(row.standardErrors[figure]) }
    quantity = row.characteristic.rawValue
    unit = row.characteristic.unit.rawValue
    exactValue = row.exactValue
    count = row.count
    absent = row.absent
    meanErrorPercent = finite(row.meanErrorPercent)
    standardDeviationPercent = figure(.standardDeviation)
    rmsePercent = figure(.rmse)
    rmseStandardErrorPercent = error(.rmse)
    boundPercent = finite(row.boundPercent)
    ratioToBound = finite(row.ratioToBound)
    coveragePercent = figure(.coverage)
    coverageStandardErrorPercent = error(.coverage)
    noiseCoveragePercent = figure(.noiseCoverage)
    noiseCoverageStandardErrorPercent = error(.noiseCoverage)
    medianExpandedUncertaintyPercent = figure(.medianUncertainty)
    limits = row.outcomes.map {
      Limit(
        figure: $0.requirement.figure.rawValue, value: finite($0.value),
        standardError: finite($0.standardError), lower: finite($0.lower), upper: finite($0.upper),
        requiredLower: $0.requirement.lower, requiredUpper: $0.requirement.upper,
        statedLoops: $0.requirement.loops, source: $0.requirement.source, pass: $0.passes)
    }
    pass = row.passes
  }
}
