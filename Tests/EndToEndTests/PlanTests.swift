// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct PlanTests {
  private func plan(_ options: String) throws -> CommandLineTool.Outcome {
    try CommandLineTool.run(["plan"] + options.split(separator: " ").map(String.init))
  }

  @Test func attributePlanIsPrintedWithWhatItMeans() throws {
    let found = try plan("--lot-size 1200 --aql 0.65")
    #expect(found.code == 0 && found.errors.isEmpty)
    for words in [
      "lot of 1200 pieces, AQL 0.65 %, level II, normal inspection", "code letter           J",
      "sample size n         80",
      "accepted when at most 1 of them does not conform, and rejected when 2 or more do not.",
      "95.0 %", "10.0 %",
    ] {
      #expect(found.output.contains(words), "\(words) in \(found.output)")
    }
  }

  @Test func largeLimitsCountDefects() throws {
    let found = try plan("--lot-size 100 --aql 400")
    #expect(found.code == 0 && found.output.contains("defects per 100 pieces p"), "\(found.output)")
    let object = try #require(try plan("--lot-size 100 --aql 400 --json").objects.first)
    let curve = try #require(object["operatingCharacteristic"] as? [String: Any])
    #expect(curve["model"] as? String == "poisson")
    #expect(((curve["acceptedWith"] as? [String: Double])?["p10"] ?? 0) > 4)
  }

  @Test func reducedInspectionSaysWhatLiesBetween() throws {
    let found = try plan("--lot-size 3000 --aql 1.0 --inspection reduced")
    #expect(found.output.contains("in between it is accepted, and the next lot gets normal inspection"))
  }

  @Test func objectHasItsKeys() throws {
    let objects = try plan("--lot-size 1200 --aql 0.65 --json").objects
    let object = try #require(objects.first)
    #expect(objects.count == 1 && object["schema"] as? String == "magcert.plan/1")
    #expect(object["method"] as? String == "attributes" && object["codeLetter"] as? String == "J")
    #expect(object["sampleSize"] as? Int == 80 && object["inspectsAll"] as? Bool == false)
    #expect(object["acceptanceNumber"] as? Int == 1 && object["rejectionNumber"] as? Int == 2)
    #expect(object["acceptabilityConstant"] == nil)
    let curve = try #require(object["operatingCharacteristic"] as? [String: Any])
    let accepted = try #require(curve["acceptedWith"] as? [String: Double])
    // Half of χ²'s quantiles with 4 degrees of freedom over 80, near enough to the binomial distribution.
    for (key, fraction) in [("p95", 0.3554 / 80), ("p50", 1.6783 / 80), ("p10", 3.8897 / 80)] {
      #expect(abs((accepted[key] ?? 0) / fraction - 1) < 0.03)
    }
    #expect((curve["points"] as? [[String: Double]])?.count == 10)
  }

  @Test(arguments: [("k", "unknown", 35, 2.030), ("m", "unknown", 35, 2.030), ("k", "known", 11, 2.015)])
  func variablesPlans(_ method: String, _ sigma: String, _ n: Int, _ k: Double) throws {
    let options = "--lot-size 1200 --aql 0.65 --variables \(method) --sigma \(sigma)"
    let text = try plan(options)
    #expect(text.code == 0 && text.output.contains("Measure \(n) pieces drawn at random"), "\(text.output)")
    let object = try #require(try plan(options + " --json").objects.first)
    #expect(object["method"] as? String == "variables-\(method)" && object["sigma"] as? String == sigma)
    #expect(object["sampleSize"] as? Int == n && object["codeLetter"] as? String == "J")
    #expect(abs((object["acceptabilityConstant"] as? Double ?? 0) - k) < 0.00051)
  }

  @Test func smallLotsAreInspectedWhole() throws {
    let found = try plan("--lot-size 15 --aql 0.65")
    #expect(found.code == 0 && found.output.contains("inspect all 15 pieces"))
    let object = try #require(try plan("--lot-size 15 --aql 0.65 --json").objects.first)
    #expect(object["inspectsAll"] as? Bool == true && object["operatingCharacteristic"] == nil)
  }

  @Test(
    arguments: [
      ("--lot-size 1200 --aql 0.5", "0.40 and 0.65"), ("--lot-size 1 --aql 0.65", "begin with 2 pieces"),
      ("--lot-size 1200 --aql 15 --variables k", "no plan for 15 %"),
      ("--lot-size 1200 --aql 1.0 --variables m --level S-1", "has no level S-1"),
      ("--lot-size 1200 --aql 1.0 --sigma known", "--sigma belongs to --variables"),
      ("--lot-size many --aql 1.0", "many"), ("--lot-size 1200", "--aql"),
      ("--lot-size 1200 --aql nan", "no acceptance quality limit"),
    ])
  func whatNoTableHasIsRefused(_ options: String, _ words: String) throws {
    let found = try plan(options)
    #expect(found.code == 64 && found.output.isEmpty && found.errors.contains(words), "\(found.errors)")
  }
}
