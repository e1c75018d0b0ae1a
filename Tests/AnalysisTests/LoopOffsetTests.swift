// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Signal
import Simulation
import TestSupport
import Testing

/// A reference loop as the curve about which offsets are found.
private struct KnownCurve: SlopedCurve {
  let loop: ReferenceLoop
  var parameterCount: Double { 0 }
  func value(at x: Double) -> Double { loop.polarisation(atAmperesPerMetre: x) }
  func slope(at x: Double) -> Double { loop.slope(atAmperesPerMetre: x) }
}

/// Offsets of field and response and drift, found and taken out.
@Suite struct LoopOffsetTests {
  /// A loop displaced in field (A/m) and response (T), drifting by so many T from beginning to end.
  private func displaced(
    _ reference: ReferenceLoop, field: Double = 0, response: Double = 0, drift: Double = 0,
    noisePercent: Double, seed: UInt64, points: Int = 1000
  ) -> LoopMeasurement {
    let loop = SimulatedLoop(reference).with {
      $0.noisePercent = noisePercent
      $0.seed = seed
      $0.points = points
    }.measurement()
    let end = Double(loop.count - 1)
    return loop.changing(
      field: { $1 + field }, response: { $1 + response + drift * (Double($0) / end - 0.5) })
  }

  private func sweeps(_ loop: LoopMeasurement) throws -> MirroredSweeps {
    let half = loop.count / 2
    return try #require(
      MirroredSweeps(
        x: loop.field.amperesPerMetre, y: loop.response.si, time: (0..<loop.count).map(Double.init),
        falling: 0..<half, rising: half..<loop.count))
  }

  private func parameter(_ analysis: LoopAnalysis, _ id: String, _ name: String) -> Double? {
    analysis.corrections.first { $0.id == id }?.parameters.first { $0.name == name }?.value
  }

  private struct Statistics {
    var values: [Double] = []
    var mean: Double { values.reduce(0, +) / Double(values.count) }
    var deviation: Double {
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
  }

  // The bound of Cramér and Rao is 0.114 kA/m and 0.032 % of Br at 1 % noise. The standard deviation of 150 runs
  // is itself known to 6 %, and their mean to 0.009 kA/m. Fitting the drift as well costs 1 %.
  @Test func offsetsComeNearTheBound() throws {
    var field = Statistics()
    var response = Statistics()
    var pulls = Statistics()
    for run in 0..<150 as Range<UInt64> {
      let loop = displaced(
        .a, field: 5e3, response: 0.005 * 1.31, noisePercent: 1, seed: 21 << 32 + run)
      let offsets = try #require(
        MirrorOffsets(
          of: sweeps(loop), about: KnownCurve(loop: .a), fitting: [.abscissa, .ordinate, .drift]))
      field.values.append(offsets.abscissa)
      response.values.append(offsets.ordinate / 1.31)
      pulls.values.append((offsets.abscissa - 5e3) / offsets.standardUncertainty(.abscissa))
    }
    #expect(abs(field.mean - 5e3) < 50 && field.deviation < 1.2 * 114, "\(field.mean) \(field.deviation)")
    #expect(
      abs(response.mean - 0.005) < 1e-4 && response.deviation < 1.2 * 0.032e-2,
      "\(response.mean) \(response.deviation)")
    // The stated uncertainty is the scatter: 1 within three times the 6 %.
    #expect(abs(pulls.deviation - 1) < 0.18, "\(pulls.deviation)")
  }

  // The same with the course of the data themselves as the curve, through the whole analysis.
  @Test func analysisFindsTheOffsetsWithoutAModel() throws {
    var field = Statistics()
    var response = Statistics()
    for run in 0..<40 as Range<UInt64> {
      let loop = displaced(
        .a, field: 5e3, response: 0.005 * 1.31, noisePercent: 1, seed: 22 << 32 + run)
      let analysis = try loop.analyzed()
      #expect(analysis.codes.contains(.centred) && !analysis.codes.contains(.asymmetric))
      field.values.append(try #require(parameter(analysis, "centring", "fieldOffset")))
      response.values.append(try #require(parameter(analysis, "centring", "responseOffset")) / 1.31)
    }
    // 40 runs: the mean is known to 0.018 kA/m, the deviation to 11 %; 1.2 of the bound and two of those.
    #expect(abs(field.mean - 5e3) < 60 && field.deviation < 1.45 * 114, "\(field.mean) \(field.deviation)")
    #expect(
      abs(response.mean - 0.005) < 2e-4 && response.deviation < 1.45 * 0.032e-2,
      "\(response.mean) \(response.deviation)")
  }

  // A drift d over the loop lifts the mean of the mapped branches by −d/4, an offset of neither branch's zero:
  // Br is wrong by that until the drift is taken out. 20 mT on 1.31 T at 0.1 % noise, known to 0.22·σ = 0.3 mT;
  // a quarter of it and the 0.12 mT of the reading itself, three times.
  @Test(arguments: [20e-3, -12e-3])
  func driftBiasesRemanenceByAQuarterUntilItIsTakenOut(_ drift: Double) throws {
    let loop = displaced(.a, drift: drift, noisePercent: 0.1, seed: 23)
    let plain = try #require(loop.analyzed(method: .interpolation)[.remanence]).value
    // Two-point values carry the noise of two samples of each branch, 1 mT.
    #expect(abs(plain - 1.31 + drift / 4) < 3e-3, "\(plain)")
    let analysis = try loop.analyzed()
    #expect(analysis.codes.contains(.driftCorrected) && !analysis.codes.contains(.unsaturated))
    let found = try #require(parameter(analysis, "drift-correction", "drift"))
    #expect(abs(found - drift) < 1e-3, "\(found)")
    let br = try #require(analysis[.remanence])
    #expect(abs(br.value - 1.31) < 4.5e-4, "\(br.value)")
    #expect(br.budget.contains { $0.id == "drift" && $0.contribution > 0 })
  }

  // An exact family: two rounds, each about the truth, leave nothing of the offsets.
  @Test func roundsConverge() throws {
    let loop = displaced(.a, field: 5e3, response: 5e-3, drift: 10e-3, noisePercent: 0, seed: 1)
    let first = try sweeps(loop)
    let all = Set(MirrorOffsets.Parameter.allCases)
    let found = try #require(MirrorOffsets(of: first, about: KnownCurve(loop: .a), fitting: all))
    // Gauss–Newton on noise-free data ends at 1 % of a standard uncertainty that is rounding.
    #expect(abs(found.abscissa - 5e3) < 1e-2, "\(found.abscissa)")
    #expect(abs(found.ordinate - 5e-3) < 1e-7 && abs(found.drift * first.duration - 10e-3) < 1e-7)
    let rest = first.without(found)
    let again = try #require(MirrorOffsets(of: rest, about: KnownCurve(loop: .a), fitting: all))
    #expect(abs(again.abscissa) < 1e-2 && abs(again.ordinate) < 1e-7)
    // About the pooled course of the data, blurred by its windows and the offsets, rounds end at the same place.
    var rounds = first
    var sum = 0.0
    for _ in 0..<6 {
      let curve = try #require(PooledCurve(rounds))
      let step = try #require(MirrorOffsets(of: rounds, about: curve, fitting: all))
      sum += step.abscissa
      rounds = rounds.without(step)
    }
    #expect(abs(sum - 5e3) < 5, "\(sum)")
  }

  // The branches on grids of their own: 400 and 700 points, times of their own.
  @Test func branchesMayHaveDifferentGrids() throws {
    let reference = ReferenceLoop.a
    var source = GaussianSource(seed: 31)
    var (field, response, time): ([Double], [Double], [Double]) = ([], [], [])
    for (count, sign, duration) in [(400, 1.0, 30.0), (700, -1, 50)] {
      for i in 0..<count {
        let h = 2400e3 * (1 - 2 * Double(i) / Double(count - 1))
        let t = (time.last ?? 0) + duration / Double(count)
        time.append(t)
        field.append(sign * h + 3e3)
        response.append(
          sign * reference.polarisation(atAmperesPerMetre: h) + 4e-3 + 2e-4 * (t - 40)
            + 1.31e-3 * source.next())
      }
    }
    var loop = LoopMeasurement.of(field, response)
    loop.time = Series(si: time)
    let analysis = try loop.analyzed()
    let limits = [("centring", "fieldOffset", 3e3), ("centring", "responseOffset", 4e-3)]
    for (id, name, truth) in limits {
      let value = try #require(parameter(analysis, id, name))
      let u = try #require(parameter(analysis, id, name + "Uncertainty"))
      #expect(abs(value - truth) < 4 * u, "\(name): \(value) ± \(u)")
    }
    let drift = try #require(parameter(analysis, "drift-correction", "drift"))
    let u = try #require(parameter(analysis, "drift-correction", "driftUncertainty"))
    #expect(abs(drift - 2e-4 * 80) < 4 * u + 2e-4, "\(drift) ± \(u)")
    #expect(abs(try #require(analysis[.remanence]).value - 1.31) < 5e-4)
  }

  @Test func dataWithoutTimesSaySo() throws {
    var loop = displaced(.a, drift: 20e-3, noisePercent: 0.1, seed: 24)
    loop.time = nil
    let analysis = try loop.analyzed()
    let flag = try #require(analysis.flags.first { $0.code == .driftCorrected })
    #expect(flag.message.contains("no times"))
    #expect(try #require(parameter(analysis, "drift-correction", "duration")) == 999)
  }

  // Noise alone exceeds three standard uncertainties once in 370 times for each of three parameters: in 60 loops
  // more than 3 would be chance of 1 in 1000.
  @Test func symmetricLoopsAreLeftAlone() throws {
    var touched = 0
    for run in 0..<60 as Range<UInt64> {
      let analysis = try displaced(.a, noisePercent: 0.3, seed: 25 << 32 + run).analyzed()
      if !analysis.codes.isDisjoint(with: [.centred, .driftCorrected]) { touched += 1 }
    }
    #expect(touched <= 3, "\(touched) of 60")
    let exact = try SimulatedLoop(.a).measurement().analyzed()
    #expect(exact.codes.isDisjoint(with: [.centred, .driftCorrected]))
  }

  /// Too much to be an instrument's zero: nothing is taken out, and the flag that blocks a pass stays.
  @Test func largeOffsetsStayAndAreFlagged() throws {
    for (field, response, drift) in [(25e3, 0.0, 0.0), (0, 0.04, 0), (0, 0, 0.04)] {
      let loop = displaced(.a, field: field, response: response, drift: drift, noisePercent: 0.1, seed: 26)
      let analysis = try loop.analyzed()
      #expect(analysis.codes.contains(.asymmetric), "\(field) \(response) \(drift)")
      #expect(analysis.codes.isDisjoint(with: [.centred, .driftCorrected]))
      #expect(analysis.corrections.allSatisfy { $0.id != "centring" && $0.id != "drift-correction" })
    }
  }

  @Test func oneBranchAndTwoPointValuesAreNeverCentred() throws {
    let loop = displaced(.a, field: 5e3, response: 10e-3, drift: 10e-3, noisePercent: 0.1, seed: 27)
    for analysis in [
      try loop.rows(0..<500).analyzed(), try loop.analyzed(method: .interpolation),
    ] {
      #expect(analysis.codes.isDisjoint(with: [.centred, .driftCorrected]))
      #expect(analysis.corrections.allSatisfy { $0.id != "centring" && $0.id != "drift-correction" })
    }
  }

  /// Both branches tell the offsets, and then one branch is right by itself.
  @Test(arguments: [BranchChoice.falling, .rising])
  func oneOfTwoBranchesBenefits(_ branch: BranchChoice) throws {
    let loop = displaced(.a, field: 5e3, response: 10e-3, noisePercent: 0.1, seed: 28)
    let analysis = try loop.analyzed(branch: branch)
    let hcJ = try #require(analysis[.coercivityHcJ])
    // A displacement of 5 kA/m would be 0.3 %; the reading's scatter is 0.006 %.
    #expect(abs(hcJ.value / ReferenceLoop.a.answers.coercivityHcJ - 1) < 3e-4, "\(hcJ.value)")
    #expect(abs(try #require(analysis[.remanence]).value - 1.31) < 1e-3)
    #expect(hcJ.budget.contains { $0.id == "centring-field" && $0.contribution != 0 })
  }

  /// A loop that begins at −Hm and one whose end is not its beginning.
  @Test func driftIsLeftOutWhereTheLoopDoesNotReturn() throws {
    let loop = displaced(.a, response: 8e-3, drift: 15e-3, noisePercent: 0.1, seed: 29)
    let half = loop.count / 2
    // The rising branch first: the row order, and so the time order, is another.
    let rows = Array(half..<loop.count) + Array(0..<half)
    let swapped = LoopMeasurement.of(
      rows.map { loop.field.amperesPerMetre[$0] },
      rows.enumerated().map { loop.response.si[$1] + 15e-3 * (Double($0 - $1) / 999) })
    let analysis = try swapped.analyzed()
    #expect(abs(try #require(parameter(analysis, "drift-correction", "drift")) - 15e-3) < 1e-3)
    // Without the last fifth of the rising branch there is no common tip.
    let open = try loop.rows(0..<900).analyzed()
    #expect(!open.codes.contains(.driftCorrected))
  }
}
