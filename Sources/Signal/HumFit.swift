// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Mains hum found by least squares on the quiet parts of a record, to be subtracted everywhere.
///
/// On the plateaus, where the signal itself is a polynomial in time, a sine and a cosine of the mains frequency and of
/// each harmonic are fitted together with the polynomials. A notch filter instead would take the signal's own share of
/// that band with it. Rows count from 0 and frequencies are in cycles per sample.
public struct HumFit: Sendable {
  /// What the signal is on the plateaus, beside the hum.
  public enum Baseline: Hashable, Sendable {
    /// A polynomial of its own on each plateau, as branches of a loop have.
    case ofEachPlateau
    /// One polynomial through all plateaus, as the baseline of a voltage before and after a pulse.
    case common
  }

  /// The frequency of the hum, in cycles per sample.
  public private(set) var frequency: Double
  /// Its standard uncertainty; 0 for a stated frequency.
  ///
  /// That of any frequency within the width, when the hum is too weak to tell.
  public private(set) var frequencyUncertainty = 0.0
  /// Whether the frequency is what the record tells, and not the stated one.
  public private(set) var isFrequencyFitted = false
  /// How many multiples of the frequency were fitted: fewer than wanted when they reach half the sampling rate.
  public let harmonics: Int
  /// The coefficients of `basis` but for its last element, in the samples' unit.
  ///
  /// Cosine and sine of the frequency, of its double, and so on.
  public private(set) var coefficients: [Double]
  /// The covariance of the coefficients and, in the last row and column, the frequency; row by row.
  public private(set) var covariance: [Double] = []
  /// The standard deviation of what the fit leaves on the plateaus, in the samples' unit.
  public private(set) var residualStandardDeviation = 0.0
  /// How many samples more than unknowns there were.
  public private(set) var degreesOfFreedom = 0.0
  /// The row from which phases count.
  private let centre: Double

  /// The amplitude at the frequency and each harmonic, in the samples' unit.
  public var amplitudes: [Double] {
    (0..<harmonics).map { k -> Double in
      let (cosine, sine) = (coefficients[2 * k], coefficients[2 * k + 1])
      return (cosine * cosine + sine * sine).squareRoot()
    }
  }

  /// Fits hum of about `frequency` to the rows of `plateaus`; nil when they do not determine it.
  ///
  /// The frequency is the stated one, or free within ± `width`: then the best of a grid as fine as a quarter of the
  /// record's resolution is improved by Gauss and Newton. It is worth freeing in records of many cycles only.
  /// `harmonics` is the highest multiple and `degree` that of the polynomials. nil, too, for rows outside the record,
  /// samples that are not finite, or a frequency not between 0 and half the sampling rate.
  public init?(
    _ samples: [Double], plateaus: [Range<Int>], frequency: Double, freeWithin width: Double? = nil,
    harmonics: Int = 5, degree: Int = 3, baseline: Baseline = .ofEachPlateau
  ) {
    guard let first = plateaus.map(\.lowerBound).min(), let last = plateaus.map(\.upperBound).max(),
      first >= 0, last <= samples.count, last > first + 1, harmonics >= 1, degree >= 0,
      plateaus.allSatisfy({ samples[$0].allSatisfy(\.isFinite) })
    else { return nil }
    let width = width.map(abs) ?? 0
    guard frequency - width > 0, frequency + width < 0.5 else { return nil }
    self.frequency = frequency
    self.harmonics = min(harmonics, Int((0.499999 / (frequency + width)).rounded(.down)))
    centre = 0.5 * Double(first + last - 1)
    coefficients = [Double](repeating: 0, count: 2 * self.harmonics)
    let problem = Problem(
      samples: samples, plateaus: plateaus, degree: degree, joined: baseline == .common, centre: centre,
      harmonics: self.harmonics)
    var start = frequency
    if width > 0 {
      let spacing = max(0.25 / Double(last - first), width / 200)
      let steps = Int((width / spacing).rounded(.down))
      var least = Double.infinity
      for step in -steps...max(steps, 0) {
        let tried = frequency + Double(step) * spacing
        guard let solution = problem.solution(problem.start(frequency: tried), freeing: false) else {
          continue
        }
        if solution.residualSumOfSquares < least { (least, start) = (solution.residualSumOfSquares, tried) }
      }
    }
    let free = width > 0 ? problem.refined(from: start) : nil
    if let free, abs(free.frequency - frequency) <= width, free.frequencyUncertainty < 0.5 * width {
      isFrequencyFitted = true
      adopt(free)
    } else if let fixed = problem.refined(at: frequency) {
      adopt(fixed)
      frequencyUncertainty = width / 3.0.squareRoot()
      covariance[covariance.count - 1] = frequencyUncertainty * frequencyUncertainty
    } else {
      return nil
    }
  }

  private mutating func adopt(_ fit: Problem.Fit) {
    frequency = fit.frequency
    frequencyUncertainty = fit.frequencyUncertainty
    coefficients = Array(fit.values[..<(2 * harmonics)])
    covariance = fit.covariance
    residualStandardDeviation = fit.residual
    degreesOfFreedom = fit.degreesOfFreedom
  }

  /// What each coefficient and, last, a change of the frequency by 1 add at a row.
  public func basis(at row: Double) -> [Double] {
    let row = Problem.Row(harmonics: harmonics, at: row - centre, frequency: frequency)
    let slope = row.slope(coefficients)
    return row.columns + [slope]
  }

  /// The hum at a row, in the samples' unit.
  public func value(at row: Double) -> Double {
    zip(basis(at: row), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The hum at rows 0 … count − 1, in the samples' unit.
  public func values(count: Int) -> [Double] { (0..<max(0, count)).map { value(at: Double($0)) } }

  /// The standard uncertainty of the hum at a row, in the samples' unit.
  public func standardUncertainty(at row: Double) -> Double {
    let basis = basis(at: row)
    var sum = 0.0
    for i in basis.indices {
      for j in basis.indices { sum += basis[i] * covariance[i * basis.count + j] * basis[j] }
    }
    return max(0, sum).squareRoot()
  }
}
