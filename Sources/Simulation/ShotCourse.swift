// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Field and polarisation at one time of a shot.
struct ShotPoint {
  /// The applied field, A/m, with its derivatives by time.
  var field: (value: Double, rate: Double, curvature: Double)
  /// J, T, and dJ/dt, T/s.
  var polarisation = 0.0
  var polarisationRate = 0.0
}

/// The part of a shot that a time belongs to; the times between two parts belong to both.
enum ShotPhase {
  case before
  case during
  case after
}

/// What happens in a specimen that follows its internal field at once.
struct StaticCourse {
  private let pulse: FieldPulse
  private let demagnetisingFactor: Double
  /// The curves in time order, each with the time when the field turns to it; the first holds from the beginning.
  private var curves: [(start: Double, curve: Magnetisation)]
  private let initial: Double
  private let final: Double

  /// The course of a specimen that is on a curve of rising field when the pulse begins.
  init(_ pulse: FieldPulse, from curve: Magnetisation, demagnetisingFactor: Double) {
    self.pulse = pulse
    self.demagnetisingFactor = demagnetisingFactor
    var curve = curve
    func resting(_ curve: Magnetisation) -> Double {
      curve.polarisation(at: curve.internalField(applied: 0, demagnetisingFactor: demagnetisingFactor))
    }
    initial = resting(curve)
    curves = [(0, curve)]
    for time in pulse.turningTimes {
      curve.turn(
        at: curve.internalField(
          applied: pulse.field(at: time), demagnetisingFactor: demagnetisingFactor))
      curves.append((time, curve))
    }
    final = resting(curve)
  }

  /// Field and polarisation at a time of a phase.
  func point(at time: Double, in phase: ShotPhase) -> ShotPoint {
    guard phase == .during else {
      return ShotPoint(field: (0, 0, 0), polarisation: phase == .before ? initial : final)
    }
    let field = pulse.course(at: time)
    let curve = curves.last { $0.start <= time }?.curve ?? curves[0].curve
    let inside = curve.internalField(applied: field.value, demagnetisingFactor: demagnetisingFactor)
    let slope = curve.slope(at: inside)
    let rate = field.rate / (1 + demagnetisingFactor * slope / magneticConstant)
    return ShotPoint(
      field: field, polarisation: curve.polarisation(at: inside), polarisationRate: slope * rate)
  }
}
