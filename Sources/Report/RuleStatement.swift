// SPDX-License-Identifier: GPL-3.0-or-later
internal import Certification
internal import Quantities

extension Verdict {
  /// What the decision rule means, in full sentences for a test report (after ILAC-G8:09/2019, section 4.2).
  var ruleStatement: String {
    let band = "w = \(shortText(guardBand))·U"
    let rule = "Decision rule “\(printable(rule))”"
    // For a value that clears the limit by exactly w, with k = 2 (JCGM 106:2012, 8.3.2).
    let risk = percent(normalProbability(below: -2 * guardBand))
    let words =
      switch self.rule {
      case "simple":
        "\(rule), simple acceptance (ILAC-G8:09/2019, 4.2.1): a characteristic passes when its measured value "
          + "keeps the limit. No guard band is taken off. A value at the limit is as likely to be wrong as right: "
          + "the specific risk of a false acceptance is up to 50 %."
      case "guard-band":
        "\(rule), acceptance with a guard band (ILAC-G8:09/2019, 4.2.2): a characteristic passes when its "
          + "measured value keeps the limit with at least the guard band \(band) to spare, and fails otherwise. "
          + "For k = 2 the specific risk of a false acceptance is at most \(risk)."
      case "ilac-g8":
        "\(rule), non-binary statement with a guard band (ILAC-G8:09/2019, 4.2.3), \(band). Pass: the "
          + "measured value keeps the limit with at least w to spare; for k = 2 the specific risk of a false "
          + "acceptance is at most \(risk). Conditional pass: the value keeps the limit by less than w, so that a "
          + "false acceptance has a risk of up to 50 %. Conditional fail: the value misses the limit by at most w; "
          + "a false rejection has a risk of up to 50 %. Fail: the value misses the limit by more than w."
      default: "\(rule), guard band \(band)."
      }
    let statement =
      words
      + " The probability of conformity is computed from the value and its standard uncertainty (JCGM 106:2012); "
      + "what it lacks of 100 % is the specific risk of accepting a specimen that does not conform. "
      + "The result of the specimen is the worst result of its characteristics."
    // No line may begin with the percent sign.
    return statement.replacing(" %", with: "\u{A0}%")
  }
}
