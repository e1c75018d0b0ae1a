// SPDX-License-Identifier: GPL-3.0-or-later
public import Simulation

/// What a coil sees of a cylinder of 1.5·10⁻⁶ Ω·m while the surface field of a pulse falls from peak to peak.
///
/// The pulse is 4 MA/m·sin(2πft)·exp(−0.15·(ft − 1/4)) from t = 1/4f to 3/4f, in 4000 steps.
public struct EddyCurve {
  /// The surface field, falling, A/m.
  public let fields: [Double]
  /// The polarisation as measured, T.
  public let polarisations: [Double]
  private let interval: Double

  /// The curve of a radius in m at a frequency in Hz.
  public init(radius: Double, frequency: Double, reference: ReferenceLoop = .a) {
    // exp(0.15/4) makes 4 MA/m of the first peak.
    let pulse = FieldPulse(amplitude: 4e6 * 1.038211997081825, frequency: frequency, decrement: 0.15)
    let step = 1 / (2 * frequency * 4000)
    interval = step
    fields = (0...4000).map { pulse.field(at: 0.25 / frequency + Double($0) * step) }
    polarisations = EddyCylinder(radius: radius, resistivity: 1.5e-6).polarisation(
      of: reference, surfaceField: fields, interval: step)
  }

  /// The surface field where J passes a value, A/m, by a straight line; nil when it does not.
  public func field(atPolarisation level: Double) -> Double? {
    Self.crossing(polarisations, level).map { fields[$0.0] + $0.1 * (fields[$0.0 + 1] - fields[$0.0]) }
  }

  /// J at a surface field, T, by a straight line; nil outside the sweep.
  public func polarisation(atField level: Double) -> Double? {
    Self.crossing(fields, level).map {
      polarisations[$0.0] + $0.1 * (polarisations[$0.0 + 1] - polarisations[$0.0])
    }
  }

  /// dH/dt at a surface field, A/(m·s); nil outside the sweep.
  public func rate(atField level: Double) -> Double? {
    Self.crossing(fields, level).map { (fields[$0.0 + 1] - fields[$0.0]) / interval }
  }

  private static func crossing(_ falling: [Double], _ level: Double) -> (Int, Double)? {
    guard let k = falling.indices.dropLast().first(where: { falling[$0] >= level && falling[$0 + 1] < level })
    else { return nil }
    return (k, (falling[k] - level) / (falling[k] - falling[k + 1]))
  }
}
