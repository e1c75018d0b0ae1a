// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Dispatch
internal import FolderEvents
internal import Measurements
internal import Report

/// What a watch has to say while it goes on.
public enum WatchOutcome: Sendable {
  /// A file that belongs to the lot: certified now, or archived by a run before.
  case counted(BatchOutcome)
  /// A file that could not be certified.
  case bad(BadFile)
  /// A sentence for the people.
  case remark(String)
}

/// How a watch is asked to end.
public enum WatchEnding: Sendable {
  /// What is in work is finished, the rest is left for the next run.
  case stop
  /// What has come is certified, and the lot is closed.
  case close
}

/// Folders whose files are certified as soon as their writers have finished them, into one archive.
public struct Watch: Sendable {
  /// When things happen.
  public struct Plan: Sendable {
    /// How long files are given to be finished.
    public var timing = Arrivals.Timing()
    /// How often the folders are looked through; nil when notices of what happens in them are enough.
    public var pollInterval: Duration?
    /// The number of pieces after which the lot is closed; nil for no such number.
    public var pieces: Int?
    /// The time without a new file after which the lot is closed; nil for never.
    public var idle: Duration?

    /// Notices, and no end.
    public init() {}
  }

  let folders: [String]
  let pattern: String
  let inspector: Inspector
  let workers: Int
  let archive: ArchiveDestination
  let lot: String?
  let plan: Plan
  let badList: String
  let own: [String]

  /// A watch on folders; of their files those count whose name fits `pattern`.
  ///
  /// Files that give no result are listed in `badList`; `own` are paths that are written beside, and no measurements.
  /// Throws one sentence when a folder is not there.
  public init(
    _ folders: [String], matching pattern: String, with inspector: Inspector, workers: Int,
    archive: ArchiveDestination, lot: String?, plan: Plan, badList: String, own: [String]
  ) throws(InputError) {
    for folder in folders where !isFolder(folder) {
      throw InputError(
        fileExists(folder) ? "“\(folder)” is not a folder to be watched" : "“\(folder)” is not there")
    }
    self.folders = folders
    self.pattern = pattern
    self.inspector = inspector
    self.workers = workers
    self.archive = archive
    self.lot = lot
    self.plan = plan
    self.badList = badList
    self.own = own + [archive.path, archive.path + ".partial", badList]
    for (place, name) in self.own.enumerated() where self.own[..<place].contains(name) {
      throw InputError("“\(name)” is asked for twice; archive, status, bad files and report need a file each")
    }
  }

  private enum Event: Sendable {
    case notices
    case found(Int, Finding)
    case time
  }

  /// Certifies files as they arrive, and hands over what they give in the order of their arrival.
  ///
  /// An archive that a run before left unfinished is gone on with: its records come first, and its files are not
  /// measured again. `ending` is asked several times a second. The answer is how the watch ended; when the lot was
  /// closed, the archive is complete and ends with what `lotRecord` gave. Throws one sentence when the archive cannot
  /// be written; what was measured is then in `<archive>.partial`, but for the last second.
  public func run(
    ending: () -> WatchEnding?, lotRecord: () -> String?, progress: (WatchProgress) -> Void,
    record: (WatchOutcome) throws -> Void
  ) async throws -> WatchEnding {
    do {
      var course = try WatchCourse(self)
      try course.takeUp(record)
      let (events, feed) = AsyncStream.makeStream(of: Event.self)
      let desk = WorkDesk<WatchWork>(workers: workers)
      let queue = DispatchQueue(label: "magcert.watch")
      let clock = DispatchSource.makeTimerSource(queue: queue)
      clock.setEventHandler { feed.yield(.time) }
      let arriving = course.folders.notices.map { notices in
        let source = DispatchSource.makeReadSource(fileDescriptor: notices.descriptor, queue: queue)
        source.setEventHandler {
          notices.collect()
          feed.yield(.notices)
        }
        source.resume()
        return source
      }
      clock.schedule(deadline: .now())
      clock.resume()
      defer {
        arriving?.cancel()
        clock.cancel()
        feed.finish()
      }
      for await event in events {
        switch event {
        case .notices: course.note()
        case .found(let number, let finding): try course.record(finding, number, record)
        case .time: break
        }
        if let asked = ending() { course.end(asked) }
        try course.look(record)
        course.check()
        while let work = course.nextWork() {
          guard desk.takesWorker(for: work) else { continue }
          Task { [inspector] in
            while let work = desk.next() {
              feed.yield(.found(work.number, work.finding(with: inspector)))
              // Whoever records must not have to wait for a thread until all work is done.
              await Task.yield()
            }
          }
        }
        try course.write(record)
        progress(course.progress)
        if let ended = course.ended {
          if ended == .close { try course.close(lotRecord, record) }
          progress(course.progress)
          return ended
        }
        clock.schedule(deadline: .now() + course.pause / .seconds(1))
      }
      return .stop
    } catch let error as ArchiveError {
      throw InputError(error.description)
    }
  }
}

/// What a worker found out about a file.
enum Finding: Sendable {
  /// It is not there any more.
  case gone
  /// It changed while it was read.
  case unsteady
  /// It is what was certified under this name.
  case same(FileStamp)
  /// It is not what was certified under this name.
  case changed(FileStamp, InspectedFile)
  /// What it gave, certified or not.
  case inspected(FileStamp, InspectedFile)
}

/// A file for a worker.
struct WatchWork: Sendable {
  let number: Int
  let path: String
  /// The digest of what was certified under this name; nil when nothing was.
  let certified: ContentHash?

  func finding(with inspector: Inspector) -> Finding {
    guard let before = FileStamp(of: path) else { return .gone }
    do throws(ReadError) {
      let file = try readSourceFile(path)
      guard FileStamp(of: path) == before else { return .unsteady }
      guard let certified else { return .inspected(before, inspector.inspect(file)) }
      return file.hash == certified
        ? .same(before) : .changed(before, inspector.changed(file))
    } catch {
      guard let after = FileStamp(of: path) else { return .gone }
      return after == before ? .inspected(before, inspector.unread(path: path, error)) : .unsteady
    }
  }
}

extension Inspector {
  /// A file as a failure that holds another measurement than the one that was certified under its name.
  func changed(_ file: SourceFile) -> InspectedFile {
    failed(
      file,
      ReportedFailure(
        source: ReportedSource(
          path: file.name, sha256: file.hash.hexadecimal, bytes: file.bytes.count),
        code: BadFile.changed,
        message:
          "it changed after it was certified; the archive holds what was certified, and the new content is not part of it: "
          + "give every measurement a file of its own"))
  }
}

extension InspectedFile {
  /// The digest of the file's bytes; nil when they could not be read.
  var contentHash: ContentHash? { entries.first?.source.hash }

  /// Whether at least one of its loops gave a result.
  var hasResult: Bool { results.contains { if case .sample = $0 { true } else { false } } }
}
