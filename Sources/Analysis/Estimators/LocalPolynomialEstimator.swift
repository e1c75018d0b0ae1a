// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities
internal import Signal

/// Reads values off a branch with local polynomials whose windows the data choose.
///
/// Windows grow while the confidence intervals of all smaller ones still intersect (Goldenshluger and Nemirovski,
/// Math. Methods Stat. 6 (1997) 135; Katkovnik, IEEE Trans. Signal Process. 47 (1999) 2567), then step back
/// twice, which keeps the bias small beside the noise. The polynomial is fitted over the measured field and the
/// fitted curve is sheared, so that noise stays on one axis.
struct LocalPolynomialEstimator: Sendable {
  static let method = "local-polynomial"

  /// Whether too few points lie around HcJ to tell curvature from noise: a polynomial would have to reach over
  /// more than a seventh of the branch to hold them.
  static func isTooSparse(_ branch: Branch, _ pilot: Pilot) -> Bool {
    let centre = pilot.crossingField ?? -0.5 * pilot.scale
    return branch.rows(within: 0.15 * pilot.scale, of: centre).count < 7
  }

  let branch: Branch
  let pilot: Pilot
  let shear: Shear
  /// The noise of the response.
  let noise: NoiseLevel
  /// Whether the response is a polarisation, so that B and (BH)max have a meaning.
  let hasPolarisation: Bool
  /// µrec for the lines that slope with it; nil when it is not known.
  let recoilPermeability: Double?

  /// A value at a field of the fitted polynomial with its change for a unit change of response there.
  struct Candidate {
    var value: Double
    var field: Double
    var weight: Double
  }

  /// The polynomial that was chosen with the value read off it.
  struct Choice {
    var fit: LocalPolynomial
    var candidate: Candidate
    var windowChange: Double
    var misfit = 0.0
  }

  func readings() -> BranchReadings {
    var result = BranchReadings()
    let remanence = remanence()
    result.remanence = remanence?.reading
    result.remanenceExtrapolation = remanence?.extrapolation
    result.coercivityHcJ = coercivityHcJ()
    result.maximumPolarisation = maximumPolarisation()
    if pilot.crossings == 1 { result.switchingFieldWidth = switchingFieldWidth() }
    guard hasPolarisation else { return result }
    result.coercivityHcB = coercivityHcB()
    result.energyProduct = energyProduct()
    if let reading = result.remanence {
      for knee in KneeDefinition.all { result.kneeFields[knee] = kneeField(knee, remanence: reading) }
    }
    return result
  }

  private func remanence() -> (reading: Reading, extrapolation: Double?)? {
    guard let centre = pilot.remanenceField else { return extrapolatedRemanence() }
    let choice = choose(
      around: centre, degree: 2, minimumPoints: 15, largest: 0.72 * pilot.scale
    ) { fit in
      guard
        let field = root(
          near: centre, of: { shear.internalField($0, fit.value(at: $0)) },
          slope: { 1 - shear.fieldPerPolarisation * fit.slope(at: $0) }, in: fit)
      else { return nil }
      let remaining = 1 - shear.fieldPerPolarisation * fit.slope(at: field)
      guard remaining > 0 else { return nil }
      return Candidate(value: fit.value(at: field), field: field, weight: 1 / remaining)
    }
    return choice.flatMap(reading).map { ($0, nil) }
  }

  /// Br from a straight line when the data begin a little below zero field.
  private func extrapolatedRemanence() -> (reading: Reading, extrapolation: Double?)? {
    guard hasPolarisation, let crossing = pilot.fluxCrossingField, let first = branch.field.first else {
      return nil
    }
    let start = shear.internalField(first, branch.response[0])
    let knee = -crossing / (1 - shear.factor)
    guard start <= 0, -start <= 0.1 * knee else { return nil }
    let rows = 0..<branch.firstRow { shear.internalField($0, pilot.remanence) < -0.5 * knee }
    func extrapolated(degree: Int) -> (LocalPolynomial, Double)? {
      guard rows.count >= 5,
        let fit = LocalPolynomial(
          x: branch.field, y: branch.response, range: rows, centre: first, halfWidth: 0.5 * knee,
          degree: degree)
      else { return nil }
      // At H = 0 the measured field is N·J/µ0; two steps settle it because N·dJ/dHa is small against µ0.
      var field = shear.fieldPerPolarisation * pilot.remanence
      for _ in 0..<4 { field = shear.fieldPerPolarisation * fit.value(at: field) }
      return (fit, field)
    }
    guard let (line, field) = extrapolated(degree: 1), let (curve, other) = extrapolated(degree: 2) else {
      return nil
    }
    let value = line.value(at: field)
    let candidate = Candidate(value: value, field: field, weight: 1)
    guard let reading = reading(Choice(fit: line, candidate: candidate, windowChange: 0)) else { return nil }
    return (reading, abs(value - curve.value(at: other)) / 3.0.squareRoot())
  }

  private func coercivityHcJ() -> Reading? {
    guard let crossing = pilot.crossingField else { return nil }
    if let points = pilot.switchingPoints, points < undersamplingLimit { return nil }
    let choice = choose(
      around: crossing, degree: 3, minimumPoints: 6, largest: 0.36 * pilot.scale
    ) { fit in
      guard
        let field = root(near: crossing, of: fit.value(at:), slope: fit.slope(at:), in: fit),
        fit.slope(at: field) > 0
      else { return nil }
      return Candidate(value: -field, field: field, weight: 1 / fit.slope(at: field))
    }
    return choice.flatMap(reading)
  }

  private func coercivityHcB() -> Reading? {
    guard let crossing = pilot.fluxCrossingField else { return nil }
    let choice = choose(
      around: crossing, degree: 2, minimumPoints: 15, largest: 0.48 * pilot.scale
    ) { fit in
      let slope = { (1 - shear.factor) * fit.slope(at: $0) + magneticConstant }
      guard
        let field = root(
          near: crossing, of: { shear.fluxDensity($0, fit.value(at: $0)) }, slope: slope, in: fit),
        slope(field) > 0
      else { return nil }
      return Candidate(value: -field / (1 - shear.factor), field: field, weight: 1 / slope(field))
    }
    return choice.flatMap(reading)
  }

  private func energyProduct() -> Reading? {
    guard let start = energyPilot() else { return nil }
    let choice = choose(
      around: start, degree: 2, minimumPoints: 15, largest: 0.60 * pilot.scale
    ) { fit in
      guard let field = energyMaximum(of: fit, near: start) else { return nil }
      let response = fit.value(at: field)
      let density = shear.fluxDensity(field, response)
      let inner = shear.internalField(field, response)
      guard inner < 0, density > 0 else { return nil }
      return Candidate(
        value: -density * inner, field: field,
        weight: -inner * (1 - shear.factor) + shear.fieldPerPolarisation * density)
    }
    guard let choice else { return nil }
    let past = branch.count - branch.firstRow { $0 < choice.candidate.field }
    return past >= 5 ? reading(choice) : nil
  }

  /// The measured field near the maximum of −B·H.
  ///
  /// The largest product of the smoothed branch finds a knee of any shape; quadratics around it settle the place
  /// where the maximum is flat and noise would decide, unless they would leave a sharp knee.
  private func energyPilot() -> Double? {
    func product(_ field: Double, _ response: Double) -> Double {
      -shear.fluxDensity(field, response) * shear.internalField(field, response)
    }
    let products = branch.field.indices.map { row -> Double in
      let inner = shear.internalField(branch.field[row], pilot.smooth[row])
      return inner < 0 ? product(branch.field[row], pilot.smooth[row]) : 0
    }
    guard let row = products.indices.max(by: { products[$0] < products[$1] }), products[row] > 0 else {
      return nil
    }
    var field = branch.field[row]
    let half = max(
      0.35 * -shear.internalField(field, pilot.smooth[row]), branch.halfWidth(holding: 5, around: field))
    for _ in 0..<2 {
      guard
        let fit = LocalPolynomial(
          x: branch.field, y: branch.response, range: branch.rows(within: half, of: field), centre: field,
          halfWidth: half, degree: 2),
        let better = energyMaximum(of: fit, near: field),
        let response = branch.response(at: better), product(better, response) > 0.97 * products[row]
      else { break }
      field = better
    }
    return field
  }

  /// The measured field where −B·H of a fitted curve is largest, by Newton; nil outside the window.
  private func energyMaximum(of fit: LocalPolynomial, near start: Double) -> Double? {
    var field = start
    for _ in 0..<50 {
      let (value, slope, bend) = (fit.value(at: field), fit.slope(at: field), fit.curvature(at: field))
      let density = shear.fluxDensity(field, value)
      let densitySlope = (1 - shear.factor) * slope + magneticConstant
      let inner = shear.internalField(field, value)
      let innerSlope = 1 - shear.fieldPerPolarisation * slope
      let first = -(densitySlope * inner + density * innerSlope)
      let second =
        -((1 - shear.factor) * bend * inner + 2 * densitySlope * innerSlope
        - density * shear.fieldPerPolarisation * bend)
      guard second < 0 else { return nil }
      let step = -first / second
      field += step
      guard abs(field - fit.centre) <= fit.halfWidth else { return nil }
      if abs(step) <= 1e-13 * fit.halfWidth { break }
    }
    return field
  }

  private func kneeField(_ definition: KneeDefinition, remanence: Reading) -> Reading? {
    guard let permeability = definition.isRecoilSloped ? recoilPermeability : 1 else { return nil }
    let line = definition.slope(recoilPermeability: permeability)
    // J(Ha) less the line at Ha − N·J/µ0; with a level line just J − s·Br.
    let stretch = 1 + line * shear.fieldPerPolarisation
    let start = definition.share * remanence.value
    func excess(_ field: Double, _ response: Double) -> Double { stretch * response - start - line * field }
    guard let centre = firstFall(of: excess) else { return nil }
    let choice = choose(
      around: centre, degree: 3, minimumPoints: 6, largest: 0.36 * pilot.scale
    ) { fit in
      let slope = { stretch * fit.slope(at: $0) - line }
      guard
        let field = root(near: centre, of: { excess($0, fit.value(at: $0)) }, slope: slope, in: fit),
        slope(field) > 0
      else { return nil }
      return Candidate(
        value: -shear.internalField(field, fit.value(at: field)), field: field, weight: 1 / slope(field))
    }
    guard let choice, var knee = reading(choice) else { return nil }
    let share = definition.change(0, 1, slope: knee.point.slope, recoilPermeability: permeability)
    knee.row = knee.row.adding(remanence.row, times: share)
    return knee
  }

  /// The measured field where a function of measured field and smoothed response first falls below zero, beyond
  /// H = 0.
  func firstFall(of excess: (Double, Double) -> Double) -> Double? {
    let start = pilot.remanenceField.map { field in branch.firstRow { $0 <= field } } ?? 0
    for index in max(1, start)..<max(1, start, branch.count) {
      let before = excess(branch.field[index - 1], pilot.smooth[index - 1])
      let here = excess(branch.field[index], pilot.smooth[index])
      guard before >= 0, here < 0 else { continue }
      return branch.field[index - 1]
        + before / (before - here) * (branch.field[index] - branch.field[index - 1])
    }
    return nil
  }

  private func maximumPolarisation() -> Reading? {
    guard branch.reachesBack, let tip = branch.field.first else { return nil }
    let choice = choose(
      around: tip, degree: 2, minimumPoints: 15, largest: 0.3 * pilot.scale
    ) { fit in Candidate(value: fit.value(at: tip), field: tip, weight: 1) }
    return choice.flatMap(reading)
  }

  /// Grows the window around a centre and reads a value off the one that bias and noise agree on.
  func choose(
    around centre: Double, degree: Int, minimumPoints: Int, largest: Double,
    _ read: (LocalPolynomial) -> Candidate?
  ) -> Choice? {
    // 15 points keep chance from stopping the windows early, unless they reach over a seventh of the branch.
    let dense = branch.rows(within: 0.15 * pilot.scale, of: centre).count
    let minimumPoints = min(max(dense, 6), minimumPoints)
    let noise = self.noise.standardDeviation(near: centre)
    let smallest = branch.halfWidth(holding: minimumPoints, around: centre)
    guard smallest > 0, smallest.isFinite else { return nil }
    let widest = max(largest, smallest)
    var window = PolynomialWindow(centre: centre, reach: widest)
    // One for each width; nil where nothing could be read.
    var attempts: [(fit: LocalPolynomial, candidate: Candidate)?] = []
    var accepted: Int?
    var (low, high) = (-Double.infinity, Double.infinity)
    var half = smallest
    while half <= widest {
      window.grow(to: branch.rows(within: half, of: centre), x: branch.field, y: branch.response)
      attempts.append(nil)
      if window.range.count >= min(minimumPoints, branch.count),
        let fit = LocalPolynomial(window, halfWidth: half, degree: degree), let candidate = read(fit)
      {
        let spread = 2 * noise * abs(candidate.weight) * fit.weightNorm(at: candidate.field)
        low = max(low, candidate.value - spread)
        high = min(high, candidate.value + spread)
        if low > high { break }
        accepted = attempts.count - 1
        attempts[attempts.count - 1] = (fit, candidate)
      }
      half *= 1.25
    }
    guard let accepted, let last = attempts[accepted] else { return nil }
    let final = max(0, accepted - 2)
    guard let (fit, candidate) = attempts[final] else {
      return Choice(fit: last.fit, candidate: last.candidate, windowChange: 0)
    }
    // What is left of the curve's higher derivatives shows in both directions: in the widest window that noise
    // allows, and in one as much narrower.
    let narrow = attempts[max(0, final - 2)]?.candidate.value ?? candidate.value
    let (up, down) = (candidate.value - last.candidate.value, candidate.value - narrow)
    return Choice(
      fit: fit, candidate: candidate, windowChange: (up * up + down * down).squareRoot(),
      misfit: misfit(of: fit, noise: noise) * abs(candidate.weight))
  }

  /// The scatter about a polynomial beyond the noise, twice.
  ///
  /// A kink narrower than the window biases its middle by about that. Less than the noise itself is what wide windows
  /// leave of any curve, and the change with their width tells it; four standard deviations of chance are granted.
  private func misfit(of fit: LocalPolynomial, noise: Double) -> Double {
    let degrees = Double(max(1, fit.range.count - fit.order))
    let expected = noise * noise
    let found = fit.residualVariance(x: branch.field, y: branch.response)
    guard found > expected * (2 + 4 * (2 / degrees).squareRoot()) else { return 0 }
    return 2 * (found - expected).squareRoot()
  }

  private func reading(_ choice: Choice) -> Reading? {
    let field = choice.candidate.field
    let value = choice.fit.value(at: field)
    guard choice.candidate.value.isFinite, let slope = shear.internalSlope(choice.fit.slope(at: field)) else {
      return nil
    }
    let weights = choice.fit.weights(at: field, abscissas: branch.field)
    return Reading(
      value: choice.candidate.value,
      row: InfluenceRow(start: choice.fit.range.lowerBound, weights: weights)
        .scaled(by: choice.candidate.weight),
      point: CurvePoint(field: shear.internalField(field, value), polarisation: value, slope: slope),
      measuredField: field, windowChange: choice.windowChange, misfit: choice.misfit)
  }

  /// Newton's root of a function of the fitted polynomial; nil when it leaves the window.
  func root(
    near start: Double, of function: (Double) -> Double, slope: (Double) -> Double, in fit: LocalPolynomial
  ) -> Double? {
    var field = start
    for _ in 0..<50 {
      let rise = slope(field)
      guard rise > 0 else { return nil }
      let step = -function(field) / rise
      field += step
      guard abs(field - fit.centre) <= fit.halfWidth else { return nil }
      if abs(step) <= 1e-13 * fit.halfWidth { return field }
    }
    return field
  }
}

/// With fewer samples than this in the middle half of the switching no algorithm finds HcJ to its noise.
let undersamplingLimit = 3.5
