// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Foundation
internal import Inspection

extension ArchiveCommand {
  struct Reprocess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Computes archived results again from the archived files with this version, and lists differences.",
      discussion: """
        Every row is read, analysed and judged again as it was asked for then: driver, specimen, branch, columns, \
        demagnetisation, setup, empty shot, profile, rule, grade and limits are in the archive. A row is “not comparable” \
        where something is not in it: a budget or a grade table of your own (give them with --budget and --table), a blank \
        measurement, coefficients of a reduction, several rates, and all rows of archives of schema 4 and before.

        EXAMPLES
          magcert archive reprocess L17.h5
          magcert archive reprocess archives --tolerance 1e-4 --json

        EXIT CODES
          0   nothing that could be computed differs
          1   a value or a verdict differs
          2   an archive cannot be read
        """)
    @Argument(help: "Archives, or folders of them.")
    var archives: [String]
    @Option(help: "The difference that still counts as the same, as a part of the value; it needs no unit.")
    var tolerance = 1e-6
    @Option(
      help: ArgumentHelp("The Type B budget of rows that rest on one of yours.", valueName: "file.toml"))
    var budget: String?
    @Option(
      help: ArgumentHelp("The grade table of rows that were judged by one of yours.", valueName: "file.toml"))
    var table: String?
    @Option(help: "How many rows are worked on at once; by default as many as there are processors.")
    var workers: Int?
    @Flag(help: "Print one JSON object per row instead, also for rows that are as archived.")
    var json = false

    func run() async throws {
      let workers = workers ?? ProcessInfo.processInfo.activeProcessorCount
      guard workers > 0 else { throw ValidationError("--workers \(workers) is less than 1") }
      guard tolerance >= 0, tolerance.isFinite else {
        throw ValidationError("--tolerance \(tolerance) is no part of a value, such as 1e-6")
      }
      var (isSame, isReadable) = (true, true)
      var paths: [String] = []
      try reportingErrors { paths = try Inspection.archives(at: archives) }
      for path in paths {
        do {
          let reprocessing = try Reprocessing(path, tolerance: tolerance, budget: budget, table: table)
          let counts = try await reprocessing.run(workers: workers) { row in
            if json {
              try printOut(row.jsonLine + "\n")
            } else if let text = row.text {
              try printOut(text + "\n")
            }
          }
          isSame = isSame && counts.different == 0
          if !json {
            try printOut(
              "\(reprocessing.heading): \(counts.same) rows as archived, \(counts.different) different, "
                + "\(counts.notComparable) not comparable\n")
          }
        } catch let error as InputError {
          printError("magcert: \(error)")
          isReadable = false
        }
      }
      guard isReadable else { throw ExitCode(2) }
      if !isSame { throw ExitCode(1) }
    }
  }

  struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a compressed copy of an archive; the archive itself stays as it is.",
      discussion: """
        The copy has the same rows and the same chain digest, and every program with HDF5 reads it. It is checked from the \
        first to the last byte, as by “magcert archive verify”, before it gets its name. An archive that is not finished or \
        in which something was changed is not copied. Keep the copy outside of the library, where it would be a stranger.

        EXAMPLES
          magcert archive compact L17.h5 --output compact/L17.h5
        """)
    @Argument(help: "The archive.")
    var archive: String
    @Option(help: ArgumentHelp("The copy; never overwritten.", valueName: "file.h5"))
    var output: String

    func run() throws {
      try reportingErrors {
        let sizes = try compactArchive(archive, to: output)
        printError("\(output): \(sizes.copy) bytes of \(sizes.original)")
      }
    }
  }
}
