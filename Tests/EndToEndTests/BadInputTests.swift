// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// Bad input gets one clear sentence and exit code 2, and the other files of the call are still judged.
@Suite struct BadInputTests {
  private static let moments = (0..<40).map { ",\($0),\(10 + $0),200.0,0.001\($0)" }.joined(separator: "\n")

  // A name, the bytes of the file, and words that the sentence must hold.
  static let files: [(name: String, data: Data, words: [String])] = [
    ("no-unit.txt", Data("H,J\n1,2\n3,4\n".utf8), ["unit", "column “H”"]),
    ("empty.dat", Data(), ["empty"]),
    ("binary.bin", Data((0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 37) }), ["binary"]),
    (
      "m-of-t.dat",
      Data(
        ("[Header]\n; VSM Data File (default extension .dat)\nBYAPP,VSM,2.0,2.0\n[Data]\n"
          + "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (Oe),Moment (emu)\n" + moments + "\n")
          .utf8),
      ["field", "not"]
    ),
    ("text.txt", Data("The quick brown fox jumps over the lazy dog.\n".utf8), ["no driver"]),
  ]

  @Test func everyBadFileGetsOneSentenceAndTheGoodOneIsJudged() throws {
    let scratch = try ScratchFolder()
    var paths = try Self.files.map { try scratch.write($0.name, $0.data) }
    let folder = scratch.path("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    paths += [folder, scratch.path("missing.dat"), "SampleData/QuantumDesignVSM/truncated.dat"]
    let good = try CommandLineTool.lot[0]
    let run = try CommandLineTool.run(["certify"] + paths + [good, "--grade", "N42SH", "--json"])
    #expect(run.code == 2)
    let objects = try run.objects
    #expect(objects.count == paths.count + 1)
    for (object, path) in zip(objects, paths) {
      let error = try #require(object["error"] as? [String: Any], "\(path)")
      #expect((error["message"] as? String)?.isEmpty == false)
      #expect((error["code"] as? String)?.isEmpty == false)
      #expect((object["source"] as? [String: Any])?["path"] as? String == path)
    }
    #expect((objects.last?["verdict"] as? [String: Any])?["result"] as? String == "pass")
    // On standard error: one line per bad file, with its name and what is wrong.
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == paths.count, "\(run.errors)")
    for (line, path) in zip(lines, paths) { #expect(line.contains(path)) }
    for (line, file) in zip(lines, Self.files) {
      for word in file.words { #expect(line.contains(word), "“\(line)” does not say “\(word)”") }
    }
    #expect(lines[5].contains("folder"))
    #expect(lines[6].contains("no file"))
    #expect(lines[7].contains("line 197"))
  }

  // What cannot be meant is a usage error before any work is done.
  @Test(arguments: [
    (["--mass", "54.86"], "54.86"), (["--size", "3x3x3"], "3x3x3"), (["--size", "3x3mm"], "shape"),
    (["--shape", "cylinder", "--size", "3x3x3mm"], "cylinder"), (["--demag", "1.5"], "1.5"),
    (["--temperature", "23"], "23"), (["--circuit", "ajar"], "ajar"), (["--coverage", "1"], "1"),
    (["--unit", "H"], "H"), (["--budget", "/no/such/file.toml"], "file.toml"),
    (["--samples", "/no/such/file.csv"], "file.csv"), (["--plot", "a.doc"], ".svg"),
    (["--workers", "0"], "0"),
  ])
  func slipsOfThePenAreUsageErrors(_ options: [String], _ word: String) throws {
    let run = try CommandLineTool.run(["analyze", CommandLineTool.lot[0]] + options)
    #expect(run.code == 64, "\(options): \(run.errors)")
    #expect(run.errors.contains(word))
    #expect(run.output.isEmpty)
  }

  @Test func unknownGradeNamesItsNeighbours() throws {
    let run = try CommandLineTool.run(["certify", CommandLineTool.lot[0], "--grade", "N42S"])
    #expect(run.code == 64)
    #expect(run.errors.contains("N42SH"))
  }

  // What the user says wins over the header, and is reported as such.
  @Test func statedValuesWin() throws {
    let run = try CommandLineTool.run([
      "analyze", CommandLineTool.lot[0], "--size", "3.1x3.1x3.1mm", "--temperature", "24C", "--json",
    ])
    let object = try #require(try run.objects.first)
    let volume = try #require((object["sample"] as? [String: Any])?["volume"] as? [String: Any])
    #expect(volume["origin"] as? String == "user")
    #expect(abs((volume["value"] as? Double ?? 0) - 29.791e-9) < 1e-15)
    let temperature = try #require((object["conditions"] as? [String: Any])?["temperature"] as? [String: Any])
    #expect(temperature["value"] as? Double == 297.15)
    #expect(temperature["origin"] as? String == "user")
  }

  // A manifest gives values file by file.
  @Test func manifestsSpeakForSingleFiles() throws {
    let scratch = try ScratchFolder()
    let lot = try CommandLineTool.lot
    let manifest = try scratch.write(
      "manifest.csv", "file,sample,temperature\n\(lot[0]),first,21C\n\(lot[1]),second,22C\n")
    let run = try CommandLineTool.run(["analyze", lot[0], lot[1], lot[2], "--samples", manifest, "--json"])
    let ids = try run.objects.map { (($0["sample"] as? [String: Any])?["id"] as? String) ?? "" }
    #expect(ids == ["first", "second", "L42-03"])
  }
}
