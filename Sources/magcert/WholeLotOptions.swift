// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Foundation
internal import Inspection
internal import Report

/// What a run over a whole lot needs, whether the files are there already or come one by one.
struct WholeLotOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Of folders take the files whose name fits; * stands for any characters, ? for one."))
  var match = "*"
  @OptionGroup var place: ArchiveOptions
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

  var workerCount: Int { workers ?? ProcessInfo.processInfo.activeProcessorCount }

  /// What is to be done with every file; throws a usage error for what cannot be meant.
  func request() throws -> InspectionRequest {
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
    return request
  }

  /// Where to archive; throws a usage error when nothing is said about it.
  func destination(resumes: Bool, for command: String) throws -> ArchiveDestination {
    guard let destination = try place.destination(lot: sample.lot, resumes: resumes) else {
      throw ValidationError("\(command) archives what it measures: give --archive FILE or --library FOLDER")
    }
    return destination
  }
}

/// A lot while its pieces are recorded: what each gave is printed, and in the end what they say together.
struct LotRun {
  private let options: WholeLotOptions
  private(set) var tally: LotTally
  private var page: LotPage?
  /// What the pieces say together, and its line of JSON; nil before the lot is closed.
  private var closing: (report: LotReport, line: String)?

  /// An empty lot that is judged as `request` says.
  init(_ options: WholeLotOptions, _ request: InspectionRequest) throws {
    self.options = options
    tally = LotTally(
      lot: options.sample.lot, judgedBy: request,
      planned: try options.lot.planned(grade: request.grade?.name, table: request.judge?.table.id))
    page = options.report == nil ? nil : LotPage(lot: options.sample.lot, units: options.units)
  }

  /// Closes the lot, to which no piece is added any more; returns its line of JSON.
  mutating func close() -> String {
    let report = tally.report
    let line = report.jsonLine()
    closing = (report, line)
    return line
  }

  /// Counts what a file gave and prints it.
  ///
  /// Without `repeats` nothing is said of what people were told before: of archived files, and of bad ones.
  mutating func record(
    _ outcome: BatchOutcome, repeats: Bool = true, _ progress: borrowing RunProgress
  ) throws {
    switch outcome {
    case .inspected(let file):
      // All is counted before any of it is printed, which may be read by nobody.
      for result in file.results {
        tally.add(result)
        switch result {
        case .sample(let sample): page?.add(sample)
        case .failure(let failure): page?.add(failure)
        }
      }
      for (result, line) in zip(file.results, file.lines) {
        if options.json { try printOut(line + "\n") }
        try show(result, saysFailure: repeats || file.results.count > 1, progress)
      }
    case .archived(_, let records):
      for record in records {
        let piece = try tally.add(record: record)
        page?.add(piece)
        if options.json, repeats { try printOut(record + "\n") }
      }
    }
  }

  private func show(
    _ result: Inspected, saysFailure: Bool, _ progress: borrowing RunProgress
  ) throws {
    switch result {
    case .failure(let failure):
      if saysFailure { progress.remark(failure.terminalLine(colour: false)) }
    case .sample(let sample):
      guard !options.json, !options.quiet, let verdict = sample.verdict, !verdict.result.conforms else {
        return
      }
      progress.clear()
      try printOut(sample.lotLine(units: options.units) + "\n")
    }
  }

  /// Prints the lot, which is closed, and writes its page; throws the exit code unless it is 0.
  func conclude(archive: ArchiveDestination) throws {
    guard let (report, line) = closing else { preconditionFailure("the lot is not closed") }
    if let page, let path = options.report {
      try writeLotPage(page, report: report, archive: archive.path, to: path)
    }
    do {
      if options.json {
        try printOut(line + "\n")
      } else if !options.quiet {
        try printOut(report.text(units: options.units, colour: usesColour(noColor: options.noColor)))
      }
    } catch let code as ExitCode where code == unreadExitCode {
      // The lot is closed whether anyone reads of it or not.
    }
    switch (tally.outcome, report.verdict?.result) {
    case (.undecided, _), (_, .undetermined): throw ExitCode(2)
    case (.nonconforming, _), (_, .rejected): throw ExitCode(1)
    case (.conforming, _): break
    }
  }
}
