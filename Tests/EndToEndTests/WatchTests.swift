// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct WatchTests {
  /// A folder that is watched, and files to be put there.
  private final class Line {
    let scratch = try? ScratchFolder()
    let made: [URL]

    init(pieces: Int) throws {
      let scratch = try #require(scratch)
      let folder = scratch.path("made")
      let run = try CommandLineTool.run(
        [
          "simulate", "lot", "--name", "L", "--pieces", "\(pieces)", "--seed", "3", "--instrument", "table",
          "--output", folder,
        ])
      try #require(run.code == 0, "\(run.errors)")
      made = try FileManager.default.contentsOfDirectory(
        at: URL(filePath: folder), includingPropertiesForKeys: nil
      ).sorted { $0.lastPathComponent < $1.lastPathComponent }
      try FileManager.default.createDirectory(atPath: path("in"), withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { scratch?.path(name) ?? name }

    /// The path of a piece in the folder that is watched.
    func target(_ piece: Int) -> String { path("in/piece-\(piece).txt") }

    func bytes(_ piece: Int) throws -> Data { try Data(contentsOf: made[piece]) }

    func copy(_ piece: Int, to name: String? = nil) throws {
      try bytes(piece).write(to: URL(filePath: name ?? target(piece)))
    }

    func arguments(_ more: [String]) -> [String] {
      ["watch", path("in"), "--lot", "L", "--grade", "N42SH", "--archive", path("L.h5"), "--json"] + more
    }

    func start(_ more: String...) throws -> CommandLineTool.Running {
      let running = try CommandLineTool.start(arguments(more))
      // Files that come before the watch has begun are found too, but more slowly.
      try wait("the watch begins", running) {
        try status["pid"] as? Int == Int(running.process.processIdentifier)
      }
      return running
    }

    /// Waits until something is so, or the run has ended; ten minutes are beyond any machine's slowness.
    func wait(
      _ what: String, _ running: CommandLineTool.Running, until isSo: () throws -> Bool
    ) throws {
      let end = ContinuousClock.now + .seconds(600)
      while try !isSo() {
        guard running.process.isRunning, ContinuousClock.now < end else {
          running.process.terminate()
          let outcome = try running.outcome()
          throw Missing(what: "\(what): \(outcome.errors)")
        }
        usleep(5000)
      }
    }

    func files(_ output: String) throws -> [String] {
      try lines(output).compactMap { ($0["source"] as? [String: Any])?["path"] as? String }
        .map { URL(filePath: $0).lastPathComponent }
    }

    func waitForFiles(_ count: Int, _ running: CommandLineTool.Running) throws {
      try wait("\(count) files", running) {
        try running.output.split(separator: "\n").count >= count
      }
    }

    var status: [String: Any] {
      get throws {
        guard FileManager.default.fileExists(atPath: path("L.h5.status.json")) else { return [:] }
        return try lines(String(contentsOfFile: path("L.h5.status.json"), encoding: .utf8)).first ?? [:]
      }
    }

    /// The list of bad files, as code and name.
    var bad: [String] {
      get throws {
        guard FileManager.default.fileExists(atPath: path("L.h5.bad.jsonl")) else { return [] }
        return try lines(String(contentsOfFile: path("L.h5.bad.jsonl"), encoding: .utf8)).map { line in
          #expect(line["schema"] as? String == "magcert.bad/1")
          let name = URL(filePath: line["path"] as? String ?? "").lastPathComponent
          return "\(line["code"] as? String ?? "") \(name)"
        }
      }
    }

    private func lines(_ text: String) throws -> [[String: Any]] {
      try text.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }

    func verify(_ archive: String = "L.h5") throws {
      let check = try CommandLineTool.run(["archive", "verify", path(archive)])
      #expect(check.code == 0, "\(check.output)")
    }

    func archived(_ archive: String = "L.h5") throws -> [String] {
      try CommandLineTool.run(["archive", "list", "--json", path(archive)]).output
        .split(separator: "\n").map(String.init)
    }
  }

  private struct Missing: Error, CustomStringConvertible {
    let what: String
    var description: String { "nothing came of “\(what)”" }
  }

  @Test func filesAreCertifiedHoweverTheyCome() throws {
    let line = try Line(pieces: 5)
    try line.copy(0)
    let running = try line.start("--pieces", "5")
    try line.waitForFiles(1, running)
    // Row by row, and closed.
    let rows = try line.bytes(1)
    #expect(FileManager.default.createFile(atPath: line.target(1), contents: nil))
    let handle = try FileHandle(forWritingTo: URL(filePath: line.target(1)))
    for start in stride(from: 0, to: rows.count, by: 4000) {
      try handle.write(contentsOf: rows[start..<min(start + 4000, rows.count)])
      usleep(20_000)
    }
    #expect(try running.output.split(separator: "\n").count == 1)
    try handle.close()
    try line.waitForFiles(2, running)
    // Under another name first, which counts only when it is the right one.
    try line.copy(2, to: line.path("in/piece-2.txt.tmp"))
    try line.copy(2, to: line.path("in/.piece-2.txt"))
    try FileManager.default.moveItem(atPath: line.path("in/piece-2.txt.tmp"), toPath: line.target(2))
    try line.waitForFiles(3, running)
    // Copied by another program, into a folder that is new.
    let day = line.path("in/monday")
    try FileManager.default.createDirectory(atPath: day, withIntermediateDirectories: true)
    let copying = try CommandLineTool.run(
      ["-c", "cp '\(line.made[3].path)' '\(day)/piece-3.txt'"], of: URL(filePath: "/bin/sh"))
    #expect(copying.code == 0)
    try line.waitForFiles(4, running)
    try line.copy(4)
    let run = try running.outcome()
    #expect(run.code == 0, "\(run.errors)")
    #expect(try line.files(run.output) == (0..<5).map { "piece-\($0).txt" })
    let last = try #require(try run.objects.last)
    #expect(last["schema"] as? String == "magcert.lot/1")
    #expect((last["counts"] as? [String: Int])?["total"] == 5)
    try line.verify()
    #expect(try line.bad.isEmpty)
    let status = try line.status
    #expect(status["schema"] as? String == "magcert.watch/1")
    #expect(status["state"] as? String == "complete")
    #expect(status["pid"] as? Int == Int(running.process.processIdentifier))
    #expect((status["counts"] as? [String: Int])?["pass"] == 5)
    #expect((status["lastFile"] as? [String: String])?["path"]?.hasSuffix("piece-4.txt") == true)
  }

  @Test(arguments: [SIGTERM, SIGKILL]) func aWatchThatEndsGoesOnWhereItWas(_ number: Int32) throws {
    let line = try Line(pieces: 6)
    let running = try line.start()
    for piece in 0..<3 { try line.copy(piece) }
    try line.waitForFiles(3, running)
    let second = try CommandLineTool.run(line.arguments([]))
    #expect(second.code == 2)
    #expect(second.errors.contains("is being written by another run"), "\(second.errors)")
    // What was certified is in the file soon, without another file that would push it there.
    try line.wait("rows in the file", running) { try line.archived("L.h5.partial").count == 3 }
    kill(running.process.processIdentifier, number)
    let stopped = try running.outcome()
    #expect(stopped.code == (number == SIGTERM ? 143 : number))
    #expect(!FileManager.default.fileExists(atPath: line.path("L.h5")))
    if number == SIGTERM {
      #expect(stopped.errors.contains("the same command goes on"))
      #expect(try line.status["state"] as? String == "stopped")
    }
    try line.verify("L.h5.partial")

    // One that was certified is taken away, as instruments' folders are tidied; others came meanwhile.
    try FileManager.default.removeItem(atPath: line.target(0))
    for piece in 3..<5 { try line.copy(piece) }
    let again = try line.start()
    try line.waitForFiles(2, again)
    try line.copy(5)
    try line.waitForFiles(3, again)
    kill(again.process.processIdentifier, SIGUSR1)
    let run = try again.outcome()
    #expect(run.code == 0, "\(run.errors)")
    #expect(try line.files(run.output) == [3, 4, 5].map { "piece-\($0).txt" })
    #expect((try run.objects.last?["counts"] as? [String: Int])?["total"] == 6)
    #expect(try line.archived().count == 6)
    try line.verify()
    let closed = try CommandLineTool.run(line.arguments([]))
    #expect(closed.code == 2)
    #expect(closed.errors.contains("never overwritten"), "\(closed.errors)")
  }

  @Test func aBadFileHoldsNothingUpAndIsTriedWhenItIsCorrected() throws {
    let line = try Line(pieces: 4)
    let running = try line.start()
    try Data("no loop at all\n".utf8).write(to: URL(filePath: line.target(0)))
    try line.bytes(1).prefix(300).write(to: URL(filePath: line.target(1)))
    try FileManager.default.createDirectory(
      atPath: line.path("in/folder.txt"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: line.path("in/nowhere.txt"), withDestinationPath: line.path("none"))
    try line.copy(2)
    try line.copy(2, to: line.path("in/copy-of-2.txt"))
    try line.wait("three bad files", running) { try line.bad.count == 3 }
    #expect(try line.files(running.output) == ["piece-2.txt"])
    #expect(
      Set(try line.bad.map { $0.split(separator: " ").last ?? "" }) == [
        "piece-0.txt", "piece-1.txt", "copy-of-2.txt",
      ])
    #expect(try line.bad.contains("repeated copy-of-2.txt"))
    try line.wait("the status says so", running) {
      (try line.status["counts"] as? [String: Int]) == ["bad": 3, "files": 1, "pass": 1, "pieces": 1]
    }
    // One is corrected, one is taken away, one stays as it is.
    try line.copy(1)
    try FileManager.default.removeItem(atPath: line.path("in/copy-of-2.txt"))
    try line.waitForFiles(2, running)
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    #expect(run.code == 2, "\(run.errors)")
    #expect(try line.files(run.output) == ["piece-2.txt", "piece-1.txt", "piece-0.txt"])
    #expect(try line.bad.count == 3)
    let counts = try #require(try run.objects.last?["counts"] as? [String: Int])
    #expect(counts["total"] == 3 && counts["pass"] == 2, "\(counts)")
    #expect(try line.archived().count == 3)
    try line.verify()
  }

  @Test func whatChangesAfterItWasCertifiedIsNotPassedOverInSilence() throws {
    let line = try Line(pieces: 2)
    let running = try line.start("--settle", "200ms")
    try line.copy(0)
    try line.waitForFiles(1, running)
    // The same once more is no change.
    try line.copy(0)
    try line.copy(1, to: line.target(0))
    try line.wait("the change is listed", running) { try line.bad == ["changed piece-0.txt"] }
    kill(running.process.processIdentifier, SIGTERM)
    _ = try running.outcome()
    // A file that is still what was not certified is found by the next run too, and listed once.
    let again = try line.start("--settle", "200ms")
    try line.wait("the change is found", again) { (try line.status["counts"] as? [String: Int])?["bad"] == 1 }
    kill(again.process.processIdentifier, SIGUSR1)
    let run = try again.outcome()
    #expect(run.code == 2)
    #expect(try line.bad == ["changed piece-0.txt"])
    let archived = try line.archived()
    #expect(archived.count == 2)
    #expect(archived.last?.contains("changed") == true)
    try line.verify()
  }

  @Test func aLotThatCouldNotBeClosedIsClosedByTheNextRun() throws {
    let line = try Line(pieces: 1)
    let running = try line.start("--settle", "200ms")
    try line.copy(0)
    try Data("no loop at all\n".utf8).write(to: URL(filePath: line.target(1)))
    try line.wait("both files", running) { try line.bad.count == 1 && !running.output.isEmpty }
    try Data("another".utf8).write(to: URL(filePath: line.path("L.h5")))
    kill(running.process.processIdentifier, SIGUSR1)
    let refused = try running.outcome()
    #expect(refused.code == 2)
    #expect(refused.errors.contains("appeared while"), "\(refused.errors)")
    #expect(try line.status["state"] as? String == "failed")
    try FileManager.default.removeItem(atPath: line.path("L.h5"))
    let again = try line.start("--settle", "200ms")
    try line.wait("the bad file", again) { (try line.status["counts"] as? [String: Int])?["bad"] == 1 }
    kill(again.process.processIdentifier, SIGUSR1)
    let run = try again.outcome()
    #expect(run.code == 2)
    // What is bad was archived by the first run, and counts once.
    #expect(
      (try run.objects.last?["counts"] as? [String: Int]).map { [$0["total"], $0["failed"]] } == [2, 1])
    #expect(try line.archived().count == 2)
    #expect(try line.bad.count == 1)
    try line.verify()
  }

  @Test func aBadFileCountsAlsoWhenTheLastPieceFollowsItAtOnce() throws {
    let line = try Line(pieces: 1)
    let running = try line.start("--pieces", "1", "--settle", "1h")
    try Data("no loop at all\n".utf8).write(to: URL(filePath: line.target(0)))
    try line.copy(0, to: line.target(1))
    let run = try running.outcome()
    #expect(run.code == 2)
    #expect(
      (try run.objects.last?["counts"] as? [String: Int]).map { [$0["total"], $0["failed"]] } == [2, 1])
    try line.verify()
  }

  @Test func whatIsBeingWrittenIsNoPartOfALotThatIsClosed() throws {
    let line = try Line(pieces: 2)
    let running = try line.start()
    try line.copy(0)
    #expect(FileManager.default.createFile(atPath: line.target(1), contents: nil))
    let handle = try FileHandle(forWritingTo: URL(filePath: line.target(1)))
    try handle.write(contentsOf: line.bytes(1))
    try line.waitForFiles(1, running)
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    try handle.close()
    #expect(run.code == 0, "\(run.errors)")
    #expect((try run.objects.last?["counts"] as? [String: Int])?["total"] == 1)
    #expect(try line.bad == ["unfinished piece-1.txt"])
    #expect(run.errors.contains("is not part of it"))
  }

  @Test func aThousandFilesAtOnceAreAllCertifiedAndBatchCompletesTheLot() throws {
    let line = try Line(pieces: 40)
    // Measurements differ by a remark, for one that is repeated counts once.
    let running = try line.start()
    let count = 1000
    for number in 0..<count {
      let bytes = Data("# remark: \(number)\n".utf8) + (try line.bytes(number % 40))
      let target = line.path("in/p-\(number).txt")
      if number.isMultiple(of: 2) {
        try bytes.write(to: URL(filePath: target))
      } else {
        try bytes.write(to: URL(filePath: target + ".tmp"))
        try FileManager.default.moveItem(atPath: target + ".tmp", toPath: target)
      }
    }
    try line.waitForFiles(count, running)
    kill(running.process.processIdentifier, SIGTERM)
    let stopped = try running.outcome()
    // Not in order: a child of another test that is being started holds what is open here, and closes it later.
    #expect(try line.files(stopped.output).sorted() == (0..<count).map { "p-\($0).txt" }.sorted())
    #expect(try line.archived("L.h5.partial").count == count)
    // What is archived stays part of the lot when its file was tidied away.
    for name in ["p-0.txt", "p-7.txt"] { try FileManager.default.removeItem(atPath: line.path("in/" + name)) }
    var arguments = line.arguments(["--resume"])
    arguments[0] = "batch"
    let run = try CommandLineTool.run(arguments)
    #expect(run.code == 0, "\(run.errors)")
    #expect((try run.objects.last?["counts"] as? [String: Int])?["total"] == count)
    #expect(try line.archived().count == count)
    try line.verify()
  }

  @Test func aLotOfNothingIsNotClosed() throws {
    let line = try Line(pieces: 1)
    let running = try line.start()
    try line.wait("it watches", running) { try line.status["state"] as? String == "watching" }
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    #expect(run.code == 2)
    #expect(run.errors.contains("no lot to be closed"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: line.path("L.h5")))
    let twice = try CommandLineTool.run(line.arguments(["--status", line.path("L.h5.partial")]))
    #expect(twice.code == 2)
    #expect(twice.errors.contains("asked for twice"), "\(twice.errors)")
  }

  @Test func aStoppedWatchPutsBackWhatWasRemoved() throws {
    let line = try Line(pieces: 2)
    let running = try line.start()
    for piece in 0..<2 { try line.copy(piece) }
    try line.waitForFiles(2, running)
    try line.wait("rows are written", running) {
      (try? CommandLineTool.run(["archive", "list", "--json", line.path("L.h5.partial")]).objects.count) == 2
    }
    try FileManager.default.removeItem(atPath: line.path("L.h5.partial"))
    kill(running.process.processIdentifier, SIGTERM)
    let run = try running.outcome()
    #expect(run.code == 2)
    #expect(run.errors.contains("put back"), "\(run.errors)")
    #expect(try line.archived("L.h5.partial").count == 2)
  }

  @Test func aFolderThatVanishesIsWaitedFor() throws {
    let line = try Line(pieces: 3)
    let running = try line.start("--poll", "100ms", "--settle", "200ms")
    try line.copy(0)
    try line.waitForFiles(1, running)
    try FileManager.default.moveItem(atPath: line.path("in"), toPath: line.path("away"))
    try line.wait("the status says so", running) {
      (try line.status["unreadable"] as? [String: String])?.count == 1
    }
    try FileManager.default.moveItem(atPath: line.path("away"), toPath: line.path("in"))
    try line.copy(1)
    try line.waitForFiles(2, running)
    // Another folder of the same name.
    try FileManager.default.removeItem(atPath: line.path("in"))
    try FileManager.default.createDirectory(atPath: line.path("in"), withIntermediateDirectories: true)
    try line.copy(2)
    try line.waitForFiles(3, running)
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    #expect(run.code == 0, "\(run.errors)")
    // Said once each time that the folder was found missing, which was once or twice.
    let count = run.errors.components(separatedBy: "it is looked for until it is back").count - 1
    #expect((1...2).contains(count), "\(run.errors)")
    #expect(try line.archived().count == 3)
  }

  @Test func aLotIsClosedWhenNothingComesAnyMore() throws {
    let line = try Line(pieces: 2)
    try line.copy(0, to: line.target(10))
    try line.copy(1, to: line.target(9))
    let run = try CommandLineTool.run(
      line.arguments(["--settle", "50ms", "--idle", "300ms", "--report", line.path("in/L.html")]))
    #expect(run.code == 0, "\(run.errors)")
    #expect((try run.objects.last?["counts"] as? [String: Int])?["total"] == 2)
    // What was there first comes in the order of batch.
    #expect(try line.files(run.output) == ["piece-9.txt", "piece-10.txt"])
    #expect(FileManager.default.fileExists(atPath: line.path("in/L.html")))
    try line.verify()
  }

  @Test func aFullDiskEndsTheWatchWithOneSentence() throws {
    let line = try Line(pieces: 1)
    try line.copy(0)
    for (more, word) in [
      (["--archive", line.path("none/L.h5")], "none/L.h5"),
      (["--archive", "/dev/full/L.h5"], "/dev/full/L.h5"),
    ] {
      let arguments = ["watch", line.path("in"), "--lot", "L", "--grade", "N42SH", "--pieces", "1"] + more
      let run = try CommandLineTool.run(arguments)
      #expect(run.code == 2)
      #expect(run.errors.hasPrefix("magcert: ") && run.errors.contains(word), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
  }

  @Test func aNameThatIsNoTextIsListed() throws {
    let line = try Line(pieces: 1)
    let running = try line.start("--poll", "100ms", "--settle", "100ms")
    // On file systems that take no such name there is nothing to be passed over.
    let copying = try CommandLineTool.run(
      ["-c", "cp '\(line.made[0].path)' '\(line.path("in"))'/\"$(printf 'b\\377d.txt')\""],
      of: URL(filePath: "/bin/sh"))
    guard copying.code == 0 else { return running.process.terminate() }
    try line.wait("it is listed", running) { try line.bad == ["misnamed b\u{FFFD}d.txt"] }
    try line.copy(0)
    try line.waitForFiles(1, running)
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors.components(separatedBy: "is not UTF-8").count == 2, "\(run.errors)")
  }

  @Test func whatIsAppendedToACertifiedFileIsListedWhenTheLotIsClosed() throws {
    let line = try Line(pieces: 1)
    let running = try line.start()
    try line.copy(0)
    try line.waitForFiles(1, running)
    let handle = try FileHandle(forWritingTo: URL(filePath: line.target(0)))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("# once more\n".utf8))
    try line.wait("it is noticed", running) { try line.status["waiting"] as? Int == 1 }
    kill(running.process.processIdentifier, SIGUSR1)
    let run = try running.outcome()
    try handle.close()
    #expect(run.code == 2, "\(run.errors)")
    #expect(try line.bad == ["changed piece-0.txt"])
  }

  @Test func aLotOfBadFilesIsClosedToo() throws {
    let line = try Line(pieces: 1)
    try Data("no loop at all\n".utf8).write(to: URL(filePath: line.target(0)))
    let run = try CommandLineTool.run(line.arguments(["--settle", "50ms", "--idle", "300ms"]))
    #expect(run.code == 2, "\(run.errors)")
    #expect((try run.objects.last?["counts"] as? [String: Int])?["failed"] == 1)
    try line.verify()
  }

  @Test func aWatchWhoseOutputNobodyReadsIsStopped() throws {
    let line = try Line(pieces: 6)
    for piece in 0..<6 { try line.copy(piece) }
    let quoted = ([CommandLineTool.executable.path] + line.arguments(["--workers", "1"]))
      .map { "'\($0)'" }.joined(separator: " ")
    let run = try CommandLineTool.run(
      ["-c", "{ \(quoted); echo $? >'\(line.path("code"))'; } | head -n 1"], of: URL(filePath: "/bin/sh"))
    #expect(try String(contentsOfFile: line.path("code"), encoding: .utf8) == "141\n", "\(run.errors)")
    #expect(try line.status["state"] as? String == "stopped")
    #expect(run.errors.contains("the same command goes on"), "\(run.errors)")
    try line.verify("L.h5.partial")
  }

  // The unit's command with a folder and a name in the places that systemd fills.
  @Test func theServiceStartsAWatch() throws {
    let line = try Line(pieces: 2)
    try line.copy(0)
    try line.copy(1)
    let unit = try String(
      contentsOf: Repository.root.appending(
        path: "Sources/Inspection/Inspection.docc/magcert-watch@.service"), encoding: .utf8)
    let command = try #require(unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
      .dropFirst("ExecStart=".count).replacing("@bin@/magcert", with: CommandLineTool.executable.path)
      .replacing("/var/lib/magcert", with: line.path("state")).replacing("%i", with: "L17")
    try FileManager.default.createDirectory(
      atPath: line.path("state"), withIntermediateDirectories: true)
    let run = try CommandLineTool.run(
      [
        "-c", "FOLDER='\(line.path("in"))'; OPTIONS='--grade N42SH --settle 50ms --pieces 2'; \(command)",
      ], of: URL(filePath: "/bin/sh"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("lot L17: 2 samples: 2 pass"))
    try line.verify("state/L17.h5")
    // A lot that is complete is not begun anew.
    #expect(unit.contains("ConditionPathExists=!/var/lib/magcert/%i.h5"))
  }

  @Test func whatCannotBeMeantIsSaid() throws {
    let line = try Line(pieces: 1)
    for (more, code, word) in [
      (["--settle", "2"], 64, "--settle"), (["--idle", "5"], 64, "--idle"),
      (["--pieces", "0"], 64, "--pieces"),
      (["--poll", "0s"], 64, "--poll"),
    ] {
      let run = try CommandLineTool.run(line.arguments(more))
      #expect(run.code == Int32(code))
      #expect(run.errors.contains(word), "\(run.errors)")
    }
    for (folder, word) in [
      ("none", "is not there"), ("made/\(line.made[0].lastPathComponent)", "is not a folder"),
    ] {
      let run = try CommandLineTool.run(["watch", line.path(folder), "--archive", line.path("L.h5")])
      #expect(run.code == 2)
      #expect(run.errors.contains(word), "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: line.path("L.h5.partial")))
  }
}
