// SPDX-License-Identifier: GPL-3.0-or-later
import Certification
import Foundation
import TestSupport
import Testing

struct GlobalRiskTests {
  /// Process, measurement and decision with both risks to six decimals.
  @Test(
    arguments: [
      ([1500, 0.12, 0.04], 1499.8, 1500.2, 1499.8, 1500.2, 0.018942, 0.037208),
      ([1500, 0.12, 0.04], 1499.8, 1500.2, 1499.88, 1500.12, 0.000469, 0.247670),
      ([1.295, 0.008, 0.0065], 1.28, .infinity, 1.28, .infinity, 0.010144, 0.052553),
      ([1.295, 0.008, 0.0065], 1.28, .infinity, 1.293, .infinity, 0.000300, 0.392980),
      ([1.295, 0.008, 0.0065], 1.28, .infinity, 1.2906915484, .infinity, 0.000708, 0.308292),
      ([1660, 40, 16], 1592, .infinity, 1592, .infinity, 0.010041, 0.022711),
    ] as [([Double], Double, Double, Double, Double, Double, Double)])
  func risksAgreeWithThePrintedDigits(
    _ process: [Double], _ lower: Double, _ upper: Double, _ acceptedLower: Double, _ acceptedUpper: Double,
    _ consumer: Double, _ producer: Double
  ) {
    let risk = GlobalRisk(
      mean: process[0], standardDeviation: process[1], standardUncertainty: process[2],
      tolerance: lower...upper, acceptance: acceptedLower...acceptedUpper)
    #expect(abs(risk.consumer - consumer) <= 0.51e-6, "\(risk)")
    #expect(abs(risk.producer - producer) <= 0.51e-6, "\(risk)")
    // Mirrored, everything is as risky.
    let mirrored = GlobalRisk(
      mean: -process[0], standardDeviation: process[1], standardUncertainty: process[2],
      tolerance: -upper ... -lower, acceptance: -acceptedUpper ... -acceptedLower)
    #expect(abs(mirrored.consumer - risk.consumer) <= 1e-10)
    #expect(abs(mirrored.producer - risk.producer) <= 1e-10)
  }

  // For acceptance at the middle of the process the quadrants of a bivariate normal distribution are known:
  // RC = RP = arctan(u/s)/2π.
  @Test(arguments: [1e-3, 0.1, 0.5, 1, 3, 50]) func risksAtTheMiddleAreThoseOfAQuadrant(_ ratio: Double) {
    let risk = GlobalRisk(
      mean: 7, standardDeviation: 2, standardUncertainty: 2 * ratio, tolerance: 7...Double.infinity,
      acceptance: 7...Double.infinity)
    let expected = atan(ratio) / (2 * Double.pi)
    #expect(abs(risk.consumer - expected) <= 1e-8, "\(risk)")
    #expect(abs(risk.producer - expected) <= 1e-8, "\(risk)")
  }

  @Test func aWiderGuardBandMovesRiskFromConsumerToProducer() {
    let risks = [0, 0.5, 1, 2].map { band in
      GlobalRisk(
        mean: 1.3, standardDeviation: 0.01, standardUncertainty: 0.005, tolerance: 1.28...1.32,
        acceptance: (1.28 + 0.005 * band)...(1.32 - 0.005 * band))
    }
    #expect(risks.map(\.consumer) == risks.map(\.consumer).sorted(by: >))
    #expect(risks.map(\.producer) == risks.map(\.producer).sorted())
  }

  @Test func risksAgreeWithTheSharedList() throws {
    guard let url = Repository.shared("facts/decision_global_risk.csv") else {
      print("passed over: the list of global risks is not beside the repository")
      return
    }
    let rows = try csvRows(url)
    #expect(rows.count >= 6)
    for row in rows {
      func number(_ column: String) throws -> Double { try #require(row[column].flatMap { Double($0) }) }
      let risk = try GlobalRisk(
        mean: number("prior_mean"), standardDeviation: number("prior_sd"),
        standardUncertainty: number("u_meas"),
        tolerance: number("TL")...number("TU"), acceptance: number("AL")...number("AU"))
      #expect(try abs(risk.consumer - number("consumer_risk")) <= 0.51e-6, "\(row)")
      #expect(try abs(risk.producer - number("producer_risk")) <= 0.51e-6, "\(row)")
    }
  }
}
