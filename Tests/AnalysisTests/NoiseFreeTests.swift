// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// What either estimator makes of loops without noise, through the whole analysis.
@Suite struct NoiseFreeTests {
  private let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField,
  ]

  private func exact(_ reference: ReferenceLoop, _ characteristic: Characteristic) -> Double {
    let answers = reference.answers
    switch characteristic {
    case .remanence: return answers.remanence
    case .coercivityHcJ: return answers.coercivityHcJ
    case .coercivityHcB: return answers.coercivityHcB
    case .energyProduct: return answers.energyProduct
    default: return answers.kneeField
    }
  }

  /// The relative errors of both estimators; nil for one that gives no value.
  private func errors(
    _ analysis: LoopAnalysis, _ reference: ReferenceLoop, _ characteristic: Characteristic
  ) throws -> (ladder: Double?, local: Double?) {
    let estimate = try #require(analysis[characteristic])
    let values =
      [(estimate.value, estimate.method)]
      + [estimate.alternative].compactMap { $0.map { ($0.value, $0.method) } }
    func error(_ method: String) -> Double? {
      values.first { $0.1.hasSuffix(method) }.map { abs($0.0 / exact(reference, characteristic) - 1) }
    }
    return (error("ladder"), error("local-polynomial"))
  }

  // M15: windows that no noise bounds from below shrink to 15 or 6 points, and 1e-6 is left of the curves' higher
  // derivatives. M16: the ladder holds all the truths; T1 to T3 are given to ten digits.
  @Test(arguments: ReferenceLoop.all, [1000, 10_000])
  func bothEstimatorsFindTheTruth(_ reference: ReferenceLoop, _ points: Int) throws {
    let analysis = try SimulatedLoop(reference).with { $0.points = points }.measurement().analyzed()
    #expect(!analysis.codes.contains(.modelMisfit))
    for characteristic in characteristics {
      let (ladder, local) = try errors(analysis, reference, characteristic)
      let isKnee = characteristic == .kneeField
      let wanted =
        switch reference.name {
        case "T1", "T2", "T3": 2e-10
        case "D": isKnee ? 1e-3 : 3e-4
        default: isKnee ? 5e-4 : 1e-4
        }
      #expect(try #require(ladder) < wanted, "ladder, \(characteristic)")
      // At 1000 points six or fifteen of them are wide beside the steps: 2e-4.
      #expect(try #require(local) < (points == 10_000 ? 1e-6 : 2e-4), "local, \(characteristic)")
    }
  }
}
