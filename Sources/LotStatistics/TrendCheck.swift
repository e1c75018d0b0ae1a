// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Quantities

/// Whether repeated measurements of one thing drift.
public struct TrendCheck: Hashable, Sendable {
  /// The slope of the straight line through the values, their unit per unit of time.
  public let slope: Double
  /// The slope's standard uncertainty.
  public let slopeUncertainty: Double
  /// The probability of such a slope or a steeper one without a trend, by Student's t; two-sided.
  public let slopeProbability: Double
  /// Mann and Kendall's S, the rising pairs less the falling ones.
  public let risingLessFalling: Int
  /// The probability of such an S or a larger one without a trend; two-sided.
  public let rankProbability: Double
  /// The significance below which a trend is reported.
  public let significance: Double

  /// Checks values at rising or at least different times.
  ///
  /// The slope is tested by t with n − 2 degrees of freedom, S by its exact distribution for up to 40 values without ties,
  /// else by the normal one with its correction for ties and continuity (Mann, Econometrica 13 (1945) 245; Kendall, Rank
  /// Correlation Methods, 1975). Throws a sentence for fewer than 4 values, unequal counts, values that are not finite,
  /// and times that are all equal.
  public init(times: [Double], values: [Double], significance: Double = 0.05) throws(LotStatisticsError) {
    precondition(significance > 0 && significance < 1, "a significance of \(significance)")
    try requireValues(values, atLeast: 4, for: "a check for a trend")
    try requireValues(times, atLeast: 4, for: "a check for a trend")
    guard times.count == values.count else {
      throw LotStatisticsError("a check for a trend got \(times.count) times for \(values.count) values")
    }
    guard let first = times.min(), let last = times.max(), last > first, (last - first).isFinite else {
      throw LotStatisticsError("all \(times.count) values have the same time, so that no trend can be seen")
    }
    self.significance = significance
    let n = Double(values.count)
    let x = times.map { ($0 - first) / (last - first) }
    let (meanX, meanY) = (Moments(x).mean, Moments(values).mean)
    let squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let products = zip(x, values).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let line = products / squares
    let left = zip(x, values).reduce(0) { sum, point in
      let residual = point.1 - meanY - line * (point.0 - meanX)
      return sum + residual * residual
    }
    let uncertainty = (left / (n - 2) / squares).squareRoot()
    slope = line / (last - first)
    slopeUncertainty = uncertainty / (last - first)
    slopeProbability =
      line == 0
      ? 1
      : fisherProbability(above: line * line / (uncertainty * uncertainty), numerator: 1, denominator: n - 2)
    let ordered = zip(times, values).sorted { $0.0 < $1.0 }
    risingLessFalling = Self.sign(ordered)
    rankProbability = Self.probability(of: risingLessFalling, ordered)
  }

  /// Whether either test finds a trend.
  public var hasTrend: Bool { min(slopeProbability, rankProbability) < significance }

  /// What the check says, for a reader.
  public var sentence: String {
    let found =
      "slope \(shortest(slope)) ± \(shortest(slopeUncertainty)) (standard uncertainty, p = \(shortest(slopeProbability))), "
      + "Mann–Kendall S = \(risingLessFalling) (p = \(shortest(rankProbability)))"
    return hasTrend
      ? "a trend is significant at \(percent(significance)) %: \(found)"
      : "no trend is significant at \(percent(significance)) %: \(found)"
  }

  private static func sign(_ ordered: [(Double, Double)]) -> Int {
    var sum = 0
    for (index, point) in ordered.enumerated() {
      // Values of one time say nothing of a trend.
      for later in ordered[(index + 1)...] where later.0 > point.0 && later.1 != point.1 {
        sum += later.1 > point.1 ? 1 : -1
      }
    }
    return sum
  }

  private static func probability(of s: Int, _ ordered: [(Double, Double)]) -> Double {
    let n = ordered.count
    let ties = [ordered.map(\.0), ordered.map(\.1)].map { values in
      Dictionary(grouping: values, by: \.self).values.map { Double($0.count) }.filter { $0 > 1 }
    }
    if n <= 40, ties.allSatisfy(\.isEmpty) { return exactProbability(of: s, count: n) }
    func pairs(_ t: Double) -> Double { t * (t - 1) }
    func weight(_ t: Double) -> Double { pairs(t) * (2 * t + 5) }
    let all = Double(n)
    let (x, y) = (ties[0], ties[1])
    let variance =
      (weight(all) - x.reduce(0) { $0 + weight($1) } - y.reduce(0) { $0 + weight($1) }) / 18
      + x.reduce(0) { $0 + pairs($1) * ($1 - 2) } * y.reduce(0) { $0 + pairs($1) * ($1 - 2) }
      / (9 * pairs(all) * (all - 2))
      + x.reduce(0) { $0 + pairs($1) } * y.reduce(0) { $0 + pairs($1) } / (2 * pairs(all))
    guard variance > 0, s != 0 else { return 1 }
    return min(1, 2 * normalProbability(below: -Double(abs(s) - 1) / variance.squareRoot()))
  }

  /// P(|S| ≥ |s|) over all orders: the number of inversions is a sum of independent numbers of 0 … i − 1.
  private static func exactProbability(of s: Int, count: Int) -> Double {
    guard s != 0 else { return 1 }
    var shares = [1.0]
    for i in 2...count {
      var next = Array(repeating: 0.0, count: shares.count + i - 1)
      for (inversions, share) in shares.enumerated() {
        for added in 0..<i { next[inversions + added] += share / Double(i) }
      }
      shares = next
    }
    // S is the number of pairs less twice the inversions.
    let most = (count * (count - 1) / 2 - abs(s)) / 2
    return min(1, 2 * shares[...most].reduce(0, +))
  }
}
