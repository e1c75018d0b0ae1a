// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// One branch, mapped to the descending one: J > 0 at zero field, the field falling from row to row.
///
/// An ascending branch is mirrored, (H, J) → (−H, −J). Arrays have equal counts of at least 2.
struct Branch: Sendable {
  /// The field as measured, applied or internal, in A/m, strictly falling.
  let field: [Double]
  /// The response, T; A·m² when the volume is not known.
  let response: [Double]
  /// The loop's samples behind the rows, row by row.
  private let samples: [Int]
  /// Where each row's samples begin in `samples`, and where the last ones end.
  private let firstSamples: [Int]
  /// 1, or −1 for a mirrored branch.
  private let sign: Double

  /// Samples in the order of their recording; arrays of equal counts.
  struct RecordedSamples: Sendable {
    /// The field as measured, in A/m, falling but for noise.
    let field: [Double]
    /// The response.
    let response: [Double]
    /// The row of the branch that a sample is part of.
    let rows: [Int]
  }

  /// The branch of one kind; rows of equal field are averaged, rows out of order are sorted in.
  ///
  /// A branch that recoil loops interrupt is put together from its sweeps: each goes on where the one before turned,
  /// and its rows above that belong to the recoil loop.
  init(_ kind: Sweep.Kind, of sweeps: [Sweep], field: [Double], response: [Double]) {
    let sign = kind == .ascending ? -1.0 : 1.0
    self.sign = sign
    var parts = sweeps.enumerated().filter { $0.element.kind == kind }.map { place, sweep in
      // The row of a turn belongs to the branch that ends there.
      let before = place > 0 ? sweeps[place - 1] : nil
      let isShared =
        before.map { $0.kind.isBranch && $0.kind != kind && $0.rows.contains(sweep.rows.lowerBound) } ?? false
      return sweep.rows.dropFirst(isShared ? 1 : 0).map {
        (field: sign * field[$0], response: sign * response[$0], sample: $0)
      }
    }
    if let first = parts.first?.first, let last = parts.first?.last, first.field < last.field {
      parts.reverse()
    }
    var rows: [(field: Double, response: Double, sample: Int)] = []
    var limit = Double.infinity
    for part in parts {
      rows += parts.count == 1 ? part : part.filter { $0.field < limit }
      limit = part.reduce(limit) { min($0, $1.field) }
    }
    if let first = rows.first, let last = rows.last, first.field < last.field { rows.reverse() }
    // Nearly sorted already: field noise on a sweep moves rows by a place or two.
    rows.sort { $0.field > $1.field }
    var fields: [Double] = []
    var responses: [Double] = []
    fields.reserveCapacity(rows.count)
    responses.reserveCapacity(rows.count)
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    var index = 0
    while index < rows.count {
      var end = index + 1
      var sum = rows[index].response
      while end < rows.count, rows[end].field == rows[index].field {
        sum += rows[end].response
        end += 1
      }
      fields.append(rows[index].field)
      responses.append(sum / Double(end - index))
      starts.append(end)
      index = end
    }
    self.field = fields
    self.response = responses
    samples = rows.map(\.sample)
    firstSamples = starts
  }

  var count: Int { field.count }

  /// How many samples a row averages, in the mean.
  var samplesPerRow: Double { Double(samples.count) / Double(max(1, count)) }

  /// The samples of the loop from the first to the last that any of the branches has.
  static func samples(of branches: [Branch]) -> Range<Int> {
    let first = branches.compactMap { $0.samples.min() }.min() ?? 0
    let last = branches.compactMap { $0.samples.max() }.max() ?? -1
    return first..<last + 1
  }

  /// The samples as they were recorded, mapped like the rows, neither sorted nor averaged.
  ///
  /// The first is that of the highest field.
  func recorded(field: [Double], response: [Double]) -> RecordedSamples {
    var rows = [Int](repeating: 0, count: samples.count)
    for row in 0..<count {
      for place in firstSamples[row]..<firstSamples[row + 1] { rows[place] = row }
    }
    let isReversed = (samples.first ?? 0) > (samples.last ?? 0)
    let order = samples.indices.sorted { (samples[$0] < samples[$1]) != isReversed }
    return RecordedSamples(
      field: order.map { sign * field[samples[$0]] }, response: order.map { sign * response[samples[$0]] },
      rows: order.map { rows[$0] })
  }

  /// Adds a row's weights to those of the loop's samples in time order, the first of which is sample `start`.
  func spread(_ row: InfluenceRow, over weights: inout [Double], from start: Int) {
    for index in row.weights.indices {
      let (first, end) = (firstSamples[row.start + index], firstSamples[row.start + index + 1])
      let share = sign * row.weights[index] / Double(end - first)
      for place in first..<end { weights[samples[place] - start] += share }
    }
  }

  /// The variance of a result per σ² of white noise of the samples.
  func squaredNorm(of row: InfluenceRow) -> Double {
    if samples.count == count { return row.squaredNorm }
    var sum = 0.0
    for index in row.weights.indices {
      let place = row.start + index
      sum += row.weights[index] * row.weights[index] / Double(firstSamples[place + 1] - firstSamples[place])
    }
    return sum
  }

  /// Whether the branch begins well above zero field, so that its first point is a tip; else it is a second
  /// quadrant, whose largest polarisation says nothing.
  var reachesBack: Bool { (field.first ?? 0) > 0.1 * abs(field.last ?? 0) }

  /// The rows whose field is within `halfWidth` of `centre`.
  func rows(within halfWidth: Double, of centre: Double) -> Range<Int> {
    let start = firstRow { $0 <= centre + halfWidth }
    let end = firstRow { $0 < centre - halfWidth }
    return start..<max(start, end)
  }

  /// Half the width of the smallest window around `centre` that holds `wanted` points.
  func halfWidth(holding wanted: Int, around centre: Double) -> Double {
    var end = firstRow { $0 < centre }
    var start = end
    var reach = 0.0
    while end - start < min(wanted, count) {
      let above = start > 0 ? field[start - 1] - centre : .infinity
      let below = end < count ? centre - field[end] : .infinity
      if above <= below { start -= 1 } else { end += 1 }
      reach = max(reach, min(above, below))
    }
    return reach * (1 + 1e-12)
  }

  /// The response at a field by a straight line between neighbours; nil outside the data.
  func response(at wanted: Double) -> Double? {
    response(at: wanted, row: firstRow { $0 <= wanted })
  }

  /// The same when the first row at or below the field is known.
  func response(at wanted: Double, row below: Int) -> Double? {
    guard below < count else { return nil }
    guard field[below] < wanted else { return response[below] }
    guard below > 0 else { return nil }
    let share = (wanted - field[below]) / (field[below - 1] - field[below])
    return response[below] + share * (response[below - 1] - response[below])
  }

  /// The first row whose field satisfies a predicate that holds from some row on.
  func firstRow(where holds: (Double) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(field[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
