// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Reads values off a branch the conventional way: a straight line between neighbouring samples.
///
/// Reproduces instrument software and published two-point values; the samples are sheared one by one.
struct TwoPointInterpolation: Sendable {
  static let method = "two-point-interpolation"

  private let branch: Branch
  private let shear: Shear
  /// Whether the response is a polarisation, so that B and (BH)max have a meaning.
  private let hasPolarisation: Bool
  /// µrec for the lines that slope with it; nil when it is not known.
  private let recoilPermeability: Double?
  /// What straight lines join, in this order.
  private let samples: Branch.RecordedSamples

  /// Joins the samples of a branch in the order in which they were recorded, as instrument software does, or its rows
  /// in the order of the field when no recorded data are given.
  init(
    branch: Branch, recorded data: ConditionedData? = nil, shear: Shear, hasPolarisation: Bool,
    recoilPermeability: Double?
  ) {
    self.branch = branch
    self.shear = shear
    self.hasPolarisation = hasPolarisation
    self.recoilPermeability = recoilPermeability
    samples =
      data.map { branch.recorded(field: $0.field, response: $0.response) }
      ?? Branch.RecordedSamples(
        field: branch.field, response: branch.response, rows: Array(branch.field.indices))
  }

  func readings() -> BranchReadings {
    let field = zip(samples.field, samples.response).map { shear.internalField($0, $1) }
    let response = samples.response
    var result = BranchReadings()
    result.remanence = crossing(field, level: { -$0.0 }, from: 0) { reading($0, value: $0.response) }
    let start = field.firstIndex { $0 <= 0 }.map { max(0, $0 - 1) } ?? response.count
    result.coercivityHcJ = crossing(field, level: { $0.1 }, from: start) {
      reading($0, value: -$0.field, perResponse: 1 / $0.slope)
    }
    result.maximumPolarisation =
      !branch.reachesBack
      ? nil
      : field.first.map { tip in
        Reading(
          value: response[0], row: InfluenceRow(start: 0, weights: [1]),
          point: CurvePoint(field: tip, polarisation: response[0], slope: 0),
          measuredField: samples.field[0], windowChange: 0)
      }
    guard hasPolarisation else { return result }
    result.coercivityHcB = crossing(field, level: { $0.1 + magneticConstant * $0.0 }, from: start) {
      reading($0, value: -$0.field, perResponse: 1 / ($0.slope + magneticConstant))
    }
    result.energyProduct = energyProduct(field)
    if let remanence = result.remanence {
      for knee in KneeDefinition.all {
        result.kneeFields[knee] = kneeField(knee, field, from: start, remanence: remanence)
      }
    }
    return result
  }

  private func kneeField(
    _ definition: KneeDefinition, _ field: [Double], from start: Int, remanence: Reading
  ) -> Reading? {
    guard let permeability = definition.isRecoilSloped ? recoilPermeability : 1 else { return nil }
    return crossing(
      field,
      level: {
        $0.1 - definition.level(at: $0.0, remanence: remanence.value, recoilPermeability: permeability)
      }, from: start
    ) { segment in
      func change(_ polarisation: Double, _ remanence: Double) -> Double {
        definition.change(polarisation, remanence, slope: segment.slope, recoilPermeability: permeability)
      }
      var knee = reading(segment, value: -segment.field, perResponse: change(1, 0))
      knee.row = knee.row.adding(remanence.row, times: change(0, 1))
      return knee
    }
  }

  /// A point on the straight line from one row to the next.
  private struct Segment {
    var row: Int
    var share: Double
    var field: Double
    var response: Double
    var slope: Double
  }

  /// The first place from a row on where a function of (H, J) is zero.
  private func crossing(
    _ field: [Double], level: ((Double, Double)) -> Double, from start: Int, _ read: (Segment) -> Reading
  ) -> Reading? {
    for row in start..<max(start, field.count - 1) {
      let here = level((field[row], samples.response[row]))
      let next = level((field[row + 1], samples.response[row + 1]))
      // A sample exactly on the level is a crossing; H = 0 is crossed upward in −H, J and B downward.
      guard here == 0 || next == 0 || (here > 0) != (next > 0) else { continue }
      let share = here == next ? 0 : here / (here - next)
      let span = field[row + 1] - field[row]
      return read(
        Segment(
          row: row, share: share, field: field[row] + share * span,
          response: samples.response[row] + share * (samples.response[row + 1] - samples.response[row]),
          slope: span == 0 ? 0 : (samples.response[row + 1] - samples.response[row]) / span))
    }
    return nil
  }

  private func reading(_ segment: Segment, value: Double, perResponse: Double = 1) -> Reading {
    // δJ of a sample at fixed applied field also moves its internal field.
    let weight = perResponse * (1 + shear.fieldPerPolarisation * segment.slope)
    return Reading(
      value: value,
      row: InfluenceRow(start: samples.rows[segment.row], weights: [weight * (1 - segment.share)])
        .adding(InfluenceRow(start: samples.rows[segment.row + 1], weights: [weight * segment.share])),
      point: CurvePoint(field: segment.field, polarisation: segment.response, slope: segment.slope),
      measuredField: segment.field + shear.fieldPerPolarisation * segment.response, windowChange: 0)
  }

  /// The largest −B·H on the polygon through the samples.
  private func energyProduct(_ field: [Double]) -> Reading? {
    var best: (product: Double, segment: Segment)?
    for row in 0..<max(0, field.count - 1) {
      let (h0, h1) = (field[row], field[row + 1])
      let (b0, b1) = (
        samples.response[row] + magneticConstant * h0, samples.response[row + 1] + magneticConstant * h1
      )
      guard h1 < 0, h0 <= 0 || h1 < 0, b0 > 0 else { continue }
      let (dh, db) = (h1 - h0, b1 - b0)
      // d/ds of (b0 + s·db)(h0 + s·dh) vanishes at s.
      let curvature = 2 * db * dh
      let stationary = curvature == 0 ? 0 : -(b0 * dh + h0 * db) / curvature
      for share in [0, min(max(stationary, 0), 1), 1] {
        let (h, b) = (h0 + share * dh, b0 + share * db)
        guard h < 0, b > 0, -b * h > best?.product ?? 0 else { continue }
        let response = samples.response[row] + share * (samples.response[row + 1] - samples.response[row])
        best = (
          -b * h,
          Segment(
            row: row, share: share, field: h, response: response,
            slope: dh == 0 ? 0 : (samples.response[row + 1] - samples.response[row]) / dh)
        )
      }
    }
    guard let best, best.segment.row + 2 < field.count else { return nil }
    return reading(best.segment, value: best.product, perResponse: -best.segment.field)
  }
}
