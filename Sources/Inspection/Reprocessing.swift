// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Certificates
internal import Certification
internal import FoundationEssentials
internal import Measurements
internal import Quantities

/// Computes the rows of an archive again from the files that it holds, with this version and what was asked for then.
public struct Reprocessing: Sendable {
  /// How many rows have each outcome.
  public struct Counts: Sendable {
    /// As archived.
    public fileprivate(set) var same = 0
    /// With another value or verdict.
    public fileprivate(set) var different = 0
    /// Without what would be needed to compute them again.
    public fileprivate(set) var notComparable = 0
  }

  private let reader: ArchiveReader
  private let tolerance: Double
  private let budget: TypeBBudget?
  private let table: GradeTable?

  /// Opens an archive.
  ///
  /// Values that differ by no more than `tolerance` of their size are the same. `budget` and `table` are files for rows
  /// that rest on one which is not shipped with magcert. Throws one sentence when something cannot be read.
  public init(
    _ archive: String, tolerance: Double = 1e-6, budget: String? = nil, table: String? = nil
  ) throws(InputError) {
    guard tolerance >= 0, tolerance.isFinite else {
      throw InputError("a tolerance of \(tolerance) is none; it is a part of the value, such as 1e-6")
    }
    do { reader = try ArchiveReader(opening: archive) } catch { throw InputError(error.description) }
    self.tolerance = tolerance
    self.budget = try budget.map { file throws(InputError) in try TypeBBudget(file: file) }
    self.table = try table.map { name throws(InputError) in try gradeTable(name) }
  }

  /// The archive and who wrote it, for people.
  public var heading: String { "\(reader.path), written by \(reader.software)" }

  /// Computes every row, several at once, and hands the outcomes over in order; throws what `record` throws.
  public func run(workers: Int, record: (ReprocessedRow) throws -> Void) async throws -> Counts {
    var counts = Counts()
    try await inOrder(reader.count, workers: workers) {
      row($0)
    } record: { row in
      switch row.outcome {
      case .same: counts.same += 1
      case .different: counts.different += 1
      case .notComparable: counts.notComparable += 1
      }
      try record(row)
    }
    return counts
  }

  private func row(_ row: Int) -> ReprocessedRow {
    var name = "row \(row)"
    let outcome: ReprocessedRow.Outcome
    do {
      let record = try reader.record(row)
      if let archived = try? CertifiedResult(record: record) {
        name = archived.name
        outcome = try compare(archived, row)
      } else {
        let archived = try CertifiedFailure(record: record)
        name = archived.source.path
        outcome = try compare(archived, row)
      }
    } catch {
      outcome = .notComparable("\(error)")
    }
    return ReprocessedRow(archive: reader.path, row: row, name: name, outcome: outcome)
  }

  private func compare(_ archived: CertifiedResult, _ row: Int) throws -> ReprocessedRow.Outcome {
    guard archived.reduced == nil else {
      throw InputError(
        "its verdict rests on values at another temperature, with coefficients that the archive does not hold"
      )
    }
    let made = try recomputed(row, archived.verdict, budget: archived.budgetName) { request in
      request.coverageProbability =
        archived.quantities.values.lazy.compactMap(\.coverageProbability).first ?? request.coverageProbability
      request.approachToSaturation = archived.quantities["Js"] != nil
    }
    guard let now = try? CertifiedResult(record: made) else {
      let failure = try CertifiedFailure(record: made)
      return .different([.init("result", "values", "error \(failure.error.code): \(failure.error.message)")])
    }
    let differences = differences(archived, now)
    return differences.isEmpty ? .same : .different(differences)
  }

  private func compare(_ archived: CertifiedFailure, _ row: Int) throws -> ReprocessedRow.Outcome {
    // That a file repeats another one does not show in it, but in the rows before.
    if archived.error.code == Repetition.code {
      let first = try reader.rows(ofDigest: archived.source.sha256 ?? "").first
      if let first, first < row { return .same }
      return .different([.init("result", "error \(Repetition.code)", "the first file of this content")])
    }
    let made = try recomputed(row, nil, budget: nil) { _ in }
    guard let now = try? CertifiedFailure(record: made) else {
      return .different([.init("result", "error \(archived.error.code)", "values")])
    }
    guard now.error.code != archived.error.code else { return .same }
    return .different([.init("error", archived.error.code, now.error.code)])
  }

  private func differences(_ archived: CertifiedResult, _ now: CertifiedResult) -> [ReprocessedRow.Difference]
  {
    var found: [ReprocessedRow.Difference] = []
    for name in Set(archived.quantities.keys).union(now.quantities.keys).sorted() {
      let (old, new) = (archived.quantities[name], now.quantities[name])
      let unit = old?.unit ?? new?.unit ?? .one
      let suffix = unit == .one ? "" : " \(unit.rawValue)"
      func check(_ what: String, _ old: Double?, _ new: Double?) {
        if let old, let new, abs(old - new) <= tolerance * max(abs(old), abs(new)) { return }
        guard old != nil || new != nil else { return }
        found.append(
          .init(what, old.map { "\($0)\(suffix)" } ?? "none", new.map { "\($0)\(suffix)" } ?? "none"))
      }
      check(name, old?.value, new?.value)
      check("U(\(name))", old?.expandedUncertainty, new?.expandedUncertainty)
    }
    if let verdict = archived.verdict, verdict.result != now.verdict?.result {
      found.append(.init("verdict", verdict.result.rawValue, now.verdict?.result.rawValue ?? "none"))
    }
    return found
  }

  /// The line of JSON that a row gives now; throws one sentence when the archive does not hold what that needs.
  private func recomputed(
    _ row: Int, _ verdict: CertifiedResult.Judgement?, budget name: String?,
    _ adjust: (inout InspectionRequest) -> Void
  ) throws -> String {
    let summary = try reader.summaries(of: row..<row + 1)[0]
    let folder = FileManager.default.temporaryDirectory.appending(path: "magcert-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let settings = try reader.settings(row) else {
      throw InputError("what was asked for is not in the archive, which has schema \(reader.schema)")
    }
    var request = try request(row, settings, companionsIn: folder)
    request.instrumentID = request.profile == nil ? summary.instrument : nil
    if let verdict { try judge(by: verdict, settings, &request) }
    if let name, try !Self.shippedBudgets.contains(name) {
      guard let budget else {
        throw InputError("its Type B budget “\(name)” is not in the archive; give the file with --budget")
      }
      request.budget = budget
    }
    adjust(&request)
    let file = try Inspector(request).inspect(reader.source(row))
    let place = file.results.count == 1 ? 0 : summary.loopIndex
    guard file.results.indices.contains(place) else {
      throw InputError("loop \(summary.loopIndex + 1) of the file is not found any more")
    }
    return file.results[place].jsonLine(showBudget: false)
  }

  private static var shippedBudgets: Set<String> {
    get throws(InputError) {
      [try TypeBBudget.general(for: .open).name, try TypeBBudget.general(for: .closed).name]
    }
  }

  private func request(
    _ row: Int, _ settings: ArchivedSettings, companionsIn folder: URL
  ) throws -> InspectionRequest {
    if let blank = try reader.blankName(row) {
      throw InputError("its blank measurement “\(blank)” is not in the archive")
    }
    var request = InspectionRequest()
    request.sample = try reader.statedSample(row)
    guard let branch = BranchChoice(rawValue: settings.branch),
      let columns = ColumnChoice(rawValue: settings.columns)
    else { throw InputError("branch “\(settings.branch)” or columns “\(settings.columns)” is not known") }
    request.branch = branch
    request.columns = columns
    request.demagnetisation =
      switch settings.demagnetisation {
      case "auto": .automatic
      case "none": .none
      default: .factor(Quantity(si: Double(settings.demagnetisation) ?? 0))
      }
    for line in settings.columnUnits.split(separator: "\n") {
      guard let mark = line.lastIndex(of: "="),
        let unit = UnitOfMeasure(word: String(line[line.index(after: mark)...]))
      else { throw InputError("the unit “\(line)” of a column is not known") }
      request.reading.columnUnits[String(line[..<mark])] = unit
    }
    request.reading.block = settings.block.isEmpty ? nil : settings.block
    if let method = try reader.methods(row) {
      request.method = method.method
      request.recoilMethod = method.recoil
    }
    try restore(reader.companions(row), in: folder, &request)
    return request
  }

  /// Writes the files that a result rests on where the request finds them.
  private func restore(_ companions: [Companion], in folder: URL, _ request: inout InspectionRequest) throws {
    for (place, companion) in companions.enumerated() {
      let name = companion.file.name.split(separator: "/").last.map(String.init) ?? ""
      let path = folder.appending(path: "\(place)-\(name)").path
      try writeFile(companion.file.bytes, to: path)
      switch companion.role {
      case .setup: request.setup = path
      case .emptyShot: request.emptyShots = [path]
      case .calibrationShot: request.calibrationShot = path
      case .imageEffect: request.imageEffect = path
      case .profile: request.profile = path
      case .otherRate:
        throw InputError("it was combined from shots at several rates, which are not computed again")
      }
    }
  }

  private func judge(
    by verdict: CertifiedResult.Judgement, _ settings: ArchivedSettings, _ request: inout InspectionRequest
  ) throws {
    guard let rule = DecisionRule(id: verdict.rule)?.withGuardBand(verdict.guardBand ?? 0) else {
      throw InputError("the decision rule “\(verdict.rule)” is not known")
    }
    guard let table = table ?? (try? gradeTable(verdict.table)) else {
      throw InputError("its grade table “\(verdict.table)” is not shipped with magcert; give it with --table")
    }
    request.grade = try table.requireGrade(verdict.grade)
    request.judge = Judge(
      table: table, rule: rule, limitSelection: Judge.LimitSelection(rawValue: settings.limits) ?? .minimum,
      allowUnchecked: settings.allowsUnchecked)
  }
}
