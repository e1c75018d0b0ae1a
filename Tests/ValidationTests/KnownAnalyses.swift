// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport

/// The analysis with default settings and no Type B line.
func standardAnalysis(_ loop: SimulatedLoop) throws -> LoopAnalysis {
  var analysis = try loop.measurement().analyzed()
  analysis.coverageProbability = 0.95
  return analysis
}

extension LoopAnalysis {
  /// The analysis with every value but Hk/HcJ multiplied by a factor and the same uncertainties.
  func scaled(by factor: Double) -> LoopAnalysis {
    func scaled<Kind>(_ estimate: Estimate<Kind>?) -> Estimate<Kind>? {
      estimate.map {
        Estimate(value: Quantity(si: $0.value.si * factor), budget: $0.budget, method: $0.method)
      }
    }
    var copy = self
    copy.properties.remanence = scaled(properties.remanence)
    copy.properties.coercivityHcJ = scaled(properties.coercivityHcJ)
    copy.properties.coercivityHcB = scaled(properties.coercivityHcB)
    copy.properties.energyProduct = scaled(properties.energyProduct)
    copy.properties.kneeField = scaled(properties.kneeField)
    return copy
  }
}
