// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Simulation

/// A figure of merit of one characteristic in one cell.
public enum ValidationFigure: String, Hashable, Sendable, CaseIterable {
  /// Root mean square error in % of the exact value.
  case rmse
  /// Standard deviation of the errors in % of the exact value.
  case standardDeviation
  /// Magnitude of the mean error in % of the exact value.
  case bias
  /// Percentage of the loops whose value ± U holds the truth.
  case coverage
  /// Percentage of the loops whose value with the expanded noise line alone holds the truth.
  case noiseCoverage
  /// Magnitude of the mean of z = error/u, u from the noise line alone.
  case meanDeviation
  /// Variance of z.
  case varianceOfDeviation
  /// Median of U in % of the value.
  case medianUncertainty
}

/// What a figure has to keep.
///
/// A limit belongs to a number of loops, with whose scatter it was set. With fewer loops the scatter is larger, and
/// the limit is widened by twice the excess of the standard error; with more it stays.
public struct Requirement: Hashable, Sendable {
  /// The figure.
  public let figure: ValidationFigure
  /// The figure is at least this; nil for no lower limit.
  public let lower: Double?
  /// The figure is at most this; nil for no upper limit.
  public let upper: Double?
  /// The number of loops for which the limit is meant.
  public let loops: Int
  /// The acceptance test that it is from, such as `M17`.
  public let source: String

  init(
    _ figure: ValidationFigure, from lower: Double? = nil, to upper: Double? = nil, loops: Int,
    _ source: String
  ) {
    self.figure = figure
    self.lower = lower
    self.upper = upper
    self.loops = loops
    self.source = source
  }
}

extension ValidationCell {
  /// The requirements on a characteristic; `bound` in % of its value, nil when there is none.
  ///
  /// None for what the acceptance tests do not judge.
  func requirements(on characteristic: Characteristic, bound: Double?) -> [Requirement] {
    checks.flatMap { check in
      switch check {
      case .accuracy: accuracy(of: characteristic, bound: bound)
      case .bias:
        characteristic == .energyProduct ? [Requirement(.bias, to: 0.05, loops: 60, "M19")] : []
      case .coverage: coverage(of: characteristic)
      case .noiseCoverage: noiseCoverage(of: characteristic)
      case .shots: shots(characteristic)
      }
    }
  }

  /// How the smallest possible errors compare with those at a noise and 1000 points; 1 when they are smaller.
  private func scale(toNoisePercent reference: Double) -> Double {
    max(1, noisePercent / reference * (1000 / Double(points)).squareRoot())
  }

  private func accuracy(of characteristic: Characteristic, bound: Double?) -> [Requirement] {
    switch truth.name {
    case "A":
      let (multiple, floor): (Double, Double)
      switch characteristic {
      case .remanence, .energyProduct: (multiple, floor) = (1.3, 0)
      case .coercivityHcB: (multiple, floor) = (1.4, 0)
      case .coercivityHcJ: (multiple, floor) = (1.6, 0.010)
      case .kneeField: (multiple, floor) = (1.5, 0.040)
      default: return []
      }
      return bound.map { [Requirement(.rmse, to: max(multiple * $0, floor), loops: 300, "M17")] } ?? []
    case "B", "C", "D":
      let factor = scale(toNoisePercent: 0.1)
      switch characteristic {
      case .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct:
        return [Requirement(.rmse, to: 0.05 * factor, loops: 300, "M18")]
      case .kneeField: return [Requirement(.rmse, to: 0.2 * factor, loops: 300, "M18")]
      default: return []
      }
    case "T1", "T2", "T3":
      let deviation: Double
      switch characteristic {
      case .remanence: deviation = 0.04
      case .coercivityHcJ: deviation = 0.01
      case .energyProduct: deviation = 0.09
      default: return []
      }
      return [
        Requirement(.bias, to: 0.05, loops: 60, "T1-T3"),
        Requirement(
          .standardDeviation, to: deviation * scale(toNoisePercent: 0.2), loops: 60, "T1-T3"),
      ]
    default:
      guard let bound, characteristic == .remanence || characteristic == .energyProduct else { return [] }
      return [Requirement(.rmse, to: 1.6 * bound, loops: 300, "shapes")]
    }
  }

  /// At least 93 %, and U itself at most 1.5 times what is tabled, where something is.
  ///
  /// Less is promised for wide and skewed distributions at 1 % of noise.
  private func coverage(of characteristic: Characteristic) -> [Requirement] {
    let isKnee = characteristic == .kneeField || characteristic == .squareness
    let promised: Double =
      switch truth.name {
      case "B" where noisePercent >= 1 && isKnee: 87
      case "D" where noisePercent >= 1: isKnee ? 87 : 90
      default: 93
      }
    var result = [Requirement(.coverage, from: promised, loops: 300, "M21")]
    if points == 1000, noiseKind == .white, let row = Self.tabledUncertainty[truth.name],
      let figures = noisePercent == 0.1 ? row.low : noisePercent == 1 ? row.high : nil,
      let index = CramerRaoBound.characteristics.firstIndex(of: characteristic), index < figures.count
    {
      result.append(Requirement(.medianUncertainty, to: 1.5 * figures[index], loops: 300, "M21"))
    }
    return result
  }

  /// In a random walk 90 % is required.
  ///
  /// A blank record of 16 loops holds a handful of waves as slow as a loop, on which Br rests, and tells the spectrum
  /// there but roughly; 90 % are a variance of z of (1.96/1.645)² = 1.42.
  private func noiseCoverage(of characteristic: Characteristic) -> [Requirement] {
    let range =
      switch noiseKind {
      case .white: (94.3, 95.7)
      case .autoregressive, .pink: (93.5, 96.5)
      case .randomWalk: (90.0, 96.5)
      }
    return [
      Requirement(.noiseCoverage, from: range.0, to: range.1, loops: 10_000, "M20"),
      Requirement(.meanDeviation, to: 0.1, loops: 10_000, "M20"),
      Requirement(
        .varianceOfDeviation, from: 0.9, to: noiseKind == .randomWalk ? 1.42 : 1.1, loops: 10_000, "M20"),
    ]
  }

  /// 93 to 97 % where the gains are drawn from what the setup states, and U is neither too small nor too large.
  ///
  /// HcB and Hk are shown without a limit.
  private func shots(_ characteristic: Characteristic) -> [Requirement] {
    guard recording == .shot, [.remanence, .coercivityHcJ, .energyProduct].contains(characteristic) else {
      return []
    }
    return [Requirement(.coverage, from: 93, to: 97, loops: 1000, "shots")]
  }

  /// Median U in % of Br, HcJ, HcB, (BH)max and Hk with 0.1 % and 1 % of white noise and 1000 points.
  private static let tabledUncertainty: [String: (low: [Double], high: [Double])] = [
    "A": ([0.025, 0.028, 0.030, 0.041, 0.13], [0.13, 0.033, 0.18, 0.29, 0.33]),
    "B": ([0.024, 0.027, 0.028, 0.037, 0.12], [0.14, 0.041, 0.18, 0.30, 0.37]),
    "C": ([0.074, 0.029, 0.030, 0.054, 0.20], [0.96, 0.035, 0.19, 0.71, 1.1]),
    "D": ([0.051, 0.038, 0.047, 0.091, 0.29], [0.38, 0.13, 0.27, 0.51, 3.3]),
  ]
}
