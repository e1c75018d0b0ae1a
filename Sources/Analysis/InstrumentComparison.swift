// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements

/// One of our results beside what the instrument itself made of the loop.
public struct InstrumentComparison: Hashable, Sendable {
  /// What the instrument says.
  public let result: InstrumentResult
  /// Our value minus the instrument's, in the SI unit of the characteristic; nil when ours is not known.
  public let difference: Double?
  /// The expanded uncertainty of our value, in the same unit; 0 when it is not known.
  public let expandedUncertainty: Double
  /// What our value is larger than, where that is all that is known, in the same unit.
  public let lowerBound: Double?

  /// A comparison from its parts.
  public init(
    result: InstrumentResult, difference: Double?, expandedUncertainty: Double, lowerBound: Double? = nil
  ) {
    self.result = result
    self.difference = difference
    self.expandedUncertainty = expandedUncertainty
    self.lowerBound = lowerBound
  }

  /// Which characteristic.
  public var characteristic: Characteristic { result.kind.characteristic }

  /// Whether the difference lies within the expanded uncertainty and the rounding of the instrument's number, or the
  /// number above our bound; nil when there is nothing of ours to compare.
  public var agrees: Bool? {
    if let difference { return abs(difference) <= expandedUncertainty + result.rounding }
    return lowerBound.map { result.si + result.rounding >= $0 }
  }
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
    instrumentComparisons = results.filter { $0.isOfProcessedColumns == usesProcessed }.map { result in
      let own = estimates.first { $0.characteristic == result.kind.characteristic }
      let absence = absences.first { $0.characteristic == result.kind.characteristic }
      return InstrumentComparison(
        result: result, difference: own.map { $0.value - result.si },
        expandedUncertainty: own?.expandedUncertainty ?? 0, lowerBound: absence?.lowerBound)
    }
    let differing = instrumentComparisons.filter { $0.agrees == false }
    guard !differing.isEmpty else { return }
    let list = differing.map { comparison in
      let share = comparison.difference.map {
        "by \((1e5 * abs($0 / comparison.result.si)).rounded() / 1e3) %"
      }
      return "\(comparison.characteristic.rawValue) \(share ?? "below what the data reach") (“"
        + "\(comparison.result.spelled)”)"
    }
    flags.append(
      Flag(
        .instrumentDiffers,
        "our values differ from the instrument's own by more than their uncertainty: "
          + "\(list.joined(separator: ", ")); compare its corrections and definitions with ours"))
  }
}
