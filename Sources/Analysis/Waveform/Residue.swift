// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities
internal import Measurements
internal import Signal

/// The residue ε of compensated coils, from an empty shot that is not subtracted itself.
struct Residue: Sendable {
  /// ε, as in response = −ε·µ0·H·Ac/A of the empty coils.
  let value: Double
  /// ε·Ac/A has this standard uncertainty.
  let shareUncertainty: Double

  /// Fitted to the empty coils' response against µ0·H; nil for other coils, or when the step is switched off.
  ///
  /// A term in dH/dt takes up what eddy currents around the coils and a delay make.
  init?(_ empty: RestoredRecord, _ scale: PickupScale, _ setup: WaveformSetup) {
    guard case .compensatedCoils = setup.pickup, setup.takes(.compensationResidue), scale.areaRatio > 0
    else { return nil }
    let field = empty.fieldStrength(setup)
    let response = empty.flux(empty.pickup, setup).map { scale.perReading * $0 }
    let largest = field.reduce(0) { max($0, abs($1)) }
    var equations = NormalEquations(order: 2)
    for row in field.indices.dropFirst().dropLast() {
      equations.add([field[row] / largest, (field[row + 1] - field[row - 1]) / largest], response[row])
    }
    guard equations.count > 2, let solution = equations.solution() else { return nil }
    let perField = magneticConstant * largest
    value = -solution.values[0] / perField / scale.areaRatio
    // Integrated noise is not white; its whole scatter stands for the error of the fit.
    shareUncertainty = (solution.residualSumOfSquares / Double(equations.count - 2)).squareRoot() / perField
  }

  var correction: AppliedCorrection {
    AppliedCorrection(
      id: WaveformSetup.Step.compensationResidue.rawValue,
      parameters: [.init("residue", value, .one), .init("uncertainty", shareUncertainty, .one)])
  }

  var line: TypeBBudget.Line {
    TypeBBudget.Line(
      id: "compensation-residue", title: "residue of the compensated coils", input: .susceptibility,
      standardUncertainty: shareUncertainty)
  }
}
