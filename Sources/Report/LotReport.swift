// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certificates
public import Certification
internal import LotStatistics

/// A lot with the decision on it and the statistics of its pieces.
public struct LotReport: Hashable, Sendable {
  /// How many pieces have which result.
  public let summary: LotSummary
  /// The grade that the pieces were judged against; nil when none was.
  public let grade: String?
  /// The id of the grade table.
  public let table: String?
  /// The decision by the sampling plan; nil without a plan.
  public let verdict: LotVerdict?
  /// The statistics of each characteristic.
  public let statistics: [LotCharacteristic]
  /// Why inspection is as severe as it is, where the history of earlier lots says it.
  public let severityReason: String?

  /// The report of a lot.
  ///
  /// `pieces` are one for each sample and each file that gave no result, in the order of the files, collected for `plan`;
  /// `grade` and `table` are what they were judged against.
  public init(
    _ summary: LotSummary, plan: LotPlan?, pieces: LotPieces, grade: String?, table: String?,
    severityReason: String? = nil
  ) {
    self.summary = summary
    self.grade = grade
    self.table = table
    verdict = plan?.verdict(on: pieces)
    statistics = LotCharacteristic.statistics(of: pieces)
    self.severityReason = severityReason
  }
}

extension LotVerdict {
  /// The decision in words, such as `ACCEPTED`.
  var words: String { result.rawValue.uppercased() }
}

extension LotPlan {
  /// The plan in one sentence.
  var words: String {
    let heading =
      "\(standard), \(basis.severity.rawValue) inspection, AQL \(basis.limit) %, code letter \(basis.codeLetter): "
      + (basis.lotSize.map { "lot of \($0), " } ?? "") + "\(basis.sampleSize) pieces, "
    return switch self {
    case .attributes(let plan):
      heading
        + "accept with up to \(plan.acceptanceNumber) that do not conform, reject from \(plan.rejectionNumber)."
    case .variables(let plan, .k):
      heading + "quality index at least k = \(shortText(plan.acceptabilityConstant, significant: 4))."
    case .variables(let plan, .m):
      heading + "at most M = \(shortText(plan.maximumPercent, significant: 4)) % estimated not to conform."
    }
  }
}

extension LotReport {
  /// The decision and the statistics for a terminal; ends with a line feed.
  public func text(units: DisplayUnits = .si, colour: Bool = false) -> String {
    var lines: [String] = []
    if let verdict {
      let name = summary.lot.map { " \(printable($0))" } ?? ""
      lines += ["  Lot\(name) \(verdict.words)", "  " + verdict.plan.words]
      if let severityReason { lines.append("  Inspection is \(severityReason).") }
      lines += verdict.reasons.map { "  " + printable($0) }
    } else {
      lines.append("  " + printable(summary.words))
    }
    if !statistics.isEmpty { lines += [""] + statisticsLines(units, colour) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func statisticsLines(_ units: DisplayUnits, _ colour: Bool) -> [String] {
    var table = TextTable(
      [("quantity", .left)]
        + ["n", "mean", "s", "least", "largest", "u", "Ppk", "95 % CI", "95/95 limit"].map { ($0, .right) })
    for row in statistics where row.limits != nil || lotCharacteristics.contains(row.characteristic) {
      let column = Column(row.characteristic, units)
      func text(_ value: Double) -> String { shortText(column.unit.value(value), significant: 5) }
      let index = row.capability?.ppk
      let ends = [row.tolerance?.lower, row.tolerance?.upper].compactMap { $0.map(text) }
      table.append([
        .init(column.headingWithUnit), .init("\(row.count)"), .init(text(row.mean)),
        .init(shortText(column.unit.value(row.standardDeviation), significant: 3)), .init(text(row.least)),
        .init(text(row.largest)),
        .init(shortText(column.unit.value(row.standardUncertainty), significant: 3)),
        .init(index.map { shortText($0.value, significant: 3) } ?? ""),
        .init(
          index.map { "\(shortText($0.lower, significant: 3)) – \(shortText($0.upper, significant: 3))" }
            ?? ""),
        .init(ends.joined(separator: " – ")),
      ])
    }
    return table.lines(colour: colour)
  }

  /// What stands in a certificate; nil without a plan.
  public var acceptance: Acceptance? {
    guard let verdict else { return nil }
    return Acceptance(
      method: verdict.plan.method, plan: verdict.plan.words,
      isAccepted: verdict.result == .undetermined ? nil : verdict.result == .accepted,
      sentence: verdict.reasons.joined(separator: " "),
      statistics: statistics.compactMap { row in
        row.capability.map {
          Acceptance.Statistic(
            name: "Ppk of \(row.characteristic.rawValue)", value: $0.ppk.value, lower: $0.ppk.lower,
            upper: $0.ppk.upper)
        }
      })
  }
}
