// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Quantities

/// An archived line of JSON with budgets that an archive keeps in tables, where `jsonLine(showBudget:)` has them.
///
/// `budgets` are asked for when the first quantity is met that has none in the line; in lines of older archives all have.
/// A contribution that is not finite is left out.
public func archivedLine<Failure: Error>(
  _ line: String, with budgets: () throws(Failure) -> [Characteristic: [BudgetLine]]
) throws(Failure) -> String {
  var members = JSONMembers(line)
  guard members.find("quantities", depth: 1) else { return line }
  var result = JSONText(capacity: 4 * line.utf8.count)
  var written = 0
  var known: [Characteristic: [BudgetLine]]?
  // Members stand in the order of their names: what comes before a budget, the budget, what comes behind.
  var quantity: Characteristic?
  while let (depth, name, place) = members.next(), depth > 1 {
    if depth == 2 { quantity = Characteristic(rawValue: name) }
    guard depth == 3, let missing = quantity, name >= "budget" else { continue }
    quantity = nil
    guard name != "budget" else { continue }
    let all = if let known { known } else { try budgets() }
    known = all
    guard let lines = all[missing] else { continue }
    // Without the comma before the name, which comes again where the budget needs it.
    let comma = members.bytes[place - 1] == UInt8(ascii: ",") ? 1 : 0
    result.bytes += members.bytes[written..<place - comma]
    written = place
    result.budget(lines, "")
    result.bytes.append(UInt8(ascii: ","))
  }
  result.bytes += members.bytes[written...]
  return result.string
}

/// The names of members in a text of JSON that this program wrote, one after the other.
private struct JSONMembers {
  let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Goes behind the name of a member that is inside as many objects and arrays; false when there is none.
  mutating func find(_ name: String, depth wanted: Int) -> Bool {
    while let (depth, range) = nextName() {
      if depth == wanted, bytes[range].elementsEqual(name.utf8) { return true }
    }
    return false
  }

  /// How many objects and arrays are open around the next name, the name, and where its quotation mark is.
  mutating func next() -> (depth: Int, name: String, place: Int)? {
    nextName().map { ($0, String(decoding: bytes[$1], as: UTF8.self), $1.lowerBound - 1) }
  }

  private mutating func nextName() -> (depth: Int, range: Range<Int>)? {
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
        return (depth, start + 1..<place - 1)
      default: break
      }
    }
    return nil
  }
}
