// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct ColouredNoiseTests {
  private func loop(_ kind: NoiseKind, seed: UInt64 = 1, points: Int = 1000) -> SimulatedLoop {
    SimulatedLoop(.l2).with {
      $0.points = points
      $0.noisePercent = 0.3
      $0.noiseKind = kind
      $0.seed = seed
    }
  }

  private func analysis(_ loop: LoopMeasurement, blank: BlankRecord? = nil) throws -> LoopAnalysis {
    let settings = AnalysisSettings(budget: Budgets.none, blank: blank)
    return try LoopAnalyzer(settings: settings).analyze(loop.separatedLoops()[0], sample: loop.sample)
  }

  private func noiseLine(_ analysis: LoopAnalysis, _ characteristic: Characteristic) throws -> BudgetLine {
    try #require(analysis[characteristic]?.budget.first { $0.id == "noise" })
  }

  // 200 loops with 25 blank records. Nominal 95 %: a binomial deviation of 1.5 %, and 0.5 % because eight loops share a
  // record; 4.5 % are three of both. Two per cent more are granted for the choice of the curve, which noise moves too.
  @Test(arguments: [NoiseKind.autoregressive, .pink])
  func blankRecordsGiveNoiseItsCoverage(_ kind: NoiseKind) throws {
    let truths: [Characteristic: Double] = [
      .remanence: ReferenceLoop.l2.answers.remanence, .coercivityHcB: ReferenceLoop.l2.answers.coercivityHcB,
      .energyProduct: ReferenceLoop.l2.answers.energyProduct,
    ]
    var covered: [Characteristic: Int] = [:]
    for group in 0..<25 {
      let model = loop(kind, points: 500)
      let blank = BlankRecord(model.blankRecord(seed: 77 << 32 + UInt64(group)), name: "blank")
      for member in 1...8 {
        let seed = 76 << 32 + UInt64(8 * group + member)
        let analysis = try analysis(loop(kind, seed: seed, points: 500).measurement(), blank: blank)
        for (characteristic, truth) in truths {
          let estimate = try #require(analysis[characteristic])
          let noise = try noiseLine(analysis, characteristic)
          let k = CoverageFactor(probability: 0.95, degreesOfFreedom: noise.degreesOfFreedom).k
          if abs(estimate.value - truth) <= k * noise.contribution {
            covered[characteristic, default: 0] += 1
          }
        }
      }
    }
    for (characteristic, count) in covered {
      #expect((177...199).contains(count), "\(characteristic) \(count)")
    }
  }

  @Test func budgetsSayWhereTheNoiseComesFrom() throws {
    let white = try analysis(loop(.white).measurement())
    #expect(try noiseLine(white, .remanence).title == "noise of the response, white")
    #expect(!white.codes.contains(.noBlank))
    let coloured = loop(.autoregressive).measurement()
    let without = try analysis(coloured)
    #expect(try noiseLine(without, .remanence).title == "noise of the response, spectrum of even harmonics")
    #expect(without.codes.contains(.noBlank))
    let record = loop(.autoregressive).blankRecord(seed: 2)
    let with = try analysis(coloured, blank: BlankRecord(record, name: "b.txt", sha256: "00"))
    #expect(try noiseLine(with, .remanence).title == "noise of the response, spectrum of the blank record")
    #expect(with.codes.isDisjoint(with: [.noBlank, .shortBlank]))
    #expect(with.blank?.name == "b.txt")
    #expect(with.blank?.sha256 == "00")
    let correction = try #require(with.corrections.first { $0.id == "blank-record" })
    #expect(correction.parameters.map(\.value) == [16_000, 16])
    // The values do not depend on it, and both see that ten neighbours are worth one.
    #expect(with[.remanence]?.value == without[.remanence]?.value)
    let (one, other) = (try noiseLine(with, .remanence), try noiseLine(without, .remanence))
    #expect(one.contribution / other.contribution > 0.5 && one.contribution / other.contribution < 2)
    for line in [one, other] { #expect(line.degreesOfFreedom ?? 0 >= 1) }
  }

  // What smoothing leaves of the field's noise is slow, and about 1 mT in the few rows of the switching. Without care for
  // these half of such loops were called coloured; chance does so to 1 in 100.
  @Test func noiseOfTheFieldIsNotTakenForColour() throws {
    var coloured = 0
    for reference in [ReferenceLoop.a, .b, .c] {
      for seed: UInt64 in 1...4 {
        let noisy = SimulatedLoop(reference).with {
          $0.noisePercent = 0.1
          $0.fieldNoise = 1e3
          $0.seed = seed
        }
        if try analysis(noisy.measurement()).codes.contains(.noBlank) { coloured += 1 }
      }
    }
    #expect(coloured <= 1)
  }

  // White noise of one branch: σ·√Σw², which both sources have to give; the level is known to about 5 %.
  @Test func whiteBlankTellsWhatTheLoopTells() throws {
    let measurement = loop(.white).measurement()
    let own = try analysis(measurement)
    let blank = try analysis(
      measurement, blank: BlankRecord(loop(.white).blankRecord(seed: 2), name: "blank"))
    for characteristic: Characteristic in [.remanence, .coercivityHcJ, .energyProduct, .squareness] {
      let ratio =
        try noiseLine(blank, characteristic).contribution / noiseLine(own, characteristic).contribution
      #expect(abs(ratio - 1) < 0.15, "\(characteristic) \(ratio)")
    }
    // A specimen that adds to the noise of the instrument keeps its own.
    let quiet = loop(.white).with { $0.noisePercent = 0.03 }.blankRecord(seed: 2)
    let louder = try analysis(measurement, blank: BlankRecord(quiet, name: "blank"))
    let ratio = try noiseLine(louder, .remanence).contribution / noiseLine(own, .remanence).contribution
    #expect(abs(ratio - 1) < 0.15, "\(ratio)")
  }

  @Test func blankRecordsAreConvertedAsTheLoop() throws {
    let cube = loop(.pink).asCube
    let (moments, blank) = (cube.measurement(), cube.blankRecord(seed: 2))
    let volume = try #require(moments.sample.effectiveVolume).value.si
    func magnetisation(_ measurement: LoopMeasurement) -> LoopMeasurement {
      var other = measurement
      other.response = .magnetisation(Series(si: measurement.response.si.map { $0 / volume }))
      return other
    }
    let first = try analysis(moments, blank: BlankRecord(blank, name: "blank"))
    let second = try analysis(
      magnetisation(moments), blank: BlankRecord(magnetisation(blank), name: "blank"))
    for characteristic: Characteristic in [.remanence, .coercivityHcJ] {
      let ratio =
        try noiseLine(first, characteristic).contribution / noiseLine(second, characteristic).contribution
      // Both fits end within 1e-6 of the same likelihood.
      #expect(abs(ratio - 1) < 1e-3)
    }
    let other = try #require(try refusal(moments, BlankRecord(magnetisation(blank), name: "blank")))
    #expect(other.contains("magnetisation") && other.contains("moment"))
  }

  private func refusal(_ loop: LoopMeasurement, _ blank: BlankRecord) throws -> String? {
    do {
      _ = try analysis(loop, blank: blank)
      return nil
    } catch let error as AnalysisError {
      #expect(error.code == .blank)
      return error.description
    }
  }

  @Test func recordsOfAnotherMeasurementAreRefused() throws {
    let measurement = loop(.white).measurement()
    let record = loop(.white).blankRecord(seed: 2)
    func blank(_ count: Int, interval: Double? = 1) -> BlankRecord {
      BlankRecord(record.rows(0..<count).response, samplingInterval: interval, name: "blank")
    }
    #expect(try refusal(measurement, blank(4000)) == nil)
    #expect(try #require(try refusal(measurement, blank(3999))).contains("3999"))
    #expect(try analysis(measurement, blank: blank(15_999)).codes.contains(.shortBlank))
    #expect(try !analysis(measurement, blank: blank(16_000)).codes.contains(.shortBlank))
    #expect(try refusal(measurement, blank(4000, interval: 1.04)) == nil)
    #expect(try refusal(measurement, blank(4000, interval: nil)) == nil)
    #expect(try #require(try refusal(measurement, blank(4000, interval: 1.06))).contains("5 %"))
    for constant in [0, 1, Double.nan, .infinity] {
      let flat = ResponseChannel.polarisation(Series(si: [Double](repeating: constant, count: 5000)))
      #expect(try refusal(measurement, BlankRecord(flat, name: "blank")) != nil)
    }
    let empty = BlankRecord(.polarisation(Series(si: [])), name: "blank")
    #expect(try refusal(measurement, empty) != nil)
  }

  // Two samples at every field are worth half the variance of one; their mean is what a branch holds. White noise:
  // its level is known to 3 % or, in windows that chance makes unequal, a little worse.
  @Test func samplesOfEqualFieldAreCountedOneByOne() throws {
    let dense = loop(.white, points: 2000).measurement()
    let fields = dense.field.amperesPerMetre
    var pairs = dense
    // A shift of the field by half a step does not matter here.
    pairs.field = .internal(Series(si: fields.indices.map { fields[$0 - $0 % 2] }))
    for blank in [nil, BlankRecord(loop(.white, points: 2000).blankRecord(seed: 2), name: "blank")] {
      let ratio =
        try noiseLine(analysis(pairs, blank: blank), .remanence).contribution
        / noiseLine(analysis(dense, blank: blank), .remanence).contribution
      #expect(abs(ratio - 1) < 0.15, "\(ratio)")
    }
  }

  // Either branch alone, and both with what cancels between them.
  @Test func everyBranchHasItsPlaceInTime() throws {
    let measurement = loop(.pink).measurement()
    let blank = BlankRecord(loop(.pink).blankRecord(seed: 2), name: "blank")
    func noise(_ measurement: LoopMeasurement, _ branch: BranchChoice) throws -> Double {
      let settings = AnalysisSettings(branch: branch, budget: Budgets.none, blank: blank)
      let analysis = try LoopAnalyzer(settings: settings).analyze(
        measurement.separatedLoops()[0], sample: Sample())
      return try noiseLine(analysis, .remanence).contribution
    }
    let (falling, rising) = (try noise(measurement, .falling), try noise(measurement, .rising))
    let both = try noise(measurement, .both)
    // The curves fitted to the two branches differ, and what is slower than a branch cancels between them.
    #expect(rising / falling > 0.7 && rising / falling < 1.4)
    #expect(both < 0.95 * max(falling, rising))
    #expect(both > 0.3 * min(falling, rising))
  }
}
