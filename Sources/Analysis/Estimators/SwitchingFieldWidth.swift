// SPDX-License-Identifier: GPL-3.0-or-later
internal import Signal

/// What J does where nothing switches: straight lines of one slope before and beyond the switching.
private struct Plateaus {
  /// The slope dJ/dHa of both, T·m/A.
  var slope: Double
  /// J of the line before the switching, carried to zero field, T.
  var upper: Double
  /// J of the line beyond it, T.
  var lower: Double
  /// The derivatives of the three with respect to each sample.
  var slopeRow: InfluenceRow
  var upperRow: InfluenceRow
  var lowerRow: InfluenceRow

  /// The lines by least squares through the rows of two ranges; nil for fewer than 5 rows in either.
  init?(_ branch: Branch, before: Range<Int>, beyond: Range<Int>) {
    guard before.count >= 5, beyond.count >= 5 else { return nil }
    func mean(_ values: [Double], _ rows: Range<Int>) -> Double {
      rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
    }
    let centres = [before, beyond].map { (rows: $0, field: mean(branch.field, $0)) }
    let spread = centres.reduce(0.0) { sum, group in
      group.rows.reduce(sum) {
        $0 + (branch.field[$1] - group.field) * (branch.field[$1] - group.field)
      }
    }
    guard spread > 0 else { return nil }
    var slopeRow = InfluenceRow(start: 0, weights: [])
    for group in centres {
      slopeRow = slopeRow.adding(
        InfluenceRow(
          start: group.rows.lowerBound,
          weights: group.rows.map { (branch.field[$0] - group.field) / spread }))
    }
    let slope = slopeRow.weights.enumerated().reduce(0) {
      $0 + $1.element * branch.response[slopeRow.start + $1.offset]
    }
    func intercept(_ group: (rows: Range<Int>, field: Double)) -> (Double, InfluenceRow) {
      let count = group.rows.count
      let even = InfluenceRow(
        start: group.rows.lowerBound, weights: [Double](repeating: 1 / Double(count), count: count))
      return (
        mean(branch.response, group.rows) - slope * group.field,
        even.adding(slopeRow, times: -group.field)
      )
    }
    self.slope = slope
    self.slopeRow = slopeRow
    (upper, upperRow) = intercept(centres[0])
    (lower, lowerRow) = intercept(centres[1])
  }

  /// J without its linear part where a share of the switching is done.
  func level(_ share: Double) -> Double { upper - share * (upper - lower) }

  func levelRow(_ share: Double) -> InfluenceRow {
    upperRow.scaled(by: 1 - share).adding(lowerRow, times: share)
  }
}

extension LocalPolynomialEstimator {
  /// The distance of the internal fields between which the middle half of the switching happens.
  ///
  /// The switching part is J without its linear part. That is read off the branch above half its largest field and
  /// over the last quarter of the way from HcJ to its end; there must be four widths from HcJ to there, or the
  /// tails of the distribution would pass for a plateau. The reading's point carries the change of J across the width
  /// as polarisation. nil where the data do not reach that far.
  func switchingFieldWidth() -> Reading? {
    guard branch.reachesBack, let crossing = pilot.crossingField, let top = branch.field.first,
      let bottom = branch.field.last, (pilot.switchingPoints ?? 0) >= undersamplingLimit
    else { return nil }
    func plateaus(_ share: Double) -> Plateaus? {
      Plateaus(
        branch, before: 0..<branch.firstRow { $0 < (1 - 2 * share) * top },
        beyond: branch.firstRow { $0 <= bottom + share * (crossing - bottom) }..<branch.count)
    }
    guard let lines = plateaus(0.25), lines.upper > lines.lower, let first = switching(0.25, lines),
      let last = switching(0.75, lines)
    else { return nil }
    let width = last.candidate.value - first.candidate.value
    guard width > 0, crossing - bottom >= 4 * width else { return nil }

    var row = InfluenceRow(start: 0, weights: [])
    var plateauChange = 0.0
    // Half of each plateau tells how straight they are.
    let shorter = plateaus(0.125) ?? lines
    for (choice, share, sign) in [(last, 0.75, 1.0), (first, 0.25, -1.0)] {
      let field = choice.candidate.field
      // Candidate weights are those of J; the line under it acts at fixed J and so without the shear of J itself.
      let applied = choice.fit.slope(at: field)
      let perLine = -(1 - shear.fieldPerPolarisation * applied) / (applied - lines.slope)
      let weights = choice.fit.weights(at: field, abscissas: branch.field)
      row =
        row
        .adding(
          InfluenceRow(start: choice.fit.range.lowerBound, weights: weights),
          times: sign * choice.candidate.weight
        )
        .adding(lines.slopeRow, times: sign * perLine * field)
        .adding(lines.levelRow(share), times: sign * perLine)
      plateauChange +=
        sign * perLine
        * ((shorter.slope - lines.slope) * field + shorter.level(share) - lines.level(share))
    }
    let ends = [first, last].map {
      (field: $0.candidate.field, response: $0.fit.value(at: $0.candidate.field))
    }
    let change =
      first.windowChange * first.windowChange + last.windowChange * last.windowChange
      + plateauChange * plateauChange
    return Reading(
      value: width, row: row,
      point: CurvePoint(
        field: -0.5 * (first.candidate.value + last.candidate.value),
        polarisation: ends[0].response - ends[1].response, slope: lines.slope),
      measuredField: 0.5 * (ends[0].field + ends[1].field), windowChange: change.squareRoot(),
      misfit: (first.misfit * first.misfit + last.misfit * last.misfit).squareRoot())
  }

  /// Where a share of the switching is done.
  private func switching(_ share: Double, _ lines: Plateaus) -> Choice? {
    let level = lines.level(share)
    func excess(_ field: Double, _ response: Double) -> Double { response - lines.slope * field - level }
    guard let centre = firstFall(of: excess) else { return nil }
    return choose(around: centre, degree: 3, minimumPoints: 6, largest: 0.36 * pilot.scale) { fit in
      let slope = { fit.slope(at: $0) - lines.slope }
      guard
        let field = root(near: centre, of: { excess($0, fit.value(at: $0)) }, slope: slope, in: fit),
        slope(field) > 0
      else { return nil }
      // dH/dJ at the applied field of the crossing, which moves with J, and the shear of J itself.
      let perPolarisation = shear.fieldPerPolarisation
      let weight = (1 - perPolarisation * fit.slope(at: field)) / slope(field) + perPolarisation
      return Candidate(
        value: -shear.internalField(field, fit.value(at: field)), field: field, weight: weight)
    }
  }
}
