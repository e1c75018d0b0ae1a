// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Quantities
import Testing

@Suite struct TemperatureCoefficientTests {
  private func celsius(_ degrees: Double) -> Quantity<Temperature> { Quantity(si: degrees + 273.15) }

  // 1.2950 T at 25 °C and −0.12 %/K are 1.2950/0.994 = 1.30281690 T at 20 °C.
  @Test func valuesAreReferredToTwentyDegrees() throws {
    let alpha = TemperatureCoefficient(
      perKelvin: -0.12e-2, standardUncertainty: 1e-4, reference: celsius(20))
    let br = try #require(alpha.referred(Quantity<Remanence>(si: 1.2950), from: celsius(25)))
    #expect(abs(br.si - 1.30281690) < 1e-8)
    // 5 K times 1e-4/K, and 0.5 K of −0.12 %/K, on a factor of 0.994.
    let u = alpha.relativeUncertainty(from: celsius(25), temperatureUncertainty: 0.5)
    #expect(abs(u - (5e-4 * 5e-4 + 6e-4 * 6e-4).squareRoot() / 0.994) < 1e-9)
    #expect(alpha.referred(br, from: celsius(900)) == nil)
  }

  // 13.82 to 11.69 kG and 21.06 to 6.29 kOe from 20 to 150 °C, printed to 1e-6 %/K.
  @Test func coefficientsAreThoseOfTwoTemperatures() throws {
    let alpha = try #require(
      TemperatureCoefficient(
        Quantity<Remanence>(si: 1.382), at: celsius(20), Quantity(si: 1.169), at: celsius(150)))
    #expect(abs(alpha.perKelvin * 100 + 0.118557) < 5e-7)
    let beta = try #require(
      TemperatureCoefficient(
        Quantity<CoercivityHcJ>(si: 21.06), at: celsius(20), Quantity(si: 6.29), at: celsius(150)))
    #expect(abs(beta.perKelvin * 100 + 0.539484) < 5e-7)
    // The secant through both values gives the one from the other.
    let back = try #require(alpha.referred(Quantity<Remanence>(si: 1.169), from: celsius(150)))
    #expect(abs(back.si - 1.382) < 1e-12)
    #expect(alpha.standardUncertainty == 0)
  }

  // α = −0.12 %/K over 80 K with 0.02 % noise: 0.0011 %/K with 0.5 K of each temperature, 0.0004 with 0.1 K. A gain
  // of 0.25 % cancels when it is one, and would make it four times as much when it were two.
  @Test func commonGainCancels() throws {
    func uncertainty(kelvin: Double, gain: Double = 0, correlation: Double = 1) throws -> Double {
      let coefficient = TemperatureCoefficient(
        Quantity<Remanence>(si: 1.3), at: celsius(20), Quantity(si: 1.3 * (1 - 0.0012 * 80)),
        at: celsius(100), noise: 0.02e-2, gain: gain, gainCorrelation: correlation,
        temperatureUncertainty: kelvin)
      return 100 * (try #require(coefficient)).standardUncertainty
    }
    #expect(abs(try uncertainty(kelvin: 0.5) - 0.0011) < 5e-5)
    #expect(abs(try uncertainty(kelvin: 0.1) - 0.0004) < 5e-5)
    #expect(try uncertainty(kelvin: 0.5, gain: 0.0025) == uncertainty(kelvin: 0.5))
    // √2·0.904·0.25 %/80 K, and the above.
    #expect(abs(try uncertainty(kelvin: 0.5, gain: 0.0025, correlation: 0) - 0.00414) < 5e-5)
  }

  @Test func equalTemperaturesGiveNoCoefficient() {
    #expect(
      TemperatureCoefficient(
        Quantity<Remanence>(si: 1), at: celsius(20), Quantity(si: 1.1), at: celsius(20)) == nil)
    #expect(
      TemperatureCoefficient(
        Quantity<Remanence>(si: 0), at: celsius(20), Quantity(si: 1.1), at: celsius(100)) == nil)
  }
}
