// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a plan, an index or a chart cannot be had.
public struct LotStatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence: what was asked, what was found, what can be done.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Throws a sentence unless there are at least so many values and all are finite.
func requireValues(_ values: [Double], atLeast least: Int, for purpose: String) throws(LotStatisticsError) {
  guard values.count >= least else {
    throw LotStatisticsError("\(purpose) needs at least \(least) values, and there are \(values.count)")
  }
  if let place = values.firstIndex(where: { !$0.isFinite }) {
    throw LotStatisticsError(
      "\(purpose) needs finite values, and value \(place + 1) of \(values.count) is \(values[place])")
  }
}
