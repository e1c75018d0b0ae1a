// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Drawing
internal import Quantities

/// The spectrum of the noise on logarithmic axes: what was seen of it and what was fitted to that.
///
/// With times it is the one-sided amplitude density √(2·S·Δt) against frequency in hertz; without, √S of a sample
/// against cycles per sample.
enum NoiseDiagram {
  private typealias Spectrum = NoiseSpectrumEstimate.Spectrum

  private static let colours = (
    loop: Colour(red: 0.05, green: 0.25, blue: 0.55), blank: Colour(red: 0.75, green: 0.4, blue: 0.1)
  )

  /// The diagram on a page of a size in points, or why there is none.
  static func page(
    _ sample: ReportedSample, title: String, units: DisplayUnits, width: Double, height: Double
  ) -> Result<Page, PlotRefusal> {
    guard let noise = sample.analysis.details?.noise else {
      return .failure(PlotRefusal("the loop has no branch whose noise could be told"))
    }
    let unit = noise.unit == .tesla ? DisplayUnit.flux(units) : DisplayUnit.moment(units)
    let parts: [(spectrum: Spectrum?, symbol: Axes.Symbol, words: String)] = [
      (noise.blank, .mark(.diamond), "blank record"),
      (noise.blankFit, .line(Stroke(colours.blank, width: 1.2, dashes: [5, 2.5])), "fitted to it"),
      (noise.loop, .mark(.circle(fill: .white)), "even harmonics of the loop"),
      (
        noise.loopFit, .line(Stroke(colours.loop, width: 1.2)),
        noise.loop == nil ? "level of second differences" : "fitted to them"
      ),
    ]
    let drawn = parts.compactMap { part in
      part.spectrum.map { (points: points($0, noise.samplingInterval, unit), part.symbol, part.words) }
    }.filter { !$0.points.isEmpty }
    let all = drawn.flatMap(\.points)
    guard let slowest = all.map(\.0).min(), let fastest = all.map(\.0).max(),
      let least = all.map(\.1).min(), let most = all.map(\.1).max()
    else { return .failure(PlotRefusal("the loop has no noise to show")) }
    var axes = Axes(
      Page(width: width, height: height), horizontal: Axis(ratiosFrom: slowest, to: fastest),
      // A decade at least, or white noise would fill the frame with its scatter.
      vertical: Axis(ratiosFrom: least / 1.8, to: most * 1.8), caption: words(noise, unit))
    axes.drawFrame(
      title: title,
      across: noise.samplingInterval == nil ? "frequency in cycles per sample" : "frequency in Hz",
      upward: "noise of \(noise.unit == .tesla ? "J" : "the moment") in "
        + (noise.samplingInterval == nil ? "\(unit.symbol) per sample" : "\(unit.symbol)/√Hz"))
    for (points, symbol, _) in drawn {
      let places = points.map { axes.place($0.0, $0.1) }
      switch symbol {
      case .line(let stroke): axes.page.polyline(places, stroke)
      case .mark(let mark): for place in places { axes.draw(mark, at: place) }
      case .area: break
      }
    }
    axes.drawLegend(drawn.map { ($0.1, $0.2) })
    return .success(axes.page)
  }

  /// Frequencies and amplitude densities as they are shown; what has no logarithm is left out.
  private static func points(
    _ spectrum: Spectrum, _ interval: Double?, _ unit: DisplayUnit
  ) -> [(Double, Double)] {
    zip(spectrum.frequency, spectrum.density).map { frequency, density in
      (frequency / (interval ?? 1), unit.value((interval.map { 2 * $0 * density } ?? density).squareRoot()))
    }.filter { $0.0 > 0 && $0.1 > 0 && $0.0 < 1e100 && $0.1 < 1e100 }
  }

  private static func words(_ noise: NoiseSpectrumEstimate, _ unit: DisplayUnit) -> String {
    let density =
      noise.samplingInterval == nil
      ? "square root of the two-sided density per sample: white noise stands at its standard deviation"
      : "one-sided amplitude density, sampled every \(shortText(noise.samplingInterval ?? 0, significant: 3))\u{A0}s"
    return "Uncertainties rest on: \(noise.title). Drawn is the \(density)."
  }
}
