// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// A long conducting cylinder into which the field has to diffuse.
///
/// ∂B/∂t = (ρ/r)·∂/∂r(r·∂H/∂r) with B = µ0·H + J(H) at every radius, by finite volumes between the midpoints of equal
/// radial intervals and implicit Euler steps, each solved by Newton's method. A coil about it sees the mean of B, so
/// what is measured as polarisation is ⟨B⟩ − µ0·H(a), with H(a) the field at the surface.
public struct EddyCylinder: Hashable, Sendable {
  /// The radius a, m.
  public var radius: Double
  /// The resistivity ρ, Ω·m.
  public var resistivity: Double
  /// Radial intervals; at least 2.
  public var intervals = 30

  /// A cylinder from its radius in m and its resistivity in Ω·m, both above zero.
  public init(radius: Double, resistivity: Double) {
    self.radius = radius
    self.resistivity = resistivity
  }

  /// What is measured as polarisation while the field at the surface falls, in T, one for each field.
  ///
  /// `surfaceField` in A/m, at equal time steps of `interval` s, begins with the field of the whole cylinder on the
  /// descending branch. Traps for a reference that is not a sum of switching parts.
  public func polarisation(
    of reference: ReferenceLoop, surfaceField: [Double], interval: Double
  ) -> [Double] {
    guard let first = surfaceField.first else { return [] }
    var diffusion = Diffusion(
      self, at: first, on: Magnetisation(reference, isFalling: true), demagnetisingFactor: 0)
    return [diffusion.polarisation]
      + surfaceField.dropFirst().map { field in
        diffusion.advance(by: interval, toApplied: field)
        return diffusion.polarisation
      }
  }
}

/// Field and flux density at every radius of a cylinder.
struct Diffusion {
  /// ρ·dt·r/Δr at the outer face of every cell but the last, without dt, Ω·m.
  private let conductances: [Double]
  /// The share of every cell in the cross-section.
  private let weights: [Double]
  /// Half the square of the radius, m².
  private let volume: Double
  private let demagnetisingFactor: Double
  private var curves: [Magnetisation]
  private var fields: [Double]
  private var densities: [Double]

  /// A cylinder with one internal field and one curve throughout.
  init(_ cylinder: EddyCylinder, at field: Double, on curve: Magnetisation, demagnetisingFactor: Double) {
    let count = max(2, cylinder.intervals)
    let step = cylinder.radius / Double(count)
    volume = 0.5 * cylinder.radius * cylinder.radius
    conductances = (0..<count).map { cylinder.resistivity * (Double($0) + 0.5) * step / step }
    let faces = [0] + (0..<count).map { (Double($0) + 0.5) / Double(count) } + [1]
    weights = zip(faces, faces.dropFirst()).map { $1 * $1 - $0 * $0 }
    self.demagnetisingFactor = demagnetisingFactor
    curves = Array(repeating: curve, count: count + 1)
    fields = Array(repeating: field, count: count + 1)
    densities = Array(
      repeating: magneticConstant * field + curve.polarisation(at: field), count: count + 1)
  }

  /// ⟨B⟩ − µ0·H(a), T.
  var polarisation: Double {
    zip(weights, densities).reduce(0) { $0 + $1.0 * $1.1 } - magneticConstant * fields[fields.count - 1]
  }

  /// One step of dt, s, to an applied field, A/m; the surface has that less N·(⟨B⟩ − µ0·H(a))/µ0.
  mutating func advance(by step: Double, toApplied applied: Double) {
    let past = (fields: fields, densities: densities)
    // Newton's method converges quadratically: after a change below 1 mA/m the error is of rounding.
    for _ in 0..<100 {
      guard correct(by: step, toApplied: applied, from: past.densities) > 1e-3 else { break }
    }
    for i in fields.indices {
      // A change below 1 A/m is that of a field that stands still.
      let change = fields[i] - past.fields[i]
      if curves[i].isFalling ? change > 1 : change < -1 { curves[i].turn(at: fields[i]) }
    }
  }

  /// One correction of Newton's method; gives the largest change of a field, A/m.
  private mutating func correct(by step: Double, toApplied applied: Double, from past: [Double]) -> Double {
    let last = fields.count - 1
    let slopes = fields.indices.map { magneticConstant + curves[$0].slope(at: fields[$0]) }
    let faces = conductances.map { step * $0 / volume }
    // The cells inside as a tridiagonal system with two right-hand sides: the residuals, and what a change of the
    // surface field does to them.
    var ratios: [Double] = []
    var own: [Double] = []
    var bySurface: [Double] = []
    for i in 0..<last {
      let inner = i > 0 ? faces[i - 1] : 0
      var residual = weights[i] * (densities[i] - past[i]) - faces[i] * (fields[i + 1] - fields[i])
      if i > 0 { residual += inner * (fields[i] - fields[i - 1]) }
      let pivot = weights[i] * slopes[i] + faces[i] + inner - (i > 0 ? inner * ratios[i - 1] : 0)
      ratios.append(faces[i] / pivot)
      own.append((-residual + (i > 0 ? inner * own[i - 1] : 0)) / pivot)
      bySurface.append(((i == last - 1 ? faces[i] : 0) + (i > 0 ? inner * bySurface[i - 1] : 0)) / pivot)
    }
    for i in (0..<(last - 1)).reversed() {
      own[i] += ratios[i] * own[i + 1]
      bySurface[i] += ratios[i] * bySurface[i + 1]
    }
    let perDensity = demagnetisingFactor / magneticConstant
    var excess = fields[last] * (1 - demagnetisingFactor) - applied
    var stiffness = 1 - demagnetisingFactor + perDensity * weights[last] * slopes[last]
    for i in 0...last { excess += perDensity * weights[i] * densities[i] }
    for i in 0..<last {
      excess += perDensity * weights[i] * slopes[i] * own[i]
      stiffness += perDensity * weights[i] * slopes[i] * bySurface[i]
    }
    let surface = -excess / stiffness
    var largest = abs(surface)
    for i in 0...last {
      let change = i == last ? surface : own[i] + bySurface[i] * surface
      largest = max(largest, abs(change))
      fields[i] += change
      densities[i] = magneticConstant * fields[i] + curves[i].polarisation(at: fields[i])
    }
    return largest
  }
}
