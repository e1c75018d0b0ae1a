// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport

/// A shot on truth A through chain and analysis.
struct ShotBench {
  var shot: SimulatedShot
  /// The setup as the user states it.
  var setup: WaveformSetup
  var hasEmptyShot = true
  /// What is done to the record of the specimen.
  var spoil: (inout WaveformMeasurement) -> Void = { _ in }
  /// What is done to the empty shot before it is recorded.
  var changeEmpty: (inout SimulatedShot) -> Void = { _ in }

  /// A shot without noise, in a coil of 20 turns that encloses twice the cross-section, from the remanence of the other
  /// sign.
  init(noise: Double = 0, _ change: (inout SimulatedShot) -> Void = { _ in }) {
    shot = SimulatedShot(.a)
    shot.pickup = Self.fluxCoil
    shot.start = .saturatedAgainst
    shot.pickupInput.noise = noise
    shot.fieldInput.noise = noise
    change(&shot)
    setup = shot.setup
  }

  static let fluxCoil = WaveformSetup.Pickup.fluxCoil(
    turns: 20, coilArea: Quantity(si: 2 * SimulatedShot(.a).crossSection))
  static let compensatedCoils = WaveformSetup.Pickup.compensatedCoils(
    turns: 20, coilArea: Quantity(si: 2 * SimulatedShot(.a).crossSection))

  func with(_ change: (inout ShotBench) -> Void) -> ShotBench {
    var copy = self
    change(&copy)
    return copy
  }

  func recorded() throws -> RecordedLoop {
    var record = shot.record(seed: 1)
    spoil(&record)
    var other = shot
    changeEmpty(&other)
    let records = ShotRecords(shot: record, empty: hasEmptyShot ? other.emptyShot(seed: 1) : nil)
    return try WaveformChain(setup: setup).loop(from: records, sample: shot.sample)
  }

  func analyzed() throws -> LoopAnalysis { try Self.analyzed(recorded()) }

  static func analyzed(_ recorded: RecordedLoop) throws -> LoopAnalysis {
    let budget = TypeBBudget(name: "shot", isDefault: false, lines: recorded.budgetLines)
    var analysis = try recorded.measurement.analyzed(budget: budget)
    analysis.include(recorded)
    return analysis
  }
}

extension LoopAnalysis {
  /// The relative error against truth A; a large one when there is no value.
  func error(_ characteristic: Characteristic) -> Double {
    let answers = ReferenceLoop.a.answers
    let truth =
      switch characteristic {
      case .remanence: answers.remanence
      case .coercivityHcJ: answers.coercivityHcJ
      case .coercivityHcB: answers.coercivityHcB
      default: answers.energyProduct
      }
    return self[characteristic].map { $0.value / truth - 1 } ?? .infinity
  }

  /// The parameters of a correction; nil when it was not made.
  func parameters(_ id: String) -> [String: Double]? {
    corrections.first { $0.id == id }.map { correction in
      Dictionary(uniqueKeysWithValues: correction.parameters.map { ($0.name, $0.value) })
    }
  }
}
