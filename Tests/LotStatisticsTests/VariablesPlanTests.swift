// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

@Suite struct VariablesPlanTests {
  private func plan(
    _ letter: Character, _ limit: String, _ severity: InspectionSeverity = .normal,
    _ sigma: SigmaKnowledge = .unknown
  ) throws -> VariablesPlan {
    try VariablesPlan(
      codeLetter: letter, severity: severity, sigma: sigma, limit: AcceptanceQualityLimit(limit))
  }

  // Cells of ANSI/ASQ Z1.9, tables B-3, B-4, D-3 and D-4: n, M in percent, and k that follows from M.
  @Test(
    arguments: [
      (.normal, .unknown, "B", "0.10", 7, 0.005, 2.224), (.normal, .unknown, "B", "10", 3, 33.69, 0.566),
      (.normal, .unknown, "F", "1.0", 10, 3.27, 1.714), (.normal, .unknown, "H", "1.0", 20, 2.93, 1.826),
      (.normal, .unknown, "K", "0.65", 50, 1.73, 2.075), (.normal, .unknown, "P", "10", 200, 14.11, 1.075),
      (.normal, .known, "B", "0.10", 4, 0.29, 2.389), (.normal, .known, "H", "1.0", 7, 2.62, 1.796),
      (.normal, .known, "P", "6.5", 109, 9.73, 1.291), (.tightened, .unknown, "B", "0.10", 10, 0.077, 2.439),
      (.tightened, .unknown, "J", "2.5", 35, 3.7, 1.758),
      (.tightened, .unknown, "P", "0.10", 200, 0.204, 2.846),
      (.tightened, .known, "K", "0.10", 11, 0.217, 2.72), (.tightened, .known, "N", "10", 82, 9.76, 1.287),
      (.reduced, .unknown, "B", "10", 3, 40.47, 0.341), (.reduced, .unknown, "H", "0.25", 7, 1.06, 1.879),
      (.reduced, .unknown, "H", "0.40", 7, 2.13, 1.748), (.reduced, .unknown, "M", "0.10", 30, 0.567, 2.414),
      (.reduced, .unknown, "M", "10", 30, 23.61, 0.722), (.reduced, .unknown, "P", "1.0", 75, 3.17, 1.841),
      (.reduced, .known, "H", "0.40", 3, 1.94, 1.687), (.reduced, .known, "H", "0.65", 3, 2.76, 1.565),
      (.reduced, .known, "M", "4.0", 18, 11.88, 1.148), (.reduced, .known, "P", "10", 56, 20.9, 0.803),
    ] as [(InspectionSeverity, SigmaKnowledge, Character, String, Int, Double, Double)])
  func cellsOfTheTables(
    _ severity: InspectionSeverity, _ sigma: SigmaKnowledge, _ letter: Character, _ limit: String, _ n: Int,
    _ percent: Double, _ k: Double
  ) throws {
    let plan = try plan(letter, limit, severity, sigma)
    #expect(plan.sampleSize == n)
    #expect(plan.maximumPercent == percent)
    #expect(abs(plan.acceptabilityConstant - k) < 0.00051, "\(plan.acceptabilityConstant)")
    let back = VariablesPlan.estimatedFraction(
      qualityIndex: plan.acceptabilityConstant, count: n, sigma: sigma)
    #expect(abs(back / plan.maximumFraction - 1) < 1e-10)
  }

  @Test func everyPublishedPlanIsReproduced() throws {
    guard let table = try PublishedTable("ansi_z19_variables.csv") else { return }
    #expect(table.rows.count == 924)
    for row in table.rows {
      let plan = try plan(
        try #require(row["code_letter"]?.first), row["AQL_percent"] ?? "",
        try #require(InspectionSeverity(rawValue: row["inspection"] ?? "")),
        try #require(SigmaKnowledge(rawValue: row["sigma"] ?? "")))
      #expect(plan.sampleSize == Int(row["n"] ?? ""), "\(row)")
      let percent = try #require(Double(row["M_percent"] ?? ""))
      #expect(plan.maximumPercent == percent, "\(row)")
      // Printed without trailing zeros, with three decimals.
      let k = try #require(Double(row["k_from_M"] ?? ""))
      #expect(
        abs(plan.acceptabilityConstant - k) < 0.0005 * (1 + 1e-9), "\(row): \(plan.acceptabilityConstant)")
    }
  }

  // ANSI/ASQ Z1.9, table A-2: the last size of a row and the first of the next, at S-3, S-4, I, II, III.
  @Test(
    arguments: [
      (2, "BBBBC"), (9, "BBBBD"), (25, "BBBCE"), (50, "BBCDF"), (90, "BBDEG"), (150, "BCEFH"), (280, "BDFGI"),
      (281, "CEGHJ"), (400, "CEGHJ"), (401, "CEGIJ"), (1200, "DFHJK"), (3200, "EGIKL"), (10_000, "FHJLM"),
      (35_000, "GIKMN"), (150_000, "HJLNP"), (500_000, "HKMPP"), (500_001, "HKNPP"),
    ])
  func codeLettersOfLots(_ size: Int, _ letters: String) throws {
    let limit = try AcceptanceQualityLimit("1.0")
    let levels: [InspectionLevel] = [.s3, .s4, .one, .two, .three]
    let found = try levels.map { try VariablesPlan(lotSize: size, level: $0, limit: limit).codeLetter }
    #expect(String(found) == letters)
  }

  @Test func everyPublishedCodeLetterIsFound() throws {
    guard let table = try PublishedTable("z19_code_letters.csv") else { return }
    let limit = try AcceptanceQualityLimit("1.0")
    for row in table.rows {
      for size in (row["lot_size"] ?? "").split(whereSeparator: { "-+".contains($0) }).compactMap({ Int($0) })
      {
        for level in [InspectionLevel.s3, .s4, .one, .two, .three] {
          let letter = try VariablesPlan(lotSize: size, level: level, limit: limit).codeLetter
          #expect(String(letter) == row[level.rawValue], "\(size) \(level)")
        }
      }
    }
  }

  @Test func otherLevelsLimitsAndLettersAreRefused() throws {
    let limit = try AcceptanceQualityLimit("1.0")
    #expect(throws: LotStatisticsError.self) { try VariablesPlan(lotSize: 100, level: .s1, limit: limit) }
    #expect(throws: LotStatisticsError.self) { try VariablesPlan(lotSize: 1, limit: limit) }
    #expect(throws: LotStatisticsError.self) { try plan("A", "1.0") }
    #expect(throws: LotStatisticsError.self) { try plan("O", "1.0") }
    let error = #expect(throws: LotStatisticsError.self) { try plan("H", "0.065") }
    #expect(error?.description.contains("it has 0.10, 0.15") == true)
    #expect(throws: LotStatisticsError.self) { try plan("H", "15") }
  }

  // Noncentral t with 19 degrees of freedom at √20·1.826, and the normal distribution, by scipy.
  @Test func operatingCharacteristics() throws {
    let unknown = try plan("H", "1.0")
    let known = try plan("H", "1.0", .normal, .known)
    // k is not rounded here, to which the curve has a slope of up to 3.
    for (fraction, t, z) in [(0.01, 0.91991, 0.91972), (0.05, 0.33961, 0.34461), (0.1, 0.07735, 0.08674)] {
      #expect(abs(unknown.operatingCharacteristic.acceptance(ofFraction: fraction) - t) < 0.0015)
      #expect(abs(known.operatingCharacteristic.acceptance(ofFraction: fraction) - z) < 0.0015)
    }
    for curve in [unknown.operatingCharacteristic, known.operatingCharacteristic] {
      #expect(curve.acceptance(ofFraction: 0) == 1 && curve.acceptance(ofFraction: 1) == 0)
      let points = try [0.95, 0.5, 0.1].map { try #require(curve.fraction(acceptedWith: $0)) }
      #expect(points == points.sorted() && points[0] < 0.01 && points[2] < 0.1)
      for (fraction, probability) in zip(points, [0.95, 0.5, 0.1]) {
        #expect(abs(curve.acceptance(ofFraction: fraction) - probability) < 1e-11)
      }
    }
  }

  private let values = [1.302, 1.298, 1.305, 1.296, 1.301]

  @Test func sampleAgainstOneLimitIsJudgedAlikeByBothMethods() throws {
    let plan = try plan("D", "4.0")
    #expect(plan.sampleSize == 5)
    let good = try plan.decision(values: values, limits: SpecificationLimits(lower: 1.29))
    // scipy: Q 2.965382932; more than (n − 1)/√n = 1.79 leaves nothing beyond the limit.
    #expect(abs((good.lowerIndex ?? 0) - 2.965382932) < 1e-8)
    #expect(good.fraction == 0 && good.isAccepted && good.isAcceptedByConstant == true)
    #expect(
      good.sentence.hasPrefix("accepted: an estimated 0 % does not conform, at most M = 14.4 % is allowed"))
    let bad = try plan.decision(values: values, limits: SpecificationLimits(upper: 1.304))
    #expect(abs((bad.upperIndex ?? 0) - 1.0264787073) < 1e-8)
    #expect(abs(bad.fraction - 0.15587232718951) < 1e-9)
    #expect(!bad.isAccepted && bad.isAcceptedByConstant == false)
    #expect(bad.sentence.contains("Q") == false && bad.sentence.contains("1.026 compares with k = 1.069"))
  }

  @Test func twoLimitsAreJudgedTogetherByM() throws {
    let limits = try SpecificationLimits(lower: 1.2965, upper: 1.304)
    let both = try plan("D", "4.0").decision(values: values, limits: limits)
    #expect(both.acceptabilityConstant == nil && both.isAcceptedByConstant == nil)
    #expect(both.fraction == (both.lowerFraction ?? .nan) + (both.upperFraction ?? .nan))
    #expect((both.lowerFraction ?? 0) > 0.05 && !both.isAccepted)
  }

  @Test func knownSigmaIsUsed() throws {
    let plan = try plan("I", "0.65", .normal, .known)
    #expect(plan.sampleSize == 8)
    let eight = values + [1.3, 1.301, 1.3]
    let found = try plan.decision(
      values: eight, limits: SpecificationLimits(upper: 1.31), knownSigma: 0.004)
    #expect(found.standardDeviation == 0.004)
    #expect(abs((found.upperIndex ?? 0) - (1.31 - 1.300375) / 0.004) < 1e-9)
    for sigma in [nil, 0, -1, .nan, .infinity] as [Double?] {
      #expect(throws: LotStatisticsError.self) {
        try plan.decision(values: eight, limits: SpecificationLimits(upper: 1.31), knownSigma: sigma)
      }
    }
    // scipy: Φ(−0.9·√(5/4)).
    let fraction = VariablesPlan.estimatedFraction(qualityIndex: 0.9, count: 5, sigma: .known)
    #expect(abs(fraction - 0.157152330237) < 1e-11)
  }

  @Test func equalValuesDecideByTheirSide() throws {
    let plan = try plan("D", "4.0")
    for (limit, accepted) in [(1.2, true), (1.3, true), (1.4, false)] {
      let decision = try plan.decision(
        values: Array(repeating: 1.3, count: 5), limits: SpecificationLimits(lower: limit))
      #expect(decision.isAccepted == accepted && decision.fraction == (accepted ? 0 : 1))
    }
  }

  @Test func samplesThatDoNotFitArePutRight() throws {
    let plan = try plan("D", "4.0")
    let limits = try SpecificationLimits(lower: 1.29)
    #expect(throws: LotStatisticsError.self) { try plan.decision(values: [1.3, 1.3], limits: limits) }
    #expect(throws: LotStatisticsError.self) { try plan.decision(values: values + [1.3], limits: limits) }
    #expect(throws: LotStatisticsError.self) {
      try plan.decision(values: [1.3, .nan, 1.3, 1.3, 1.3], limits: limits)
    }
    #expect(throws: LotStatisticsError.self) { try SpecificationLimits() }
    #expect(throws: LotStatisticsError.self) { try SpecificationLimits(lower: 2, upper: 2) }
    #expect(throws: LotStatisticsError.self) { try SpecificationLimits(lower: .nan) }
  }
}
