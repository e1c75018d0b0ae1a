// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

@Suite struct SwitchingRulesTests {
  // Letter K at AQL 1.0: normal 125/3/4, tightened 125/2/3, reduced 50/1/4.
  private func plan(_ severity: InspectionSeverity, _ limit: String = "1.0") throws -> AttributePlan {
    try AttributePlan(codeLetter: "K", severity: severity, limit: AcceptanceQualityLimit(limit))
  }

  /// Lots by letter: n, t and r are good under normal, tightened and reduced inspection, capitals are rejected, and m is
  /// between the two numbers of reduced inspection.
  private func lots(_ word: String, _ limit: String = "1.0") throws -> [LotRecord] {
    try word.map { letter in
      let severity: InspectionSeverity =
        "nN".contains(letter) ? .normal : "tT".contains(letter) ? .tightened : .reduced
      return LotRecord(
        plan: try plan(severity, limit), nonconforming: letter.isUppercase ? 9 : letter == "m" ? 2 : 0)
    }
  }

  @Test(
    arguments: [
      ("", .normal, 0), ("nnnn", .normal, 0), ("N", .normal, 0), ("NN", .tightened, 2),
      ("NnnnN", .tightened, 5), ("NnnnnN", .normal, 0), ("nnNnN", .tightened, 5),
      ("NNtttt", .tightened, 2), ("NNttttt", .normal, 7), ("NNttttTttttt", .normal, 12),
      ("NNTTTT", .tightened, 2), ("NNTTTTT", nil, 7), ("NNTttTttTttTttT", nil, 15),
      // A return to normal inspection ends the count of five.
      ("NNTTTTtttttNNTT", .tightened, 13), ("NNtttttN", .normal, 7), ("NNtttttNN", .tightened, 9),
    ] as [(String, InspectionSeverity?, Int)])
  func statesAfterHistories(_ word: String, _ severity: InspectionSeverity?, _ since: Int) throws {
    let state = SwitchingRules.state(after: try lots(word))
    #expect(state.severity == severity && state.since == since, "\(word): \(state)")
    #expect(state.ignoredLots == 0)
    #expect(state.reason.hasPrefix(severity?.rawValue ?? "discontinued"))
  }

  @Test func lotsThatDoNotCountAreSaid() throws {
    var again = try lots("NnN")
    again[2].isOriginal = false
    #expect(SwitchingRules.state(after: again).severity == .normal)
    #expect(SwitchingRules.state(after: again).ignoredLots == 1)
    // Lots under normal inspection say nothing while tightened inspection is asked for.
    let state = SwitchingRules.state(after: try lots("NNnnnnnn"))
    #expect(state.severity == .tightened && state.ignoredLots == 6)
  }

  @Test func inspectionResumesAsTightenedAfterCorrection() throws {
    var history = try lots("NNTTTTTttttt")
    #expect(SwitchingRules.state(after: history).severity == nil)
    #expect(SwitchingRules.state(after: history).ignoredLots == 5)
    history[7].followsCorrection = true
    #expect(SwitchingRules.state(after: history).severity == .normal)
    #expect(SwitchingRules.state(after: Array(history.dropLast())).severity == .tightened)
  }

  // Ac 3: three points a lot that also passes with Ac 2 of AQL 0.65, so thirty after ten lots.
  @Test func scoreOfThirtyReducesInspection() throws {
    let good = try lots(String(repeating: "n", count: 10))
    #expect(SwitchingRules.state(after: good).severity == .normal, "never unless it is wished")
    #expect(
      SwitchingRules.state(after: Array(good.dropLast()), reduction: .switchingScore).severity == .normal)
    #expect(SwitchingRules.state(after: good, reduction: .switchingScore).severity == .reduced)
    // Three bad pieces pass at AQL 1.0 and would not at 0.65, where two are allowed: the score begins anew.
    var middle = good + good
    middle[5].nonconforming = 3
    #expect(
      SwitchingRules.state(after: Array(middle.prefix(15)), reduction: .switchingScore).severity == .normal)
    #expect(
      SwitchingRules.state(after: Array(middle.prefix(16)), reduction: .switchingScore).severity == .reduced)
    middle[5].nonconforming = 2
    #expect(
      SwitchingRules.state(after: Array(middle.prefix(10)), reduction: .switchingScore).severity == .reduced)
    // Unsteady production keeps the score and the inspection.
    var unsteady = good
    unsteady[9].isSteady = false
    #expect(SwitchingRules.state(after: unsteady, reduction: .switchingScore).severity == .normal)
  }

  // Ac 0 or 1: two points a lot, so thirty after fifteen lots.
  @Test func smallAcceptanceNumbersScoreTwo() throws {
    let good = try lots(String(repeating: "n", count: 15), "0.25")
    #expect(good[0].plan.acceptanceNumber == 1)
    #expect(
      SwitchingRules.state(after: Array(good.dropLast()), reduction: .switchingScore).severity == .normal)
    #expect(SwitchingRules.state(after: good, reduction: .switchingScore).severity == .reduced)
  }

  @Test func limitNumberReducesInspectionAfterTenLots() throws {
    var good = try lots(String(repeating: "n", count: 10))
    good[3].nonconforming = 3
    good[4].nonconforming = 2
    #expect(SwitchingRules.state(after: good, reduction: .limitNumber(5)).severity == .reduced)
    #expect(SwitchingRules.state(after: good, reduction: .limitNumber(4)).severity == .normal)
    #expect(
      SwitchingRules.state(after: Array(good.dropLast()), reduction: .limitNumber(5)).severity == .normal)
    good[0].nonconforming = 4
    #expect(SwitchingRules.state(after: good, reduction: .limitNumber(50)).severity == .normal)
  }

  @Test func reducedInspectionEndsAtTheFirstDoubt() throws {
    let start = try lots(String(repeating: "n", count: 10))
    func after(_ word: String, steady: Bool = true) throws -> InspectionState {
      var more = try lots(word)
      more[more.count - 1].isSteady = steady
      return SwitchingRules.state(after: start + more, reduction: .switchingScore)
    }
    #expect(try after("rrr").severity == .reduced)
    #expect(try after("rrR").severity == .normal)
    let between = try after("rm")
    #expect(between.severity == .normal && between.reason.contains("2 nonconforming pieces, more than 1"))
    #expect(try after("rr", steady: false).severity == .normal)
    #expect(try after("mNN").severity == .tightened)
  }
}
