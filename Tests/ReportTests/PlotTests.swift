// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Drawing
import Measurements
import Quantities
import Report
import Testing

/// What is on a page, to be measured.
private struct PageReading {
  var lines: [(points: [Point], stroke: Stroke)] = []
  var areas: [(points: [Point], colour: Colour)] = []
  var texts: [(text: String, at: Point, size: Double)] = []

  init(_ page: Page) {
    for element in page.elements {
      switch element {
      case .polyline(let points, let stroke): lines.append((points, stroke))
      case .polygon(let points, let colour): areas.append((points, colour))
      case .text(let text, let point, let style, _, wrap: _, upward: _):
        texts.append((text, point, style.size))
      }
    }
  }

  /// Where a text stands; the first of several.
  func place(of text: String) throws -> Point {
    try #require(texts.first { $0.text == text }, "no “\(text)”").at
  }

  func words(with part: String) -> String? { texts.first { $0.text.contains(part) }?.text }

  /// How many points upward one unit of the vertical axis is, from two of its numbers.
  func height(perUnitBetween low: String, _ high: String, _ difference: Double) throws -> Double {
    try (place(of: low).y - place(of: high).y) / difference
  }
}

private func detailed(_ id: String = "A") -> ReportedSample {
  var sample = Fixture.sample(id: id, verdict: nil, grades: nil)
  let fields = stride(from: 0.0, through: -1.6e6, by: -2e4).map(\.self)
  let curve = Fixture.curve()
  let j = fields.map { h in
    zip(curve.internalField.si, curve.polarisation.si).min { abs($0.0 - h) < abs($1.0 - h) }?.1 ?? 0
  }
  let band = CurveBand(
    internalField: Series(si: fields), polarisation: Series(si: j),
    expandedUncertainty: fields.map { _ in 0.05 })
  let residuals = [false, true].map { isAscending in
    CurveResiduals.Branch(
      isAscending: isAscending, internalField: Series(si: fields),
      residual: fields.indices.map { (isAscending ? -1 : 1) * 0.001 * Double($0 % 5) })
  }
  let frequencies = [0.001, 0.01, 0.1, 0.5]
  sample.analysis.details = LoopDetails(
    band: .known(band),
    residuals: CurveResiduals(unit: .tesla, branches: residuals, noise: 0.0013, remanence: 1.3),
    noise: NoiseSpectrumEstimate(
      unit: .tesla, samplingInterval: 0.5,
      loop: .init(frequency: frequencies, density: [1e-4, 1e-6, 1e-6, 1e-6]),
      loopFit: .init(frequency: frequencies, density: [1e-4, 1e-6, 1e-6, 1e-6]), title: "a title"))
  let count = curve.internalField.count
  let mirrored = (curve.internalField.si.map { -$0 }, curve.polarisation.si.map { -$0 })
  sample.analysis.loop = ConditionedLoop(
    internalField: Series(si: curve.internalField.si + mirrored.0),
    polarisation: Series(si: curve.polarisation.si + mirrored.1), sweeps: [0..<count, count..<2 * count])
  sample.analysis.loop.kinds = [.descending, .ascending]
  return sample
}

@Suite struct PlotTests {
  private let bandColour = Colour.grey(0.82)

  private func reading(_ content: PlotContent, _ sample: ReportedSample = detailed()) throws -> PageReading {
    PageReading(try Plot([sample], content: content).pages[0])
  }

  // At H = 0 the curve is nearly level, so the area is 2·U high there: 0.1 T. J falls by 1 % in the first step,
  // which turns the edge by less than 1 %.
  @Test func theBandIsAsHighAsTheUncertainty() throws {
    let page = try reading(.demagnetisation)
    let bands = page.areas.filter { $0.colour == bandColour && $0.points.count > 10 }
    try #require(bands.count == 2)
    let tesla = try page.height(perUnitBetween: "0.2", "1.2", 1)
    let right = try #require(bands[0].points.map(\.x).max())
    let edge = bands[0].points.filter { right - $0.x < 1 }.map(\.y)
    let height = try #require(edge.max()) - #require(edge.min())
    #expect(abs(height / (0.1 * tesla) - 1) < 0.02)
    // B falls by µ0 per A/m: across that slope the area is narrower, never higher.
    let (low, high) = try (#require(bands[1].points.map(\.y).max()), #require(bands[1].points.map(\.y).min()))
    #expect(low <= (try page.place(of: "0.0").y) + 1e-6)
    #expect(high >= (try page.place(of: "1.4").y) - 1e-6)
    // The curves lie on it: elements are drawn in order.
    let elements = try Plot([detailed()]).pages[0].elements
    let area = elements.firstIndex {
      if case .polygon(let points, let colour) = $0 {
        colour == bandColour && points.count > 10
      } else {
        false
      }
    }
    let curve = elements.firstIndex {
      if case .polyline(let points, _) = $0 { points.count > 100 } else { false }
    }
    #expect(try #require(area) < #require(curve))
  }

  @Test func theCaptionSaysHowWideTheBandIsOrWhyThereIsNone() throws {
    let words = try #require(try reading(.demagnetisation).words(with: "at fixed H"))
    #expect(words.contains("0.050\u{A0}T at H = 0"))
    #expect(words.contains("0.050\u{A0}T at H = −HcB"))
    var sample = detailed()
    sample.analysis.details?.band = .absent("of a reason")
    let page = try reading(.demagnetisation, sample)
    #expect(page.words(with: "no band of uncertainty: of a reason") != nil)
    #expect(!page.areas.contains { $0.colour == bandColour })
    sample.analysis.details = nil
    #expect(try reading(.demagnetisation, sample).words(with: "uncertainty") == nil)
  }

  @Test func aLotHasNoBand() throws {
    let page = PageReading(try Plot([detailed(), detailed("B")]).pages[0])
    #expect(!page.areas.contains { $0.colour == bandColour })
  }

  @Test func theWholeLoopIsDrawnWithItsMarks() throws {
    let page = try reading(.loop)
    let branches = page.lines.filter { $0.points.count > 100 }
    try #require(branches.count == 2)
    // Told apart without colour.
    #expect(branches[0].stroke.dashes.isEmpty && !branches[1].stroke.dashes.isEmpty)
    // One is the other's mirror image about the middle of the frame.
    let middle = try Point(page.place(of: "0").x, page.place(of: "0.0").y)
    for (a, b) in zip(branches[0].points, branches[1].points) {
      #expect(abs(a.x + b.x - 2 * middle.x) < 1e-6)
      #expect(abs(a.y + b.y - 2 * middle.y) < 1e-6)
    }
    #expect(page.words(with: "falling branch") != nil && page.words(with: "rising branch") != nil)
    #expect(page.texts.contains { $0.text == "HcJ = 1624 ± 16 kA/m" })
    #expect(page.texts.contains { $0.text == "Br = 1.312 ± 0.016 T" })
  }

  @Test func everyKindOfSweepHasItsOwnLine() throws {
    var sample = detailed()
    let count = sample.analysis.loop.internalField.count
    sample.analysis.loop.sweeps = (0..<5).map { $0 * count / 5..<($0 + 1) * count / 5 }
    sample.analysis.loop.kinds = [.initial, .descending, .ascending, .recoil, .fragment]
    let strokes = Set(try reading(.loop, sample).lines.filter { $0.points.count > 50 }.map(\.stroke))
    #expect(strokes.count == 5)
    // Dashes and widths alone tell initial curve and branches apart.
    #expect(Set(strokes.map { [$0.width] + $0.dashes }).count == 4)
  }

  // 81 samples a branch, of 0, 1, 2, 3 and 4 mT in turn; σ is 1.3 mT, a thousandth of Br.
  @Test func residualsAreWhereTheirSizeIs() throws {
    let page = try reading(.residuals)
    let squares = page.areas.filter { $0.points.count == 4 }
    let crosses = page.lines.filter { $0.stroke.width == 0.6 && $0.points[0].y == $0.points[1].y }
      .filter { (0...4).contains($0.points[1].x - $0.points[0].x) }
    // The other 0 is that of the horizontal axis.
    let zero = try #require(page.texts.filter { $0.text == "0" }.min { $0.at.x < $1.at.x }).at.y
    let permille = try (zero - page.place(of: "2").y) / 2
    // One of each stands in the legend.
    #expect(squares.count == 82)
    #expect(crosses.count == 82)
    let heights = Set(
      squares.map { (zero - 0.5 * ($0.points[0].y + $0.points[2].y)) / permille * 1.3 }.filter { $0 < 10 }
        .map { Int(($0 * 1000).rounded()) })
    #expect(heights.isSuperset(of: [0, 1000, 2000, 3000, 4000]))
    let limits = page.lines.filter { $0.stroke.dashes == [6, 3] && $0.points[1].x - $0.points[0].x > 100 }
    let levels = limits.map { (zero - $0.points[0].y) / permille }
    #expect(zip(levels, [2, -2]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(limits.count == 2)
  }

  // Two samples a second: 0.001 … 0.5 cycles per sample are 0.002 … 1 Hz, and S = 1e-6 T² is √(2·1e-6·0.5) = 0.001 T/√Hz.
  @Test func noiseIsDrawnOnLogarithmicAxes() throws {
    let page = try reading(.noise)
    #expect(page.words(with: "frequency in Hz") != nil)
    #expect(page.words(with: "T/√Hz") != nil)
    #expect(page.words(with: "a title") != nil)
    let fit = try #require(page.lines.first { $0.points.count == 4 && $0.stroke.width == 1.2 })
    let decade = try page.place(of: "0.1").x - page.place(of: "0.01").x
    #expect(abs(fit.points[1].x - fit.points[0].x - decade) < 1e-6)
    #expect(abs(fit.points[2].x - fit.points[1].x - decade) < 1e-6)
    // A hundred times the density is one decade of the amplitude.
    let heights = ["0.001", "0.01"].map { label in
      page.texts.filter { $0.text == label && $0.at.x < fit.points[0].x }.map(\.at.y)
    }
    let (low, high) = try (#require(heights[0].first), #require(heights[1].first))
    #expect(abs(fit.points[1].y - fit.points[0].y - (low - high)) < 1e-6)
    var sample = detailed()
    sample.analysis.details?.noise?.samplingInterval = nil
    let bare = try reading(.noise, sample)
    #expect(bare.words(with: "cycles per sample") != nil)
    #expect(bare.words(with: "T per sample") != nil)
  }

  @Test(arguments: PlotContent.allCases) func textsAreLargeEnoughToRead(_ content: PlotContent) throws {
    for units in DisplayUnits.allCases {
      for page in try Plot([detailed()], content: content, units: units).pages {
        for text in PageReading(page).texts { #expect(text.size >= 6.5, "“\(text.text)”") }
        for text in PageReading(page).texts {
          #expect((0...page.width).contains(text.at.x) && (0...page.height).contains(text.at.y))
        }
      }
    }
  }

  @Test func documentsHavePagesAndPicturesHavePanels() throws {
    let samples = [detailed(), detailed("B"), detailed("C")]
    #expect(try Plot([samples[0]], content: .all).pages.count == 1)
    #expect(try Plot([samples[0]], content: .all, asDocument: true).pages.count == 4)
    for content in PlotContent.allCases {
      let pages = try Plot(samples, content: content, asDocument: true).pages.count
      #expect(pages == (content == .demagnetisation ? 1 : 3))
      if content == .demagnetisation { continue }
      let refusal = #expect(throws: PlotRefusal.self) { try Plot(samples, content: content) }
      #expect(refusal?.description.contains(".pdf") == true)
    }
  }

  @Test func whatCannotBeDrawnSaysWhy() throws {
    var sample = Fixture.sample()
    for content in [PlotContent.residuals, .noise] {
      #expect(throws: PlotRefusal.self) { try Plot([sample], content: content) }
    }
    let page = try reading(.all, sample)
    #expect(page.words(with: "Not drawn: no curve was fitted") != nil)
    sample.analysis.loop.polarisation = Series(si: [])
    let refusal = #expect(throws: PlotRefusal.self) { try Plot([sample], content: .loop) }
    #expect(refusal?.description.contains("volume") == true)
    #expect(throws: PlotRefusal.self) { try Plot([]) }
    #expect(throws: PlotRefusal.self) { try Plot([], content: .all, asDocument: true) }
  }

  @Test(arguments: PlotContent.allCases) func extremeDetailsDoNotTrap(_ content: PlotContent) throws {
    for scale in [0, 1e-300, 1e-30, 1e30, 1e99, 1e300, -1, .nan, .infinity] {
      var sample = detailed()
      let fields = [scale, 0, -scale, 1]
      let series = (Series<InternalField>(si: fields), Series<Polarisation>(si: [1, scale, -scale, 0.5]))
      sample.analysis.loop = ConditionedLoop(
        internalField: series.0, polarisation: series.1, sweeps: [0..<4, 2..<900])
      sample.analysis.details = LoopDetails(
        band: .known(
          CurveBand(
            internalField: series.0, polarisation: series.1, expandedUncertainty: [scale, 1, -scale, scale])),
        residuals: CurveResiduals(
          unit: .tesla,
          branches: [.init(isAscending: true, internalField: series.0, residual: [scale, -scale, 0, 1])],
          noise: scale, remanence: scale),
        noise: NoiseSpectrumEstimate(
          unit: .ampereSquareMetre, samplingInterval: scale,
          loop: .init(frequency: [scale, 0.1], density: [scale, 1]),
          loopFit: .init(frequency: [0.1, scale, 0.2], density: [scale, -scale, 3]), title: ""))
      _ = try? Plot([sample], content: content).svg()
    }
  }
}
