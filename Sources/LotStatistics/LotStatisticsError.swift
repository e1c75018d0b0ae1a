// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a plan, an index or a chart cannot be had.
public struct LotStatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence: what was asked, what was found, what can be done.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Throws a sentence unless there are at least so many values and all are finite.
func requireValues(_ values: [Double], atLeast least: Int, for purpose: String) throws(LotStatisticsError) {
  let unusable = values.firstIndex { !$0.isFinite }.map { (number: $0 + 1, value: values[$0]) }
  try requireValues(values.count, unusable: unusable, atLeast: least, for: purpose)
}

/// The same for so many values, of which the first that is not finite is known.
func requireValues(
  _ count: Int, unusable: (number: Int, value: Double)?, atLeast least: Int, for purpose: String
) throws(LotStatisticsError) {
  guard count >= least else {
    throw LotStatisticsError("\(purpose) needs at least \(least) values, and there are \(count)")
  }
  if let (number, value) = unusable {
    throw LotStatisticsError(
      "\(purpose) needs finite values, and value \(number) of \(count) is \(value)")
  }
}
