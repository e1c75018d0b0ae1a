// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The curve that was fitted to the mapped descending branch, as anyone can evaluate it again.
///
/// J(H) = `saturation` + `slope`·H − Σ `drop`·F((−H − `field`)/`width`), with H the internal field, negative in the
/// second quadrant.
public struct FittedCurve: Hashable, Sendable {
  /// One step of the switching.
  public struct Step: Hashable, Sendable {
    /// The distribution function F(u): `normal` Φ(u), `logistic` 1/(1 + e⁻ᵘ), `extreme` 1 − exp(−eᵘ).
    public let shape: String
    /// The drop of J across the step, in the curve's unit.
    public let drop: Double
    /// The field of the distribution, A/m.
    public let field: Double
    /// Its width, A/m.
    public let width: Double
  }

  /// The unit of J: T, or A·m² when the volume is not known.
  public let unit: SIUnit
  /// J before all switching, carried to zero field.
  public let saturation: Double
  /// The reversible slope dJ/dH, in the unit per A/m.
  public let slope: Double
  /// The steps.
  public let steps: [Step]

  init(_ curve: StepSum, fieldScale: Double, responseScale: Double, hasPolarisation: Bool) {
    unit = hasPolarisation ? .tesla : .ampereSquareMetre
    saturation = responseScale * curve.offset
    slope = -responseScale / fieldScale * curve.slope
    steps = curve.steps.map {
      Step(
        shape: $0.shape.rawValue, drop: responseScale * $0.amplitude, field: fieldScale * $0.centre,
        width: fieldScale * exp($0.logWidth))
    }
  }
}
