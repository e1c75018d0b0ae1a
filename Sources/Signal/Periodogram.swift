// SPDX-License-Identifier: GPL-3.0-or-later
internal import Fourier

/// The power spectral density of a real sequence, per sample and two-sided: white noise of variance σ² has
/// the expectation σ² in every bin.
///
/// |X_k|²/n for k = 1 … ⌈n/2⌉ − 1, the mean (k = 0) and the Nyquist bin left out. Only the first samples, as many
/// as give a fast transform length, are used.
public func periodogram(_ samples: [Double]) -> [Double] {
  guard samples.count >= 4 else { return [] }
  let count = largestFastLength(atMost: samples.count)
  let transform = RealTransform(count: count)
  let power = transform.forward(Array(samples[..<count])).power
  return power[1..<(count + 1) / 2].map { $0 / Double(count) }
}

/// The white-noise level of a power spectral density whose low frequencies may hold something else.
///
/// The median of the upper half of the bins, divided by ln 2 because periodogram ordinates of Gaussian noise
/// are exponentially distributed. nil for fewer than 8 bins.
public func whiteLevel(ofPeriodogram density: [Double]) -> Double? {
  guard density.count >= 8 else { return nil }
  return median(Array(density[(density.count / 2)...])).map { $0 / 0.693147180559945 }
}
