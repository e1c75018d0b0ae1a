// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection
internal import Measurements

struct InstrumentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instruments", abstract: "Lists the drivers, and says which one claims a file and why.",
    subcommands: [List.self, Identify.self], defaultSubcommand: List.self)

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
}
