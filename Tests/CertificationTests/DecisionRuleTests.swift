// SPDX-License-Identifier: GPL-3.0-or-later
import Certification
import Foundation
import TestSupport
import Testing

struct DecisionRuleTests {
  /// Exact in binary, so that the boundaries are hit exactly: T = 1592, U = 32.
  @Test(arguments: [
    (1624.0, Conformity.pass, Conformity.pass, Conformity.pass),
    (1624.0.nextDown, .conditionalPass, .fail, .pass), (1592, .conditionalPass, .fail, .pass),
    (1592.0.nextDown, .conditionalFail, .fail, .fail), (1560, .conditionalFail, .fail, .fail),
    (1560.0.nextDown, .fail, .fail, .fail),
  ])
  func boundariesBelongToTheBetterSide(
    _ value: Double, _ ilac: Conformity, _ guarded: Conformity, _ simple: Conformity
  ) {
    for (rule, expected) in [
      (DecisionRule.ilacG8, ilac), (.guardBand, guarded), (.simple, simple),
    ] {
      #expect(
        rule.decide(value: value, expandedUncertainty: 32, limit: 1592, side: .minimum) == expected,
        "\(rule.id)")
      // An upper limit is the mirror image.
      #expect(
        rule.decide(value: -value, expandedUncertainty: 32, limit: -1592, side: .maximum) == expected,
        "\(rule.id), upper")
    }
  }

  @Test func guardBandsScaleWithTheirMultiple() throws {
    let half = try #require(DecisionRule.ilacG8.withGuardBand(0.5))
    #expect(half.id == "ilac-g8")
    #expect(half.decide(value: 1608, expandedUncertainty: 32, limit: 1592, side: .minimum) == .pass)
    #expect(
      half.decide(value: 1607, expandedUncertainty: 32, limit: 1592, side: .minimum)
        == .conditionalPass)
    #expect(
      half.decide(value: 1575, expandedUncertainty: 32, limit: 1592, side: .minimum) == .fail)
    #expect(DecisionRule.ilacG8.withGuardBand(-1) == nil)
    #expect(DecisionRule.ilacG8.withGuardBand(.nan) == nil)
    #expect(DecisionRule.ilacG8.withGuardBand(.infinity) == nil)
    #expect(DecisionRule.simple.withGuardBand(1) == nil)
    #expect(DecisionRule.simple.withGuardBand(0) == .simple)
  }

  @Test func rulesAreFoundByTheirIds() {
    #expect(DecisionRule.all.map(\.id) == ["ilac-g8", "guard-band", "simple"])
    for rule in DecisionRule.all { #expect(DecisionRule(id: rule.id) == rule) }
    #expect(DecisionRule(id: "generous") == nil)
  }

  /// Probabilities of JCGM 106:2012, 7.3 and 7.4, printed to six decimals.
  @Test(
    arguments: [
      (1592.0, 16.0, 1592.0, nil, 0.500000), (1608, 16, 1592, nil, 0.841345),
      (1592 + 1.644854 * 16, 16, 1592, nil, 0.950000), (1624, 16, 1592, nil, 0.977250),
      (1560, 16, 1592, nil, 0.022750), (1600, 16, 1592, nil, 0.691462), (322, 3.2, 318, nil, 0.894350),
      (1.300, 0.0065, 1.28, 1.32, 0.997909), (1.315, 0.0065, 1.28, 1.32, 0.779122),
    ] as [(Double, Double, Double?, Double?, Double)])
  func probabilitiesAgreeWithThePrintedDigits(
    _ value: Double, _ u: Double, _ lower: Double?, _ upper: Double?, _ expected: Double
  ) {
    let probability = probabilityOfConformity(
      value: value, standardUncertainty: u, lower: lower, upper: upper)
    #expect(abs(probability - expected) <= 0.51e-6, "\(probability)")
    // Mirrored limits give the same probability.
    let mirrored = probabilityOfConformity(
      value: -value, standardUncertainty: u, lower: upper.map { -$0 }, upper: lower.map { -$0 })
    #expect(abs(mirrored - expected) <= 0.51e-6, "\(mirrored)")
  }

  @Test func withoutUncertaintyProbabilitiesAreCertain() {
    #expect(probabilityOfConformity(value: 1, standardUncertainty: 0, lower: 1, upper: 1) == 1)
    #expect(probabilityOfConformity(value: 1, standardUncertainty: 0, lower: 1.1) == 0)
    #expect(probabilityOfConformity(value: 1, standardUncertainty: 0, upper: 0.9) == 0)
  }

  @Test func probabilitiesAgreeWithTheSharedList() throws {
    guard let url = Repository.shared("facts/decision_specific_risk.csv") else {
      print("passed over: the list of probabilities is not beside the repository")
      return
    }
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    #expect(lines[0] == "case,side,TL,TU,measured,u_standard,P_conform,P_nonconform")
    #expect(lines.count >= 11)
    for line in lines.dropFirst() {
      // The first cell may be quoted and hold commas; the rest is counted from the end.
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).suffix(7).map(String.init)
      let value = try #require(Double(cells[3]))
      let u = try #require(Double(cells[4]))
      let expected = try #require(Double(cells[5]))
      let probability = probabilityOfConformity(
        value: value, standardUncertainty: u, lower: Double(cells[1]), upper: Double(cells[2]))
      #expect(abs(probability - expected) <= 0.51e-6, "\(line): \(probability)")
    }
  }

  @Test func guardBandsKeepTheRiskOfTheSharedList() throws {
    guard let url = Repository.shared("facts/decision_guard_bands.csv") else {
      print("passed over: the list of guard bands is not beside the repository")
      return
    }
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    #expect(lines[0] == "rule,w_over_u,w_over_U_k2,max_specific_false_accept_one_sided")
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").suffix(3)
      let numbers = cells.compactMap { Double($0) }
      try #require(numbers.count == 3)
      let rule = try #require(DecisionRule.guardBand.withGuardBand(numbers[1]))
      // U = 2 and u = 1 at the limit 0: the smallest value that passes lies at w.
      let w = 2 * numbers[1]
      #expect(rule.decide(value: w, expandedUncertainty: 2, limit: 0, side: .minimum) == .pass)
      #expect(rule.decide(value: w - 1e-9, expandedUncertainty: 2, limit: 0, side: .minimum) == .fail)
      let risk = 1 - probabilityOfConformity(value: w, standardUncertainty: 1, lower: 0)
      // Both columns of the list are rounded to six or seven digits.
      #expect(abs(risk - numbers[2]) <= 0.6e-6, "\(line): \(risk)")
    }
  }
}
