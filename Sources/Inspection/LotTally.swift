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
  private let planned: PlannedLot?
  private var pieces: LotPieces
  private let grade: String?
  private let table: String?
  private let rule: DecisionRule?

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

  /// An empty tally of pieces that are judged as the request says, of a lot with a plan or none.
  public init(lot: String?, judgedBy request: InspectionRequest, planned: PlannedLot?) {
    summary = LotSummary(lot: lot)
    self.planned = planned
    pieces = LotPieces(for: planned?.plan)
    grade = request.grade?.name
    table = request.judge?.table.id
    rule = request.judge?.rule
  }

  /// Adds what one loop gave.
  public mutating func add(_ result: Inspected) {
    switch result {
    case .sample(let sample):
      add(LotSpecimen(sample.analysis, verdict: sample.verdict), met: sample.grades?.first?.result)
    case .failure: addUnread()
    }
  }

  /// Adds an archived record, and gives the piece as the lot's page shows it.
  ///
  /// Throws one sentence when it cannot be understood, or was judged otherwise than this run judges.
  public mutating func add(record: String) throws(InputError) -> LotPiece {
    if let failure = try? CertifiedFailure(record: record) {
      addUnread()
      return LotPiece(
        name: failure.source.path, path: failure.source.path, failure: failure.error.message)
    }
    let result: CertifiedResult
    do { result = try CertifiedResult(record: record) } catch {
      throw InputError("a record of the archive that is resumed cannot be read: \(error)")
    }
    let piece = LotPiece(result)
    if let verdict = piece.verdict,
      verdict.grade != grade || verdict.table != table || verdict.rule != rule?.id
        || verdict.guardBand != rule?.guardBand
    {
      throw InputError(
        "the archive that is resumed was judged against \(verdict.grade) of \(verdict.table) by \(verdict.rule) with "
          + "w = \(verdict.guardBand)·U; resume it with the options that it was begun with, or begin another archive"
      )
    }
    guard (piece.verdict == nil) == (grade == nil) else {
      throw InputError(
        "the archive that is resumed was begun \(grade == nil ? "with" : "without") a grade; resume it with "
          + "the options that it was begun with, or begin another archive")
    }
    add(
      LotSpecimen(
        result: piece.verdict?.result, limits: piece.verdict?.limits ?? [],
        values: piece.values.mapValues { ($0.value, $0.standardUncertainty) }),
      met: result.gradeResults?.first?.result)
    return piece
  }

  private mutating func add(_ specimen: LotSpecimen, met: Conformity?) {
    pieces.add(specimen)
    summary.add(specimen.result)
    // Without a grade a sample conforms when it meets any.
    let result = grade == nil ? met ?? .undetermined : specimen.result ?? .undetermined
    outcome = max(
      outcome, result == .undetermined ? .undecided : result.conforms ? .conforming : .nonconforming)
  }

  private mutating func addUnread() {
    pieces.add(.unread)
    summary.addFailure()
    outcome = .undecided
  }

  /// The lot with its verdict, where there is a plan, and its statistics.
  public var report: LotReport {
    LotReport(
      summary, plan: planned?.plan, pieces: pieces, grade: grade, table: table,
      severityReason: planned?.severityReason)
  }
}

extension LotPiece {
  /// A piece as its archived record has it, without a curve.
  fileprivate init(_ result: CertifiedResult) {
    var values: [Characteristic: Value] = [:]
    for (name, value) in result.reduced?.quantities ?? result.quantities {
      guard let characteristic = Characteristic(rawValue: name), let u = value.standardUncertainty,
        let k = value.coverageFactor
      else { continue }
      values[characteristic] = Value(value: value.value, standardUncertainty: u, coverageFactor: k)
    }
    var bounds: [Characteristic: Double] = [:]
    for missing in result.reduced?.absent ?? result.absent { bounds[missing.quantity] = missing.lowerBound }
    self.init(
      name: result.name, path: result.source.path, verdict: result.verdict.map { Verdict($0) },
      values: values,
      lowerBounds: bounds, referenceTemperature: result.reduced?.temperature?.value)
  }
}

extension Verdict {
  fileprivate init(_ archived: CertifiedResult.Judgement) {
    self.init(
      grade: archived.grade, table: archived.table, edition: archived.edition,
      confidence: archived.confidence,
      rule: archived.rule, guardBand: archived.guardBand ?? 0, result: archived.result,
      reasons: archived.reasons,
      characteristics: archived.characteristics.compactMap { decision in
        decision.limit.map {
          CharacteristicVerdict(
            characteristic: decision.quantity, side: decision.side, limit: $0, value: decision.value,
            expandedUncertainty: decision.expandedUncertainty,
            probabilityOfConformity: decision.probabilityOfConformity, result: decision.result,
            reason: decision.reason)
        }
      })
  }
}
