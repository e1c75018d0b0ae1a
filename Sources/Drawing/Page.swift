// SPDX-License-Identifier: GPL-3.0-or-later

/// A place on a page, in points (1/72 inch) from the upper left corner, y downward.
public struct Point: Hashable, Sendable {
  /// To the right, in points.
  public var x: Double
  /// Downward, in points.
  public var y: Double

  /// A place from its coordinates in points; traps when one is not finite.
  public init(_ x: Double, _ y: Double) {
    precondition(x.isFinite && y.isFinite, "a place at (\(x), \(y))")
    self.x = x
    self.y = y
  }
}

/// An opaque colour of the sRGB space, components 0 to 1.
public struct Colour: Hashable, Sendable {
  /// The red part, 0 to 1.
  public let red: Double
  /// The green part, 0 to 1.
  public let green: Double
  /// The blue part, 0 to 1.
  public let blue: Double

  /// A colour from its components, 0 to 1; traps outside.
  public init(red: Double, green: Double, blue: Double) {
    let unit = 0.0...1.0
    precondition(
      unit.contains(red) && unit.contains(green) && unit.contains(blue),
      "a colour (\(red), \(green), \(blue))")
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A grey from 0, black, to 1, white.
  public static func grey(_ level: Double) -> Colour { Colour(red: level, green: level, blue: level) }
  /// Black.
  public static let black = Colour.grey(0)
  /// White.
  public static let white = Colour.grey(1)
}

/// How a line is drawn.
public struct Stroke: Hashable, Sendable {
  /// Its colour.
  public let colour: Colour
  /// Its width, in points.
  public let width: Double
  /// Lengths of strokes and gaps in turn, in points; empty for a solid line.
  public let dashes: [Double]

  /// A stroke from its parts; traps for a width or dash that is not positive and finite.
  public init(_ colour: Colour = .black, width: Double = 0.5, dashes: [Double] = []) {
    precondition(width > 0 && width.isFinite, "a line \(width) points wide")
    precondition(dashes.allSatisfy { $0 > 0 && $0.isFinite }, "dashes of \(dashes) points")
    self.colour = colour
    self.width = width
    self.dashes = dashes
  }
}

/// The face of a text: one sans-serif family in two weights.
public struct TextStyle: Hashable, Sendable {
  /// The font size, in points.
  public let size: Double
  /// Whether the text is bold.
  public let bold: Bool
  /// Its colour.
  public let colour: Colour

  /// A style from its parts; `size` in points; traps when it is not positive and finite.
  public init(size: Double, bold: Bool = false, colour: Colour = .black) {
    precondition(size > 0 && size.isFinite, "text of \(size) points")
    self.size = size
    self.bold = bold
    self.colour = colour
  }
}

/// Which part of a text lies at its anchor.
public enum TextAnchor: Hashable, Sendable {
  /// The upper left corner.
  case topLeft
  /// The middle of the upper edge.
  case top
  /// The upper right corner.
  case topRight
  /// The middle of the left edge.
  case left
  /// The centre.
  case centre
  /// The middle of the right edge.
  case right

  /// The fractions of width and height that lie left of and above the anchor.
  var fractions: (x: Double, y: Double) {
    switch self {
    case .topLeft: (0, 0)
    case .top: (0.5, 0)
    case .topRight: (1, 0)
    case .left: (0, 0.5)
    case .centre: (0.5, 0.5)
    case .right: (1, 0.5)
    }
  }
}

/// A sheet with lines, areas and text, drawn in the order they were added.
///
/// Nothing is drawn until the page is written as PDF, SVG or PNG; only then are fonts looked for.
public struct Page: Hashable, Sendable {
  /// One thing on a page.
  public enum Element: Hashable, Sendable {
    /// A line through places.
    case polyline([Point], Stroke)
    /// A filled area.
    case polygon([Point], Colour)
    /// A text at its anchor; `wrap` is the width of its lines in points, and `upward` is read from below.
    case text(String, Point, TextStyle, TextAnchor, wrap: Double?, upward: Bool)
  }

  /// The width, in points.
  public let width: Double
  /// The height, in points.
  public let height: Double
  /// What is on it, in the order in which it is drawn.
  public private(set) var elements: [Element] = []

  /// An empty page, its sides in points; traps when one is not between 1 and 14400, the largest of PDF.
  public init(width: Double, height: Double) {
    precondition(
      (1...14_400).contains(width) && (1...14_400).contains(height), "a page of \(width) × \(height)")
    self.width = width
    self.height = height
  }

  /// An empty upright ISO A4 page.
  public static let a4 = Page(width: 210 / 25.4 * 72, height: 297 / 25.4 * 72)

  /// An empty upright page of US Letter.
  public static let letter = Page(width: 8.5 * 72, height: 11 * 72)

  /// Draws a straight line.
  public mutating func line(from start: Point, to end: Point, _ stroke: Stroke = Stroke()) {
    elements.append(.polyline([start, end], stroke))
  }

  /// Draws a line through the points; nothing for fewer than two.
  public mutating func polyline(_ points: [Point], _ stroke: Stroke = Stroke()) {
    if points.count > 1 { elements.append(.polyline(points, stroke)) }
  }

  /// Fills the area that the points enclose; nothing for fewer than three.
  public mutating func polygon(_ points: [Point], fill: Colour) {
    if points.count > 2 { elements.append(.polygon(points, fill)) }
  }

  /// Fills an upright rectangle; sides in points.
  public mutating func rectangle(at corner: Point, width: Double, height: Double, fill: Colour) {
    let opposite = Point(corner.x + width, corner.y + height)
    polygon([corner, Point(opposite.x, corner.y), opposite, Point(corner.x, opposite.y)], fill: fill)
  }

  /// Sets a text at an anchor.
  ///
  /// With `wrap`, in points, longer lines are broken at words. `upward` turns the text to be read from
  /// below, about the anchor. A line feed starts a new line.
  public mutating func text(
    _ text: String, at point: Point, _ style: TextStyle, anchor: TextAnchor = .topLeft, wrap: Double? = nil,
    upward: Bool = false
  ) {
    precondition(wrap.map { $0 > 0 && $0.isFinite } ?? true, "text wrapped to \(wrap ?? 0) points")
    elements.append(.text(text, point, style, anchor, wrap: wrap, upward: upward))
  }

  /// Draws everything on another page, moved by the offset in points.
  public mutating func place(_ other: Page, at offset: Point) {
    func moved(_ point: Point) -> Point { Point(point.x + offset.x, point.y + offset.y) }
    elements += other.elements.map { element in
      switch element {
      case .polyline(let points, let stroke): .polyline(points.map(moved), stroke)
      case .polygon(let points, let colour): .polygon(points.map(moved), colour)
      case .text(let text, let point, let style, let anchor, let wrap, let upward):
        .text(text, moved(point), style, anchor, wrap: wrap, upward: upward)
      }
    }
  }
}
