// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification

/// How many samples of a lot came out how; fed one by one.
public struct LotSummary: Hashable, Sendable {
  /// The lot's name; nil when it has none.
  public let lot: String?
  /// How many samples have each result.
  public private(set) var counts: [Conformity: Int] = [:]
  /// How many samples were not judged against a grade.
  public private(set) var unjudged = 0
  /// How many files gave no result.
  public private(set) var failed = 0

  /// An empty lot.
  public init(lot: String?) { self.lot = lot }

  /// A lot with these samples and failures.
  public init(lot: String?, samples: [ReportedSample], failures: [ReportedFailure] = []) {
    self.init(lot: lot)
    for sample in samples { add(sample) }
    failed = failures.count
  }

  /// Counts a sample.
  public mutating func add(_ sample: ReportedSample) { add(sample.verdict?.result) }

  /// Counts a sample with its decision; nil when it was not judged.
  public mutating func add(_ result: Conformity?) {
    if let result { counts[result, default: 0] += 1 } else { unjudged += 1 }
  }

  /// Counts a file that gave no result.
  public mutating func addFailure() { failed += 1 }

  /// How many samples and failed files there are.
  public var total: Int { counts.values.reduce(unjudged + failed, +) }

  /// The worst result of any sample; nil when none was judged.
  ///
  /// A failing sample decides whatever the others are; else one that is undetermined or could not be read
  /// leaves the lot undetermined; else the worst of pass and conditional pass.
  public var worst: Conformity? {
    guard !counts.isEmpty else { return nil }
    let order: [Conformity] = [.fail, .conditionalFail, .undetermined, .conditionalPass, .pass]
    return order.first { counts[$0] != nil || $0 == .undetermined && failed + unjudged > 0 }
  }
}
