// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation
import TestSupport
import Testing

/// Shots of one specimen at several rates, one result.
@Suite struct PulseRateTests {
  private static func simulate(_ scratch: ScratchFolder, _ frequency: Int, truth: String = "A") throws {
    let made = try CommandLineTool.run([
      "simulate", "shot", "--truth", truth, "--frequency", "\(frequency)", "--eddy-radius", "5mm",
      "--empty", scratch.path("empty\(frequency)\(truth).txt"), "--setup",
      scratch.path("setup\(frequency)\(truth).toml"), "--output",
      scratch.path("shot\(frequency)\(truth).txt"),
    ])
    try #require(made.code == 0, "\(made.errors)")
  }

  // A cylinder of 5 mm radius shows HcJ too high by about 1 % of truth A at 15 Hz in a closed circuit and by less in an
  // open one; what is left after two rates is less than half of that, and U holds half of what was taken out.
  @Test func twoRatesGiveOneResult() throws {
    let scratch = try ScratchFolder()
    for frequency in [15, 30] { try Self.simulate(scratch, frequency) }
    let archive = scratch.path("rates.h5")
    let outcome = try CommandLineTool.run([
      "analyze", scratch.path("shot15A.txt"), scratch.path("shot30A.txt"), "--pulse-rates", "--setup",
      scratch.path("setup15A.toml"), "--empty-shot", scratch.path("empty15A.txt"), "--empty-shot",
      scratch.path("empty30A.txt"), "--archive", archive, "--json", "--show-budget",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let objects = try outcome.objects
    #expect(objects.count == 1)
    let quantities = try #require(objects.first?["quantities"] as? [String: [String: Any]])
    let coercivity = try #require(quantities["HcJ"])
    let (value, half) = (
      try #require(coercivity["value"] as? Double), try #require(coercivity["expandedUncertainty"] as? Double)
    )
    #expect(abs(value - ReferenceLoop.a.answers.coercivityHcJ) < half)
    #expect(try #require(coercivity["method"] as? String).hasSuffix("two-rates"))
    #expect(outcome.output.contains("eddy-extrapolation"))
    #expect(outcome.output.contains("other-rate"))
    #expect(try CommandLineTool.run(["archive", "verify", archive]).code == 0)
  }

  @Test func whatIsNoSeriesOfRatesIsRefused() throws {
    let scratch = try ScratchFolder()
    try Self.simulate(scratch, 15)
    try Self.simulate(scratch, 30, truth: "B")
    let setup = ["--pulse-rates", "--setup", scratch.path("setup15A.toml")]
    let (first, other) = (scratch.path("shot15A.txt"), scratch.path("shot30B.txt"))
    let empties = [
      "--empty-shot", scratch.path("empty15A.txt"), "--empty-shot", scratch.path("empty30B.txt"),
    ]
    let strangers = try CommandLineTool.run(["analyze", first, other] + setup + empties)
    #expect(strangers.code == 2)
    #expect(strangers.errors.contains("different specimens"))
    #expect(try CommandLineTool.run(["analyze", first] + setup).code == 64)
    #expect(try CommandLineTool.run(["analyze", first, other, "--monte-carlo", "100"] + setup).code == 64)
    #expect(try CommandLineTool.run(["analyze", first, other, "--temperature-series"] + setup).code == 64)
    #expect(try CommandLineTool.run(["analyze", first, first] + setup).code == 2)
  }
}
