// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Instruments
import Measurements
import Quantities
import Testing
import TestSupport

@Test func scratchReal() throws {
  let none = TypeBBudget(name: "none", isDefault: false, lines: [])
  for (name, units) in [("qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT", [:]), ("bh_curves/ansys_Arnold_N30UH_80C.tab", [:]), ("bh_curves/jafit_VegaTechnik_LNG37.tab", ["H": UnitOfMeasure(word: "A/m")!, "B": UnitOfMeasure(word: "T")!]),("bh_curves/jafit_Jesenik_AlNiCo5_loop.tab", ["H": UnitOfMeasure(word: "A/m")!, "B": UnitOfMeasure(word: "T")!]),("bh_curves/jafit_Ibrayeva_LNGT72.tab", ["H": UnitOfMeasure(word: "A/m")!, "B": UnitOfMeasure(word: "T")!]), ("qd_mpms3/nomad_MPMS_test.dat", [:]),("qd_mpms3/MagnetoPy_mvsh3.dat", [:]),("qd_mpms3/MagnetoPy_mvsh5.dat", [:]),("qd_mpms3/BRimmler_MA2936_MH_300K.dat", [:]),("qd_ppms_vsm/quantumPPMS_MVSH_3K.DAT", [:])] as [(String, [String: UnitOfMeasure])] {
    let url = Repository.shared("data/" + name)!
    let file = SourceFile(name: name, bytes: [UInt8](try Data(contentsOf: url)))
    do {
    let m = try instrument(for: file).read(file, ReadingOptions(columnUnits: units))
    for loop in try m.separatedLoops() {
      print(name, loop.sweeps.map { "\($0.kind) \($0.rows.count)" })
      for (method, branch) in [(EstimationMethod.interpolation, BranchChoice.falling), (.interpolation, .both), (.fit, .falling), (.fit, .both)] {
        let a = try LoopAnalyzer(settings: AnalysisSettings(method: method, branch: branch, budget: none)).analyze(loop, sample: m.sample)
        print("  ", method, branch, a.estimates.map { "\($0.characteristic.rawValue)=\($0.value) U=\($0.expandedUncertainty)" }.joined(separator: "; "))
        if branch == .both { print("     ", a.flags.map { $0.code.rawValue + ": " + $0.message }.joined(separator: " | ")); print("    ", a.corrections.map(\.id), a.conditions.demagnetisingFactor?.value.si as Any, a.absences.map { "\($0.characteristic) \($0.reason) \($0.lowerBound ?? 0)" }) 
         if method == .fit { for e in a.estimates { print("       ", e.characteristic, e.budget.map { "\($0.id) \($0.contribution / e.value)" }) } } }
      }
    }
    } catch { print(name, error) }
  }
}
