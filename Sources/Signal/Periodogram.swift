// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The power spectral density of a real sequence, per sample and two-sided: white noise of variance σ² has
/// the expectation σ² in every bin.
///
/// |X_k|²/n for k = 1 … ⌈n/2⌉ − 1, the mean (k = 0) and the Nyquist bin left out. Only the first n samples, as many
/// as give a fast transform length, are used; the frequency of k is k/n.
public func periodogram(_ samples: [Double]) -> [Double] {
  guard samples.count >= 4 else { return [] }
  let count = largestFastLength(atMost: samples.count)
  let transform = RealTransform.shared(count: count)
  let power = transform.power(of: samples.count == count ? samples : Array(samples[..<count]))
  let scale = 1 / Double(count)
  return power[1..<(count + 1) / 2].map { $0 * scale }
}

/// The white-noise level of a power spectral density whose low frequencies may hold something else.
///
/// The median of the upper half of the bins, divided by ln 2 because periodogram ordinates of Gaussian noise
/// are exponentially distributed. nil for fewer than 8 bins.
public func whiteLevel(ofPeriodogram density: [Double]) -> Double? {
  guard density.count >= 8 else { return nil }
  return median(Array(density[(density.count / 2)...])).map { $0 / 0.693147180559945 }
}

/// A periodogram averaged over 25 bins of equal width in ln f: what a noise spectrum is fitted to.
///
/// Spectral densities are two-sided and per sample, in the square of the samples' unit; frequencies are in cycles
/// per sample. Empty bins are left out.
public struct BinnedPeriodogram: Hashable, Sendable {
  /// The geometric mean of the frequencies in each bin, rising.
  public private(set) var frequencies: [Double] = []
  /// The mean ordinate of each bin.
  public private(set) var means: [Double] = []
  /// How many ordinates each bin holds.
  public private(set) var counts: [Double] = []
  /// How many neighbouring ordinates tell as much as one independent ordinate: 1, or more behind a window.
  public let redundancy: Double

  /// How many ordinates all bins hold.
  public var ordinates: Double { counts.reduce(0, +) }
  /// The mean of all ordinates; 0 for none.
  public var mean: Double {
    ordinates > 0 ? zip(means, counts).reduce(0) { $0 + $1.0 * $1.1 } / ordinates : 0
  }

  /// Averages of the ordinates at k/period for k = `first` and on; `first` is 1 or more.
  public init(ordinates: [Double], first: Int, period: Int, redundancy: Double = 1) {
    precondition(first >= 1 && period >= 1, "ordinates from \(first) of a period of \(period)")
    self.redundancy = redundancy
    let wanted = 25
    let start = log(Double(first))
    let width = (log(Double(first + max(0, ordinates.count - 1))) - start) / Double(wanted)
    var (bin, count, sum, logarithms) = (0, 0.0, 0.0, 0.0)
    func close(_ binned: inout BinnedPeriodogram) {
      guard count > 0 else { return }
      binned.frequencies.append(exp(logarithms / count) / Double(period))
      binned.means.append(sum / count)
      binned.counts.append(count)
      (count, sum, logarithms) = (0, 0, 0)
    }
    for (index, ordinate) in ordinates.enumerated() {
      let logarithm = log(Double(first + index))
      let place = width > 0 ? min(wanted - 1, Int((logarithm - start) / width)) : 0
      if place != bin { close(&self) }
      bin = place
      count += 1
      sum += ordinate
      logarithms += logarithm
    }
    close(&self)
  }

  /// The periodogram of a record that does not repeat: mean removed, Hann window, the two lowest frequencies left out.
  ///
  /// The window spreads what is left of the mean over k = 0 and 1 and makes neighbours depend on each other: an
  /// average of many scatters as that of 35/18 times fewer.
  public init(record: [Double]) {
    guard record.count >= 8 else {
      self.init(ordinates: [], first: 2, period: 1, redundancy: 35.0 / 18)
      return
    }
    let count = largestFastLength(atMost: record.count)
    let mean = record[..<count].reduce(0, +) / Double(count)
    let turn = 2 * Double.pi / Double(count)
    let windowed = (0..<count).map { (0.5 - 0.5 * cos(turn * Double($0))) * (record[$0] - mean) }
    let power = RealTransform.shared(count: count).power(of: windowed)
    // The squares of the window sum up to 3/8 of the count.
    let scale = 8 / (3 * Double(count))
    self.init(
      ordinates: power[2..<(count + 1) / 2].map { $0 * scale }, first: 2, period: count, redundancy: 35.0 / 18
    )
  }
}
