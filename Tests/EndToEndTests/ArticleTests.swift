// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// Articles promise nothing that is not run here.
@Suite struct ArticleTests {
  private static let shot = "Instruments/Instruments.docc/From-voltages-to-a-loop.md"
  private static let articles = [
    shot, "Sources/Inspection/Inspection.docc/Temperature-series-and-reduction.md",
    "Sources/Inspection/Inspection.docc/Plots.md", "Sources/Inspection/Inspection.docc/Grades-and-claims.md",
    "Sources/Inspection/Inspection.docc/Certificates.md",
    "Sources/Inspection/Inspection.docc/Lots-and-control.md",
    "Sources/Inspection/Inspection.docc/Whole-lots-unattended.md",
    "Sources/Inspection/Inspection.docc/Certifying-as-files-arrive.md",
    "Sources/Inspection/Inspection.docc/Archives-and-libraries.md",
  ]

  private func text(_ article: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: article), encoding: .utf8)
  }

  /// Runs the commands of an article in order in a folder.
  private func run(_ article: String, in folder: ScratchFolder) throws {
    let commands = try text(article).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("magcert ") }
    #expect(commands.count >= 4)
    for command in commands {
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let tool = CommandLineTool.executable.path
      shell.arguments = ["-c", command.replacing("magcert ", with: "'\(tool)' ", maxReplacements: 1)]
      shell.currentDirectoryURL = folder.url
      if !command.contains(">") { shell.standardOutput = FileHandle.nullDevice }
      shell.standardError = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0, "\(command)")
    }
  }

  @Test(arguments: articles) func commandsRun(_ article: String) throws {
    try run(article, in: ScratchFolder())
  }

  // Every correction, parameter and budget line of a shot is in its article.
  @Test func theArticleOfShotsNamesWhatItsResultHolds() throws {
    let scratch = try ScratchFolder()
    let article = try text(Self.shot)
    try run(Self.shot, in: scratch)
    for more in [[], ["--empty-shot", scratch.path("e.csv")]] {
      let arguments = ["analyze", scratch.path("p.csv"), "--setup", scratch.path("s.toml"), "--json"]
      let object = try #require(
        try CommandLineTool.run(arguments + ["--show-budget"] + more).objects.first)
      let corrections = try #require(object["corrections"] as? [[String: Any]])
      #expect(corrections.count >= 4)
      for correction in corrections {
        // What follows is done to every loop.
        guard let id = correction["id"] as? String, id != "self-demagnetisation" else { break }
        #expect(article.contains("| `\(id)` |"), "\(id)")
        for name in (correction["parameters"] as? [String: Any] ?? [:]).keys {
          #expect(article.contains("`\(name)`"), "\(id): \(name)")
        }
      }
      let quantities = try #require(object["quantities"] as? [String: [String: Any]])
      let lines = try #require(quantities["HcJ"]?["budget"] as? [[String: Any]])
      let ofEveryLoop = [
        "noise", "estimator", "demagnetising-factor", "temperature", "moment-zero", "field-zero", "misfit",
        "branches", "sampling",
      ]
      for id in lines.compactMap({ $0["id"] as? String }) where !ofEveryLoop.contains(id) {
        #expect(article.contains("`\(id)`"), "budget line \(id)")
      }
    }
  }

  // The reduced values that the article of temperatures promises.
  @Test func theReducedLoopIsTheTruth() throws {
    let scratch = try ScratchFolder()
    try run(Self.articles[1], in: scratch)
    let run = try CommandLineTool.run(
      [
        "analyze", scratch.path("60C.txt"), "--reduce-to", "20C", "--coefficients",
        scratch.path("series.jsonl"), "--json",
      ])
    let reduced = try #require(try run.objects.first?["reduced"] as? [String: Any])
    let quantities = try #require(reduced["quantities"] as? [String: [String: Any]])
    for (name, truth) in [("Br", 1.31), ("HcJ", 1683.6e3)] {
      let value = try #require(quantities[name]?["value"] as? Double)
      let expanded = try #require(quantities[name]?["expandedUncertainty"] as? Double)
      #expect(abs(value - truth) < expanded, "\(name)")
    }
  }
}
