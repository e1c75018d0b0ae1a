// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct OtherCommandTests {
  @Test func gradesAreShownWithTheirSource() throws {
    let show = try CommandLineTool.run(["grades", "show", "N42SH"])
    #expect(show.code == 0)
    for word in ["HcJ ≥ 1592 kA/m", "consensus", "20.0 °C"] { #expect(show.output.contains(word)) }
    #expect(try CommandLineTool.run(["grades"]).output.contains("N55"))
    let lines = try CommandLineTool.run(["grades", "list", "--json"]).objects
    #expect(lines.count == 63)
  }

  @Test func fastTakesLocalEstimatorsAndSaysSo() throws {
    let run = try CommandLineTool.run(["analyze", CommandLineTool.lot[0], "--fast", "--json"])
    #expect(run.code == 0)
    let object = try #require(run.objects.first)
    #expect((object["estimation"] as? [String: Any])?["method"] as? String == "local")
    let flags = try #require(object["flags"] as? [[String: Any]])
    #expect(flags.contains { $0["code"] as? String == "local-only" })
    let quantities = try #require(object["quantities"] as? [String: [String: Any]])
    #expect(quantities["Br"]?["method"] as? String == "local-polynomial")
    let text = try CommandLineTool.run(["analyze", CommandLineTool.lot[0], "--fast"])
    #expect(text.output.contains("local estimators only"))
    for method in ["fit", "interpolation"] {
      let refused = try CommandLineTool.run(
        ["analyze", CommandLineTool.lot[0], "--fast", "--method", method])
      #expect(refused.code == 64)
      #expect(refused.errors.contains("--fast and --method \(method) ask for different estimators"))
    }
  }

  @Test func ownTablesAreChecked() throws {
    let scratch = try ScratchFolder()
    let sound = """
      id = "works"
      edition = "2"
      source = "works standard 17"
      confidence = "public"
      family = "sintered NdFeB"
      reference_temperature_C = 20
      [[grade]]
      name = "W1"
      class = "W"
      br_min_T = 1.2
      hcj_min_kA_per_m = 900
      """
    let good = try scratch.write("good.toml", sound)
    let check = try CommandLineTool.run(["grades", "check", good])
    #expect(check.code == 0, "\(check.errors)")
    let certified = try CommandLineTool.run([
      "certify", CommandLineTool.lot[0], "--table", good, "--grade", "W1", "--json",
    ])
    #expect(certified.code == 0)
    let bad = try scratch.write("bad.toml", sound + "\nhcb_min_kA_per_m = 2000\n")
    let refused = try CommandLineTool.run(["grades", "check", bad])
    #expect(refused.code == 2)
    #expect(refused.errors.contains("W1"))
  }

  /// 2400 kA/m is not twice the HcJ of 1684 kA/m: asked for, the fit is refused with its reason.
  @Test func saturationFitIsAskedForByAFlag() throws {
    let file = "SampleData/Table/reference-A.txt"
    func codes(_ options: [String]) throws -> String {
      try CommandLineTool.run(["analyze", file, "--json"] + options).output
    }
    #expect(try codes(["--saturation-fit"]).contains("no-saturation-fit"))
    #expect(try !codes([]).contains("no-saturation-fit"))
  }

  // A curve from 0 to −1700 kA/m that falls by 0.05·µ0 per A/m to −1500 kA/m, with a recoil loop of slope 0.08·µ0 from
  // −1000 kA/m, as a hysteresigraph writes it: what is asked for is what is named.
  @Test func recoilPermeabilityIsFoundAsAskedFor() throws {
    let scratch = try ScratchFolder()
    let perField = 4e-7 * Double.pi
    func major(_ h: Double) -> Double {
      h > -1500e3 ? 1.3 + 0.05 * perField * h : (1.3 - 0.05 * perField * 1500e3) * (h + 1600e3) / 100e3
    }
    func recoil(_ h: Double) -> Double { major(-1000e3) + 0.08 * perField * (h + 1000e3) }
    let down = (0...100).map { -10e3 * Double($0) }
    let rows =
      down.map { ($0, major($0)) } + down.reversed().dropFirst().map { ($0, recoil($0)) }
      + down.dropFirst().map { ($0, recoil($0)) }
      + (1...140).map { -1000e3 - 5e3 * Double($0) }.map { ($0, major($0)) }
    let file = try scratch.write(
      "recoil.txt",
      rows.reduce("H (A/m)\tJ (T)\n") { $0 + "\($1.0)\t\($1.1)\n" })
    for (option, id, value) in [
      ("auto", "recoil-loop", 1.08), ("secant", "secant", 1.08), ("major-slope", "major-slope", 1.05),
    ] {
      let run = try CommandLineTool.run(["analyze", file, "--recoil", option, "--json"])
      let object = try #require(try run.objects.first, "\(run.errors)")
      let quantities = try #require(object["quantities"] as? [String: [String: Any]])
      #expect(quantities["muRec"]?["method"] as? String == id)
      #expect(abs((quantities["muRec"]?["value"] as? Double ?? 0) - value) < 1e-6)
      #expect((quantities["HD5"]?["method"] as? String)?.hasPrefix("J=0.95Br-recoil/\(id)/") == true)
      #expect((object["estimation"] as? [String: Any])?["recoilMethod"] as? String == option)
    }
    let table = try CommandLineTool.run(["analyze", file, "--all-quantities"]).output
    #expect(table.contains("HD10") && table.contains("Hk95"))
    #expect(try CommandLineTool.run(["analyze", file, "--recoil", "guess"]).code == 64)
  }

  @Test func filesAreIdentified() throws {
    let files = [try CommandLineTool.lot[0], "SampleData/Table/reference-A.txt"]
    let run = try CommandLineTool.run(["instruments", "identify", "--json"] + files)
    #expect(run.code == 0)
    #expect(try run.objects.map { $0["instrument"] as? String } == ["quantum-design-vsm", "table"])
    let unknown = try CommandLineTool.run(["instruments", "identify", "README.md"])
    #expect(unknown.code == 2)
    #expect(unknown.output.contains("no driver"))
    let listed = try CommandLineTool.run(["instruments", "list", "--json"]).objects
    let kinds = listed.map { "\($0["id"] ?? "") \($0["reads"] ?? "") \($0["writes"] ?? "")" }
    #expect(kinds.contains("table loops 1") && kinds.contains("ni-tdms waveforms 0"), "\(kinds)")
    let text = try CommandLineTool.run(["instruments"]).output
    #expect(text.contains(/table +loops/) && text.contains(/ni-tdms +waveforms/))
  }

  // The commands of SampleData/README.md write the committed files byte by byte.
  @Test func sampleDataIsWhatSimulateWrites() throws {
    let scratch = try ScratchFolder()
    let text = try String(
      contentsOf: Repository.root.appending(path: "SampleData/README.md"), encoding: .utf8)
    let commands = text.split(separator: "\n").filter { $0.hasPrefix("magcert simulate") }
    #expect(commands.count == 3)
    for command in commands {
      let words = command.split(separator: " ").dropFirst().map(String.init)
      let run = try CommandLineTool.run(words, in: scratch.url)
      #expect(run.code == 0, "\(run.errors)")
    }
    let written = scratch.url.appending(path: "SampleData")
    let names = try FileManager.default.subpathsOfDirectory(atPath: written.path).sorted()
    #expect(names.count >= 14)
    for name in names where URL(filePath: name).pathExtension != "" {
      let committed = Repository.root.appending(path: "SampleData").appending(path: name)
      #expect(try Data(contentsOf: written.appending(path: name)) == Data(contentsOf: committed), "\(name)")
    }
  }

  @Test func simulateDoesNotOverwrite() throws {
    let scratch = try ScratchFolder()
    let words = ["simulate", "loop", "--truth", "T2", "--output", scratch.path("t2.txt")]
    #expect(try CommandLineTool.run(words).code == 0)
    #expect(try CommandLineTool.run(words).code == 2)
  }

  // Truth A with 10000 points and no noise as a table: the five quantities within 1e-5, through the whole program.
  @Test func referenceLoopComesBackThroughTheCommandLine() throws {
    let scratch = try ScratchFolder()
    let file = scratch.path("a.txt")
    #expect(
      try CommandLineTool.run(["simulate", "loop", "--truth", "A", "--points", "10000", "--output", file])
        .code == 0)
    let run = try CommandLineTool.run(["analyze", file, "--json"])
    let quantities = try #require(try run.objects.first?["quantities"] as? [String: [String: Any]])
    for (name, truth) in [
      ("Br", 1.31), ("HcJ", 1_683_632.0619), ("HcB", 1_002_370.0743), ("BHmax", 328_276.1993),
      ("Hk", 1_565_635.6216),
    ] {
      let value = try #require(quantities[name]?["value"] as? Double)
      #expect(abs(value / truth - 1) < 1e-5, "\(name) \(value)")
    }
  }

  // 1/f noise: the blank record raises the noise of Br far above what the loop's own fast noise explains.
  @Test func blankRecordIsUsedThroughTheCommandLine() throws {
    let scratch = try ScratchFolder()
    let (loop, blank) = (scratch.path("loop.txt"), scratch.path("blank.txt"))
    let noise = ["--truth", "L2", "--points", "500", "--noise", "0.3", "--noise-kind", "pink"]
    #expect(try CommandLineTool.run(["simulate", "loop", "--seed", "1", "-o", loop] + noise).code == 0)
    #expect(try CommandLineTool.run(["simulate", "blank", "--seed", "2", "-o", blank] + noise).code == 0)
    let run = try CommandLineTool.run(["analyze", loop, "--blank", blank, "--json", "--show-budget"])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("spectrum of the blank record"))
    #expect(run.output.contains("\"blank-record\""))
    let estimation = try #require(try run.objects.first?["estimation"] as? [String: Any])
    let record = try #require(estimation["blank"] as? [String: String])
    #expect(record["path"] == blank)
    #expect(record["sha256"]?.count == 64)
    // A loop is no blank record of 16 loops; a missing or unreadable file is said before the work.
    for (file, word) in [(loop, "2000"), (scratch.path("none.txt"), "none.txt"), ("README.md", "README.md")] {
      let refused = try CommandLineTool.run(["certify", loop, "--blank", file])
      #expect(refused.code == 2)
      #expect(refused.errors.contains(word), "\(refused.errors)")
      #expect(refused.errors.split(separator: "\n").count == 1)
    }
    #expect(try CommandLineTool.run(["simulate", "blank", "--noise-kind", "blue", "-o", blank]).code == 64)
  }

  @Test func helpAndCompletionWork() throws {
    for words in [
      ["--help"], ["analyze", "--help"], ["certify", "--help"], ["archive", "--help"], ["grades", "--help"],
      ["instruments", "--help"], ["simulate", "--help"], ["--version"],
    ] {
      let run = try CommandLineTool.run(words)
      #expect(run.code == 0)
      #expect(!run.output.isEmpty)
    }
    for shell in ["bash", "zsh", "fish"] {
      #expect(try CommandLineTool.run(["--generate-completion-script", shell]).code == 0)
    }
    #expect(try CommandLineTool.run(["analyse"]).code == 64)
  }
}
