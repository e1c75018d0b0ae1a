// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Drawing
internal import Quantities

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A frame with axes for the second quadrant, drawn part by part: H to the left, J and B upward.
struct Diagram {
  /// The colours of J and of B.
  typealias Colours = (polarisation: Colour, fluxDensity: Colour)
  static let ordinary: Colours = (
    Colour(red: 0.05, green: 0.25, blue: 0.55), Colour(red: 0.75, green: 0.4, blue: 0.1)
  )
  static let standingOut: Colours = (
    Colour(red: 0.65, green: 0, blue: 0.05), Colour(red: 0.65, green: 0, blue: 0.05)
  )
  private static let dashes = [5.0, 2.5]

  private(set) var page: Page
  private let units: DisplayUnits
  private let fieldTicks: AxisTicks
  private let fluxTicks: AxisTicks
  // The frame, in points.
  private let left = 34.0
  private let top = 48.0
  private let right: Double
  private let bottom: Double

  private let small = TextStyle(size: 7)
  private let faint = TextStyle(size: 6.5, colour: .grey(0.45))
  private let ordinaryText = TextStyle(size: 8.5)

  /// Axes that hold the given extremes, in the units shown.
  init(_ page: Page, _ units: DisplayUnits, deepestField: Double, highestFlux: Double) {
    self.page = page
    self.units = units
    right = page.width - 48
    bottom = page.height - 74
    fieldTicks = AxisTicks(to: deepestField * 1.02, count: 8)
    fluxTicks = AxisTicks(to: highestFlux * 1.02, count: 7)
  }

  /// The place of a point; what lies far outside the frame is moved near to it, so that every place is finite.
  private func place(_ point: DiagramPoint) -> Point {
    let across = max(-2, min(2, point.field / fieldTicks.end))
    let upward = max(-2, min(2, point.flux / fluxTicks.end))
    return Point(right + across * (right - left), bottom - upward * (bottom - top))
  }

  mutating func drawFrame(title: String, isInternal: Bool) {
    page.text(title, at: Point((left + right) / 2, 6), TextStyle(size: 11, bold: true), anchor: .top)
    for value in fieldTicks.values {
      let x = place(DiagramPoint(field: -value, flux: 0)).x
      page.line(from: Point(x, top), to: Point(x, bottom), Stroke(.grey(0.87), width: 0.4))
      page.line(from: Point(x, bottom), to: Point(x, bottom + 3), Stroke(width: 0.6))
      page.text(
        value == 0 ? "0" : "−" + fieldTicks.label(value), at: Point(x, bottom + 5), ordinaryText, anchor: .top
      )
    }
    for value in fluxTicks.values {
      let y = place(DiagramPoint(field: 0, flux: value)).y
      page.line(from: Point(left, y), to: Point(right, y), Stroke(.grey(0.87), width: 0.4))
      page.line(from: Point(right, y), to: Point(right + 3, y), Stroke(width: 0.6))
      page.text(fluxTicks.label(value), at: Point(right + 6, y), ordinaryText, anchor: .left)
    }
    let corners = [
      Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top),
    ]
    page.polyline(corners, Stroke(.grey(0.3), width: 0.6))
    page.text(
      "\(isInternal ? "internal field" : "field") H in \(DisplayUnit.field(units).symbol)",
      at: Point((left + right) / 2, bottom + 18), ordinaryText, anchor: .top)
    page.text(
      "J, B in \(DisplayUnit.flux(units).symbol)", at: Point(page.width - 8, (top + bottom) / 2),
      ordinaryText,
      anchor: .centre, upward: true)
  }

  /// Lines of constant −B/(µ0·H), the permeance coefficient of a magnet in its circuit.
  mutating func drawLoadLines() {
    let slope = magneticConstant * DisplayUnit.field(units).factor / DisplayUnit.flux(units).factor
    // Lines closer to an axis than an eighth of the frame would run into each other.
    for coefficient in [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128] {
      let name = shortText(coefficient)
      let steepness = coefficient * slope * fieldTicks.end / fluxTicks.end
      guard (0.125...8).contains(steepness) else { continue }
      let atLeft = coefficient * slope * fieldTicks.end
      let reachesTop = atLeft > fluxTicks.end
      let end = place(
        reachesTop
          ? DiagramPoint(field: -fluxTicks.end / (coefficient * slope), flux: fluxTicks.end)
          : DiagramPoint(field: -fieldTicks.end, flux: atLeft))
      page.line(from: Point(right, bottom), to: end, Stroke(.grey(0.72), width: 0.4, dashes: [1, 2]))
      if reachesTop {
        page.text(name, at: Point(end.x, end.y - 9), faint, anchor: .top)
      } else {
        page.text(name, at: Point(end.x - 3, end.y), faint, anchor: .right)
      }
    }
  }

  mutating func draw(_ quadrant: SecondQuadrant, width: Double, colours: Colours) {
    page.polyline(quadrant.polarisation.map(place), Stroke(colours.polarisation, width: width))
    page.polyline(
      quadrant.fluxDensity.map(place), Stroke(colours.fluxDensity, width: width, dashes: Self.dashes))
  }

  mutating func drawMarks(of sample: ReportedSample, _ quadrant: SecondQuadrant) {
    let field = DisplayUnit.field(units)
    if let point = quadrant.workingPoint {
      let place = place(point)
      dot(at: place, sides: 24, fill: .black)
      page.text("(BH)max", at: Point(place.x + 7, place.y + 6), small, anchor: .left)
    }
    if let knee = sample.estimate(.kneeField), let remanence = sample.estimate(.remanence) {
      let flux = 0.9 * DisplayUnit.flux(units).value(remanence.value)
      let corner = place(DiagramPoint(field: -field.value(knee.value), flux: flux))
      page.line(from: corner, to: Point(right, corner.y), Stroke(.grey(0.35), width: 0.5, dashes: [3, 2]))
      dot(at: corner, sides: 4, fill: .black)
      page.text("Hk at J = 0.9·Br", at: Point(corner.x - 6, corner.y - 6), small, anchor: .right)
    }
    drawCoercivities(of: sample)
  }

  /// Marks HcB and HcJ on the field axis; where their labels would meet, that of HcJ stands above.
  private mutating func drawCoercivities(of sample: ReportedSample) {
    var previous: Double?
    let rows = sample.resultRows(units)
    for characteristic in [Characteristic.coercivityHcB, .coercivityHcJ] {
      guard let estimate = sample.estimate(characteristic),
        let row = rows.first(where: { $0.column == Column(characteristic, units) })
      else { continue }
      let x = place(DiagramPoint(field: -DisplayUnit.field(units).value(estimate.value), flux: 0)).x
      guard x >= left else { continue }
      // Text of 7 points is about 3.9 points a character wide: enough to keep two labels apart.
      let width = 3.9 * Double(row.resultText.count) + 8
      dot(at: Point(x, bottom), sides: 24, fill: .white)
      var (label, anchor) = (Point(x + 6, bottom - 7), TextAnchor.left)
      if label.x + width > right { (label, anchor) = (Point(x - 6, bottom - 7), .right) }
      // Further to the right, because the curves rise from the marks to the right.
      if let previous, x + width > previous { label = Point(previous + 20, bottom - 17) }
      page.text(row.resultText, at: label, small, anchor: anchor)
      previous = x
    }
  }

  /// A regular polygon of 2.4 points radius, with its corner upward and a black outline.
  private mutating func dot(at centre: Point, sides: Int, fill: Colour) {
    let radius = sides == 4 ? 3.2 : 2.4
    let corners = (0...sides).map { index -> Point in
      let angle = 2 * Double.pi * Double(index) / Double(sides)
      return Point(centre.x + radius * sin(angle), centre.y - radius * cos(angle))
    }
    page.polygon(corners, fill: fill)
    page.polyline(corners, Stroke(.black, width: 0.7))
  }

  mutating func drawLegend(hasStandingOut: Bool) {
    var x = left
    let y = top - 18
    func entry(_ label: String, _ symbolWidth: Double, _ draw: (inout Page, Double) -> Void) {
      draw(&page, x)
      page.text(label, at: Point(x + symbolWidth + 4, y), small, anchor: .left)
      x += symbolWidth + 4 + 4.2 * Double(label.count) + 12
    }
    func line(_ colour: Colour, _ width: Double, dashes: [Double]) -> (inout Page, Double) -> Void {
      { $0.line(from: Point($1, y), to: Point($1 + 22, y), Stroke(colour, width: width, dashes: dashes)) }
    }
    entry("J", 22, line(Self.ordinary.polarisation, 1.4, dashes: []))
    entry("B", 22, line(Self.ordinary.fluxDensity, 1.4, dashes: Self.dashes))
    if hasStandingOut { entry("does not conform", 22, line(Self.standingOut.polarisation, 1.4, dashes: [])) }
    entry("load line −B/(µ0·H)", 22, line(.grey(0.55), 0.5, dashes: [1, 2]))
  }

  mutating func drawCaption(_ text: String) {
    page.text(text, at: Point(left, bottom + 36), TextStyle(size: 8), wrap: page.width - left - 12)
  }
}
