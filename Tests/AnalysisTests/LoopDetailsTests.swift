// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct LoopDetailsTests {
  private static let budget = TypeBBudget(
    name: "all", isDefault: false,
    lines: [
      .init(id: "gain", title: "", input: .polarisationGain, standardUncertainty: 0.005),
      .init(
        id: "field", title: "", input: .fieldGain, standardUncertainty: 0.004, degreesOfFreedom: 9),
      .init(id: "demag", title: "", input: .demagnetisingFactor, standardUncertainty: 0.01),
      .init(id: "chi", title: "", input: .susceptibility, standardUncertainty: 0.0005),
      .init(
        id: "warm", title: "", input: .temperature(alphaPerKelvin: -0.0011, betaPerKelvin: -0.006),
        standardUncertainty: 0.5),
      .init(id: "level", title: "", input: .loopLevel, standardUncertainty: 0.001),
    ])

  private func analysis(
    _ loop: SimulatedLoop, budget: TypeBBudget = budget, method: EstimationMethod = .fit,
    blank: BlankRecord? = nil, wantsDetails: Bool = true
  ) throws -> LoopAnalysis {
    var settings = AnalysisSettings(method: method, budget: budget, blank: blank)
    settings.wantsDetails = wantsDetails
    let measurement = loop.measurement()
    return try LoopAnalyzer(settings: settings).analyze(
      measurement.separatedLoops()[0], sample: measurement.sample)
  }

  private func band(_ analysis: LoopAnalysis) throws -> CurveBand {
    guard case .known(let band) = try #require(analysis.details).band else {
      throw AnalysisError(.noCurve, "no band: \(String(describing: analysis.details?.band))")
    }
    return band
  }

  private func noisy(_ reference: ReferenceLoop = .a) -> SimulatedLoop {
    SimulatedLoop(reference).with {
      $0.noisePercent = 0.2
      $0.seed = 91
    }
  }

  /// U of a property without what only a second estimator or a second branch tells.
  private func expandedByCurve<Kind>(_ estimate: Estimate<Kind>) -> Double {
    let lines = estimate.budget.filter { !["estimator", "branches", "misfit"].contains($0.id) }
    let factor = CoverageFactor(
      probability: CoverageFactor.conventional, degreesOfFreedom: effectiveDegreesOfFreedom(lines))
    return factor.k * combinedStandardUncertainty(lines)
  }

  // At H = 0 the band is Br with all lines of its budget, computed by the same formulas: only rounding differs.
  @Test(arguments: [false, true]) func theBandAtZeroFieldIsThatOfRemanence(isOpen: Bool) throws {
    let analysis = try analysis(isOpen ? noisy().asCube : noisy())
    let band = try band(analysis)
    let remanence = try #require(analysis.properties.remanence)
    #expect(band.internalField.si.first == 0)
    #expect(abs(band.polarisation.si[0] / remanence.value.si - 1) < 1e-9)
    #expect(abs(band.expandedUncertainty[0] / expandedByCurve(remanence) - 1) < 1e-9)
  }

  // δHcJ = δJ/(dJ/dH). Both are joined by straight lines between the places of the band, which are 1 % of the curve
  // apart: slope and width change by up to 3 % between neighbours there.
  @Test(arguments: [false, true]) func theBandAtHcJIsThatOfHcJ(isOpen: Bool) throws {
    let analysis = try analysis(isOpen ? noisy().asCube : noisy())
    let band = try band(analysis)
    let coercivity = try #require(analysis.properties.coercivityHcJ)
    let (fields, values) = (band.internalField.si, band.polarisation.si)
    let below = try #require(fields.firstIndex { $0 < -coercivity.value.si })
    let slope = (values[below - 1] - values[below]) / (fields[below - 1] - fields[below])
    let width = try #require(band.expandedUncertainty(at: -coercivity.value.si))
    #expect(abs(width / (slope * expandedByCurve(coercivity)) - 1) < 0.03)
  }

  // Without noise and with one line the band is that line: 1 % of J, or of H through the slope. The noise that is
  // never undercut is 1e-6 of J.
  @Test func theBandIsWhatEachLineMakesOfTheCurve() throws {
    let gain = TypeBBudget(
      name: "gain", isDefault: false,
      lines: [.init(id: "g", title: "", input: .polarisationGain, standardUncertainty: 0.01)])
    let band = try band(analysis(SimulatedLoop(.a).with { $0.points = 4000 }, budget: gain))
    let k = CoverageFactor(probability: CoverageFactor.conventional, degreesOfFreedom: nil).k
    for (j, width) in zip(band.polarisation.si, band.expandedUncertainty) where j > 0.1 {
      #expect(abs(width / (k * 0.01 * j) - 1) < 1e-4)
    }
    #expect(band.internalField.count > 80)
    #expect(zip(band.internalField.si, band.internalField.si.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func outsideTheBandNothingIsKnown() throws {
    let band = CurveBand(
      internalField: Series(si: [0, -10]), polarisation: Series(si: [1, 0]), expandedUncertainty: [2, 4])
    #expect(band.expandedUncertainty(at: 0) == 2)
    #expect(band.expandedUncertainty(at: -5) == 3)
    #expect(band.expandedUncertainty(at: -10) == 4)
    #expect(band.expandedUncertainty(at: -10.1) == nil)
    #expect(band.expandedUncertainty(at: 0.1) == nil)
    #expect(band.expandedUncertainty(at: .nan) == nil)
  }

  @Test func whereThereIsNoCurveThereIsAReason() throws {
    func reason(_ analysis: LoopAnalysis) throws -> String {
      guard case .absent(let reason) = try #require(analysis.details).band else { return "" }
      return reason
    }
    #expect(try reason(analysis(noisy(), method: .interpolation)).contains("straight lines"))
    #expect(try reason(analysis(noisy().with { $0.points = 60 })).contains("too few samples"))
    #expect(
      try reason(analysis(noisy().with { $0.sweep = .secondQuadrant(toAmperesPerMetre: 1e6) }))
        .contains("no curve could be fitted"))
    let cube = noisy().asCube.with { $0.sample.shape = nil }
    let moment = try analysis(cube)
    #expect(try reason(moment).contains("volume"))
    #expect(moment.details?.noise?.unit == .ampereSquareMetre)
    #expect(moment.details?.residuals?.unit == .ampereSquareMetre)
  }

  @Test func detailsAreNotGivenUnlessAskedFor() throws {
    var with = try analysis(noisy())
    #expect(with.details != nil)
    with.details = nil
    // They change nothing else.
    #expect(try analysis(noisy(), wantsDetails: false) == with)
  }

  // The residuals are the noise that was put in, 0.2 % of Br: the standard deviation of 1000 numbers is known to 2.2 %,
  // 9 % are four of that. In an open circuit the applied field is the abscissa, so that noise of J is not sheared where
  // the curve is steep: there, 30 samples or more, within 60 %, four and a half times 13 %.
  @Test(arguments: [false, true]) func residualsAreTheNoise(isOpen: Bool) throws {
    let analysis = try analysis(isOpen ? noisy().asCube : noisy())
    let residuals = try #require(analysis.details?.residuals)
    #expect(residuals.branches.map(\.isAscending) == [false, true])
    let all = residuals.branches.flatMap { Array(zip($0.internalField.si, $0.residual)) }
    func deviation(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    let noise = 0.002 * 1.31
    #expect(all.count >= 1000)
    #expect(abs(deviation(all.map(\.1)) / noise - 1) < 0.09)
    #expect(abs(residuals.noise / noise - 1) < 0.15)
    let steep = all.filter { abs($0.0 + 1684e3) < 30e3 }.map(\.1)
    #expect(steep.count >= 12)
    #expect(abs(deviation(steep) / noise - 1) < 0.6)
  }

  // A step back and forth that never ends has no place here: at some fields of an open circuit Newton's method alone
  // would leave a residual of 0.2 T. With noise of 0.13 mT none is above 5.5 of its standard
  // deviations: that is one number of 26 million.
  @Test(arguments: [UInt64](1...6)) func noResidualStandsOut(seed: UInt64) throws {
    let loop = noisy().asCube.with {
      $0.points = 4000
      $0.noisePercent = 0.01
      $0.seed = seed
    }
    let residuals = try #require(analysis(loop).details?.residuals)
    let largest = residuals.branches.flatMap(\.residual).reduce(0) { max($0, abs($1)) }
    #expect(largest < 5.5 * 0.0001 * 1.31)
  }

  // White noise of standard deviation σ has the density σ² per sample; its level is known to 6 % from 250 ordinates.
  @Test func theSpectrumOfWhiteNoiseIsFlatAtItsVariance() throws {
    let noise = try #require(try analysis(noisy()).details?.noise)
    let expected = (0.002 * 1.31) * (0.002 * 1.31)
    #expect(noise.loopFit.density.count == 2)
    for density in noise.loopFit.density { #expect(abs(density / expected - 1) < 0.25) }
    let seen = try #require(noise.loop)
    #expect(seen.frequency.allSatisfy { $0 > 0 && $0 < 0.5 })
    #expect(seen.frequency == seen.frequency.sorted())
    #expect((noise.blank, noise.blankFit) == (nil, nil))
    #expect(noise.title.contains("white"))
  }

  @Test func aBlankRecordHasItsOwnSpectrum() throws {
    let loop = SimulatedLoop(.l2).with {
      $0.points = 1000
      $0.noisePercent = 0.3
      $0.noiseKind = .pink
      $0.seed = 5
    }
    let blank = BlankRecord(loop.blankRecord(seed: 6), name: "blank")
    let noise = try #require(try analysis(loop, blank: blank).details?.noise)
    let (seen, fit) = try (#require(noise.blank), #require(noise.blankFit))
    // A record of many loops tells of frequencies that one loop does not.
    #expect(try seen.frequency[0] < 0.5 * #require(noise.loop?.frequency.first))
    // 1/f noise: a hundredth of the frequency has far more than ten times the density.
    #expect(fit.density[0] > 10 * fit.density[fit.density.count - 1])
    #expect(noise.title.contains("blank"))
  }

  @Test func aSingleBranchHasALevelOnly() throws {
    let loop = noisy().with { $0.sweep = .secondQuadrant(toAmperesPerMetre: 2e6) }
    let noise = try #require(try analysis(loop).details?.noise)
    #expect(noise.loop == nil)
    #expect(noise.loopFit.density.allSatisfy { $0 == noise.loopFit.density[0] && $0 > 0 })
  }

  @Test func sweepsHaveTheirKinds() throws {
    let loop = noisy().with { $0.sweep = .initialCurveAndLoop }
    #expect(try analysis(loop).loop.kinds == [.initial, .descending, .ascending])
  }
}
