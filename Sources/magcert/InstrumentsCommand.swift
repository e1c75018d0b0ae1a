// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection
internal import Measurements

struct InstrumentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instruments", abstract: "Lists the drivers, and says which one claims a file and why.",
    subcommands: [List.self, Identify.self, Profile.self, Profiles.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the drivers.")
    @Flag(help: "Print one JSON object per driver.")
    var json = false

    func run() throws { try printOut(instrumentListing(json: json)) }
  }

  struct Identify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says which driver claims each file, and why.",
      discussion: "Exit code 0 when every file has one owner, 2 otherwise.")
    @Argument(help: "Instrument files.")
    var files: [String]
    @Flag(help: "Print one JSON object per file.")
    var json = false

    func run() throws {
      var everyFileIsOwned = true
      for file in files {
        do {
          let identified = try identify(file)
          everyFileIsOwned = everyFileIsOwned && identified.owner != nil
          try printOut(json ? identified.jsonLine : identified.text)
        } catch let error as ReadError {
          everyFileIsOwned = false
          printError("magcert: \(file): \(error.description)")
        }
      }
      if !everyFileIsOwned { throw ExitCode(2) }
    }
  }

  struct Profile: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Proposes a profile for text that no driver knows.",
      discussion: """
        Prints TOML to save, correct and read with --profile. What nothing in the file tells is "?", and a profile \
        with one is refused. Exit code 2 when there is no table of numbers.
        """)
    @Argument(help: "A file with a table of numbers.")
    var file: String

    func run() throws {
      do {
        let (text, open) = try proposeProfile(file)
        try printOut(text)
        for gap in open { printError("magcert: to be filled in: \(gap)") }
      } catch let error as ReadError {
        printError("magcert: \(file): \(error.description)")
        throw ExitCode(2)
      }
    }
  }

  struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the example profiles that --profile knows by name, or prints one to copy.")
    @Argument(help: "The id of a profile to print.")
    var id: String?

    func run() throws {
      try asUsage { try printOut(id.map { id in try shippedProfileText(id) } ?? profileListing()) }
    }
  }
}
