// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities
internal import Signal

/// Offsets of field and response and the drift of the response, found from both branches of a closed loop and taken
/// out of it.
struct LoopOffsets: Sendable {
  /// What was found; those that were not taken out are 0.
  private(set) var found: MirrorOffsets
  /// The time from the first to the last sample of the branches, in s; in rows when there are no time stamps.
  let duration: Double
  let hasTimes: Bool

  /// The change of the response from the first to the last sample, in its unit.
  var drift: Double { found.drift * duration }

  /// The standard uncertainty of the level of the mapped branches' mean, which the drift shifts by a quarter of
  /// itself; 0 when no drift was taken out.
  var levelUncertainty: Double { 0.25 * duration * found.standardUncertainty(.drift) }

  /// Finds the offsets of a loop and takes out those that are beyond doubt and small; nil when there are none.
  ///
  /// An offset is beyond doubt when it exceeds three times its standard uncertainty: less is noise three hundred
  /// and sixty-nine times in 370, and taking it out would add that noise. It has to exceed 0.01 % of HcJ or J, too, the
  /// floor of the estimators' own uncertainty. It is small up to 1 % of HcJ (twice that
  /// is the difference of the coercivities that speaks against saturation), 2 % of J and 2 % of J from beginning to
  /// end. Larger ones are faults of the measurement or the specimen: nothing is taken out, and a flag says so.
  ///
  /// `curve` makes the course of the mapped branches, a `PooledCurve` unless another is given; the offsets blur it in
  /// second order, so it is made anew from the corrected data until nothing changes.
  static func remove(
    from data: inout ConditionedData, of loop: SeparatedLoop,
    curve: ((MirroredSweeps) -> (any SlopedCurve)?)? = nil
  ) -> LoopOffsets? {
    guard let falling = loop.sweeps.first(where: { $0.kind == .descending })?.rows,
      let rising = loop.sweeps.first(where: { $0.kind == .ascending })?.rows
    else { return nil }
    let (times, hasTimes) = clock(loop.measurement)
    guard
      let sweeps = MirroredSweeps(
        x: data.field, y: data.response, time: times, falling: falling, rising: rising),
      let pooled = PooledCurve(sweeps), let crossing = pooled.crossing(below: 0),
      let firstCurve = curve.map({ $0(sweeps) }) ?? pooled
    else { return nil }
    let makeCurve = curve ?? { PooledCurve($0) }
    let top = data.response.reduce(0) { max($0, abs($1)) }
    // Without a common tip at beginning and end a drift cannot be told from the way the loop goes.
    let (first, last) = (
      min(falling.lowerBound, rising.lowerBound), max(falling.upperBound, rising.upperBound) - 1
    )
    let reach = data.field.reduce(0) { max($0, abs($1)) }
    let closes = abs(data.field[first] - data.field[last]) < 0.02 * reach
    var wanted: Set<MirrorOffsets.Parameter> =
      closes ? [.abscissa, .ordinate, .drift] : [.abscissa, .ordinate]
    while !wanted.isEmpty {
      guard let found = settled(sweeps, wanted, leastNoise: 1e-6 * top, from: firstCurve, makeCurve) else {
        return nil
      }
      // Less than the floor of the estimators' own uncertainty is not worth a correction.
      let least: [MirrorOffsets.Parameter: Double] = [
        .abscissa: 1e-4 * abs(crossing), .ordinate: 1e-4 * top,
        .drift: 1e-4 * top / max(sweeps.duration, .leastNormalMagnitude),
      ]
      // Slow noise looks like offsets and drift, and how slow it is one loop hardly tells.
      let clearly = found.slowness > 1.5 ? 5.0 : 3.0
      let clear = wanted.filter {
        abs(found[$0]) > max(clearly * found.standardUncertainty($0), least[$0] ?? 0)
      }
      guard clear == wanted else {
        wanted = clear
        continue
      }
      let offsets = LoopOffsets(found: found, duration: sweeps.duration, hasTimes: hasTimes)
      let isSmall =
        abs(found.abscissa) <= 0.01 * abs(crossing) && abs(found.ordinate) <= 0.02 * top
        && abs(offsets.drift) <= 0.02 * top
      guard isSmall else {
        data.flags.append(Flag(.asymmetric, offsets.warning(data)))
        return nil
      }
      for row in data.field.indices {
        data.field[row] -= found.abscissa
        data.response[row] -= found.ordinate + found.drift * (times[row] - sweeps.middleTime)
      }
      offsets.record(wanted, in: &data)
      return offsets
    }
    return nil
  }

  /// The offsets when the curve no longer changes with them.
  private static func settled(
    _ sweeps: MirroredSweeps, _ wanted: Set<MirrorOffsets.Parameter>, leastNoise: Double,
    from first: any SlopedCurve, _ curve: (MirroredSweeps) -> (any SlopedCurve)?
  ) -> MirrorOffsets? {
    var sum: MirrorOffsets?
    var rest = sweeps
    for round in 0..<5 {
      guard let curve = round == 0 ? first : curve(rest),
        let found = MirrorOffsets(of: rest, about: curve, fitting: wanted, leastNoise: leastNoise)
      else { return nil }
      sum = sum.map(found.adding) ?? found
      let isSettled = wanted.allSatisfy { abs(found[$0]) <= 0.1 * found.standardUncertainty($0) }
      // What is lost in noise need not be found more exactly.
      let isNothing = wanted.allSatisfy { abs(found[$0]) <= 2 * found.standardUncertainty($0) }
      if isSettled || isNothing { break }
      rest = rest.without(found)
    }
    return sum
  }

  /// The time stamps, or the numbers of the rows when there are none or they do not rise.
  private static func clock(_ measurement: LoopMeasurement) -> (times: [Double], isTime: Bool) {
    if let times = measurement.time?.si, let first = times.first, let last = times.last, last > first,
      times.allSatisfy(\.isFinite), zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 })
    {
      return (times, true)
    }
    return ((0..<measurement.count).map(Double.init), false)
  }

  private func record(_ parameters: Set<MirrorOffsets.Parameter>, in data: inout ConditionedData) {
    let unit: SIUnit = data.hasPolarisation ? .tesla : .ampereSquareMetre
    let (u, v) = (found.standardUncertainty(.abscissa), found.standardUncertainty(.ordinate))
    var centring: [AppliedCorrection.Parameter] = []
    var words: [String] = []
    if parameters.contains(.abscissa) {
      centring += [
        .init("fieldOffset", found.abscissa, .amperePerMetre),
        .init("fieldOffsetUncertainty", u, .amperePerMetre),
      ]
      words.append("\(significant(found.abscissa / 1000)) ± \(significant(2 * u / 1000)) kA/m of field")
    }
    if parameters.contains(.ordinate) {
      centring += [
        .init("responseOffset", found.ordinate, unit), .init("responseOffsetUncertainty", v, unit),
      ]
      words.append("\(response(found.ordinate, data)) ± \(response(2 * v, data)) of the response")
    }
    if !centring.isEmpty {
      data.corrections.append(AppliedCorrection(id: "centring", parameters: centring))
      data.flags.append(
        Flag(
          .centred,
          "offsets of \(words.joined(separator: " and ")) were taken out; they are seen as the difference of the "
            + "two branches"))
    }
    guard parameters.contains(.drift) else { return }
    data.corrections.append(
      AppliedCorrection(
        id: "drift-correction",
        parameters: [
          .init("drift", drift, unit),
          .init("driftUncertainty", duration * found.standardUncertainty(.drift), unit),
          .init("duration", duration, hasTimes ? .second : .one),
        ]))
    let clock = hasTimes ? "steady in time" : "steady from row to row, because the file has no times"
    data.flags.append(
      Flag(
        .driftCorrected,
        "a drift of the response by \(response(drift, data)) ± "
          + "\(response(2 * duration * found.standardUncertainty(.drift), data)) from beginning to end, \(clock), "
          + "was taken out"))
  }

  private func warning(_ data: ConditionedData) -> String {
    "the two branches are displaced by \(significant(found.abscissa / 1000)) kA/m of field and "
      + "\(response(found.ordinate, data)) of the response, and drift by \(response(drift, data)): too much to "
      + "take out; the difference is carried as uncertainty"
  }

  private func response(_ value: Double, _ data: ConditionedData) -> String {
    data.hasPolarisation ? "\(significant(1000 * value)) mT" : "\(significant(value)) A·m²"
  }

  /// The lines that the offsets' own uncertainties add to a budget; `remanence` in the unit of the response.
  func budgetLines(remanence: Double) -> [TypeBBudget.Line] {
    let degrees = found.degreesOfFreedom
    return [
      TypeBBudget.Line(
        id: "centring-field", title: "field offset that was taken out", input: .fieldOffset,
        standardUncertainty: found.standardUncertainty(.abscissa), degreesOfFreedom: degrees,
        evaluation: .typeA),
      TypeBBudget.Line(
        id: "centring-response", title: "offset of the response that was taken out",
        input: .polarisationOffset,
        standardUncertainty: found.standardUncertainty(.ordinate) / abs(remanence), degreesOfFreedom: degrees,
        evaluation: .typeA),
      TypeBBudget.Line(
        id: "drift", title: "drift that was taken out", input: .loopLevel,
        standardUncertainty: levelUncertainty / abs(remanence), degreesOfFreedom: degrees,
        evaluation: .typeA),
    ].filter { $0.standardUncertainty > 0 && $0.standardUncertainty.isFinite }
  }
}

extension MirrorOffsets {
  /// These offsets, found after others were taken out, and those.
  func adding(_ earlier: MirrorOffsets) -> MirrorOffsets {
    MirrorOffsets(
      values: zip(values, earlier.values).map { $0 + $1 }, covariance: covariance,
      degreesOfFreedom: degreesOfFreedom, slowness: slowness)
  }
}

/// A number with three significant digits.
private func significant(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  var scale = 1.0
  while abs(value) * scale < 100, scale < 1e12 { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}
