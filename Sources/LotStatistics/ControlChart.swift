// SPDX-License-Identifier: GPL-3.0-or-later

/// A Shewhart chart: points with a centre line, limits of 3 σ, and the points that signal.
public struct ControlChart: Hashable, Sendable {
  /// What is plotted, in order, in the unit of the values.
  public let points: [Double]
  /// The centre line.
  public let centre: Double
  /// The lower limit.
  public let lowerLimit: Double
  /// The upper limit.
  public let upperLimit: Double
  /// Points that signal, by rule, counted from 0; rules without any are absent.
  public let signals: [NelsonRule: [Int]]

  /// Whether no point signals.
  public var isInControl: Bool { signals.isEmpty }

  /// A chart of points that are normally distributed, to which all eight rules apply.
  init(points: [Double], centre: Double, halfWidth: Double) {
    self.points = points
    self.centre = centre
    lowerLimit = centre - halfWidth
    upperLimit = centre + halfWidth
    let distances = points.map { point in
      let distance = point - centre
      // Without any variation every departure is beyond the limits.
      return halfWidth > 0 ? 3 * distance / halfWidth : distance == 0 ? 0 : distance * .infinity
    }
    signals = Dictionary(
      uniqueKeysWithValues: NelsonRule.allCases.compactMap { rule in
        let found = rule.signals(in: distances)
        return found.isEmpty ? nil : (rule, found)
      })
  }

  /// A chart of standard deviations or ranges, whose distribution is skewed: only the limits are tested.
  init(points: [Double], centre: Double, lowerLimit: Double, upperLimit: Double) {
    self.points = points
    self.centre = centre
    self.lowerLimit = lowerLimit
    self.upperLimit = upperLimit
    let found = points.indices.filter { points[$0] < lowerLimit || points[$0] > upperLimit }
    signals = found.isEmpty ? [:] : [.beyondLimits: found]
  }
}

/// Charts of location and of spread that belong together (ISO 7870-2:2013).
public struct ControlChartPair: Hashable, Sendable {
  /// Means of subgroups, or single values.
  public let location: ControlChart
  /// Standard deviations of subgroups, or moving ranges; these begin with the second value.
  public let spread: ControlChart
  /// The standard deviation within subgroups or between neighbours, in the unit of the values.
  public let sigma: Double

  /// The X̄-S charts of subgroups of equal size, in order.
  ///
  /// Centres and σ = S̄/c4 come from the baseline, other subgroups of the same size, or from the subgroups themselves.
  /// Throws a sentence for fewer than 2 subgroups, unequal sizes, sizes below 2, and values that are not finite.
  public init(subgroups: [[Double]], baseline: [[Double]]? = nil) throws(LotStatisticsError) {
    let within = try SubgroupSpread(subgroups: baseline ?? subgroups)
    let plotted = try SubgroupSpread(subgroups: subgroups, atLeast: 1)
    guard plotted.size == within.size else {
      throw LotStatisticsError(
        "the baseline has subgroups of \(within.size) values and the data of \(plotted.size); they must be equal"
      )
    }
    let constants = ControlChartConstants(subgroupSize: within.size)
    sigma = within.sigma
    location = ControlChart(
      points: plotted.means, centre: Moments(within.means).mean, halfWidth: constants.A * sigma)
    spread = ControlChart(
      points: plotted.deviations, centre: constants.c4 * sigma, lowerLimit: constants.B5 * sigma,
      upperLimit: constants.B6 * sigma)
  }

  /// The charts of single values and of moving ranges of two, in order.
  ///
  /// The centre and σ = M̄R/d2 come from the baseline, or from the values themselves. Throws a sentence for fewer than 2
  /// values and for values that are not finite.
  public init(individuals values: [Double], baseline: [Double]? = nil) throws(LotStatisticsError) {
    try requireValues(values, atLeast: 2, for: "a chart of single values")
    try requireValues(baseline ?? values, atLeast: 2, for: "the baseline of a chart")
    let constants = ControlChartConstants(subgroupSize: 2)
    let centre = Moments(baseline ?? values).mean
    let meanRange = Moments(movingRanges(baseline ?? values)).mean
    sigma = meanRange / constants.d2
    location = ControlChart(points: values, centre: centre, halfWidth: constants.E2 * meanRange)
    spread = ControlChart(
      points: movingRanges(values), centre: meanRange, lowerLimit: constants.D3 * meanRange,
      upperLimit: constants.D4 * meanRange)
  }
}

/// The distances between neighbouring values, one fewer than the values.
func movingRanges(_ values: [Double]) -> [Double] { zip(values, values.dropFirst()).map { abs($1 - $0) } }

/// Means and standard deviations of subgroups of one size.
struct SubgroupSpread {
  let size: Int
  let means: [Double]
  let deviations: [Double]
  /// S̄/c4.
  let sigma: Double

  init(subgroups: [[Double]], atLeast least: Int = 2) throws(LotStatisticsError) {
    guard subgroups.count >= least, let size = subgroups.first?.count else {
      throw LotStatisticsError("at least \(least) subgroups are needed, and there are \(subgroups.count)")
    }
    for (index, subgroup) in subgroups.enumerated() {
      try requireValues(subgroup, atLeast: 2, for: "subgroup \(index + 1)")
      guard subgroup.count == size else {
        throw LotStatisticsError(
          "subgroup \(index + 1) has \(subgroup.count) values and the first has \(size); they must be equal")
      }
    }
    self.size = size
    let moments = subgroups.map(Moments.init)
    means = moments.map(\.mean)
    deviations = moments.map(\.standardDeviation)
    sigma = Moments(deviations).mean / ControlChartConstants.meanDeviation(size)
  }
}
