// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Whatever the numbers are, the analysis gives finite values, absences or an error, and never traps.
@Suite struct HostileDataTests {
  private func expectSound(_ measurement: LoopMeasurement, _ comment: Comment) {
    guard let loops = try? measurement.separatedLoops() else { return }
    for (method, branch) in [
      (EstimationMethod.fit, BranchChoice.both), (.fit, .rising), (.interpolation, .both),
    ] {
      let analyzer = LoopAnalyzer(
        settings: AnalysisSettings(method: method, branch: branch, budget: Budgets.none))
      for loop in loops {
        guard let analysis = try? analyzer.analyze(loop, sample: measurement.sample) else { continue }
        let given = analysis.estimates.map(\.characteristic)
        #expect(Set(given).isDisjoint(with: analysis.absences.map(\.characteristic)), comment)
        for estimate in analysis.estimates {
          #expect(estimate.value.isFinite, "\(comment) \(method) \(estimate.characteristic)")
          #expect(
            estimate.standardUncertainty.isFinite && estimate.standardUncertainty >= 0,
            "\(comment) \(method) u of \(estimate.characteristic)")
        }
      }
    }
  }

  private let loop = SimulatedLoop(.t1).with {
    $0.points = 200
    $0.noisePercent = 0.1
  }.measurement()

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e308, -1e308, 0, -0.0, .leastNonzeroMagnitude])
  func singleBrokenNumbersDoNotTrap(_ number: Double) {
    for row in [0, 1, 74, 99, 100, 199] {
      expectSound(loop.changing(field: { $0 == row ? number : $1 }), "field \(number) in row \(row)")
      expectSound(loop.changing(response: { $0 == row ? number : $1 }), "response \(number) in row \(row)")
    }
  }

  @Test(arguments: [Double.nan, .infinity, 0, 1, -1, 1e300])
  func constantColumnsDoNotTrap(_ number: Double) {
    expectSound(loop.changing(field: { _, _ in number }), "field \(number)")
    expectSound(loop.changing(response: { _, _ in number }), "response \(number)")
    expectSound(loop.changing(field: { _, _ in number }, response: { _, _ in number }), "both \(number)")
  }

  @Test func everyCountOfRowsIsTaken() {
    for count in 0..<60 { expectSound(loop.rows(70..<70 + count), "\(count) rows") }
    let stride = (0..<40).map { $0 * 5 }
    for count in 0...40 {
      let rows = stride.prefix(count)
      expectSound(
        .of(rows.map { loop.field.amperesPerMetre[$0] }, rows.map { loop.response.si[$0] }),
        "\(count) rows apart")
    }
  }

  @Test(arguments: [1e-300, 1e-150, 1e-30, 1e30, 1e150, 1e300])
  func hugeAndTinyMagnitudesDoNotTrap(_ factor: Double) {
    expectSound(loop.changing(field: { $1 * factor }), "field × \(factor)")
    expectSound(loop.changing(response: { $1 * factor }), "response × \(factor)")
    expectSound(loop.changing(field: { $1 * factor }, response: { $1 * factor }), "both × \(factor)")
  }

  @Test func noiseAloneDoesNotTrap() {
    for seed in 1...8 as ClosedRange<UInt64> {
      let field = SeededNumbers.gaussian(150, seed: seed).map { 1e6 * $0 }
      let response = SeededNumbers.gaussian(150, seed: ~seed)
      expectSound(.of(field, response), "seed \(seed)")
      expectSound(loop.changing(response: { row, _ in row < 150 ? response[row] : 0 }), "noise, seed \(seed)")
      expectSound(.of(field.sorted(by: >), response), "sorted, seed \(seed)")
      expectSound(.of(field.map { ($0 / 5e5).rounded() * 5e5 }, response), "quantised, seed \(seed)")
    }
  }

  @Test func brokenTemperaturesAndTimesDoNotTrap() {
    for number in [Double.nan, .infinity, -5, 0] {
      var broken = loop
      broken.temperature = Series(si: (0..<loop.count).map { $0 % 7 == 0 ? number : 296 })
      expectSound(broken, "temperature \(number)")
      broken.temperature = Series(si: [Double](repeating: number, count: loop.count))
      expectSound(broken, "all temperatures \(number)")
    }
  }

  /// Every row twice is the same curve; only the noise of a pair is the same, so u may differ.
  @Test func duplicatedFieldsAreAveraged() throws {
    let plain = SimulatedLoop(.t1).measurement()
    let rows = (0..<plain.count).flatMap { [$0, $0] }
    let twice = LoopMeasurement.of(
      rows.map { plain.field.amperesPerMetre[$0] }, rows.map { plain.response.si[$0] })
    let (one, other) = (try plain.analyzed(), try twice.analyzed())
    for characteristic: Characteristic in [.remanence, .coercivityHcJ, .coercivityHcB, .energyProduct] {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 1e-5, "\(characteristic) \(a.value) \(b.value)")
    }
  }

  /// Instruments that settle exchange neighbouring rows; the curve is the same.
  @Test func neighboursOutOfOrderAreSortedIn() throws {
    let plain = SimulatedLoop(.t1).measurement()
    let rows = (0..<plain.count).map { $0 % 10 == 4 ? $0 + 1 : $0 % 10 == 5 ? $0 - 1 : $0 }
    let swapped = LoopMeasurement.of(
      rows.map { plain.field.amperesPerMetre[$0] }, rows.map { plain.response.si[$0] })
    let (one, other) = (try plain.analyzed(), try swapped.analyzed())
    for characteristic: Characteristic in [.remanence, .coercivityHcJ, .coercivityHcB, .energyProduct] {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 1e-4, "\(characteristic) \(a.value) \(b.value)")
    }
  }

  @Test func plateausAtTheTipsChangeNothing() throws {
    let plain = SimulatedLoop(.t1).measurement()
    let half = plain.count / 2
    let rows =
      [Int](repeating: 0, count: 60) + Array(0..<half) + [Int](repeating: half - 1, count: 60)
      + Array(half..<plain.count) + [Int](repeating: plain.count - 1, count: 60)
    let dwelling = LoopMeasurement.of(
      rows.map { plain.field.amperesPerMetre[$0] }, rows.map { plain.response.si[$0] })
    let (one, other) = (try plain.analyzed(), try dwelling.analyzed())
    #expect(other.loop.sweeps.count == 2)
    for characteristic: Characteristic in [.remanence, .coercivityHcJ, .coercivityHcB, .energyProduct] {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 1e-6, "\(characteristic) \(a.value) \(b.value)")
    }
  }

  @Test func zeroResponseGivesNoCoercivity() throws {
    for method in EstimationMethod.allCases {
      let zero = loop.changing(response: { _, _ in 0 })
      guard let loops = try? zero.separatedLoops() else { continue }
      let analyzer = LoopAnalyzer(settings: AnalysisSettings(method: method, budget: Budgets.none))
      let analysis = try analyzer.analyze(loops[0], sample: zero.sample)
      #expect(analysis[.energyProduct].map { abs($0.value) < 1e-12 } ?? true)
      #expect(analysis[.kneeField] == nil && analysis[.squareness] == nil)
      #expect(analysis.codes.contains(.implausible))
    }
  }

  /// A specimen without size or mass has no polarisation to speak of.
  @Test(arguments: [0.0, -1e-9, .nan, .infinity])
  func impossibleSpecimensAreRefused(_ number: Double) throws {
    let cube = SimulatedLoop(.t1).asCube.measurement()
    func refusal(_ change: (inout LoopMeasurement) -> Void) -> AnalysisError.Code? {
      var changed = cube
      change(&changed)
      do {
        _ = try changed.analyzed()
        return nil
      } catch let error as AnalysisError { return error.code } catch { return nil }
    }
    #expect(refusal { $0.sample.volume = Sourced(Quantity(si: number), .user) } == .sample)
    let edge = Quantity<Length>(si: 3e-3)
    let odd = Quantity<Length>(si: number)
    for shape: Shape in [
      .cuboid(a: odd, b: edge, c: edge), .cuboid(a: edge, b: edge, c: odd),
      .cylinder(diameter: odd, length: edge),
      .cylinder(diameter: edge, length: odd), .sphere(diameter: odd), .ellipsoid(a: edge, b: odd, c: edge),
    ] { #expect(refusal { $0.sample.shape = Sourced(shape, .user) } == .sample, "\(shape)") }
    let specific: (inout LoopMeasurement) -> Void = { loop in
      loop.response = .specificMoment(Series(si: loop.response.si))
      loop.sample.density = Sourced(Quantity(si: number), .user)
    }
    #expect(refusal(specific) == .sample, "a density of \(number)")
  }
}
