// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The relative change of a quantity with temperature between two temperatures: α of Br, β of HcJ.
///
/// A secant, [X₂ − X₁]/[X₁·(T₂ − T₁)], negative when X falls; it holds for its two temperatures and not as a slope
/// between or beyond them.
public struct TemperatureCoefficient: Hashable, Sendable {
  /// The coefficient, in 1/K.
  public let perKelvin: Double
  /// Its standard uncertainty, in 1/K.
  public let standardUncertainty: Double
  /// T₁, to which X₁ in the denominator belongs.
  public let reference: Quantity<Temperature>

  /// A known coefficient and the temperature that it refers to; the uncertainty in 1/K.
  public init(perKelvin: Double, standardUncertainty: Double, reference: Quantity<Temperature>) {
    self.perKelvin = perKelvin
    self.standardUncertainty = standardUncertainty
    self.reference = reference
  }

  /// The coefficient of a quantity measured at two temperatures; nil when they are equal or X₁ is zero.
  ///
  /// `noise` and `gain` are the relative standard uncertainties of each value, noise independent, the gain with the
  /// `gainCorrelation` from 0 to 1 of the two measurements: of one instrument it is one gain and cancels.
  /// `temperature` is the standard uncertainty of each temperature, in K (JCGM 100:2008, equation 13).
  public init?<Kind>(
    _ first: Quantity<Kind>, at reference: Quantity<Temperature>, _ second: Quantity<Kind>,
    at temperature: Quantity<Temperature>, noise: Double = 0, gain: Double = 0, gainCorrelation: Double = 1,
    temperatureUncertainty: Double = 0
  ) {
    let difference = temperature.si - reference.si
    let ratio = second.si / first.si
    guard difference != 0, ratio.isFinite else { return nil }
    self.reference = reference
    perKelvin = (ratio - 1) / difference
    let values = ratio * ratio * 2 * (noise * noise + gain * gain * (1 - gainCorrelation))
    let slip = perKelvin * temperatureUncertainty
    standardUncertainty = (values + 2 * slip * slip).squareRoot() / abs(difference)
  }

  /// A value measured at a temperature, referred to the coefficient's reference: X(T)/(1 + α·(T − T₁)).
  ///
  /// nil where the denominator is not positive, far outside any range in which a secant means something.
  public func referred<Kind>(_ value: Quantity<Kind>, from temperature: Quantity<Temperature>) -> Quantity<
    Kind
  >? {
    let factor = 1 + perKelvin * (temperature.si - reference.si)
    return factor > 0 ? Quantity(si: value.si / factor) : nil
  }

  /// The relative standard uncertainty that referring a value adds, from that of the coefficient and of the
  /// temperature, in K.
  public func relativeUncertainty(
    from temperature: Quantity<Temperature>, temperatureUncertainty: Double
  ) -> Double {
    let distance = temperature.si - reference.si
    let factor = 1 + perKelvin * distance
    let (a, b) = (standardUncertainty * distance, perKelvin * temperatureUncertainty)
    return (a * a + b * b).squareRoot() / abs(factor)
  }
}
