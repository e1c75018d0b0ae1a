// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct GradeCommandTests {
  @Test func tablesAreListedWithFamilyEditionAndConfidence() throws {
    let text = try CommandLineTool.run(["grades", "list", "--tables"])
    #expect(text.code == 0)
    let lines = text.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("consensus-ndfeb") == true)
    for words in ["smco", "edition 1", "hard ferrite", "unchecked", "63 grades, 8 of them unchecked"] {
      #expect(text.output.contains(words), "\(words)")
    }
    let objects = try CommandLineTool.run(["grades", "list", "--tables", "--json"]).objects
    #expect(objects.count == lines.count)
    #expect(objects.count >= 20)
    #expect(objects.allSatisfy { $0["schema"] as? String == "magcert.gradeTable/1" })
    #expect(objects.first { $0["table"] as? String == "smco" }?["grades"] as? Int == 36)
    #expect(try CommandLineTool.run(["grades", "list", "--tables", "--table", "smco"]).code == 64)
  }

  @Test func gradesOfOtherFamiliesAreShown() throws {
    let show = try CommandLineTool.run(["grades", "show", "YXG-24"])
    #expect(show.code == 0)
    for words in ["smco", "Horizon Magnets", "HcJ ≥ 1433 kA/m", "SmCo 2:17"] {
      #expect(show.output.contains(words), "\(words)")
    }
    let several = try CommandLineTool.run(["grades", "show", "N56"])
    #expect(several.code == 64)
    for words in ["--table", "jjmagnet-ndfeb", "shanghaimagnet-ndfeb"] {
      #expect(several.errors.contains(words))
    }
    let none = try CommandLineTool.run(["grades", "show", "S-NdFeB 334/159"])
    #expect(none.code == 64)
    #expect(none.errors.contains("near it are S-NdFeB"))
    #expect(none.errors.contains("(gbt-13560)"))
  }

  @Test func sourcesOfOneGradeAreCompared() throws {
    let text = try CommandLineTool.run(["grades", "spread", "N48"]).output
    let range = try #require(text.split(separator: "\n").last)
    #expect(range.hasPrefix("range"))
    #expect(range.contains("1.36…1.38") && range.contains("836…923"))
    let object = try #require(try CommandLineTool.run(["grades", "spread", "48", "--json"]).objects.first)
    #expect(object["grade"] as? String == "N48")
    #expect((object["sources"] as? [Any])?.count == 8)
    let ranges = try #require(object["ranges"] as? [[String: Any]])
    #expect(ranges.first?["lowest"] as? Double == 1.36)
    #expect(try CommandLineTool.run(["grades", "spread", "nothing at all"]).code == 64)
  }

  // Simulated Alnico-like claims need no table: the one that has the grade is found and named.
  @Test func claimsOfOtherFamiliesFindTheirTable() throws {
    let piece = try CommandLineTool.lot[0]
    let run = try CommandLineTool.run(["certify", piece, "--grade", "LNG44", "--json"])
    let verdict = try #require(try run.objects.first?["verdict"] as? [String: Any])
    #expect(verdict["table"] as? String == "taihan-alnico")
    #expect(verdict["notLimited"] as? [String] == ["Br", "HcJ"])
    let unchecked = try CommandLineTool.run(["certify", piece, "--grade", "REFeB 310/130", "--json"])
    #expect(unchecked.code == 2)
    let willing = try CommandLineTool.run([
      "certify", piece, "--grade", "REFeB 310/130", "--allow-unchecked", "--json",
    ])
    #expect(willing.code == 0)
    let told = try #require(try willing.objects.first?["verdict"] as? [String: Any])
    #expect(told["confidence"] as? String == "unchecked")
  }

  @Test func aMissedClaimIsExplained() throws {
    let piece = try CommandLineTool.lot[4]
    let run = try CommandLineTool.run(["certify", piece, "--grade", "N42SH", "--explain"])
    #expect(run.code == 1)
    for words in [
      "below the minimum of 1592 kA/m; probability of conformity",
      "the best grade of consensus-ndfeb that it meets is",
      "how it was judged:", "  1. The limits of N42SH", "T + w =", "The next better grade",
    ] {
      #expect(run.output.contains(words), "\(words)")
    }
    let object = try #require(
      try CommandLineTool.run(["certify", piece, "--grade", "N42SH", "--explain", "--json"]).objects.first)
    #expect((object["explanation"] as? [String] ?? []).count >= 9)
    let plain = try CommandLineTool.run(["certify", piece, "--grade", "N42SH", "--json"]).objects
    #expect(plain.first?["explanation"] == nil)
  }
}
