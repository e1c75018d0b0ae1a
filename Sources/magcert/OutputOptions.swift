// SPDX-License-Identifier: GPL-3.0-or-later
public import ArgumentParser
internal import Inspection
public import Report
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension DisplayUnits: ExpressibleByArgument {}
extension PlotContent: ExpressibleByArgument {}

/// What is printed and written beside the results.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object per loop on standard output and nothing else.")
  var json = false
  @Option(help: "Units for people: si or cgs. JSON is always SI.")
  var units = DisplayUnits.si
  @Flag(help: "Show the uncertainty budget of every quantity.")
  var showBudget = false
  @Flag(
    help: ArgumentHelp(
      "Show every quantity in tables: also Hk95, Hx80, HD2, HD5 and HD10.",
      discussion: """
        Hk, Hk95 and Hx80 are the fields where J is 0.90, 0.95 and 0.80 of Br; HD2, HD5 and HD10 those where J lies \
        2, 5 and 10 % of Br below the recoil line through Br, whose slope muRec gives; SFDwidth is the width of the middle \
        half of the switching fields. JSON and archives always hold them all.
        """))
  var allQuantities = false
  @Flag(help: "Print no tables and no plots; only files that failed, and what --json prints.")
  var quiet = false
  @Flag(help: "Print every loop's full table, also when there are several.")
  var details = false
  @Flag(help: "Use no colour, also on a terminal.")
  var noColor = false
  @OptionGroup var place: ArchiveOptions
  @Option(
    help: ArgumentHelp(
      "Draw the demagnetisation curves; the ending .svg, .pdf or .png chooses the format.",
      valueName: "file.svg"))
  var plot: String?
  @Option(
    help: ArgumentHelp(
      "What --plot draws: demagnetisation, loop, residuals, noise or all.",
      discussion: """
        demagnetisation is J and B in the second quadrant, with the band of their expanded uncertainty for a single \
        loop; loop every sweep; residuals what the fitted curve leaves of the samples; noise its spectrum. Several \
        specimens have a page each in a PDF, but demagnetisation curves lie on top of each other.
        """, valueName: "content"))
  var plotContent = PlotContent.demagnetisation
  @Option(
    help: ArgumentHelp(
      "Write the statistics of the lot as one page for a browser: distributions, control charts, curves, table.",
      discussion: "The page holds all that it shows, asks for nothing on any network, and can be printed.",
      valueName: "file.html"))
  var report: String?
  @Option(help: "How many files are worked on at once; by default as many as there are processors.")
  var workers: Int?

  var usesColour: Bool { !json && magcert.usesColour(noColor: noColor) }
  var showsProgress: Bool { !quiet && magcert.showsProgress() }
}

/// Where results are archived.
struct ArchiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Archive data, corrections and results in HDF5; never overwritten.", valueName: "file.h5"))
  var archive: String?
  @Option(
    help: ArgumentHelp(
      "As --archive, in a file of this folder that is named by lot and time.",
      discussion: """
        The folder is a library: every archive in it names the one that was finished before and holds its digest, so that \
        “magcert archive verify DIR” notices one that was removed, replaced or added. The folder is made when there is none.
        """, valueName: "dir"))
  var library: String?

  /// Where to archive; nil for nowhere.
  ///
  /// With `resumes` the archive of the lot that was left unfinished in the library, where there is one. Throws a usage
  /// error for two places.
  func destination(lot: String?, resumes: Bool = false) throws -> ArchiveDestination? {
    guard archive == nil || library == nil else {
      throw ValidationError("--archive and --library are two places for the same archive; give one")
    }
    guard let library else { return archive.map(ArchiveDestination.init(file:)) }
    var destination: ArchiveDestination?
    try reportingErrors { destination = try ArchiveDestination(library: library, lot: lot, resumes: resumes) }
    return destination
  }
}

/// Whether standard output is a terminal and colour was not refused.
func usesColour(noColor: Bool) -> Bool { !noColor && isatty(STDOUT_FILENO) != 0 }

/// Whether standard error is a terminal.
func showsProgress() -> Bool { isatty(STDERR_FILENO) != 0 }

/// The exit code of a process whose output nobody reads any more, as shells count it.
let unreadExitCode = ExitCode(128 + SIGPIPE)

/// Writes text on standard output; throws exit code 2 when it cannot be written, as on a full disk.
///
/// Where the signal does not end the process, `unreadExitCode` when nobody reads it any more.
func printOut(_ text: String) throws {
  do { _ = try FileDescriptor.standardOutput.writeAll(text.utf8) } catch {
    printError("magcert: standard output cannot be written: \(error)")
    throw (error as? Errno) == .brokenPipe ? unreadExitCode : ExitCode(2)
  }
}

/// Prints a line on standard error.
func printError(_ line: String) { write(line + "\n", to: .standardError) }

/// Overwrites the last line of the terminal on standard error.
func printProgress(_ text: String) { write("\r\u{1B}[K" + text, to: .standardError) }

/// Prints what the user gave wrongly as one sentence, exit code 2.
func reportingErrors(_ body: () throws -> Void) throws {
  do { try body() } catch let error as InputError {
    printError("magcert: \(error)")
    throw ExitCode(2)
  }
}

private func write(_ text: String, to descriptor: FileDescriptor) {
  // Where messages cannot be written there is nobody to tell.
  _ = try? descriptor.writeAll(text.utf8)
}
