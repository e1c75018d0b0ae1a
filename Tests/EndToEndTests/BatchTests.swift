// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct BatchTests {
  /// A folder with pieces whose names do not sort as text, and a file that is no loop.
  private func lot(_ pieces: Int, in scratch: ScratchFolder) throws -> String {
    let folder = scratch.path("in")
    let made = try CommandLineTool.run(
      [
        "simulate", "lot", "--name", "L", "--pieces", "\(pieces)", "--seed", "3", "--instrument", "table",
        "--output", folder,
      ] + (pieces >= 5 ? ["--defect", "5=low-coercivity"] : []))
    try #require(made.code == 0, "\(made.errors)")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      guard let number = Int(name.dropFirst(2).prefix { $0.isNumber }) else { continue }
      try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/piece-\(number).txt")
    }
    return folder
  }

  private func arguments(_ folder: String, _ archive: String, _ more: String...) -> [String] {
    ["batch", folder, "--lot", "L", "--grade", "N42SH", "--archive", archive] + more
  }

  private func files(_ run: CommandLineTool.Outcome) throws -> [String] {
    try run.objects.compactMap { ($0["source"] as? [String: Any])?["path"] as? String }
  }

  @Test func aFolderIsCertifiedInTheOrderOfItsNames() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(12, in: scratch)
    let run = try CommandLineTool.run(arguments(folder, scratch.path("a.h5"), "--json"))
    #expect(run.code == 1)
    #expect(try files(run) == (1...12).map { "\(folder)/piece-\($0).txt" })
    let last = try #require(try run.objects.last)
    #expect(last["schema"] as? String == "magcert.lot/1")
    let counts = try #require(last["counts"] as? [String: Int])
    #expect(counts["total"] == 12 && counts["fail"] == 1 && counts["pass"] == 11)
    let statistics = try #require(last["statistics"] as? [String: [String: Any]])
    #expect(statistics["HcJ"]?["count"] as? Int == 12)
    #expect(try CommandLineTool.run(["archive", "verify", scratch.path("a.h5")]).code == 0)

    // For people only what does not conform has a line of its own.
    let text = try CommandLineTool.run(arguments(folder, scratch.path("b.h5")))
    #expect(text.output.split(separator: "\n").first == "L-05: fail, HcJ ≥ 1592 kA/m (< 0.01 %)")
    #expect(text.output.contains("12 samples: 11 pass, 1 fail"))
  }

  @Test func oneBadFileStopsNothing() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(5, in: scratch)
    _ = try scratch.write("in/piece-3b.txt", "no loop at all\n")
    let run = try CommandLineTool.run(arguments(folder, scratch.path("a.h5"), "--json"))
    #expect(run.code == 2)
    #expect(try run.objects.count == 7)
    #expect(try run.objects[3]["error"] != nil)
    let matching = try CommandLineTool.run(
      arguments(folder, scratch.path("b.h5"), "--json", "--match", "piece-?.t*"))
    #expect(matching.code == 1)
    #expect(try files(matching).count == 5)
  }

  @Test func whatCannotBeMeantIsSaidInOneSentence() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(2, in: scratch)
    for (paths, word) in [
      ("\(folder)/none", "is not there"), ("\(folder) --match *.dat", "whose name fits “*.dat”"),
    ] {
      let run = try CommandLineTool.run(
        ["batch"] + paths.split(separator: " ").map(String.init) + ["--archive", scratch.path("a.h5")])
      #expect(run.code == 2)
      #expect(run.errors.contains(word), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5.partial")))
    }
  }

  /// A run that was stopped where it had certified a part of the files; `isKilled` without a chance to tidy up.
  private func stoppedRun(_ scratch: ScratchFolder, _ folder: String, isKilled: Bool) throws {
    let running = try CommandLineTool.start(
      arguments(folder, scratch.path("a.h5"), "--json", "--workers", "1"))
    // The archive is written every second; the first lines come well before the last file.
    while try running.output.isEmpty, running.process.isRunning { usleep(1000) }
    if isKilled {
      kill(running.process.processIdentifier, SIGKILL)
    } else {
      running.process.interrupt()
    }
    let stopped = try running.outcome()
    if !isKilled {
      #expect(stopped.code == 2)
      #expect(stopped.errors.contains("--resume goes on"), "\(stopped.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5")))
    #expect(FileManager.default.fileExists(atPath: scratch.path("a.h5.partial")))
    #expect(try CommandLineTool.run(["archive", "verify", scratch.path("a.h5.partial")]).code == 0)
  }

  @Test(arguments: [false, true]) func aStoppedRunIsResumedToTheSameEnd(_ isKilled: Bool) throws {
    let scratch = try ScratchFolder()
    let folder = try lot(60, in: scratch)
    let whole = try CommandLineTool.run(arguments(folder, scratch.path("whole.h5"), "--json"))
    try stoppedRun(scratch, folder, isKilled: isKilled)
    let left = try CommandLineTool.run(["archive", "list", "--json", scratch.path("a.h5.partial")]).objects
      .count
    #expect(left < 60)

    let fresh = try CommandLineTool.run(arguments(folder, scratch.path("a.h5"), "--json"))
    #expect(fresh.code == 2)
    #expect(fresh.errors.contains("--resume"), "\(fresh.errors)")
    let other = try CommandLineTool.run(
      arguments(folder, scratch.path("a.h5"), "--json", "--resume", "--rule", "simple"))
    if left > 0 {
      #expect(other.code == 2)
      #expect(other.errors.contains("the options that it was begun with"), "\(other.errors)")
    } else {
      // Nothing was there to be at odds with.
      try FileManager.default.removeItem(atPath: scratch.path("a.h5"))
    }

    let resumed = try CommandLineTool.run(arguments(folder, scratch.path("a.h5"), "--json", "--resume"))
    #expect(resumed.code == 1, "\(resumed.errors)")
    #expect(try files(resumed) == files(whole))
    #expect(resumed.output.split(separator: "\n").last == whole.output.split(separator: "\n").last)
    let archives = ["a.h5", "whole.h5"].map { scratch.path($0) }
    #expect(try CommandLineTool.run(["archive", "verify"] + archives).code == 0)
    let records = try archives.map { try CommandLineTool.run(["archive", "list", "--json", $0]).output }
    #expect(records[0] == records[1])
    #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5.partial")))
  }

  // What is worse, a disk that is full or gone, needs mounts: Tests/Faults/disk.py.
  @Test func anArchiveThatMayNotGrowIsWholeAndResumed() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(30, in: scratch)
    let archives = ["whole.h5", "a.h5"].map { scratch.path($0) }
    let whole = try CommandLineTool.run(arguments(folder, archives[0], "--json"))
    // In blocks of 512 bytes; less than the archive, more than its structure.
    let limited = try CommandLineTool.run(
      ["-c", "ulimit -f 6000; exec \"$@\"", "sh", CommandLineTool.executable.path]
        + arguments(folder, archives[1], "--json"), of: URL(filePath: "/bin/sh"))
    #expect(limited.code == 2)
    #expect(limited.errors.contains("File too large"), "\(limited.errors)")
    #expect(limited.errors.contains("go on with --resume"), "\(limited.errors)")
    #expect(limited.errors.split(separator: "\n").count == 1)
    #expect(try CommandLineTool.run(["archive", "verify", archives[1] + ".partial"]).code == 0)
    // A run that goes on needs room for the rows once more.
    let narrow = try CommandLineTool.run(
      ["-c", "ulimit -f 4400; exec \"$@\"", "sh", CommandLineTool.executable.path]
        + arguments(folder, archives[1], "--json", "--resume"), of: URL(filePath: "/bin/sh"))
    #expect(narrow.code == 2)
    #expect(narrow.errors.contains("File too large"), "\(narrow.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).filter {
        $0.contains(".partial.")
      } == [])
    let resumed = try CommandLineTool.run(arguments(folder, archives[1], "--json", "--resume"))
    #expect(resumed.code == whole.code, "\(resumed.errors)")
    let records = try archives.map { try CommandLineTool.run(["archive", "list", "--json", $0]).output }
    #expect(records[0] == records[1])
  }

  @Test func twoRunsOfOneArchiveExcludeEachOther() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(60, in: scratch)
    let running = try CommandLineTool.start(
      arguments(folder, scratch.path("a.h5"), "--json", "--workers", "1"))
    while try running.output.isEmpty, running.process.isRunning { usleep(1000) }
    _ = running.process.suspend()
    let second = try CommandLineTool.run(arguments(folder, scratch.path("a.h5"), "--json", "--resume"))
    #expect(second.code == 2)
    #expect(second.errors.contains("is being written by another run"), "\(second.errors)")
    _ = running.process.resume()
    #expect(try running.outcome().code == 1)
  }

  @Test func aLotGoesIntoALibraryAndIsResumedThere() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(30, in: scratch)
    let library = scratch.path("library")
    let arguments = [
      "batch", folder, "--lot", "L", "--grade", "N42SH", "--library", library, "--json", "--workers", "1",
    ]
    let running = try CommandLineTool.start(arguments)
    while try running.output.isEmpty, running.process.isRunning { usleep(1000) }
    running.process.interrupt()
    #expect(try running.outcome().code == 2)
    #expect(try CommandLineTool.run(arguments + ["--resume"]).code == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: library).filter { $0.hasPrefix("L-") }
    #expect(names.count == 1 && names[0].hasSuffix(".h5"), "\(names)")
    #expect(try CommandLineTool.run(["archive", "verify", library]).code == 0)
  }

  @Test func aCompleteArchiveIsNeitherOverwrittenNorResumed() throws {
    let scratch = try ScratchFolder()
    let folder = try lot(2, in: scratch)
    let archive = scratch.path("a.h5")
    #expect(try CommandLineTool.run(arguments(folder, archive)).code == 0)
    let bytes = try Data(contentsOf: URL(filePath: archive))
    for more in [[], ["--resume"]] {
      let again = try CommandLineTool.run(arguments(folder, archive) + more)
      #expect(again.code == 2)
      #expect(again.errors.contains("never overwritten"), "\(again.errors)")
    }
    #expect(try Data(contentsOf: URL(filePath: archive)) == bytes)
  }
}
