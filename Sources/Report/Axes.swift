// SPDX-License-Identifier: GPL-3.0-or-later
internal import Drawing

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The frame that every diagram has: two axes with numbers and titles, a legend above and a caption below.
struct Axes {
  /// What a legend shows before its words.
  enum Symbol {
    case line(Stroke)
    case area(Colour)
    case mark(Mark)
  }

  /// A small figure at a place.
  enum Mark {
    /// An outlined circle of 2.4 points radius.
    case circle(fill: Colour)
    /// An outlined diamond of 3.2 points half width.
    case diamond
    /// A filled square, for one of many points.
    case square(Colour)
    /// An upright cross, for one of many points.
    case cross(Colour)
  }

  static let small = TextStyle(size: 7)
  static let faint = TextStyle(size: 6.5, colour: .grey(0.45))
  private static let number = TextStyle(size: 8.5)
  private static let captionStyle = TextStyle(size: 8)

  var page: Page
  let horizontal: Axis
  let vertical: Axis
  // The frame, in points.
  let left: Double
  let right: Double
  let top = 48.0
  let bottom: Double
  private let hasNumbersAtRight: Bool
  private let caption: String

  /// A frame that leaves room for a caption; numbers of the vertical axis at the left unless told otherwise.
  init(
    _ page: Page, horizontal: Axis, vertical: Axis, numbersAtRight: Bool = false, caption: String
  ) {
    self.page = page
    self.horizontal = horizontal
    self.vertical = vertical
    hasNumbersAtRight = numbersAtRight
    self.caption = caption
    left = numbersAtRight ? 34 : 54
    right = page.width - (numbersAtRight ? 48 : 20)
    // Text of 8 points is about 4.5 points a character wide and 11 a line high.
    let lines = (4.5 * Double(caption.count) / (page.width - left - 12)).rounded(.up)
    bottom = page.height - min(max(74, 42 + 11 * lines), 0.4 * page.height)
  }

  /// Where a pair of values lies on the page.
  func place(_ x: Double, _ y: Double) -> Point {
    Point(
      left + horizontal.fraction(x) * (right - left), bottom - vertical.fraction(y) * (bottom - top))
  }

  /// The place inside the frame that is nearest to coordinates of the page.
  func clamped(x: Double, y: Double) -> Point {
    Point(min(max(x, left), right), min(max(y, top), bottom))
  }

  /// Grid, numbers, frame, titles and caption.
  mutating func drawFrame(title: String, across: String, upward: String) {
    page.text(title, at: Point((left + right) / 2, 6), TextStyle(size: 11, bold: true), anchor: .top)
    let (fine, grid) = (Stroke(.grey(0.93), width: 0.3), Stroke(.grey(0.87), width: 0.4))
    for value in horizontal.minorTicks {
      let x = place(value, vertical.low).x
      page.line(from: Point(x, top), to: Point(x, bottom), fine)
    }
    for value in vertical.minorTicks {
      let y = place(horizontal.low, value).y
      page.line(from: Point(left, y), to: Point(right, y), fine)
    }
    for tick in horizontal.ticks {
      let x = place(tick.value, vertical.low).x
      page.line(from: Point(x, top), to: Point(x, bottom), grid)
      page.line(from: Point(x, bottom), to: Point(x, bottom + 3), Stroke(width: 0.6))
      page.text(
        tick.value == 0 ? "0" : tick.label, at: Point(x, bottom + 5), Self.number, anchor: .top)
    }
    let edge = hasNumbersAtRight ? right : left
    let outward = hasNumbersAtRight ? 1.0 : -1
    for tick in vertical.ticks {
      let y = place(horizontal.low, tick.value).y
      page.line(from: Point(left, y), to: Point(right, y), grid)
      page.line(from: Point(edge, y), to: Point(edge + 3 * outward, y), Stroke(width: 0.6))
      page.text(
        tick.label, at: Point(edge + 6 * outward, y), Self.number, anchor: hasNumbersAtRight ? .left : .right)
    }
    let corners = [
      Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top),
    ]
    page.polyline(corners, Stroke(.grey(0.3), width: 0.6))
    page.text(across, at: Point((left + right) / 2, bottom + 18), Self.number, anchor: .top)
    page.text(
      upward, at: Point(hasNumbersAtRight ? page.width - 8 : 9, (top + bottom) / 2), Self.number,
      anchor: .centre, upward: true)
    page.text(caption, at: Point(left, bottom + 36), Self.captionStyle, wrap: page.width - left - 12)
  }

  /// The two lines where a value is zero, if they lie inside.
  mutating func drawZeroLines() {
    let stroke = Stroke(.grey(0.45), width: 0.6)
    if horizontal.low < 0, horizontal.high > 0 {
      page.line(from: place(0, vertical.low), to: place(0, vertical.high), stroke)
    }
    if vertical.low < 0, vertical.high > 0 {
      page.line(from: place(horizontal.low, 0), to: place(horizontal.high, 0), stroke)
    }
  }

  mutating func draw(_ mark: Mark, at centre: Point) { Self.draw(mark, at: centre, on: &page) }

  private static func draw(_ mark: Mark, at centre: Point, on page: inout Page) {
    func polygon(sides: Int, radius: Double, fill: Colour) {
      let corners = (0...sides).map { index -> Point in
        let angle = 2 * Double.pi * Double(index) / Double(sides)
        return Point(centre.x + radius * sin(angle), centre.y - radius * cos(angle))
      }
      page.polygon(corners, fill: fill)
      page.polyline(corners, Stroke(.black, width: 0.7))
    }
    switch mark {
    case .circle(let fill): polygon(sides: 24, radius: 2.4, fill: fill)
    case .diamond: polygon(sides: 4, radius: 3.2, fill: .black)
    case .square(let colour):
      page.rectangle(at: Point(centre.x - 0.9, centre.y - 0.9), width: 1.8, height: 1.8, fill: colour)
    case .cross(let colour):
      let stroke = Stroke(colour, width: 0.6)
      page.line(from: Point(centre.x - 1.8, centre.y), to: Point(centre.x + 1.8, centre.y), stroke)
      page.line(from: Point(centre.x, centre.y - 1.8), to: Point(centre.x, centre.y + 1.8), stroke)
    }
  }

  /// Symbols with their words in a line above the frame.
  mutating func drawLegend(_ entries: [(symbol: Symbol, words: String)]) {
    var x = left
    let y = top - 18
    for (symbol, words) in entries {
      var width = 22.0
      switch symbol {
      case .line(let stroke): page.line(from: Point(x, y), to: Point(x + width, y), stroke)
      case .area(let colour):
        page.rectangle(at: Point(x, y - 3.5), width: width, height: 7, fill: colour)
      case .mark(let mark):
        width = 6
        draw(mark, at: Point(x + 3, y))
      }
      page.text(words, at: Point(x + width + 4, y), Self.small, anchor: .left)
      x += width + 4 + 4.2 * Double(words.count) + 12
    }
  }
}
