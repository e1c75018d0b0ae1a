// SPDX-License-Identifier: GPL-3.0-or-later

/// What plans by attributes and by variables have in common.
public protocol SamplingPlan: Sendable {
  /// The severity whose table was read.
  var severity: InspectionSeverity { get }
  /// The acceptance quality limit.
  var limit: AcceptanceQualityLimit { get }
  /// The code letter of the lot's size and the inspection level.
  var codeLetter: Character { get }
  /// The number of pieces that the table asks for.
  var tabledSampleSize: Int { get }
  /// The number of pieces in the lot; nil for a plan that was read by its letter.
  var lotSize: Int? { get }
}

extension SamplingPlan {
  /// The number of pieces to inspect: all of a lot that is not larger than the sample of the table.
  public var sampleSize: Int { min(tabledSampleSize, lotSize ?? .max) }

  /// Whether the whole lot is inspected.
  public var inspectsAll: Bool { lotSize.map { tabledSampleSize >= $0 } ?? false }
}
