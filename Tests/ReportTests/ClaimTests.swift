// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Quantities
import Report
import Testing

/// The specimen of the fixture, an N42SH, judged against a grade with its reasoning.
private func judged(
  _ name: String?, table: String = "consensus-ndfeb", rule: DecisionRule = .ilacG8,
  hcJ: Double = 1_624_000
) throws -> ReportedSample {
  let judge = Judge(table: try GradeTable.bundled(table), rule: rule)
  var sample = Fixture.sample(verdict: nil, grades: nil)
  sample.analysis.properties.coercivityHcJ = Estimate(
    value: Quantity(si: hcJ), budget: Fixture.budget(8000), method: "ladder")
  let grade = try name.map { try #require(judge.table.grade(named: $0)) }
  sample.verdict = grade.map { judge.verdict(on: sample.analysis, against: $0) }
  sample.grades = judge.gradesMet(by: sample.analysis)
  sample.reasoning = JudgementReasoning(of: judge, grade: grade, sample: sample)
  return sample
}

private func object(_ sample: ReportedSample) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(sample.jsonLine().utf8)) as? [String: Any])
}

struct ClaimTests {
  @Test func aMissSaysHowMuchHowProbableAndWhatIsMetInstead() throws {
    let sample = try judged("N42UH")
    let table = sample.terminalTable()
    // (1990 − 1624)/1990 = 18.4 %, and 366/16 = 23 U; in cgs 1990 kA/m are 25.007 kOe and 366 are 4.6.
    for words in [
      "HcJ of 1624 kA/m is 366 kA/m (18 %, 23·U) below the minimum of 1990 kA/m; "
        + "probability of conformity 0.00 %",
      "the best grade of consensus-ndfeb that it meets is N42SH",
    ] {
      #expect(table.contains(words), "“\(words)” is missing in\n\(table)")
    }
    let cgs = sample.terminalTable(units: .cgs)
    #expect(cgs.contains("HcJ of 20.41 kOe is 4.6 kOe (18 %, 23·U) below the minimum of 25.007 kOe"))
    let verdict = try #require(try object(sample)["verdict"] as? [String: Any])
    let decisions = try #require(verdict["characteristics"] as? [[String: Any]])
    #expect(decisions.map { $0["shortfall"] as? Double } == [nil, nil, 1_990_000 - 1_624_000, nil])
    #expect(verdict["notLimited"] as? [String] == [])
  }

  @Test func aPassIsSilent() throws {
    var sample = try judged("N42SH")
    sample.reasoning = nil
    let table = sample.terminalTable()
    for words in ["below", "best grade", "no limit was tested", "how it was judged", "probability"] {
      #expect(!table.contains(words), "“\(words)” in\n\(table)")
    }
    let json = try object(sample)
    #expect(json["explanation"] == nil)
    #expect(!sample.jsonLine().contains("shortfall"))
  }

  // A binary rule rejects inside the guard band, where nothing is below the limit.
  @Test func aValueInsideTheGuardBandIsSaidToBeThere() throws {
    let sample = try judged("N42SH", rule: .guardBand, hcJ: 1_600_000)
    #expect(sample.verdict?.result == .fail)
    let table = sample.terminalTable()
    #expect(
      table.contains(
        "HcJ of 1600 kA/m keeps the minimum of 1592 kA/m by 8 kA/m (0.5 %, 0.5·U), less than the guard band of "
      ),
      "\(table)")
    #expect(!sample.jsonLine().contains("shortfall"))
  }

  @Test func whatIsNotLimitedIsNamed() throws {
    let sample = try judged("LNG44", table: "taihan-alnico")
    #expect(sample.terminalTable().contains("no limit was tested of Br, HcJ, reported and not judged"))
    let verdict = try #require(try object(sample)["verdict"] as? [String: Any])
    #expect(verdict["notLimited"] as? [String] == ["Br", "HcJ"])
    #expect(sample.terminalTable().contains("LN9, FLN8; none of them limits Br, HcJ"))
  }

  @Test func theExplanationHasEveryStep() throws {
    let sample = try judged("N42UH")
    let steps = try #require(try object(sample)["explanation"] as? [String])
    let expected = [
      ["The limits of N42UH", "consensus-ndfeb, edition 1", "trade consensus", "“consensus”", "20.0 °C"],
      ["measured at 23.0 °C", "default open circuit"],
      ["Minima are tested", "ilac-g8", "w = 1·U"],
      ["Br ≥ 1.28 T", "1.312 T with U = 0.016 T", "T + w = 1.296 T", "clears that by 0.0164 T", "pass"],
      ["HcB ≥"],
      [
        "HcJ ≥ 1990 kA/m", "T + w = 2006 kA/m", "misses the limit by 366 kA/m, more than w",
        "fail, probability",
      ],
      ["(BH)max ≥ 318 kJ/m³", "pass"],
      ["worst of these: fail"],
      ["best first", "N42SH, N42H"],
      ["N42UH, is not met (fail)", "366 kA/m"],
    ]
    #expect(steps.count == expected.count, "\(steps)")
    for (step, words) in zip(steps, expected) {
      for word in words { #expect(step.contains(word), "“\(word)” is missing in “\(step)”") }
      #expect(step.hasSuffix("."))
    }
    let table = sample.terminalTable()
    #expect(table.contains("  1. The limits of N42UH"))
    #expect(table.contains("  10. The next better grade"))
  }

  @Test func withoutAClaimTheGradesAreExplained() throws {
    let steps = try #require(try object(try judged(nil))["explanation"] as? [String])
    #expect(steps.count == 5)
    #expect(steps[3].contains("N42SH, N42H"))
    #expect(steps[4].contains("N42UH"))
  }

  @Test func reservationsAndObstaclesAreSteps() throws {
    let judge = Judge(table: try GradeTable.bundled("consensus-ndfeb"))
    let grade = try #require(judge.table.grade(named: "N42SH"))
    func steps(_ flag: Flag.Code) throws -> [String] {
      var sample = Fixture.sample(verdict: nil, grades: nil)
      sample.analysis.flags = [Flag(flag, "That is so.")]
      sample.verdict = judge.verdict(on: sample.analysis, against: grade)
      sample.grades = judge.gradesMet(by: sample.analysis)
      sample.reasoning = JudgementReasoning(of: judge, grade: grade, sample: sample)
      return try #require(try object(sample)["explanation"] as? [String])
    }
    #expect(try steps(.asymmetric).contains("This allows a conditional pass at best: That is so."))
    #expect(try steps(.asymmetric).contains("The verdict is the worst of these: conditional pass."))
    let undecided = try steps(.multipleCrossings)
    #expect(undecided.contains("Nothing can be decided: That is so."))
    #expect(undecided.last == "The verdict is the worst of these: undetermined.")
  }
}
