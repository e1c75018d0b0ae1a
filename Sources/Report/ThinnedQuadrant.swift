// SPDX-License-Identifier: GPL-3.0-or-later

/// The second quadrant of a specimen in few points, to be drawn among many others.
struct ThinnedQuadrant: Sendable {
  /// J against H.
  let polarisation: [DiagramPoint]
  /// B against H.
  let fluxDensity: [DiagramPoint]
  /// The largest −H of the whole curve.
  let deepestField: Double
  /// The largest J or B of the whole curve.
  let highestFlux: Double

  /// The most points of either line.
  static let mostPoints = 120

  init?(_ quadrant: SecondQuadrant?) {
    guard let quadrant else { return nil }
    polarisation = quadrant.polarisation.thinned(to: Self.mostPoints)
    fluxDensity = quadrant.fluxDensity.thinned(to: Self.mostPoints)
    deepestField = quadrant.deepestField
    highestFlux = quadrant.highestFlux
  }
}

extension [DiagramPoint] {
  /// The line in at most so many of its points, first and last among them.
  ///
  /// Points are kept that lie furthest from the line between their neighbours (Douglas and Peucker, Cartographica 10
  /// (1973) 112), first 0.05 % of the extent, less than a pixel, and further where those are too many.
  func thinned(to limit: Int) -> [DiagramPoint] {
    precondition(limit >= 2, "a line of \(limit) points")
    // What the search costs grows with the square of the points in the worst case.
    let step = (count + 1999) / 2000
    let points =
      step < 2 ? self : indices.filter { $0.isMultiple(of: step) || $0 == count - 1 }.map { self[$0] }
    guard points.count > limit else { return points }
    let extent = (
      field: points.map { abs($0.field) }.max() ?? 0, flux: points.map { abs($0.flux) }.max() ?? 0
    )
    guard extent.field > 0, extent.flux > 0 else { return Array(points.prefix(limit - 1)) + points.suffix(1) }
    let places = points.map { (x: $0.field / extent.field, y: $0.flux / extent.flux) }
    var tolerance = 5e-4
    while true {
      let kept = Self.outline(places, tolerance)
      if kept.count <= limit { return kept.map { points[$0] } }
      tolerance *= 1.5
    }
  }

  private static func outline(_ places: [(x: Double, y: Double)], _ tolerance: Double) -> [Int] {
    var isKept = Array<Bool>(repeating: false, count: places.count)
    isKept[0] = true
    isKept[places.count - 1] = true
    var open = [(0, places.count - 1)]
    while let (first, last) = open.popLast() {
      let (a, b) = (places[first], places[last])
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var (furthest, most) = (first, tolerance)
      for index in first + 1..<Swift.max(last, first + 1) {
        let (x, y) = (places[index].x - a.x, places[index].y - a.y)
        let distance = length > 0 ? abs(x * dy - y * dx) / length : (x * x + y * y).squareRoot()
        if distance > most { (furthest, most) = (index, distance) }
      }
      guard furthest > first else { continue }
      isKept[furthest] = true
      open += [(first, furthest), (furthest, last)]
    }
    return isKept.indices.filter { isKept[$0] }
  }
}
