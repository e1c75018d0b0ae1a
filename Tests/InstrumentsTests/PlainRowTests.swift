// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Testing

/// Rows that are read in one walk, and those that are not, have to give the same numbers.
@Suite("Rows in one walk")
struct PlainRowTests {
  /// A row of numbers with the cells behind the last that is read, written in one of many ways.
  private func row(_ cells: [String], tail: Int, _ random: inout SeededNumbers) -> String {
    var cells = cells
    for place in cells.indices {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: cells[place] = "  \(cells[place])"
      case 1: cells[place] += " "
      case 2: cells[place] = "\"\(cells[place])\""
      case 3: cells[place] = " \"\(cells[place])\" "
      default: break
      }
    }
    cells += (0..<tail).map { _ in
      ["", " ", "7.25", "a longer text", "é"].randomElement(using: &random) ?? ""
    }
    // Delimiters behind the last column part empty cells, which are forgiven.
    let padding =
      Bool.random(using: &random) ? "" : String(repeating: ",", count: Int.random(in: 0..<20, using: &random))
    return cells.joined(separator: ",") + padding
  }

  @Test(
    "every way to write a row, a line end and a comment gives the same numbers and lines", arguments: 0..<40)
  func mixedRows(_ seed: Int) throws {
    var random = SeededNumbers(seed: UInt64(seed) + 1)
    let tail = Int.random(in: 0..<30, using: &random)
    // With a column before those that are read, a comment has to be looked for first.
    let isFirst = Bool.random(using: &random)
    let names = (isFirst ? [] : ["n"]) + ["H (A/m)", "J (T)"] + (0..<tail).map { "note \($0)" }
    var text = names.joined(separator: ",") + "\n"
    var (fields, polarisations, lines): ([Double], [Double], [Int]) = ([], [], [])
    var number = 1
    for index in 0..<200 {
      number += 1
      let end = ["\n", "\n", "\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
      switch Int.random(in: 0..<20, using: &random) {
      case 0: text += "# a comment, of 3, cells" + end
      case 1: text += "  " + end
      default:
        let field = Double.random(in: -2e6...2e6, using: &random)
        let polarisation = Double.random(in: -1.5...1.5, using: &random)
        fields.append(field)
        polarisations.append(polarisation)
        lines.append(number)
        text +=
          row((isFirst ? [] : ["\(index)"]) + ["\(field)", "\(polarisation)"], tail: tail, &random) + end
      }
    }
    let loop = try Instrument.table.readLoop(textFile(text), ReadingOptions())
    #expect(loop.field.amperesPerMetre == fields)
    #expect(loop.response.si == polarisations)
    #expect(loop.lines == lines)
  }

  @Test(
    "a cell too many is refused wherever it stands among the words that are read at once", arguments: 0..<40)
  func strayCells(_ width: Int) {
    let names = ["H (A/m)", "J (T)"] + (0..<width).map { "note \($0)" }
    let rows = (0..<20).map { index in
      "\(index),0.5" + String(repeating: ",1", count: index == 11 ? width + 1 : width)
    }
    let file = textFile((([names.joined(separator: ",")]) + rows).joined(separator: "\n") + "\n")
    #expect(
      throws: ReadError(
        .malformed,
        "this row has more cells than the header has columns; if numbers are written with a decimal comma, separate "
          + "them with ; or a tab", line: 13)
    ) { try Instrument.table.readLoop(file, ReadingOptions()) }
  }

  @Test("a number beyond the range of a double is named, not read as infinite")
  func outOfRange() {
    let rows = (0..<20).map { "\($0),\($0 == 5 ? "1e999" : "0.5")" }
    let error = #expect(throws: ReadError.self) {
      try Instrument.table.readLoop(
        textFile((["H (A/m),J (T)"] + rows).joined(separator: "\n") + "\n"), ReadingOptions())
    }
    #expect(error?.line == 7)
    #expect(error?.column == "J (T)")
  }
}
