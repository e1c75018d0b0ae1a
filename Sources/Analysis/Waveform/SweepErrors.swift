// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// Errors along the main sweep of a shot, known at some of its rows, and what they are to a budget.
struct SweepErrors: Sendable {
  /// The rows where errors are worked out, equally spaced in time.
  let rows: [Int]
  /// The field at each of them, mapped to the descending branch: falling, A/m.
  private let fields: [Double]
  /// What of the error at each row the zero of J takes away from all of them; they add up to 1, or are all 0.
  let tie: [Double]

  /// At most this many rows: the sweep is smooth, and so are the errors but for what averages out.
  private static let count = 64

  /// Rows of a sweep of `field` over `sweep`, with the sign that maps it to the descending branch.
  ///
  /// The zero of J rests on the mean over the `tied` rows, half of it on the one part and half on the other; on none
  /// when it was known beforehand.
  init(_ field: [Double], sweep: ClosedRange<Int>, sign: Double, tied: [ClosedRange<Int>]) {
    var rows: [Int] = []
    var fields: [Double] = []
    let count = min(Self.count, sweep.count)
    for k in 0..<count {
      let row = sweep.lowerBound + (sweep.count - 1) * k / max(1, count - 1)
      // Noise at the tips may turn the field for a sample.
      guard fields.last.map({ sign * field[row] < $0 }) ?? true else { continue }
      rows.append(row)
      fields.append(sign * field[row])
    }
    self.rows = rows
    self.fields = fields
    var tie = [Double](repeating: 0, count: rows.count)
    for part in tied {
      let members = rows.indices.filter { part.contains(rows[$0]) }
      let nearest = rows.indices.min {
        abs(rows[$0] - part.lowerBound) < abs(rows[$1] - part.lowerBound)
      }
      let used = members.isEmpty ? [nearest].compactMap(\.self) : members
      for k in used { tie[k] += 1 / Double(used.count * tied.count) }
    }
    self.tie = tie
  }

  /// One error along the sweep: its value at each of `rows`.
  ///
  /// `isTied` for errors of the response, which the zero of J shifts.
  func profile(isTied: Bool, _ error: (Int) -> Double) -> ErrorProfile {
    let values = rows.map(error)
    let shift = isTied ? zip(tie, values).reduce(0) { $0 + $1.0 * $1.1 } : 0
    return ErrorProfile(field: fields.reversed(), error: values.reversed().map { $0 - shift })
  }

  /// The independent errors that a covariance between `rows` stands for, without those that are lost in the others.
  func profiles(isTied: Bool, covariance: (Int, Int) -> Double) -> [ErrorProfile] {
    let count = rows.count
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count { for j in 0..<count { matrix[i * count + j] = covariance(rows[i], rows[j]) } }
    if isTied { project(&matrix) }
    let directions = PrincipalDirections(of: matrix, order: count)
    let order = directions.values.indices.sorted { directions.values[$0] > directions.values[$1] }
    let whole = directions.values.reduce(0) { $0 + max(0, $1) }
    guard whole > 0 else { return [] }
    var (held, profiles) = (0.0, [ErrorProfile]())
    for k in order where held < 0.999 * whole && directions.values[k] > 0 {
      held += directions.values[k]
      let size = directions.values[k].squareRoot()
      profiles.append(
        ErrorProfile(field: fields.reversed(), error: directions.vectors[k].reversed().map { $0 * size }))
    }
    return profiles
  }

  /// The covariance of e − Σ tieₖ·eₖ.
  private func project(_ matrix: inout [Double]) {
    let count = rows.count
    let rowSums = (0..<count).map { i in (0..<count).reduce(0) { $0 + tie[$1] * matrix[i * count + $1] } }
    let whole = zip(tie, rowSums).reduce(0) { $0 + $1.0 * $1.1 }
    for i in 0..<count {
      for j in 0..<count { matrix[i * count + j] += whole - rowSums[i] - rowSums[j] }
    }
  }
}
