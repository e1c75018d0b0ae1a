// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// What the instrument wrote into the file is compared with our values and never replaces them.
@Suite struct InstrumentComparisonTests {
  // Noise of 0.1 % of Br makes U of HcJ some 10⁻⁴ of its value, without any Type B line.
  private let loop = SimulatedLoop(.a).with { $0.noisePercent = 0.1 }.measurement()
  private let truth = 1_683_632.0

  private func analyzed(
    _ result: InstrumentResult, columns: ColumnChoice = .raw, in loop: LoopMeasurement? = nil
  ) throws -> LoopAnalysis {
    var measurement = loop ?? self.loop
    measurement.instrumentResults = [result]
    let settings = AnalysisSettings(columns: columns, budget: Budgets.none)
    return try LoopAnalyzer(settings: settings).analyze(
      measurement.separatedLoops()[0], sample: measurement.sample)
  }

  private func coercivity(_ si: Double, rounding: Double = 0, processed: Bool = false) -> InstrumentResult {
    InstrumentResult(
      .coercivityHcJ, si: si, rounding: rounding, spelled: "Hcj = \(si)", isOfProcessedColumns: processed)
  }

  @Test func aValueWithinUAgrees() throws {
    let analysis = try analyzed(coercivity(truth))
    let comparison = try #require(analysis.instrumentComparisons.first)
    let own = try #require(analysis[.coercivityHcJ])
    #expect(comparison.agrees == true)
    #expect(comparison.characteristic == .coercivityHcJ)
    #expect(comparison.difference == own.value - truth)
    #expect(comparison.expandedUncertainty == own.expandedUncertainty)
    #expect(!analysis.codes.contains(.instrumentDiffers))
  }

  @Test func aValueBeyondUIsFlaggedAndChangesNothing() throws {
    let analysis = try analyzed(coercivity(0.97 * truth))
    #expect(analysis.instrumentComparisons.map(\.agrees) == [false])
    let message = try #require(analysis.flags.first { $0.code == .instrumentDiffers }).message
    #expect(message.contains("HcJ") && message.contains("Hcj = "), "\(message)")
    #expect(try analysis[.coercivityHcJ] == analyzed(coercivity(truth))[.coercivityHcJ])
  }

  // 1650 ± 50 kA/m may stand for 1683.
  @Test func theRoundingOfTheInstrumentCounts() throws {
    #expect(try analyzed(coercivity(1_650_000)).instrumentComparisons.map(\.agrees) == [false])
    let rounded = coercivity(1_650_000, rounding: 50_000)
    #expect(try analyzed(rounded).instrumentComparisons.map(\.agrees) == [true])
  }

  @Test func resultsOfCorrectedColumnsAreComparedOnlyWithThese() throws {
    var both = loop
    both.processed = ProcessedColumns(field: loop.field, response: loop.response)
    let wrong = coercivity(0.9 * truth, processed: true)
    #expect(try analyzed(wrong, in: both).instrumentComparisons.isEmpty)
    #expect(try analyzed(wrong, columns: .processed, in: both).codes.contains(.instrumentDiffers))
    // Where there are no corrected columns, the raw ones are analysed.
    #expect(try analyzed(wrong, columns: .processed).instrumentComparisons.isEmpty)
  }

  @Test func whatIsAbsentIsListedWithoutADifference() throws {
    let moment = InstrumentResult(.remanentMoment, si: 1, rounding: 0, spelled: "Mr 1")
    let comparison = try #require(analyzed(moment).instrumentComparisons.first)
    #expect(comparison.difference == nil && comparison.agrees == nil)
  }

  // The data end at 1200 kA/m before J = 0, so that HcJ is larger than that.
  @Test func aValueBelowOurBoundIsFlagged() throws {
    let fields = loop.field.amperesPerMetre
    let rows = fields.prefix { $0 > -1.2e6 }.count
    let short = loop.rows(0..<rows)
    let low = try analyzed(coercivity(1.0e6), in: short)
    #expect(low.instrumentComparisons.map(\.agrees) == [false])
    #expect(low.codes.contains(.instrumentDiffers))
    #expect(try analyzed(coercivity(1.6e6), in: short).instrumentComparisons.map(\.agrees) == [true])
  }

  @Test func resultsOfTheWholeSayNothingOfAPart() {
    var measurement = loop
    measurement.instrumentResults = [coercivity(truth)]
    #expect(measurement.rows(0..<measurement.count).instrumentResults.count == 1)
    #expect(measurement.rows(0..<measurement.count - 1).instrumentResults.isEmpty)
  }
}
