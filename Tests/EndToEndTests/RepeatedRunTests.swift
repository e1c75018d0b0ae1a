// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// A result can be had again to the last bit, by another process and with any number of workers.
@Suite struct RepeatedRunTests {
  @Test(arguments: [
    [], ["--show-budget"], ["--method", "interpolation", "--branch", "rising"],
    ["--branch", "falling", "--saturation-fit", "--recoil", "major-slope", "--coverage", "0.99"],
    ["--demag", "none", "--temperature", "80C", "--all-quantities"],
  ])
  func resultsAreTheSameBitForBit(_ options: [String]) throws {
    let files = try CommandLineTool.lot.prefix(4) + ["SampleData/Table/reference-A.txt"]
    let runs = try [[], [], ["--workers", "1"]].map {
      try CommandLineTool.run(["analyze", "--json"] + options + $0 + files)
    }
    #expect(runs[0].output.split(separator: "\n").count == 5)
    #expect(runs[0].code == 0, "\(runs[0].errors)")
    for other in runs.dropFirst() {
      #expect(other.output == runs[0].output)
      #expect(other.errors == runs[0].errors && other.code == runs[0].code)
    }
  }

  // Coloured noise takes the spectrum of even harmonics, and a blank record that of its own.
  @Test func colouredNoiseGivesTheSameBits() throws {
    let folder = try ScratchFolder()
    let files = try ["pink", "autoregressive"].map { kind in
      let path = folder.path("\(kind).txt")
      let run = try CommandLineTool.run([
        "simulate", "loop", "--truth", "C", "--noise", "0.3", "--noise-kind", kind, "--output", path,
      ])
      try #require(run.code == 0, "\(run.errors)")
      return path
    }
    let runs = try (0..<2).map { _ in
      try CommandLineTool.run(["analyze", "--json", "--show-budget"] + files)
    }
    #expect(runs[0].code == 0)
    #expect(runs[0].output.contains("spectrum of even harmonics"))
    #expect(runs[0].output == runs[1].output)
  }
}
