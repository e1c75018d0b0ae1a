// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Drawing

/// What a plot shows.
public enum PlotContent: String, Hashable, Sendable, CaseIterable {
  /// J and B against H in the second quadrant; several specimens on top of each other.
  case demagnetisation
  /// J against H of the whole loop.
  case loop
  /// What the fitted curve leaves of the samples.
  case residuals
  /// The spectrum of the noise.
  case noise
  /// The four others.
  case all

  /// Whether the analysis has to give `LoopAnalysis.details` for specimens in this number.
  ///
  /// Only the band of a single demagnetisation curve needs them there; the whole loop needs none.
  public func needsDetails(specimens: Int) -> Bool {
    switch self {
    case .loop: false
    case .demagnetisation: specimens == 1
    case .residuals, .noise, .all: true
    }
  }

  /// The diagrams that it consists of.
  fileprivate var diagrams: [PlotContent] {
    self == .all ? [.demagnetisation, .loop, .residuals, .noise] : [self]
  }
}

/// Why something was not drawn.
public struct PlotRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Half a sentence: what is missing or what to do.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Diagrams of specimens on one or several pages.
public struct Plot: Sendable {
  /// The pages; pictures have one.
  public let pages: [Page]
  private let title: String

  /// Diagrams of these specimens, for a document of several pages or for a picture, which holds one page.
  ///
  /// Demagnetisation curves of several specimens are drawn on top of each other. The other contents have a page for each
  /// specimen. All diagrams of one specimen have a page each in a document, else they are four panels of one page.
  /// A title stands above the demagnetisation curve in place of the specimen's name, and before the name elsewhere.
  /// Throws when a picture would need several pages, or when nothing can be drawn.
  public init(
    _ samples: [ReportedSample], content: PlotContent = .demagnetisation, asDocument: Bool = false,
    title: String? = nil, units: DisplayUnits = .si
  ) throws(PlotRefusal) {
    self.title = printable(title ?? samples.first.map { Self.title(content, $0, nil) } ?? "magcert")
    if content == .demagnetisation {
      guard let page = Diagram.page(samples, title: title, units: units, width: 500, height: 380) else {
        throw PlotRefusal("no sample has a demagnetisation curve")
      }
      pages = [page]
      return
    }
    guard asDocument || samples.count <= 1 else {
      throw PlotRefusal(
        "a picture holds one specimen, and here are \(samples.count): give the plot a name that ends in .pdf, "
          + "which has a page for each")
    }
    var pages: [Page] = []
    var refusals: [PlotRefusal] = []
    for sample in samples {
      let isTiled = content == .all && !(asDocument && samples.count == 1)
      let (width, height) = isTiled ? (Self.tile.width - 2 * Self.gap, Self.tile.height) : (500, 380)
      let diagrams = content.diagrams.map { diagram in
        let name = Self.title(diagram, sample, title)
        switch Self.page(diagram, sample, name, units, width: width, height: height) {
        case .success(let page): return page
        case .failure(let refusal):
          refusals.append(refusal)
          return Self.emptyPage(name, refusal, width: width, height: height)
        }
      }
      pages += isTiled ? [Self.tiled(diagrams)] : diagrams
    }
    guard refusals.count < samples.count * content.diagrams.count else {
      throw refusals.first ?? PlotRefusal("no sample can be drawn")
    }
    self.pages = pages
  }

  /// A quarter of a sheet of ISO A4 on its side, so that text keeps its size when the four are printed.
  private static let tile = Page(width: Page.a4.height / 2, height: Page.a4.width / 2)
  /// What keeps the numbers of neighbours apart.
  private static let gap = 8.0

  private static func title(_ content: PlotContent, _ sample: ReportedSample, _ title: String?) -> String {
    let words =
      switch content {
      case .demagnetisation: "Demagnetisation curve of \(sample.name)"
      case .loop: "Hysteresis loop of \(sample.name)"
      case .residuals: "Residuals of \(sample.name)"
      case .noise: "Noise of \(sample.name)"
      case .all: "Diagrams of \(sample.name)"
      }
    return printable(title.map { "\($0): \(words)" } ?? words)
  }

  private static func page(
    _ content: PlotContent, _ sample: ReportedSample, _ title: String, _ units: DisplayUnits, width: Double,
    height: Double
  ) -> Result<Page, PlotRefusal> {
    switch content {
    case .demagnetisation, .all:
      Diagram.page([sample], title: title, units: units, width: width, height: height).map { .success($0) }
        ?? .failure(PlotRefusal("the sample has no demagnetisation curve"))
    case .loop: LoopDiagram.page(sample, title: title, units: units, width: width, height: height)
    case .residuals: ResidualDiagram.page(sample, title: title, units: units, width: width, height: height)
    case .noise: NoiseDiagram.page(sample, title: title, units: units, width: width, height: height)
    }
  }

  /// A page that says why it is empty.
  private static func emptyPage(
    _ title: String, _ refusal: PlotRefusal, width: Double, height: Double
  ) -> Page {
    var page = Page(width: width, height: height)
    page.text(title, at: Point(width / 2, 6), TextStyle(size: 11, bold: true), anchor: .top)
    page.text(
      "Not drawn: \(refusal).", at: Point(width / 2, height / 2), TextStyle(size: 8.5), anchor: .centre,
      wrap: width - 80)
    return page
  }

  /// Four pages as one, row by row.
  private static func tiled(_ pages: [Page]) -> Page {
    var sheet = Page(width: 2 * tile.width, height: 2 * tile.height)
    for (index, page) in pages.enumerated() {
      sheet.place(page, at: Point(Double(index % 2) * tile.width + gap, Double(index / 2) * tile.height))
    }
    return sheet
  }

  /// The first page as SVG; equal input and fonts give equal bytes.
  ///
  /// Throws when a text has no font.
  public func svg() throws(DrawingError) -> [UInt8] { try svgDocument(pages[0]) }

  /// The first page as PNG with `scale` pixels to the point.
  ///
  /// Throws when a text has no font.
  public func png(scale: Double = 2) throws(DrawingError) -> [UInt8] { try pngImage(pages[0], scale: scale) }

  /// All pages as PDF; equal input, date and fonts give equal bytes.
  ///
  /// `created` is of the form `2025-02-12T15:36:00Z`. Throws when it is not, or when a text has no font.
  public func pdf(created: String) throws(DrawingError) -> [UInt8] {
    try pdfDocument(pages, DocumentInformation(title: title, created: created))
  }
}
