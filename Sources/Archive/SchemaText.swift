// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// The root attributes that are written when an archive is complete.
enum ClosingAttribute {
  static let complete = "complete"
  static let rows = "rows"
  static let chain = "chain"
  /// The lot's line of JSON, the last link of the chain; since schema 4, and empty when there is no verdict on the lot.
  static let lotRecord = "lot_record"
  /// The file that was finished before in the same library, and its chain digest; since schema 5, empty without a library.
  static let previousArchive = "library_previous"
  static let previousDigest = "library_previous_digest"
  static let all: Set<String> = [complete, rows, chain, lotRecord, previousArchive, previousDigest]
}

/// A canonical text of what does not change while an archive grows: names, types and attributes of all objects.
///
/// The hash chain starts from its digest. It is made from the file itself, when writing as when verifying.
func schemaText(of file: borrowing HDF5File) throws(HDF5Error) -> String {
  var lines: [String] = []
  try describe("/", of: file, depth: 0, into: &lines)
  return lines.joined(separator: "\n")
}

private func describe(
  _ group: String, of file: borrowing HDF5File, depth: Int, into lines: inout [String]
) throws(HDF5Error) {
  // Groups that contain themselves would go on for ever.
  guard depth < 8 else {
    throw HDF5Error(action: "list \(group)", reasons: ["groups inside groups without end"])
  }
  lines.append("group \(group)")
  try describeAttributes(group, of: file, into: &lines)
  for member in try file.members(of: group) {
    let path = group == "/" ? "/\(member.name)" : "\(group)/\(member.name)"
    switch member.kind {
    case .group: try describe(path, of: file, depth: depth + 1, into: &lines)
    case .dataset:
      lines.append("dataset \(path) \(try file.elementType(of: path).rawValue)")
      try describeAttributes(path, of: file, into: &lines)
    }
  }
}

private func describeAttributes(
  _ path: String, of file: borrowing HDF5File, into lines: inout [String]
) throws(HDF5Error) {
  for (name, value) in try file.attributes(of: path, except: path == "/" ? ClosingAttribute.all : []) {
    switch value {
    case .text(let text): lines.append("\(name) text \(text.utf8.count) \(text)")
    case .double(let number): lines.append("\(name) double \(number.bitPattern)")
    case .integer(let number): lines.append("\(name) integer \(number)")
    }
  }
}
