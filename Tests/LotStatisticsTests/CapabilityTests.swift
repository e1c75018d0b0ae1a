// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

// Expected values by scipy's noncentral t and χ² distributions.
@Suite struct CapabilityTests {
  private let values = RunningValues([
    1.302, 1.298, 1.305, 1.296, 1.301, 1.299, 1.307, 1.294, 1.303, 1.300,
  ])

  private func check(_ index: CapabilityIndex?, _ expected: [Double], tolerance: Double = 1e-9) throws {
    let index = try #require(index)
    for (found, wanted) in zip([index.value, index.lower, index.upper, index.lowerBound], expected) {
      #expect(abs(found - wanted) < tolerance, "\(index)")
    }
    #expect(index.confidence == 0.95)
  }

  @Test func twoLimits() throws {
    let limits = try SpecificationLimits(lower: 1.28, upper: 1.32)
    let found = try ProcessCapability(individuals: values, limits: limits)
    #expect(abs(found.withinSigma - 0.005908179503018326) < 1e-12)
    #expect(abs(found.overallSigma - 0.003979112128771073) < 1e-15)
    #expect(abs(found.withinDegrees - 5.638812265560572) < 1e-9)
    try check(found.cp, [1.128379167095525, 0.4949042362595979, 1.769848631557575, 0.5727910381799974])
    try check(found.pp, [1.675415633166798, 0.9177291237795966, 2.4357805717528205, 1.0183674345518672])
    try check(found.ppk, [1.6335302423376141, 0.8511222302046888, 2.4159382544705394, 0.9769127398406271])
    #expect(found.ppk.method == "Bissell's approximation")
    #expect(found.pp?.method == "χ² distribution, exact")
    #expect(found.cp?.method.contains("5.6 equivalent degrees of freedom") == true)
  }

  @Test func oneLimitHasOneSidedIndicesOnly() throws {
    let found = try ProcessCapability(individuals: values, limits: SpecificationLimits(lower: 1.28))
    #expect(found.cp == nil && found.pp == nil)
    try check(
      found.ppk, [1.717301023995982, 0.910098892186155, 2.5208984024080094, 1.0194322438524546],
      tolerance: 2e-8)
    try check(
      found.cpk, [1.1565886462729227, 0.4696373951096689, 1.8419192337272996, 0.5577349868534752],
      tolerance: 2e-8)
    #expect(found.ppk.method == "noncentral t distribution, exact")
    // A mean beyond the limit has a negative index.
    let bad = try ProcessCapability(individuals: values, limits: SpecificationLimits(upper: 1.29))
    #expect(bad.ppk.value < 0 && bad.ppk.lower < bad.ppk.value && bad.ppk.upper > bad.ppk.value)
  }

  @Test func subgroups() throws {
    let groups = [
      [1.302, 1.298, 1.305], [1.296, 1.301, 1.299], [1.307, 1.294, 1.303], [1.300, 1.304, 1.297],
    ]
    let found = try ProcessCapability(
      subgroups: groups, limits: SpecificationLimits(lower: 1.28, upper: 1.33))
    #expect(abs(found.withinSigma - 0.004569571376201339) < 1e-12)
    #expect(abs(found.withinDegrees - 7.319584732650969) < 1e-9)
    #expect(abs(found.overallSigma - 0.0038963852712248603) < 1e-14)
    // The nearer limit counts: 1.3005 − 1.28 over 3σ.
    #expect(abs(found.cpk.value - 0.0205 / (3 * 0.004569571376201339)) < 1e-9)
  }

  @Test func unusableValuesAreRefused() throws {
    let limits = try SpecificationLimits(lower: 1)
    #expect(throws: LotStatisticsError.self) {
      try ProcessCapability(individuals: RunningValues([1, 2]), limits: limits)
    }
    #expect(throws: LotStatisticsError.self) {
      try ProcessCapability(individuals: RunningValues([2, 2, 2]), limits: limits)
    }
    #expect(throws: LotStatisticsError.self) {
      try ProcessCapability(individuals: RunningValues([1, 2, .infinity]), limits: limits)
    }
    #expect(throws: LotStatisticsError.self) { try ProcessCapability(subgroups: [[1, 2]], limits: limits) }
  }
}

@Suite struct ToleranceIntervalTests {
  // n, content, confidence; one-sided, two-sided exact, Howe: four digits each.
  @Test(
    arguments: [
      (3, 0.9, 0.9, "4.2582", "5.7881", "5.8514"), (3, 0.9, 0.99, "13.9954", "18.7824", "18.9455"),
      (3, 0.95, 0.95, "7.6559", "9.7888", "9.9928"), (3, 0.99, 0.95, "10.5527", "12.6471", "13.1328"),
      (3, 0.99, 0.99, "23.8956", "28.5857", "29.6685"), (5, 0.9, 0.9, "2.7423", "3.4993", "3.4942"),
      (5, 0.9, 0.95, "3.4066", "4.2906", "4.2746"),
    ])
  func factors(
    _ n: Int, _ content: Double, _ confidence: Double, _ one: String, _ two: String, _ howe: String
  ) {
    let found = [
      ToleranceFactor.oneSided(count: n, content: content, confidence: confidence),
      ToleranceFactor.twoSided(count: n, content: content, confidence: confidence),
      ToleranceFactor.howe(count: n, content: content, confidence: confidence),
    ]
    for (value, printed) in zip(found, [one, two, howe]) {
      #expect(abs(value - (Double(printed) ?? .nan)) <= PublishedTable.tolerance(of: printed), "\(value)")
    }
  }

  @Test func everyPublishedFactorIsReproduced() throws {
    guard let table = try PublishedTable("tolerance_factors.csv") else { return }
    #expect(table.rows.count == 81)
    for row in table.rows {
      let n = try #require(Int(row["n"] ?? ""))
      let content = try #require(Double(row["p"] ?? ""))
      let confidence = try #require(Double(row["confidence"] ?? ""))
      let factors = [
        ("k_one_sided", ToleranceFactor.oneSided), ("k_two_sided_exact", ToleranceFactor.twoSided),
        ("k_two_sided_Howe", ToleranceFactor.howe),
      ]
      for (column, factor) in factors {
        let printed = try #require(row[column])
        let value = factor(n, content, confidence)
        #expect(
          abs(value - (Double(printed) ?? .nan)) <= PublishedTable.tolerance(of: printed),
          "\(column) of \(n), \(content), \(confidence): \(value)")
      }
    }
  }

  @Test func intervalsHaveTheirEnds() throws {
    let values = RunningValues([1, 2, 3, 4, 5])
    let lower = try ToleranceInterval(values: values, side: .lower, content: 0.9, confidence: 0.9)
    // s = √2.5, k = 2.7423.
    #expect(lower.upper == nil && abs((lower.lower ?? 0) - (3 - 2.7423 * 1.5811388)) < 1e-4)
    let upper = try ToleranceInterval(values: values, side: .upper, content: 0.9, confidence: 0.9)
    #expect(upper.lower == nil && abs((upper.upper ?? 0) - (6 - (lower.lower ?? 0))) < 1e-12)
    let both = try ToleranceInterval(values: values, side: .both, content: 0.9, confidence: 0.9)
    #expect(abs((both.upper ?? 0) - (3 + 3.4993 * 1.5811388)) < 1e-4)
    #expect(throws: LotStatisticsError.self) {
      try ToleranceInterval(values: RunningValues([1]), side: .lower)
    }
  }
}

@Suite struct ReferenceMagnetTests {
  @Test(
    arguments: [
      (1.312, 0.003, 1.309, 0.004, 0.6, true), (1.314, 0.003, 1.309, 0.004, 1, true),
      (1.3141, 0.003, 1.309, 0.004, 1.02, false), (1.303, 0.003, 1.309, 0.004, -1.2, false),
      (5, 0, 4, 2, 0.5, true),
    ])
  func normalisedErrors(
    _ x: Double, _ u: Double, _ reference: Double, _ v: Double, _ expected: Double, _ fine: Bool
  ) throws {
    let error = try NormalisedError(
      measured: x, uncertainty: u, reference: reference, referenceUncertainty: v)
    #expect(abs(error.value - expected) < 1e-9)
    // 1.314 − 1.309 is 0.005 but for the last bit, which decides at the limit itself.
    if abs(abs(expected) - 1) > 1e-9 {
      #expect(error.isSatisfactory == fine)
      #expect(error.sentence.contains(fine ? "agree" : "differ"))
    }
  }

  @Test func errorsWithoutUncertaintyAreRefused() {
    for (u, v) in [(0.0, 0.0), (-1, 1), (.nan, 1), (.infinity, 1)] {
      #expect(throws: LotStatisticsError.self) {
        try NormalisedError(measured: 1, uncertainty: u, reference: 1, referenceUncertainty: v)
      }
    }
  }

  // scipy's linregress; S by all 720 orders of six.
  @Test func trendOfFewValues() throws {
    let check = try TrendCheck(times: [0, 1, 2.5, 4, 5, 7], values: [10.1, 10.0, 10.3, 10.2, 10.5, 10.4])
    #expect(abs(check.slope - 0.0583025830258303) < 1e-12)
    #expect(abs(check.slopeUncertainty - 0.02101701972826298) < 1e-12)
    #expect(abs(check.slopeProbability - 0.050121931829779136) < 1e-10)
    #expect(check.risingLessFalling == 9 && abs(check.rankProbability - 98.0 / 720) < 1e-12)
    #expect(!check.hasTrend && check.sentence.hasPrefix("no trend is significant at 5 %"))
    let strict = try TrendCheck(
      times: [0, 1, 2.5, 4, 5, 7], values: [10.1, 10.0, 10.3, 10.2, 10.5, 10.4], significance: 0.1)
    #expect(strict.hasTrend && strict.sentence.hasPrefix("a trend is significant at 10 %"))
  }

  // S = 26 with the variance 119.3 of values with ties.
  @Test func tiesAreCorrected() throws {
    let check = try TrendCheck(times: (0..<10).map(Double.init), values: [3, 1, 2, 2, 4, 4, 4, 5, 3, 6])
    #expect(check.risingLessFalling == 26)
    #expect(abs(check.rankProbability - 0.022105904942060838) < 1e-12)
    #expect(check.hasTrend)
  }

  @Test func orderOfTimesMattersNotOfRows() throws {
    let check = try TrendCheck(times: [7, 0, 5, 1, 4, 2.5], values: [10.4, 10.1, 10.5, 10.0, 10.2, 10.3])
    #expect(check.risingLessFalling == 9 && abs(check.slope - 0.0583025830258303) < 1e-12)
  }

  @Test func constantValuesHaveNoTrendAndPerfectLinesDo() throws {
    let flat = try TrendCheck(times: [1, 2, 3, 4], values: [5, 5, 5, 5])
    #expect(!flat.hasTrend && flat.slopeProbability == 1 && flat.rankProbability == 1)
    let line = try TrendCheck(times: [1, 2, 3, 4, 5], values: [1, 2, 3, 4, 5])
    // Two of 120 orders are as extreme.
    #expect(abs(line.rankProbability - 2.0 / 120) < 1e-12 && line.hasTrend && abs(line.slope - 1) < 1e-12)
  }

  @Test func unusableSeriesAreRefused() {
    #expect(throws: LotStatisticsError.self) { try TrendCheck(times: [1, 2, 3], values: [1, 2, 3]) }
    #expect(throws: LotStatisticsError.self) { try TrendCheck(times: [1, 1, 1, 1], values: [1, 2, 3, 4]) }
    #expect(throws: LotStatisticsError.self) {
      try TrendCheck(times: [1, 2, 3, 4], values: [1, 2, 3, 4, 5])
    }
    #expect(throws: LotStatisticsError.self) {
      try TrendCheck(times: [1, 2, 3, 4], values: [1, 2, .nan, 4])
    }
  }
}
