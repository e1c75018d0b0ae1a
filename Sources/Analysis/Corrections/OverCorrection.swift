// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

extension Shear {
  /// Throws when the correction folds a branch back anywhere from zero field to HcJ: 1 − N·(dJ/dHa)/µ0 must stay
  /// positive.
  ///
  /// Straight lines through windows of 4 % of HcJ, each half over the next, tell the slope. `noise` is the standard
  /// deviation of a sample; what three standard deviations of a slope explain is not held against the shape, except
  /// at HcJ, where every loop is steepest.
  func checkOverCorrection(_ branch: Branch, _ pilot: Pilot, noise: Double) throws(AnalysisError) {
    guard factor > 0, let first = branch.field.first, let last = branch.field.last else { return }
    let start = pilot.remanenceField ?? first
    let end = pilot.crossingField ?? last
    try check(branch, at: end, half: 0.02 * pilot.scale, noise: pilot.crossingField == nil ? noise : 0)
    var centre = start
    // A hundred windows reach over twice the longest second quadrant that HcJ allows; no input may make them more.
    for _ in 0..<100 where centre > end {
      centre -= try check(branch, at: centre, half: 0.02 * pilot.scale, noise: noise)
    }
  }

  /// Checks the window around one field and gives half its width.
  @discardableResult
  private func check(
    _ branch: Branch, at centre: Double, half least: Double, noise: Double
  ) throws(AnalysisError) -> Double {
    let half = max(branch.halfWidth(holding: 9, around: centre), least)
    guard
      let fit = LocalPolynomial(
        x: branch.field, y: branch.response, range: branch.rows(within: half, of: centre), centre: centre,
        halfWidth: half, degree: 1)
    else { return half }
    let remaining = 1 - fieldPerPolarisation * fit.slope(at: centre)
    let u = fieldPerPolarisation * noise * (3 / Double(fit.range.count)).squareRoot() / half
    guard remaining + 3 * u <= 0 else { return half }
    throw AnalysisError(
      .overCorrected,
      "a demagnetising factor of \(factor) folds the curve back at \((centre / 1000).rounded()) kA/m "
        + "(1 − N·dJ/dH/µ0 = \(remaining)); check shape, size and volume, or state --demag")
  }
}
