// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Measurements
import Quantities
import Testing

/// An analysis with given values and relative standard uncertainties, and nothing else in it.
func analysis(
  remanence: Double? = 1.325, hcB: Double? = 1010e3, hcJ: Double? = 1700e3, product: Double? = 336e3,
  knee: Double? = nil, squareness: Double? = nil, relativeUncertainty: Double = 0.005,
  flags: [Flag.Code] = [],
  absences: [Absence] = [], celsius: Double? = 23
) -> LoopAnalysis {
  func estimate<Kind>(_ value: Double?) -> Estimate<Kind>? {
    value.map {
      Estimate(
        value: Quantity(si: $0),
        budget: [
          BudgetLine(
            id: "test", evaluation: .typeB, title: "test", contribution: $0 * relativeUncertainty)
        ], method: "test")
    }
  }
  var properties = MagnetProperties()
  properties.remanence = estimate(remanence)
  properties.coercivityHcB = estimate(hcB)
  properties.coercivityHcJ = estimate(hcJ)
  properties.energyProduct = estimate(product)
  properties.kneeField = estimate(knee)
  properties.squareness = estimate(squareness)
  return LoopAnalysis(
    properties: properties, absences: absences,
    conditions: Conditions(
      temperature: celsius.map { Sourced(Quantity(si: $0 + 273.15), .data) },
      circuit: Sourced(.closed, .user), demagnetisingFactor: nil, fieldIsInternal: true,
      maximumFieldAmperesPerMetre: 2400e3),
    flags: flags.map { Flag($0, "because of \($0.rawValue)") }, corrections: [],
    loop: ConditionedLoop(internalField: Series(si: []), polarisation: Series(si: []), sweeps: []),
    curve: DemagnetisationCurve(internalField: Series(si: []), polarisation: Series(si: [])),
    budgetName: "test", coverageProbability: CoverageFactor.conventional)
}

struct JudgeTests {
  let judge: Judge
  let grade: Grade

  init() throws {
    judge = Judge(table: try GradeTable.bundled("consensus-ndfeb"))
    grade = try #require(judge.table.grade(named: "N42SH"))
  }

  @Test func aGoodPiecePassesOnItsMinima() throws {
    let verdict = judge.verdict(on: analysis(), against: grade)
    #expect(verdict.result == .pass)
    #expect(verdict.reasons.isEmpty)
    #expect(verdict.grade == "N42SH")
    #expect(verdict.table == "consensus-ndfeb")
    #expect(verdict.edition == "1")
    #expect(verdict.confidence == "consensus")
    #expect(verdict.rule == "ilac-g8")
    #expect(verdict.guardBand == 1)
    #expect(
      verdict.characteristics.map(\.characteristic) == [
        .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct,
      ])
    #expect(verdict.characteristics.allSatisfy { $0.side == .minimum && $0.result == .pass })
    let remanence = try #require(verdict.characteristics.first)
    #expect(remanence.limit == 1.28)
    #expect(remanence.value == 1.325)
    // k = 2 for infinite degrees of freedom.
    #expect(remanence.expandedUncertainty == 2 * (1.325 * 0.005))
    #expect(abs((remanence.probabilityOfConformity ?? 0) - 1) < 1e-6)
  }

  @Test func theWorstCharacteristicCounts() {
    // U(HcJ) is about 16 kA/m: 1600 is above the limit of 1592 and inside the guard band.
    #expect(judge.verdict(on: analysis(hcJ: 1600e3), against: grade).result == .conditionalPass)
    #expect(judge.verdict(on: analysis(hcJ: 1585e3), against: grade).result == .conditionalFail)
    #expect(judge.verdict(on: analysis(hcJ: 1450e3), against: grade).result == .fail)
    let two = judge.verdict(on: analysis(hcJ: 1585e3, product: 300e3), against: grade)
    #expect(two.result == .fail)
    #expect(two.characteristics.map(\.result) == [.pass, .pass, .conditionalFail, .fail])
  }

  @Test func maximaCountOnlyWhenAskedFor() {
    var strict = judge
    strict.limitSelection = .minimumAndMaximum
    // Br 1.36 T lies above the maximum of 1.32 T by three times U.
    let sample = analysis(remanence: 1.36)
    #expect(judge.verdict(on: sample, against: grade).result == .pass)
    let verdict = strict.verdict(on: sample, against: grade)
    #expect(verdict.result == .fail)
    #expect(verdict.characteristics.count == 6)
    #expect(verdict.characteristics.first { $0.side == .maximum }?.result == .fail)
  }

  @Test func rulesDecideDifferentlyInTheGuardBand() throws {
    let sample = analysis(hcJ: 1600e3)
    var other = judge
    other.rule = .simple
    #expect(other.verdict(on: sample, against: grade).result == .pass)
    other.rule = .guardBand
    #expect(other.verdict(on: sample, against: grade).result == .fail)
    other.rule = try #require(DecisionRule.ilacG8.withGuardBand(0.4))
    let verdict = other.verdict(on: sample, against: grade)
    #expect(verdict.result == .pass)
    #expect(verdict.guardBand == 0.4)
  }

  @Test(arguments: [Flag.Code.unsaturated, .multipleCrossings, .noVolume, .clipped])
  func someFlagsForbidEveryVerdict(_ code: Flag.Code) {
    // Even a value far below its limit proves nothing then.
    for hcJ in [1700e3, 1000e3] {
      let sample = analysis(hcJ: hcJ, flags: [code])
      let verdict = judge.verdict(on: sample, against: grade)
      #expect(verdict.result == .undetermined)
      #expect(verdict.reasons == ["because of \(code.rawValue)"])
      #expect(verdict.characteristics.allSatisfy { $0.result == .undetermined && $0.value != nil })
      #expect(judge.gradesMet(by: sample).isEmpty)
      #expect(judge.obstacles(to: sample) == ["because of \(code.rawValue)"])
    }
  }

  @Test func anotherTemperatureForbidsEveryVerdictAndNamesBoth() throws {
    let sample = analysis(flags: [.temperature], celsius: 80)
    let verdict = judge.verdict(on: sample, against: grade)
    #expect(verdict.result == .undetermined)
    let reason = try #require(verdict.reasons.first)
    for word in ["80.0 °C", "20.0 °C", "another temperature"] { #expect(reason.contains(word), "\(reason)") }
    #expect(judge.gradesMet(by: sample).isEmpty)
    // The flag alone is enough when the temperature is not given as a number.
    #expect(
      judge.verdict(on: analysis(flags: [.temperature], celsius: nil), against: grade).result
        == .undetermined)
    for fine in [19.1, 26.9] {
      #expect(judge.verdict(on: analysis(celsius: fine), against: grade).result == .pass)
    }
    for off in [18.9, 27.1] {
      #expect(judge.verdict(on: analysis(celsius: off), against: grade).result == .undetermined)
    }
  }

  @Test(arguments: [Flag.Code.noTemperature, .interpolation])
  func someFlagsAllowAConditionalPassAtBest(_ code: Flag.Code) {
    let verdict = judge.verdict(on: analysis(flags: [code]), against: grade)
    #expect(verdict.result == .conditionalPass)
    #expect(verdict.reasons == ["because of \(code.rawValue)"])
    let failing = judge.verdict(on: analysis(hcJ: 1400e3, flags: [code]), against: grade)
    #expect(failing.result == .fail)
    #expect(judge.gradesMet(by: analysis(flags: [code])).allSatisfy { $0.result == .conditionalPass })
  }

  @Test func saturatedPolesAllowAConditionalPassOfHcJAtBest() {
    let verdict = judge.verdict(on: analysis(flags: [.poleSaturation]), against: grade)
    #expect(verdict.result == .conditionalPass)
    #expect(verdict.characteristics.map(\.result) == [.pass, .pass, .conditionalPass, .pass])
    #expect(verdict.characteristics[2].reason == "because of pole-saturation")
  }

  @Test func undersampledLoopsLeaveTheSwitchingRegionUndetermined() {
    let verdict = judge.verdict(on: analysis(flags: [.undersampled]), against: grade)
    #expect(verdict.result == .undetermined)
    #expect(verdict.characteristics.map(\.result) == [.pass, .pass, .undetermined, .pass])
    #expect(verdict.characteristics[2].value == 1700e3)
    // A proven miss of another limit refutes the grade all the same.
    #expect(
      judge.verdict(on: analysis(remanence: 1.0, flags: [.undersampled]), against: grade).result
        == .fail)
  }

  @Test(arguments: [Flag.Code.despiked, .defaultBudget, .singleBranch, .fromFluxDensity])
  func otherFlagsHaveNoEffect(_ code: Flag.Code) {
    #expect(judge.verdict(on: analysis(flags: [code]), against: grade).result == .pass)
  }

  @Test(arguments: [Flag.Code.implausible, .reversedPolarity, .unsaturated, .multipleCrossings, .noVolume])
  func nothingIsDecidedOnDataThatCannotBeRight(_ code: Flag.Code) {
    #expect(judge.verdict(on: analysis(flags: [code]), against: grade).result == .undetermined)
    #expect(judge.gradesMet(by: analysis(flags: [code])).isEmpty)
  }

  @Test(arguments: [
    Flag.Code.asymmetric, .sparse, .modelMisfit, .interpolation, .noTemperature, .noDemagnetisation,
  ])
  func doubtAllowsAConditionalPassAtBest(_ code: Flag.Code) {
    let verdict = judge.verdict(on: analysis(flags: [code]), against: grade)
    #expect(verdict.result == .conditionalPass)
    #expect(verdict.reasons.count == 1)
  }

  @Test func missingValuesAreUndeterminedUnlessAnotherOneFails() throws {
    let missing = judge.verdict(
      on: analysis(
        hcJ: nil, flags: [.incompleteHcJ],
        absences: [Absence(.coercivityHcJ, .incompleteHcJ, lowerBound: 1500e3)]), against: grade)
    #expect(missing.result == .undetermined)
    let line = missing.characteristics[2]
    #expect(line.result == .undetermined)
    #expect(line.value == nil)
    #expect(line.probabilityOfConformity == nil)
    #expect(line.reason == "because of incomplete-hcj")
    let failing = judge.verdict(on: analysis(remanence: 1.1, hcJ: nil), against: grade)
    #expect(failing.result == .fail)
    #expect(failing.characteristics[2].reason?.contains("HcJ") == true)
  }

  @Test func aKnownLowerBoundGivesAConditionalPass() throws {
    let verdict = judge.verdict(
      on: analysis(
        hcJ: nil, flags: [.incompleteHcJ],
        absences: [Absence(.coercivityHcJ, .incompleteHcJ, lowerBound: 1800e3)]), against: grade)
    #expect(verdict.result == .conditionalPass)
    let reason = try #require(verdict.characteristics[2].reason)
    for word in ["1800", "1592 kA/m"] { #expect(reason.contains(word), "\(reason)") }
  }

  @Test func uncheckedGradesServeOnRequestOnly() throws {
    let sample = analysis(remanence: 1.48, hcB: 1100e3, hcJ: 1700e3, product: 405e3)
    let unchecked = try #require(judge.table.grade(named: "N52SH"))
    let refused = judge.verdict(on: sample, against: unchecked)
    #expect(refused.result == .undetermined)
    #expect(refused.reasons.first?.contains("--allow-unchecked") == true)
    #expect(refused.confidence == "unchecked")
    #expect(!judge.gradesMet(by: sample).contains { $0.name == "N52SH" })
    var willing = judge
    willing.allowUnchecked = true
    #expect(willing.verdict(on: sample, against: unchecked).result == .pass)
    #expect(
      willing.gradesMet(by: sample).first == MetGrade(name: "N52SH", result: .pass, confidence: "unchecked"))
  }

  @Test func doubtfulGradesNeverServe() throws {
    let table = try GradeTable(
      toml: GradeTableCheckTests.table(
        "[[grade]]\nname = 'X1'\nclass = ''\nbr_min_T = 1\nconfidence = 'doubtful'"), name: "mine")
    let judge = Judge(table: table, allowUnchecked: true)
    #expect(judge.verdict(on: analysis(), against: table.grades[0]).result == .undetermined)
    #expect(judge.gradesMet(by: analysis()).isEmpty)
  }

  @Test func gradesWithoutALimitToTestAreUndetermined() throws {
    let table = try GradeTable(
      toml: GradeTableCheckTests.table("[[grade]]\nname = 'X1'\nclass = ''\nbr_max_T = 2"), name: "mine")
    var judge = Judge(table: table)
    #expect(judge.verdict(on: analysis(), against: table.grades[0]).result == .undetermined)
    judge.limitSelection = .minimumAndMaximum
    #expect(judge.verdict(on: analysis(), against: table.grades[0]).result == .pass)
  }

  // Hot and good at 20 °C passes, hot and bad at 20 °C fails whatever it was as measured, and a reduction to where the
  // limits do not hold helps nothing.
  @Test func reducedValuesAreWhatIsJudged() throws {
    var hot = analysis(remanence: 1.2, hcJ: 1000e3, product: 280e3, celsius: 80)
    #expect(judge.verdict(on: hot, against: grade).result == .undetermined)
    func reduced(to celsius: Double, hcJ: Double?) -> ReducedQuantities {
      let good = analysis(hcJ: hcJ)
      return ReducedQuantities(
        temperature: Quantity(si: celsius + 273.15), estimates: good.estimates,
        absences: hcJ == nil ? [Absence(.coercivityHcJ, .temperatureReduction)] : [])
    }
    hot.reduced = reduced(to: 20, hcJ: 1700e3)
    let verdict = judge.verdict(on: hot, against: grade)
    #expect(verdict.result == .pass)
    #expect(verdict.characteristics.first?.value == 1.325)
    #expect(judge.gradesMet(by: hot).first?.name == "N42SH")
    hot.reduced = reduced(to: 20, hcJ: 1450e3)
    #expect(judge.verdict(on: hot, against: grade).result == .fail)
    hot.reduced = reduced(to: 20, hcJ: nil)
    hot.flags = [Flag(.temperatureReduction, "because of it")]
    let missing = judge.verdict(on: hot, against: grade)
    #expect(missing.result == .undetermined)
    #expect(missing.characteristics[2].reason == "because of it")
    hot.reduced = reduced(to: 40, hcJ: 1700e3)
    let elsewhere = judge.verdict(on: hot, against: grade)
    #expect(elsewhere.result == .undetermined)
    #expect(elsewhere.reasons.first?.contains("reduced to 40.0 °C") == true)
  }

  @Test func squarenessIsJudgedWhereAGradeLimitsIt() throws {
    let table = try GradeTable(
      toml: GradeTableCheckTests.table("[[grade]]\nname = 'X1'\nclass = ''\nsquareness_min = 0.9"),
      name: "mine")
    let judge = Judge(table: table)
    let grade = table.grades[0]
    #expect(judge.verdict(on: analysis(squareness: 0.93), against: grade).result == .pass)
    #expect(judge.verdict(on: analysis(squareness: 0.85), against: grade).result == .fail)
    #expect(
      judge.verdict(on: analysis(squareness: 0.93, flags: [.undersampled]), against: grade).result
        == .undetermined)
    #expect(
      judge.verdict(on: analysis(squareness: 0.93, flags: [.poleSaturation]), against: grade).result
        == .conditionalPass)
  }

  @Test func gradesMetAreListedBestFirst() {
    let met = judge.gradesMet(by: analysis())
    // (BH)max of 336 kJ/m³ clears 318 by more than U and misses 342 by more than U.
    #expect(met.prefix(4).map(\.name) == ["N42SH", "N42H", "N42M", "N42"])
    #expect(met.map(\.name).contains("N30"))
    #expect(!met.map(\.name).contains("N42UH"))
    let products = met.compactMap { judge.table.grade(named: $0.name)?.limit(.energyProduct, .minimum) }
    #expect(products == products.sorted(by: >))
    #expect(met.allSatisfy { $0.result == .pass })
    // Nothing is met by a lump of iron.
    #expect(judge.gradesMet(by: analysis(remanence: 0.1, hcB: 1e3, hcJ: 1e3, product: 10)).isEmpty)
  }
}
