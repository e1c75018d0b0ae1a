// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import FoundationEssentials
public import LotStatistics

/// The lots of a folder of archives that were judged by attributes, in the order of inspection.
///
/// Only lots of the same grade and acceptance quality limit count: they are the series that the switching rules mean.
/// Throws one sentence when the folder or an archive in it cannot be read.
public func lotHistory(
  in folder: String, grade: String, limit: AcceptanceQualityLimit
) throws(InputError) -> [LotRecord] {
  var lots: [(created: String, name: String, record: LotRecord)] = []
  for name in try archiveNames(in: folder) {
    let archive: ArchiveReader
    do { archive = try ArchiveReader(opening: folder + "/" + name) } catch {
      throw InputError(error.description)
    }
    guard let line = archive.lotRecord else { continue }
    guard let lot = try? JSONDecoder().decode(ArchivedLot.self, from: Data(line.utf8)) else {
      throw InputError("the verdict on the lot in “\(folder)/\(name)” is not one that this magcert reads")
    }
    guard lot.grade == grade, let record = lot.record(limit) else { continue }
    lots.append((archive.created, name, record))
  }
  return lots.sorted { ($0.created, $0.name) < ($1.created, $1.name) }.map(\.record)
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
    let nonconforming: Int
    let plan: Plan
  }
  let grade: String?
  let verdict: Verdict

  /// The lot as the switching rules count it; nil for another limit, another method, and a lot that is undetermined.
  func record(_ limit: AcceptanceQualityLimit) -> LotRecord? {
    let plan = verdict.plan
    guard verdict.method == "attributes", verdict.result != "undetermined", plan.aqlPercent == limit.percent,
      verdict.nonconforming >= 0, plan.codeLetter.count == 1, let letter = plan.codeLetter.first,
      let severity = InspectionSeverity(rawValue: plan.inspection),
      let read = try? AttributePlan(
        codeLetter: letter, severity: severity, limit: limit, lotSize: plan.lotSize)
    else { return nil }
    return LotRecord(plan: read, nonconforming: verdict.nonconforming)
  }
}
