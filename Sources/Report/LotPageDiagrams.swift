// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import LotStatistics

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension LotPage {
  /// For each characteristic its distribution, and its values in the order of production.
  func writeDiagrams(_ page: inout Markup) {
    for characteristic in shown {
      guard let series = series[characteristic] else { continue }
      let column = Column(characteristic, units)
      page.element("h2", column.symbol + ", " + column.title)
      page.element("div", ["class": "diagrams"]) { pair in
        Distribution(self, characteristic, series).write(to: &pair)
        ProductionChart(column, id: "chart-\(characteristic.rawValue)", series).write(to: &pair)
      }
    }
  }
}

/// How the values of a characteristic are distributed, beside its limits.
private struct Distribution {
  private let column: Column
  private let id: String
  /// In the unit shown, as all numbers below.
  private let values: [Double]
  private let statistics: LotCharacteristic?
  private let lower: Double?
  private let upper: Double?
  private let bars: Bars

  init(_ page: LotPage, _ characteristic: Characteristic, _ series: LotSeries) {
    column = Column(characteristic, page.units)
    id = "distribution-\(characteristic.rawValue)"
    values = series.values.map(column.unit.value)
    statistics = page.statistics(of: characteristic)
    let limits = page.limits(of: characteristic)
    lower = limits?.lower.map(column.unit.value)
    upper = limits?.upper.map(column.unit.value)
    bars = Bars(values)
  }

  private func number(_ value: Double) -> String { shortText(value, significant: 5) }

  private func inUnit(_ si: Double) -> String { number(column.unit.value(si)) }

  /// Limits inside the diagram: far away they would press all values into one bar.
  private var nearLimits: [Double] {
    let extent = bars.high - bars.low
    return [lower, upper].compactMap(\.self).filter {
      $0 > bars.low - 6 * extent && $0 < bars.high + 6 * extent
    }
  }

  func write(to page: inout Markup) {
    let ends = [statistics?.tolerance?.lower, statistics?.tolerance?.upper].compactMap {
      $0.map(column.unit.value)
    }
    let marked = nearLimits + ends + [bars.low, bars.high]
    let (least, most) = (marked.min() ?? 0, marked.max() ?? 1)
    let margin = 0.03 * (most - least)
    let normal = normal
    let highest = max(Double(bars.counts.max() ?? 1), min(normal?.height ?? 0, 2 * Double(values.count)))
    var frame = LotPageFrame(
      top: 48, horizontal: Axis(from: least - margin, to: most + margin, count: 7, endsAtNumbers: false),
      vertical: Axis(from: 0, to: highest, count: max(1, min(5, Int(highest)))))
    frame.drawFrame(across: column.headingWithUnit, upward: "pieces")
    if let lower, lower > frame.horizontal.low {
      frame.rectangle(
        "outside", from: frame.left, frame.top, to: frame.x(min(lower, frame.horizontal.high)), frame.bottom)
    }
    if let upper, upper < frame.horizontal.high {
      frame.rectangle(
        "outside", from: frame.x(max(upper, frame.horizontal.low)), frame.top, to: frame.right, frame.bottom)
    }
    for (index, count) in bars.counts.enumerated() where count > 0 {
      let start = bars.low + Double(index) * bars.width
      frame.rectangle(
        "bar", from: frame.x(start), frame.bottom, to: frame.x(start + bars.width), frame.y(Double(count)))
    }
    if let normal { draw(normal, &frame) }
    for (limit, sign) in [(lower, "≥"), (upper, "≤")] {
      if let limit, nearLimits.contains(limit) {
        mark("limit", limit, "limit \(sign) \(number(limit))", row: 0, &frame)
      }
    }
    for end in ends { mark("tolerance", end, "95/95 \(number(end))", row: 1, &frame) }
    if let statistics {
      mark("mean", column.unit.value(statistics.mean), "mean \(inUnit(statistics.mean))", row: 2, &frame)
    }
    frame.write(
      to: &page, id: id, title: "Distribution of \(column.symbol)", description: words
    ) { $0.text(words) }
  }

  private func mark(_ kind: String, _ value: Double, _ words: String, row: Int, _ frame: inout LotPageFrame) {
    let x = frame.x(value)
    frame.line(kind, x, frame.top - 4 - 12 * Double(row), x, frame.bottom)
    frame.label(kind, words, at: x, row: row)
  }

  /// The normal distribution with the mean and the spread of the values, as high as their bars; nil without any spread.
  private var normal: (mean: Double, deviation: Double, height: Double)? {
    guard let statistics, statistics.standardDeviation > 0 else { return nil }
    let deviation = column.unit.value(statistics.standardDeviation)
    let height = Double(values.count) * bars.width / (deviation * (2 * Double.pi).squareRoot())
    return height.isFinite ? (column.unit.value(statistics.mean), deviation, height) : nil
  }

  private func draw(_ normal: (mean: Double, deviation: Double, height: Double), _ frame: inout LotPageFrame)
  {
    let axis = frame.horizontal
    let points = (0...120).map { step -> (x: Double, y: Double) in
      let value = axis.low + Double(step) / 120 * (axis.high - axis.low)
      let distance = (value - normal.mean) / normal.deviation
      return (frame.x(value), max(frame.top, frame.y(normal.height * exp(-0.5 * distance * distance))))
    }
    frame.polyline("normal", points)
  }

  /// What the diagram says, in words.
  private var words: String {
    var parts = ["\(column.headingWithUnit): \(values.count == 1 ? "1 value" : "\(values.count) values")"]
    if let statistics {
      parts.append(
        "mean \(inUnit(statistics.mean)), s = "
          + shortText(column.unit.value(statistics.standardDeviation), significant: 3))
      if let index = statistics.capability?.ppk {
        parts.append(
          "Ppk = \(shortText(index.value, significant: 3)) (95 % CI \(shortText(index.lower, significant: 3)) to "
            + "\(shortText(index.upper, significant: 3)))")
      } else if statistics.standardDeviation == 0 {
        parts.append("the values do not vary")
      }
    } else if let only = values.first, values.count == 1 {
      parts.append(number(only))
    }
    for (limit, sign, word) in [(lower, "≥", "below"), (upper, "≤", "above")] {
      guard let limit else { continue }
      let beyond = values.count { word == "below" ? $0 < limit : $0 > limit }
      parts.append(
        "limit \(sign) \(number(limit))"
          + (nearLimits.contains(limit) ? "" : " beyond the edge of the diagram")
          + ", \(beyond) \(word) it")
    }
    if bars.width > 0, statistics != nil { parts.append("bars of \(number(bars.width))") }
    return parts.joined(separator: "; ") + "."
  }
}

/// Values counted between round numbers of even distance.
private struct Bars {
  let low: Double
  let width: Double
  let counts: [Int]

  var high: Double { low + Double(counts.count) * width }

  /// The bars of finite values, 60 at most.
  ///
  /// As wide as Freedman and Diaconis advise (Z. Wahrscheinlichkeitstheorie 57 (1981) 453), rounded to 1, 2 or 5.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    guard let least = sorted.first, let most = sorted.last, most - least > 1e-9 * max(abs(least), abs(most)),
      most - least > 1e-200, most - least < 1e200
    else {
      // One bar about the only value, or where there is nothing to be told apart.
      let value = sorted.first ?? 0
      width = value == 0 ? 1 : 0.01 * abs(value)
      low = value - 0.5 * width
      counts = [values.count]
      return
    }
    let quarter = sorted.count / 4
    let middle = sorted[sorted.count - 1 - quarter] - sorted[quarter]
    let wished = 2 * middle / cbrt(Double(sorted.count))
    let number = wished > 0 ? max(5, min(60, (most - least) / wished)) : 10
    width = AxisTicks(to: most - least, count: Int(number)).step
    low = (least / width).rounded(.down) * width
    let (low, width) = (low, width)
    var counts = Array(repeating: 0, count: max(1, min(62, Int(((most - low) / width).rounded(.down)) + 1)))
    for value in sorted { counts[max(0, min(counts.count - 1, Int((value - low) / width)))] += 1 }
    self.counts = counts
  }
}

/// The chart of single values, with the points that signal.
private struct ProductionChart {
  private let column: Column
  private let id: String
  private let numbers: [Int32]
  /// In the unit shown.
  private let values: [Double]
  private let charts: ControlChartPair?

  /// The most points that are drawn one by one.
  private static let mostPoints = 1000
  /// The most points that are marked.
  private static let mostMarks = 300

  init(_ column: Column, id: String, _ series: LotSeries) {
    self.column = column
    self.id = id
    numbers = series.numbers
    values = series.values.map(column.unit.value)
    let charts = try? ControlChartPair(individuals: values)
    // Without any spread there is nothing to judge by.
    self.charts = charts.flatMap { $0.sigma > 0 ? $0 : nil }
  }

  func write(to page: inout Markup) {
    let bounds = charts.map { [$0.location.lowerLimit, $0.location.upperLimit] } ?? []
    let (least, most) = ((values + bounds).min() ?? 0, (values + bounds).max() ?? 1)
    let margin = most > least ? 0.05 * (most - least) : least == 0 ? 1 : 0.01 * abs(least)
    let last = Double(numbers.last ?? 1)
    var frame = LotPageFrame(
      top: 16,
      horizontal: Axis(from: 0, to: last + 1, count: Int(min(8, last + 1)), endsAtNumbers: false),
      vertical: Axis(from: least - margin, to: most + margin, count: 6, endsAtNumbers: false))
    frame.drawFrame(across: "number of the piece", upward: column.headingWithUnit)
    if let chart = charts?.location {
      for (kind, value) in [
        ("control", chart.lowerLimit), ("control", chart.upperLimit), ("mean", chart.centre),
      ] {
        frame.line(kind, frame.left, frame.y(value), frame.right, frame.y(value))
      }
    }
    drawValues(&frame)
    let signalling = signals
    for place in signalling.keys.sorted().evenly(Self.mostMarks) {
      frame.diamond(
        "signal", frame.x(Double(numbers[place])), frame.y(values[place]),
        words: "piece \(numbers[place]): \(text(values[place])), Nelson’s rule "
          + (signalling[place] ?? []).map { "\($0.rawValue)" }.joined(separator: ", "))
    }
    frame.write(to: &page, id: id, title: "Control chart of \(column.symbol)", description: words) {
      caption in
      caption.text(words)
      for line in ruleLines {
        caption.empty("br", [:])
        caption.text(line)
      }
    }
  }

  private func text(_ value: Double) -> String { shortText(value, significant: 5) }

  private func drawValues(_ frame: inout LotPageFrame) {
    let places = zip(numbers, values).map { (x: frame.x(Double($0)), y: frame.y($1)) }
    guard places.count > Self.mostPoints else {
      frame.polyline("values", places)
      for place in places where places.count <= 200 { frame.circle("point", place.x, place.y, radius: 2) }
      return
    }
    // Least and largest of what falls on one pixel, in their order.
    var line: [(x: Double, y: Double)] = []
    var start = 0
    while start < places.count {
      let end = places[start...].firstIndex { $0.x >= places[start].x.rounded(.down) + 1 } ?? places.count
      let column = places[start..<end]
      guard let first = column.indices.min(by: { places[$0].y < places[$1].y }),
        let second = column.indices.max(by: { places[$0].y < places[$1].y })
      else { break }
      line += first == second ? [places[first]] : [places[min(first, second)], places[max(first, second)]]
      start = end
    }
    frame.polyline("values", line)
  }

  /// The rules by point.
  private var signals: [Int: [NelsonRule]] {
    var result: [Int: [NelsonRule]] = [:]
    for rule in NelsonRule.allCases {
      for place in charts?.location.signals[rule] ?? [] { result[place, default: []].append(rule) }
    }
    return result
  }

  private var words: String {
    guard let chart = charts?.location else {
      return values.count < 2
        ? "There is no control chart of a single value."
        : "There is no control chart of values that do not vary."
    }
    let count = signals.count
    var words =
      "Single values in the order of production: centre \(text(chart.centre)), control limits "
      + "\(text(chart.lowerLimit)) and \(text(chart.upperLimit)) (3σ by the moving range); "
    words += count == 0 ? "no point signals" : count == 1 ? "1 point signals" : "\(count) points signal"
    if count > Self.mostMarks { words += ", \(Self.mostMarks) of them are marked" }
    let jumps = charts?.spread.signals[.beyondLimits]?.count ?? 0
    if jumps > 0 { words += "; \(jumps) moving range\(jumps == 1 ? " is" : "s are") beyond the limit" }
    return words + "."
  }

  /// Which rule signals where.
  private var ruleLines: [String] {
    NelsonRule.allCases.compactMap { rule in
      guard let places = charts?.location.signals[rule] else { return nil }
      let named = places.prefix(12).map { "\(numbers[$0])" }.joined(separator: ", ")
      let rest = places.count > 12 ? " and \(places.count - 12) more" : ""
      return
        "Nelson’s rule \(rule.rawValue), \(rule.sentence): piece\(places.count == 1 ? "" : "s") \(named)\(rest)."
    }
  }
}

extension Array {
  /// At most so many of the elements, evenly spread.
  fileprivate func evenly(_ limit: Int) -> [Element] {
    count <= limit ? self : (0..<limit).map { self[$0 * count / limit] }
  }
}
