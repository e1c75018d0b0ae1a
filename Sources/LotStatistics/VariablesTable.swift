// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import TOMLText

/// The published pairs of sample size and largest estimated percentage, which no formula gives.
struct VariablesTable: Sendable {
  struct Cell {
    var sampleSize: Int
    /// Percent.
    var maximum: Double
  }

  private let text: Text

  /// The table that comes with the program.
  static let bundled: Result<VariablesTable, LotStatisticsError> = {
    guard let folder = Bundle.module.url(forResource: "Plans", withExtension: nil),
      let toml = try? String(contentsOf: folder.appending(path: "variables.toml"), encoding: .utf8)
    else {
      return .failure(
        LotStatisticsError("the table Plans/variables.toml is not beside the program; install magcert again"))
    }
    do { return .success(VariablesTable(text: try decodeTOML(Text.self, from: toml))) } catch {
      return .failure(LotStatisticsError("the table Plans/variables.toml is damaged: \(error)"))
    }
  }()

  /// The quality limits in percent that have plans.
  var limits: [String] { Array(text.columns.dropFirst().dropLast()) }

  /// The cell of a letter; nil when the table has none.
  func cell(
    _ letter: Character, _ limit: AcceptanceQualityLimit, _ severity: InspectionSeverity,
    sigma: SigmaKnowledge
  ) -> Cell? {
    guard limits.contains(limit.description), let column = text.columns.firstIndex(of: limit.description)
    else {
      return nil
    }
    if severity == .reduced,
      let own = text.reduced_cell.first(where: {
        ($0.sigma, $0.letter, $0.aql) == (sigma.rawValue, String(letter), limit.description)
      })
    {
      return Cell(sampleSize: own.n, maximum: own.M.value)
    }
    let name = severity == .reduced ? text.reduced[String(letter)] : String(letter)
    guard let row = text.row.first(where: { ($0.sigma, $0.letter) == (sigma.rawValue, name ?? "") }) else {
      return nil
    }
    let shift = severity == .normal ? 0 : severity == .tightened ? -1 : 1
    let first = row.first_column.flatMap { text.columns.firstIndex(of: $0) } ?? 0
    let place = column + shift - first
    guard row.n.indices.contains(place), row.M.indices.contains(place) else { return nil }
    return Cell(sampleSize: row.n[place], maximum: row.M[place].value)
  }

  private struct Text: Decodable {
    let source: String
    let columns: [String]
    let reduced: [String: String]
    let row: [Row]
    let reduced_cell: [Exception]
  }

  private struct Row: Decodable {
    let sigma: String
    let letter: String
    let first_column: String?
    let n: [Int]
    let M: [TOMLNumber]
  }

  private struct Exception: Decodable {
    let sigma: String
    let letter: String
    let aql: String
    let n: Int
    let M: TOMLNumber
  }
}
