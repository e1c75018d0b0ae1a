// SPDX-License-Identifier: GPL-3.0-or-later

/// The line of a key such as `column[1].unit`, counted from 1; of its table when the key is not there.
func tomlLine(of path: String, in text: String) -> Int? {
  var (table, index) = ("", 0)
  var name = path[...]
  if let bracket = path.firstIndex(of: "["), let end = path.firstIndex(of: "]") {
    table = String(path[..<bracket])
    index = Int(path[path.index(after: bracket)..<end]) ?? 0
    name = path[path.index(after: end)...].drop { $0 == "." }
  }
  var (current, count, header): (String, [String: Int], Int?) = ("", [:], nil)
  for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
  {
    let words = line.filter { $0 != " " && $0 != "\t" }
    if words.hasPrefix("[") {
      current = String(words.drop { $0 == "[" }.prefix { $0 != "]" })
      count[current, default: -1] += 1
    }
    guard current == table, table.isEmpty || count[table] == index else { continue }
    if words.hasPrefix("[") { header = number + 1 }
    if !name.isEmpty, words.hasPrefix(name + "=") { return number + 1 }
  }
  return header
}
