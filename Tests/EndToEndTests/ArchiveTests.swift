// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation
import TestSupport
import Testing

@Suite struct ArchiveTests {
  private func archivedLot(_ scratch: ScratchFolder) throws -> String {
    let path = scratch.path("lot.h5")
    let run = try CommandLineTool.run(
      ["certify"] + CommandLineTool.lot.prefix(3) + [
        "SampleData/QuantumDesignVSM/truncated.dat", "--grade", "N42SH", "--lot", "L42", "--archive", path,
        "--json",
      ])
    #expect(run.code == 2)
    return path
  }

  @Test func archiveHoldsWhatWasPrinted() throws {
    let scratch = try ScratchFolder()
    let path = try archivedLot(scratch)
    let list = try CommandLineTool.run(["archive", "list", path])
    #expect(list.code == 0)
    #expect(list.output.contains("L42-02"))
    #expect(list.output.contains("lot L42"))
    let records = try CommandLineTool.run(["archive", "show", path, "--json"]).objects
    #expect(records.count == 4)
    #expect(records.last?["error"] != nil)
    let one = try CommandLineTool.run(["archive", "show", path, "L42-02", "--json"])
    let shown = try one.objects
    // Indented for people, it is the same text but for white space outside of strings.
    let indented = try CommandLineTool.run(["archive", "show", path, "L42-02"]).output
    #expect(indented.split(separator: "\n").count > 50)
    #expect(
      try JSONSerialization.jsonObject(with: Data(indented.utf8)) as? NSDictionary
        == JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? NSDictionary)
    let quantities = try #require(shown.first?["quantities"] as? [String: [String: Any]])
    #expect((quantities["Br"]?["value"] as? Double ?? 0) > 1.3)
    #expect(try CommandLineTool.run(["archive", "show", path, "nobody"]).code == 2)
  }

  // The source file comes out byte by byte as it went in.
  @Test func rawBytesComeBack() throws {
    let scratch = try ScratchFolder()
    let path = try archivedLot(scratch)
    let raw = scratch.path("raw.dat")
    #expect(try CommandLineTool.run(["archive", "show", path, "L42-03", "--raw", raw]).code == 0)
    let original = Repository.root.appending(path: try CommandLineTool.lot[2])
    #expect(try Data(contentsOf: URL(filePath: raw)) == Data(contentsOf: original))
    // Nothing is overwritten.
    #expect(try CommandLineTool.run(["archive", "show", path, "L42-03", "--raw", raw]).code == 2)
  }

  @Test func archivesAreNeverOverwritten() throws {
    let scratch = try ScratchFolder()
    let path = try archivedLot(scratch)
    let before = try Data(contentsOf: URL(filePath: path))
    let run = try CommandLineTool.run(["certify", CommandLineTool.lot[0], "--archive", path])
    #expect(run.code == 2)
    #expect(run.errors.contains("exists"))
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  // One bit, anywhere in text, numbers or raw bytes: 25 seeded places of a file of which about half is fill.
  @Test func verifyNoticesAChangedByte() throws {
    let scratch = try ScratchFolder()
    let path = try archivedLot(scratch)
    #expect(try CommandLineTool.run(["archive", "verify", path]).code == 0)
    let sound = try Data(contentsOf: URL(filePath: path))
    // A moment in the middle of an archived raw file, and the value of a result in its record.
    for needle in [",183.0,296.15,", "\"standardUncertainty\":"] {
      let place = try #require(sound.range(of: Data(needle.utf8)))
      var changed = sound
      changed[place.upperBound] ^= 1
      let copy = try scratch.write("changed.h5", changed)
      let run = try CommandLineTool.run(["archive", "verify", copy, "--json"])
      #expect(run.code == 2)
      #expect(try run.objects.first?["sound"] as? Bool == false)
    }
    var generator = SplitMix64(seed: 3)
    var noticed = 0
    for _ in 0..<25 {
      var changed = sound
      let place = Int(generator.next() % UInt64(sound.count))
      changed[place] ^= 1 << UInt8(generator.next() % 8)
      let run = try CommandLineTool.run(["archive", "verify", scratch.write("changed.h5", changed)])
      #expect(run.code == 0 || run.code == 2, "exit code \(run.code) for a change at \(place)")
      if run.code == 2 { noticed += 1 }
    }
    #expect(noticed > 0)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func archivesOfEverySchemaAreShownAndVerified(_ schema: Int) throws {
    let path = "Tests/ReferenceArchives/v\(schema)/reference.h5"
    #expect(try CommandLineTool.run(["archive", "verify", path]).code == 0)
    #expect(try CommandLineTool.run(["archive", "list", path]).output.contains("magnet 1"))
    let shown = try CommandLineTool.run(["archive", "show", path, "0", "--json"]).objects
    let quantities = try #require(shown.first?["quantities"] as? [String: [String: Any]])
    #expect(quantities["Br"]?["value"] as? Double == 1.312)
    #expect((quantities["HD5"] != nil) == (schema > 1))
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    let run = try CommandLineTool.run(["archive", "list", "SampleData/Table/reference-A.txt"])
    #expect(run.code == 2)
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try CommandLineTool.run(["archive", "verify", "/no/such/archive.h5"]).code == 2)
  }
}
