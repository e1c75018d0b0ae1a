// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// The noise of the response: its level for windows, its spectrum for uncertainties, and how both were found.
struct NoiseLevel: Sendable {
  /// Where the spectrum comes from.
  enum Source: Sendable { case evenHarmonics, secondDifferences, blankRecord }

  /// What white noise of the fast part's level makes the rows of a branch scatter by, in the unit of the response.
  let standardDeviation: Double
  /// The spectrum of a sample's noise, in the square of that unit.
  let spectrum: NoiseSpectrum
  let source: Source
  /// Those of white noise as far as the loop itself tells; `noise(of:near:)` has those of an uncertainty.
  let degreesOfFreedom: Double
  /// Lag-one autocorrelation of the sums of mates about a straight line; 0 without mates.
  let correlation: Double
  /// Power of the lowest even harmonics over that of the noise, taken as white unless a blank record tells its
  /// spectrum; near 1 for a loop that is its own mirror image.
  let asymmetry: Double?
  /// Half the mean of the sums of mates: an offset of the response; nil without mates.
  let offset: Double?
  private let mates: Mates?
  /// The branches that rows belong to.
  private var branches: [Branch]
  /// The samples of all branches, in time order.
  private let samples: Range<Int>
  private let sampled: SampledSpectrum?
  /// What averaging samples of equal field to rows has taken from the variance.
  private let samplesPerRow: Double
  /// White noise, a variance, that the loop has beyond the spectrum of a blank record.
  let excess: Double
  /// The spectrum of a sample's noise as far as the loop itself tells, whatever a blank record says.
  let own: NoiseSpectrum
  /// The periodogram that `own` was fitted to, per row; nil where the loop tells a level only.
  private let periodogram: BinnedPeriodogram?

  /// Over how many samples the noise is correlated, at most 6: 1 for white noise, (1 + ρ)/(1 − ρ) from a lag-one
  /// autocorrelation ρ above 0.3.
  var correlationLength: Double { correlation > 0.3 ? min(6, (1 + correlation) / (1 - correlation)) : 1 }

  /// The noise of a loop, with the spectrum that a blank record gave if there is one.
  ///
  /// In a closed loop x(t + T/2) = −x(t): the sum of mated points holds the even harmonics of the loop and so
  /// noise alone. A single branch has only its second differences.
  init(branches: [Branch], blank: NoiseSpectrum? = nil) {
    self.branches = branches
    samples = Branch.samples(of: branches)
    let floor = 1e-6 * (branches.first?.response.map(abs).max() ?? 0)
    let perRow = branches.isEmpty ? 1 : branches.reduce(0) { $0 + $1.samplesPerRow } / Double(branches.count)
    samplesPerRow = perRow
    let mates = branches.count == 2 ? Mates(branches[0], branches[1]) : nil
    let density = mates?.density() ?? []
    if let mates, let white = whiteLevel(ofPeriodogram: density) {
      standardDeviation = max(white.squareRoot(), floor)
      let ordinates = Double(max(1, density.count))
      degreesOfFreedom = 2 * ordinates
      let isNoise = white > floor * floor
      let period = Double(mates.period) * perRow
      let binned = BinnedPeriodogram(ordinates: density, first: 1, period: Int(period.rounded()))
      periodogram = isNoise ? binned : nil
      own =
        isNoise
        ? NoiseSpectrum(fitting: binned, points: samples.count).scaled(by: perRow.squareRoot())
        : NoiseSpectrum(whiteVariance: floor * floor, ordinates: ordinates)
      correlation = isNoise ? mates.correlation() : 0
      let lowest = density.prefix(6).enumerated().map { index, ordinate in
        let expected = blank.map { $0.density(at: Double(index + 1) / period) / perRow } ?? white
        return ordinate / max(expected, floor * floor)
      }
      asymmetry = white > 0 ? lowest.reduce(0, +) / Double(max(1, lowest.count)) : nil
      offset = mates.mean / 2
      self.mates = mates
      source = blank == nil ? .evenHarmonics : .blankRecord
    } else {
      let levels = branches.map { noiseFromSecondDifferences($0.response) }
      let mean = levels.isEmpty ? 0 : levels.reduce(0, +) / Double(levels.count)
      standardDeviation = max(mean, floor)
      degreesOfFreedom = Double(max(1, branches.reduce(0) { $0 + $1.count } / 3))
      own = NoiseSpectrum(
        whiteVariance: standardDeviation * standardDeviation * perRow, ordinates: degreesOfFreedom / 2)
      (correlation, asymmetry, offset, self.mates) = (0, nil, nil, nil)
      periodogram = nil
      source = blank == nil ? .secondDifferences : .blankRecord
    }
    spectrum = blank ?? own
    sampled = spectrum.isWhite ? nil : spectrum.sampled(count: samples.count)
    // A specimen may add noise to that of the instrument; both levels are known to some 10 %.
    let variance = standardDeviation * standardDeviation * perRow
    let fast = blank.map { blank in
      [0.275, 0.325, 0.375, 0.425, 0.475].reduce(0) { $0 + blank.density(at: $1) / 5 }
    }
    excess = fast.map { variance > 1.3 * $0 ? variance - $0 : 0 } ?? 0
  }

  /// The periodogram of the even harmonics, per sample; nil where the loop tells a level only.
  var ownPeriodogram: NoiseSpectrumEstimate.Spectrum? {
    periodogram.map { NoiseSpectrumEstimate.Spectrum($0, scaledBy: samplesPerRow) }
  }

  /// The standard deviation of a row by noise of all frequencies that the loop holds.
  var overall: Double {
    guard let sampled else { return standardDeviation }
    return max(standardDeviation, (sampled.meanDensity / samplesPerRow).squareRoot())
  }

  /// Whether it is coloured and nothing tells of the noise that is slower than the loop.
  var isColouredByEvenHarmonics: Bool { source == .evenHarmonics && !spectrum.isWhite }

  /// What budgets say of it.
  var title: String {
    if source == .blankRecord { return "noise of the response, spectrum of the blank record" }
    if source == .secondDifferences { return "noise of neighbouring points, taken as white" }
    return isColouredByEvenHarmonics
      ? "noise of the response, spectrum of even harmonics" : "noise of the response, white"
  }

  /// The same for rows of some of the branches only, by their place.
  func evaluating(_ places: [Int]) -> NoiseLevel {
    var copy = self
    copy.branches = places.map { branches[$0] }
    return copy
  }

  /// The standard uncertainty of a result that a row of weights per branch reads off near a field of each.
  ///
  /// (1/M)·ΣS·|W|² over the weights in time order, and white noise where the loop scatters more than elsewhere.
  func noise(
    of rows: [InfluenceRow], near fields: [Double]
  ) -> (standardUncertainty: Double, degreesOfFreedom: Double) {
    var (squares, local) = (0.0, 0.0)
    let level = standardDeviation * standardDeviation
    for (row, (branch, field)) in zip(rows, zip(branches, fields)) {
      let square = branch.squaredNorm(of: row)
      let near = standardDeviation(near: field)
      squares += square
      local += (near * near - level) * samplesPerRow * square
    }
    // White noise needs neither transform nor order in time.
    let (everywhere, degrees) =
      sampled?.variance(ofWeights: inTimeOrder(rows))
      ?? (spectrum.white * squares, spectrum.degreesOfFreedom(ofWeights: []))
    let steady = excess * squares
    let variance = everywhere + steady + local
    let spread =
      everywhere * everywhere / degrees + steady * steady / degreesOfFreedom
      + local * local / Double(Mates.neighbours - 2)
    return (max(0, variance).squareRoot(), spread > 0 ? variance * variance / spread : degrees)
  }

  /// The standard deviation near a field of the mapped branches.
  ///
  /// Field noise and timing act through the slope, so steep parts of a loop scatter more than flat ones. Judged
  /// by the nearest mates about their own straight line; the general level unless they scatter clearly more.
  func standardDeviation(near field: Double) -> Double {
    guard let variance = mates?.variance(near: field) else { return standardDeviation }
    // χ² with 14 degrees of freedom exceeds 2.08 times its mean once in a hundred times.
    return variance > 2.08 * standardDeviation * standardDeviation ? variance.squareRoot() : standardDeviation
  }

  private func inTimeOrder(_ rows: [InfluenceRow]) -> [Double] {
    var weights = [Double](repeating: 0, count: samples.count)
    for (row, branch) in zip(rows, branches) {
      branch.spread(row, over: &weights, from: samples.lowerBound)
    }
    return weights
  }
}
