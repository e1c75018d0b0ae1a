// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import ArgumentParser
internal import Inspection
internal import Measurements

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
      try reportingArchiveErrors {
        let reader = try ArchiveReader(opening: archive)
        if json {
          for row in 0..<reader.count { print(try reader.record(row)) }
        } else {
          print(try archiveListing(reader), terminator: "")
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
    @Option(help: ArgumentHelp("Write the sample's source file here.", valueName: "file"))
    var raw: String?

    func run() throws {
      try reportingArchiveErrors {
        let reader = try ArchiveReader(opening: archive)
        let rows = try rows(in: reader)
        if let raw {
          guard let row = rows.first, rows.count == 1 else {
            throw ValidationError("--raw needs one sample; name its row or its name")
          }
          guard !fileExists(raw) else { throw InputError("“\(raw)” exists and is not overwritten") }
          try writeFile(reader.source(row).bytes, to: raw)
        } else {
          for row in rows { print(try reader.record(row)) }
        }
      }
    }

    private func rows(in reader: ArchiveReader) throws -> [Int] {
      guard let sample else { return Array(0..<reader.count) }
      let named = try reader.summaries().filter { $0.sample == sample || $0.file == sample }.map(\.row)
      if !named.isEmpty { return named }
      if let row = Int(sample), (0..<reader.count).contains(row) { return [row] }
      throw InputError(
        "the archive has \(reader.count) row\(reader.count == 1 ? "" : "s") and none is “\(sample)”")
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
        let faults = ArchiveReader.verify(archive)
        sound = sound && faults.isEmpty
        print(json ? verificationJSON(archive, faults) : verificationText(archive, faults))
      }
      if !sound { throw ExitCode(2) }
    }
  }
}

/// Prints what is wrong with an archive as one sentence, exit code 2.
private func reportingArchiveErrors(_ body: () throws -> Void) throws {
  do { try body() } catch let error as ArchiveError {
    printError("magcert: \(error)")
    throw ExitCode(2)
  } catch let error as InputError {
    printError("magcert: \(error)")
    throw ExitCode(2)
  }
}
