// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Archive
internal import Certification

/// The samples of an archive for a terminal, one line each; ends with a line feed.
public func archiveListing(_ reader: ArchiveReader) throws(ArchiveError) -> String {
  let state = reader.isComplete ? "" : ", not finished"
  let lot = reader.lot.map { ", lot \($0)" } ?? ""
  var lines = ["\(reader.path): \(reader.count) rows\(lot), \(reader.created), \(reader.software)\(state)", ""]
  let rows = try reader.summaries().map { summary in
    [
      "\(summary.row)", summary.sample ?? "–", value(summary, .remanence, 1, 4, "T"),
      value(summary, .coercivityHcJ, 1e-3, 1, "kA/m"), value(summary, .energyProduct, 1e-3, 1, "kJ/m³"),
      summary.grade ?? "", summary.verdict?.rawValue ?? "", summary.file,
    ]
  }
  let header = ["row", "sample", "Br", "HcJ", "(BH)max", "grade", "verdict", "file"]
  let widths = header.indices.map { column in
    ([header] + rows).reduce(0) { max($0, $1[column].count) }
  }
  for row in [header] + rows {
    var line = ""
    for (cell, width) in zip(row, widths) { line += cell + String(repeating: " ", count: width - cell.count + 2) }
    while line.last == " " { line.removeLast() }
    lines.append(line)
  }
  return lines.joined(separator: "\n") + "\n"
}

private func value(
  _ summary: ArchiveSummary, _ characteristic: Characteristic, _ scale: Double, _ decimals: Int, _ unit: String
) -> String {
  guard let value = summary.quantities[characteristic] else { return "–" }
  var power = 1.0
  for _ in 0..<decimals { power *= 10 }
  func rounded(_ number: Double) -> String { "\((number * scale * power).rounded() / power)" }
  return "\(rounded(value.value)) ± \(rounded(value.expandedUncertainty)) \(unit)"
}

/// What a verification found, for people; without a line feed at its end.
public func verificationText(_ archive: String, _ faults: [ArchiveFault]) -> String {
  guard !faults.isEmpty else { return "\(archive): nothing was changed" }
  return faults.map { "\(archive): \($0)" }.joined(separator: "\n")
}

/// What a verification found, as one line of JSON.
public func verificationJSON(_ archive: String, _ faults: [ArchiveFault]) -> String {
  jsonText(
    VerificationObject(
      schema: "magcert.verification/1", archive: archive, sound: faults.isEmpty,
      faults: faults.map { .init(row: $0.row, dataset: $0.dataset, message: $0.message) }))
}

private struct VerificationObject: Encodable {
  struct Fault: Encodable {
    var row: Int?
    var dataset: String?
    var message: String
  }
  var schema: String
  var archive: String
  var sound: Bool
  var faults: [Fault]
}
