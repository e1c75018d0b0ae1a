// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// README promises nothing that is not run here.
@Suite struct ReadMeTests {
  private var text: String {
    get throws { try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8) }
  }

  // Every `magcert` command in a code block runs, on the sample data, with the exit code that the lot deserves.
  @Test func commandsRun() throws {
    let scratch = try ScratchFolder()
    let files = FileManager.default
    try files.copyItem(
      at: Repository.root.appending(path: "SampleData"), to: scratch.url.appending(path: "SampleData"))
    let commands = try text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("magcert ") }
    #expect(commands.count >= 3)
    for command in commands {
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let tool = CommandLineTool.executable.path
      shell.arguments = ["-c", command.replacing("magcert ", with: "'\(tool)' ", maxReplacements: 1)]
      shell.currentDirectoryURL = scratch.url
      shell.standardOutput = FileHandle.nullDevice
      shell.standardError = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      #expect(
        shell.terminationStatus == (command.contains("lot/*") || command.contains("/lot --lot") ? 1 : 0),
        "\(command)")
    }
  }

  // What the README shows as output is what the command prints.
  @Test func shownOutputIsReal() throws {
    let blocks = try text.components(separatedBy: "```")
    let shown = try #require(blocks.first { $0.contains("L42-05") && $0.contains("± ") })
    let printed = try CommandLineTool.run(
      ["certify"] + CommandLineTool.lot + ["--grade", "N42SH", "--lot", "L42"])
    let lines = Set(printed.output.split(separator: "\n").map(String.init))
    for line in shown.split(separator: "\n").map(String.init) where line.hasPrefix("  ") && line != "  …" {
      #expect(lines.contains(line), "README shows “\(line)”")
    }
  }

  @Test func linksLeadSomewhere() throws {
    for match in try text.matches(of: /\]\(([^)#]+)\)/) {
      let target = String(match.1)
      guard !target.hasPrefix("http") else { continue }
      #expect(
        FileManager.default.fileExists(atPath: Repository.root.appending(path: target).path), "\(target)")
    }
  }

  @Test func theLicenceIsNamed() throws { #expect(try text.contains("GPL-3.0-or-later")) }
}
