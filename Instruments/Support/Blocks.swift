// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The position of the block to read among `names`: of the one that the user has named, else of the only one.
///
/// `kind` says what the blocks are, in the plural. Throws `block` with the names when the user has named none of
/// several, one that is not there, or one of two that are called alike.
func chosenBlock(
  among names: [String], kind: String, _ options: ReadingOptions
) throws(ReadError) -> Int {
  guard let wanted = options.block else {
    guard names.count == 1 else {
      throw ReadError(
        .block, "the file holds \(names.count) \(kind); name one with --block: \(listed(names))")
    }
    return 0
  }
  let found = names.indices.filter { names[$0] == wanted }
  guard found.count <= 1 else {
    throw ReadError(.block, "\(found.count) \(kind) of the file are called “\(wanted)”; rename all but one")
  }
  guard let position = found.first else {
    throw ReadError(.block, "“\(wanted)” is none of the \(names.count) \(kind) of the file: \(listed(names))")
  }
  return position
}

/// Names for a sentence; of many the first ones and a count of the others.
func listed(_ names: [String], atMost limit: Int = 30) -> String {
  let first = names.prefix(limit).map { "“\($0)”" }.joined(separator: ", ")
  return names.count <= limit ? first : "\(first) and \(names.count - limit) more"
}
