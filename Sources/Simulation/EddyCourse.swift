// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// What a coil sees of a cylinder into which the field of a pulse has to diffuse.
struct EddyCourse {
  private let pulse: FieldPulse
  private let interval: Double
  private let polarisations: [Double]
  /// The step at which the current ends.
  private let switchOff: Int

  /// The course of a cylinder that is on a curve of rising field when the pulse begins.
  ///
  /// 4000 steps for each half wave; the currents then have a tenth of a half wave to die away.
  init(
    _ pulse: FieldPulse, in cylinder: EddyCylinder, from curve: Magnetisation, demagnetisingFactor: Double
  ) {
    self.pulse = pulse
    interval = 1 / (2 * pulse.frequency * 4000)
    let field = curve.internalField(applied: 0, demagnetisingFactor: demagnetisingFactor)
    var diffusion = Diffusion(cylinder, at: field, on: curve, demagnetisingFactor: demagnetisingFactor)
    var polarisations = [diffusion.polarisation]
    switchOff = 4000 * pulse.halfWaves
    for k in 1...(switchOff + 400) {
      let applied = k < switchOff ? pulse.field(at: Double(k) * interval) : 0
      diffusion.advance(by: interval, toApplied: applied)
      polarisations.append(diffusion.polarisation)
    }
    self.polarisations = polarisations
  }

  /// Field and polarisation at a time of a phase; the cubic through each two steps keeps J and gives dJ/dt with it.
  func point(at time: Double, in phase: ShotPhase) -> ShotPoint {
    let field = phase == .during ? pulse.course(at: time) : (0, 0, 0)
    let last = polarisations.count - 1
    let position = time / interval
    guard phase != .before else { return ShotPoint(field: field, polarisation: polarisations[0]) }
    guard position < Double(last) else { return ShotPoint(field: field, polarisation: polarisations[last]) }
    let k = phase == .during ? min(max(Int(position), 0), switchOff - 1) : max(Int(position), switchOff)
    let x = position - Double(k)
    let (left, right) = (polarisations[k], polarisations[k + 1])
    // Where the current is switched dJ/dt jumps, and only the difference on this side of it counts.
    func rate(_ i: Int) -> Double {
      i == 0 || i == switchOff || i == last
        ? right - left : 0.5 * (polarisations[i + 1] - polarisations[i - 1])
    }
    let (leftRate, rightRate) = (rate(k), rate(k + 1))
    let square = 3 * (right - left) - 2 * leftRate - rightRate
    let cube = 2 * (left - right) + leftRate + rightRate
    return ShotPoint(
      field: field, polarisation: left + x * (leftRate + x * (square + x * cube)),
      polarisationRate: (leftRate + x * (2 * square + 3 * x * cube)) / interval)
  }
}
