// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// The rough course of a branch, from which windows and centres of the estimators follow.
struct Pilot: Sendable {
  /// The measured field where the internal field is zero; nil when the data do not reach it.
  let remanenceField: Double?
  /// The response there, or the first one below zero field.
  let remanence: Double
  /// The measured field of the first J = 0 crossing, negative; nil when the data end before it.
  let crossingField: Double?
  /// The measured field of the first B = 0 crossing, negative; nil when the data end before it.
  let fluxCrossingField: Double?
  /// How often J crosses zero below zero field by more than its noise.
  let crossings: Int
  /// Field scale of the branch: |HcJ|, or the largest demagnetising field when J = 0 is not reached, A/m.
  let scale: Double
  /// How many samples lie in the middle half of the switching; nil when J = 0 is not reached.
  let switchingPoints: Double?
  /// The internal field between the ends of that half, A/m; nil with `switchingPoints`.
  let switchingWidth: Double?
  /// The response smoothed by moving straight lines.
  let smooth: [Double]

  init(branch: Branch, shear: Shear, noise: Double) {
    let field = branch.field
    let count = branch.count
    let half = min(max(Int((Double(count) / 100).rounded()), 2), 20)
    let smooth = Self.movingLine(branch, half: half)
    let inner = (0..<count).map { shear.internalField(field[$0], smooth[$0]) }
    let origin = inner.firstIndex { $0 <= 0 } ?? count
    self.smooth = smooth
    if origin == count || (origin == 0 && inner[0] < 0) {
      remanenceField = nil
    } else if origin == 0 {
      remanenceField = field[0]
    } else {
      let share = inner[origin - 1] / (inner[origin - 1] - inner[origin])
      remanenceField = field[origin - 1] + share * (field[origin] - field[origin - 1])
    }
    remanence = origin < count ? smooth[origin] : (smooth.last ?? 0)

    func crossing(_ level: (Int) -> Double) -> Double? {
      var index = max(origin - 1, 0)
      while index + 1 < count {
        let (here, next) = (level(index), level(index + 1))
        if here >= 0, next < 0 {
          return field[index] + here / (here - next) * (field[index + 1] - field[index])
        }
        index += 1
      }
      return nil
    }
    // Smoothing can lift the last points of a coarse curve that ends just below zero; then the samples decide.
    let end = branch.response.last ?? 0
    crossingField =
      crossing { smooth[$0] } ?? (end < -3 * noise ? crossing { branch.response[$0] } : nil)
    fluxCrossingField =
      crossing { shear.fluxDensity(field[$0], smooth[$0]) }
      ?? (shear.fluxDensity(field.last ?? 0, end) < -3 * noise
        ? crossing { shear.fluxDensity(field[$0], branch.response[$0]) } : nil)

    let clear = 3 * noise / Double(2 * half + 1).squareRoot()
    var positive = true
    var crossings = 0
    for index in origin..<max(origin, count) where positive ? smooth[index] < -clear : smooth[index] > clear {
      positive.toggle()
      crossings += 1
    }
    self.crossings = crossings
    scale = crossingField.map(abs) ?? abs(inner.last ?? 0)
    let switching = Self.switching(branch, shear: shear, from: origin)
    switchingPoints = switching?.points
    switchingWidth = switching?.width
  }

  /// The samples between +J*/2 and −J*/2, J* the median of |J|, counted with fractions, and the internal field
  /// between them; twice those to J = 0 when the data end before −J*/2.
  private static func switching(
    _ branch: Branch, shear: Shear, from origin: Int
  ) -> (points: Double, width: Double)? {
    let response = branch.response
    let half = 0.5 * (median(response.map(abs)) ?? 0)
    let filtered = response.indices.map { index in
      guard index > 0, index + 1 < response.count else { return response[index] }
      let (a, b, c) = (response[index - 1], response[index], response[index + 1])
      return max(min(a, b), min(max(a, b), c))
    }
    func place(of level: Double) -> (position: Double, field: Double)? {
      for index in max(origin, 1)..<max(origin, 1, filtered.count) {
        let (before, here) = (filtered[index - 1], filtered[index])
        guard before >= level, here < level else { continue }
        let share = (before - level) / (before - here)
        let field = branch.field[index - 1] + share * (branch.field[index] - branch.field[index - 1])
        return (Double(index - 1) + share, shear.internalField(field, level))
      }
      return nil
    }
    guard let upper = place(of: half), let middle = place(of: 0) else { return nil }
    // Where several parts switch one after the other the one around J = 0 counts: it may lie between two samples.
    let row = Int(middle.position)
    let drop = row + 1 < filtered.count ? filtered[row] - filtered[row + 1] : 0
    let nearby = drop > 0 ? 3.5 * half / drop : .infinity
    guard let lower = place(of: -half) else {
      return (
        min(2 * (middle.position - upper.position), nearby), 2 * (upper.field - middle.field)
      )
    }
    return (min(lower.position - upper.position, nearby), upper.field - lower.field)
  }

  /// The value at each row of a straight line through the rows within `half` of it, fewer at the ends.
  private static func movingLine(_ branch: Branch, half: Int) -> [Double] {
    let (x, y) = (branch.field, branch.response)
    return x.indices.map { index in
      let rows = max(0, index - half)..<min(x.count, index + half + 1)
      var (sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0)
      for row in rows {
        let dx = x[row] - x[index]
        sx += dx
        sy += y[row]
        sxx += dx * dx
        sxy += dx * y[row]
      }
      let n = Double(rows.count)
      let determinant = n * sxx - sx * sx
      return determinant > 0 ? (sxx * sy - sx * sxy) / determinant : sy / n
    }
  }
}
