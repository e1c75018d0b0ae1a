// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Simulation
import Testing

/// Judgement of magnets that are nothing like sintered NdFeB, and what a verdict tells of a miss.
struct FamilyJudgementTests {
  private func judge(_ table: String, _ name: String) throws -> (judge: Judge, grade: Grade) {
    let table = try GradeTable.bundled(table)
    return (Judge(table: table), try #require(table.grade(named: name)))
  }

  // Ferrite: HcB is 97 % of HcJ, and both lie behind the knee.
  @Test func ferriteIsJudgedByTheSameRules() throws {
    let (judge, grade) = try judge("ferrite", "Y30")
    let good = analysis(remanence: 0.385, hcB: 182e3, hcJ: 187e3, product: 27.5e3, knee: 170e3)
    let verdict = judge.verdict(on: good, against: grade)
    #expect(verdict.result == .pass)
    #expect(verdict.notLimited.isEmpty)
    // Y28 and Y30 have the same limits.
    #expect(judge.gradesMet(by: good).map(\.name) == ["Y28", "Y30", "Y25"])
    // Too few points where it switches leave HcB undecided too.
    let sparse = analysis(
      remanence: 0.385, hcB: 182e3, hcJ: 187e3, product: 27.5e3, knee: 170e3, flags: [.undersampled])
    #expect(
      judge.verdict(on: sparse, against: grade).characteristics.map(\.result)
        == [.pass, .undetermined, .undetermined, .pass])
    // With the knee behind it, HcB does not rest on the switching region.
    let hard = analysis(
      remanence: 0.385, hcB: 182e3, hcJ: 300e3, product: 27.5e3, knee: 270e3, flags: [.undersampled])
    #expect(judge.verdict(on: hard, against: grade).characteristics.map(\.result)[1] == .pass)
  }

  @Test func whatATableDoesNotLimitIsNamed() throws {
    let (alnico, lng44) = try judge("taihan-alnico", "LNG44")
    let piece = analysis(remanence: 1.27, hcB: 54e3, hcJ: 54.5e3, product: 46e3, knee: 50e3)
    let verdict = alnico.verdict(on: piece, against: lng44)
    #expect(verdict.result == .pass)
    #expect(verdict.characteristics.map(\.characteristic) == [.coercivityHcB, .energyProduct])
    #expect(verdict.notLimited == [.remanence, .coercivityHcJ])
    #expect(alnico.gradesMet(by: piece).first { $0.name == "LNG44" }?.notLimited == verdict.notLimited)
    let (recoma, ht520) = try judge("smco", "Recoma HT520")
    #expect(recoma.verdict(on: piece, against: ht520).result == .undetermined)
    var willing = recoma
    willing.allowUnchecked = true
    let told = willing.verdict(on: piece, against: ht520)
    #expect(told.result == .fail)
    #expect(told.confidence == "unchecked")
    #expect(told.notLimited == [.remanence, .coercivityHcB, .energyProduct])
  }

  // Both sides are judged in every family: a piece can be too good for its name.
  @Test(arguments: [
    ("ferrite", "Y30", 0.41, 190e3, 195e3, 28e3, Characteristic.remanence),
    ("smco", "YX20", 0.91, 700e3, 1400e3, 172e3, .energyProduct),
    ("alnico", "AlNiCo 37/5", 1.28, 50e3, 51e3, 46e3, .energyProduct),
  ])
  func maximaAreJudgedOnRequest(
    _ table: String, _ name: String, _ remanence: Double, _ hcB: Double, _ hcJ: Double, _ product: Double,
    _ exceeded: Characteristic
  ) throws {
    var (judge, grade) = try judge(table, name)
    let piece = analysis(
      remanence: remanence, hcB: hcB, hcJ: hcJ, product: product, relativeUncertainty: 0.002)
    #expect(judge.verdict(on: piece, against: grade).result == .pass)
    judge.limitSelection = .minimumAndMaximum
    let verdict = judge.verdict(on: piece, against: grade)
    #expect(verdict.result == .fail)
    let missed = verdict.characteristics.filter { $0.shortfall != nil }
    #expect(missed.map(\.characteristic) == [exceeded])
    #expect(missed.map(\.side) == [.maximum])
  }

  @Test func promisedSquarenessIsJudged() throws {
    let (judge, grade) = try judge("jjmagnet-ndfeb", "N38")
    func verdict(_ squareness: Double) -> Verdict {
      judge.verdict(
        on: analysis(remanence: 1.25, hcB: 930e3, hcJ: 1100e3, product: 300e3, squareness: squareness),
        against: grade)
    }
    #expect(verdict(0.97).result == .pass)
    #expect(verdict(0.93).result == .fail)
    #expect(verdict(0.93).characteristics.last?.characteristic == .squareness)
  }

  @Test func aMissIsTheDistanceToItsLimit() throws {
    let (judge, grade) = try judge("consensus-ndfeb", "N42SH")
    let verdict = judge.verdict(on: analysis(hcJ: 1500e3), against: grade)
    #expect(verdict.characteristics.map(\.shortfall) == [nil, nil, 1592e3 - 1500e3, nil])
    // At the limit nothing is missing.
    let fits = judge.verdict(on: analysis(hcJ: 1592e3), against: grade)
    #expect(fits.characteristics.allSatisfy { $0.shortfall == nil })
    let absent = judge.verdict(on: analysis(hcJ: nil), against: grade)
    #expect(absent.characteristics.allSatisfy { $0.shortfall == nil })
  }

  @Test func theNextBetterGradeIsTheOneAboveTheBest() throws {
    let (judge, _) = try judge("consensus-ndfeb", "N42SH")
    let piece = analysis()
    let best = judge.gradesMet(by: piece).first
    let next = try #require(judge.nextBetter(than: best, for: piece))
    #expect(next.grade == "N42UH")
    #expect(next.result == .fail)
    #expect(next.characteristics.first { !$0.result.conforms }?.characteristic == .coercivityHcJ)
    // A lump of iron misses the least grade of all.
    let iron = analysis(remanence: 0.1, hcB: 1e3, hcJ: 1e3, product: 10)
    let least = try #require(judge.nextBetter(than: nil, for: iron))
    let products = judge.table.grades.compactMap { $0.limit(.energyProduct, .minimum) }
    #expect(judge.table.grade(named: least.grade)?.limit(.energyProduct, .minimum) == products.min())
    var strict = judge
    strict.limitSelection = .minimumAndMaximum
    #expect(strict.nextBetter(than: nil, for: iron) == nil)
    // Above the best grade of all stands none, and nothing is said of a loop that cannot be judged.
    let champion = analysis(remanence: 1.6, hcB: 1200e3, hcJ: 3000e3, product: 500e3)
    #expect(judge.nextBetter(than: judge.gradesMet(by: champion).first, for: champion) == nil)
    #expect(judge.nextBetter(than: nil, for: analysis(celsius: 80)) == nil)
  }
}

struct ConsumerRiskTests {
  // Pieces whose true HcJ lies one part in a billion below the limit: with w = U each passes with the probability
  // 1 − Φ(2) = 2.275 %. The bound is 2.5 % and three standard errors of a share among 100000.
  @Test(arguments: [DecisionRule.guardBand, .ilacG8]) func fewPiecesBelowTheLimitPass(_ rule: DecisionRule)
    throws
  {
    let table = try GradeTable.bundled("consensus-ndfeb")
    let judge = Judge(table: table, rule: rule)
    let grade = try #require(table.grade(named: "N42SH"))
    let limit = try #require(grade.limit(.coercivityHcJ, .minimum))
    let count = 100_000
    let u = 0.005
    var source = GaussianSource(seed: 20_260_706)
    var passed = 0
    var decided = 0
    for index in 0..<count {
      let value = limit * (1 - 1e-9) * (1 + u * source.next())
      let result = rule.decide(
        value: value, expandedUncertainty: 2 * u * limit, limit: limit, side: .minimum)
      passed += result == .pass ? 1 : 0
      // The whole judgement says the same, for a share of the pieces that a test has time for. Uncertainties of these
      // analyses are relative to the value.
      guard index % 50 == 0 else { continue }
      let verdict = judge.verdict(
        on: analysis(hcJ: value, relativeUncertainty: u * limit / value), against: grade)
      #expect(verdict.characteristics[2].result == result)
      decided += 1
    }
    #expect(decided == 2000)
    let share = Double(passed) / Double(count)
    #expect(share <= 0.025 + 3 * (0.025 * 0.975 / Double(count)).squareRoot(), "\(share)")
    // It is that of the normal distribution, or nothing was simulated.
    #expect(abs(share - 0.02275) <= 4 * (0.02275 * 0.97725 / Double(count)).squareRoot(), "\(share)")
  }
}
