// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Certificates
internal import FolderEvents
internal import Measurements
internal import Report

/// A watch in its course: what has come, what is in work, and the archive that takes it.
struct WatchCourse: ~Copyable {
  let folders: WatchedFolders
  private(set) var progress = WatchProgress()
  private let watch: Watch
  private var writer: ArchiveWriter?
  private var arrivals: Arrivals
  private var known = Repetition()
  /// The digest of what was certified, by its name.
  private var certified: [String: ContentHash] = [:]
  /// The digest of what an earlier run archived without a result, by its name.
  private var failed: [String: ContentHash] = [:]
  /// Files of which it is not known yet whether they are what was certified under their names.
  private var unchecked: Set<String> = []
  /// Files that are bad as they are, with the order in which they came.
  private var bad: [String: Int] = [:]
  /// Files whose names are not UTF-8, which is said once; they are found by looking alone.
  private var misnamed: Set<String> = []
  /// Files that gave no result and will be tried again, in the same way.
  private var doubtful: [String: Int] = [:]
  private var badList: BadFileList

  private var started: [Int: Arrival] = [:]
  private var startCount = 0
  private var found: [Int: Finding] = [:]
  private var recordCount = 0

  private var asked: WatchEnding?
  /// Whether files that come now are no part of the lot any more.
  private var isIntakeOver = false
  private var nextLook = ContinuousClock.now
  private var earliestLook = ContinuousClock.now
  private var lastArrival = ContinuousClock.now
  /// Since when rows wait to be written; nil when none do.
  private var unwritten: ContinuousClock.Instant?
  private var lastWrite = ContinuousClock.now
  private var lastListing = ContinuousClock.now
  private var saysThatListFails = false

  /// How many pieces a lot is taken to have of which nobody says it.
  private static let usualPieces = 1000
  /// How long rows wait at most; half a second, so that with all else it stays below one.
  private static let writingTime = Duration.milliseconds(500)
  /// How long after a write the next one comes at the earliest.
  private static let writingPause = Duration.milliseconds(200)
  /// How often folders are looked through of which notices come.
  private static let lookInterval = Duration.seconds(10)
  /// How often they are looked through of which none come.
  private static let pollInterval = Duration.seconds(1)
  /// How many files that were certified are looked at again each time.
  private static let checksPerLook = 200
  /// How many files that an earlier run certified are looked at together.
  private static let checksAtOnce = 1000
  /// How long it takes at most until somebody who asks for the end is heard.
  private static let longestPause = Duration.milliseconds(250)

  init(_ watch: Watch) throws(ArchiveError) {
    self.watch = watch
    folders = WatchedFolders(watch.folders, matching: watch.pattern, own: watch.own)
    arrivals = Arrivals(timing: watch.plan.timing)
    badList = BadFileList(watch.badList)
    let (path, software) = (watch.archive.path, "magcert \(magcertVersion)")
    writer =
      ArchiveWriter.isUnfinished(path)
      ? try ArchiveWriter(resuming: path, software: software, lot: watch.lot)
      : try ArchiveWriter(
        creating: path, software: software, lot: watch.lot,
        expectedRows: watch.plan.pieces ?? Self.usualPieces)
  }

  // MARK: What was there

  /// Counts what a run before archived.
  mutating func takeUp(_ record: (WatchOutcome) throws -> Void) throws {
    let files = writer?.archived.files ?? []
    for (name, hash, rows) in files {
      let records = try writer?.records(rows) ?? []
      // Of a file that gave no result nothing is known yet that would speak against its next content.
      if records.contains(where: { (try? CertifiedFailure(record: $0)) == nil }) {
        certified[name] = hash
        _ = known.first(hash, name)
        progress.certified += 1
      } else {
        failed[name] = hash
      }
      try record(.counted(.archived(path: name, records: records)))
    }
    if !files.isEmpty { try record(.remark("going on with \(files.count) files that are archived")) }
  }

  // MARK: What comes

  /// Takes notice of what happened in the folders.
  mutating func note() {
    let now = ContinuousClock.now
    for notice in folders.notices?.next() ?? [] {
      switch notice {
      case .completed(let path):
        if let stamp = stamp(of: path) { arrivals.completed(path, stamp, at: now) }
      case .touched(let path):
        if let stamp = stamp(of: path) { arrivals.found(path, stamp, at: now) }
      case .written(let path):
        if takes(path), !path.contains("\u{FFFD}") { arrivals.written(path, at: now) }
      case .gone(let path): if takes(path) { forget(path) }
      case .foldersChanged: nextLook = max(now, earliestLook)
      case .lost:
        arrivals.lostNotices(at: now)
        nextLook = max(now, earliestLook)
      }
    }
  }

  private func takes(_ path: String) -> Bool {
    folders.takes(path) && (!isIntakeOver || arrivals.knows(path))
  }

  private mutating func forget(_ path: String) {
    arrivals.gone(path)
    bad[path] = nil
    doubtful[path] = nil
  }

  private func stamp(of path: String) -> FileStamp? {
    guard takes(path), let stamp = FileStamp(of: path), stamp.kind != .folder else { return nil }
    return stamp
  }

  /// Looks through the folders when it is time.
  mutating func look(_ record: (WatchOutcome) throws -> Void) throws {
    let now = ContinuousClock.now
    guard now >= nextLook, asked != .stop else { return }
    let look = folders.look { arrivals.knows($0) || unchecked.contains($0) }
    let isBlind = look.blindness != nil || !look.unreadable.isEmpty || watch.plan.pollInterval != nil
    nextLook = now + (isBlind ? pollInterval : Self.lookInterval)
    // Of most files that were seen there are notices to be had, and only these tell the order.
    note()
    for (path, stamp) in look.found where !isIntakeOver {
      if certified[path] == nil { arrivals.found(path, stamp, at: now) } else { unchecked.insert(path) }
    }
    for path in look.misnamed where !isIntakeOver && misnamed.insert(path).inserted {
      try list(path, BadFile.misnamed, "its name is not UTF-8, and only another can be opened", record)
    }
    // A bad file is what people are working on.
    for path in bad.keys.prefix(Self.checksAtOnce) + arrivals.filesToCheck(atMost: Self.checksPerLook) {
      if let stamp = FileStamp(of: path) {
        arrivals.found(path, stamp, at: now)
      } else if look.unreadable.isEmpty {
        forget(path)
      }
    }
    isIntakeOver = asked == .close
    if isIntakeOver { arrivals.endIntake(at: now) { FileStamp(of: $0) } }
    for (folder, reason) in look.unreadable.sorted(by: { $0.key < $1.key })
    where progress.unreadable[folder] == nil {
      try record(.remark("“\(folder)”: \(reason); it is looked for until it is back"))
    }
    for folder in progress.unreadable.keys.sorted() where look.unreadable[folder] == nil {
      try record(.remark("“\(folder)” is back"))
    }
    progress.unreadable = look.unreadable
    if let blindness = look.blindness, progress.blindness == nil {
      try record(.remark("\(blindness); the folders are looked through every \(pollInterval)"))
    }
    progress.blindness = look.blindness
    // What takes long is done more seldom.
    earliestLook = now + (ContinuousClock.now - now) * 5
    nextLook = max(nextLook, earliestLook)
  }

  private var pollInterval: Duration { watch.plan.pollInterval ?? Self.pollInterval }

  /// Has files that were certified before looked at again, a few at a time and when there is nothing else to do.
  mutating func check() {
    guard started.isEmpty, !arrivals.hasReady, arrivals.waitingCount < Self.checksAtOnce else { return }
    for _ in 0..<Self.checksAtOnce {
      guard let path = unchecked.popFirst() else { return }
      if let stamp = FileStamp(of: path) { arrivals.found(path, stamp, at: .now) }
    }
  }

  // MARK: What is worked on

  /// The next file for a worker; nil while there is enough to do or none is finished.
  mutating func nextWork() -> WatchWork? {
    // Behind a slow file no more results wait for their turn than this.
    guard asked != .stop, (startCount - recordCount) / 2 < watch.workers,
      watch.plan.pieces.map({ progress.certified + startCount - recordCount < $0 }) ?? true,
      let arrival = arrivals.next(at: .now, look: { FileStamp(of: $0) })
    else { return nil }
    lastArrival = .now
    started[startCount] = arrival
    defer { startCount += 1 }
    return WatchWork(number: startCount, path: arrival.path, certified: certified[arrival.path])
  }

  /// Records what a worker found, in the order of arrival.
  mutating func record(
    _ finding: Finding, _ number: Int, _ record: (WatchOutcome) throws -> Void
  ) throws {
    found[number] = finding
    while let next = found.removeValue(forKey: recordCount),
      let arrival = started.removeValue(forKey: recordCount)
    {
      recordCount += 1
      try self.record(next, of: arrival, record)
    }
  }

  private mutating func record(
    _ finding: Finding, of arrival: Arrival, _ record: (WatchOutcome) throws -> Void
  ) throws {
    switch finding {
    case .gone, .unsteady: arrivals.changedInWork(arrival.path, at: .now)
    case .same(let stamp):
      arrivals.finished(arrival.path, stamp)
      (bad[arrival.path], doubtful[arrival.path]) = (nil, nil)
    case .changed(let stamp, let file): try refuse(file, arrival, stamp, record)
    case .inspected(let stamp, let file):
      let hash = file.contentHash
      let checked = file.hasResult ? watch.inspector.refusingRepetition(file, &known) : file
      guard checked.hasResult, let hash else { return try refuse(checked, arrival, stamp, record) }
      try count(checked, record)
      certified[arrival.path] = hash
      (bad[arrival.path], doubtful[arrival.path]) = (nil, nil)
      progress.certified += 1
      progress.lastFile = .init(path: arrival.path, time: currentTime())
      arrivals.finished(arrival.path, stamp)
    }
  }

  private mutating func count(_ file: InspectedFile, _ record: (WatchOutcome) throws -> Void) throws {
    for entry in file.entries { try writer?.append(entry) }
    if unwritten == nil, !file.entries.isEmpty { unwritten = .now }
    try record(.counted(.inspected(file)))
  }

  /// Lists a file as bad, unless it may be better a little later.
  private mutating func refuse(
    _ file: InspectedFile, _ arrival: Arrival, _ stamp: FileStamp, _ record: (WatchOutcome) throws -> Void
  ) throws {
    guard !arrivals.tryAgain(arrival, at: .now) else {
      doubtful[arrival.path] = recordCount
      return
    }
    doubtful[arrival.path] = nil
    arrivals.finished(arrival.path, stamp)
    guard case .failure(let failure)? = file.results.first else { return }
    try list(BadFile(failure), record)
  }

  private mutating func list(
    _ path: String, _ code: String, _ message: String, _ record: (WatchOutcome) throws -> Void
  ) throws {
    let failure = ReportedFailure(source: ReportedSource(path: path), code: code, message: message)
    try list(BadFile(failure), record)
    (bad[path], doubtful[path]) = (nil, nil)
  }

  private mutating func list(_ file: BadFile, _ record: (WatchOutcome) throws -> Void) throws {
    if bad[file.path] == nil { bad[file.path] = recordCount }
    badList.add(file)
    progress.lastBad = file
    try record(.bad(file))
  }

  // MARK: What is written

  /// Hands rows to the operating system, soon when nothing else is to be done, and now and then otherwise.
  mutating func write(_ record: (WatchOutcome) throws -> Void) throws {
    let now = ContinuousClock.now
    progress.waiting = arrivals.waitingCount
    progress.inWork = started.count - found.count
    progress.bad = bad.count
    if let since = unwritten, now - lastWrite >= Self.writingPause,
      now - since >= Self.writingTime || started.isEmpty && !arrivals.hasReady || asked == .stop
    {
      try writeRows()
    }
    if now - lastListing >= Self.writingPause || asked == .stop { try writeList(record) }
  }

  private mutating func writeList(_ record: (WatchOutcome) throws -> Void) throws {
    lastListing = .now
    do throws(InputError) {
      try badList.write()
      saysThatListFails = false
    } catch {
      if !saysThatListFails { try record(.remark("\(error)")) }
      saysThatListFails = true
    }
  }

  private mutating func writeRows() throws(ArchiveError) {
    try writer?.write()
    unwritten = nil
    lastWrite = .now
  }

  /// How long to wait, at most, for the next event.
  var pause: Duration {
    let now = ContinuousClock.now
    var end = min(now + Self.longestPause, nextLook)
    if let due = arrivals.nextDue { end = min(end, due) }
    if unwritten != nil { end = min(end, lastWrite + Self.writingPause) }
    return max(end - now, .milliseconds(5))
  }

  // MARK: How it ends

  /// Asks for the end; who wants to stop does not wait for the lot.
  mutating func end(_ ending: WatchEnding) {
    guard asked != .stop, asked != ending else { return }
    asked = ending
    // Writing once more tells whether the archive is where it is said to be.
    if ending == .stop, unwritten == nil { unwritten = .now }
    if ending == .close {
      progress.state = .closing
      nextLook = .now
    }
  }

  /// How the watch has ended; nil while it goes on.
  var ended: WatchEnding? {
    mutating get {
      let isIdle = started.isEmpty
      if asked == .stop {
        guard isIdle else { return nil }
        progress.state = .stopped
        return unwritten == nil ? .stop : nil
      }
      let quiet = isIdle && !arrivals.hasReady && unchecked.isEmpty
      if let pieces = watch.plan.pieces, progress.certified >= pieces, isIdle { return .close }
      if let idle = watch.plan.idle, asked == nil, hasFiles, quiet,
        arrivals.isQuiet(for: idle, at: .now), ContinuousClock.now - lastArrival >= idle
      {
        end(.close)
      }
      return asked == .close && quiet && arrivals.isQuiet && nextLook > .now ? .close : nil
    }
  }

  private var hasFiles: Bool {
    progress.certified > 0 || !bad.isEmpty || !doubtful.isEmpty || !failed.isEmpty
  }

  /// Closes the lot: what is bad still counts as a file without a result, as in a batch.
  mutating func close(_ lotRecord: () -> String?, _ record: (WatchOutcome) throws -> Void) throws {
    guard hasFiles else {
      throw InputError("no file has come, so there is no lot to be closed; the same command goes on watching")
    }
    for path in arrivals.open {
      if let hash = certified[path] {
        let work = WatchWork(number: 0, path: path, certified: hash)
        let file: InspectedFile
        switch work.finding(with: watch.inspector) {
        case .changed(_, let changed): file = changed
        case .unsteady: file = watch.inspector.unread(path: path, Self.unsteady)
        case .gone, .same, .inspected: continue
        }
        if case .failure(let failure)? = file.results.first { try list(BadFile(failure), record) }
      } else if asked == .close {
        try list(
          path, BadFile.unfinished,
          "it was still being written when the lot was closed, and is not part of it",
          record)
      }
    }
    bad.merge(doubtful) { place, _ in place }
    for path in bad.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).map(\.key) {
      try countFinally(path, record)
    }
    try writeList(record)
    if let open = writer.take() { try watch.archive.finish(open, lotRecord: lotRecord()) }
    progress.state = .complete
  }

  private static let unsteady = ReadError(.unreadable, "it changed while it was read")

  /// Counts a file that was bad, as it is now.
  private mutating func countFinally(_ path: String, _ record: (WatchOutcome) throws -> Void) throws {
    let work = WatchWork(number: 0, path: path, certified: certified[path])
    let file: InspectedFile
    switch work.finding(with: watch.inspector) {
    case .gone, .same:
      bad[path] = nil
      return
    case .unsteady:
      file = watch.inspector.unread(path: path, Self.unsteady)
    case .changed(_, let changed): file = changed
    case .inspected(_, let inspected):
      file = inspected.hasResult ? watch.inspector.refusingRepetition(inspected, &known) : inspected
    }
    // A run that could not close the lot may have archived it.
    if let hash = file.contentHash, hash == failed[path] { return }
    try count(file, record)
    if file.hasResult {
      bad[path] = nil
      progress.certified += 1
    }
  }
}
