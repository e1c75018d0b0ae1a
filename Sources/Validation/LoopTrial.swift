// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Measurements
internal import Quantities
public import Simulation

/// The analysis that is validated: from a simulated loop to its properties.
public struct AnalysisUnderTest: Sendable {
  /// The probability that U is meant to cover.
  public static let coverageProbability = 0.95

  private let analyze: @Sendable (ValidationCell, _ run: Int, BlankRecord?) throws -> LoopAnalysis

  /// Any analysis of simulated loops whose U is meant to cover `coverageProbability`.
  ///
  /// What it throws counts as a loop without values. A cell of shots has none to give it.
  public init(_ analyze: @escaping @Sendable (SimulatedLoop) throws -> LoopAnalysis) {
    self.init(cells: { cell, run, _ in
      guard cell.recording == .loop else {
        throw AnalysisError(.waveform, "this analysis is one of loops, not of voltages")
      }
      return try analyze(cell.simulatedLoop(run: run))
    })
  }

  private init(
    cells analyze: @escaping @Sendable (ValidationCell, Int, BlankRecord?) throws -> LoopAnalysis
  ) {
    self.analyze = analyze
  }

  /// The analysis of `magcert analyze` with its default settings and no Type B line: a simulated instrument has no
  /// calibration that could be wrong, so U holds what the loop itself tells.
  ///
  /// In coloured noise it gets a blank record, as it asks for one there. A shot goes through the signal chain with its
  /// empty shot first, whose lines are then the budget.
  public static let standard = AnalysisUnderTest(cells: { cell, run, blank in
    let (measurement, lines) = try cell.measurement(run: run)
    var settings = AnalysisSettings(
      budget: TypeBBudget(name: "simulated", isDefault: false, lines: lines),
      coverageProbability: coverageProbability, blank: blank)
    settings.ladderComponents = cell.ladderComponents
    guard let separated = try measurement.separatedLoops().first else {
      throw AnalysisError(.noSweep, "the simulated data hold no loop")
    }
    return try LoopAnalyzer(settings: settings).analyze(separated, sample: measurement.sample)
  })

  /// Simulates and analyses runs of a cell; the same whichever runs are asked for together.
  public func trials(of cell: ValidationCell, runs: Range<Int>) -> [LoopTrial] {
    var blank: BlankRecord?
    return runs.map { run in
      if run == runs.lowerBound || run.isMultiple(of: ValidationCell.runsPerBlank) {
        blank = cell.blankRecord(forRun: run)
      }
      let analysis = try? analyze(cell, run, blank)
      return LoopTrial(analysis?.estimates ?? [])
    }
  }
}

/// What one simulated loop gave.
public struct LoopTrial: Hashable, Sendable {
  struct Reading: Hashable {
    let value: Double
    let expandedUncertainty: Double
    /// The budget line of the noise, as a standard and as an expanded uncertainty.
    let noise: Double
    let expandedNoise: Double
  }

  /// In the order of `CramerRaoBound.characteristics`; nil what the analysis did not give.
  let readings: [Reading?]

  init(_ estimates: [CharacteristicEstimate]) {
    readings = CramerRaoBound.characteristics.map { characteristic in
      guard let estimate = estimates.first(where: { $0.characteristic == characteristic }) else { return nil }
      let noise = estimate.budget.first { $0.id == "noise" }
      let factor = CoverageFactor(
        probability: estimate.coverage.probability, degreesOfFreedom: noise?.degreesOfFreedom)
      let standard = noise?.contribution.magnitude ?? 0
      return Reading(
        value: estimate.value, expandedUncertainty: estimate.expandedUncertainty, noise: standard,
        expandedNoise: factor.k * standard)
    }
  }
}
