// SPDX-License-Identifier: GPL-3.0-or-later
public import ArgumentParser
public import Inspection

extension ArchiveCommand {
  struct Query: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the samples of archives that meet conditions, one line each.",
      discussion: """
        Everything that is asked has to be met; of several --verdict one. Quantities are Br, HcB, HcJ, BHmax, Hk, \
        squareness, muRec and the others that --json shows; a value without a unit is in SI (T, A/m, J/m3), and a sample \
        without that quantity does not match. Times are compared with the time of measuring that the file states (local \
        time), else with the time at which the archive was begun (UTC).

        EXAMPLES
          magcert archive query archives --lot L17 --verdict fail --verdict conditional-fail
          magcert archive query archives --grade N42SH --where 'HcJ>=1592e3' --where 'Br<1.29T'
          magcert archive query archives --since 2026-03-01 --until 2026-03-31 --json
        """)
    @Argument(help: "Archives, or folders of them.")
    var archives: [String]
    @Option(help: "The lot.")
    var lot: String?
    @Option(help: "The grade against which was judged.")
    var grade: String?
    @Option(
      help: "The verdict: pass, conditional-pass, conditional-fail, fail or undetermined; may be repeated.")
    var verdict: [String] = []
    @Option(help: ArgumentHelp("Not before this time, such as 2026-03-01 or 2026-03.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Not after this time; 2026-03 takes the whole month.", valueName: "time"))
    var until: String?
    @Option(
      name: .customLong("where"),
      help: ArgumentHelp(
        "A limit on a value with >=, <=, >, <, = or !=, such as 'HcJ>=1592e3'; may be repeated.",
        valueName: "condition"))
    var conditions: [String] = []
    @Flag(help: "Print each sample's JSON record with its budgets instead.")
    var json = false

    func run() throws {
      var query: ArchiveQuery?
      try asUsage {
        query = try ArchiveQuery(
          lot: lot, grade: grade, verdicts: verdict, since: since, until: until, conditions: conditions)
      }
      guard let query else { return }
      var rows = [ArchivedRow.listHeader]
      var (total, opened) = (0, 0)
      defer {
        if !json {
          printError("\(rows.count - 1) of \(total) rows in \(opened) archive\(opened == 1 ? "" : "s") match")
        }
      }
      var outcome: Result<Void, any Error> = .success(())
      do {
        try forEachArchive(archives) { open in
          (total, opened) = (total + open.count, opened + 1)
          try open.forEachRow(matching: query) { row in
            if json { try printOut(row.record() + "\n") } else { rows.append(row.cells) }
          }
        }
      } catch { outcome = .failure(error) }
      if !json, rows.count > 1 { try printOut(columns(rows)) }
      try outcome.get()
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes samples of archives to a file for other programs.",
      discussion: """
        csv    one line per sample: what names it, the verdict, and every quantity with its standard uncertainty u and its \
        expanded uncertainty U; the unit is in the name of the column. A text that a spreadsheet would take for a formula \
        has an apostrophe before it.
        jsonl  the JSON records with their budgets, and after the samples of a lot the verdict on it.
        nexus  one sample as a NeXus file, with its loop J over the internal field H, that plots in any viewer.

        A file that exists is never overwritten.

        EXAMPLES
          magcert archive export archives --format csv --output results.csv
          magcert archive export L17.h5 --format jsonl --sample L17-03 --output L17-03.jsonl
          magcert archive export L17.h5 --format nexus --sample L17-03 --output L17-03.nxs
        """)
    @Argument(help: "Archives, or folders of them.")
    var archives: [String]
    @Option(help: "csv, jsonl or nexus.")
    var format: ExportFormat
    @Option(help: ArgumentHelp("The new file.", valueName: "file"))
    var output: String
    @Option(
      help:
        "Only the rows of the sample, or of the file, with this name; for nexus also the row of one archive.")
    var sample: String?
    @Flag(help: "Do not say how much was written.")
    var quiet = false

    func run() throws {
      try reportingErrors {
        let paths = try Inspection.archives(at: archives)
        let count = try exportArchives(paths, format: format, sample: sample, to: output)
        if !quiet { printError("\(output): \(count) row\(count == 1 ? "" : "s")") }
      }
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
