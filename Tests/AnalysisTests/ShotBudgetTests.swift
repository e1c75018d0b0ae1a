// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Lines that a shot adds to the budget, against what the error that they stand for does to the values.
@Suite struct ShotBudgetTests {
  struct Injection: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bench: @Sendable () -> ShotBench
    let inject: @Sendable (inout ShotBench) -> Void
    /// What of the zero of J, which rests on the field at both ends, a line about the field leaves out.
    let floor: Double

    init(
      _ line: String, floor: Double = 2e-6, bench: @escaping @Sendable () -> ShotBench = { ShotBench() },
      inject: @escaping @Sendable (inout ShotBench) -> Void
    ) {
      testDescription = line
      self.floor = floor
      self.bench = bench
      self.inject = inject
    }
  }

  static let injections = [
    Injection("pickup-coil") { $0.shot.pickupInput.gainError = 3e-3 },
    Injection("field-sensor") { $0.shot.fieldInput.gainError = 3e-3 },
    Injection(
      "coil-area",
      bench: {
        ShotBench().with {
          $0.hasEmptyShot = false
          $0.setup.coilAreaUncertainty = 1e-3
        }
      }, inject: { $0.shot.residue = 1e-3 }),
    Injection(
      "pickup-delay", floor: 2.5e-5,
      bench: {
        ShotBench().with {
          $0.setup.delay = Quantity(si: 0)
          $0.setup.delayUncertainty = Quantity(si: 2e-6)
        }
      }, inject: { $0.setup.delay = Quantity(si: 2e-6) }),
    // 2 % of a sampling interval of 5 µs, by which the empty pickup alone is late.
    Injection(
      "empty-shot",
      bench: {
        ShotBench().with {
          $0.setup.delay = Quantity(si: 0)
          $0.setup.delayUncertainty = Quantity(si: 0)
        }
      }, inject: { $0.changeEmpty = { $0.delay = 0.1e-6 } }),
    // 2 % of the voltage to which the field jumps, on one sample.
    Injection("field-channel", floor: 3.5e-6) {
      $0.spoil = { record in
        var samples = record.channels[1].signal.si
        samples[4001] += 0.02 * (samples.map { abs($0) }.max() ?? 0)
        record.channels[1].signal = .voltage(Series(si: samples))
      }
    },
    // The mean of 4000 samples of 1 mV is wrong by 1 mV/√4000 from the shot on.
    Injection(
      "zero-and-hum",
      bench: {
        ShotBench { $0.pickupInput.noise = 1e-3 }.with { $0.hasEmptyShot = false }
      },
      inject: {
        $0.spoil = { record in
          var samples = record.channels[0].signal.si
          for row in 4000..<samples.count { samples[row] += 1e-3 / 4000.0.squareRoot() }
          record.channels[0].signal = .voltage(Series(si: samples))
        }
      }),
  ]

  // A line is linear in its error, and the errors are small: 10 % hold the second order and, of the noise's own size,
  // the chance of its estimate, 1 %. What is below 2e-6 of a value is rounding and the estimator's.
  @Test(arguments: injections)
  func aLineIsWhatItsErrorDoes(_ injection: Injection) throws {
    let bench = injection.bench()
    let right = try bench.analyzed()
    let wrong = try bench.with(injection.inject).analyzed()
    var largest = 0.0
    for characteristic in [Characteristic.remanence, .coercivityHcJ] {
      let estimate = try #require(right[characteristic])
      // A line without effect on a value is not listed with it.
      let line = estimate.budget.first { $0.id == injection.testDescription }
      let shift = (try #require(wrong[characteristic]).value - estimate.value) / estimate.value
      let stated = abs((line?.contribution ?? 0) / estimate.value)
      #expect(
        abs(abs(shift) - stated) < 0.1 * stated + injection.floor, "\(characteristic): \(shift), \(stated)")
      largest = max(largest, stated)
    }
    #expect(largest > 5e-6)
  }
}
