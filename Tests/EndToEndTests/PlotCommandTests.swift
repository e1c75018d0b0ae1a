// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct PlotCommandTests {
  private static let contents = ["demagnetisation", "loop", "residuals", "noise", "all"]
  private static let file = "SampleData/Table/reference-A.txt"

  @Test(arguments: contents) func everyContentIsDrawnInEveryFormat(_ content: String) throws {
    let scratch = try ScratchFolder()
    for (ending, start) in [("svg", "<?xml"), ("pdf", "%PDF-"), ("png", "\u{89}PNG")] {
      let path = scratch.path("plot.\(ending)")
      let run = try CommandLineTool.run(
        ["analyze", Self.file, "--quiet", "--plot", path, "--plot-content", content])
      #expect(run.code == 0, "\(run.errors)")
      let bytes = try Data(contentsOf: URL(filePath: path))
      let expected = ending == "png" ? Data([0x89, 0x50, 0x4E, 0x47]) : Data(start.utf8)
      #expect(bytes.prefix(expected.count) == expected)
    }
  }

  @Test func theSamePlotHasTheSameBytes() throws {
    let scratch = try ScratchFolder()
    for name in ["a.svg", "b.svg"] {
      _ = try CommandLineTool.run(
        ["analyze", Self.file, "--quiet", "--plot", scratch.path(name), "--plot-content", "all"])
    }
    #expect(
      try Data(contentsOf: URL(filePath: scratch.path("a.svg")))
        == Data(contentsOf: URL(filePath: scratch.path("b.svg"))))
  }

  @Test func severalSpecimensNeedPages() throws {
    let scratch = try ScratchFolder()
    let lot = try CommandLineTool.lot.prefix(2)
    let refused = try CommandLineTool.run(
      ["analyze"] + lot + ["--quiet", "--plot", scratch.path("lot.svg"), "--plot-content", "loop"])
    #expect(refused.code == 64)
    #expect(refused.errors.contains(".pdf"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("lot.svg")))
    let drawn = try CommandLineTool.run(
      ["analyze"] + lot + ["--quiet", "--plot", scratch.path("lot.pdf"), "--plot-content", "residuals"])
    #expect(drawn.code == 0, "\(drawn.errors)")
    let text = String(decoding: try Data(contentsOf: URL(filePath: scratch.path("lot.pdf"))), as: UTF8.self)
    #expect(text.contains("/Count 2"))
  }

  // What a plot needs of the analysis changes no number of it.
  @Test func plotsLeaveResultsAlone() throws {
    let scratch = try ScratchFolder()
    let plain = try CommandLineTool.run(["analyze", Self.file, "--json"])
    let drawn = try CommandLineTool.run(
      ["analyze", Self.file, "--json", "--plot", scratch.path("a.svg"), "--plot-content", "all"])
    #expect(plain.output == drawn.output)
  }
}
