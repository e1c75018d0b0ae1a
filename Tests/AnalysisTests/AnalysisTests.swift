// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Measurements
import Quantities
import Simulation
import Testing

let noBudget = TypeBBudget(name: "none", isDefault: false, lines: [])

func analyzed(_ loop: SimulatedLoop, _ settings: AnalysisSettings = AnalysisSettings(budget: noBudget)) throws
  -> LoopAnalysis
{
  let m = loop.measurement()
  let loops = try m.separatedLoops()
  return try LoopAnalyzer(settings: settings).analyze(loops[0], sample: m.sample)
}

@Test func scratch() throws {
  for reference in ReferenceLoop.all {
    for n in [200, 1000, 10000] {
      for oc in [nil, SimulatedLoop.OpenCircuit(demagnetisingFactor: 1.0 / 3, volume: 27e-9)] {
        var loop = SimulatedLoop(reference)
        loop.points = n
        loop.openCircuit = oc
        if oc != nil {
          loop.sample.shape = Sourced(
            .cuboid(a: Quantity(si: 3e-3), b: Quantity(si: 3e-3), c: Quantity(si: 3e-3)), .user)
        }
        let a = try analyzed(loop)
        let p = a.properties
        let t = reference.answers
        func r(_ x: Double?, _ y: Double) -> String {
          guard let x else { return "nil" }
          let d: Double = x / y - 1
          return String(format: "%.2e", d)
        }
        print(
          reference.name, n, oc == nil ? "closed" : "open", r(p.remanence?.value.si, t.remanence),
          r(p.coercivityHcJ?.value.si, t.coercivityHcJ), r(p.coercivityHcB?.value.si, t.coercivityHcB),
          r(p.energyProduct?.value.si, t.energyProduct), r(p.kneeField?.value.si, t.kneeField),
          p.recoilPermeability?.value.si ?? 0, a.flags.map(\.code.rawValue))
      }
    }
  }
}
