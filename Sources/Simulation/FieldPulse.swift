// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The field of a capacitor that is discharged into a coil: a damped sine that begins at time zero and is cut off
/// after some half waves.
///
/// H(t) = amplitude·sin(2πft)·exp(−decrement·f·t). The shape in units of the period is the same at every frequency.
public struct FieldPulse: Hashable, Sendable {
  /// The field without damping, A/m; the first peak is a little lower.
  public var amplitude: Double
  /// The frequency, Hz.
  public var frequency: Double
  /// The logarithmic decrement of a whole period, unit one.
  public var decrement: Double
  /// The half waves before the current is cut off, at a zero of the field; at least 1.
  public var halfWaves: Int

  /// A pulse of an amplitude in A/m and a frequency in Hz, both above zero.
  public init(amplitude: Double, frequency: Double = 30, decrement: Double = 0.15, halfWaves: Int = 2) {
    self.amplitude = amplitude
    self.frequency = frequency
    self.decrement = decrement
    self.halfWaves = halfWaves
  }

  /// How long the current flows, s.
  public var duration: Double { Double(halfWaves) / (2 * frequency) }

  /// The field at a time in s while the current flows, A/m.
  public func field(at time: Double) -> Double { course(at: time).value }

  /// The field while the current flows, A/m, with its first and second derivative by time.
  func course(at time: Double) -> (value: Double, rate: Double, curvature: Double) {
    let omega = 2 * .pi * frequency
    let delta = decrement * frequency
    let envelope = amplitude * exp(-delta * time)
    let (sine, cosine) = (sin(omega * time), cos(omega * time))
    return (
      envelope * sine, envelope * (omega * cosine - delta * sine),
      envelope * ((delta * delta - omega * omega) * sine - 2 * delta * omega * cosine)
    )
  }

  /// When the field turns, once in every half wave, s.
  var turningTimes: [Double] {
    let omega = 2 * .pi * frequency
    let first = atan2(omega, decrement * frequency) / omega
    return (0..<halfWaves).map { first + Double($0) / (2 * frequency) }
  }
}
