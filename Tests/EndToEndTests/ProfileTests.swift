// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct ProfileTests {
  private let scratch: ScratchFolder
  private static let german = "SampleData/TextProfile/example-hysteresisgraph-de/quadrant.csv"

  init() throws { scratch = try ScratchFolder() }

  private func analyse(_ file: String, _ options: [String]) throws -> CommandLineTool.Outcome {
    try CommandLineTool.run(["analyze", file, "--json", "--method", "interpolation"] + options)
  }

  /// A proposal for a file, with words in place of what it leaves open.
  private func proposal(_ file: String, _ words: [String]) throws -> String {
    let run = try CommandLineTool.run(["instruments", "profile", file])
    #expect(run.code == 0)
    #expect(run.errors.split(separator: "\n").count == words.count, "\(run.errors)")
    #expect(run.errors.contains("to be filled in: circuit"))
    return words.reduce(run.output) { text, word in
      guard let place = text.firstRange(of: "= \"?\"") else { return text }
      return text.replacingCharacters(in: place, with: "= \"\(word)\"")
    }
  }

  // The tables are of the shipped samples, whose truth is Br 1.31 T, HcB 1021.8 kA/m and HcJ 1288.5 kA/m.
  @Test func aShippedProfileIsNamedById() throws {
    let run = try analyse(Self.german, ["--profile", "example-hysteresisgraph-de"])
    #expect(run.code == 0, "\(run.errors)")
    let object = try #require(try run.objects.first)
    let source = try #require(object["source"] as? [String: Any])
    #expect(source["instrument"] as? String == "profile-example-hysteresisgraph-de")
    let companions = try #require(source["companions"] as? [[String: String]])
    #expect(companions.map { $0["role"] } == ["profile"])
    #expect(companions.first?["path"] == "example-hysteresisgraph-de.toml")
    #expect(companions.first?["sha256"]?.count == 64)
    let quantities = try #require(object["quantities"] as? [String: [String: Any]])
    func value(_ name: String) -> Double { quantities[name]?["value"] as? Double ?? .nan }
    // A line between points 50 kA/m apart misses a curve that bends only at its knee by less than 0.2 %.
    for (name, truth) in [("Br", 1.31), ("HcB", 1021.76e3), ("HcJ", 1288.52e3)] {
      #expect(abs(value(name) / truth - 1) < 2e-3, "\(name): \(value(name))")
    }
    // By itself no driver takes the file.
    #expect(try analyse(Self.german, []).output.contains("unknown-format"))
  }

  @Test func aProposalThatWasFilledInReadsTheFile() throws {
    let text = try proposal(Self.german, ["closed", "day-month-year"])
    let file = try scratch.write("bench.toml", text)
    let archive = scratch.path("a.h5")
    let run = try analyse(Self.german, ["--profile", file, "--archive", archive])
    #expect(run.code == 0, "\(run.errors)")
    let object = try #require(try run.objects.first)
    let shipped = try analyse(Self.german, ["--profile", "example-hysteresisgraph-de"]).objects
    #expect(object["quantities"] as? NSDictionary == shipped.first?["quantities"] as? NSDictionary)
    // The text of the profile is kept with the result.
    #expect(try CommandLineTool.run(["archive", "verify", archive]).code == 0)
    let shown = try CommandLineTool.run(["archive", "show", archive, "--json"])
    #expect(shown.output.contains("\"role\":\"profile\""), "\(shown.output)")
  }

  @Test func whatIsOpenIsRefusedWithItsLine() throws {
    let file = try scratch.write("open.toml", try proposal(Self.german, ["closed", "?"]))
    let run = try analyse(Self.german, ["--profile", file])
    #expect(run.code == 2)
    #expect(run.errors.contains("open.toml”: line "))
    #expect(run.errors.contains("only you know it"))
  }

  @Test func profilesAreListedAndPrinted() throws {
    let list = try CommandLineTool.run(["instruments", "profiles"])
    #expect(list.output.split(separator: "\n").count == 5)
    let printed = try CommandLineTool.run(["instruments", "profiles", "example-two-columns"])
    #expect(printed.code == 0)
    #expect(printed.output.contains("id = \"example-two-columns\""))
    #expect(try CommandLineTool.run(["instruments", "profiles", "none"]).code == 64)
  }

  @Test(
    arguments: [
      (["--profile", "example-two-columns", "--instrument", "table"], 64, "does not go with --instrument"),
      (["--profile", "example-two-columns", "--unit", "H=Oe"], 64, "does not go with"),
      (["--profile", "no-such"], 2, "shipped are"), (["--profile", "none.toml"], 2, "there is no file"),
    ] as [([String], Int32, String)])
  func wrongOptionsAreRefused(_ options: [String], _ code: Int32, _ words: String) throws {
    let run = try analyse(Self.german, options)
    #expect(run.code == code)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func aFileWithoutATableHasNoProposal() throws {
    let run = try CommandLineTool.run(["instruments", "profile", "README.md"])
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("no table"))
  }
}
