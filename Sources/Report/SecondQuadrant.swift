// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities

/// Round numbers along an axis that starts or ends at zero.
struct AxisTicks: Hashable, Sendable {
  /// The distance of two ticks: 1, 2 or 5 times a power of ten.
  let step: Double
  /// The first multiple of `step` that is not below the data.
  let end: Double
  /// How many decimals the labels need.
  let decimals: Int

  /// At most about `count` steps from zero to at least `maximum`; one step of 1 for a maximum not above zero.
  init(to maximum: Double, count: Int) {
    guard maximum > 0, maximum.isFinite, maximum > 1e-200, maximum < 1e200 else {
      (step, end, decimals) = (1, 1, 0)
      return
    }
    let rough = maximum / Double(max(1, count))
    var exponent = Decimal(rough).leadingExponent
    let power = AxisTicks.power(exponent)
    let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    if factor == 10 { exponent += 1 }
    step = factor * power
    end = (maximum / step * (1 - 1e-9)).rounded(.up) * step
    decimals = max(0, -exponent)
  }

  private static func power(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<exponent.magnitude { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }

  /// The ticks from zero to the end.
  var values: [Double] { (0...max(1, Int((end / step).rounded()))).map { Double($0) * step } }

  /// A tick's label.
  func label(_ value: Double) -> String { Decimal(value).text(to: -decimals) }
}

/// A place of a diagram in the units shown: field to the right, J or B upward.
struct DiagramPoint: Hashable, Sendable {
  var field: Double
  var flux: Double
}

/// The second quadrant of a demagnetisation curve, as a reader sees it.
struct SecondQuadrant: Hashable, Sendable {
  /// J against H with H ≤ 0 and J ≥ 0.
  let polarisation: [DiagramPoint]
  /// B against H with H ≤ 0 and B ≥ 0.
  let fluxDensity: [DiagramPoint]
  /// Where −B·H of the drawn line is largest; a mark, the value itself is the estimate's.
  let workingPoint: DiagramPoint?
  /// The largest −H drawn.
  let deepestField: Double
  /// The largest J or B drawn.
  let highestFlux: Double

  /// The part of a curve that can be drawn; nil when fewer than two points lie in the second quadrant.
  init?(_ curve: DemagnetisationCurve, _ units: DisplayUnits) {
    let (field, flux) = (DisplayUnit.field(units), DisplayUnit.flux(units))
    var polarisation: [DiagramPoint] = []
    var fluxDensity: [DiagramPoint] = []
    // Far above anything physical, far below where products of two numbers overflow; no number passes as NaN.
    let bound = 1e100
    for (h, j) in zip(curve.internalField.si, curve.polarisation.si) where abs(h) < bound && abs(j) < bound {
      polarisation.append(DiagramPoint(field: field.value(h), flux: flux.value(j)))
      fluxDensity.append(DiagramPoint(field: field.value(h), flux: flux.value(j + magneticConstant * h)))
    }
    let (j, b) = (Self.clipped(polarisation), Self.clipped(fluxDensity))
    guard j.count > 1 else { return nil }
    self.polarisation = j
    self.fluxDensity = b
    workingPoint = Self.maximumProduct(b)
    deepestField = j.reduce(0) { max($0, -$1.field) }
    highestFlux = (j + b).reduce(0) { max($0, $1.flux) }
  }

  /// The part of a line with H ≤ 0 and flux ≥ 0, cut where it crosses the axes.
  private static func clipped(_ points: [DiagramPoint]) -> [DiagramPoint] {
    func crossing(_ a: DiagramPoint, _ b: DiagramPoint, _ share: Double) -> DiagramPoint {
      DiagramPoint(
        field: min(0, a.field + share * (b.field - a.field)), flux: max(0, a.flux + share * (b.flux - a.flux))
      )
    }
    func isInside(_ point: DiagramPoint) -> Bool { point.field <= 0 && point.flux >= 0 }
    var result: [DiagramPoint] = []
    var previous: DiagramPoint?
    for point in points {
      if let a = previous {
        var cuts: [Double] = []
        if (a.field > 0) != (point.field > 0) { cuts.append(a.field / (a.field - point.field)) }
        if (a.flux < 0) != (point.flux < 0) { cuts.append(a.flux / (a.flux - point.flux)) }
        for share in cuts.sorted() {
          let cut = DiagramPoint(
            field: a.field + share * (point.field - a.field), flux: a.flux + share * (point.flux - a.flux))
          // A crossing of one axis beyond the other is no part of the quadrant; 1e-9 is far below a pixel.
          let slack = 1e-9 * (abs(cut.field) + abs(cut.flux))
          if cut.field <= slack, cut.flux >= -slack { result.append(crossing(a, point, share)) }
        }
      }
      if isInside(point) { result.append(point) }
      previous = point
    }
    return result
  }

  /// The point of a polyline where −flux·field is largest: on each segment the product is a parabola.
  private static func maximumProduct(_ points: [DiagramPoint]) -> DiagramPoint? {
    var best: DiagramPoint?
    for (a, b) in zip(points, points.dropFirst()) {
      let (df, dj) = (b.field - a.field, b.flux - a.flux)
      var shares = [0.0, 1.0]
      if df * dj != 0 {
        let share = -(a.field * dj + a.flux * df) / (2 * df * dj)
        if (0.0...1.0).contains(share) { shares.append(share) }
      }
      for share in shares {
        let point = DiagramPoint(field: a.field + share * df, flux: a.flux + share * dj)
        if -point.field * point.flux > best.map({ -$0.field * $0.flux }) ?? 0 { best = point }
      }
    }
    return best
  }
}
