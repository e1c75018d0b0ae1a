// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

@Suite("FEMM material libraries")
struct FEMMTests {
  private func sample(_ name: String) throws -> SourceFile {
    let url = Repository.root.appending(path: "SampleData/FEMM/\(name)")
    return SourceFile(name: name, bytes: Array(try Data(contentsOf: url)))
  }

  private func read(_ file: SourceFile, block: String? = nil) throws -> LoopMeasurement {
    try Instrument.femm.readLoop(file, ReadingOptions(block: block))
  }

  private func refusal(_ file: SourceFile, block: String? = nil) -> ReadError? {
    #expect(throws: ReadError.self) { try read(file, block: block) }
  }

  private func block(
    _ name: String, points: String = "10", coercivity: String = "900000", rows: [String]? = nil
  ) -> String {
    let lines = rows ?? (0..<10).map { "\(0.15 * Double($0)) \(100_000 * $0)" }
    return
      (["<BeginBlock>", "<BlockName> = \"\(name)\"", "<H_c> = \(coercivity)", "<BHPoints> = \(points)"]
      + lines
      + ["<EndBlock>"]).joined(separator: "\n") + "\n"
  }

  @Test("the magnet's curve is shifted by H_c, so that B = 0 at -H_c")
  func oneMagnet() throws {
    let loop = try read(try sample("one-magnet.dat"))
    #expect(loop.count == 24)
    let fields: [Double] = [-861000, -823565, -561522, 0]
    #expect([0, 1, 8, 23].map { loop.field.amperesPerMetre[$0] } == fields)
    guard case .fluxDensity(let flux) = loop.response, case .internal = loop.field else {
      Issue.record("\(loop.response.name) is not B against the field in the material")
      return
    }
    #expect([0, 1, 8, 23].map { flux.si[$0] } == [0, 0.1922, 0.8020, 1.5264])
    #expect(loop.lines == Array(13...36))
    #expect(loop.sample.material == Sourced("Probe magnet 1.3", .header))
    #expect(loop.sample.circuit == Sourced(.closed, .assumed))
    #expect(loop.notes.map(\.code) == ["field-shifted"])
    #expect(loop.header.first == HeaderEntry("BlockName", "Probe magnet 1.3"))
    #expect(loop.header.contains(HeaderEntry("H_c", "861000")))
    #expect(loop.instrumentResults.isEmpty)
  }

  @Test("one of several magnets is chosen by its name, whatever the encoding")
  func severalMagnets() throws {
    let file = try sample("two-magnets.dat")
    let error = refusal(file)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("“Probe magnet 1.3”, “Probe férrite”") == true, "\(error?.detail ?? "")")
    #expect(refusal(file, block: "Probe ferrite")?.code == .block)
    let loop = try read(file, block: "Probe férrite")
    #expect(loop.count == 30)
    let fields: [Double] = [-301000.5, -290621.5, -0.5]
    #expect([0, 1, 29].map { loop.field.amperesPerMetre[$0] } == fields)
    #expect([0, 1, 29].map { loop.response.si[$0] } == [0, 0.0545, 0.5322])
  }

  @Test("straight lines, too few points and soft materials are refused by name")
  func noCurve() throws {
    let file = try sample("one-magnet.dat")
    for (name, word) in [
      ("Probe line", "straight line"), ("Probe three points", "3 points"),
      ("Probe iron", "no permanent magnet"),
    ] {
      let error = refusal(file, block: name)
      #expect(error?.code == .notALoop, "\(name)")
      #expect(error?.detail.contains(word) == true, "\(error?.detail ?? "")")
    }
    let soft = try sample("soft-materials.dat")
    #expect(Instrument.femm.recognize(soft).recognition == .certain)
    #expect(refusal(soft)?.code == .notALoop)
    #expect(refusal(textFile(block("A", points: "0", rows: [])))?.detail.contains("straight line") == true)
  }

  @Test("a long library is listed in part")
  func longList() {
    let library = textFile((1...400).map { block("magnet \($0)") }.joined())
    let error = refusal(library)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("400 magnets") == true)
    #expect(error?.detail.contains("“magnet 30” and 370 more") == true)
    let twice = refusal(textFile(block("A") + block("A")), block: "A")
    #expect(twice?.code == .block)
    #expect(twice?.detail.contains("2 magnets") == true)
  }

  @Test("a library that ends early is truncated, and a block that breaks the rules refused with its line")
  func damage() {
    #expect(refusal(textFile(""))?.code == .empty)
    #expect(refusal(textFile("<BeginFolder>\n" + block("A")))?.code == .truncated)
    #expect(refusal(textFile(String(block("A").dropLast(12))))?.code == .truncated)
    let cases: [(text: String, line: Int)] = [
      (block("A", coercivity: "many"), 3), (block("A", points: "-1"), 4), (block("A", points: "1.5"), 4),
      (block("A", points: "1e30"), 4), (block("A", points: "11"), 14), (block("A", points: "9"), 14),
      (block("A", rows: (0..<10).map { $0 == 4 ? "0.5" : "0.1 \($0)" }), 9),
      (block("A", rows: (0..<10).map { $0 == 4 ? "0.5 1 2" : "0.1 \($0)" }), 9),
      (block("A", rows: (0..<10).map { $0 == 4 ? "0.5 1e999" : "0.1 \($0)" }), 9),
      ("<BeginBlock>\n" + block("A"), 2),
    ]
    for (text, line) in cases {
      let error = refusal(textFile(text))
      #expect(error?.code == .malformed, "\(text)")
      #expect(error?.line == line, "\(text)")
    }
  }
}
