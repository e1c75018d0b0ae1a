// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

@Suite struct OperatingCharacteristicTests {
  private func plan(_ letter: Character, _ limit: String, lotSize: Int? = nil) throws -> AttributePlan {
    try AttributePlan(codeLetter: letter, limit: AcceptanceQualityLimit(limit), lotSize: lotSize)
  }

  // n/Ac of the tables, and binomial and Poisson sums of six digits.
  @Test(
    arguments: [
      ("J", "1.0", 80, 2, 0.005, 0.992288, 0.992074), ("J", "1.0", 80, 2, 0.01, 0.953447, 0.952577),
      ("J", "1.0", 80, 2, 0.02, 0.784419, 0.783358), ("J", "1.0", 80, 2, 0.05, 0.230621, 0.238103),
      ("J", "1.0", 80, 2, 0.1, 0.010684, 0.013754), ("K", "1.0", 125, 3, 0.02, 0.758670, 0.757576),
      ("K", "1.0", 125, 3, 0.1, 0.001042, 0.001555), ("L", "1.0", 200, 5, 0.1, 0.000039, 0.000072),
      ("H", "1.0", 50, 1, 0.01, 0.910565, 0.909796), ("H", "1.0", 50, 1, 0.05, 0.279432, 0.287297),
      ("G", "2.5", 32, 2, 0.05, 0.786114, 0.783358), ("E", "1.0", 13, 0, 0.02, 0.769022, 0.771052),
      ("M", "1.0", 315, 7, 0.02, 0.702774, 0.701748), ("M", "1.0", 315, 7, 0.1, 0, 0),
    ] as [(Character, String, Int, Int, Double, Double, Double)])
  func probabilitiesOfAcceptance(
    _ letter: Character, _ limit: String, _ n: Int, _ acceptance: Int, _ fraction: Double, _ binomial: Double,
    _ poisson: Double
  ) throws {
    let plan = try plan(letter, limit)
    #expect(plan.sampleSize == n && plan.acceptanceNumber == acceptance)
    let process = try #require(plan.operatingCharacteristic(.process))
    let defects = try #require(plan.operatingCharacteristic(.defects))
    #expect(abs(process.acceptance(ofFraction: fraction) - binomial) < 5.1e-7)
    #expect(abs(defects.acceptance(ofFraction: fraction) - poisson) < 5.1e-7)
  }

  @Test func publishedValuesAreReproduced() throws {
    guard let table = try PublishedTable("oc_check_values.csv") else { return }
    let plans = try AcceptanceQualityLimit.preferred.flatMap { limit in
      try "ABCDEFGHJKLMNPQR".map { try AttributePlan(codeLetter: $0, limit: limit) }
    }
    #expect(table.rows.count == 35)
    for row in table.rows {
      let n = Int(row["n"] ?? ""), most = Int(row["Ac"] ?? "")
      let plan = try #require(plans.first { $0.sampleSize == n && $0.acceptanceNumber == most })
      let fraction = try #require(Double(row["p"] ?? ""))
      for (model, column) in [(SamplingModel.process, "Pa_binomial"), (.defects, "Pa_poisson")] {
        let printed = try #require(row[column])
        let found = plan.operatingCharacteristic(model)?.acceptance(ofFraction: fraction) ?? .nan
        #expect(abs(found - (Double(printed) ?? .nan)) <= PublishedTable.tolerance(of: printed), "\(row)")
      }
    }
  }

  // Half of χ²'s quantiles of 5, 50 and 90 % with 8 degrees of freedom over n: three bad ones are accepted with 95,
  // 50 and 10 % when 1.366, 3.672 and 6.681 are expected (letter K at AQL 1.0 is 125/3).
  @Test func fractionsOfGivenAcceptance() throws {
    let defects = try #require(try plan("K", "1.0").operatingCharacteristic(.defects))
    for (probability, percent) in [(0.95, 1.366 / 1.25), (0.5, 3.672 / 1.25), (0.1, 6.681 / 1.25)] {
      let fraction = try #require(defects.fraction(acceptedWith: probability))
      #expect(abs(100 * fraction - percent) < 0.0005 / 1.25, "\(fraction)")
      #expect(abs(defects.acceptance(ofFraction: fraction) - probability) < 1e-12)
    }
    // Without a bad piece in n: (1 − p)^n.
    let none = try #require(try plan("E", "1.0").operatingCharacteristic())
    #expect(abs((none.fraction(acceptedWith: 0.5) ?? 0) - 0.0519224857) < 1e-10)
  }

  @Test func plansThatAcceptEverythingHaveNoSuchFraction() throws {
    // Two pieces can never hold fewer than two bad ones if all are bad, but 30 defects per two units are allowed.
    let plan = try plan("A", "1000")
    #expect(plan.operatingCharacteristic(.process)?.fraction(acceptedWith: 0.5) == nil)
    // Thirty defects are as likely as not exceeded at a mean of 30.67.
    let defects = try #require(plan.operatingCharacteristic(.defects)?.fraction(acceptedWith: 0.5))
    #expect(abs(2 * defects - 30.67) < 0.005)
  }

  @Test func lotsAreCountedPieceByPiece() throws {
    let plan = try plan("C", "2.5", lotSize: 20)
    #expect(plan.sampleSize == 5 && plan.acceptanceNumber == 0)
    let lot = try #require(plan.operatingCharacteristic(.lot))
    // 5 of 20 with 3 bad: C(17, 5)/C(20, 5).
    #expect(abs(lot.acceptance(ofFraction: 0.15) - 0.39912280701754386) < 1e-11)
    // 3 bad ones are accepted with 0.399, 2 with 0.553, 6 with 0.129, 7 with 0.083.
    #expect(lot.fraction(acceptedWith: 0.5) == 0.15)
    #expect(lot.fraction(acceptedWith: 0.1) == 0.35)
    #expect(try self.plan("C", "2.5").operatingCharacteristic(.lot) == nil)
  }

  @Test func wholeLotsLetNothingThrough() throws {
    let plan = try AttributePlan(lotSize: 15, limit: AcceptanceQualityLimit("0.65"))
    #expect(plan.operatingCharacteristic()?.outgoingQualityLimit.fraction == 0)
  }

  // MIL-STD-105E, table V-A, factors of normal inspection: letter J at AQL 1.0 1.7 %, K 1.6 %, F at 0.65 1.8 %; for
  // large lots.
  @Test(
    arguments: [("J", "1.0", 1.7), ("K", "1.0", 1.6), ("F", "0.65", 1.8)] as [(Character, String, Double)])
  func outgoingQuality(_ letter: Character, _ limit: String, _ percent: Double) throws {
    let curve = try #require(try plan(letter, limit).operatingCharacteristic(.defects))
    let best = curve.outgoingQualityLimit
    #expect(abs(100 * best.fraction - percent) < 0.051, "\(best)")
    for factor in [0.97, 1.03] {
      let beside = factor * best.incoming
      #expect(beside * curve.acceptance(ofFraction: beside) < best.fraction)
    }
    let part = try #require(
      try plan(letter, limit, lotSize: 1000).operatingCharacteristic(.defects)?.outgoingQualityLimit)
    let sample = Double(try plan(letter, limit).sampleSize)
    #expect(abs(part.fraction / best.fraction - (1 - sample / 1000)) < 1e-12)
  }
}
