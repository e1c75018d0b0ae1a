// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct TemperatureSeriesTests {
  private static let (alpha, beta) = (-0.12e-2, -0.6e-2)

  private func celsius(_ degrees: Double) -> Quantity<Temperature> { Quantity(si: degrees + 273.15) }

  private func budget(_ lines: [(String, TypeBBudget.Input, Double)]) -> TypeBBudget {
    TypeBBudget(
      name: "test", isDefault: false,
      lines: lines.map { TypeBBudget.Line(id: $0.0, title: $0.0, input: $0.1, standardUncertainty: $0.2) })
  }

  /// Truth A at a temperature, as an instrument with errors shows it that believes in `believed`.
  private func member(
    _ degrees: Double, _ budget: TypeBBudget, believed: Double? = nil, alpha: Double = alpha,
    beta: Double = beta, noise: Double = 0, seed: UInt64 = 1, gain: Double = 1, fieldGain: Double = 1,
    instrument: String? = "one"
  ) throws -> TemperatureSeries.Member {
    let truth = ReferenceLoop.a.warmed(
      byKelvin: degrees - 20, alphaPerKelvin: alpha, betaPerKelvin: beta)
    var loop = SimulatedLoop(truth.scaled(by: gain))
    loop.points = 1000
    loop.noisePercent = noise
    loop.seed = seed
    var measurement = loop.measurement()
    if fieldGain != 1, case .internal(let field) = measurement.field {
      measurement.field = .internal(Series(si: field.si.map { fieldGain * $0 }))
    }
    return TemperatureSeries.Member(
      temperature: celsius(believed ?? degrees),
      estimates: try measurement.analyzed(budget: budget).estimates,
      budget: budget, instrument: instrument)
  }

  // Without noise the coefficients are those that the truth was warmed by, whatever the sign: Br to rounding, HcJ to
  // the 1e-4 over 60 K and more that the two estimators differ by at most.
  @Test(arguments: [(-0.12e-2, -0.6e-2), (-0.2e-2, 0.3e-2)])
  func knownCoefficientsComeBack(alpha: Double, beta: Double) throws {
    let members = try [80.0, 20, 120].map { try member($0, Budgets.none, alpha: alpha, beta: beta) }
    let series = try TemperatureSeries(members, reference: celsius(22))
    #expect(series.reference == 1)
    #expect(series.gaps.isEmpty)
    #expect(series.coefficients.map(\.member) == [0, 0, 0, 0, 0, 2, 2, 2, 2, 2])
    for row in series.coefficients {
      #expect(row.coefficient.reference == celsius(20))
      let found = row.coefficient.perKelvin
      switch row.characteristic {
      case .remanence: #expect(abs(found - alpha) < 1e-7, "\(found)")
      case .coercivityHcJ: #expect(abs(found - beta) < 2e-6, "\(found)")
      case .energyProduct: #expect(found < alpha)
      default: break
      }
    }
  }

  // A gain of 1 % in J and in H changes Br, HcJ and (BH)max and no coefficient, and counts for nothing in theirs.
  @Test func gainsOfOneInstrumentCancel() throws {
    let lines = budget([("j", .polarisationGain, 0.01), ("h", .fieldGain, 0.01)])
    let exact = try TemperatureSeries(
      [20, 100].map { try member($0, lines) }, reference: celsius(20))
    let wrong = try TemperatureSeries(
      [20, 100].map { try member($0, lines, gain: 1.01, fieldGain: 0.99) }, reference: celsius(20))
    let other = try TemperatureSeries(
      [member(20, lines), member(100, lines, instrument: "another")], reference: celsius(20))
    for (index, pair) in zip(exact.coefficients, wrong.coefficients).enumerated() {
      let u = pair.0.coefficient.standardUncertainty
      #expect(abs(pair.0.coefficient.perKelvin - pair.1.coefficient.perKelvin) < 3 * u + 1e-6)
      // √2·1 %·X₂/X₁/80 K = 9e-5/K and more where the two gains are of two instruments, with sensitivities near 1.
      #expect(other.coefficients[index].coefficient.standardUncertainty > 5e-5)
      if [.remanence, .coercivityHcJ].contains(pair.0.characteristic) { #expect(u < 1e-5) }
    }
  }

  // Noise anew in every loop, one gain of J and H for both loops, temperatures that are wrong anew each time: the
  // stated interval of 95.45 % holds the truth. 200 pairs know a coverage to 1.5 %, so three of that below, and
  // above what an interval twice as long as it need be would reach.
  @Test func statedIntervalsCoverTheTruth() throws {
    let kelvin = 0.3
    let lines = budget([
      ("j", .polarisationGain, 0.005), ("h", .fieldGain, 0.005),
      ("temperature", .temperature(alphaPerKelvin: -0.12e-2, betaPerKelvin: -0.6e-2), kelvin),
    ])
    let count = 200
    let normal = SeededNumbers.gaussian(4 * count, seed: 20)
    var hits: [Characteristic: Int] = [:]
    for index in 0..<count {
      let draws = (0..<4).map { normal[4 * index + $0] }
      let (gain, fieldGain) = (1 + 0.005 * draws[0], 1 + 0.005 * draws[1])
      let seed = UInt64(2 * index + 1)
      let series = try TemperatureSeries(
        [
          member(
            20, lines, believed: 20 + kelvin * draws[2], noise: 0.1, seed: seed, gain: gain,
            fieldGain: fieldGain),
          member(
            100, lines, believed: 100 + kelvin * draws[3], noise: 0.1, seed: seed + 1, gain: gain,
            fieldGain: fieldGain),
        ], reference: celsius(20))
      for row in series.coefficients {
        let truth =
          switch row.characteristic {
          case .remanence: Self.alpha
          case .coercivityHcJ: Self.beta
          default: Double.nan
          }
        // The truth between the temperatures that were believed in, of the line through those of 20 and 100 °C.
        let expected = truth / (1 + truth * (row.coefficient.reference.si - 293.15))
        if abs(row.coefficient.perKelvin - expected) <= row.expandedUncertainty {
          hits[row.characteristic, default: 0] += 1
        }
      }
    }
    for characteristic in [Characteristic.remanence, .coercivityHcJ] {
      let coverage = Double(hits[characteristic] ?? 0) / Double(count)
      #expect((0.91...0.995).contains(coverage), "\(characteristic): \(coverage)")
    }
  }

  @Test func whatMakesNoSeriesIsRefused() throws {
    let cold = try member(20, Budgets.none)
    for members in [[], [cold], [cold, cold], [cold, try member(20.5, Budgets.none)]] {
      let error = #expect(throws: AnalysisError.self) {
        _ = try TemperatureSeries(members, reference: celsius(20))
      }
      #expect(error?.code == .temperatureSeries)
    }
    // Two loops at one temperature that is not the reference are two coefficients.
    let series = try TemperatureSeries(
      [cold, member(100, Budgets.none), member(100, Budgets.none)], reference: celsius(20))
    #expect(series.coefficients.count == 10)
  }

  // A loop that lacks a quantity gives no coefficient of it, and is named.
  @Test func missingQuantitiesAreNamed() throws {
    let (cold, hot) = (try member(20, Budgets.none), try member(100, Budgets.none))
    let partial = TemperatureSeries.Member(
      temperature: hot.temperature, estimates: hot.estimates.filter { $0.characteristic != .coercivityHcJ },
      budget: hot.budget)
    let series = try TemperatureSeries([partial, cold], reference: celsius(20))
    #expect(series.gaps.map(\.characteristic) == [.coercivityHcJ])
    #expect(series.gaps.map(\.member) == [0] && series.gaps.map(\.lacking) == [0])
    #expect(series.coefficients.count == 4)
  }
}
