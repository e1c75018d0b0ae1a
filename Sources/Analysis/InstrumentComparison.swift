// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements

/// One of our results beside what the instrument itself made of the loop.
public struct InstrumentComparison: Hashable, Sendable {
  /// What the instrument says.
  public let result: InstrumentResult
  /// Our value minus the instrument's, in the SI unit of the characteristic.
  public let difference: Double
  /// The expanded uncertainty of our value, in the same unit.
  public let expandedUncertainty: Double

  /// A comparison from its parts.
  public init(result: InstrumentResult, difference: Double, expandedUncertainty: Double) {
    self.result = result
    self.difference = difference
    self.expandedUncertainty = expandedUncertainty
  }

  /// Which characteristic.
  public var characteristic: Characteristic { result.kind.characteristic }

  /// Whether the difference lies within the expanded uncertainty and the rounding of the instrument's number.
  public var agrees: Bool { abs(difference) <= expandedUncertainty + result.rounding }
}

extension InstrumentResult.Kind {
  /// The characteristic of ours that it is compared with.
  var characteristic: Characteristic {
    switch self {
    case .remanence: .remanence
    case .remanentMoment: .remanentMoment
    case .coercivityHcB: .coercivityHcB
    case .coercivityHcJ: .coercivityHcJ
    case .energyProduct: .energyProduct
    case .kneeField: .kneeField
    }
  }
}

extension LoopAnalysis {
  /// Compares with the instrument's results, those of its corrected columns only where these were analysed, and flags
  /// what differs by more than the uncertainty.
  mutating func compare(with results: [InstrumentResult]) {
    let usesProcessed = corrections.contains { $0.id == CorrectionChain.processedColumns }
    instrumentComparisons = results.filter { $0.isOfProcessedColumns == usesProcessed }.compactMap { result in
      estimates.first { $0.characteristic == result.kind.characteristic }.map {
        InstrumentComparison(
          result: result, difference: $0.value - result.si, expandedUncertainty: $0.expandedUncertainty)
      }
    }
    let differing = instrumentComparisons.filter { !$0.agrees }
    guard !differing.isEmpty else { return }
    let list = differing.map { comparison in
      let relative = abs(comparison.difference / comparison.result.si)
      return "\(comparison.characteristic.rawValue) by \((1e5 * relative).rounded() / 1e3) % (“"
        + "\(comparison.result.spelled)”)"
    }
    flags.append(
      Flag(
        .instrumentDiffers,
        "our values differ from the instrument's own by more than their uncertainty: "
          + "\(list.joined(separator: ", ")); compare its corrections and definitions with ours"))
  }
}
