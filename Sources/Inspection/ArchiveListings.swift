// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Certification
internal import Measurements
internal import Report

/// A finished archive, or one that a run left behind, opened for reading.
public struct OpenArchive: Sendable {
  let reader: ArchiveReader

  /// Opens an archive; throws one sentence when it cannot be read.
  public init(_ path: String) throws(InputError) {
    do { reader = try ArchiveReader(opening: path) } catch { throw InputError(error.description) }
  }

  /// Calls `body` with the JSON record of every row, in order; throws one sentence, and what `body` throws.
  public func forEachRecord(_ body: (String) throws -> Void) throws {
    for row in 0..<reader.count {
      try body(record(row))
    }
  }

  /// The JSON records of the rows with this sample name, file name or row number counted from 0.
  public func records(of sample: String) throws(InputError) -> [String] { try records(of: rows(of: sample)) }

  /// The source file of a sample, byte by byte as the instrument wrote it; throws when it is not one sample.
  public func sourceBytes(of sample: String) throws(InputError) -> [UInt8] {
    let rows = try rows(of: sample)
    guard let row = rows.first, rows.count == 1 else {
      throw InputError("“\(sample)” is \(rows.count) rows of the archive; name one by its number")
    }
    do { return try reader.source(row).bytes } catch { throw InputError(error.description) }
  }

  private func records(of rows: [Int]) throws(InputError) -> [String] {
    var records: [String] = []
    for row in rows { records.append(try record(row)) }
    return records
  }

  /// The JSON record of a row with its budgets.
  func record(_ row: Int) throws(InputError) -> String {
    do throws(ArchiveError) {
      return try archivedLine(try reader.record(row)) { () throws(ArchiveError) in try reader.budgets(row) }
    } catch { throw InputError(error.description) }
  }

  /// Whether a row has this sample name or file name.
  public func has(_ sample: String) throws(InputError) -> Bool { try !rows(named: sample).isEmpty }

  func rows(named sample: String) throws(InputError) -> [Int] {
    do { return try reader.rows(named: sample) } catch { throw InputError(error.description) }
  }

  private func rows(of sample: String) throws(InputError) -> [Int] {
    let named = try rows(named: sample)
    if !named.isEmpty { return named }
    if let row = Int(sample), (0..<reader.count).contains(row) { return [row] }
    throw InputError(
      "the archive has \(reader.count) row\(reader.count == 1 ? "" : "s") and none is “\(sample)”")
  }

  /// The samples for a terminal, one line each; ends with a line feed.
  public func listing() throws -> String {
    var rows = [listedHeader]
    try forEachSummary { rows.append(listedCells($0)) }
    let state = reader.isComplete ? "" : ", not finished"
    let lot = reader.lot.map { ", lot \($0)" } ?? ""
    let count = "\(reader.count) row\(reader.count == 1 ? "" : "s")"
    let heading = "\(reader.path): \(count)\(lot), \(reader.created), \(reader.software)\(state)"
    return heading + "\n\n" + listed(rows)
  }
}

/// The names of the columns in which a list shows samples.
let listedHeader = ["row", "sample", "Br", "HcJ", "(BH)max", "grade", "verdict", "file"]

/// The cells of a sample under `listedHeader`.
func listedCells(_ summary: ArchiveSummary) -> [String] {
  [
    "\(summary.row)", summary.sample ?? "–", value(summary, .remanence, 1, 4, "T"),
    value(summary, .coercivityHcJ, 1e-3, 1, "kA/m"), value(summary, .energyProduct, 1e-3, 1, "kJ/m³"),
    summary.grade ?? "", summary.verdict?.rawValue ?? "", summary.file,
  ]
}

/// Rows of equally many cells as columns, one line each; ends with a line feed.
func listed(_ rows: [[String]]) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
  return rows.map { row in
    var line = ""
    for (cell, width) in zip(row, widths) {
      line += cell + String(repeating: " ", count: width - cell.count + 2)
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }.joined()
}

private func value(
  _ summary: ArchiveSummary, _ characteristic: Characteristic, _ scale: Double, _ decimals: Int,
  _ unit: String
) -> String {
  guard let value = summary.quantities[characteristic] else { return "–" }
  var power = 1.0
  for _ in 0..<decimals { power *= 10 }
  func rounded(_ number: Double) -> String { "\((number * scale * power).rounded() / power)" }
  return "\(rounded(value.value)) ± \(rounded(value.expandedUncertainty)) \(unit)"
}

/// What recomputing every hash of an archive found.
public struct ArchiveVerification: Sendable {
  /// The archive's path.
  public let archive: String
  private let faults: [ArchiveFault]
  /// The digest to which all rows are chained, as it is stored; nil when the archive cannot be read or is not finished.
  let chain: String?
  /// What ties it to the archive before in its library; nil without one.
  let link: LibraryLink?

  /// Reads the whole archive and recomputes its hashes; damage of any kind is a fault, never an error.
  public init(of archive: String) {
    self.archive = archive
    let reader = try? ArchiveReader(opening: archive)
    // What could not be opened is opened once more for its sentence.
    faults = reader?.verify() ?? ArchiveReader.verify(archive)
    chain = try? reader?.chainDigest()
    link = reader?.previousLink
  }

  /// Whether nothing was changed.
  public var isSound: Bool { faults.isEmpty }

  /// For people, one line per fault; without a line feed at its end.
  public var text: String {
    guard !faults.isEmpty else { return "\(archive): nothing was changed" }
    return faults.map { "\(archive): \($0)" }.joined(separator: "\n")
  }

  /// As one line of JSON.
  public var jsonLine: String {
    jsonText(
      VerificationObject(
        schema: "magcert.verification/1", archive: archive, sound: isSound,
        faults: faults.map { .init(row: $0.row, dataset: $0.dataset, message: $0.message) }))
  }
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
