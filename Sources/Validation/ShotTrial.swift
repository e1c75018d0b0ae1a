// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
internal import Quantities
public import Simulation

extension ValidationCell {
  /// The shot of a run, counted from 0, with everything wrong that the signal chain is there for.
  ///
  /// A coil about the specimen that encloses twice its cross-section, 1 % of mains hum on both channels, a pickup that
  /// is late by no whole number of samples, offsets, 1 mV of noise, and a specimen that comes from the remanence of
  /// the other sign. Gain errors are drawn from what the setup states.
  public func simulatedShot(run: Int) -> SimulatedShot {
    var shot = SimulatedShot(truth)
    shot.start = .saturatedAgainst
    shot.pickup = .fluxCoil(turns: 20, coilArea: Quantity(si: 2 * shot.crossSection))
    shot.delay = 3.37e-6
    shot.pickupInput.humPercent = 1
    shot.fieldInput.humPercent = 1
    shot.pickupInput.offset = 3e-3
    shot.fieldInput.offset = -2e-3
    if recording == .shotWithExactGains {
      shot.pickupUncertainty = 0
      shot.fieldUncertainty = 0
    } else {
      // The half of the seeds that no record has.
      var gains = GaussianSource(seed: seed(ofRun: run) ^ 1 << 63)
      shot.pickupInput.gainError = shot.pickupUncertainty * gains.next()
      shot.fieldInput.gainError = shot.fieldUncertainty * gains.next()
    }
    return shot
  }

  /// The loop that the analysis of a run gets, and what the way to it adds to the budget.
  func measurement(run: Int) throws(AnalysisError) -> (LoopMeasurement, [TypeBBudget.Line]) {
    guard recording != .loop else { return (simulatedLoop(run: run).measurement(), []) }
    let shot = simulatedShot(run: run)
    let seed = seed(ofRun: run)
    let records = ShotRecords(shot: shot.record(seed: seed), empty: shot.emptyShot(seed: seed))
    let recorded = try WaveformChain(setup: shot.setup).loop(from: records, sample: shot.sample)
    return (recorded.measurement, recorded.budgetLines)
  }
}
