// SPDX-License-Identifier: GPL-3.0-or-later
import FolderEvents
import Inspection
import Testing

/// When a file counts as finished; time and disk are made up.
@Suite struct ArrivalsTests {
  /// A disk and a clock that do as they are told.
  private struct Stage {
    var arrivals = Arrivals(
      timing: .init(settling: .seconds(2), afterClosing: .milliseconds(100)))
    var disk: [String: FileStamp] = [:]
    let start = ContinuousClock.now
    var now: ContinuousClock.Instant

    init() { now = start }

    mutating func wait(_ duration: Duration) { now += duration }

    /// Changes a file without anybody noticing.
    mutating func put(_ path: String, _ byteCount: Int, number: UInt64 = 1) {
      disk[path] = FileStamp(byteCount: byteCount, number: number)
    }

    mutating func close(_ path: String, _ byteCount: Int) {
      put(path, byteCount)
      if let stamp = disk[path] { arrivals.completed(path, stamp, at: now) }
    }

    mutating func find(_ path: String) {
      if let stamp = disk[path] { arrivals.found(path, stamp, at: now) }
    }

    mutating func endIntake() {
      let disk = disk
      arrivals.endIntake(at: now) { disk[$0] }
    }

    mutating func next() -> Arrival? {
      let disk = disk
      return arrivals.next(at: now) { disk[$0] }
    }

    /// The next file, which has to be there.
    mutating func take() throws -> Arrival {
      let arrival = next()
      return try #require(arrival)
    }

    /// The paths of all that is finished now; each counts as done.
    mutating func finished() -> [String] {
      var paths: [String] = []
      while let arrival = next() {
        arrivals.finished(arrival.path, arrival.stamp)
        paths.append(arrival.path)
      }
      return paths
    }
  }

  @Test func aClosedFileIsFinishedAMomentLater() {
    var stage = Stage()
    stage.close("a", 10)
    stage.wait(.milliseconds(99))
    #expect(stage.finished().isEmpty)
    stage.wait(.milliseconds(1))
    #expect(stage.finished() == ["a"])
    // Closed once more without having been changed, it is what it was.
    stage.close("a", 10)
    stage.wait(.seconds(5))
    #expect(stage.finished().isEmpty)
    #expect(stage.arrivals.isQuiet)
  }

  @Test func whatIsBeingWrittenIsWaitedForHoweverLongItTakes() {
    var stage = Stage()
    stage.put("a", 10)
    stage.find("a")
    stage.arrivals.written("a", at: stage.now)
    stage.wait(.seconds(3600))
    #expect(stage.finished().isEmpty)
    #expect(stage.arrivals.open == ["a"])
    #expect(stage.arrivals.isQuiet)
    // When notices were lost, the closing may be among them.
    stage.arrivals.lostNotices(at: stage.now)
    #expect(!stage.arrivals.isQuiet)
    stage.wait(.seconds(2))
    #expect(stage.finished().isEmpty, "it was not looked at before")
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["a"])
  }

  // As on a network share, or behind a link.
  @Test func whatGrowsUnnoticedIsNotWaitedForWhenTheIntakeIsOver() {
    var stage = Stage()
    for path in ["growing", "settled"] {
      stage.put(path, 10)
      stage.find(path)
    }
    stage.endIntake()
    var finished: [String] = []
    for size in 11...13 {
      stage.put("growing", size)
      stage.wait(.seconds(2))
      finished += stage.finished()
    }
    #expect(finished == ["settled"])
    #expect(stage.arrivals.isQuiet)
    #expect(stage.arrivals.open == ["growing"])
  }

  @Test func whatWasFinishedUnnoticedBeforeTheEndOfTheIntakeIsTaken() {
    var stage = Stage()
    for path in ["expected", "ready"] {
      stage.put(path, 10)
      stage.find(path)
    }
    // One of them is due, and has been queued behind another.
    stage.wait(.seconds(2))
    stage.put("expected", 20)
    #expect(stage.finished() == ["ready"])
    stage.put("expected", 30)
    stage.endIntake()
    stage.wait(.milliseconds(1999))
    #expect(stage.finished().isEmpty)
    stage.wait(.milliseconds(1))
    #expect(stage.finished() == ["expected"])
    #expect(stage.arrivals.isQuiet && stage.arrivals.open.isEmpty)
  }

  @Test func whatNobodyWritesIntoAnyMoreDoesNotHoldTheEndUp() {
    var stage = Stage()
    #expect(stage.arrivals.isQuiet(for: .seconds(60), at: stage.now))
    stage.put("a", 10)
    stage.arrivals.written("a", at: stage.now)
    stage.wait(.seconds(59))
    #expect(!stage.arrivals.isQuiet(for: .seconds(60), at: stage.now))
    stage.wait(.seconds(1))
    #expect(stage.arrivals.isQuiet(for: .seconds(60), at: stage.now))
    stage.find("b")
    stage.close("b", 1)
    #expect(!stage.arrivals.isQuiet(for: .zero, at: stage.now))
  }

  @Test func aFileThatIsLeftOpenIsTakenOnlyOnRequest() {
    var stage = Stage()
    stage.arrivals = Arrivals(timing: .init(leftOpen: .seconds(60)))
    stage.put("a", 10)
    for _ in 0..<3 {
      stage.arrivals.written("a", at: stage.now)
      stage.wait(.seconds(59))
      #expect(stage.finished().isEmpty)
    }
    stage.wait(.seconds(1))
    #expect(stage.finished().isEmpty, "nobody has looked at it")
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["a"])
  }

  @Test func aFileThatIsFoundHasToStayTheSame() {
    var stage = Stage()
    stage.put("a", 10)
    stage.find("a")
    for size in 11...15 {
      stage.wait(.seconds(1.9))
      #expect(stage.finished().isEmpty)
      stage.put("a", size)
      stage.wait(.seconds(0.2))
      #expect(stage.finished().isEmpty)
    }
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["a"])
  }

  @Test func anInstrumentThatClosesItsFileAfterEachRowIsFollowed() {
    var stage = Stage()
    for row in 1...20 {
      stage.close("a", 10 * row)
      stage.wait(.milliseconds(90))
      #expect(stage.finished().isEmpty)
    }
    // A row of which no notice came.
    stage.put("a", 500)
    stage.wait(.milliseconds(20))
    #expect(stage.finished().isEmpty)
    stage.wait(.milliseconds(100))
    #expect(stage.finished() == ["a"])
  }

  @Test func anEmptyFileIsGivenLonger() {
    var stage = Stage()
    stage.put("a", 0)
    stage.put("b", 0)
    stage.find("a")
    stage.find("b")
    for _ in 1...10 {
      stage.wait(.seconds(2.9))
      #expect(stage.finished().isEmpty)
    }
    stage.put("b", 5)
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["a"])
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["b"])
  }

  @Test func theOrderIsThatInWhichFilesAreFinished() {
    var stage = Stage()
    for (name, pause) in [("c", 10), ("a", 10), ("b", 150), ("d", 10)] {
      stage.close(name, 1)
      stage.wait(.milliseconds(pause))
    }
    // The first one goes on.
    stage.close("c", 2)
    stage.put("early", 3)
    stage.find("early")
    stage.wait(.seconds(3))
    #expect(stage.finished() == ["a", "b", "d", "c", "early"])
  }

  // A look may come before the notices of what it finds.
  @Test func whatWasFoundFirstStillComesInTheOrderOfItsClosing() {
    var stage = Stage()
    for name in ["a", "b"] {
      stage.put(name, 1)
      stage.find(name)
    }
    for name in ["b", "a"] { stage.close(name, 1) }
    stage.wait(.seconds(1))
    #expect(stage.finished() == ["b", "a"])
  }

  @Test func aThousandAtOnceStayInOrder() {
    var stage = Stage()
    let names = (0..<1000).map { "\($0 * 7919 % 1000)" }
    for name in names { stage.close(name, 1) }
    stage.wait(.milliseconds(100))
    #expect(stage.arrivals.waitingCount == 1000)
    #expect(stage.finished() == names)
    #expect(stage.arrivals.waitingCount == 0)
  }

  @Test func aFileComesAgainWhenItHasChanged() {
    var stage = Stage()
    stage.close("a", 10)
    stage.wait(.seconds(1))
    #expect(stage.finished() == ["a"])
    stage.close("a", 11)
    stage.wait(.seconds(1))
    #expect(stage.finished() == ["a"])
    // Also when nobody noticed but somebody looked.
    stage.put("a", 11, number: 2)
    #expect(stage.arrivals.filesToCheck(atMost: 5) == ["a"])
    stage.find("a")
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["a"])
  }

  @Test func allFilesAreCheckedInTurn() {
    var stage = Stage()
    for name in 0..<25 { stage.close("\(name)", 1) }
    stage.wait(.seconds(1))
    #expect(stage.finished().count == 25)
    var checked: Set<String> = []
    for _ in 0..<3 { checked.formUnion(stage.arrivals.filesToCheck(atMost: 10)) }
    #expect(checked.count == 25)
    stage.arrivals.gone("3")
    let again = Set((0..<3).flatMap { _ in stage.arrivals.filesToCheck(atMost: 10) })
    #expect(again == checked.subtracting(["3"]))
  }

  @Test func whatChangesWhileItIsWorkedOnComesAgainAfterwards() throws {
    var stage = Stage()
    stage.close("a", 10)
    stage.wait(.seconds(1))
    let first = try stage.take()
    stage.close("a", 20)
    stage.wait(.seconds(1))
    #expect(stage.next() == nil, "it is in work")
    #expect(!stage.arrivals.isQuiet)
    stage.arrivals.finished("a", first.stamp)
    stage.wait(.seconds(1))
    #expect(stage.finished() == ["a"])

    stage.close("b", 10)
    stage.wait(.seconds(1))
    _ = try stage.take()
    stage.arrivals.changedInWork("b", at: stage.now)
    stage.wait(.seconds(2))
    #expect(stage.finished().isEmpty)
    stage.wait(.seconds(2))
    #expect(stage.finished() == ["b"])
  }

  @Test func aFileWithoutAResultIsTriedOnceMoreWhenItHasSettled() throws {
    var stage = Stage()
    stage.close("a", 10)
    stage.wait(.milliseconds(100))
    let early = try stage.take()
    let first = stage.arrivals.tryAgain(early, at: stage.now)
    #expect(first)
    stage.wait(.seconds(1.8))
    #expect(stage.next() == nil)
    stage.wait(.seconds(0.1))
    let late = try stage.take()
    #expect(late == early)
    let second = stage.arrivals.tryAgain(late, at: stage.now)
    #expect(!second)
    stage.arrivals.finished("a", late.stamp)
    stage.wait(.seconds(100))
    #expect(stage.finished().isEmpty)
  }

  @Test func whatIsGoneOrAFolderIsNoFile() {
    var stage = Stage()
    stage.close("a", 10)
    stage.close("b", 10)
    stage.close("c", 10)
    stage.disk["a"] = nil
    stage.disk["b"] = FileStamp(kind: .folder, byteCount: 10)
    stage.arrivals.gone("c")
    stage.wait(.seconds(9))
    #expect(stage.finished().isEmpty)
    #expect(stage.arrivals.waitingCount == 0)
    #expect(!stage.arrivals.knows("a"))
    // It is new when it is there once more.
    stage.close("a", 10)
    stage.wait(.seconds(9))
    #expect(stage.finished() == ["a"])
  }

  @Test func itIsSaidWhenToLookAgain() {
    var stage = Stage()
    #expect(stage.arrivals.nextDue == nil)
    stage.put("a", 1)
    stage.find("a")
    #expect(stage.arrivals.nextDue == stage.start + .seconds(2))
    stage.close("b", 1)
    #expect(stage.arrivals.nextDue == stage.start + .milliseconds(100))
    stage.arrivals.written("b", at: stage.now)
    stage.wait(.milliseconds(100))
    #expect(stage.next() == nil)
    #expect(stage.arrivals.nextDue == stage.start + .seconds(2))
  }
}

@Suite struct MountsTests {
  private let mounts = Mounts(
    """
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    30 22 0:40 / /mnt/vsm rw,relatime shared:5 - cifs //pc/data rw
    31 22 0:41 / /mnt/vsm/local rw - tmpfs none rw
    32 22 0:42 / /mnt/my\\040share rw master:1 - fuse.sshfs u@h:/ rw
    33 22 0:43 / /srv rw - ext4 /dev/sdb rw
    34 33 0:44 / /srv rw - nfs4 host:/ rw
    nonsense
    35 22
    """)

  @Test(arguments: [
    ("/", nil), ("/home/a", nil), ("/mnt/vsm", "cifs"), ("/mnt/vsm/in/deep", "cifs"),
    ("/mnt/vsm2", nil), ("/mnt/vsm/local/x", nil), ("/mnt/my share/in", "fuse.sshfs"), ("/srv/a", "nfs4"),
  ])
  func sharesAreKnownByTheirMount(_ path: String, _ type: String?) {
    #expect(mounts.remoteType(of: path) == type)
  }

  @Test func withoutAListNothingIsKnown() {
    #expect(Mounts("").remoteType(of: "/a/b") == nil)
    #expect(Mounts("").remoteType(of: "relative") == nil)
  }
}
