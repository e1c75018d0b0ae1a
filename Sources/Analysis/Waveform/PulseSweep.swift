// SPDX-License-Identifier: GPL-3.0-or-later

/// The part of a shot that makes the loop: from one extreme of the field to the next one of the other sign, and on
/// while the extremes that follow are as large.
struct PulseSweep: Sendable {
  /// From the first extreme to the second, both included.
  let main: ClosedRange<Int>
  /// From the first extreme to the last that belongs to the loop.
  let all: ClosedRange<Int>
  /// 1 when the field falls along `main`, −1 when it rises.
  let sign: Double
  /// The smaller of the two extremes' magnitudes, A/m.
  let reach: Double

  /// Extremes that follow are as large as those before them when they reach this much of them: an alternating field,
  /// not the decay of a pulse.
  private static let sameSize = 0.95

  /// The sweep of a field; nil when it does not reach both signs.
  init?(_ field: [Double]) {
    let largest = field.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return nil }
    // One extreme between two crossings of a level far above the noise.
    var extremes: [Int] = []
    for row in field.indices where abs(field[row]) > 0.2 * largest {
      if let last = extremes.last, (field[last] > 0) == (field[row] > 0) {
        if abs(field[row]) > abs(field[last]) { extremes[extremes.count - 1] = row }
      } else {
        extremes.append(row)
      }
    }
    // What a record that begins in the middle of a half wave shows of it is no extreme.
    if let first = extremes.first, first == field.startIndex { extremes.removeFirst() }
    if let last = extremes.last, last == field.indices.last { extremes.removeLast() }
    let sizes = extremes.map { abs(field[$0]) }
    guard extremes.count >= 2,
      let begin = extremes.indices.dropLast().first(where: { sizes[$0] >= Self.sameSize * (sizes.max() ?? 0) }
      )
        ?? extremes.indices.dropLast().max(by: { sizes[$0] < sizes[$1] })
    else { return nil }
    var end = begin + 1
    while end + 1 < extremes.count, sizes[end + 1] >= Self.sameSize * sizes[end] { end += 1 }
    main = extremes[begin]...extremes[begin + 1]
    all = extremes[begin]...extremes[end]
    sign = field[extremes[begin]] > 0 ? 1 : -1
    reach = min(sizes[begin], sizes[begin + 1])
  }

  /// The rows of the main sweep where the field is between nine tenths of `reach` and `reach`, at the beginning and at
  /// the end.
  func saturatedEnds(_ field: [Double]) -> [ClosedRange<Int>]? {
    func isNear(_ row: Int, _ end: Double) -> Bool {
      let value = end * sign * field[row]
      return value >= 0.9 * reach && value <= reach
    }
    let parts = [1.0, -1].map { end in main.filter { isNear($0, end) } }
    guard let top = parts[0].first, let topEnd = parts[0].last, let bottom = parts[1].first,
      let bottomEnd = parts[1].last, topEnd < bottom
    else { return nil }
    return [top...topEnd, bottom...bottomEnd]
  }
}
