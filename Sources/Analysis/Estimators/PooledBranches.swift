// SPDX-License-Identifier: GPL-3.0-or-later

/// The samples of all evaluated branches in one list of falling field.
///
/// Branches that were sampled at the same fields are averaged, which loses nothing and halves the work.
struct PooledBranches: Sendable {
  /// The field as measured, A/m, falling.
  private(set) var field: [Double] = []
  /// The response.
  private(set) var response: [Double] = []
  /// The response smoothed by moving straight lines, for the choice of nodes.
  private(set) var smooth: [Double] = []
  /// How many samples each entry is the mean of.
  private(set) var multiplicity = 1.0
  /// Where the rows of each branch went.
  private(set) var places: [[Int]] = []

  init(_ branches: [Branch], _ pilots: [Pilot]) {
    guard let first = branches.first, let pilot = pilots.first else { return }
    let span = (first.field.first ?? 0) - (first.field.last ?? 0)
    let coincide = branches.dropFirst().allSatisfy { other in
      other.count == first.count && zip(other.field, first.field).allSatisfy { abs($0 - $1) <= 1e-9 * span }
    }
    if coincide {
      let count = Double(branches.count)
      multiplicity = count
      field = first.field
      smooth = pilot.smooth
      response = first.field.indices.map { row in branches.reduce(0) { $0 + $1.response[row] } / count }
      places = Array(repeating: Array(first.field.indices), count: branches.count)
      return
    }
    let total = branches.reduce(0) { $0 + $1.count }
    field.reserveCapacity(total)
    response.reserveCapacity(total)
    smooth.reserveCapacity(total)
    places = branches.map { Array(repeating: 0, count: $0.count) }
    var next = branches.map { _ in 0 }
    for place in 0..<total {
      let remaining = branches.indices.filter { next[$0] < branches[$0].count }
      guard
        let chosen = remaining.max(by: {
          branches[$0].field[next[$0]] < branches[$1].field[next[$1]]
        })
      else { break }
      let row = next[chosen]
      field.append(branches[chosen].field[row])
      response.append(branches[chosen].response[row])
      smooth.append(pilots[chosen].smooth[row])
      places[chosen][row] = place
      next[chosen] += 1
    }
  }
}
