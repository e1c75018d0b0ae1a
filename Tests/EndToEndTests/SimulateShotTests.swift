// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation
import TestSupport
import Testing

@Suite struct SimulateShotTests {
  @Test func aShotIsWrittenWithItsEmptyShotAndSetup() throws {
    let scratch = try ScratchFolder()
    let (shot, empty, setup) = (
      scratch.path("shot.txt"), scratch.path("empty.txt"), scratch.path("setup.toml")
    )
    let arguments = [
      "simulate", "shot", "--hum", "1", "--delay", "3.37us", "--offset", "20mV", "--empty-residue", "0.5",
      "--eddy-radius", "2mm", "--empty", empty, "--setup", setup, "--json", "--output", shot,
    ]
    let outcome = try CommandLineTool.run(arguments)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(try outcome.objects.first)
    #expect(object["points"] as? Int == 14667)
    let answers = try #require(object["answers"] as? [String: Double])
    #expect(answers["HcJ"] == ReferenceLoop.a.answers.coercivityHcJ)
    #expect(try String(contentsOfFile: setup, encoding: .utf8).contains("mains_Hz = 50.0"))
    #expect(try Data(contentsOf: URL(filePath: shot)) != Data(contentsOf: URL(filePath: empty)))
    // Nothing is written over.
    let again = try CommandLineTool.run(arguments)
    #expect(again.code == 2)
    #expect(again.errors.contains("not overwritten"))
  }

  @Test(arguments: [
    ["--frequency", "0"], ["--peak-field", "4"], ["--sampling-rate", "nan"], ["--truth", "Z"],
    ["--noise", "-1mV"], ["--delay", "1s"], ["--eddy-radius", "0mm"], ["--instrument", "table"],
  ])
  func whatCannotBeIsRefused(_ options: [String]) throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("shot.txt")
    let outcome = try CommandLineTool.run(["simulate", "shot", "--output", path] + options)
    #expect(outcome.code == 64 || outcome.code == 2)
    #expect(outcome.errors.contains(options[1]) || outcome.errors.contains(options[0]))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
