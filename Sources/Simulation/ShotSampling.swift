// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// What a coil or sensor shows: a sum of polarisation, field and the field's change, or its derivative by time.
struct CoilSignal {
  /// Flux in Wb, or reading in V, for each tesla of J.
  var perPolarisation = 0.0
  /// The same for each tesla of µ0·H.
  var perField = 0.0
  /// The same for each tesla per second of µ0·dH/dt.
  var perFieldRate = 0.0
  /// Whether it is the voltage of a flux.
  var isDerivative = true

  func value(at point: ShotPoint) -> Double {
    let (field, rate, curvature) = point.field
    return isDerivative
      ? perPolarisation * point.polarisationRate
        + magneticConstant * (perField * rate + perFieldRate * curvature)
      : perPolarisation * point.polarisation + magneticConstant * (perField * field + perFieldRate * rate)
  }
}

/// When and through which filter a shot is sampled.
struct ShotSampling {
  let pulse: FieldPulse
  /// The time of the first sample, s.
  let start: Double
  let interval: Double
  let count: Int
  let filterTime: Double
  let point: (Double, ShotPhase) -> ShotPoint

  /// The samples of a signal that comes later by a delay, s.
  func samples(of signal: CoilSignal, delay: Double) -> [Double] {
    guard filterTime > 0 else { return unfiltered(signal, delay: delay) }
    func value(_ time: Double, _ phase: ShotPhase) -> Double { signal.value(at: point(time, phase)) }
    var time = start - delay
    var filter = TwoPoleFilter(time: filterTime, settledAt: value(time, phase(at: time)))
    // A flux that goes with dH/dt jumps where the current is switched, and its voltage is an impulse.
    let jump = signal.isDerivative ? magneticConstant * signal.perFieldRate : 0
    let edges = [(time: 0.0, area: jump), (pulse.duration, -jump)].map {
      (time: $0.time, area: $0.area * pulse.course(at: $0.time).rate)
    }
    // A thirteen-thousandth of the period is a tenth of the time in which a square magnet switches.
    let longestStep = 7.5e-5 / pulse.frequency
    func advance(to end: Double) {
      let phase = phase(at: 0.5 * (time + end))
      let steps = max(1, ((end - time) / longestStep).rounded(.up))
      let step = (end - time) / steps
      var left = value(time, phase)
      for k in 0..<Int(steps) {
        let from = time + Double(k) * step
        let right = value(from + step, phase)
        filter.advance(by: step, from: left, through: value(from + 0.5 * step, phase), to: right)
        left = right
      }
      time = end
    }
    return (0..<count).map { k in
      let end = start - delay + Double(k) * interval
      for edge in edges where time < edge.time && edge.time <= end {
        advance(to: edge.time)
        filter.strike(edge.area)
      }
      if end > time { advance(to: end) }
      return filter.output
    }
  }

  /// Values at the sampling times; at a jump the mean of both sides, which the trapezoidal rule integrates exactly.
  private func unfiltered(_ signal: CoilSignal, delay: Double) -> [Double] {
    (0..<count).map { k in
      let time = start - delay + Double(k) * interval
      let sides: [ShotPhase] =
        switch time {
        case 0: [.before, .during]
        case pulse.duration: [.during, .after]
        default: [phase(at: time)]
        }
      return sides.reduce(0) { $0 + signal.value(at: point(time, $1)) } / Double(sides.count)
    }
  }

  private func phase(at time: Double) -> ShotPhase {
    time < 0 ? .before : time < pulse.duration ? .during : .after
  }
}
