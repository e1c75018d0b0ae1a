// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certificates
internal import Certification
internal import Measurements
internal import Quantities
public import Report

/// What a batch has given so far, as little of it as the lot's verdict and statistics need.
public struct LotTally: Sendable {
  /// The counts.
  public private(set) var summary: LotSummary
  /// Whether no piece lacks a decision or a value, fails, or could not be read.
  public private(set) var outcome = Outcome.conforming
  private var specimens: [LotSpecimen] = []
  private let grade: String?
  private let table: String?
  private let rule: String?

  /// What the pieces say together, the worst last.
  public enum Outcome: Int, Comparable, Sendable {
    /// Every piece conforms.
    case conforming
    /// One does not.
    case nonconforming
    /// One could not be read or judged.
    case undecided

    /// The order of severity.
    public static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  }

  /// An empty tally of pieces that are judged as the request says.
  public init(lot: String?, judgedBy request: InspectionRequest) {
    summary = LotSummary(lot: lot)
    grade = request.grade?.name
    table = request.judge?.table.id
    rule = request.judge?.rule.id
  }

  /// Adds what one loop gave.
  public mutating func add(_ result: Inspected) {
    switch result {
    case .sample(let sample):
      add(LotSpecimen(sample.analysis, verdict: sample.verdict), met: sample.grades?.first?.result)
    case .failure: addUnread()
    }
  }

  /// Adds an archived record.
  ///
  /// Throws one sentence when it cannot be understood, or was judged otherwise than this run judges.
  public mutating func add(record: String) throws(InputError) {
    if (try? CertifiedFailure(record: record)) != nil {
      addUnread()
      return
    }
    let result: CertifiedResult
    do { result = try CertifiedResult(record: record) } catch {
      throw InputError("a record of the archive that is resumed cannot be read: \(error)")
    }
    if let verdict = result.verdict, verdict.grade != grade || verdict.table != table || verdict.rule != rule
    {
      throw InputError(
        "the archive that is resumed was judged against \(verdict.grade) of \(verdict.table) by \(verdict.rule); "
          + "resume it with the options that it was begun with, or begin another archive")
    }
    guard (result.verdict == nil) == (grade == nil) else {
      throw InputError(
        "the archive that is resumed was begun \(grade == nil ? "with" : "without") a grade; resume it with the options "
          + "that it was begun with, or begin another archive")
    }
    var values: [Characteristic: (value: Double, standardUncertainty: Double)] = [:]
    for (name, value) in result.reduced?.quantities ?? result.quantities {
      guard let characteristic = Characteristic(rawValue: name), let u = value.standardUncertainty else {
        continue
      }
      values[characteristic] = (value.value, u)
    }
    let limits = (result.verdict?.characteristics ?? []).compactMap { decision in
      decision.limit.map { LotSpecimen.Limit(decision.quantity, decision.side, $0) }
    }
    add(
      LotSpecimen(result: result.verdict?.result, limits: limits, values: values),
      met: result.gradeResults?.first?.result)
  }

  private mutating func add(_ specimen: LotSpecimen, met: Conformity?) {
    specimens.append(specimen)
    summary.add(specimen.result)
    // Without a grade a sample conforms when it meets any.
    let result = grade == nil ? met ?? .undetermined : specimen.result ?? .undetermined
    outcome = max(
      outcome, result == .undetermined ? .undecided : result.conforms ? .conforming : .nonconforming)
  }

  private mutating func addUnread() {
    specimens.append(.unread)
    summary.addFailure()
    outcome = .undecided
  }

  /// The lot with its verdict, where there is a plan, and its statistics.
  public func report(_ planned: PlannedLot?) -> LotReport {
    LotReport(
      summary, plan: planned?.plan, specimens: specimens, grade: grade, table: table,
      severityReason: planned?.severityReason)
  }
}
