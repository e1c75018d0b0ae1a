// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import TestSupport
internal import Testing

private func sample(_ path: String) throws -> SourceFile {
  let url = Repository.root.appending(path: "SampleData/TextProfile/\(path)")
  return SourceFile(name: path, bytes: Array(try Data(contentsOf: url)))
}

private func read(_ text: String, _ file: SourceFile) throws -> LoopMeasurement {
  try TextProfile(text: text).instrument.readLoop(file, ReadingOptions())
}

/// A proposal with words in place of what it leaves open, in the order of its lines.
private func filled(_ text: String, _ words: [String]) -> String {
  words.reduce(text) { text, word in
    guard let place = text.firstRange(of: "= \"?\"") else { return text }
    return text.replacingCharacters(in: place, with: "= \"\(word)\"")
  }
}

@Suite("Proposed profiles")
struct ProfileProposalTests {
  @Test(
    "a proposal reads its file as the shipped profile does, once the circuit is stated",
    arguments: [
      (
        "example-hysteresisgraph-de", "quadrant.csv", ["closed", "day-month-year"], 1.0,
        "windows-1252, semicolon"
      ),
      ("example-hysteresisgraph-zh", "quadrant.txt", ["closed", "positive"], 1.0, "gb18030, tab"),
      ("example-tracer-ja", "loop.csv", ["closed"], 1.0, "shift-jis, comma"),
      // That the pickup coil is wound the other way round is nowhere in the file.
      ("example-pulsed-field", "loop.txt", ["open", "ms", "T", "T"], -1.0, "utf-8, tab"),
    ])
  func samples(_ id: String, _ name: String, _ words: [String], _ sign: Double, _ understood: String) throws {
    let file = try sample("\(id)/\(name)")
    let proposal = try ProfileProposal(for: file)
    #expect(proposal.open.first == "circuit: open or closed", "\(proposal.open)")
    #expect(proposal.open.count == words.count)
    #expect(proposal.text.contains("Understood: \(understood)"))
    let error = #expect(throws: TextProfileError.self) { try TextProfile(text: proposal.text) }
    #expect(error?.detail.contains("only you know it") == true)
    let text = filled(proposal.text, words)
    let proposed = try read(text, file)
    let shipped = try TextProfile.shipped(id).instrument.readLoop(file, ReadingOptions())
    #expect(proposed.field == shipped.field)
    #expect(proposed.response.si == shipped.response.si.map { sign * $0 })
    #expect(proposed.temperature == shipped.temperature)
    #expect(proposed.time == shipped.time)
    #expect(proposed.lines == shipped.lines)
    #expect(proposed.sample.id == shipped.sample.id)
    #expect(proposed.sample.lot == shipped.sample.lot)
    #expect(proposed.measured == shipped.measured)
    if id != "example-pulsed-field" { #expect(proposed.instrumentResults == shipped.instrumentResults) }
  }

  @Test func whatTheFileDoesNotSayIsLeftOpen() throws {
    let file = try sample("example-two-columns/moment.txt")
    let proposal = try ProfileProposal(for: file)
    #expect(proposal.open.count == 5)
    #expect(proposal.text.contains("blanks between the cells"))
    let error = #expect(throws: TextProfileError.self) {
      try TextProfile(text: filled(proposal.text, ["open"]))
    }
    #expect(error?.detail.contains("only you know it") == true)
    let text = filled(proposal.text, ["open", "H", "G", "M", "emu"])
    let shipped = try TextProfile.shipped("example-two-columns").instrument.readLoop(file, ReadingOptions())
    #expect(try read(text, file).field == shipped.field)
    #expect(try read(text, file).response == shipped.response)
  }

  private static func proposal(
    _ head: String, _ row: (Int) -> String = { "\($0 - 9).5;0.\($0)1;1.\($0)" }
  ) throws -> ProfileProposal {
    try ProfileProposal(for: textFile(head + "\n" + (0..<20).map { row($0) + "\n" }.joined()))
  }

  @Test(
    "a drift, an error or a setting is never taken for the quantity itself",
    arguments: [
      ("Field (Oe);Moment drift (emu);Moment (emu)", "Moment (emu)", 2),
      ("Moment std err (emu);Field (Oe);Moment (emu)", "Moment (emu)", 1),
      ("Field rate (Oe/s);Field (Oe);Moment (emu)", "Field (Oe)", 1),
      ("Feldstärke [kA/m];Momentenfehler [emu];Moment [emu]", "Moment [emu]", 2),
      ("Set field (Oe);Field (Oe);Moment (emu)", "Field (Oe)", 1),
      ("J average (T);H (kA/m);J (T)", "J (T)", 1),
    ])
  func derivedColumns(_ head: String, _ taken: String, _ leftOut: Int) throws {
    let text = try Self.proposal(head).text
    #expect(text.contains("name = \"\(taken)\""), "\(text)")
    #expect(text.contains("# Column \(leftOut), ") && text.components(separatedBy: "[[column]]").count == 3)
    let titles = head.components(separatedBy: ";")
    #expect(text.contains("“\(titles[leftOut - 1])”, is left out"), "\(text)")
  }

  @Test func aColumnThatIsOnlyPerhapsTheResponseIsAsked() throws {
    let proposal = try Self.proposal("Field (Oe);Moment drift (emu);x")
    #expect(proposal.open.contains { $0.hasPrefix("role of column 2") }, "\(proposal.open)")
    // A word within a longer name is a guess, and is marked.
    let guessed = try Self.proposal("H (kA/m);Remanente Flussdichte (T);x").text
    #expect(guessed.contains("# ? Column 2, “Remanente Flussdichte (T)”: a guess"), "\(guessed)")
    #expect(guessed.contains("# Column 1, “H (kA/m)”: by its name"))
  }

  @Test func theCircuitAndAnUnsignedFieldAreAsked() throws {
    let moment = try Self.proposal("Field (Oe);Moment (emu)") { "\($0 - 9).5;0.\($0)1" }
    #expect(moment.open == ["circuit: open or closed"])
    #expect(moment.text.contains("second_quadrant_field = \"negative\""))
    let unsigned = try Self.proposal("H (kA/m);J (T)") { "\($0).5;\(Double(100 - $0) / 80)" }
    #expect(
      unsigned.open == ["circuit: open or closed", "second_quadrant_field: positive or negative"])
    #expect(unsigned.text.contains("as if H were the demagnetising magnitude"))
  }

  @Test("whether a mark parts thousands is asked, unless a number shows it")
  func marksOfThousands() throws {
    let doubtful = try Self.proposal("H (Oe)\tJ (mT)") { "\(21 - $0),\(200 + $0)\t\(500 - $0)" }
    #expect(doubtful.open.contains("decimal_mark: point or comma"))
    #expect(doubtful.text.contains("Every comma has exactly three digits behind it"))
    let mirrored = try Self.proposal("H (Oe)\tJ (mT)") { "\(21 - $0).\(200 + $0)\t\(500 - $0)" }
    #expect(mirrored.open.contains("decimal_mark: point or comma"))
    let shown = try Self.proposal("H (Oe)\tJ (mT)") { "\(21 - $0).\(200 + $0)\t\(500 - $0).5" }
    #expect(!shown.open.contains("decimal_mark: point or comma"))
    let grouped = try Self.proposal("H (A/m);J (T)") { "1,\(100 + $0),000;\(Double($0) / 8)" }
    #expect(grouped.text.contains("decimal_mark = \"point\"\nthousands_mark = \"comma\""), "\(grouped.text)")
    let loop = try read(
      filled(grouped.text, ["closed", "negative"]),
      textFile("H (A/m);J (T)\n" + (0..<20).map { "-1,\(100 + $0),000;\(Double($0) / 8)\n" }.joined()))
    let expected: [Double] = (0..<20).map { -1_100_000 - 1000 * Double($0) }
    #expect(loop.field.amperesPerMetre == expected)
  }

  @Test("rows and what ends the table are shown as read")
  func rowsAreShown() throws {
    let text = try ProfileProposal(for: sample("example-hysteresisgraph-de/quadrant.csv")).text
    #expect(text.contains("#   line 15: -50,25 | 1,2456 | 1,3087\n"))
    #expect(text.contains("#   line 42: -1407,00 | -3,0615 | -1,2934\n"))
    #expect(text.contains("table_ends_before = \"Ende der Messung\"\n"))
    #expect(text.contains("# Found: 334,7\n"))
  }

  @Test(
    "what is no table of numbers is refused",
    arguments: [
      ("", ReadError.Code.empty), ("\u{0}\u{1}", .unknownFormat), ("just a text\nof lines\n", .missingColumn),
      ((0..<7).map { "\($0);1\n" }.joined(), .missingColumn),
      ((0..<20).map { "\($0)\n" }.joined(), .missingColumn),
    ])
  func refusals(_ text: String, _ code: ReadError.Code) {
    let error = #expect(throws: ReadError.self) { try ProfileProposal(for: textFile(text)) }
    #expect(error?.code == code)
  }

  @Test("real files of other instruments are understood as far as they go")
  func realFiles() throws {
    guard let file = try realFile("lakeshore_7400_ideasvsm/VSManalyser_headerless_example.txt") else {
      return
    }
    let proposal = try ProfileProposal(for: file)
    #expect(proposal.text.contains("tab between the cells, decimal point, 251 rows of 2 cells"))
  }

  @Test("no change of a file makes it trap, and what it writes is a profile but for what is open")
  func changedFiles() throws {
    var random = SeededNumbers(seed: 5)
    let names = [
      "example-hysteresisgraph-de/quadrant.csv", "example-tracer-ja/loop.csv",
      "example-pulsed-field/loop.txt",
    ]
    for name in names {
      let file = try sample(name)
      for _ in 0..<150 {
        var bytes = file.bytes
        for _ in 0..<5 {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        guard let proposal = try? ProfileProposal(for: SourceFile(name: name, bytes: bytes)) else { continue }
        do {
          _ = try TextProfile(text: proposal.text)
          #expect(proposal.open.isEmpty)
        } catch {
          #expect(!proposal.open.isEmpty, "\(error.description)\n\(proposal.text)")
        }
      }
    }
  }
}
