// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Dispatch
internal import Foundation
internal import Inspection
internal import Report
internal import Synchronization

struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Certifies the files of a whole lot, unattended, into one archive.",
    discussion: """
      Files are worked on in the order given, those of a folder in the order of their names with numbers as numbers. Each \
      gives one line of JSON with --json, and a line of text otherwise only when it does not conform or cannot be read; \
      the lot with its counts, its verdict under a sampling plan and its statistics comes last.

      Ctrl-C finishes the files that are in work and leaves FILE.partial, which can be read as it is. After that, after \
      a crash or a power failure, the same command with --resume goes on: files that are archived already, by name and \
      content, are not measured again. A finished archive is never opened for writing.

      EXAMPLES
        magcert batch measurements/ --lot L17 --grade N42SH --archive L17.h5
        magcert batch measurements/ --match '*.dat' --lot L17 --grade N42SH --archive L17.h5 --json > L17.jsonl
        magcert batch measurements/ --lot L17 --grade N42SH --archive L17.h5 --resume

      EXIT CODES
        0  every piece conforms, and the lot is accepted when there is a plan
        1  a piece does not conform, or the lot is rejected
        2  a file could not be read or judged, or the run was stopped
      """)

  @Argument(help: "Instrument files, and folders with them.")
  var paths: [String]
  @Option(
    help: ArgumentHelp("Of folders take the files whose name fits; * stands for any characters, ? for one."))
  var match = "*"
  @OptionGroup var place: ArchiveOptions
  @ArgumentParser.Flag(
    help: "Go on with the archive that a run left unfinished; begin it when there is none.")
  var resume = false
  @Option(
    help: ArgumentHelp(
      "Write the statistics of the lot as one page of HTML that needs nothing else.", valueName: "file.html"))
  var report: String?
  @OptionGroup(title: "Judgement") var judgement: JudgementOptions
  @OptionGroup(title: "Lot") var lot: LotOptions
  @OptionGroup(title: "Specimen") var sample: SampleOptions
  @OptionGroup(title: "Analysis") var analysis: AnalysisOptions
  @OptionGroup(title: "Reduction to a reference temperature") var reduction: ReductionOptions
  @ArgumentParser.Flag(
    help: "Print one JSON object per loop and one for the lot on standard output and nothing else.")
  var json = false
  @Option(help: "Units for people: si or cgs. JSON is always SI.")
  var units = DisplayUnits.si
  @ArgumentParser.Flag(help: "Print neither progress nor text; only what --json prints and errors.")
  var quiet = false
  @ArgumentParser.Flag(help: "Use no colour, also on a terminal.")
  var noColor = false
  @Option(help: "How many files are worked on at once; by default as many as there are processors.")
  var workers: Int?

  func run() async throws {
    var request = InspectionRequest()
    try sample.apply(to: &request)
    try analysis.apply(to: &request)
    try reduction.apply(to: &request)
    try judgement.apply(to: &request)
    guard workers.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--workers \(workers ?? 0) is less than 1")
    }
    guard !request.combinesRates, request.monteCarlo == nil, request.emptyShots.isEmpty else {
      throw ValidationError(
        "--pulse-rates, --monte-carlo and empty shots belong to single pieces: use analyze or certify")
    }
    if let report, !report.lowercased().hasSuffix(".html") {
      throw ValidationError("--report “\(report)” does not end in .html")
    }
    guard let destination = try place.destination(lot: sample.lot, resumes: resume) else {
      throw ValidationError("batch archives what it measures: give --archive FILE or --library FOLDER")
    }
    let planned = try lot.planned(grade: request.grade?.name, table: request.judge?.table.id)
    do {
      try await certify(try batchFiles(paths, matching: match), request, planned, destination)
    } catch let error as InputError {
      printError("magcert: \(error)")
      throw ExitCode(2)
    }
  }

  private func certify(
    _ files: [String], _ request: InspectionRequest, _ planned: PlannedLot?, _ destination: ArchiveDestination
  ) async throws {
    let batch = Batch(
      files, with: try Inspector(request), workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
      archive: destination, lot: sample.lot, resumes: resume)
    var tally = LotTally(lot: sample.lot, judgedBy: request)
    var page = self.report == nil ? nil : LotPage(lot: sample.lot, units: units)
    var progress = BatchProgress(total: files.count, isShown: !quiet)
    let interruption = Interruption()
    defer { progress.clear() }
    let isComplete = try await batch.run {
      interruption.isAsked
    } lotRecord: {
      tally.report(planned).jsonLine()
    } record: { outcome in
      switch outcome {
      case .inspected(let file):
        for result in file.results {
          tally.add(result)
          switch result {
          case .sample(let sample): page?.add(sample)
          case .failure(let failure): page?.add(failure)
          }
          try show(result, &progress)
        }
      case .archived(_, let records):
        for record in records {
          let piece = try tally.add(record: record)
          page?.add(piece)
          if json { try printOut(record + "\n") }
        }
        progress.passedOver += 1
      }
      progress.add(tally.summary)
    }
    progress.clear()
    guard isComplete else {
      printError(
        "magcert: stopped after \(progress.done) of \(files.count) files; \(destination.path).partial holds them, and the same "
          + "command with --resume goes on")
      throw ExitCode(2)
    }
    let report = tally.report(planned)
    if json {
      try printOut(report.jsonLine() + "\n")
    } else if !quiet {
      try printOut(report.text(units: units, colour: usesColour(noColor: noColor)))
    }
    if let page, let path = self.report {
      try writeLotPage(page, report: report, archive: destination.path, to: path)
    }
    switch (tally.outcome, report.verdict?.result) {
    case (.undecided, _), (_, .undetermined): throw ExitCode(2)
    case (.nonconforming, _), (_, .rejected): throw ExitCode(1)
    case (.conforming, _): break
    }
  }

  private func show(_ result: Inspected, _ progress: inout BatchProgress) throws {
    if json { try printOut(result.jsonLine(showBudget: false) + "\n") }
    switch result {
    case .failure(let failure):
      progress.clear()
      printError(failure.terminalLine(colour: false))
    case .sample(let sample):
      guard !json, !quiet, let verdict = sample.verdict, !verdict.result.conforms else { return }
      progress.clear()
      try printOut(sample.lotLine(units: units) + "\n")
    }
  }
}

/// Whether the user asked the run to end; the second time the process ends at once.
private struct Interruption {
  private final class Question: Sendable {
    let isAsked = Atomic(false)
  }

  private let question = Question()
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM].map { number in
      _ = signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [question] in
        // Without the cleaning up of HDF5, which another thread may be in the middle of.
        if question.isAsked.exchange(true, ordering: .relaxed) { _exit(2) }
        printError("\nfinishing the files in work; once more to give them up")
      }
      source.resume()
    }
  }

  var isAsked: Bool { question.isAsked.load(ordering: .relaxed) }
}

/// How far a batch is: a line that is overwritten on a terminal, a line a minute elsewhere.
struct BatchProgress {
  private let total: Int
  private let isShown: Bool
  private let isTerminal = showsProgress()
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now
  private(set) var done = 0
  /// How many files were archived already.
  var passedOver = 0

  init(total: Int, isShown: Bool) {
    self.total = total
    self.isShown = isShown
  }

  /// Counts a file and says so when it is time.
  mutating func add(_ summary: LotSummary) {
    done += 1
    let now = ContinuousClock.now
    guard isShown, now - shown >= (isTerminal ? .milliseconds(200) : .seconds(60)) else { return }
    shown = now
    let seconds = max((now - start) / .seconds(1), 1e-3)
    let rate = Double(done - passedOver) / seconds
    let left = rate > 0 ? Int((Double(total - done) / rate).rounded(.up)) : 0
    let line =
      "\(done) of \(total) files, \(Int(rate.rounded())) a second, \(left) s left; \(summary.progressWords)"
    if isTerminal { printProgress(line) } else { printError(line) }
  }

  /// Clears the line on a terminal.
  func clear() { if isShown, isTerminal { printProgress("") } }
}
