// SPDX-License-Identifier: GPL-3.0-or-later

/// Text without characters that would move the cursor or change the terminal's state.
///
/// Names and messages quote files, and a file may hold anything.
func printable(_ text: String) -> String {
  // The printable characters of ASCII.
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .lineSeparator, .paragraphSeparator, .format:
      result.unicodeScalars.append(scalar == "\t" || scalar == "\n" ? " " : "\u{FFFD}")
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// How many columns a text takes on a terminal.
///
/// Combining marks take none; the wide East Asian and emoji blocks take two (Unicode Standard Annex 11).
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { width, character in
    guard let scalar = character.unicodeScalars.first else { return width }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return width
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return width + 2
    default: return width + 1
    }
  }
}

/// Colours of a terminal (ECMA-48, 8.3.117).
enum TerminalColour: String {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"

  /// The text in this colour; unchanged when colour is off.
  func paint(_ text: String, _ isOn: Bool) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// Rows of cells under headings, aligned for a terminal.
struct TextTable {
  enum Alignment { case left, right }

  struct Cell {
    var text: String
    var colour: TerminalColour?

    init(_ text: String, _ colour: TerminalColour? = nil) {
      self.text = printable(text)
      self.colour = colour
    }
  }

  let headings: [(title: String, alignment: Alignment)]
  private(set) var rows: [[Cell]] = []

  init(_ headings: [(title: String, alignment: Alignment)]) { self.headings = headings }

  /// Appends a row; traps when it has not one cell per heading.
  mutating func append(_ cells: [Cell]) {
    precondition(cells.count == headings.count, "\(cells.count) cells under \(headings.count) headings")
    rows.append(cells)
  }

  /// The lines, without trailing blanks; columns that are empty throughout are left out.
  func lines(indent: Int = 2, colour: Bool) -> [String] {
    let used = headings.indices.filter { column in rows.contains { !$0[column].text.isEmpty } }
    let widths = headings.indices.map { column in
      rows.reduce(displayWidth(headings[column].title)) { max($0, displayWidth($1[column].text)) }
    }
    let top = headings.map { Cell($0.title, .dim) }
    return ([top] + rows).map { cells in
      var line = String(repeating: " ", count: indent)
      var pending = 0
      for (position, column) in used.enumerated() {
        let cell = cells[column]
        let padding = widths[column] - displayWidth(cell.text)
        let isRight = headings[column].alignment == .right
        if position > 0 { pending += 2 }
        if isRight { pending += padding }
        if !cell.text.isEmpty {
          line +=
            String(repeating: " ", count: pending) + (cell.colour?.paint(cell.text, colour) ?? cell.text)
          pending = 0
        }
        if !isRight { pending += padding }
      }
      return line.allSatisfy { $0 == " " } ? "" : line
    }
  }
}
