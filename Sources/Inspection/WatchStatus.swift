// SPDX-License-Identifier: GPL-3.0-or-later
internal import Certification
internal import FoundationEssentials
public import Report

/// How a watch stands.
public struct WatchProgress: Hashable, Sendable {
  /// What it is doing.
  public enum State: String, Codable, Hashable, Sendable {
    /// It waits for files and certifies them.
    case watching
    /// It finishes what has come, and then closes the lot.
    case closing
    /// It was stopped, and can be gone on with.
    case stopped
    /// It could not go on.
    case failed
    /// The lot is closed and its archive complete.
    case complete
  }

  /// What happened to a file last.
  public struct Last: Hashable, Codable, Sendable {
    /// Its path.
    public let path: String
    /// When, UTC, as ISO 8601.
    public let time: String
  }

  /// What it is doing.
  public internal(set) var state = State.watching
  /// How many files gave a result.
  public internal(set) var certified = 0
  /// How many files are bad as they are now.
  public internal(set) var bad = 0
  /// How many files came and are not begun: some are being written, some wait for a worker.
  public internal(set) var waiting = 0
  /// How many files are being worked on.
  public internal(set) var inWork = 0
  /// The file that gave a result last.
  public internal(set) var lastFile: Last?
  /// The file that was found bad last.
  public internal(set) var lastBad: BadFile?
  /// Why new files are looked for all the time instead of being noticed; nil when they are noticed.
  public internal(set) var blindness: String?
  /// Folders that cannot be read now, and why.
  public internal(set) var unreadable: [String: String] = [:]

  /// Nothing has come.
  public init() {}

  /// The same of a watch that could not go on.
  public var failed: WatchProgress {
    var copy = self
    copy.state = .failed
    return copy
  }
}

/// The file that tells other programs how a watch stands, replaced as a whole at most four times a second.
public struct WatchStatusFile {
  /// The name of the form of the file.
  public static let schema = "magcert.watch/1"
  private static let leastPause = Duration.milliseconds(250)
  private static let longestPause = Duration.seconds(10)

  private struct Content: Encodable {
    let schema = WatchStatusFile.schema
    let state: WatchProgress.State
    let pid: Int32
    let started: String
    let updated: String
    let lot: String?
    let folders: [String]
    let archive: String
    let counts: [String: Int]
    let waiting: Int
    let inWork: Int
    let lastFile: WatchProgress.Last?
    let lastError: BadFile?
    let looking: String?
    let unreadable: [String: String]
    let problem: String?
  }

  /// Where it is.
  public let path: String
  private let lot: String?
  private let folders: [String]
  private let archive: String
  private let started = currentTime()
  private var written: (progress: WatchProgress, at: ContinuousClock.Instant)?

  /// A file of this path about a watch on folders.
  public init(_ path: String, lot: String?, folders: [String], archive: String) {
    self.path = path
    self.lot = lot
    self.folders = folders
    self.archive = archive
  }

  /// Writes the file when it is time: soon after a change, and every ten seconds.
  ///
  /// `problem` says in one sentence why the watch ended, and has it written at once; so does a state other than
  /// watching. Throws one sentence when the file cannot be written.
  public mutating func update(
    _ progress: WatchProgress, _ summary: LotSummary, problem: String? = nil
  ) throws(InputError) {
    let now = ContinuousClock.now
    if let written, problem == nil, written.progress.state == progress.state {
      let pause = written.progress == progress ? Self.longestPause : Self.leastPause
      guard now - written.at >= pause else { return }
    }
    written = (progress, now)
    let content = Content(
      state: progress.state, pid: ProcessInfo.processInfo.processIdentifier, started: started,
      updated: currentTime(), lot: lot, folders: folders, archive: archive,
      counts: Self.counts(progress, summary), waiting: progress.waiting, inWork: progress.inWork,
      lastFile: progress.lastFile, lastError: progress.lastBad, looking: progress.blindness,
      unreadable: progress.unreadable, problem: problem)
    try writeFile(Array((jsonText(content) + "\n").utf8), to: path)
  }

  private static func counts(_ progress: WatchProgress, _ summary: LotSummary) -> [String: Int] {
    var counts = ["files": progress.certified, "bad": progress.bad, "pieces": summary.total]
    for (result, count) in summary.counts { counts[result.rawValue] = count }
    return counts
  }
}
