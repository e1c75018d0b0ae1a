// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// What was archived is computed again from nothing but the archive.
@Suite struct ReprocessTests {
  private let scratch: ScratchFolder
  private var archive: String { scratch.path("a.h5") }

  init() throws { scratch = try ScratchFolder() }

  private func make(_ arguments: [String]) throws {
    let run = try CommandLineTool.run(arguments + ["--archive", archive, "--quiet"])
    #expect(FileManager.default.fileExists(atPath: archive), "\(run.errors)")
  }

  private func reprocess(_ more: String...) throws -> (code: Int32, objects: [[String: Any]]) {
    let run = try CommandLineTool.run(["archive", "reprocess", archive, "--json"] + more)
    return (run.code, try run.objects)
  }

  private func results(_ more: String...) throws -> [String] {
    let run = try CommandLineTool.run(["archive", "reprocess", archive, "--json"] + more)
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    return try run.objects.compactMap { $0["result"] as? String }
  }

  // The same program on the same machine gives the same digits, so no tolerance is needed.
  @Test func whatWasAskedForIsAskedForAgain() throws {
    try make(
      ["certify"] + CommandLineTool.lot.prefix(2) + [
        "SampleData/QuantumDesignVSM/truncated.dat", "--grade", "N42SH", "--lot", "L42", "--guard", "0.8",
        "--branch", "falling", "--temperature", "25C", "--limits", "min-max",
      ])
    #expect(try results("--tolerance", "0") == ["same", "same", "same"])
    let text = try CommandLineTool.run(["archive", "reprocess", archive])
    #expect(text.output.contains("3 rows as archived, 0 different, 0 not comparable"))
  }

  // A repeated file is no piece of its own, whatever it gives alone.
  @Test func aRepeatedFileIsStillOne() throws {
    let file = try CommandLineTool.lot[0]
    let again = scratch.path("again.dat")
    try FileManager.default.copyItem(
      at: Repository.root.appending(path: file), to: URL(filePath: again))
    try make(["certify", file, again, "--grade", "N42SH"])
    let records = try CommandLineTool.run(["archive", "list", archive, "--json"]).objects
    #expect((records.last?["error"] as? [String: Any])?["code"] as? String == "repeated")
    #expect(try results("--tolerance", "0") == ["same", "same"])
  }

  @Test(arguments: [
    ["--demag", "0.2"], ["--demag", "none"], ["--branch", "rising"], ["--method", "interpolation"],
    ["--fast"],
    ["--coverage", "0.99"], ["--shape", "cuboid", "--size", "3x3x3mm"], ["--columns", "processed"],
  ])
  func everyChoiceIsArchived(_ choice: [String]) throws {
    try make(["analyze", try CommandLineTool.lot[0]] + choice)
    #expect(try results("--tolerance", "0") == ["same"])
  }

  /// The general budget under another name, with one line changed.
  private func ownBudget(percent: String = "0.4") throws -> String {
    let general = Repository.root.appending(path: "Sources/Inspection/Budgets/default-open-circuit.toml")
    let text = try String(contentsOf: general, encoding: .utf8)
    #expect(text.contains("percent = 0.4\n"))
    return try scratch.write(
      "own-\(percent).toml",
      text.replacing("name = \"default-open-circuit\"", with: "name = \"own\"")
        .replacing("percent = 0.4\n", with: "percent = \(percent)\n"))
  }

  @Test func whatTheArchiveDoesNotHoldIsSaid() throws {
    let budget = try ownBudget()
    try make(["analyze", try CommandLineTool.lot[0], "--budget", budget])
    let object = try #require(try reprocess().objects.first)
    #expect(object["result"] as? String == "not-comparable")
    #expect((object["reason"] as? String)?.contains("“own”") == true)
    #expect(try results("--budget", budget, "--tolerance", "0") == ["same"])
    let old = try CommandLineTool.run(["archive", "reprocess", "Tests/ReferenceArchives/v4"])
    #expect(old.code == 0)
    #expect(old.output.contains("0 rows as archived, 0 different, 5 not comparable"))
  }

  @Test func differencesAreListed() throws {
    try make(["analyze", try CommandLineTool.lot[0], "--budget", try ownBudget()])
    // Five times the uncertainty of the calibration: every U of a polarisation grows, and no value changes.
    let wider = try ownBudget(percent: "2")
    let run = try CommandLineTool.run(["archive", "reprocess", archive, "--budget", wider])
    #expect(run.code == 1)
    #expect(run.output.contains("U(Br): "))
    #expect(!run.output.contains(": Br: "))
    #expect(run.output.contains("1 different"))
    #expect(try reprocess("--budget", wider, "--tolerance", "10").code == 0)
  }

  @Test func whatCannotBeReadIsExitCode2() throws {
    let run = try CommandLineTool.run(["archive", "reprocess", "SampleData/Table/reference-A.txt"])
    #expect(run.code == 2)
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try CommandLineTool.run(["archive", "reprocess", "x.h5", "--tolerance", "-1"]).code == 64)
  }

  @Test func aCompactCopyIsTheSameArchive() throws {
    try make(["analyze"] + CommandLineTool.lot.prefix(3))
    let copy = scratch.path("small/a.h5")
    #expect(try CommandLineTool.run(["archive", "compact", archive, "--output", copy]).code == 2)
    try FileManager.default.createDirectory(
      at: URL(filePath: copy).deletingLastPathComponent(), withIntermediateDirectories: true)
    let run = try CommandLineTool.run(["archive", "compact", archive, "--output", copy])
    #expect(run.code == 0, "\(run.errors)")
    #expect(try CommandLineTool.run(["archive", "verify", copy]).code == 0)
    #expect(
      try CommandLineTool.run(["archive", "list", copy, "--json"]).output
        == CommandLineTool.run(["archive", "list", archive, "--json"]).output)
    let size = { (path: String) in try Data(contentsOf: URL(filePath: path)).count }
    #expect(try size(copy) < size(archive))
    #expect(try CommandLineTool.run(["archive", "compact", archive, "--output", copy]).code == 2)
  }
}
