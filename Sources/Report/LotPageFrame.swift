// SPDX-License-Identifier: GPL-3.0-or-later

/// A diagram of a page of hypertext: two axes with numbers and titles, and what is drawn between them.
///
/// Colours and widths are the style sheet's, by the classes of what is drawn.
struct LotPageFrame {
  enum Anchor: String { case start, middle, end }

  private(set) var drawing = Markup()
  let horizontal: Axis
  let vertical: Axis
  // In pixels, y downward.
  let width: Double
  let height: Double
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  init(
    width: Double = 460, height: Double = 236, top: Double = 12, horizontal: Axis, vertical: Axis,
    numbersAtRight: Bool = false
  ) {
    (self.width, self.height, self.top) = (width, height, top)
    (self.horizontal, self.vertical) = (horizontal, vertical)
    left = numbersAtRight ? 16 : 58
    right = width - (numbersAtRight ? 58 : 14)
    bottom = height - 38
  }

  func x(_ value: Double) -> Double { left + horizontal.fraction(value) * (right - left) }

  func y(_ value: Double) -> Double { bottom - vertical.fraction(value) * (bottom - top) }

  /// Grid, frame, numbers and the titles of the axes.
  mutating func drawFrame(across: String, upward: String, numbersAtRight: Bool = false) {
    for tick in horizontal.ticks {
      line("grid", x(tick.value), top, x(tick.value), bottom)
      text("", tick.value == 0 ? "0" : tick.label, x(tick.value), bottom + 15, .middle)
    }
    let edge = numbersAtRight ? right + 5 : left - 5
    for tick in vertical.ticks {
      line("grid", left, y(tick.value), right, y(tick.value))
      text("", tick.value == 0 ? "0" : tick.label, edge, y(tick.value) + 4, numbersAtRight ? .start : .end)
    }
    polyline(
      "frame", [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    text("soft", across, (left + right) / 2, bottom + 32, .middle)
    let middle = (x: numbersAtRight ? width - 6 : 11, y: (top + bottom) / 2)
    drawing.element(
      "text",
      [
        "class": "soft", "text-anchor": "middle",
        "transform": "translate(\(pixels(middle.x)) \(pixels(middle.y))) rotate(-90)",
      ], upward)
  }

  mutating func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    drawing.empty(
      "line", ["class": kind, "x1": pixels(x1), "y1": pixels(y1), "x2": pixels(x2), "y2": pixels(y2)])
  }

  mutating func polyline(_ kind: String, _ points: [(x: Double, y: Double)]) {
    let places = points.map { "\(pixels($0.x)),\(pixels($0.y))" }.joined(separator: " ")
    drawing.empty("polyline", ["class": kind, "points": places])
  }

  mutating func rectangle(_ kind: String, from x1: Double, _ y1: Double, to x2: Double, _ y2: Double) {
    drawing.empty(
      "rect",
      [
        "class": kind, "x": pixels(min(x1, x2)), "y": pixels(min(y1, y2)), "width": pixels(abs(x2 - x1)),
        "height": pixels(abs(y2 - y1)),
      ])
  }

  mutating func circle(_ kind: String, _ x: Double, _ y: Double, radius: Double) {
    drawing.empty(
      "circle", ["class": kind, "cx": pixels(x), "cy": pixels(y), "r": pixels(radius)])
  }

  /// A diamond with words for who points at it.
  mutating func diamond(_ kind: String, _ x: Double, _ y: Double, words: String) {
    let corners = [(x, y - 5), (x + 4.5, y), (x, y + 5), (x - 4.5, y)]
      .map { "\(pixels($0.0)),\(pixels($0.1))" }
    drawing.element("polygon", ["class": kind, "points": corners.joined(separator: " ")]) {
      $0.element("title", words)
    }
  }

  mutating func text(_ kind: String, _ words: String, _ x: Double, _ y: Double, _ anchor: Anchor) {
    drawing.element(
      "text", ["class": kind, "x": pixels(x), "y": pixels(y), "text-anchor": anchor.rawValue], words)
  }

  /// Words above the frame beside a vertical line, on the side where there is room.
  mutating func label(_ kind: String, _ words: String, at x: Double, row: Int) {
    let isAtLeft = x < (left + right) / 2
    text(kind, words, x + (isAtLeft ? 3 : -3), top - 4 - 12 * Double(row), isAtLeft ? .start : .end)
  }

  /// The drawing as a figure of the page, with a title and a description for who does not see it.
  func write(
    to page: inout Markup, id: String, title: String, description: String, caption: (inout Markup) -> Void
  ) {
    page.element("figure", ["id": id]) { figure in
      figure.element(
        "svg",
        [
          "viewBox": "0 0 \(pixels(width)) \(pixels(height))", "role": "img",
          "aria-labelledby": "\(id)-title \(id)-description",
        ]
      ) { picture in
        picture.element("title", ["id": "\(id)-title"], title)
        picture.element("desc", ["id": "\(id)-description"], description)
        picture.append(drawing)
      }
      figure.element("figcaption") { caption(&$0) }
    }
  }
}

/// A number of pixels with one decimal; what lies far outside of every page is moved near.
private func pixels(_ number: Double) -> String {
  guard !number.isNaN else { return "0" }
  let tenths = Int((10 * max(-1e5, min(1e5, number))).rounded())
  let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
  return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
}
