// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
public import Drawing
internal import Quantities

/// A diagram of J and B against H in the second quadrant, of one specimen or of a lot on top of each other.
///
/// J is solid and B dashed, so that the diagram can be read in grey. One specimen has its (BH)max, Hk, HcB and
/// HcJ marked; a lot has the specimens that do not conform drawn darker and thicker, on top.
public struct DemagnetisationPlot: Sendable {
  let page: Page
  private let title: String

  /// A diagram of these specimens; nil when none has a curve in the second quadrant.
  ///
  /// Without a title the specimen's name stands there.
  public init?(_ samples: [ReportedSample], title: String? = nil, units: DisplayUnits = .si) {
    self.init(samples, title: title, units: units, width: 500, height: 380)
  }

  /// The same with the size in points.
  init?(_ samples: [ReportedSample], title: String?, units: DisplayUnits, width: Double, height: Double) {
    let curves = samples.compactMap { sample in
      SecondQuadrant(sample.analysis.curve, units).map { (sample: sample, quadrant: $0) }
    }
    guard let first = curves.first else { return nil }
    let single = curves.count == 1
    self.title = printable(
      title ?? (single ? "Demagnetisation curve of \(first.sample.name)" : "Demagnetisation curves"))
    var diagram = Diagram(
      Page(width: width, height: height), units,
      deepestField: curves.reduce(0) { max($0, $1.quadrant.deepestField) },
      highestFlux: curves.reduce(0) { max($0, $1.quadrant.highestFlux) })
    diagram.drawFrame(
      title: self.title, isInternal: curves.allSatisfy { $0.sample.analysis.conditions.fieldIsInternal })
    diagram.drawLoadLines()
    let isGood = { (sample: ReportedSample) in sample.verdict.map { $0.result.conforms } ?? true }
    for curve in curves where isGood(curve.sample) {
      diagram.draw(curve.quadrant, width: single ? 1.4 : 0.6, colours: Diagram.ordinary)
    }
    for curve in curves where !isGood(curve.sample) {
      diagram.draw(curve.quadrant, width: 1.4, colours: single ? Diagram.ordinary : Diagram.standingOut)
    }
    if single {
      diagram.drawMarks(of: first.sample, first.quadrant)
      diagram.drawCaption(first.sample.resultWords(units))
    } else {
      diagram.drawCaption(printable(LotSummary(lot: nil, samples: curves.map(\.sample)).words))
    }
    diagram.drawLegend(hasStandingOut: !single && curves.contains { !isGood($0.sample) })
    page = diagram.page
  }

  /// The diagram as SVG; equal input and fonts give equal bytes.
  ///
  /// Throws when a text has no font.
  public func svg() throws(DrawingError) -> [UInt8] { try svgDocument(page) }

  /// The diagram as PNG with `scale` pixels to the point.
  ///
  /// Throws when a text has no font.
  public func png(scale: Double = 2) throws(DrawingError) -> [UInt8] { try pngImage(page, scale: scale) }

  /// The diagram as a PDF of one page; equal input, date and fonts give equal bytes.
  ///
  /// `created` is of the form `2025-02-12T15:36:00Z`. Throws when it is not, or when a text has no font.
  public func pdf(created: String) throws(DrawingError) -> [UInt8] {
    try pdfDocument([page], DocumentInformation(title: title, created: created))
  }
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
}

extension ResultRow {
  /// The result as a sum, such as `Br = 1.312 ± 0.016 T`.
  var resultText: String {
    let sign = value.hasPrefix(">") ? "" : "= "
    return [column.symbol, sign + value, uncertainty, column.unit.symbol].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}
