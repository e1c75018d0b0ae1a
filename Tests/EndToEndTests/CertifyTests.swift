// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct CertifyTests {
  // The sample lot: piece 5 misses HcJ, piece 9 misses (BH)max, all others pass under the guard band w = U.
  @Test func sampleLotIsJudgedPieceByPiece() throws {
    let run = try CommandLineTool.run(["certify"] + CommandLineTool.lot + ["--grade", "N42SH", "--json"])
    #expect(run.code == 1, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let objects = try run.objects
    #expect(objects.count == 12)
    for (index, object) in objects.enumerated() {
      let verdict = try #require(object["verdict"] as? [String: Any])
      let expected = [4, 8].contains(index) ? "fail" : "pass"
      #expect(verdict["result"] as? String == expected, "piece \(index + 1)")
      #expect(verdict["rule"] as? String == "ilac-g8")
      let limits = try #require(verdict["characteristics"] as? [[String: Any]])
      let failed = limits.filter { $0["result"] as? String == "fail" }.compactMap {
        $0["quantity"] as? String
      }
      #expect(failed == (index == 4 ? ["HcJ"] : index == 8 ? ["BHmax"] : []), "piece \(index + 1)")
    }
  }

  // The keys of the contract, with their types.
  @Test func resultsFollowTheContract() throws {
    let run = try CommandLineTool.run(
      ["certify", CommandLineTool.lot[0], "--grade", "n42sh", "--json"])
    #expect(run.code == 0)
    let object = try #require(try run.objects.first)
    #expect(object["schema"] as? String == "magcert.result/1")
    let source = try #require(object["source"] as? [String: Any])
    #expect((source["sha256"] as? String)?.count == 64)
    #expect(source["instrument"] as? String == "quantum-design-vsm")
    #expect(source["path"] as? String == (try CommandLineTool.lot[0]))
    let conditions = try #require(object["conditions"] as? [String: Any])
    #expect(conditions["field"] as? String == "internal")
    #expect(conditions["circuit"] as? String == "open")
    #expect(abs((conditions["demagnetisingFactor"] as? Double ?? 0) - 1.0 / 3) < 1e-12)
    let quantities = try #require(object["quantities"] as? [String: [String: Any]])
    for (name, unit) in [
      ("Br", "T"), ("HcB", "A/m"), ("HcJ", "A/m"), ("Hk", "A/m"), ("BHmax", "J/m3"), ("squareness", "1"),
      ("muRec", "1"), ("Jmax", "T"),
    ] {
      let quantity = try #require(quantities[name], "\(name)")
      #expect(quantity["unit"] as? String == unit)
      for key in ["value", "standardUncertainty", "expandedUncertainty", "coverageFactor"] {
        #expect((quantity[key] as? Double ?? 0) > 0, "\(name) \(key)")
      }
      #expect(quantity["method"] is String)
    }
    #expect((object["grades"] as? [String])?.first == "N42SH")
    let verdict = try #require(object["verdict"] as? [String: Any])
    #expect(verdict["grade"] as? String == "N42SH")
    #expect(verdict["table"] as? String == "consensus-ndfeb")
  }

  @Test func resultsDoNotDependOnTheNumberOfWorkers() throws {
    let lot = try CommandLineTool.lot
    let runs = try ["1", "2", "7"].map {
      try CommandLineTool.run(["certify"] + lot + ["--grade", "N42SH", "--json", "--workers", $0]).output
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }

  // For people: one line per piece with value ± U, the verdict and what decided it, no escape sequences.
  @Test func lotTableIsReadable() throws {
    let run = try CommandLineTool.run(["certify"] + CommandLineTool.lot + ["--grade", "N42SH"])
    let line = try #require(run.output.split(separator: "\n").first { $0.contains("L42-05") })
    #expect(line.contains("fail"))
    #expect(line.contains("HcJ ≥ 1592 kA/m"))
    #expect(run.output.contains("12 samples: 10 pass, 2 fail"))
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func quietSaysNothing() throws {
    let run = try CommandLineTool.run(["certify", CommandLineTool.lot[0], "--grade", "N42SH", "--quiet"])
    #expect(run.code == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors.isEmpty)
  }

  // `simple` has no guard band, so the value alone decides; a guard band of 50·U lets nothing pass.
  @Test func rulesDiffer() throws {
    let file = try CommandLineTool.lot[0]
    for (rule, expected) in [
      (["--rule", "simple"], "pass"), (["--rule", "guard-band"], "pass"),
      (["--rule", "guard-band", "--guard", "50"], "fail"), (["--guard", "50"], "conditional-pass"),
    ] {
      let run = try CommandLineTool.run(["certify", file, "--grade", "N42SH", "--json"] + rule)
      let verdict = try #require(try run.objects.first?["verdict"] as? [String: Any])
      #expect(verdict["result"] as? String == expected, "\(rule)")
      #expect(run.code == (expected == "fail" ? 1 : 0))
    }
  }

  @Test func plotAndReportAreWritten() throws {
    let scratch = try ScratchFolder()
    let run = try CommandLineTool.run(
      ["certify"] + CommandLineTool.lot + [
        "--grade", "N42SH", "--archive", scratch.path("lot.h5"), "--plot", scratch.path("lot.svg"),
        "--certificate", scratch.path("lot.pdf"),
      ])
    #expect(run.code == 1, "\(run.errors)")
    let start = { (name: String) in
      String(decoding: try Data(contentsOf: scratch.url.appending(path: name)).prefix(5), as: UTF8.self)
    }
    #expect(try start("lot.svg") == "<?xml")
    #expect(try start("lot.pdf") == "%PDF-")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("lot.h5.partial")))
  }
}
