// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Measurements
internal import Report

/// Notices files that were judged already under another name: one measurement counts as one piece.
struct Repetition {
  /// The code of the failure that a repeated file is.
  static let code = "repeated"

  private var places = DigestTable()
  private var names: [String] = []

  /// The name under which the same bytes came first; nil the first time.
  mutating func first(_ hash: ContentHash, _ name: String) -> String? {
    if let known = places.insert(hash, names.count) { return names[known] }
    names.append(name)
    return nil
  }
}

extension Inspector {
  /// The file as a failure when it has the content of one before it; a judged file only.
  func refusingRepetition(_ file: InspectedFile, _ known: inout Repetition) -> InspectedFile {
    guard request.judge != nil, let source = file.entries.first?.source else { return file }
    let hash = source.hash
    guard let first = known.first(hash, source.name) else { return file }
    return failed(
      source,
      ReportedFailure(
        source: ReportedSource(path: source.name, sha256: hash.hexadecimal, bytes: source.bytes.count),
        code: Repetition.code,
        message: "it has the same content as “\(first)”, and one measurement counts as one piece"))
  }
}
