// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// Two archives of the sample lot, one judged against N42SH and one against N35.
private struct JudgedLibrary {
  let scratch: ScratchFolder
  let printed: [String]
  var folder: String { scratch.path("archives") }

  init() throws {
    scratch = try ScratchFolder()
    var printed: [String] = []
    for (lot, files, grade) in [
      ("L42", try CommandLineTool.lot.prefix(6).map { $0 }, "N42SH"),
      ("L35", [try CommandLineTool.lot[6], "SampleData/QuantumDesignVSM/truncated.dat"], "N35"),
    ] {
      let run = try CommandLineTool.run(
        ["certify"] + files + [
          "--grade", grade, "--lot", lot, "--library", scratch.path("archives"), "--json", "--show-budget",
        ])
      #expect(run.code == (lot == "L42" ? 1 : 2))
      printed.append(run.output)
    }
    self.printed = printed
  }

  func query(_ arguments: String...) throws -> [String] {
    let run = try CommandLineTool.run(["archive", "query", folder, "--json"] + arguments)
    #expect(run.code == 0, "\(run.errors)")
    return try run.objects.map { object in
      ((object["sample"] as? [String: Any])?["id"] ?? (object["source"] as? [String: Any])?["path"])
        as? String
        ?? ""
    }
  }
}

@Suite struct QueryExportTests {
  @Test func rowsAreFoundByWhatIsAsked() throws {
    let library = try JudgedLibrary()
    let all = ["L42-01", "L42-02", "L42-03", "L42-04", "L42-05", "L42-06"]
    #expect(try library.query("--lot", "L42") == all)
    #expect(try library.query("--lot", "L35").count == 2)
    #expect(try library.query("--lot", "L99").isEmpty)
    #expect(try library.query("--grade", "N42SH") == all)
    #expect(try library.query("--verdict", "fail") == ["L42-05"])
    #expect(try library.query("--grade", "N42SH", "--verdict", "pass").count == 5)
    #expect(try library.query("--verdict", "fail", "--verdict", "pass").count == 7)
    // HcJ of L42-05 is 1450 kA/m, that of the others more than 1592 kA/m.
    #expect(try library.query("--lot", "L42", "--where", "HcJ<1592e3") == ["L42-05"])
    #expect(try library.query("--lot", "L42", "--where", "HcJ < 20 kOe") == ["L42-05"])
    #expect(try library.query("--lot", "L42", "--where", "HcJ>=1592kA/m", "--where", "Br>=1T").count == 5)
    #expect(try library.query("--where", "Br=0").isEmpty)
    #expect(try library.query("--where", "Br!=0").count == 7)
    #expect(try library.query("--until", "1999").isEmpty)
    #expect(try library.query("--since", "2999-01-01").isEmpty)
    #expect(try library.query("--since", "1999-01-01T00:00:00Z").count == 8)
  }

  // Four of five rows say when they were measured; the file that could not be read goes by its archive.
  @Test func timesAreThoseOfMeasuringElseOfTheArchive() throws {
    for (since, until, count) in [
      ("2025-02-12", "2025-02-12", 4), ("2025-02-12T15:36:00", "2025-02-12T15:36", 4),
      ("2025-02-12T15:36:01", "2025", 0), ("2025-02-13", "2026-03-01T11:59:59", 0),
      ("2026-03-01T12:00:00Z", "2026", 1), ("2025", "2026-03", 5),
    ] {
      let run = try CommandLineTool.run(
        ["archive", "query", "Tests/ReferenceArchives/v5", "--since", since, "--until", until])
      #expect(run.errors == "\(count) of 5 rows in 1 archive match\n", "\(since) to \(until)")
    }
  }

  @Test func whatMatchesIsListedForPeople() throws {
    let library = try JudgedLibrary()
    let run = try CommandLineTool.run(["archive", "query", library.folder, "--verdict", "fail"])
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("archive"))
    #expect(lines[1].contains("L42-05") && lines[1].contains("N42SH") && lines[1].contains("fail"))
    #expect(run.errors == "1 of 8 rows in 2 archives match\n")
  }

  @Test(arguments: [
    ["--where", "HcX>1"], ["--where", "HcJ"], ["--where", "HcJ>=1592kg"], ["--where", "HcJ>="],
    ["--where", "HcJ>nan"], ["--verdict", "good"], ["--since", "yesterday"], ["--until", "2026-3"],
  ])
  func whatCannotBeUnderstoodIsAUsageError(_ arguments: [String]) throws {
    let run = try CommandLineTool.run(["archive", "query", "Tests/ReferenceArchives/v4"] + arguments)
    #expect(run.code == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(arguments[1].prefix(3)))
  }

  @Test func recordsComeOutAsTheyWerePrinted() throws {
    let library = try JudgedLibrary()
    let output = library.scratch.path("out.jsonl")
    let run = try CommandLineTool.run(
      ["archive", "export", library.folder, "--format", "jsonl", "--output", output])
    #expect(run.code == 0, "\(run.errors)")
    // By name: L35 comes before L42.
    #expect(try String(contentsOfFile: output, encoding: .utf8) == library.printed[1] + library.printed[0])
    let before = try Data(contentsOf: URL(filePath: output))
    let again = try CommandLineTool.run(
      ["archive", "export", library.folder, "--format", "csv", "--output", output])
    #expect(again.code == 2)
    #expect(again.errors.contains("not overwritten"))
    #expect(try Data(contentsOf: URL(filePath: output)) == before)
    let none = library.scratch.path("none.csv")
    #expect(
      try CommandLineTool.run(
        ["archive", "export", library.folder, "--format", "csv", "--sample", "nobody", "--output", none]
      ).code == 2)
    #expect(!FileManager.default.fileExists(atPath: none))
  }

  // Js and values at another temperature have no tables, so their budgets stay in the archived line.
  @Test func aLotIsPrintedWithoutBudgetsAndComesOutWithThem() throws {
    let scratch = try ScratchFolder()
    let (archive, output) = (scratch.path("a.h5"), scratch.path("out"))
    let files = ["SampleData/QuantumDesignVSM/lot/L42-01.dat", "SampleData/QuantumDesignVSM/lot/L42-02.dat"]
    let analysis = [
      "--size", "3x3x3mm", "--temperature", "23C", "--saturation-fit", "--reduce-to", "20C",
      "--alpha=-0.12%/K",
      "--alpha-uncertainty", "0.01%/K", "--beta=-0.6%/K", "--beta-uncertainty", "0.03%/K",
    ]
    let batch = try CommandLineTool.run(
      ["batch", "--grade", "N42SH", "--lot", "L", "--archive", archive, "--json"] + analysis + files)
    #expect(batch.output.contains(#""reduced":{"#), "\(batch.errors)")
    #expect(!batch.output.contains(#""budget":["#))
    let shown = try CommandLineTool.run(
      ["certify", "--grade", "N42SH", "--lot", "L", "--json", "--show-budget"] + analysis + files)
    let lines = shown.output.split(separator: "\n").prefix(files.count).map(String.init)
    #expect(try #require(lines.first).contains(#""reduced":{"#))
    #expect(
      try CommandLineTool.run(["archive", "show", archive, "--json"]).output
        == lines.map { $0 + "\n" }.joined())
    for row in files.indices {
      let path = "\(output)-\(row).nxs"
      let export = try CommandLineTool.run(
        ["archive", "export", archive, "--format", "nexus", "--sample", "\(row)", "--output", path])
      #expect(export.code == 0, "\(export.errors)")
      #expect(try Data(contentsOf: URL(filePath: path)).range(of: Data(lines[row].utf8)) != nil)
    }
  }

  @Test func aTableHasWhatTheRecordsHave() throws {
    let library = try JudgedLibrary()
    let output = library.scratch.path("out.csv")
    let run = try CommandLineTool.run(
      ["archive", "export", library.folder, "--format", "csv", "--output", output])
    #expect(run.code == 0, "\(run.errors)")
    let rows = commaSeparated(try String(contentsOfFile: output, encoding: .utf8))
    let header = try #require(rows.first)
    #expect(rows.count == 9)
    #expect(rows.allSatisfy { $0.count == header.count })
    func cell(_ row: [String], _ column: String) throws -> String {
      row[try #require(header.firstIndex(of: column))]
    }
    let row = try #require(rows.first { $0.contains("L42-05") })
    #expect(try cell(row, "lot") == "L42")
    #expect(try cell(row, "verdict") == "fail")
    let record = try #require(
      try CommandLineTool.run(["archive", "show", library.folder, "L42-05", "--json"]).objects.first)
    let quantities = try #require(record["quantities"] as? [String: [String: Any]])
    for (name, unit) in [("Br", " in T"), ("HcJ", " in A/m"), ("BHmax", " in J/m3"), ("squareness", "")] {
      let quantity = try #require(quantities[name])
      for (column, key) in [
        (name, "value"), ("u(\(name))", "standardUncertainty"), ("U(\(name))", "expandedUncertainty"),
      ] {
        let exported = try #require(Double(try cell(row, column + unit)))
        let recorded = try #require(quantity[key] as? Double)
        // JSONSerialization misses the last places of some numbers, by 5 ulp seen here.
        #expect(abs(exported - recorded) <= 16 * recorded.ulp, "\(column)")
      }
    }
    let failed = try #require(rows.first { $0.contains("SampleData/QuantumDesignVSM/truncated.dat") })
    #expect(try cell(failed, "Br in T") == "")
  }

  @Test func oneRowIsANexusFile() throws {
    let library = try JudgedLibrary()
    func export(_ path: String, _ sample: [String], to name: String) throws -> CommandLineTool.Outcome {
      try CommandLineTool.run(
        ["archive", "export", path, "--format", "nexus", "--output", library.scratch.path(name)] + sample)
    }
    #expect(try export(library.folder, ["--sample", "L42-03"], to: "a.nxs").code == 0)
    let bytes = try Data(contentsOf: URL(filePath: library.scratch.path("a.nxs")))
    #expect(bytes.starts(with: [0x89, 0x48, 0x44, 0x46]))
    #expect(try export(library.folder, ["--sample", "L42-04"], to: "a.nxs").code == 2)
    #expect(try Data(contentsOf: URL(filePath: library.scratch.path("a.nxs"))) == bytes)
    // A number is a row of one archive, and more rows than one do not go into one file.
    #expect(try export("Tests/ReferenceArchives/v5/reference.h5", ["--sample", "4"], to: "b.nxs").code == 0)
    for sample in [[], ["--sample", "0"], ["--sample", "nobody"]] {
      let run = try export(library.folder, sample, to: "c.nxs")
      #expect(run.code == 2)
      #expect(run.errors.contains("a NeXus file holds one row"))
    }
    #expect(!FileManager.default.fileExists(atPath: library.scratch.path("c.nxs")))
  }

  // A spreadsheet computes what begins with =, +, - or @; a comma, a quote or a line end must not end a cell.
  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "a,b", "say \"N42\"", "plain", "two\nlines"])
  func namesCannotBecomeFormulas(_ name: String) throws {
    let scratch = try ScratchFolder()
    let archive = scratch.path("a.h5")
    #expect(
      try CommandLineTool.run(
        ["analyze", "SampleData/Table/reference-A.txt", "--sample=\(name)", "--archive", archive, "--quiet"]
      ).code == 0)
    let output = scratch.path("a.csv")
    #expect(
      try CommandLineTool.run(["archive", "export", archive, "--format", "csv", "--output", output]).code == 0
    )
    let rows = commaSeparated(try String(contentsOfFile: output, encoding: .utf8))
    #expect(rows.count == 2)
    let isFormula = "=+-@".contains(name.first ?? " ")
    #expect(rows.last?[3] == (isFormula ? "'" : "") + name)
  }

  /// The cells of a text after RFC 4180.
  private func commaSeparated(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var quoted = false
    func add(_ scalar: Unicode.Scalar) {
      rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
    }
    let scalars = Array(text.unicodeScalars)
    var place = 0
    while place < scalars.count {
      let scalar = scalars[place]
      if quoted {
        if scalar == "\"", place + 1 < scalars.count, scalars[place + 1] == "\"" {
          add(scalar)
          place += 1
        } else if scalar == "\"" {
          quoted = false
        } else {
          add(scalar)
        }
      } else if scalar == "\"" {
        quoted = true
      } else if scalar == "," {
        rows[rows.count - 1].append("")
      } else if scalar == "\r", place + 1 < scalars.count, scalars[place + 1] == "\n" {
        rows.append([""])
        place += 1
      } else {
        add(scalar)
      }
      place += 1
    }
    return rows.dropLast()
  }
}
