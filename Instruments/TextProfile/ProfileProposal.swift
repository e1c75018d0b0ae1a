// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements

/// A profile for an unknown file, as far as the file itself tells what it holds.
public struct ProfileProposal: Hashable, Sendable {
  /// TOML text to save and correct; what nothing in the file tells is `?`, and comments say what was understood.
  public let text: String
  /// What only the user can fill in, one short sentence each; none when the profile can be used as it is.
  public let open: [String]

  /// Looks for a table of numbers and for what the lines around it say.
  ///
  /// Throws a sentence when the file is empty, is not text, or has no table of two columns and at least 8 rows.
  public init(for file: SourceFile) throws(ReadError) {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard !file.bytes.prefix(4096).contains(0) else {
      throw ReadError(
        .unknownFormat, "the file is binary (or text in UTF-16); export it as 8-bit text first")
    }
    let encoding = TextEncoding.guess(file.bytes)
    guard let table = TableSearch(file, encoding) else {
      throw ReadError(
        .missingColumn,
        "no table of two columns of numbers and at least \(fewestRows) rows was found in the file")
    }
    let writer = ProposalWriter(table)
    (text, open) = (writer.lines.joined(separator: "\n") + "\n", writer.open)
  }
}
