// SPDX-License-Identifier: GPL-3.0-or-later
public import FolderEvents

/// A file that its writer has finished.
public struct Arrival: Hashable, Sendable {
  /// Its path.
  public let path: String
  /// What it looked like when it was found to be finished.
  public let stamp: FileStamp
  /// When it was last seen to change.
  public let since: ContinuousClock.Instant
}

/// Files that come into folders, from the first sight of them until they are finished, in the order in which that is.
///
/// A file whose closing was noticed is finished when it is the same a moment later; one that was found by looking, when
/// it has not changed for the settling time; one that was written to and not closed is not, unless it is left open for long. An empty file is given
/// longer, since many a writer opens its file well before it writes. Knows neither clock nor disk: both are handed in.
public struct Arrivals: Sendable {
  /// How long files are given.
  public struct Timing: Hashable, Sendable {
    /// How long a file stays the same that is finished, where its closing was not noticed.
    public var settling: Duration
    /// How long a file stays the same after it was closed.
    public var afterClosing: Duration
    /// How long a file stays the same that is finished and was not closed; nil when every file is closed in the end.
    public var leftOpen: Duration?

    /// The three times.
    public init(
      settling: Duration = .seconds(2), afterClosing: Duration = .milliseconds(100), leftOpen: Duration? = nil
    ) {
      self.settling = settling
      self.afterClosing = afterClosing
      self.leftOpen = leftOpen
    }

    /// How long an empty file is given.
    var emptiness: Duration { settling * 15 }
  }

  private enum Ending {
    /// Whether it is being written is not known.
    case unseen
    /// Somebody is writing it.
    case open
    /// It was closed, or moved here.
    case closed
  }

  private struct Expected {
    /// As it was last seen; nil when it was not looked at since it changed.
    var stamp: FileStamp?
    var ending: Ending
    /// When it was last seen to change.
    var since: ContinuousClock.Instant
    /// When to look whether it is finished; nil for not before it is closed.
    var due: ContinuousClock.Instant?
    /// Its place among all that was noticed.
    let number: Int
  }

  private let timing: Timing
  private var expected: [String: Expected] = [:]
  /// No file is due before; nil when none will be.
  private var earliestDue: ContinuousClock.Instant?
  /// Files that seem finished, in order; those count whose number is still that in `ready`.
  private var queue: [(path: String, number: Int)] = []
  private var head = 0
  private var ready: [String: Expected] = [:]
  private var inWork: Set<String> = []
  private var taken: [String: FileStamp] = [:]
  /// What is being checked whether it has changed, and how far that is.
  private var takenPaths: [String] = []
  private var nextCheck = 0
  private var count = 0
  private var isIntakeOver = false

  /// No files yet.
  public init(timing: Timing) { self.timing = timing }

  // MARK: What was noticed

  /// A writer closed the file, or the file got this name; `stamp` is what it looks like now.
  public mutating func completed(_ path: String, _ stamp: FileStamp, at now: ContinuousClock.Instant) {
    expect(path, stamp, .closed, at: now)
  }

  /// Something was written into the file.
  public mutating func written(_ path: String, at now: ContinuousClock.Instant) {
    expect(path, nil, .open, at: now)
  }

  /// The file was seen, by looking through the folder or otherwise.
  public mutating func found(_ path: String, _ stamp: FileStamp, at now: ContinuousClock.Instant) {
    // Of what is expected it is known anyway when to look again.
    guard expected[path] == nil, ready[path] == nil, taken[path] != stamp else { return }
    expect(path, stamp, .unseen, at: now)
  }

  /// There is no file of this name any more.
  public mutating func gone(_ path: String) {
    expected[path] = nil
    ready[path] = nil
    taken[path] = nil
  }

  /// From now on a file that is found to have changed counts as one that is being written, noticed or not.
  ///
  /// What grows and gives no notices would otherwise be waited for as long as it grows. What it was like until now is
  /// looked at once more: it may have been finished since it was found.
  public mutating func endIntake(at now: ContinuousClock.Instant, look: (String) -> FileStamp?) {
    guard !isIntakeOver else { return }
    isIntakeOver = true
    for (path, file) in Array(expected) + Array(ready) where file.ending == .unseen && file.stamp != nil {
      guard let stamp = look(path), stamp != file.stamp else { continue }
      var changed = file
      (changed.stamp, changed.since, changed.due) = (stamp, now, now + timing.settling)
      ready[path] = nil
      keep(path, changed)
    }
  }

  /// Notices were lost: whoever was writing may have finished.
  public mutating func lostNotices(at now: ContinuousClock.Instant) {
    for (path, file) in expected where file.ending == .open {
      var unseen = file
      (unseen.ending, unseen.due) = (.unseen, now + timing.settling)
      keep(path, unseen)
    }
  }

  private mutating func expect(
    _ path: String, _ stamp: FileStamp?, _ ending: Ending, at now: ContinuousClock.Instant
  ) {
    // What was noticed last comes last, whatever order the files were found in before.
    count += 1
    ready[path] = nil
    let pause: Duration? =
      switch ending {
      case .unseen: timing.settling
      case .open: timing.leftOpen
      case .closed: timing.afterClosing
      }
    keep(
      path,
      Expected(stamp: stamp, ending: ending, since: now, due: pause.map { now + $0 }, number: count))
  }

  private mutating func keep(_ path: String, _ file: Expected) {
    expected[path] = file
    if let due = file.due { earliestDue = min(due, earliestDue ?? due) }
  }

  // MARK: What is finished

  /// The next file that is finished; nil when there is none now.
  ///
  /// `look` says what a path looks like now. The file counts as in work until `finished`, `changedInWork` or `tryAgain` is said of it.
  public mutating func next(
    at now: ContinuousClock.Instant, look: (String) -> FileStamp?
  ) -> Arrival? {
    ripen(at: now)
    while head < queue.count {
      let (path, number) = queue[head]
      head += 1
      if head == queue.count {
        queue.removeAll(keepingCapacity: true)
        head = 0
      }
      guard ready[path]?.number == number, var file = ready.removeValue(forKey: path) else { continue }
      guard let stamp = look(path) else {
        gone(path)
        continue
      }
      if stamp.kind == .folder || taken[path] == stamp && !inWork.contains(path) { continue }
      let hasChanged = stamp != file.stamp
      if hasChanged { file.since = now }
      let isGivenTime =
        stamp.byteCount == 0 && file.ending != .closed && now - file.since < timing.emptiness
      guard !hasChanged, !isGivenTime, !inWork.contains(path) else {
        if isIntakeOver, hasChanged, file.stamp != nil, file.ending == .unseen {
          file.ending = .open
          file.stamp = nil
          file.due = nil
          keep(path, file)
          continue
        }
        file.stamp = stamp
        file.due = now + (file.ending == .closed ? timing.afterClosing : timing.settling)
        keep(path, file)
        continue
      }
      taken[path] = stamp
      inWork.insert(path)
      return Arrival(path: path, stamp: stamp, since: file.since)
    }
    return nil
  }

  /// Puts what is due into the queue.
  private mutating func ripen(at now: ContinuousClock.Instant) {
    guard let earliest = earliestDue, earliest <= now else { return }
    let due = expected.compactMap { path, file in
      file.due.flatMap { $0 <= now ? (path: path, file: file, at: $0) : nil }
    }.sorted { ($0.at, $0.file.number) < ($1.at, $1.file.number) }
    for (path, file, _) in due {
      expected[path] = nil
      ready[path] = file
      queue.append((path, file.number))
    }
    earliestDue = expected.values.lazy.compactMap(\.due).min()
  }

  /// The work on a file is done; `stamp` is what it looked like while it was read.
  public mutating func finished(_ path: String, _ stamp: FileStamp) {
    inWork.remove(path)
    if taken[path] != nil { taken[path] = stamp }
  }

  /// The file changed while it was read, or was gone for a moment.
  public mutating func changedInWork(_ path: String, at now: ContinuousClock.Instant) {
    inWork.remove(path)
    taken[path] = nil
    if expected[path] == nil, ready[path] == nil { expect(path, nil, .unseen, at: now) }
  }

  /// A file that gave no result may have been looked at too early: it comes again when the settling time is over.
  ///
  /// Returns false, and the work on it is done, when that time was over already.
  public mutating func tryAgain(
    _ arrival: Arrival, at now: ContinuousClock.Instant
  ) -> Bool {
    let due = arrival.since + timing.settling
    guard now < due || expected[arrival.path] != nil || ready[arrival.path] != nil else { return false }
    inWork.remove(arrival.path)
    taken[arrival.path] = nil
    if expected[arrival.path] == nil, ready[arrival.path] == nil {
      count += 1
      keep(
        arrival.path,
        Expected(stamp: arrival.stamp, ending: .unseen, since: arrival.since, due: due, number: count))
    }
    return true
  }

  // MARK: How things stand

  /// Whether the file was handed out, or is waited for.
  public func knows(_ path: String) -> Bool {
    taken[path] != nil || expected[path] != nil || ready[path] != nil
  }

  /// How many files came and were not handed out.
  public var waitingCount: Int { expected.count + ready.count }

  /// Whether a file seems to be finished and waits for a worker.
  public var hasReady: Bool { !ready.isEmpty }

  /// Files that somebody is writing, in the order of their coming.
  public var open: [String] {
    expected.filter { $0.value.ending == .open }.sorted { $0.value.number < $1.value.number }.map(\.key)
  }

  /// Whether nothing is in work or waits to be, but for files that are being written.
  public var isQuiet: Bool {
    ready.isEmpty && inWork.isEmpty && expected.values.allSatisfy { $0.ending == .open }
  }

  /// Whether nothing is in work or waits to be, but for files that nothing was written into for a time.
  ///
  /// Such a file may have been changed without being opened, and then nobody will close it.
  public func isQuiet(for time: Duration, at now: ContinuousClock.Instant) -> Bool {
    isQuiet && expected.values.allSatisfy { now - $0.since >= time }
  }

  /// No file is to be looked at before; nil when none is.
  ///
  /// It may be too early by a file that has changed meanwhile, until `next` was asked for then.
  public var nextDue: ContinuousClock.Instant? { earliestDue }

  /// The next files, of those handed out, to be looked at whether they have changed unnoticed.
  public mutating func filesToCheck(atMost limit: Int) -> [String] {
    if nextCheck >= takenPaths.count {
      takenPaths = Array(taken.keys)
      nextCheck = 0
    }
    let paths = takenPaths[nextCheck...].prefix(limit)
    nextCheck += paths.count
    return Array(paths)
  }
}
