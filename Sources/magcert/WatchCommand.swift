// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Foundation
internal import Inspection
internal import Quantities
internal import Report

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Certifies each file of a lot as soon as the instrument has finished writing it.",
    discussion: """
      Watches folders with all folders in them, and archives in the order in which files are finished; files that are \
      there already come first, in the order of batch. A file is finished when it was closed after writing, or renamed or \
      moved here, and stays the same for the time of --after-closing; where that cannot be noticed, as on a network \
      share, when it has not changed for the time of --settle. Hidden files, archives, and names that end in .tmp, .temp, \
      .part, .partial or ~ wait until they are renamed. Every measurement needs a file of its own: what is written \
      into a file after it was certified is not certified, and makes the file a bad one.

      A file that gives no result holds nothing up. It is listed in --bad and tried again when it changes; what is bad \
      still when the lot is closed counts as a file without a result.

      The lot is closed, with its verdict and its statistics, by --pieces, by --idle or by SIGUSR1; or “magcert batch” \
      with the same options and --resume closes it. Ctrl-C or SIGTERM finishes the files in work and leaves \
      FILE.partial; the same command goes on from there, as after a crash or a power failure: what is archived, by name \
      and content, is not measured again.

      --status is JSON of the form magcert.watch/1, replaced as a whole when something changed and every ten seconds: \
      state (watching, closing, stopped, failed, complete), pid, started, updated, counts, waiting, inWork, lastFile, \
      lastError and more. --bad has a line of JSON for each bad file, of the form magcert.bad/1: time, path, code, \
      message, sha256.

      EXAMPLES
        magcert watch measurements/ --lot L17 --grade N42SH --archive L17.h5
        magcert watch measurements/ --match '*.dat' --lot L17 --grade N42SH --archive L17.h5 --pieces 200 --json
        magcert watch /mnt/vsm --lot L17 --grade N42SH --library archives --idle 30min --report L17.html
        kill -USR1 $(jq .pid L17.h5.status.json)

      EXIT CODES
        0  the lot is closed, every piece conforms, and the lot is accepted when there is a plan
        1  the lot is closed, and a piece does not conform or the lot is rejected
        2  the lot is closed, and a file could not be read or judged; or the watch could not go on, as on a full disk
        130 or 143  the watch was stopped by SIGINT or SIGTERM, and nothing is decided; 141 the same when nobody \
      reads what it prints
      """)

  @Argument(help: "Folders that instruments write into.")
  var folders: [String]
  @OptionGroup(title: "Watching") var watching: WatchOptions
  @OptionGroup var options: WholeLotOptions

  func run() async throws {
    // First of all: a signal that comes before would end the process at once.
    let interruption = Interruption(closing: true)
    // Who reads no more has the watch stopped, which is to be written down.
    _ = signal(SIGPIPE, SIG_IGN)
    let request = try options.request()
    let plan = try watching.plan()
    let destination = try options.destination(resumes: true, for: "watch")
    let lot = try LotRun(options, request)
    do {
      try await certify(request, plan, lot, destination, interruption)
    } catch let error as InputError {
      printError("magcert: \(error)")
      throw ExitCode(2)
    }
  }

  private func certify(
    _ request: InspectionRequest, _ plan: Watch.Plan, _ empty: LotRun, _ destination: ArchiveDestination,
    _ interruption: Interruption
  ) async throws {
    let statusPath = watching.status ?? destination.path + ".status.json"
    let watch = try Watch(
      folders, matching: options.match, with: try Inspector(request), workers: options.workerCount,
      archive: destination, lot: options.sample.lot, plan: plan,
      badList: watching.bad ?? destination.path + ".bad.jsonl",
      own: [statusPath, options.report].compactMap(\.self))
    var lot = empty
    var standing = WatchProgress()
    var status = WatchStatusFile(
      statusPath, lot: options.sample.lot, folders: folders, archive: destination.path)
    var progress = RunProgress(isShown: !options.quiet, isRateRecent: true)
    var saysThatStatusFails = false
    var isUnread = false
    var before: Int?
    defer { progress.clear() }
    func note(_ problem: String? = nil) {
      do throws(InputError) {
        try status.update(standing, lot.tally.summary, problem: problem)
        saysThatStatusFails = false
      } catch {
        if !saysThatStatusFails { progress.remark("magcert: \(error)") }
        saysThatStatusFails = true
      }
    }
    do {
      let ending = try await watch.run {
        interruption.isAsked || isUnread ? .stop : interruption.isClosingAsked ? .close : nil
      } lotRecord: {
        lot.close()
      } progress: { now in
        standing = now
        note()
        let already = before ?? now.certified
        before = already
        progress.show(done: now.certified - already) { rate in
          let words = lot.tally.summary.progressWords
          return
            "\(now.certified) files, \(Int(rate.rounded())) a second, \(now.waiting) waiting, \(now.bad) bad"
            + (words.isEmpty ? "" : "; " + words)
        }
      } record: { outcome in
        switch outcome {
        case .counted(let outcome):
          do { try lot.record(outcome, repeats: false, progress) } catch let code as ExitCode
            where code == unreadExitCode
          { isUnread = true }
        case .bad(let file): progress.remark("\(file.path): \(file.message)")
        case .remark(let sentence): progress.remark("magcert: \(sentence)")
        }
      }
      progress.clear()
      switch ending {
      case .stop:
        printError(
          "magcert: stopped after \(standing.certified) files; \(destination.path).partial holds them, and the same "
            + "command goes on")
        throw interruption.exitCode ?? unreadExitCode
      case .close: try lot.conclude(archive: destination)
      }
    } catch {
      // Without an archive there is nothing that would have a status.
      if before != nil, standing.state != .complete, standing.state != .stopped {
        standing = standing.failed
        note((error as? InputError)?.description ?? "what was certified cannot be printed")
      }
      throw error
    }
  }
}

/// How files are noticed, and when the lot is closed.
struct WatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long a file has to stay the same to be finished where its closing cannot be noticed, such as 2s.",
      discussion:
        "A file without a result is tried again when this time is over, in case it was not finished.",
      valueName: "time"))
  var settle = "2s"
  @Option(
    help: ArgumentHelp(
      "How long a file has to stay the same after it was closed.",
      discussion: "Longer than the pause between two rows for an instrument that closes its file after each.",
      valueName: "time"))
  var afterClosing = "100ms"
  @Option(
    help: ArgumentHelp(
      "How long a file has to stay the same to be finished although its writer has it open still.",
      discussion:
        "For programs that close a file only when they begin the next; by default every file has to be closed.",
      valueName: "time"))
  var leftOpen: String?
  @Option(
    help: ArgumentHelp(
      "Look through the folders this often instead of relying on notices of the system.",
      discussion:
        "By default every second where notices cannot be had or relied on, and every 10 s elsewhere.",
      valueName: "time"))
  var poll: String?
  @Option(
    help: ArgumentHelp("Close the lot when so many files gave a result.", valueName: "number"))
  var pieces: Int?
  @Option(
    help: ArgumentHelp(
      "Close the lot when no file came for so long after the last, such as 30min.", valueName: "time"))
  var idle: String?
  @Option(
    help: ArgumentHelp(
      "Where to say how things stand; by default beside the archive, <archive>.status.json.",
      valueName: "file.json"))
  var status: String?
  @Option(
    help: ArgumentHelp(
      "The list of bad files; by default beside the archive, <archive>.bad.jsonl.", valueName: "file.jsonl"))
  var bad: String?

  func plan() throws -> Watch.Plan {
    var plan = Watch.Plan()
    plan.timing.settling = try duration(settle, "--settle")
    plan.timing.afterClosing = try duration(afterClosing, "--after-closing")
    plan.timing.leftOpen = try leftOpen.map { try duration($0, "--left-open") }
    plan.pollInterval = try poll.map { try duration($0, "--poll") }
    plan.idle = try idle.map { try duration($0, "--idle") }
    if let pieces, pieces < 1 { throw ValidationError("--pieces \(pieces) is less than 1") }
    plan.pieces = pieces
    return plan
  }

  private func duration(_ text: String, _ option: String) throws -> Duration {
    // A year is as good as never, and far from what a count of ticks can hold.
    guard let number = NumberWithUnit(text, dimension: .time), number.si >= 0.01, number.si <= 366 * 86_400
    else {
      throw ValidationError(
        "\(option) “\(text)” is not a time of 10 ms or more with a unit, such as 2s or 30min")
    }
    return .seconds(number.si)
  }
}
