// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// The sensitivity of coils between iron poles, and its uncertainty.
@Suite struct ImageEffectTests {
  /// The published sensitivity: 1.5 % less beyond 1.4 MA/m.
  private static func sensitivity(at field: Double) -> Double {
    1 - 0.015 / (1 + exp(-(abs(field) - 1.4e6) / 1e5))
  }

  private static func table(to end: Double = 2.5e6) throws -> ImageEffectTable {
    let fields = stride(from: 0, through: end, by: 10e3).map(\.self)
    return try ImageEffectTable(
      field: fields, sensitivity: fields.map(sensitivity(at:)),
      standardUncertainty: fields.map { _ in 0 })
  }

  private func loop(points: Int) -> LoopMeasurement {
    SimulatedLoop(.a).with { $0.points = points }.measurement()
  }

  /// The loop as coils between poles see it.
  private func seen(_ loop: LoopMeasurement) -> LoopMeasurement {
    let fields = loop.field.amperesPerMetre
    return loop.changing(response: { $1 * Self.sensitivity(at: fields[$0]) })
  }

  private func analysis(
    _ loop: LoopMeasurement, _ table: ImageEffectTable?, method: EstimationMethod = .interpolation
  ) throws -> LoopAnalysis {
    var settings = AnalysisSettings(method: method, budget: Budgets.none)
    settings.imageEffect = table
    return try LoopAnalyzer(settings: settings).analyze(try loop.separatedLoops()[0], sample: loop.sample)
  }

  // Straight lines between points 0.96 kA/m apart are right to 4e-6 of Hk, where truth A bends most.
  @Test func publishedVector() throws {
    let plain = loop(points: 10_000)
    let truth = try analysis(plain, nil)
    let uncorrected = try analysis(seen(plain), nil)
    let corrected = try analysis(seen(plain), try Self.table())
    func change(_ analysis: LoopAnalysis, _ characteristic: Characteristic) throws -> Double {
      let (value, reference) = (try #require(analysis[characteristic]), try #require(truth[characteristic]))
      return value.value / reference.value - 1
    }
    #expect(abs(100 * (try change(uncorrected, .kneeField)) + 0.634) < 0.001)
    #expect(abs(try #require(uncorrected[.kneeField]).value / 1_555_709.834 - 1) < 1e-5)
    #expect(abs(100 * (try change(uncorrected, .coercivityHcB)) + 0.026) < 0.001)
    for characteristic in [
      Characteristic.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField,
    ] {
      #expect(abs(try change(corrected, characteristic)) < 1e-6, "\(characteristic)")
    }
    let record = try #require(corrected.corrections.first { $0.id == "image-effect" })
    #expect(record.parameters.map(\.name) == ["points", "leastSensitivity", "largestSensitivity"])
    #expect(abs(record.parameters[1].value - 0.985) < 1e-4)
  }

  // The sensitivity is wrong by one in a thousand at three fields, each for itself. At 0 that is Br's error but for
  // what the estimator's window reaches towards the next field; at HcJ there is no response to be wrong.
  @Test func uncertaintyOfTheTable() throws {
    let table = try ImageEffectTable(
      field: [0, 1e6, 2.5e6], sensitivity: [1, 1, 1], standardUncertainty: [1e-3, 1e-3, 1e-3])
    let analysis = try analysis(loop(points: 1000), table, method: .fit)
    func line(_ characteristic: Characteristic) throws -> Double {
      let estimate = try #require(analysis[characteristic])
      let line = estimate.budget.first { $0.id == "image-effect" }
      return abs(line?.contribution ?? 0) / estimate.value
    }
    #expect((7e-4...1.01e-3).contains(try line(.remanence)))
    #expect(try line(.coercivityHcJ) < 1e-5)
    // Hk is where the response falls to a part of Br: errors at both places count.
    #expect((1e-4...3e-2).contains(try line(.kneeField)))
    #expect(analysis[.remanence]?.budget.count { $0.id == "image-effect" } == 1)
  }

  @Test func neverExtrapolated() throws {
    let short = try Self.table(to: 2e6)
    let error = #expect(throws: AnalysisError.self) { try analysis(loop(points: 200), short) }
    #expect(error?.code == .imageEffect)
    #expect(error?.description.contains("beyond the table") == true)
  }

  @Test func tablesThatAreNone() {
    let bad: [([Double], [Double], [Double])] = [
      ([0, 1], [1], [0, 0]), ([0], [1], [0]), ([1, 0], [1, 1], [0, 0]), ([-1, 1], [1, 1], [0, 0]),
      ([0, 1], [1, 0], [0, 0]), ([0, 1], [1, 1], [0, -1]), ([0, 1], [1, .nan], [0, 0]), ([], [], []),
    ]
    for (field, sensitivity, u) in bad {
      #expect(throws: AnalysisError.self) {
        try ImageEffectTable(field: field, sensitivity: sensitivity, standardUncertainty: u)
      }
    }
  }
}
