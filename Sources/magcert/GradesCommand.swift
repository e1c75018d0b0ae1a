// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Inspection

struct GradesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grades", abstract: "Shows grade tables with their source, and checks a table of your own.",
    discussion: """
      EXAMPLES
        magcert grades list --tables
        magcert grades list --table smco
        magcert grades show LNG44
        magcert grades spread N48
      """,
    subcommands: [List.self, Show.self, Spread.self, Check.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the grades of a table with their limits, or the tables.")
    @Option(help: ArgumentHelp("The table: an id or a file.", valueName: "id|file.toml"))
    var table: String?
    @Flag(help: "List the tables that are shipped, not grades.")
    var tables = false
    @Flag(help: "Print one JSON object per grade, or per table.")
    var json = false

    func run() throws {
      guard !tables || table == nil else {
        throw ValidationError("--tables lists every shipped table and does not go with --table")
      }
      try asUsage {
        guard !tables else {
          let library = try gradeLibrary()
          return try printOut(json ? gradeTableLines(library) : gradeTableListing(library))
        }
        let table = try gradeTable(table ?? defaultGradeTable)
        try printOut(json ? gradeLines(table.grades, of: table) : gradeListing(table))
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one grade with its limits, source and confidence.")
    @Argument(help: "The grade, such as N42SH.")
    var grade: String
    @Option(
      help: ArgumentHelp(
        "The table: an id or a file; without it every shipped table is searched.", valueName: "id|file.toml"))
    var table: String?
    @Flag(help: "Print a JSON object.")
    var json = false

    func run() throws {
      try asUsage {
        let entry = try gradeEntry(grade, table: table)
        try printOut(
          json ? gradeLines([entry.grade], of: entry.table) : gradeSheet(entry.grade, of: entry.table))
      }
    }
  }

  struct Spread: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows how the limits of one grade differ from source to source.",
      discussion: "The range is that over the sources; a consensus made of them does not count.")
    @Argument(help: "The grade, such as N48.")
    var grade: String
    @Flag(help: "Print a JSON object, limits in SI.")
    var json = false

    func run() throws {
      try asUsage {
        let spread = try gradeSpread(grade)
        try printOut(json ? gradeSpreadLine(spread) : gradeSpreadTable(spread))
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks a grade table of your own.",
      discussion: "Exit code 0 when it can be used, 2 with one sentence otherwise.")
    @Argument(help: "The TOML file.")
    var file: String
    @Flag(help: "Print the table's grades as JSON, one object each.")
    var json = false

    func run() throws {
      try reportingErrors {
        let table = try gradeTable(file)
        let words =
          "“\(file)” is sound: table “\(table.id)”, edition \(table.edition), \(table.grades.count) grades\n"
        try printOut(json ? gradeLines(table.grades, of: table) : words)
      }
    }
  }
}
