// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import FoundationEssentials
public import LotStatistics

/// The lots of a folder of archives that were judged by attributes, in the order of inspection.
///
/// Only lots of the same grade, table and acceptance quality limit count: they are the series that the switching rules
/// mean. A copy of an archive counts once, and a lot that comes again under its name is resubmitted.
/// Throws one sentence when the folder or an archive in it cannot be read, or one is not as it was written.
public func lotHistory(
  in folder: String, grade: String, table: String, limit: AcceptanceQualityLimit
) throws(InputError) -> [LotRecord] {
  var lots: [(created: String, name: String, lot: String?, record: LotRecord)] = []
  var chains: Set<String> = []
  for name in try archiveNames(in: folder) {
    let archive: ArchiveReader
    let chain: String
    do {
      archive = try ArchiveReader(opening: folder + "/" + name)
      guard archive.lotRecord != nil else { continue }
      chain = try archive.chainDigest()
    } catch { throw InputError(error.description) }
    guard let line = archive.lotRecord, chains.insert(chain).inserted else { continue }
    if let fault = archive.verify().first {
      throw InputError("the earlier lot in “\(folder)/\(name)” cannot be relied on: \(fault)")
    }
    guard let lot = try? JSONDecoder().decode(ArchivedLot.self, from: Data(line.utf8)) else {
      throw InputError("the verdict on the lot in “\(folder)/\(name)” is not one that this magcert reads")
    }
    guard lot.grade == grade, lot.table == table, let record = lot.record(limit) else { continue }
    lots.append((archive.created, name, archive.lot, record))
  }
  var seen: Set<String> = []
  return lots.sorted { ($0.created, $0.name) < ($1.created, $1.name) }.map { entry in
    var record = entry.record
    if let lot = entry.lot { record.isOriginal = seen.insert(lot).inserted }
    return record
  }
}

/// The keys of `magcert.lot/1` that the switching rules need.
private struct ArchivedLot: Decodable {
  struct Verdict: Decodable {
    struct Plan: Decodable {
      let codeLetter: String
      let inspection: String
      let aqlPercent: Double
      let lotSize: Int?
    }
    let method: String
    let result: String
    let nonconforming: Int?
    /// Nil for a lot that was judged without a plan.
    let plan: Plan?
  }
  let grade: String?
  let table: String?
  let verdict: Verdict?

  /// The lot as the switching rules count it; nil for another limit, another method, and a lot that is undetermined.
  func record(_ limit: AcceptanceQualityLimit) -> LotRecord? {
    guard let verdict, let plan = verdict.plan, let nonconforming = verdict.nonconforming,
      verdict.method == "attributes", verdict.result != "undetermined", plan.aqlPercent == limit.percent,
      nonconforming >= 0, plan.codeLetter.count == 1, let letter = plan.codeLetter.first,
      let severity = InspectionSeverity(rawValue: plan.inspection),
      let read = try? AttributePlan(
        codeLetter: letter, severity: severity, limit: limit, lotSize: plan.lotSize)
    else { return nil }
    return LotRecord(plan: read, nonconforming: nonconforming)
  }
}
