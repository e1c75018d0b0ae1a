// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
public import Quantities
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The spectrum of the noise of a loop: what was seen of it, and what uncertainties take it for.
public struct NoiseSpectrumEstimate: Hashable, Sendable {
  /// A power spectral density, two-sided and per sample: white noise of variance σ² has σ² at every frequency.
  public struct Spectrum: Hashable, Sendable {
    /// Frequencies in cycles per sample, rising, above 0 and up to ½.
    public var frequency: [Double]
    /// The density at each, in the square of the estimate's `unit`.
    public var density: [Double]

    /// A spectrum from its columns, of equal counts; traps otherwise.
    public init(frequency: [Double], density: [Double]) {
      precondition(frequency.count == density.count, "a spectrum of unequal columns")
      self.frequency = frequency
      self.density = density
    }
  }

  /// T, or A·m² when the volume is not known.
  public var unit: SIUnit
  /// The time between two samples, in s; nil when the data have no times.
  public var samplingInterval: Double?
  /// The periodogram of the loop's even harmonics, averaged over bins of equal ratio; nil where the loop tells a level
  /// only, from second differences.
  public var loop: Spectrum?
  /// What the loop itself tells, white or fitted to its periodogram by Whittle's likelihood.
  public var loopFit: Spectrum
  /// The periodogram of the blank record, averaged likewise; nil without such a record.
  public var blank: Spectrum?
  /// The spectrum that was fitted to it.
  public var blankFit: Spectrum?
  /// The source of the spectrum in uncertainties, as budgets name it.
  public var title: String

  /// An estimate from its parts.
  public init(
    unit: SIUnit, samplingInterval: Double?, loop: Spectrum?, loopFit: Spectrum, blank: Spectrum? = nil,
    blankFit: Spectrum? = nil, title: String
  ) {
    self.unit = unit
    self.samplingInterval = samplingInterval
    self.loop = loop
    self.loopFit = loopFit
    self.blank = blank
    self.blankFit = blankFit
    self.title = title
  }
}

extension NoiseSpectrumEstimate.Spectrum {
  init(_ periodogram: BinnedPeriodogram, scaledBy factor: Double) {
    self.init(frequency: periodogram.frequencies, density: periodogram.means.map { factor * $0 })
  }

  /// A fitted spectrum at frequencies of equal ratio from a lowest one to ½.
  init(_ spectrum: NoiseSpectrum, from lowest: Double) {
    let count = spectrum.isWhite ? 2 : 65
    let frequencies = (0..<count).map { lowest * pow(0.5 / lowest, Double($0) / Double(count - 1)) }
    self.init(frequency: frequencies, density: frequencies.map { spectrum.density(at: $0) })
  }
}

extension NoiseSpectrumEstimate {
  init(_ noise: NoiseLevel, _ measurement: LoopMeasurement, blank: BlankRecord?, data: ConditionedData) {
    let lowest = 1 / Double(max(4, data.field.count))
    unit = data.hasPolarisation ? .tesla : .ampereSquareMetre
    samplingInterval = measurement.samplingInterval
    loop = noise.ownPeriodogram
    loopFit = Spectrum(noise.own, from: loop?.frequency.first ?? lowest)
    title = noise.title
    guard let blank else { return }
    let seen = Spectrum(blank.periodogram, scaledBy: data.scale * data.scale)
    self.blank = seen
    blankFit = Spectrum(noise.spectrum, from: seen.frequency.first ?? lowest)
  }
}
