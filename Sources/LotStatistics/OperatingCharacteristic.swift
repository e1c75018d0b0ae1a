// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif
internal import Quantities

/// How probably a plan accepts a lot, by the fraction of its pieces that does not conform.
public struct OperatingCharacteristic: Sendable {
  private let acceptance: @Sendable (Double) -> Double
  /// The number of pieces in the lot when pieces are counted, else nil.
  private let countedLot: Int?
  /// The fraction of a lot that is judged, and replaced by good pieces where it does not conform.
  private let judgedFraction: Double
  /// Whether defects are counted, of which a piece may have more than one.
  private let countsDefects: Bool

  init(
    countedLot: Int? = nil, judgedFraction: Double = 0, countsDefects: Bool = false,
    acceptance: @escaping @Sendable (Double) -> Double
  ) {
    self.acceptance = acceptance
    self.countedLot = countedLot
    self.judgedFraction = judgedFraction
    self.countsDefects = countsDefects
  }

  /// The probability of acceptance for a fraction of 0 … 1 that does not conform, or a mean number of defects per piece.
  public func acceptance(ofFraction fraction: Double) -> Double {
    precondition(fraction >= 0 && (fraction <= 1 || countsDefects), "a fraction of \(fraction)")
    return acceptance(fraction)
  }

  /// The fraction that does not conform for which a lot is accepted with this probability, between 0 and 1.
  ///
  /// In a lot whose pieces are counted, the least fraction that is accepted with no more than this probability. Nil
  /// when even lots of bad pieces only are accepted more often.
  public func fraction(acceptedWith probability: Double) -> Double? {
    precondition(probability > 0 && probability < 1, "a probability of \(probability)")
    guard countsDefects || acceptance(1) <= probability else { return nil }
    if let size = countedLot {
      var (low, high) = (0, size)
      while low < high {
        let middle = (low + high) / 2
        if acceptance(Double(middle) / Double(size)) <= probability {
          high = middle
        } else {
          low = middle + 1
        }
      }
      return Double(low) / Double(size)
    }
    // In logits, so that fractions near 0 and 1 have their digits; a number of defects by its logarithm.
    let logit = monotoneRoot(from: -10, to: 0) { probability - acceptance(fraction(ofLogit: $0)) }
    return fraction(ofLogit: logit)
  }

  /// The average outgoing quality limit: the largest mean fraction that leaves inspection, and the fraction before it.
  ///
  /// Rejected lots are judged piece by piece, and every bad piece found is replaced: p·Pa(p)·(1 − n/N)
  /// (MIL-STD-105E, 4.11.3 and table V-A). A lot of unknown size counts as endless.
  public var outgoingQualityLimit: (fraction: Double, incoming: Double) {
    // p·Pa(p) has one maximum; the golden section closes on it.
    let ratio = 0.5 * (5.0.squareRoot() - 1)
    func outgoing(_ logit: Double) -> Double {
      let fraction = fraction(ofLogit: logit)
      return fraction * acceptance(fraction) * (1 - judgedFraction)
    }
    var (low, high) = (-20.0, 20.0)
    for _ in 0..<80 {
      let width = ratio * (high - low)
      if outgoing(high - width) < outgoing(low + width) { low = high - width } else { high = low + width }
    }
    let middle = 0.5 * (low + high)
    return (outgoing(middle), fraction(ofLogit: middle))
  }

  private func fraction(ofLogit logit: Double) -> Double {
    countsDefects || logit < -700
      ? exp(logit) : logit < 0 ? exp(logit) / (1 + exp(logit)) : 1 / (1 + exp(-logit))
  }
}

/// Where the pieces of a sample by attributes come from.
public enum SamplingModel: Hashable, Sendable {
  /// A process that gives bad pieces at random: the binomial distribution, type B of the standards.
  case process
  /// Defects per unit, or the approximation that the standards' tables rest on: the Poisson distribution.
  case defects
  /// One lot of the plan's size: the hypergeometric distribution, type A.
  case lot
}

extension AttributePlan {
  /// The operating characteristic; nil for the model of a lot when the plan was read without the size of one.
  ///
  /// A lot under reduced inspection is accepted up to the rejection number less one. The fraction of a lot is rounded
  /// to whole pieces.
  public func operatingCharacteristic(_ model: SamplingModel = .process) -> OperatingCharacteristic? {
    let (n, most) = (sampleSize, rejectionNumber - 1)
    let judged = lotSize.map { Double(n) / Double($0) } ?? 0
    switch model {
    case .process:
      return OperatingCharacteristic(judgedFraction: judged) {
        binomialProbability(atMost: most, trials: n, probability: $0)
      }
    case .defects:
      return OperatingCharacteristic(judgedFraction: judged, countsDefects: true) {
        poissonProbability(atMost: most, mean: Double(n) * $0)
      }
    case .lot:
      return lotSize.map { size in
        OperatingCharacteristic(countedLot: size, judgedFraction: judged) {
          hypergeometricProbability(
            atMost: most, sample: n, marked: Int(($0 * Double(size)).rounded()), population: size)
        }
      }
    }
  }
}
