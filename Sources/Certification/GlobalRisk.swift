// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Quantities

/// The risk of wrong decisions over all pieces of a process, before any of them is measured.
///
/// JCGM 106:2012, 9.5.2, equations (19) and (20), for a normal process and a normal measurement: with η the true value
/// of a piece and y what is measured of it, RC is the share of pieces with η outside the tolerance and y inside the
/// acceptance interval, RP that of pieces with η inside and y outside.
public struct GlobalRisk: Hashable, Sendable {
  /// RC: the share of all pieces that do not conform and are accepted, from 0 to 1.
  public let consumer: Double
  /// RP: the share of all pieces that conform and are rejected, from 0 to 1.
  public let producer: Double

  /// The risks of a process and a decision, all numbers in one unit; an infinite limit is none.
  ///
  /// `mean` and `standardDeviation` are those of the true values, `standardUncertainty` that of a measurement. Both
  /// risks are right to 10⁻⁸. The deviation and the uncertainty must be positive.
  public init(
    mean: Double, standardDeviation: Double, standardUncertainty: Double, tolerance: ClosedRange<Double>,
    acceptance: ClosedRange<Double>
  ) {
    precondition(
      standardDeviation > 0 && standardDeviation.isFinite && standardUncertainty > 0
        && standardUncertainty.isFinite && mean.isFinite,
      "no global risk of mean \(mean), deviation \(standardDeviation), uncertainty \(standardUncertainty)")
    func share(_ value: Double, accepted: Bool) -> Double {
      let z = (value - mean) / standardDeviation
      let density = exp(-0.5 * z * z) / (standardDeviation * (2 * Double.pi).squareRoot())
      let above = normalProbability(below: (value - acceptance.upperBound) / standardUncertainty)
      let below = normalProbability(below: (acceptance.lowerBound - value) / standardUncertainty)
      return density * (accepted ? max(0, 1 - above - below) : above + below)
    }
    // Beyond nine standard deviations there is less than 10⁻¹⁸ of the process.
    let process = (mean - 9 * standardDeviation)...(mean + 9 * standardDeviation)
    // Between neighbouring marks neither the density nor the chance of acceptance has more than one bend.
    let marks =
      stride(from: -9.0, through: 9, by: 1).map { mean + $0 * standardDeviation }
      + [acceptance.lowerBound, acceptance.upperBound].flatMap { limit in
        stride(from: -9.0, through: 9, by: 1).map { limit + $0 * standardUncertainty }
      }
    func integral(from low: Double, to high: Double, accepted: Bool) -> Double {
      let start = low.clamped(to: process)
      let end = high.clamped(to: process)
      guard start < end else { return 0 }
      let edges = [start] + marks.filter { $0 > start && $0 < end }.sorted() + [end]
      return zip(edges, edges.dropFirst()).reduce(0) { sum, piece in
        sum + simpson(from: piece.0, to: piece.1) { share($0, accepted: accepted) }
      }
    }
    consumer =
      integral(from: -.infinity, to: tolerance.lowerBound, accepted: true)
      + integral(from: tolerance.upperBound, to: .infinity, accepted: true)
    producer = integral(from: tolerance.lowerBound, to: tolerance.upperBound, accepted: false)
  }
}

/// Simpson's rule over 32 steps.
private func simpson(from low: Double, to high: Double, _ function: (Double) -> Double) -> Double {
  let step = (high - low) / 32
  let inner = (1...31).reduce(0.0) { $0 + ($1 % 2 == 1 ? 4 : 2) * function(low + Double($1) * step) }
  return (function(low) + inner + function(high)) * step / 3
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
