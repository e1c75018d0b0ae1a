// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection
internal import Report

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
  @ArgumentParser.Flag(
    help: "Go on with the archive that a run left unfinished; begin it when there is none.")
  var resume = false
  @OptionGroup var options: WholeLotOptions

  func run() async throws {
    let request = try options.request()
    let destination = try options.destination(resumes: resume, for: "batch")
    let lot = try LotRun(options, request)
    do {
      try await certify(try batchFiles(paths, matching: options.match), request, lot, destination)
    } catch let error as InputError {
      printError("magcert: \(error)")
      throw ExitCode(2)
    }
  }

  private func certify(
    _ files: [String], _ request: InspectionRequest, _ empty: LotRun, _ destination: ArchiveDestination
  ) async throws {
    let batch = Batch(
      files, with: try Inspector(request), workers: options.workerCount, archive: destination,
      lot: options.sample.lot, resumes: resume)
    var lot = empty
    var progress = RunProgress(isShown: !options.quiet)
    var (done, passedOver) = (0, 0)
    let interruption = Interruption()
    defer { progress.clear() }
    let isComplete = try await batch.run {
      interruption.isAsked
    } lotRecord: {
      lot.close()
    } record: { outcome in
      try lot.record(outcome, progress)
      if case .archived = outcome { passedOver += 1 }
      done += 1
      progress.show(done: done - passedOver) { rate in
        let left = rate > 0 ? Int((Double(files.count - done) / rate).rounded(.up)) : 0
        return "\(done) of \(files.count) files, \(Int(rate.rounded())) a second, \(left) s left; "
          + lot.tally.summary.progressWords
      }
    }
    progress.clear()
    guard isComplete else {
      printError(
        "magcert: stopped after \(done) of \(files.count) files; \(destination.path).partial holds them, and the same "
          + "command with --resume goes on")
      throw ExitCode(2)
    }
    try lot.conclude(archive: destination)
  }
}
