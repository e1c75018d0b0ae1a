// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities

extension ReportedSample {
  /// The demagnetisation curve as text, J solid and B dotted against H; nil when there is none to draw.
  ///
  /// `width` and `height` are in characters, axes and legend included, and at least 30 × 8 is used.
  /// `◆` marks (BH)max on B, `●` marks HcJ. With `ascii` the curves are `*` and `.`, the marks `X` and `O`.
  /// Ends with a line feed; no line ends with a blank.
  public func terminalPlot(
    width: Int = 72, height: Int = 16, units: DisplayUnits = .si, ascii: Bool = false
  ) -> String? {
    guard let quadrant = SecondQuadrant(analysis.curve, units) else { return nil }
    let fluxTicks = AxisTicks(to: quadrant.highestFlux * 1.02, count: max(2, height / 5))
    let labelWidth = fluxTicks.values.reduce(0) { max($0, fluxTicks.label($1).count) }
    // Beside the plot: the axis, a blank and the labels; below: axis, labels, legend.
    let columns = max(24, min(width, 400) - labelWidth - 2)
    let rows = max(5, min(height, 200) - 3)
    let fieldTicks = AxisTicks(to: quadrant.deepestField * 1.02, count: max(2, columns / 12))
    var canvas = TerminalCanvas(
      columns: columns, rows: rows, deepestField: fieldTicks.end, highestFlux: fluxTicks.end, isASCII: ascii)
    canvas.draw(quadrant.polarisation, dotted: false)
    canvas.draw(quadrant.fluxDensity, dotted: true)
    let (pointMark, coercivityMark): (Character, Character) = ascii ? ("X", "O") : ("◆", "●")
    if let point = quadrant.workingPoint { canvas.mark(point, pointMark) }
    let coercivity = estimate(.coercivityHcJ)
    if let coercivity {
      canvas.mark(
        DiagramPoint(field: -DisplayUnit.field(units).value(coercivity.value), flux: 0), coercivityMark)
    }

    let (upright, flat, tick, corner) = ascii ? ("|", "-", "+", "+") : ("│", "─", "┬", "┤")
    var lines: [String] = []
    let labelled = Dictionary(
      fluxTicks.values.map { (canvas.row(flux: $0), fluxTicks.label($0)) }, uniquingKeysWith: { $1 })
    for row in 0..<rows {
      let label = labelled[row].map { (ascii ? "+ " : "├ ") + $0 } ?? upright
      lines.append(canvas.line(row) + label)
    }
    var axis = Array(repeating: flat, count: columns) + [labelled[rows].map { "\(corner) \($0)" } ?? corner]
    var labels = Array(repeating: Character(" "), count: columns + 4)
    for value in fieldTicks.values {
      let column = min(columns, canvas.column(field: -value))
      if column < columns { axis[column] = tick }
      let text = Array(value == 0 ? "0" : (ascii ? "-" : "−") + fieldTicks.label(value))
      let start = max(0, min(column - text.count / 2, labels.count - text.count))
      // A label that would touch its neighbour is left out; its tick stays.
      let near = max(0, start - 1)..<min(labels.count, start + text.count + 1)
      guard labels[near].allSatisfy({ $0 == " " }) else { continue }
      for (offset, character) in text.enumerated() { labels[start + offset] = character }
    }
    lines.append(axis.joined())
    lines.append(String(labels))
    let (fieldUnit, fluxUnit) = (DisplayUnit.field(units).symbol, DisplayUnit.flux(units).symbol)
    var legend =
      ascii
      ? "J * and B . in \(fluxUnit) against H in \(fieldUnit)"
      : "J ── and B ┄┄ in \(fluxUnit) against H in \(fieldUnit)"
    if quadrant.workingPoint != nil { legend += "; \(pointMark) (BH)max" }
    if coercivity != nil { legend += "; \(coercivityMark) HcJ" }
    lines.append(legend)
    return lines.map(withoutTrailingBlanks).joined(separator: "\n") + "\n"
  }
}

private func withoutTrailingBlanks(_ line: String) -> String {
  String(line.reversed().drop { $0 == " " }.reversed())
}

/// A raster of characters: with braille patterns 2 × 4 dots each, in ASCII one.
private struct TerminalCanvas {
  let columns: Int
  let rows: Int
  let deepestField: Double
  let highestFlux: Double
  let isASCII: Bool
  private var dots: [UInt8]
  private var marks: [Int: Character] = [:]

  init(columns: Int, rows: Int, deepestField: Double, highestFlux: Double, isASCII: Bool) {
    self.columns = columns
    self.rows = rows
    self.deepestField = deepestField
    self.highestFlux = highestFlux
    self.isASCII = isASCII
    dots = Array(repeating: 0, count: columns * rows)
  }

  private var dotsAcross: Int { isASCII ? 1 : 2 }
  private var dotsDown: Int { isASCII ? 1 : 4 }

  /// The position in cells from the left and from the top; both axes' zero lies just outside.
  private func place(_ point: DiagramPoint) -> (x: Double, y: Double) {
    (
      max(0, min(1, 1 + point.field / deepestField)) * Double(columns),
      max(0, min(1, 1 - point.flux / highestFlux)) * Double(rows)
    )
  }

  /// The character column of a field; `columns` for zero.
  func column(field: Double) -> Int { Int(place(DiagramPoint(field: field, flux: 0)).x.rounded(.down)) }

  /// The character row of a flux; `rows` for zero.
  func row(flux: Double) -> Int { Int(place(DiagramPoint(field: 0, flux: flux)).y.rounded(.down)) }

  mutating func draw(_ points: [DiagramPoint], dotted: Bool) {
    for (start, end) in zip(points, points.dropFirst()) {
      let (a, b) = (place(start), place(end))
      let (dx, dy) = ((b.x - a.x) * Double(dotsAcross), (b.y - a.y) * Double(dotsDown))
      let steps = max(1, Int(max(abs(dx), abs(dy)).rounded(.up)))
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let x = min(columns * dotsAcross - 1, Int((a.x + share * (b.x - a.x)) * Double(dotsAcross)))
        let y = min(rows * dotsDown - 1, Int((a.y + share * (b.y - a.y)) * Double(dotsDown)))
        set(x, y, dotted: dotted)
      }
    }
  }

  /// Sets one dot; of a dotted line every third, chosen by the raster so that dense data leave gaps too.
  ///
  /// B rises to the right, and x + 2y changes with every step of such a line.
  private mutating func set(_ x: Int, _ y: Int, dotted: Bool) {
    if isASCII {
      let cell = y * columns + x
      dots[cell] = dotted && dots[cell] != 0 ? dots[cell] : (dotted ? 2 : 1)
      return
    }
    if dotted, (x + 2 * y) % 3 != 0 { return }
    let bit: UInt8 =
      switch (x % 2, y % 4) {
      case (0, 0): 0x01
      case (0, 1): 0x02
      case (0, 2): 0x04
      case (1, 0): 0x08
      case (1, 1): 0x10
      case (1, 2): 0x20
      case (0, _): 0x40
      default: 0x80
      }
    dots[y / 4 * columns + x / 2] |= bit
  }

  mutating func mark(_ point: DiagramPoint, _ character: Character) {
    let (x, y) = place(point)
    marks[min(rows - 1, Int(y)) * columns + min(columns - 1, Int(x))] = character
  }

  func line(_ row: Int) -> String {
    var line = ""
    for cell in row * columns..<(row + 1) * columns {
      if let mark = marks[cell] {
        line.append(mark)
      } else if dots[cell] == 0 {
        line.append(" ")
      } else if isASCII {
        line.append(dots[cell] == 1 ? "*" : ".")
      } else {
        line.unicodeScalars.append(Unicode.Scalar(UInt32(0x2800) + UInt32(dots[cell])) ?? " ")
      }
    }
    return line
  }
}
