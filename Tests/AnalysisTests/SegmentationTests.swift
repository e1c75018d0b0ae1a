// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// An initial curve and both branches of truth A, with 20 samples of dwell at each tip and 2 kA/m of field noise.
@Suite struct SegmentationTests {
  private let tip = 2400e3
  private let dwell = 20

  /// The measurement with the rows of its two dwells; `sign` −1 goes to negative saturation first.
  private func measurement(sign: Double, seed: UInt64) -> (loop: LoopMeasurement, dwells: [Range<Int>]) {
    let a = ReferenceLoop.a
    var (field, response): ([Double], [Double]) = ([], [])
    var dwells: [Range<Int>] = []
    func add(_ h: Double, _ j: Double) {
      field.append(sign * h)
      response.append(sign * j)
    }
    func rest(_ h: Double, _ j: Double) {
      dwells.append(field.count..<field.count + dwell)
      for _ in 0..<dwell { add(h, j) }
    }
    for i in 0..<250 {
      let h = tip * Double(i) / 250
      add(h, 1.3 * h / (h + 80e3))
    }
    rest(tip, a.polarisation(atAmperesPerMetre: tip))
    for i in 1..<500 {
      let h = tip - 2 * tip * Double(i) / 500
      add(h, a.polarisation(atAmperesPerMetre: h))
    }
    rest(-tip, a.polarisation(atAmperesPerMetre: -tip))
    for i in 1...500 {
      let h = -tip + 2 * tip * Double(i) / 500
      add(h, -a.polarisation(atAmperesPerMetre: -h))
    }
    let noise = SeededNumbers.gaussian(field.count, seed: seed)
    return (.of(zip(field, noise).map { $0 + 2e3 * $1 }, response), dwells)
  }

  private func expectThreeSweeps(
    _ loop: LoopMeasurement, sign: Double, dwells: [Range<Int>], _ comment: Comment
  ) throws {
    let loops = try loop.separatedLoops()
    #expect(loops.count == 1, comment)
    let sweeps = loops[0].sweeps
    let order: [Sweep.Kind] =
      sign > 0 ? [.initial, .descending, .ascending] : [.initial, .ascending, .descending]
    #expect(sweeps.map(\.kind) == order, comment)
    guard sweeps.count == 3 else { return }
    #expect(sweeps[0].rows.lowerBound == 0 && sweeps[2].rows.upperBound == loop.count, comment)
    for (index, dwell) in dwells.enumerated() {
      #expect(sweeps[index].rows.upperBound - 1 == sweeps[index + 1].rows.lowerBound, comment)
      #expect(dwell.contains(sweeps[index + 1].rows.lowerBound), comment)
    }
  }

  @Test(arguments: [1.0, -1], Array(71...80) as [UInt64])
  func dwellsAndNoiseGiveExactlyThreeSweeps(_ sign: Double, _ seed: UInt64) throws {
    let (loop, dwells) = measurement(sign: sign, seed: seed)
    try expectThreeSweeps(loop, sign: sign, dwells: dwells, "seed \(seed)")
  }

  @Test(arguments: [1.0, -1], [50e3, -50e3, 500e3, -500e3])
  func singleSpikeChangesNothing(_ sign: Double, _ height: Double) throws {
    let (loop, dwells) = measurement(sign: sign, seed: 70)
    for row in [100, 400, 500, 521, 700, 900, 1200] {
      let spiked = loop.changing(field: { $0 == row ? $1 + height : $1 })
      try expectThreeSweeps(spiked, sign: sign, dwells: dwells, "spike at row \(row)")
    }
  }

  /// Values with and without a spike agree within the field noise that one row carries.
  @Test func spikeIsFlaggedAndDoesNotMoveTheValues() throws {
    let (loop, _) = measurement(sign: 1, seed: 70)
    let plain = try loop.analyzed()
    let spiked = try loop.changing(field: { $0 == 600 ? $1 - 500e3 : $1 }).analyzed()
    #expect(spiked.codes.contains(.despiked))
    for characteristic: Characteristic in [.remanence, .coercivityHcJ, .coercivityHcB, .energyProduct] {
      let (a, b) = (try #require(plain[characteristic]), try #require(spiked[characteristic]))
      #expect(abs(a.value / b.value - 1) < 3e-4, "\(characteristic) \(a.value) \(b.value)")
    }
  }

  @Test func loopsOneAfterTheOtherAreToldApart() throws {
    let one = SimulatedLoop(.t1).measurement()
    let two = SimulatedLoop(.t2).measurement()
    let field = one.field.amperesPerMetre + two.field.amperesPerMetre
    let loops = try LoopMeasurement.of(field, one.response.si + two.response.si).separatedLoops()
    #expect(loops.count == 2)
    #expect(loops.map { $0.sweeps.map(\.kind) } == [[.descending, .ascending], [.descending, .ascending]])
    let analyzer = LoopAnalyzer(settings: AnalysisSettings(budget: Budgets.none))
    for (loop, truth) in zip(loops, [ReferenceLoop.t1, .t2]) {
      let analysis = try analyzer.analyze(loop, sample: Sample())
      let value = try #require(analysis[.coercivityHcB]).value
      #expect(abs(value / truth.answers.coercivityHcB - 1) < 1e-3, "\(value)")
    }
  }

  @Test func temperaturesAreToldApart() throws {
    let cold = SimulatedLoop(.t1).measurement()
    let field = cold.field.amperesPerMetre
    var both = LoopMeasurement.of(field + field, cold.response.si + cold.response.si.map { 0.9 * $0 })
    both.temperature = Series(
      si: (0..<2 * cold.count).map { $0 < cold.count ? 296.15 + 0.05 * Double($0 % 2) : 373.15 })
    let loops = try both.separatedLoops()
    #expect(loops.count == 2)
    let analyzer = LoopAnalyzer(settings: AnalysisSettings(budget: Budgets.none))
    let analyses = try loops.map { try analyzer.analyze($0, sample: Sample()) }
    #expect(abs(try #require(analyses[0].conditions.temperature).value.si - 296.175) < 1e-9)
    #expect(abs(try #require(analyses[1].conditions.temperature).value.si - 373.15) < 1e-9)
    #expect(abs(try #require(analyses[1][.remanence]).value / 1.3 / 0.9 - 1) < 1e-4)
  }

  // A soft rock on a holder: the zero of the response is off by twice the remanence, and the slope of the holder has
  // the other sign. The branches are still told by what they differ in, in whatever order the rows are.
  @Test(arguments: [0.0, 2.6, -2.6], [false, true])
  func branchesAreToldBesideAnOffset(_ offset: Double, _ reversed: Bool) throws {
    let plain = SimulatedLoop(.t1).measurement()
    var field = plain.field.amperesPerMetre
    var response = zip(field, plain.response.si).map { $1 + offset - 1e-6 * $0 }
    if reversed {
      field.reverse()
      response.reverse()
    }
    let loops = try LoopMeasurement.of(field, response).separatedLoops()
    #expect(
      loops.map { $0.sweeps.map(\.kind) } == [
        reversed ? [.ascending, .descending] : [.descending, .ascending]
      ])
  }

  @Test func dataWithoutASweepAreRefused() {
    let hold = [Double](repeating: 1e6, count: 100)
    for (field, response) in [
      ([], []), ([1e6], [1.3]), ([1e6, -1e6], [1.3, -1.3]), (hold, hold), ([0, 0, 0], [0, 0, 0]),
      ([3e6, 2e6, 1e6, 0, -1e6, -2e6, -3e6], [1, 1, 1, 1, 1, -1, -1]),
    ] as [([Double], [Double])] {
      #expect(throws: AnalysisError.self, "\(field.count) rows") {
        _ = try LoopMeasurement.of(field, response).separatedLoops()
      }
    }
  }
}
