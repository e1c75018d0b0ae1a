// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Drawing
internal import Quantities

/// What the fitted curve leaves of the samples, in thousandths of Br, with lines at twice the standard deviation.
///
/// Samples of the falling branch are squares, those of the rising one, mirrored, crosses.
enum ResidualDiagram {
  private static let colours = (
    falling: Colour(red: 0.05, green: 0.25, blue: 0.55), rising: Colour(red: 0.75, green: 0.4, blue: 0.1)
  )

  /// The diagram on a page of a size in points, or why there is none.
  static func page(
    _ sample: ReportedSample, title: String, units: DisplayUnits, width: Double, height: Double
  ) -> Result<Page, PlotRefusal> {
    guard let residuals = sample.analysis.details?.residuals else {
      return .failure(PlotRefusal("no curve was fitted, so there are no residuals"))
    }
    let field = DisplayUnit.field(units)
    let scale = 1000 / residuals.remanence
    let branches = residuals.branches.map { branch in
      zip(branch.internalField.si, branch.residual).map { (field.value($0), scale * $1) }
        .filter { abs($0.0) < 1e100 && abs($0.1) < 1e100 }
    }
    let fields = branches.joined().map(\.0)
    guard let lowest = fields.min(), let highest = fields.max(), lowest < highest else {
      return .failure(PlotRefusal("no branch has two residuals to draw"))
    }
    let margin = 0.02 * (highest - lowest)
    let limit = 2 * scale * residuals.noise
    let largest = branches.joined().reduce(1.2 * limit) { max($0, 1.02 * abs($1.1)) }
    // Rounding alone has no size to choose steps for.
    let reach = largest > 1e-12 && largest < 1e100 ? largest : 1
    let name = residuals.unit == .tesla ? "Br" : "the remanent moment"
    var axes = Axes(
      Page(width: width, height: height),
      horizontal: Axis(from: lowest - margin, to: highest + margin, count: 9, endsAtNumbers: false),
      vertical: Axis(from: -reach, to: reach, count: 8),
      caption: words(residuals, name, units, shown: branches.map { step($0.count) }.max() ?? 1))
    axes.drawFrame(
      title: title, across: fieldTitle([sample], units),
      upward: "\(residuals.unit == .tesla ? "J" : "m") less fitted curve, in ‰ of \(name)")
    axes.drawZeroLines()
    var legend: [(Axes.Symbol, String)] = []
    for (branch, points) in zip(residuals.branches, branches) {
      let mark: Axes.Mark = branch.isAscending ? .cross(colours.rising) : .square(colours.falling)
      for point in thinned(points, to: 800) { axes.draw(mark, at: axes.place(point.0, point.1)) }
      legend.append((.mark(mark), branch.isAscending ? "rising branch, mirrored" : "falling branch"))
    }
    let stroke = Stroke(.black, width: 0.8, dashes: [6, 3])
    for level in [limit, -limit] {
      axes.page.line(
        from: axes.place(axes.horizontal.low, level), to: axes.place(axes.horizontal.high, level), stroke)
    }
    legend.append((.line(stroke), "± 2σ of the noise"))
    axes.drawLegend(legend)
    return .success(axes.page)
  }

  private static func step(_ count: Int) -> Int { max(1, count / 800) }

  private static func words(
    _ residuals: CurveResiduals, _ name: String, _ units: DisplayUnits, shown step: Int
  ) -> String {
    let unit = residuals.unit == .tesla ? DisplayUnit.flux(units) : DisplayUnit.moment(units)
    let all = residuals.branches.flatMap(\.residual)
    let deviation = (all.reduce(0) { $0 + $1 * $1 } / Double(max(1, all.count))).squareRoot()
    func text(_ value: Double) -> String {
      "\(shortText(1000 * value / residuals.remanence, significant: 3))\u{A0}‰ of \(name), "
        + "\(shortText(unit.value(value), significant: 3))\u{A0}\(unit.symbol)"
    }
    return "root mean square of the residuals \(text(deviation)); standard deviation of the noise "
      + text(residuals.noise) + (step > 1 ? "; one sample of \(step) is shown" : "")
  }
}
