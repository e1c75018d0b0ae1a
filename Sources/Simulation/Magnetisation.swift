// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// The curve on which a specimen is while its field runs one way.
///
/// Part of the material, `share` of it, has still to switch and does so as on the major branch; the rest stays as it
/// is. On a major branch the share is one, and the curve is the reference loop's own: that is the physics. After a
/// reversal short of saturation the share is what makes J continuous. That is the recoil of grains that switch
/// independently at one field each, a fair likeness of a hard magnet's inner loops and no more than that; it gives
/// neither the initial curve of a thermally demagnetised nucleation magnet nor the opening of recoil loops.
struct Magnetisation: Hashable {
  let reference: ReferenceLoop
  /// The saturation of the switching part, T.
  private let saturation: Double
  /// χ·µ0, T·m/A.
  private let reversible: Double
  /// Whether it is a curve of falling field.
  private(set) var isFalling: Bool
  private var share: Double

  /// The major branch of falling or of rising field; traps for a loop that is not a sum of switching parts.
  init(_ reference: ReferenceLoop, isFalling: Bool) {
    guard case .steps(let saturation, _) = reference.form else {
      preconditionFailure("loop \(reference.name) is not a sum of switching parts")
    }
    self.reference = reference
    self.saturation = saturation
    reversible = reference.susceptibility * magneticConstant
    self.isFalling = isFalling
    share = 1
  }

  /// The curve of rising field from H = 0 and J = 0.
  init(demagnetised reference: ReferenceLoop) {
    self.init(reference, isFalling: false)
    share = saturation / switching(0)
  }

  /// J at an internal field, T.
  func polarisation(at field: Double) -> Double {
    let sign = isFalling ? 1.0 : -1.0
    return reversible * field + sign * (share * switching(sign * field) - saturation)
  }

  /// dJ/dH at an internal field, T·m/A.
  func slope(at field: Double) -> Double {
    let switching = reference.slope(atAmperesPerMetre: isFalling ? field : -field) - reversible
    return reversible + share * switching
  }

  /// Turns to the curve of the other direction that goes through the present point.
  mutating func turn(at field: Double) {
    let switched = polarisation(at: field) - reversible * field
    isFalling.toggle()
    let sign = isFalling ? 1.0 : -1.0
    // Nothing is left to switch where this is zero: the field has turned beyond the far end of the curve.
    let full = switching(sign * field)
    share = full > 0 ? (saturation + sign * switched) / full : 1
  }

  /// The internal field H = Ha − N·J/µ0 of an applied one, A/m.
  func internalField(applied: Double, demagnetisingFactor factor: Double) -> Double {
    guard factor > 0 else { return applied }
    let perTesla = factor / magneticConstant
    let stretch = 1 + perTesla * reversible
    // |J − χµ0H| never exceeds saturation. Newton's step alone runs in circles about a steep curve, so it is taken
    // only where it stays inside what is left and is less than half of the one before.
    var (low, high) = (
      (applied - perTesla * saturation) / stretch, (applied + perTesla * saturation) / stretch
    )
    var field = 0.5 * (low + high)
    var last = high - low
    while true {
      let excess = field + perTesla * polarisation(at: field) - applied
      if excess > 0 { high = field } else { low = field }
      let newton = -excess / (1 + perTesla * slope(at: field))
      let isSafe = low < field + newton && field + newton < high && abs(newton) < 0.5 * last
      let step = isSafe ? newton : 0.5 * (low + high) - field
      field += step
      last = abs(step)
      guard last > 1e-12 * (abs(field) + 1) else { return field }
    }
  }

  /// What of the descending branch lies above negative saturation, without its reversible part, T.
  private func switching(_ field: Double) -> Double {
    reference.polarisation(atAmperesPerMetre: field) - reversible * field + saturation
  }
}
