// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Drawing
internal import Measurements
internal import Quantities

/// The whole loop: J against H of every sweep, with Br and HcJ marked.
///
/// Falling branches are solid, rising ones dashed, initial curves dotted and recoil loops thin.
enum LoopDiagram {
  /// The diagram on a page of a size in points, or why there is none.
  static func page(
    _ sample: ReportedSample, title: String, units: DisplayUnits, width: Double, height: Double
  ) -> Result<Page, PlotRefusal> {
    let loop = sample.analysis.loop
    let (field, flux) = (DisplayUnit.field(units), DisplayUnit.flux(units))
    guard loop.polarisation.count > 0 else {
      return .failure(PlotRefusal("without the volume there is no polarisation to draw"))
    }
    let rows = loop.sweeps.map { $0.clamped(to: 0..<min(loop.internalField.count, loop.polarisation.count)) }
    let points = zip(loop.internalField.si, loop.polarisation.si).map { (field.value($0), flux.value($1)) }
    // Far above anything physical, far below where the places of points overflow; no number passes as NaN.
    let drawn = rows.joined().map { points[$0] }.filter { abs($0.0) < 1e100 && abs($0.1) < 1e100 }
    let widest = drawn.reduce(0) { max($0, abs($1.0)) } * 1.02
    let highest = drawn.reduce(0) { max($0, abs($1.1)) } * 1.12
    guard drawn.count > 1, widest > 0, highest > 0 else {
      return .failure(PlotRefusal("no sweep has two samples to draw"))
    }
    var axes = Axes(
      Page(width: width, height: height),
      horizontal: Axis(from: -widest, to: widest, count: 10, endsAtNumbers: false),
      vertical: Axis(from: -highest, to: highest, count: 8, endsAtNumbers: false),
      caption: sample.resultWords(units))
    axes.drawFrame(title: title, across: fieldTitle([sample], units), upward: "J in \(flux.symbol)")
    axes.drawZeroLines()
    var styles: [Style] = []
    let sweeps = rows.enumerated().map { place, rows in
      (rows: rows, style: Style(loop.kinds.indices.contains(place) ? loop.kinds[place] : .fragment))
    }
    // What is neither branch nor initial curve lies below them.
    for (sweep, style) in sweeps.filter({ $0.style.isMinor }) + sweeps.filter({ !$0.style.isMinor }) {
      if !styles.contains(style) { styles.append(style) }
      let finite = sweep.filter { abs(points[$0].0) < 1e100 && abs(points[$0].1) < 1e100 }
      axes.page.polyline(
        thinned(finite, to: 1500).map { axes.place(points[$0].0, points[$0].1) }, style.stroke)
    }
    drawMarks(of: sample, units, on: &axes)
    axes.drawLegend(styles.map { (.line($0.stroke), $0.rawValue) })
    return .success(axes.page)
  }

  private static func drawMarks(of sample: ReportedSample, _ units: DisplayUnits, on axes: inout Axes) {
    if let remanence = sample.estimate(.remanence) {
      let value = DisplayUnit.flux(units).value(remanence.value)
      for sign in [1.0, -1] { axes.draw(.circle(fill: .white), at: axes.place(0, sign * value)) }
      // No branch comes to the upper left of Br, and none to the lower left of −HcJ.
      let place = axes.place(0, value)
      let words = sample.words(.remanence, units) ?? "Br"
      axes.page.text(words, at: Point(place.x - 5, place.y - 9), Axes.small, anchor: .right)
    }
    if let coercivity = sample.estimate(.coercivityHcJ) {
      let value = DisplayUnit.field(units).value(coercivity.value)
      for sign in [1.0, -1] { axes.draw(.circle(fill: .white), at: axes.place(sign * value, 0)) }
      let place = axes.place(-value, 0)
      let words = sample.words(.coercivityHcJ, units) ?? "HcJ"
      // Text of 7 points is about 3.9 points a character wide.
      let isRoomy = place.x - 3.9 * Double(words.count) - 5 > axes.left
      axes.page.text(
        words, at: Point(place.x + (isRoomy ? -5 : 8), place.y + (isRoomy ? 9 : -8)), Axes.small,
        anchor: isRoomy ? .right : .left)
    }
  }

  /// How a sweep is drawn; the raw value names it in the legend.
  private enum Style: String {
    case falling = "falling branch"
    case rising = "rising branch"
    case initial = "initial curve"
    case recoil = "recoil"
    case other = "other sweep"

    init(_ kind: Sweep.Kind) {
      switch kind {
      case .descending: self = .falling
      case .ascending: self = .rising
      case .initial: self = .initial
      case .recoil: self = .recoil
      case .fragment: self = .other
      }
    }

    var isMinor: Bool { self == .recoil || self == .other }

    var stroke: Stroke {
      switch self {
      case .falling: Stroke(Colour(red: 0.05, green: 0.25, blue: 0.55), width: 1.3)
      case .rising: Stroke(Colour(red: 0.75, green: 0.4, blue: 0.1), width: 1.3, dashes: [5, 2.5])
      case .initial: Stroke(.black, width: 1.2, dashes: [1.2, 2])
      case .recoil: Stroke(.grey(0.35), width: 0.6)
      case .other: Stroke(.grey(0.6), width: 0.6)
      }
    }
  }
}

/// Every so many elements that about `count` are left, the last one among them.
func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
  let step = max(1, elements.count / max(1, count))
  guard step > 1, let last = elements.last else { return elements }
  return stride(from: 0, to: elements.count - 1, by: step).map { elements[$0] } + [last]
}
