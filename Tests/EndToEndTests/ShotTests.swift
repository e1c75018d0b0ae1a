// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation
import TestSupport
import Testing

@Suite struct ShotTests {
  /// A shot, its empty shot and its setup in a folder of their own.
  struct Files {
    let scratch: ScratchFolder
    var shot: String { scratch.path("p.csv") }
    var empty: String { scratch.path("e.csv") }
    var setup: String { scratch.path("s.toml") }

    init() throws {
      scratch = try ScratchFolder()
      let made = try CommandLineTool.run([
        "simulate", "shot", "--hum", "1", "--delay", "3.37us", "--offset", "3mV", "--empty-residue", "0.5",
        "--setup", setup, "--empty", empty, "--output", shot,
      ])
      try #require(made.code == 0, "\(made.errors)")
    }

    func run(_ command: String, _ options: [String]) throws -> CommandLineTool.Outcome {
      try CommandLineTool.run([command, shot, "--setup", setup, "--empty-shot", empty] + options)
    }
  }

  // The gains are exact, so that every truth lies within U, which holds 0.3 % for each of them.
  @Test func aShotIsAnalysedAndCertified() throws {
    let files = try Files()
    let outcome = try files.run("analyze", ["--json", "--show-budget"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(try outcome.objects.first)
    let quantities = try #require(object["quantities"] as? [String: [String: Any]])
    let answers = ReferenceLoop.a.answers
    for (name, truth) in [
      ("Br", answers.remanence), ("HcJ", answers.coercivityHcJ), ("BHmax", answers.energyProduct),
    ] {
      let result = try #require(quantities[name])
      let (value, half) = (
        try #require(result["value"] as? Double), try #require(result["expandedUncertainty"] as? Double)
      )
      #expect(abs(value - truth) <= half, "\(name): \(value) ± \(half)")
      #expect(half < 0.02 * truth)
    }
    for id in ["baseline", "mains-hum", "delay", "empty-shot", "response-zero"] {
      #expect(outcome.output.contains("\"\(id)\""), "\(id)")
    }
    for id in [
      "pickup-coil", "field-sensor", "integrated-noise", "zero-and-hum", "field-channel", "empty-shot",
    ] {
      #expect(outcome.output.contains("\"id\":\"\(id)\""), "\(id)")
    }
    let certified = try files.run("certify", ["--grade", "N42SH", "--json"])
    #expect([0, 1].contains(certified.code), "\(certified.errors)")
    #expect(certified.output.contains("N42SH"))
  }

  @Test func whatIsMissingOrTooMuchIsSaid() throws {
    let files = try Files()
    let bare = try CommandLineTool.run(["analyze", files.shot, "--json"])
    #expect(bare.code == 2)
    #expect((bare.output + bare.errors).contains("state --setup"))
    let noSetup = try CommandLineTool.run(["analyze", files.shot, "--empty-shot", files.empty])
    #expect(noSetup.code == 64)
    #expect(noSetup.errors.contains("need a --setup"))
    let tooMany = try CommandLineTool.run([
      "analyze", files.shot, files.shot, files.shot, "--setup", files.setup, "--empty-shot", files.empty,
      "--empty-shot", files.empty,
    ])
    #expect(tooMany.code == 64)
    #expect(tooMany.errors.contains("2 empty shots for 3 files"))
  }

  @Test func aSetupWithAMistakeNamesItsKey() throws {
    let files = try Files()
    let text = try String(contentsOfFile: files.setup, encoding: .utf8)
    func replaced(_ key: String, by value: String) -> String {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix(key + " ") ? "\(key) = \(value)" : String(line)
      }.joined(separator: "\n")
    }
    for (key, changed) in [
      ("colour", "colour = 3\n" + text), ("turns", replaced("turns", by: "-20")),
      ("mains_Hz", replaced("mains_Hz", by: "0")), ("kind", replaced("kind", by: "\"magnet\"")),
    ] {
      try #require(changed != text)
      let setup = try files.scratch.write("wrong.toml", changed)
      let outcome = try CommandLineTool.run(["analyze", files.shot, "--setup", setup])
      #expect(outcome.code == 2, "\(key): \(outcome.errors)")
      #expect((outcome.errors + outcome.output).contains(key), "\(outcome.errors)")
      try FileManager.default.removeItem(atPath: setup)
    }
  }

  @Test func theArchiveHoldsVoltagesAndCompanions() throws {
    let files = try Files()
    let archive = files.scratch.path("lot.h5")
    let written = try files.run("analyze", ["--archive", archive])
    #expect(written.code == 0, "\(written.errors)")
    let verified = try CommandLineTool.run(["archive", "verify", archive])
    #expect(verified.code == 0, "\(verified.output) \(verified.errors)")
    // Names of groups and attributes stand in the file as they are.
    let bytes = try Data(contentsOf: URL(filePath: archive))
    for word in ["waveform", "companion"] {
      #expect(bytes.range(of: Data(word.utf8)) != nil, "\(word)")
    }
  }

  @Test func theSameBytesWithAnyNumberOfWorkers() throws {
    let files = try Files()
    let copies = try (1...6).map { number in
      let path = files.scratch.path("copy\(number).csv")
      try FileManager.default.copyItem(atPath: files.shot, toPath: path)
      return path
    }
    func output(_ workers: String) throws -> String {
      let outcome = try CommandLineTool.run(
        ["analyze"] + copies + [
          "--setup", files.setup, "--empty-shot", files.empty, "--json", "--workers", workers,
        ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output
    }
    let one = try output("1")
    #expect(one.split(separator: "\n").count == 6)
    #expect(try output("4") == one)
    #expect(try output("1") == one)
  }
}
