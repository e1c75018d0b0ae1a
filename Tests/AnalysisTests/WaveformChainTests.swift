// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct WaveformChainTests {
  /// A way to record a shot, with what the chain has to do about it.
  struct Way: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bench: @Sendable () -> ShotBench
    let corrections: Set<String>
    let tolerance: Double

    init(
      _ name: String, _ corrections: Set<String> = [], within tolerance: Double = 1e-5,
      _ bench: @escaping @Sendable () -> ShotBench
    ) {
      self.tolerance = tolerance
      testDescription = name
      self.bench = bench
      self.corrections = corrections
    }
  }

  static let ways = [
    Way("flux coil", ["empty-shot", "baseline", "delay"]) { ShotBench() },
    Way("compensated coils with a residue", ["empty-shot"]) {
      ShotBench {
        $0.pickup = ShotBench.compensatedCoils
        $0.residue = 0.005
      }
    },
    Way("their residue found", ["compensation-residue", "air-flux"]) {
      ShotBench {
        $0.pickup = ShotBench.compensatedCoils
        $0.residue = 0.005
      }.with { $0.setup.switchedOff = [.emptyShot] }
    },
    Way("moment coil") { ShotBench { $0.pickup = .momentCoil(constant: 0.02) } },
    Way("field probe") { ShotBench { $0.field = .probe(constant: 1e6) } },
    // J is then counted from before the current is switched on, where the voltage of the air jumps by 3 V: 2 % of a
    // sample of it are 1.4e-4 of Br, and twice that of (BH)max.
    Way("demagnetised", within: 2.8e-4) { ShotBench { $0.start = .demagnetised } },
    Way("without an empty shot", ["air-flux"]) { ShotBench().with { $0.hasEmptyShot = false } },
    Way("pickup the other way round") { ShotBench { $0.pickupInput.gain = -1 } },
    Way("field the other way round") { ShotBench { $0.fieldInput.gain = -2 } },
    Way("negative half wave first") {
      ShotBench {
        $0.pulse.amplitude *= -1
        $0.start = .saturatedAlong
      }
    },
    Way("closed circuit") { ShotBench { $0.demagnetisingFactor = 0 } },
  ]

  // The trapezoidal rule at 200 kHz and the recorder's filter leave 1e-6 of J. The field's voltage jumps when the current
  // is switched on, between two samples, and 2 % of a sample of it are 0.02·5 µs·750 kA/(m·ms), 75 A/m: 5e-5 of HcJ.
  @Test(arguments: ways)
  func truthComesBack(_ way: Way) throws {
    let analysis = try way.bench().analyzed()
    for characteristic in [Characteristic.remanence, .coercivityHcB, .energyProduct] {
      #expect(abs(analysis.error(characteristic)) < way.tolerance, "\(characteristic)")
    }
    #expect(abs(analysis.error(.coercivityHcJ)) < 1e-4)
    #expect(way.corrections.isSubset(of: analysis.corrections.map(\.id)))
  }

  @Test func theResidueOfCompensatedCoilsIsFound() throws {
    let bench = ShotBench {
      $0.pickup = ShotBench.compensatedCoils
      $0.residue = 0.005
    }.with { $0.setup.switchedOff = [.emptyShot] }
    let analysis = try bench.analyzed()
    let found = try #require(analysis.parameters("compensation-residue"))
    // The edge of the current, 2e-5 of the field, is all that is wrong.
    #expect(abs(found["residue"].map { $0 / 0.005 - 1 } ?? 1) < 1e-4)
    #expect(analysis.parameters("empty-shot") == nil)
  }

  // IEC 60404-5, J = Φ/(n·A) + ε·µ0·H·Ac/A: ε = 0.5 % and Ac/A = 2 are a susceptibility of 0.0100. The same field
  // belongs to both records, so that nothing but rounding is left.
  @Test func aResidueIsASusceptibility() throws {
    func response(_ residue: Double) throws -> LoopMeasurement {
      try ShotBench {
        $0.pickup = ShotBench.compensatedCoils
        $0.start = .demagnetised
        $0.residue = residue
      }.with { $0.hasEmptyShot = false }.recorded().measurement
    }
    let (with, without) = (try response(0.005), try response(0))
    let field = with.field.amperesPerMetre
    let worst = field.indices.map { row in
      abs(without.response.si[0 + row] - with.response.si[row] - 0.01 * magneticConstant * field[row])
    }.max()
    #expect((worst ?? 1) / (magneticConstant * (field.max() ?? 1)) < 1e-12)
    #expect(field.count > 3000)
  }

  @Test func withoutAnEmptyShotTheAirIsThatOfTheAreas() throws {
    let analysis = try ShotBench().with { $0.hasEmptyShot = false }.analyzed()
    #expect(abs((analysis.parameters("air-flux")?["share"] ?? 0) - 2) < 1e-12)
    #expect(analysis.codes.contains(.noEmptyShot))
    #expect(try !ShotBench().analyzed().codes.contains(.noEmptyShot))
  }

  // An alternating field without a still part: nothing is integrated, and every period is a loop.
  @Test func aLoopTracerNeedsNoBaseline() throws {
    let bench = ShotBench {
      $0.pickup = .polarisation(constant: 0.5)
      $0.field = .probe(constant: 1e6)
      $0.pulse.decrement = 0
      $0.pulse.halfWaves = 7
      $0.baseline = 0
      $0.tail = 0
    }.with { $0.hasEmptyShot = false }
    let recorded = try bench.recorded()
    // Seven extremes: six sweeps between them.
    let field = recorded.measurement.field.amperesPerMetre
    let crossings = zip(field, field.dropFirst()).count { ($0 > 0) != ($1 > 0) }
    #expect(crossings == 6)
    let analysis = try ShotBench.analyzed(recorded)
    #expect(!recorded.corrections.contains { $0.id == "baseline" })
    for characteristic in [Characteristic.remanence, .coercivityHcJ, .coercivityHcB, .energyProduct] {
      #expect(abs(analysis.error(characteristic)) < 1e-4, "\(characteristic)")
    }
  }

  // With 1 mV of noise; beside u the filters' curvature is worth some hundredths of a sample, 50 ns.
  @Test(arguments: [3.37e-6, -1.2e-6, 12.5e-6])
  func theDelayIsFound(_ delay: Double) throws {
    let analysis = try ShotBench(noise: 1e-3) { $0.delay = delay }.analyzed()
    let found = try #require(analysis.parameters("delay"))
    #expect(abs((found["delay"] ?? 1) - delay) < (found["uncertainty"] ?? 0) + 50e-9)
  }

  // 1 % of Br and of the field. The fit knows the hum to its noise, of which there is none; a frequency that is
  // wrong by 1 mHz runs away by 2e-4 rad in the pulse, 2e-6 of J.
  @Test func humIsTakenOut() throws {
    let analysis = try ShotBench {
      $0.pickupInput.humPercent = 1
      $0.fieldInput.humPercent = 1
    }.analyzed()
    let found = try #require(analysis.parameters("mains-hum"))
    #expect(abs((found["frequency"] ?? 0) - 50.03) < 2e-3)
    #expect(abs(analysis.error(.remanence)) < 1e-4)
    #expect(abs(analysis.error(.coercivityHcJ)) < 2e-4)
  }

  static let steps: [(WaveformSetup.Step, Double)] = [
    // 20 mV integrate to 0.2 T in a sweep, of which the zero at both ends takes most of Br's share.
    (.baseline, 1e-3),
    // 1 % of the pulse's field is 40 kA/m.
    (.mainsHum, 1e-3),
    // 3.37 µs of 600 kA/(m·ms) are 2 kA/m of 1600.
    (.delay, 5e-4),
    // 1 % of the area is a susceptibility of 0.02 in the applied field, which is a third weaker than that inside:
    // 0.7 % of (BH)max.
    (.emptyShot, 5e-3),
  ]

  @Test(arguments: steps)
  func aStepThatIsSwitchedOffIsMissed(_ step: WaveformSetup.Step, _ least: Double) throws {
    let bench = ShotBench {
      $0.pickupInput.offset = 20e-3
      $0.fieldInput.offset = -5e-3
      $0.pickupInput.humPercent = 1
      $0.fieldInput.humPercent = 1
      $0.delay = 3.37e-6
      $0.residue = 0.01
    }
    let (on, off) = (
      try bench.analyzed(), try bench.with { $0.setup.switchedOff = [step] }.analyzed()
    )
    #expect(on.parameters(step.rawValue) != nil)
    #expect(off.parameters(step.rawValue) == nil)
    func worst(_ analysis: LoopAnalysis) -> Double {
      [Characteristic.remanence, .coercivityHcJ, .energyProduct].map { abs(analysis.error($0)) }.max() ?? 0
    }
    #expect(worst(on) < 3e-4)
    #expect(worst(off) > least)
  }

  // A pickup that is wrong by 5 %, set right by a shot of the same specimen.
  @Test func aCalibrationShotSetsTheGainRight() throws {
    var bench = ShotBench()
    bench.setup.pickupChannel.gain = 1.05
    let applied = 2.5e6
    var inside = applied
    for _ in 0..<60 {
      inside =
        applied - bench.shot.demagnetisingFactor * ReferenceLoop.a.polarisation(atAmperesPerMetre: inside)
        / magneticConstant
    }
    bench.setup.calibration = .init(
      polarisation: Quantity(si: ReferenceLoop.a.polarisation(atAmperesPerMetre: inside)),
      field: Quantity(si: applied), relativeUncertainty: 1e-3, sample: bench.shot.sample)
    let record = bench.shot.record(seed: 1)
    let empty = bench.shot.emptyShot(seed: 1)
    let recorded = try WaveformChain(setup: bench.setup).loop(
      from: ShotRecords(shot: record, empty: empty, calibration: record), sample: bench.shot.sample)
    let analysis = try ShotBench.analyzed(recorded)
    #expect(abs((analysis.parameters("calibration-shot")?["factor"] ?? 0) * 1.05 - 1) < 1e-5)
    #expect(abs(analysis.error(.remanence)) < 2e-5)
    let wrong = try bench.with { $0.setup.calibration = nil }.analyzed()
    // The larger J also moves the field inside, along the slope of the curve.
    #expect(abs(wrong.error(.remanence) - 0.05) < 1e-3)
  }

  @Test func whatCannotBeConvertedIsSaidInASentence() throws {
    func refusal(_ words: [String], _ bench: ShotBench) {
      do {
        _ = try bench.recorded()
        Issue.record("no error with \(words)")
      } catch let error as AnalysisError {
        #expect(error.code == .waveform)
        for word in words { #expect(error.description.contains(word), "\(error)") }
      } catch { Issue.record(error) }
    }
    refusal(["no channel “flux”"], ShotBench().with { $0.setup.pickupChannel = .init("flux") })
    refusal(["before the shot", "baseline_ms"], ShotBench { $0.baseline = 0 })
    refusal(["does not reach both signs"], ShotBench { $0.pulse.halfWaves = 1 })
    refusal(
      ["sampled every 5.0 µs", "the empty shot every 4.0 µs"],
      ShotBench().with { $0.changeEmpty = { $0.samplingRate = 250e3 } })
    refusal(
      ["“pickup”", "is in A"],
      ShotBench().with {
        $0.spoil = { record in
          record.channels[0].signal = .current(Series(si: record.channels[0].signal.si))
        }
      })
  }
}
