// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection

struct ArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Looks into an archive and checks that nothing in it was changed.",
    subcommands: [List.self, Show.self, Verify.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the samples of an archive, one line each.")
    @Argument(help: "The archive.")
    var archive: String
    @Flag(help: "Print each sample's archived JSON record instead.")
    var json = false

    func run() throws {
      try reportingErrors {
        let open = try OpenArchive(archive)
        if json {
          for record in try open.records() { try printOut(record + "\n") }
        } else {
          try printOut(try open.listing())
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the archived record of samples as JSON.",
      discussion: "--raw writes the source file exactly as the instrument wrote it.")
    @Argument(help: "The archive.")
    var archive: String
    @Argument(help: "The row, counted from 0, or the sample's name; every row without it.")
    var sample: String?
    @Flag(help: "One line per record, as it is archived; without it records are indented for reading.")
    var json = false
    @Option(help: ArgumentHelp("Write the sample's source file here.", valueName: "file"))
    var raw: String?

    func run() throws {
      try reportingErrors {
        let open = try OpenArchive(archive)
        if let raw {
          guard let sample else { throw ValidationError("--raw needs one sample; name it or its row") }
          guard !fileExists(raw) else { throw InputError("“\(raw)” exists and is not overwritten") }
          try writeFile(open.sourceBytes(of: sample), to: raw)
        } else {
          for record in try sample.map(open.records(of:)) ?? open.records() {
            try printOut((json ? record : indentedJSON(record)) + "\n")
          }
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recomputes every hash of an archive from its contents.",
      discussion: "Exit code 0 when nothing was changed, 2 with one sentence per fault otherwise.")
    @Argument(help: "The archives.")
    var archives: [String]
    @Flag(help: "Print one JSON object per archive.")
    var json = false

    func run() throws {
      var sound = true
      for archive in archives {
        let verification = ArchiveVerification(of: archive)
        sound = sound && verification.isSound
        try printOut((json ? verification.jsonLine : verification.text) + "\n")
      }
      if !sound { throw ExitCode(2) }
    }
  }
}
