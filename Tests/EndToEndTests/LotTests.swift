// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct LotTests {
  private func certify(_ files: [String], _ options: String) throws -> CommandLineTool.Outcome {
    try CommandLineTool.run(
      ["certify"] + files + ["--grade", "N42SH", "--json"]
        + options.split(separator: " ").map(String.init))
  }

  private func inspection(of run: CommandLineTool.Outcome) throws -> String? {
    let verdict = try #require(try run.objects.last?["verdict"] as? [String: Any])
    return (verdict["plan"] as? [String: Any])?["inspection"] as? String
  }

  @Test func aLotEndsWithItsVerdictAndStatistics() throws {
    let run = try certify(try CommandLineTool.lot, "--lot L9 --lot-size 200 --aql 0.65")
    #expect(run.code == 1)
    let objects = try run.objects
    #expect(objects.count == 13)
    let lot = try #require(objects.last)
    #expect(lot["schema"] as? String == "magcert.lot/1")
    #expect(lot["lot"] as? String == "L9")
    let verdict = try #require(lot["verdict"] as? [String: Any])
    #expect(verdict["result"] as? String == "rejected")
    #expect(verdict["nonconforming"] as? Int == 2)
    let plan = try #require(verdict["plan"] as? [String: Any])
    // Letter G by table I, and by table II-A the arrow of 0.65 % leads to F: 20 pieces, none bad.
    #expect(plan["codeLetter"] as? String == "G")
    #expect(plan["sampleSize"] as? Int == 20)
    #expect(plan["acceptanceNumber"] as? Int == 0)
    // The statistics are those of the values that were printed.
    let values = objects.dropLast().compactMap { object -> Double? in
      let quantities = object["quantities"] as? [String: [String: Any]]
      return quantities?["HcJ"]?["value"] as? Double
    }
    let statistics = try #require(lot["statistics"] as? [String: [String: Any]])
    let mean = try #require(statistics["HcJ"]?["mean"] as? Double)
    #expect(values.count == 12)
    // Sums of twelve doubles in another order agree to a few units in the last place.
    #expect(abs(mean / (values.reduce(0, +) / 12) - 1) < 1e-14)
  }

  // Two lots rejected in a row tighten inspection (ANSI/ASQ Z1.4, 8.3.1).
  @Test func inspectionFollowsTheHistoryInArchives() throws {
    let scratch = try ScratchFolder()
    let files = try CommandLineTool.lot
    for lot in ["a", "b"] {
      let archive = scratch.path("\(lot).h5")
      let run = try certify(
        files,
        "--lot \(lot) --lot-size 200 --aql 0.65 --inspection auto --history \(scratch.url.path) "
          + "--archive \(archive)")
      #expect(run.code == 1)
      #expect(try inspection(of: run) == "normal")
      #expect(try CommandLineTool.run(["archive", "verify", archive]).code == 0)
    }
    let third = try certify(
      files, "--lot c --lot-size 200 --aql 0.65 --inspection auto --history \(scratch.url.path)")
    let verdict = try #require(try third.objects.last?["verdict"] as? [String: Any])
    #expect(try inspection(of: third) == "tightened")
    #expect((verdict["severityReason"] as? String)?.contains("2 of the last 2 lots") == true)
    // Another limit is another series.
    let other = try certify(
      files, "--lot c --lot-size 200 --aql 1.0 --inspection auto --history \(scratch.url.path)")
    #expect(try inspection(of: other) == "normal")
  }

  @Test func whatDoesNotGoTogetherIsAUsageError() throws {
    let files = try CommandLineTool.lot
    for options in [
      "--aql 0.65", "--lot-size 200", "--lot-size 200 --aql 0.66", "--lot-size 1 --aql 0.65",
      "--lot-size 200 --aql 0.65 --inspection auto", "--lot-size 200 --aql 0.65 --history .",
      "--lot-size 200 --aql 0.65 --plan variables-k --level S-1",
    ] {
      let run = try certify(files, options)
      #expect(run.code == 64, "\(options): \(run.code) \(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test func peopleReadThePlanAndTheStatistics() throws {
    let run = try CommandLineTool.run(
      ["certify"] + (try CommandLineTool.lot)
        + ["--grade", "N42SH", "--lot", "L9", "--lot-size", "200", "--aql", "0.65"])
    for words in [
      "Lot L9 REJECTED", "code letter G: lot of 200, 20 pieces", "2 of 12 pieces do not conform", "Ppk",
    ] {
      #expect(run.output.contains(words), "\(words) in \(run.output)")
    }
  }
}
