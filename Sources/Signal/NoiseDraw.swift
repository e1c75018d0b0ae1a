// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

extension SampledSpectrum {
  /// Samples of this noise in time order, from independent numbers of mean 0 and variance 1.
  ///
  /// They are cut from a period of the transform's length, so that the variance of a weighted sum of them is
  /// `variance(ofWeights:)`. `count` is at most half that length.
  public func samples(_ count: Int, normal: () -> Double) -> [Double] {
    let period = transform.count
    precondition(2 * count <= period, "\(count) samples of a period of \(period)")
    var spectrum = transform.forward((0..<period).map { _ in normal() })
    for k in spectrum.real.indices {
      let share = k == 0 || 2 * k == period ? 1 : 0.5
      let gain = (share * Double(period) * densities[k]).squareRoot()
      spectrum.real[k] *= gain
      spectrum.imaginary[k] *= gain
    }
    return Array(transform.inverse(spectrum)[..<count])
  }
}
