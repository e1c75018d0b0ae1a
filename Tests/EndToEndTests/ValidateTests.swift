// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct ValidateTests {
  private static let small = ["validate", "--truth", "A,D", "--loops", "5", "--sigma", "0.5"]

  @Test func jsonHoldsEveryFigureWithItsLimit() throws {
    let run = try CommandLineTool.run(Self.small + ["--json"])
    let objects = try run.objects
    #expect(objects.count == 3)
    #expect(objects.map { $0["truth"] as? String } == ["A", "D", nil])
    let cell = objects[0]
    #expect(cell["schema"] as? String == "magcert.validation/1")
    #expect(cell["noiseKind"] as? String == "white" && cell["noisePercent"] as? Double == 0.5)
    #expect(cell["points"] as? Int == 1000 && cell["loops"] as? Int == 5 && cell["seedBase"] as? Int == 1)
    #expect(objects[1]["seedBase"] as? Int == 2)
    let rows = try #require(cell["rows"] as? [[String: Any]])
    #expect(
      rows.map { $0["quantity"] as? String } == ["Br", "HcJ", "HcB", "BHmax", "Hk", "squareness"])
    for row in rows {
      for key in [
        "exactValue", "meanErrorPercent", "rmsePercent", "rmseStandardErrorPercent", "boundPercent",
        "ratioToBound", "coveragePercent", "coverageStandardErrorPercent",
        "medianExpandedUncertaintyPercent",
      ] { #expect(row[key] is Double, "\(key) of \(row["quantity"] ?? "")") }
      let limits = try #require(row["limits"] as? [[String: Any]])
      #expect(limits.contains { $0["figure"] as? String == "coverage" && $0["source"] as? String == "M21" })
      // The parts say the same as the whole.
      let all = limits.allSatisfy { $0["pass"] as? Bool == true }
      #expect(row["pass"] as? Bool == all)
    }
    let summary = objects[2]
    #expect(summary["schema"] as? String == "magcert.validation-summary/1")
    #expect((summary["software"] as? String)?.hasPrefix("magcert ") == true)
    #expect((summary["created"] as? String)?.hasSuffix("Z") == true)
    let machine = try #require(summary["machine"] as? [String: Any])
    #expect(Set(machine.keys) == ["processors", "architecture", "system"])
    let passes = objects.dropLast().allSatisfy { $0["pass"] as? Bool == true }
    #expect(summary["result"] as? String == (passes ? "pass" : "fail"))
    #expect(run.code == (passes ? 0 : 1))
    #expect(run.errors.isEmpty)
  }

  @Test func theTableSaysWithWhatAndWhereItWasMade() throws {
    let run = try CommandLineTool.run(Self.small + ["--seed", "9", "--check", "coverage"])
    for word in ["plan “own”", "10 loops", "magcert ", "processor", "A: white noise", "seed base 9", "(M21)"]
    {
      #expect(run.output.contains(word), "\(word)")
    }
    #expect(run.output.contains(run.code == 0 ? "PASS: " : "FAIL: "))
    #expect(run.errors.isEmpty)
    // Everything but the time is the same again, with any number of workers.
    let again = try CommandLineTool.run(
      Self.small + ["--seed", "9", "--check", "coverage", "--workers", "1"])
    #expect(
      run.output.split(separator: "\n").dropFirst(2) == again.output.split(separator: "\n").dropFirst(2))
  }

  @Test(arguments: [
    ["--truth", "Z"], ["--sigma", "0"], ["--sigma", "-1"], ["--points", "999"], ["--points", "2"],
    ["--loops", "0"], ["--plan", "slow"], ["--plan", "full", "--truth", "A"], ["--check", "speed"],
    ["--noise-kind", "pink-ish"], ["--noise-kind", "autoregressive", "--check", "accuracy"],
    ["--workers", "0"], ["--seed", "-1"], ["--truth", "A,"],
  ])
  func whatCannotBeMeantIsAUsageError(_ words: [String]) throws {
    let run = try CommandLineTool.run(["validate"] + words)
    #expect(run.code == 64, "\(words)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("--"))
  }

  @Test func helpSaysWhatTheRecordIsFor() throws {
    let help = try CommandLineTool.run(["validate", "--help"]).output
    for word in ["ISO/IEC 17025:2017, 7.11", "records", "EXIT CODES", "noise-coverage", "N30EH"] {
      #expect(help.contains(word), "\(word)")
    }
  }
}
