// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis

extension LotPage {
  /// The demagnetisation curves on top of each other, those that do not conform in front.
  func writeOverlay(_ page: inout Markup) {
    let (ordinary, bad) = (ordinary.elements.compactMap(\.self), standingOut.elements.compactMap(\.self))
    let curves = ordinary + bad
    guard !curves.isEmpty else { return }
    let (field, flux) = (DisplayUnit.field(units), DisplayUnit.flux(units))
    var frame = LotPageFrame(
      width: 940, height: 440,
      horizontal: Axis(
        from: -1.02 * (curves.map(\.deepestField).max() ?? 1), to: 0, count: 10, endsAtNumbers: false),
      vertical: Axis(
        from: 0, to: 1.03 * (curves.map(\.highestFlux).max() ?? 1), count: 8, endsAtNumbers: false),
      numbersAtRight: true)
    frame.drawFrame(
      across: "field H in \(field.symbol)", upward: "J, B in \(flux.symbol)", numbersAtRight: true)
    for (curves, kind) in [(ordinary, ""), (bad, " bad")] {
      for curve in curves {
        frame.polyline("flux" + kind, curve.fluxDensity.map { (frame.x($0.field), frame.y($0.flux)) })
        frame.polyline(
          "polarisation" + kind, curve.polarisation.map { (frame.x($0.field), frame.y($0.flux)) })
      }
    }
    let total = self.ordinary.count + standingOut.count
    var words =
      "\(curves.count) of \(total) demagnetisation curves\(total > curves.count ? ", evenly chosen" : "")"
    words += referenceTemperature == nil ? "" : ", as measured"
    words += ": J solid, B dashed"
    if standingOut.count > 0 {
      words +=
        "; \(bad.count) of the \(standingOut.count) that do not conform or are undecided in front, thick and red"
    }
    page.element("h2", "Demagnetisation curves")
    frame.write(to: &page, id: "curves", title: "Demagnetisation curves", description: words + ".") {
      $0.text(words + ".")
    }
  }
}
