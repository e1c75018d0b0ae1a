// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Drawing
internal import Quantities

/// The second quadrant of one specimen or of a lot on top of each other: H to the left, J and B upward.
///
/// J is solid and B dashed, so that the diagram can be read in grey. One specimen has its uncertainty as a band behind
/// the curves where it is known, and its (BH)max, Hk, HcB and HcJ marked; a lot has the specimens that do not conform
/// drawn darker and thicker, on top.
struct Diagram {
  /// The colours of J and of B.
  private typealias Colours = (polarisation: Colour, fluxDensity: Colour)
  private static let ordinary: Colours = (
    Colour(red: 0.05, green: 0.25, blue: 0.55), Colour(red: 0.75, green: 0.4, blue: 0.1)
  )
  private static let standingOut: Colours = (
    Colour(red: 0.65, green: 0, blue: 0.05), Colour(red: 0.65, green: 0, blue: 0.05)
  )
  private static let dashes = [5.0, 2.5]
  private static let band = Colour.grey(0.82)

  private var axes: Axes
  private let units: DisplayUnits

  /// The diagram on a page of a size in points; nil when no specimen has a curve in the second quadrant.
  static func page(
    _ samples: [ReportedSample], title: String?, units: DisplayUnits, width: Double, height: Double
  ) -> Page? {
    let curves = samples.compactMap { sample in
      SecondQuadrant(sample.analysis.curve, units).map { (sample: sample, quadrant: $0) }
    }
    guard let first = curves.first else { return nil }
    let single = curves.count == 1
    var caption = printable(LotSummary(lot: nil, samples: curves.map(\.sample)).words)
    if single {
      caption = [first.sample.resultWords(units), first.sample.bandWords(units)].filter { !$0.isEmpty }
        .joined(separator: "; ")
    }
    var diagram = Diagram(
      Page(width: width, height: height), units,
      deepestField: curves.reduce(0) { max($0, $1.quadrant.deepestField) },
      highestFlux: curves.reduce(0) { max($0, $1.quadrant.highestFlux) }, caption: caption)
    diagram.axes.drawFrame(
      title: printable(
        title ?? (single ? "Demagnetisation curve of \(first.sample.name)" : "Demagnetisation curves")),
      across: fieldTitle(curves.map(\.sample), units), upward: "J, B in \(DisplayUnit.flux(units).symbol)")
    let ordinaryWidth = single ? 1.4 : 0.6
    var legend: [(Axes.Symbol, String)] = [
      (.line(Stroke(ordinary.polarisation, width: ordinaryWidth)), "J"),
      (.line(Stroke(ordinary.fluxDensity, width: ordinaryWidth, dashes: dashes)), "B"),
    ]
    if single, case .known(let band) = first.sample.analysis.details?.band {
      diagram.draw(band)
      legend.append((.area(Self.band), "expanded uncertainty"))
    }
    diagram.drawLoadLines()
    let isGood = { (sample: ReportedSample) in sample.verdict.map { $0.result.conforms } ?? true }
    for curve in curves where isGood(curve.sample) {
      diagram.draw(curve.quadrant, width: ordinaryWidth, colours: ordinary)
    }
    for curve in curves where !isGood(curve.sample) {
      diagram.draw(curve.quadrant, width: 1.4, colours: single ? ordinary : standingOut)
    }
    if single { diagram.drawMarks(of: first.sample, first.quadrant) }
    if !single, curves.contains(where: { !isGood($0.sample) }) {
      legend.append((.line(Stroke(standingOut.polarisation, width: 1.4)), "does not conform"))
    }
    legend.append((.line(Stroke(.grey(0.55), width: 0.5, dashes: [1, 2])), "load line −B/(µ0·H)"))
    diagram.axes.drawLegend(legend)
    return diagram.axes.page
  }

  /// Axes that hold the given extremes, in the units shown.
  private init(
    _ page: Page, _ units: DisplayUnits, deepestField: Double, highestFlux: Double, caption: String
  ) {
    self.units = units
    axes = Axes(
      page, horizontal: Axis(from: -deepestField * 1.02, to: 0, count: 8),
      vertical: Axis(from: 0, to: highestFlux * 1.02, count: 7), numbersAtRight: true, caption: caption)
  }

  private func place(_ point: DiagramPoint) -> Point { axes.place(point.field, point.flux) }

  /// The area between J − U and J + U, and the same about B, as far as the frame reaches.
  ///
  /// Its edges lie across the curve, not above and below: where the curve bends, an error of a steep part
  /// moves it sideways. On a straight line both are the same.
  private mutating func draw(_ band: CurveBand) {
    let (field, flux) = (DisplayUnit.field(units), DisplayUnit.flux(units))
    for permeability in [0, magneticConstant] {
      let centres = zip(band.internalField.si, band.polarisation.si).map { h, j in
        axes.place(field.value(h), flux.value(j + permeability * h))
      }
      let perFlux = (axes.bottom - axes.top) / (axes.vertical.high - axes.vertical.low)
      func edge(_ sign: Double) -> [Point] {
        centres.indices.compactMap { row in
          let (before, after) = (centres[max(0, row - 1)], centres[min(centres.count - 1, row + 1)])
          let (across, down) = (after.x - before.x, after.y - before.y)
          let square = across * across + down * down
          let height = sign * perFlux * flux.value(band.expandedUncertainty[row])
          guard square > 0, height.isFinite else { return nil }
          // The component of the upward step `height` at right angles to the curve.
          let share = height * across / square
          return axes.clamped(x: centres[row].x + share * down, y: centres[row].y - share * across)
        }
      }
      axes.page.polygon(edge(1) + edge(-1).reversed(), fill: Self.band)
    }
  }

  /// Lines of constant −B/(µ0·H), the permeance coefficient of a magnet in its circuit.
  private mutating func drawLoadLines() {
    let slope = magneticConstant * DisplayUnit.field(units).factor / DisplayUnit.flux(units).factor
    let (deepest, highest) = (-axes.horizontal.low, axes.vertical.high)
    // Lines closer to an axis than an eighth of the frame would run into each other.
    for coefficient in [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128] {
      let name = shortText(coefficient)
      let atLeft = coefficient * slope * deepest
      guard (0.125...8).contains(atLeft / highest) else { continue }
      let reachesTop = atLeft > highest
      let end = place(
        reachesTop
          ? DiagramPoint(field: -highest / (coefficient * slope), flux: highest)
          : DiagramPoint(field: -deepest, flux: atLeft))
      axes.page.line(
        from: Point(axes.right, axes.bottom), to: end, Stroke(.grey(0.72), width: 0.4, dashes: [1, 2]))
      if reachesTop {
        axes.page.text(name, at: Point(end.x, end.y - 9), Axes.faint, anchor: .top)
      } else {
        axes.page.text(name, at: Point(end.x - 3, end.y), Axes.faint, anchor: .right)
      }
    }
  }

  private mutating func draw(_ quadrant: SecondQuadrant, width: Double, colours: Colours) {
    axes.page.polyline(quadrant.polarisation.map(place), Stroke(colours.polarisation, width: width))
    axes.page.polyline(
      quadrant.fluxDensity.map(place), Stroke(colours.fluxDensity, width: width, dashes: Self.dashes))
  }

  private mutating func drawMarks(of sample: ReportedSample, _ quadrant: SecondQuadrant) {
    let field = DisplayUnit.field(units)
    if let point = quadrant.workingPoint {
      let place = place(point)
      axes.draw(.circle(fill: .black), at: place)
      axes.page.text("(BH)max", at: Point(place.x + 7, place.y + 6), Axes.small, anchor: .left)
    }
    if let knee = sample.estimate(.kneeField), let remanence = sample.estimate(.remanence) {
      let flux = 0.9 * DisplayUnit.flux(units).value(remanence.value)
      let corner = place(DiagramPoint(field: -field.value(knee.value), flux: flux))
      axes.page.line(
        from: corner, to: Point(axes.right, corner.y), Stroke(.grey(0.35), width: 0.5, dashes: [3, 2]))
      axes.draw(.diamond, at: corner)
      axes.page.text("Hk at J = 0.9·Br", at: Point(corner.x - 6, corner.y - 6), Axes.small, anchor: .right)
    }
    drawCoercivities(of: sample)
  }

  /// Marks HcB and HcJ on the field axis; where their labels would meet, that of HcJ stands above.
  private mutating func drawCoercivities(of sample: ReportedSample) {
    var previous: Double?
    for characteristic in [Characteristic.coercivityHcB, .coercivityHcJ] {
      guard let estimate = sample.estimate(characteristic), let words = sample.words(characteristic, units)
      else { continue }
      let x = place(DiagramPoint(field: -DisplayUnit.field(units).value(estimate.value), flux: 0)).x
      guard x >= axes.left else { continue }
      // Text of 7 points is about 3.9 points a character wide: enough to keep two labels apart.
      let width = 3.9 * Double(words.count) + 8
      let bottom = axes.bottom
      axes.draw(.circle(fill: .white), at: Point(x, bottom))
      var (label, anchor) = (Point(x + 6, bottom - 7), TextAnchor.left)
      if label.x + width > axes.right { (label, anchor) = (Point(x - 6, bottom - 7), .right) }
      // Further to the right, because the curves rise from the marks to the right.
      if let previous, x + width > previous { label = Point(previous + 20, bottom - 17) }
      axes.page.text(words, at: label, Axes.small, anchor: anchor)
      previous = x
    }
  }
}

/// The title of a field axis.
func fieldTitle(_ samples: [ReportedSample], _ units: DisplayUnits) -> String {
  let isInternal = samples.allSatisfy { $0.analysis.conditions.fieldIsInternal }
  return "\(isInternal ? "internal field" : "field") H in \(DisplayUnit.field(units).symbol)"
}

extension ReportedSample {
  /// The results as one text, such as `Br = 1.312 ± 0.016 T;  HcJ = 1624 ± 16 kA/m`.
  func resultWords(_ units: DisplayUnits) -> String {
    // Blanks inside a result must not end a line.
    let results = resultRows(units).filter { !$0.isContinuation && $0.value != "–" }
      .map { $0.resultText.map { $0 == " " ? "\u{A0}" : String($0) }.joined() }
    let probability = results.isEmpty ? "" : "  (coverage \(coverageWords))"
    return results.joined(separator: ";  ") + probability
  }

  /// One result, such as `Br = 1.312 ± 0.016 T`; nil when it is not among those that are shown.
  func words(_ characteristic: Characteristic, _ units: DisplayUnits) -> String? {
    resultRows(units).first { $0.column == Column(characteristic, units) }?.resultText
  }

  /// How wide the band of uncertainty is, for it may be narrower than a line, or why there is none.
  fileprivate func bandWords(_ units: DisplayUnits) -> String {
    guard let details = analysis.details else { return "" }
    let band: CurveBand
    switch details.band {
    case .absent(let reason): return "no band of uncertainty: \(reason)"
    case .known(let known): band = known
    }
    let flux = DisplayUnit.flux(units)
    var places = [("H = 0", 0.0)]
    if let knee = estimate(.kneeField) {
      places.append(("H = −Hk", -knee.value))
    } else if let coercivity = estimate(.coercivityHcB) {
      places.append(("H = −HcB", -coercivity.value))
    }
    let widths = places.compactMap { name, field -> String? in
      guard let value = band.expandedUncertainty(at: field) else { return nil }
      let shown = RoundedResult(flux.value(value), uncertainty: flux.value(value))
      return "\(shown.uncertainty ?? shown.value)\u{A0}\(flux.symbol) at \(name)"
    }
    return "expanded uncertainty of J and B at fixed H: " + widths.joined(separator: ", ")
  }
}

extension ResultRow {
  /// The result as a sum, such as `Br = 1.312 ± 0.016 T`.
  var resultText: String {
    let sign = value.hasPrefix(">") ? "" : "= "
    return [column.symbol, sign + value, uncertainty, column.unit.symbol].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}
