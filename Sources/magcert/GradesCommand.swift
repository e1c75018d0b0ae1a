// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Inspection

struct GradesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grades", abstract: "Shows grade tables with their source, and checks a table of your own.",
    subcommands: [List.self, Show.self, Check.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the grades of a table with their limits.")
    @Option(help: ArgumentHelp("The table: an id or a file.", valueName: "id|file.toml"))
    var table = "consensus-ndfeb"
    @Flag(help: "Print one JSON object per grade.")
    var json = false

    func run() throws {
      try asUsage {
        let table = try gradeTable(table)
        try printOut(json ? gradeLines(table.grades, of: table) : gradeListing(table))
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one grade with its limits, source and confidence.")
    @Argument(help: "The grade, such as N42SH.")
    var grade: String
    @Option(help: ArgumentHelp("The table: an id or a file.", valueName: "id|file.toml"))
    var table = "consensus-ndfeb"
    @Flag(help: "Print a JSON object.")
    var json = false

    func run() throws {
      try asUsage {
        let table = try gradeTable(table)
        let grade = try table.requireGrade(grade)
        try printOut(json ? gradeLines([grade], of: table) : gradeSheet(grade, of: table))
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
