// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection

struct ArchiveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract:
      "Looks into archives and libraries, checks that nothing was changed, and takes data out of them.",
    discussion: """
      An archive is the file that --archive or --library writes: raw data, corrections, results and verdicts of a run. A \
      library is a folder of archives, written with --library, in which each archive names the one that was finished before \
      it and holds its digest. Every command takes archives or folders.

      EXAMPLES
        magcert certify lot/*.dat --grade N42SH --lot L17 --library archives
        magcert archive verify archives
        magcert archive query archives --grade N42SH --verdict fail --since 2026-03
        magcert archive export archives --format csv --output results.csv
      """,
    subcommands: [List.self, Show.self, Verify.self, Query.self, Export.self, Reprocess.self, Compact.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the samples of archives, one line each.",
      discussion: """
        EXAMPLES
          magcert archive list L17.h5
          magcert archive list archives --json
        """)
    @Argument(help: "Archives, or folders of them.")
    var archives: [String]
    @Flag(help: "Print each sample's JSON record with its budgets instead.")
    var json = false

    func run() throws {
      var isFirst = true
      try forEachArchive(archives) { open in
        if json {
          try open.forEachRecord { try printOut($0 + "\n") }
        } else {
          try printOut((isFirst ? "" : "\n") + open.listing())
          isFirst = false
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the archived record of samples as JSON.",
      discussion: """
        --raw writes the source file exactly as the instrument wrote it.

        EXAMPLES
          magcert archive show L17.h5 L17-03
          magcert archive show archives L17-03 --raw L17-03.dat
        """)
    @Argument(help: "The archive, or a folder of archives.")
    var archive: String
    @Argument(
      help: "The row, counted from 0, or the name of the sample or its file; every row without it.")
    var sample: String?
    @Flag(help: "One line per record, as it is archived; without it records are indented for reading.")
    var json = false
    @Option(help: ArgumentHelp("Write the sample's source file here.", valueName: "file"))
    var raw: String?

    func run() throws {
      if raw != nil, sample == nil { throw ValidationError("--raw needs one sample; name it or its row") }
      if let raw, fileExists(raw) {
        return try reportingErrors { throw InputError("“\(raw)” exists and is not overwritten") }
      }
      func show(_ record: String) throws { try printOut((json ? record : indentedJSON(record)) + "\n") }
      let isLibrary = isFolder(archive)
      var found = 0
      try forEachArchive([archive]) { open in
        // A row is a place in one archive, and what one of a library does not have another may.
        if isLibrary, let sample, !(try open.has(sample)) { return }
        found += 1
        if let raw, let sample {
          guard found == 1 else { throw InputError("“\(sample)” is in several archives; name one of them") }
          try writeFile(open.sourceBytes(of: sample), to: raw)
        } else if let sample {
          for record in try open.records(of: sample) { try show(record) }
        } else {
          try open.forEachRecord(show)
        }
      }
      guard found == 0, let sample else { return }
      try reportingErrors {
        throw InputError("no archive in “\(archive)” has a sample or a file “\(sample)”")
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recomputes every hash of archives from their contents.",
      discussion: """
        Of a library also the order in which its archives were finished is checked: an archive that was removed, renamed, \
        replaced, added or put elsewhere is named. The last archive and its chain digest are printed; kept elsewhere, they \
        prove later that nothing was cut off at the end.

        EXAMPLES
          magcert archive verify L17.h5
          magcert archive verify archives --json

        EXIT CODES
          0   nothing was changed
          2   something was, with one sentence per fault
        """)
    @Argument(help: "Archives, or folders of them.")
    var archives: [String]
    @Flag(help: "Print one JSON object per archive, and one per folder after its archives.")
    var json = false

    func run() throws {
      var sound = true
      func show(_ archive: ArchiveVerification) throws {
        sound = sound && archive.isSound
        try printOut((json ? archive.jsonLine : archive.text) + "\n")
      }
      try reportingErrors {
        for path in archives {
          guard isFolder(path) else {
            try show(ArchiveVerification(of: path))
            continue
          }
          let library = try LibraryVerification(of: path, show)
          sound = sound && library.isSound
          try printOut((json ? library.jsonLine : library.text) + "\n")
        }
      }
      if !sound { throw ExitCode(2) }
    }
  }
}

/// Opens archives one after the other, also those of folders; one that cannot be read is named, and the others follow.
func forEachArchive(_ paths: [String], _ body: (OpenArchive) throws -> Void) throws {
  var failed = false
  try reportingErrors {
    for path in try archives(at: paths) {
      do { try body(OpenArchive(path)) } catch let error as InputError {
        printError("magcert: \(error)")
        failed = true
      }
    }
  }
  if failed { throw ExitCode(2) }
}
