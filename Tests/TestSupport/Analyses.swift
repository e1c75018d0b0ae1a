// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Measurements
internal import Quantities
public import Simulation

/// Budgets for tests.
public enum Budgets {
  /// No Type B line, so that a test sees what the loop itself tells.
  public static let none = TypeBBudget(name: "none", isDefault: false, lines: [])
}

extension SimulatedLoop {
  /// A copy with some of its properties set.
  public func with(_ change: (inout SimulatedLoop) -> Void) -> SimulatedLoop {
    var copy = self
    change(&copy)
    return copy
  }

  /// As a free-standing cube of 3 mm: applied field and moment instead of internal field and polarisation.
  public var asCube: SimulatedLoop {
    with { loop in
      let edge = Quantity<Length>(si: 3e-3)
      let shape = Shape.cuboid(a: edge, b: edge, c: edge)
      loop.sample.shape = Sourced(shape, .user)
      loop.openCircuit = .init(demagnetisingFactor: 1.0 / 3, volume: shape.volume.si)
    }
  }
}

extension LoopMeasurement {
  /// The analysis of the first loop of the measurement.
  public func analyzed(
    method: EstimationMethod = .fit, branch: BranchChoice = .both,
    demagnetisation: DemagnetisationChoice = .automatic, budget: TypeBBudget = Budgets.none,
    recoilMethod: RecoilMethod = .auto
  ) throws -> LoopAnalysis {
    let settings = AnalysisSettings(
      method: method, branch: branch, demagnetisation: demagnetisation, budget: budget,
      recoilMethod: recoilMethod)
    let loops = try separatedLoops()
    return try LoopAnalyzer(settings: settings).analyze(loops[0], sample: sample)
  }
}

extension LoopAnalysis {
  /// The value of a characteristic in SI; nil when it is absent.
  public subscript(_ characteristic: Characteristic) -> CharacteristicEstimate? {
    estimates.first { $0.characteristic == characteristic }
  }

  /// The codes of the flags.
  public var codes: Set<Flag.Code> { Set(flags.map(\.code)) }
}
