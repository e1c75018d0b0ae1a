// SPDX-License-Identifier: GPL-3.0-or-later
/// One line of JSON with a line for every member and element; the numbers stay as they are written.
public func indentedJSON(_ line: String) -> String {
  var result = ""
  var depth = 0
  var inString = false
  var escaped = false
  var previous: Character?
  func newLine() { result += "\n" + String(repeating: "  ", count: max(depth, 0)) }
  for character in line {
    if inString {
      result.append(character)
      if escaped {
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else if character == "\"" {
        inString = false
      }
    } else {
      let closesEmpty = character == "}" && previous == "{" || character == "]" && previous == "["
      if character == "}" || character == "]" {
        depth -= 1
        if !closesEmpty { newLine() }
      } else if previous == "{" || previous == "[" {
        newLine()
      }
      result.append(character)
      switch character {
      case "\"": inString = true
      case "{", "[": depth += 1
      case ",": newLine()
      case ":": result += " "
      default: break
      }
    }
    previous = character
  }
  return result
}
