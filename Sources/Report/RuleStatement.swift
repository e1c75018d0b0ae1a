// SPDX-License-Identifier: GPL-3.0-or-later
public import Certificates
internal import Quantities

extension StatedRule {
  /// What a decision rule means and risks, in full sentences (after ILAC-G8:09/2019, section 4.2).
  ///
  /// U is expanded to `coverage`, with the coverage factor of a normal distribution.
  public init(rule id: String, guardBand: Double, coverage: Double, in text: Messages) {
    let k = CoverageFactor(probability: coverage, degreesOfFreedom: nil).k
    // For a value that clears the limit by exactly w (JCGM 106:2012, 8.3.2).
    let risk = normalProbability(below: -k * guardBand)
    let values = [
      "k": shortText(k, significant: 3), "band": shortText(guardBand), "risk": percent(risk),
      "rule": printable(id),
    ]
    let key: Messages.Key =
      switch id {
      case "simple": .ruleSimple
      case "guard-band": .ruleGuardBand
      case "ilac-g8": .ruleILACG8
      default: .ruleOther
      }
    // No line may begin with the percent sign.
    let statement = "\(text(key, values)) \(text(.ruleRisk))".replacing(" %", with: "\u{A0}%")
    self.init(id: id, guardBand: guardBand, largestSpecificRisk: risk, statement: statement)
  }
}
