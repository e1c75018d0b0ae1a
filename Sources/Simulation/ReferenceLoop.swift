// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A hysteresis loop given by a formula, so that every property of it is known exactly.
///
/// The formula describes the descending branch, from +Hm to −Hm; the ascending one is −J(−H).
public struct ReferenceLoop: Hashable, Sendable {
  /// How the fields of a simulated sweep are spaced.
  public enum Sampling: Hashable, Sendable {
    /// In the middle of n equal intervals: the end fields and zero are never hit.
    case midpoints
    /// At n equally spaced fields, both ends included.
    case inclusive
  }

  /// How one part of the material switches: a distribution function of the reduced field.
  public enum Switching: Hashable, Sendable {
    /// The normal distribution function.
    case normal
    /// The logistic function; a hyperbolic tangent of width w is a logistic of width w/2.
    case logistic
    /// The Gumbel distribution function 1 − exp(−exp(x)), with x clipped to −60…5.
    case gumbel
  }

  /// One part of the material that reverses its polarisation around one field.
  struct Step: Hashable {
    var switching: Switching
    /// The drop of J across the step, T.
    var drop: Double
    /// The magnitude of the switching field, A/m.
    var field: Double
    /// The width, A/m.
    var width: Double
  }

  enum Form: Hashable {
    /// J = J0 + χ·µ0·H − Σ drop·F((−H − field)/width).
    case steps(saturation: Double, [Step])
    /// Straight lines through points of falling field, the outer ones continued.
    case segments([SIMD2<Double>])
    /// J0·(1 − (|H|/field)^exponent).
    case power(saturation: Double, field: Double, exponent: Double)
  }

  /// The name, such as `A`.
  public let name: String
  /// How sweeps of this loop are sampled unless something else is asked for.
  public let sampling: Sampling
  /// The slope χ of the reversible part, relative to µ0.
  public let susceptibility: Double
  /// The largest field of a measurement that saturates it, A/m.
  public let maximumField: Double
  let form: Form

  init(
    _ name: String, sampling: Sampling = .midpoints, susceptibility: Double, maximumField: Double = 2400e3,
    form: Form
  ) {
    self.name = name
    self.sampling = sampling
    self.susceptibility = susceptibility
    self.maximumField = maximumField
    self.form = form
  }

  /// J on the descending branch at a field in A/m, in T.
  public func polarisation(atAmperesPerMetre h: Double) -> Double {
    switch form {
    case .steps(let saturation, let steps):
      return steps.reduce(saturation + susceptibility * magneticConstant * h) { sum, step in
        sum - step.drop * step.switching.fraction(at: (-h - step.field) / step.width)
      }
    case .segments(let points):
      let (a, b) = Self.segment(of: points, at: h)
      return a.y + (b.y - a.y) * (h - a.x) / (b.x - a.x)
    case .power(let saturation, let field, let exponent):
      return saturation * (1 - pow(abs(h) / field, exponent))
    }
  }

  /// dJ/dH on the descending branch at a field in A/m, in T·m/A.
  public func slope(atAmperesPerMetre h: Double) -> Double {
    switch form {
    case .steps(_, let steps):
      return steps.reduce(susceptibility * magneticConstant) { sum, step in
        sum + step.drop / step.width * step.switching.density(at: (-h - step.field) / step.width)
      }
    case .segments(let points):
      let (a, b) = Self.segment(of: points, at: h)
      return (b.y - a.y) / (b.x - a.x)
    case .power(let saturation, let field, let exponent):
      let magnitude = saturation * exponent / field * pow(abs(h) / field, exponent - 1)
      return h < 0 ? magnitude : -magnitude
    }
  }

  /// The same loop with J multiplied by a factor.
  public func scaled(by factor: Double) -> ReferenceLoop {
    let form: Form =
      switch form {
      case .steps(let saturation, let steps):
        .steps(
          saturation: saturation * factor,
          steps.map {
            Step(switching: $0.switching, drop: $0.drop * factor, field: $0.field, width: $0.width)
          })
      case .segments(let points): .segments(points.map { SIMD2($0.x, $0.y * factor) })
      case .power(let saturation, let field, let exponent):
        .power(saturation: saturation * factor, field: field, exponent: exponent)
      }
    return ReferenceLoop(
      name, sampling: sampling, susceptibility: susceptibility * factor, maximumField: maximumField,
      form: form)
  }

  /// The same loop with every switching field larger by a number of A/m.
  ///
  /// Traps for a loop that is not a sum of switching parts.
  public func shifted(byAmperesPerMetre shift: Double) -> ReferenceLoop {
    changingSteps { step in
      Step(switching: step.switching, drop: step.drop, field: step.field + shift, width: step.width)
    }
  }

  /// The same loop at a temperature `kelvin` higher: Br and HcJ change by exactly α and β, in 1/K.
  ///
  /// J scales as a whole; the switching fields move by one and the same A/m, or with `widensSteps` fields and widths
  /// by one factor. Traps for a loop that is not a sum of switching parts, and where α or β would leave nothing.
  public func warmed(
    byKelvin kelvin: Double, alphaPerKelvin alpha: Double, betaPerKelvin beta: Double,
    widensSteps: Bool = false
  ) -> ReferenceLoop {
    let gain = 1 + alpha * kelvin
    let target = answers.coercivityHcJ * (1 + beta * kelvin)
    precondition(gain > 0 && target > 0, "Br times \(gain), HcJ of \(target) A/m")
    let moved = { (change: Double) -> ReferenceLoop in
      widensSteps
        ? changingSteps {
          Step(switching: $0.switching, drop: $0.drop, field: change * $0.field, width: change * $0.width)
        } : shifted(byAmperesPerMetre: change)
    }
    // J at the new HcJ rises with the move, which the reversible slope keeps from being the change of HcJ itself.
    let change = bisect(from: widensSteps ? 1e-3 : -1e7, to: widensSteps ? 1e3 : 1e7) {
      -moved($0).polarisation(atAmperesPerMetre: -target)
    }
    let result = moved(change)
    let remanence = polarisation(atAmperesPerMetre: 0)
    return result.scaled(by: gain * remanence / result.polarisation(atAmperesPerMetre: 0))
  }

  /// The same loop with a fraction of the material replaced by a soft phase that switches around 80 kA/m.
  ///
  /// `fraction` lies between 0 and 1; the soft phase is that of loop C. Traps for a loop that is not a sum of
  /// switching parts.
  public func withSoftPhase(fraction: Double) -> ReferenceLoop {
    precondition((0...1).contains(fraction), "a soft phase of \(fraction)")
    let hard = changingSteps { step in
      Step(
        switching: step.switching, drop: step.drop * (1 - fraction), field: step.field, width: step.width)
    }
    guard case .steps(let saturation, let steps) = hard.form else { return hard }
    let soft = Step(switching: .normal, drop: 2 * saturation * fraction, field: 80e3, width: 70e3)
    return ReferenceLoop(
      name, sampling: sampling, susceptibility: susceptibility, maximumField: maximumField,
      form: .steps(saturation: saturation, steps + [soft]))
  }

  private func changingSteps(_ change: (Step) -> Step) -> ReferenceLoop {
    guard case .steps(let saturation, let steps) = form else {
      preconditionFailure("loop \(name) is not a sum of switching parts")
    }
    return ReferenceLoop(
      name, sampling: sampling, susceptibility: susceptibility, maximumField: maximumField,
      form: .steps(saturation: saturation, steps.map(change)))
  }

  private static func segment(
    of points: [SIMD2<Double>], at h: Double
  ) -> (SIMD2<Double>, SIMD2<Double>) {
    let last = points.count - 1
    let end = points.indices.dropFirst().first { points[$0].x <= h } ?? last
    return (points[end - 1], points[end])
  }
}

extension ReferenceLoop.Switching {
  /// The fraction that has switched at the reduced field x.
  func fraction(at x: Double) -> Double {
    switch self {
    case .normal: normalProbability(below: x)
    case .logistic: 1 / (1 + exp(-x))
    case .gumbel: -expm1(-exp(min(max(x, -60), 5)))
    }
  }

  /// The derivative of `fraction`.
  func density(at x: Double) -> Double {
    switch self {
    case .normal: exp(-0.5 * x * x) / (2 * .pi).squareRoot()
    case .logistic: 0.25 / (cosh(0.5 * x) * cosh(0.5 * x))
    case .gumbel: (-60...5).contains(x) ? exp(x - exp(x)) : 0
    }
  }
}
