// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// A library of archives of one sample file each; a small file, because the order is what counts.
private struct Library {
  let scratch: ScratchFolder
  var folder: String { scratch.path("archives") }

  init(lots: [String] = []) throws {
    scratch = try ScratchFolder()
    for lot in lots { try add(lot) }
  }

  @discardableResult
  func add(_ lot: String) throws -> CommandLineTool.Outcome {
    let run = try CommandLineTool.run(arguments(lot))
    #expect(run.code == 0, "\(run.errors)")
    return run
  }

  func arguments(_ lot: String) -> [String] {
    ["analyze", "SampleData/Table/reference-A.txt", "--lot", lot, "--library", folder, "--quiet"]
  }

  /// The archive of a lot.
  func archive(_ lot: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try #require(names.first { $0.hasPrefix(lot + "-") && $0.hasSuffix(".h5") })
  }

  func url(_ name: String) -> URL { URL(filePath: folder).appending(path: name) }

  /// What a check says of the library as a whole, and its exit code.
  func verify() throws -> (sound: Bool, faults: [String], object: [String: Any], code: Int32) {
    let run = try CommandLineTool.run(["archive", "verify", folder, "--json"])
    let object = try #require(run.objects.last)
    #expect(object["schema"] as? String == "magcert.verification-of-library/1")
    let faults = try #require(object["faults"] as? [[String: Any]])
    return (
      object["sound"] as? Bool == true, faults.compactMap { $0["message"] as? String }, object, run.code
    )
  }
}

@Suite struct LibraryTests {
  @Test func archivesAreNamedByLotAndTimeAndFollowEachOther() throws {
    let library = try Library(lots: ["L1", "L1", "../a b", ".-"])
    let names = try FileManager.default.contentsOfDirectory(atPath: library.folder).sorted()
    #expect(names.contains("library.jsonl"))
    let archives = names.filter { $0 != "library.jsonl" }
    #expect(archives.count == 4)
    for name in archives {
      #expect(name.wholeMatch(of: /(L1|_\.\._a_b|_\.-)-\d{8}T\d{6}Z(-\d)?\.h5/) != nil, "\(name)")
    }
    let check = try library.verify()
    #expect(check.sound)
    #expect(check.code == 0)
    #expect(check.object["archives"] as? Int == 4)
    let last = try #require(check.object["last"] as? [String: String])
    #expect(last["archive"] == (try library.archive("_.-")))
    let text = try CommandLineTool.run(["archive", "verify", library.folder])
    #expect(text.output.contains("4 archives in the order in which they were finished"))
    #expect(text.output.contains(last["chain"] ?? "no digest"))
  }

  @Test func whatWasDoneToALibraryIsNoticed() throws {
    let original = try Library(lots: ["A", "B", "C", "D"])
    let (a, b, c, d) = (
      try original.archive("A"), try original.archive("B"), try original.archive("C"),
      try original.archive("D")
    )
    let other = try Library(lots: ["X"])
    let stranger = other.url(try other.archive("X"))
    let manager = FileManager.default
    /// Does something to a copy of the library and returns what is noticed.
    func noticed(_ change: (Library) throws -> Void) throws -> [String] {
      let copy = try Library()
      try manager.copyItem(atPath: original.folder, toPath: copy.folder)
      try change(copy)
      let check = try copy.verify()
      #expect(!check.sound)
      #expect(check.code == 2)
      return check.faults
    }
    #expect(try original.verify().sound)
    for gone in [a, b, c, d] {
      let faults = try noticed { try manager.removeItem(at: $0.url(gone)) }
      #expect(faults == ["\(gone) is missing: it was removed from the library"])
    }
    // Also with its line of the index, but for the end, which only the digest kept elsewhere proves.
    for (gone, next) in [(a, b), (b, c), (c, d)] {
      let faults = try noticed {
        try manager.removeItem(at: $0.url(gone))
        let lines = try String(contentsOf: $0.url("library.jsonl"), encoding: .utf8).split(separator: "\n")
        try lines.filter { !$0.contains(gone) }.map { $0 + "\n" }.joined()
          .write(to: $0.url("library.jsonl"), atomically: true, encoding: .utf8)
      }
      #expect(faults.count == 1)
      #expect(faults.first?.hasPrefix("\(next) was written after \(gone)") == true, "\(faults)")
    }
    let swapped = try noticed {
      try manager.moveItem(at: $0.url(b), to: $0.url("t"))
      try manager.moveItem(at: $0.url(c), to: $0.url(b))
      try manager.moveItem(at: $0.url("t"), to: $0.url(c))
    }
    #expect(swapped.contains { $0.hasPrefix("\(b) is not the archive that was finished under that name") })
    #expect(swapped.contains { $0.hasPrefix("\(c) is not the archive that was finished under that name") })
    let reordered = try noticed {
      let lines = try String(contentsOf: $0.url("library.jsonl"), encoding: .utf8).split(separator: "\n")
      try [0, 2, 1, 3].map { lines[$0] + "\n" }.joined()
        .write(to: $0.url("library.jsonl"), atomically: true, encoding: .utf8)
    }
    #expect(reordered.contains { $0.hasPrefix("\(c) was written after \(b) and stands after \(a)") })
    #expect(
      try noticed { try manager.moveItem(at: $0.url(b), to: $0.url("new.h5")) }
        == ["\(b) is missing: it is called new.h5 now"])
    #expect(
      try noticed { try manager.copyItem(at: $0.url(b), to: $0.url("copy.h5")) }
        == ["copy.h5 was added: it is a copy of \(b)"])
    let added = try noticed { try manager.copyItem(at: stranger, to: $0.url("added.h5")) }
    #expect(added.first?.hasPrefix("added.h5 was written after the beginning of the library") == true)
    let plain = original.scratch.path("plain.h5")
    #expect(
      try CommandLineTool.run(
        ["analyze", "SampleData/Table/reference-A.txt", "--archive", plain, "--quiet"]
      ).code == 0)
    #expect(
      try noticed { try manager.copyItem(atPath: plain, toPath: $0.url("plain.h5").path) }
        == ["plain.h5 was added: it was not written into this library"])
    let replaced = try noticed {
      try manager.removeItem(at: $0.url(b))
      try manager.copyItem(atPath: plain, toPath: $0.url(b).path)
    }
    #expect(replaced.contains { $0.hasPrefix("\(b) is not the archive that was finished under that name") })
    #expect(
      try noticed { try manager.removeItem(at: $0.url("library.jsonl")) }
        == ["library.jsonl, which says what belongs to the library, is missing"])
    // A changed number in one archive is that archive's fault, and the order is as it was.
    let changed = try noticed {
      var bytes = try Data(contentsOf: $0.url(c))
      let place = try #require(bytes.range(of: Data("\"standardUncertainty\":".utf8)))
      bytes[place.upperBound] ^= 1
      try bytes.write(to: $0.url(c))
    }
    #expect(changed.isEmpty)
  }

  // A process may end after it named the archive and before it wrote the line; the next one makes up for it.
  @Test func anIndexThatWasCutOffIsMadeUpFor() throws {
    let library = try Library(lots: ["A", "B"])
    let index = library.url("library.jsonl")
    let whole = try Data(contentsOf: index)
    let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
    for kept in [first + 1, first + 20, 0] {
      try whole.prefix(kept).write(to: index)
      #expect(try library.verify().sound, "\(kept) bytes of the index")
    }
    try whole.prefix(first + 20).write(to: index)
    try library.add("C")
    let check = try library.verify()
    #expect(check.sound)
    #expect((check.object["last"] as? [String: String])?["archive"] == (try library.archive("C")))
    let lines = try String(contentsOf: index, encoding: .utf8).split(separator: "\n")
    #expect(lines.filter { $0.hasSuffix("}") }.count == 3)
  }

  @Test func runsThatOverlapGiveOneChain() throws {
    let library = try Library()
    let runs = try (0..<4).map { number in
      let process = Process()
      process.executableURL = CommandLineTool.executable
      process.arguments = library.arguments("R\(number)")
      process.currentDirectoryURL = Repository.root
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    for run in runs {
      run.waitUntilExit()
      #expect(run.terminationStatus == 0)
    }
    let check = try library.verify()
    #expect(check.sound, "\(check.faults)")
    #expect(check.object["archives"] as? Int == 4)
  }

  @Test func anUnfinishedArchiveIsReportedAndNoFault() throws {
    let library = try Library(lots: ["A"])
    try Data("begun".utf8).write(to: library.url("B-20260301T120000Z.h5.partial"))
    let check = try library.verify()
    #expect(check.sound)
    #expect(check.object["unfinished"] as? [String] == ["B-20260301T120000Z.h5.partial"])
    #expect(
      try CommandLineTool.run(["archive", "verify", library.folder]).output.contains("not finished"))
  }

  @Test func aFolderOfArchivesThatAreNoLibraryIsCheckedOneByOne() throws {
    let check = try CommandLineTool.run(["archive", "verify", "Tests/ReferenceArchives/v4"])
    #expect(check.code == 0)
    #expect(check.output.contains("nothing ties one to the other"))
    #expect(try CommandLineTool.run(["archive", "verify", "SampleData/Table"]).code == 0)
    #expect(try CommandLineTool.run(["archive", "list", "SampleData/Table"]).code == 2)
  }

  @Test func twoPlacesForOneArchiveAreAUsageError() throws {
    let library = try Library()
    let run = try CommandLineTool.run(library.arguments("A") + ["--archive", library.scratch.path("a.h5")])
    #expect(run.code == 64)
    #expect(!FileManager.default.fileExists(atPath: library.folder))
  }

  @Test func nothingIsLostWhenTheLibraryCannotBeExtended() throws {
    let library = try Library()
    try FileManager.default.createDirectory(
      at: library.url("library.jsonl"), withIntermediateDirectories: true)
    let run = try CommandLineTool.run(library.arguments("A"))
    #expect(run.code == 2)
    #expect(run.errors.split(separator: "\n").count == 1)
    let left = try #require(
      try FileManager.default.contentsOfDirectory(atPath: library.folder).first {
        $0.hasSuffix(".h5.partial")
      })
    #expect(run.errors.contains(left))
    let list = try CommandLineTool.run(["archive", "list", library.url(left).path, "--json"])
    #expect(try list.objects.count == 1)
    // A file where the folder should be.
    let file = try library.scratch.write("file", "no folder")
    let refused = try CommandLineTool.run(
      ["analyze", "SampleData/Table/reference-A.txt", "--library", file, "--quiet"])
    #expect(refused.code == 2)
    #expect(refused.errors.contains("cannot be made"))
  }

  @Test func everyCommandTakesALibrary() throws {
    let library = try Library(lots: ["A", "B"])
    let list = try CommandLineTool.run(["archive", "list", library.folder])
    #expect(list.code == 0)
    #expect(list.output.contains("lot A"))
    #expect(list.output.contains("lot B"))
    #expect(try CommandLineTool.run(["archive", "list", library.folder, "--json"]).objects.count == 2)
    let file = "SampleData/Table/reference-A.txt"
    #expect(try CommandLineTool.run(["archive", "show", library.folder, file, "--json"]).objects.count == 2)
    #expect(try CommandLineTool.run(["archive", "show", library.folder, "nobody"]).code == 2)
    let raw = library.scratch.path("raw.txt")
    #expect(try CommandLineTool.run(["archive", "show", library.folder, file, "--raw", raw]).code == 2)
    // One archive that cannot be read does not hide the others.
    try Data("no archive".utf8).write(to: library.url("AA.h5"))
    let rest = try CommandLineTool.run(["archive", "list", library.folder, "--json"])
    #expect(rest.code == 2)
    #expect(try rest.objects.count == 2)
    #expect(rest.errors.contains("AA.h5"))
  }
}
