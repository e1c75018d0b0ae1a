// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Quantities
import TestSupport
import Testing

@Suite struct TemperatureCoefficientTests {
  private func celsius(_ degrees: Double) -> Quantity<Temperature> { Quantity(si: degrees + 273.15) }

  /// An estimate of a value with relative contributions by line.
  private func estimate(
    _ characteristic: Characteristic, _ value: Double, _ lines: [String: Double] = [:]
  ) -> CharacteristicEstimate {
    CharacteristicEstimate(
      characteristic, value: value,
      budget: lines.sorted { $0.key < $1.key }.map {
        BudgetLine(
          id: $0.key, evaluation: $0.key == "noise" ? .typeA : .typeB, title: $0.key,
          contribution: $0.value * value, degreesOfFreedom: $0.key == "noise" ? 40 : nil)
      }, method: "by hand")
  }

  /// Temperature lines of an instrument whose temperature is known to so many kelvin.
  private func lines(kelvin: Double) -> TemperatureLines {
    // The coefficients that the budget assumes are wrong on purpose: the measured one counts.
    let line = TypeBBudget.Line(
      id: "temperature", title: "temperature",
      input: .temperature(alphaPerKelvin: 0.05, betaPerKelvin: 0.05), standardUncertainty: kelvin)
    return TemperatureLines(of: TypeBBudget(name: "hand", isDefault: false, lines: [line]))
  }

  // 1.2950 T at 25 °C and −0.12 %/K are 1.2950/0.994 = 1.30281690 T at 20 °C.
  @Test func valuesAreReferredToTwentyDegrees() throws {
    let alpha = TemperatureCoefficient(
      perKelvin: -0.12e-2, standardUncertainty: 1e-4, reference: celsius(20))
    let ratio = try #require(alpha.ratio(of: celsius(20), to: celsius(25)))
    #expect(abs(1.2950 * ratio - 1.30281690) < 1e-8)
    #expect(alpha.ratio(of: celsius(20), to: celsius(900)) == nil)
    #expect(alpha.excess(of: celsius(500)) == 0)
  }

  // 13.82 to 11.69 kG and 21.06 to 6.29 kOe from 20 to 150 °C, printed to 1e-6 %/K.
  @Test func coefficientsAreThoseOfTwoTemperatures() throws {
    func coefficient(
      _ characteristic: Characteristic, _ cold: Double, _ hot: Double
    ) throws -> TemperatureCoefficient {
      try #require(
        TemperatureCoefficient(
          estimate(characteristic, cold), at: celsius(20), estimate(characteristic, hot), at: celsius(150),
          temperatureLines: (TemperatureLines(), TemperatureLines()), shared: { _ in false }))
    }
    let alpha = try coefficient(.remanence, 1.382, 1.169)
    #expect(abs(alpha.perKelvin * 100 + 0.118557) < 5e-7)
    #expect(abs(try coefficient(.coercivityHcJ, 21.06, 6.29).perKelvin * 100 + 0.539484) < 5e-7)
    // Ferrite and MnBi: HcJ rises, and nothing turns the sign.
    #expect(try coefficient(.coercivityHcJ, 300, 420).perKelvin > 0)
    // The secant through both values gives the one from the other.
    let back = try #require(alpha.ratio(of: celsius(20), to: celsius(150)))
    #expect(abs(1.169 * back - 1.382) < 1e-12)
    #expect(alpha.standardUncertainty == 0)
    #expect(alpha.excess(of: celsius(100)) == 0)
    #expect(abs(alpha.excess(of: celsius(155)) - 5) < 1e-9)
    #expect(abs(alpha.excess(of: celsius(17)) - 3) < 1e-9)
  }

  // α = −0.12 %/K over 80 K with 0.02 % noise: 0.0011 %/K with 0.5 K of each temperature, 0.0004 with 0.1 K. A gain
  // of 0.25 % cancels when it is one, and would make it four times as much when it were two.
  @Test func commonGainCancels() throws {
    func coefficient(kelvin: Double, gain: Double, isOne: Bool = true) throws -> TemperatureCoefficient {
      let own = ["noise": 0.02e-2, "gain": gain, "temperature": 0.3]
      return try #require(
        TemperatureCoefficient(
          estimate(.remanence, 1.3, own), at: celsius(20),
          estimate(.remanence, 1.3 * (1 - 0.0012 * 80), own), at: celsius(100),
          temperatureLines: (lines(kelvin: kelvin), lines(kelvin: kelvin)),
          shared: { isOne && $0.id == "gain" }))
    }
    func percent(kelvin: Double, gain: Double = 0, isOne: Bool = true) throws -> Double {
      100 * (try coefficient(kelvin: kelvin, gain: gain, isOne: isOne).standardUncertainty)
    }
    #expect(abs(try percent(kelvin: 0.5) - 0.0011) < 5e-5)
    #expect(abs(try percent(kelvin: 0.1) - 0.0004) < 5e-5)
    // What is left of the gain is rounding.
    #expect(abs(try percent(kelvin: 0.5, gain: 0.0025) / percent(kelvin: 0.5) - 1) < 1e-12)
    // √2·0.904·0.25 %/80 K, and the above.
    #expect(abs(try percent(kelvin: 0.5, gain: 0.0025, isOne: false) - 0.00414) < 5e-5)
    // Two noises of one size and 40 degrees each are worth 80, and the temperature has no limit.
    let degrees = try #require(try coefficient(kelvin: 0, gain: 0).degreesOfFreedom)
    #expect(abs(degrees - 80) < 0.1)
    #expect(try #require(try coefficient(kelvin: 0.5, gain: 0).degreesOfFreedom) > 1000)
  }

  @Test func equalTemperaturesGiveNoCoefficient() {
    func coefficient(_ value: Double, at kelvin: Double) -> TemperatureCoefficient? {
      TemperatureCoefficient(
        estimate(.remanence, value), at: celsius(20), estimate(.remanence, 1.1), at: celsius(kelvin),
        temperatureLines: (TemperatureLines(), TemperatureLines()), shared: { _ in true })
    }
    #expect(coefficient(1, at: 20) == nil)
    #expect(coefficient(0, at: 100) == nil)
    #expect(coefficient(1, at: 100) != nil)
  }
}
