// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Quantities

/// An archived line of JSON with budgets that an archive keeps in tables, as `jsonLine(showBudget:)` has them.
///
/// A quantity that has its budget in the line already keeps that one, as in lines of older archives.
public func archivedLine(_ line: String, with budgets: [Characteristic: [BudgetLine]]) -> String {
  var result = JSONText(capacity: 4 * line.utf8.count)
  var keys = JSONKeys(line)
  var written = 0
  // The quantities are members of a member of the line, and their own members stand in the order of their names.
  var isAmongQuantities = false
  var unwritten: [BudgetLine]?
  while let key = keys.next() {
    switch key.depth {
    case 1: (isAmongQuantities, unwritten) = (key.name == "quantities", nil)
    case 2: unwritten = isAmongQuantities ? Characteristic(rawValue: key.name).flatMap { budgets[$0] } : nil
    case 3:
      guard let lines = unwritten, key.name >= "budget" else { break }
      unwritten = nil
      guard key.name != "budget" else { break }
      // Without the comma before the name, which comes again where the budget needs it.
      let comma = keys.bytes[key.place - 1] == UInt8(ascii: ",") ? 1 : 0
      result.bytes += keys.bytes[written..<key.place - comma]
      written = key.place
      result.budget(lines, "")
      result.bytes.append(UInt8(ascii: ","))
    default: break
    }
  }
  result.bytes += keys.bytes[written...]
  return result.string
}

/// The names of members in a text of JSON that this program wrote, one after the other.
private struct JSONKeys {
  let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The next name, how many objects and arrays are open around it, and where its quotation mark is.
  mutating func next() -> (name: String, depth: Int, place: Int)? {
    while place < bytes.count {
      let start = place
      place += 1
      switch bytes[start] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
          place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place += 1
        guard place < bytes.count, bytes[place] == UInt8(ascii: ":") else { break }
        return (String(decoding: bytes[start + 1..<place - 1], as: UTF8.self), depth, start)
      default: break
      }
    }
    return nil
  }
}
