// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Local estimators alone, which `--fast` asks for.
@Suite struct LocalOnlyTests {
  private func loop(_ truth: ReferenceLoop, noisePercent: Double, seed: UInt64) -> LoopMeasurement {
    var loop = SimulatedLoop(truth)
    loop.noisePercent = noisePercent
    loop.seed = seed
    return loop.measurement()
  }

  @Test func theValuesAreThoseThatCheckTheFittedCurve() throws {
    let measurement = loop(.a, noisePercent: 0.1, seed: 4)
    let both = try measurement.analyzed()
    let local = try measurement.analyzed(method: .local)
    var compared = 0
    for estimate in both.estimates {
      guard let other = estimate.alternative, other.method == "local-polynomial" else { continue }
      #expect(local[estimate.characteristic]?.value == other.value)
      compared += 1
    }
    #expect(compared >= 5)
  }

  @Test func everyResultSaysSo() throws {
    let local = try loop(.b, noisePercent: 0.1, seed: 5).analyzed(method: .local)
    #expect(local.codes.contains(.localOnly))
    #expect(local.method == .local && local.fittedCurve == nil && local.ladderComponents == nil)
    let both = try loop(.b, noisePercent: 0.1, seed: 5).analyzed()
    #expect(!both.codes.contains(.localOnly))
  }

  // 4 truths × 2 noises × 40 loops: of 320 values with U of k = 2 about 307 hold their truth; 288, 90 %, is more than four
  // standard deviations of chance (3.7) below.
  @Test(arguments: [
    Characteristic.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField,
  ])
  func theUncertaintyHoldsTheTruth(_ characteristic: Characteristic) throws {
    var (inside, total) = (0, 0)
    for truth in [ReferenceLoop.a, .b, .c, .d] {
      let answers = truth.answers
      let answer: Double? =
        switch characteristic {
        case .remanence: answers.remanence
        case .coercivityHcB: answers.coercivityHcB
        case .coercivityHcJ: answers.coercivityHcJ
        case .energyProduct: answers.energyProduct
        case .kneeField: answers.kneeField
        default: nil
        }
      let wanted = try #require(answer)
      for noisePercent in [0.1, 1] {
        for seed in 0..<40 {
          let local = try loop(truth, noisePercent: noisePercent, seed: UInt64(700 + seed)).analyzed(
            method: .local)
          guard let estimate = local[characteristic] else { continue }
          total += 1
          if abs(estimate.value - wanted) <= estimate.expandedUncertainty { inside += 1 }
        }
      }
    }
    #expect(total >= 300)
    #expect(10 * inside >= 9 * total, "\(inside) of \(total)")
  }
}
