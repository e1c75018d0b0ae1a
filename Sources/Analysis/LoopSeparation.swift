// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities
internal import Signal

/// One loop of a file: the rows from its initial curve or first branch to the end of its last sweep.
public struct SeparatedLoop: Sendable {
  /// The rows of this loop.
  public let measurement: LoopMeasurement
  /// Its sweeps as rows of `measurement`; neighbours share the row at which the field turns.
  public let sweeps: [Sweep]
  /// The field with single far-off values replaced, in A/m.
  public let field: [Double]
  /// The rows whose field was replaced.
  public let replaced: [Int]
}

/// A part of a loop between two reversals of the field.
public struct Sweep: Hashable, Sendable {
  /// What a sweep is.
  public enum Kind: Hashable, Sendable {
    /// From the demagnetised state to saturation.
    case initial
    /// The response is positive at zero field: the branch from positive to negative saturation.
    case descending
    /// The response is negative at zero field: the branch from negative to positive saturation.
    case ascending
    /// A rising curve from a point of the second quadrant back towards H = 0, mapped to the descending branch: it
    /// interrupts a branch, which goes on where the field falls below that point again.
    case recoil
    /// Anything that does not reach a demagnetising field.
    case fragment

    /// Whether it is one of the two branches of the major loop.
    var isBranch: Bool { self == .descending || self == .ascending }
  }

  /// The rows, both turning points included.
  public let rows: Range<Int>
  /// What it is.
  public let kind: Kind
}

extension LoopMeasurement {
  /// The loops of this measurement, told apart by temperature and by reversals of the field.
  ///
  /// In time order. Throws when the field does not sweep.
  public func separatedLoops() throws(AnalysisError) -> [SeparatedLoop] {
    let groups = temperatureGroups()
    let loops = groups.flatMap { $0.loops() }
    guard !loops.isEmpty else {
      throw AnalysisError(
        .noSweep,
        "none of the \(count) rows belongs to a sweep of at least \(minimumSweepRows) points that is an initial "
          + "curve or reaches a demagnetising field; fields that are magnitudes need their sign")
    }
    return loops
  }

  /// Runs of rows at one temperature.
  ///
  /// The tolerance follows drift: 1 % or 0.1 K from the run's mean so far. Up to two rows that stand alone are a
  /// sensor's slip, not a new temperature.
  private func temperatureGroups() -> [LoopMeasurement] {
    guard let temperatures = temperature?.si, let first = temperatures.first else { return [self] }
    var borders = [0]
    var (sum, number) = (first, 1.0)
    for index in temperatures.indices.dropFirst() {
      let mean = sum / number
      func isFar(_ row: Int) -> Bool { abs(temperatures[row] - mean) > max(0.1, 0.01 * abs(mean)) }
      if isFar(index) {
        guard temperatures.indices.upperBound - index < 3 || (isFar(index + 1) && isFar(index + 2)) else {
          continue
        }
        borders.append(index)
        (sum, number) = (temperatures[index], 1)
      } else {
        (sum, number) = (sum + temperatures[index], number + 1)
      }
    }
    borders.append(temperatures.count)
    return zip(borders, borders.dropFirst()).map { rows($0..<$1) }.filter { $0.count >= minimumSweepRows }
  }

  /// The loops in a run at one temperature.
  private func loops() -> [SeparatedLoop] {
    let (clean, replaced) = despiked(field.amperesPerMetre)
    let sweeps = classifiedSweeps(of: clean)
    var loops: [SeparatedLoop] = []
    var pending: [Sweep] = []
    func close() {
      guard let first = pending.first, let last = pending.last,
        pending.contains(where: { $0.kind != .fragment })
      else { return }
      let range = first.rows.lowerBound..<last.rows.upperBound
      loops.append(
        SeparatedLoop(
          measurement: rows(range),
          sweeps: pending.map {
            Sweep(
              rows: $0.rows.lowerBound - range.lowerBound..<$0.rows.upperBound - range.lowerBound,
              kind: $0.kind)
          },
          field: Array(clean[range]),
          replaced: replaced.filter(range.contains).map { $0 - range.lowerBound }))
    }
    for sweep in sweeps {
      // A loop is full with one branch of each kind, which recoil loops may interrupt; an initial curve begins
      // another.
      let goesOn = sweep.kind == .recoil || pending.last?.kind == .recoil
      let repeats = !goesOn && sweep.kind != .fragment && pending.contains { $0.kind == sweep.kind }
      let restarts = sweep.kind == .initial && pending.contains { $0.kind != .fragment }
      if repeats || restarts {
        close()
        pending = []
      }
      pending.append(sweep)
    }
    close()
    return loops
  }

  private func classifiedSweeps(of field: [Double]) -> [Sweep] {
    guard let lowest = field.min(), let highest = field.max(), highest > lowest else { return [] }
    var response = responseForClassification(field)
    let steps = zip(field, field.dropFirst()).map { abs($1 - $0) }
    // A dwell at a tip has steps that are noise only; the sweep's own step is the median of the larger half.
    let step = medianOfLargerHalf(steps) ?? 0
    // Coarse steps must not hide a reversal; 5 % of the span is more than any noise leaves.
    let threshold = max(
      5 * noiseFromSecondDifferences(field), min(3 * step, 0.05 * (highest - lowest)),
      0.005 * (highest - lowest))
    let turns = turningPoints(field, threshold: threshold)
    let pieces = zip(turns, turns.dropFirst()).map { start, end in start..<end + 1 }
    if let zero = commonZero(of: pieces, field: field, response: response) {
      for row in response.indices { response[row] -= zero }
    }
    var sweeps = pieces.map { rows in
      Sweep(rows: rows, kind: kind(of: rows, field: field, response: response))
    }
    for kind in [Sweep.Kind.descending, .ascending] {
      for place in recoils(in: sweeps, of: kind, field: field, response: response) {
        sweeps[place] = Sweep(rows: sweeps[place].rows, kind: .recoil)
      }
    }
    return sweeps.filter { $0.rows.count >= minimumSweepRows || $0.kind == .recoil }
  }

  /// Which of the sweeps are recoil curves of the branches of a kind.
  ///
  /// Against the direction in which the branch is swept, J keeping its sign, from a demagnetising field to less than
  /// half of the largest field, beyond which it would be magnetised anew.
  private func recoils(
    in sweeps: [Sweep], of kind: Sweep.Kind, field: [Double], response: [Double]
  ) -> [Int] {
    let sign = kind == .ascending ? -1.0 : 1.0
    func ends(_ sweep: Sweep) -> (first: Int, last: Int) {
      (sweep.rows.lowerBound, sweep.rows.upperBound - 1)
    }
    func rise(_ sweep: Sweep) -> Double { sign * (field[ends(sweep).last] - field[ends(sweep).first]) }
    let largest = field.reduce(0) { max($0, abs($1)) }
    // The longest sweep tells the direction; rows in reversed order are the same loop.
    let longest = sweeps.filter { $0.kind == kind }.reduce(nil) { (best: Sweep?, sweep) in
      best.map { abs(rise($0)) >= abs(rise(sweep)) ? $0 : sweep } ?? sweep
    }
    guard let isForward = longest.map({ rise($0) < 0 }) else { return [] }
    return sweeps.indices.filter { place in
      let sweep = sweeps[place]
      let above = isForward ? place - 1 : place + 1
      guard sweep.kind == kind, (rise(sweep) > 0) == isForward, sweeps.indices.contains(above),
        sweeps[above].kind == kind
      else { return false }
      let (first, last) = ends(sweep)
      let (low, high) = isForward ? (first, last) : (last, first)
      return sign * field[low] < 0 && sign * response[low] > 0 && sign * response[high] > 0
        && sign * field[high] < 0.5 * largest
    }
  }

  /// The response in a form whose sign at zero field tells the branch; B is turned into J.
  private func responseForClassification(_ field: [Double]) -> [Double] {
    guard case .fluxDensity(let density) = response else { return response.si }
    return zip(density.si, field).map { $0 - magneticConstant * $1 }
  }

  /// The zero that both branches have in common when it is larger than the remanence, so that both have one sign at
  /// zero field; nil in any other case.
  private func commonZero(of pieces: [Range<Int>], field: [Double], response: [Double]) -> Double? {
    let largest = field.reduce(0) { max($0, abs($1)) }
    func atZero(falling: Bool) -> Double? {
      let piece = pieces.first { rows in
        let (start, end) = (field[rows.lowerBound], field[rows.upperBound - 1])
        let reaches = min(abs(start), abs(end)) > 0.5 * largest && start * end < 0
        return reaches && (start > end) == falling
      }
      return piece.flatMap { responseAtZeroField($0, field: field, response: response) }
    }
    guard let falling = atZero(falling: true), let rising = atZero(falling: false), falling * rising > 0
    else {
      return nil
    }
    return 0.5 * (falling + rising)
  }

  private func kind(of rows: Range<Int>, field: [Double], response: [Double]) -> Sweep.Kind {
    let largest = field.reduce(0) { max($0, abs($1)) }
    let top = response.reduce(0) { max($0, abs($1)) }
    let (first, last) = (rows.lowerBound, rows.upperBound - 1)
    let atZero = responseAtZeroField(rows, field: field, response: response)
    // An initial curve begins small in field and response and ends large in both, with one sign.
    let beginsSmall = abs(field[first]) < 0.05 * largest && abs(response[first]) < 0.5 * abs(response[last])
    if beginsSmall, abs(field[last]) > 0.3 * largest, response[last] * field[last] > 0 { return .initial }
    guard let atZero else { return .fragment }
    // The sign of the remanence tells the branch in whatever order the rows are; without one, the order does.
    let isDescending = abs(atZero) > 0.02 * top ? atZero > 0 : field[first] > field[last]
    let reach = rows.reduce(0.0) { max($0, isDescending ? -field[$1] : field[$1]) }
    guard reach > 0.02 * largest else { return .fragment }
    return isDescending ? .descending : .ascending
  }

  /// The response at zero field by a straight line, or that nearest to it when the sweep stays on one side.
  private func responseAtZeroField(_ rows: Range<Int>, field: [Double], response: [Double]) -> Double? {
    for index in rows.dropLast() where field[index] * field[index + 1] <= 0 {
      let span = field[index + 1] - field[index]
      guard span != 0 else { return response[index] }
      let share = -field[index] / span
      return response[index] + share * (response[index + 1] - response[index])
    }
    return rows.min { abs(field[$0]) < abs(field[$1]) }.map { response[$0] }
  }
}

/// A sweep of fewer rows says nothing: instruments add jumps of two or three points between sweeps.
private let minimumSweepRows = 8
