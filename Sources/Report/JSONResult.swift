// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import Measurements

extension ReportedSample {
  /// The result as one line of JSON, schema `magcert.result/1`, without the line feed.
  ///
  /// SI units, shortest digits that read back to the same number, sorted keys. A number that is not finite is
  /// left out with everything that makes no sense without it, and a flag `not-finite` names it: a reader of
  /// JSON Lines must not lose a whole batch because of one number. `showBudget` adds the budget lines. `reduced` has
  /// `temperature`, `quantities` and `absent` like those of the loop, at the temperature that was asked for;
  /// `verdict` rests on it where it is there; a decision in it has a `shortfall` when the value misses the limit.
  /// `explanation` is there when it was asked for. `temperatureSeries` is the series that the loop is part of, in archives.
  public func jsonLine(showBudget: Bool = false) -> String {
    var finite = FiniteNumbers()
    var object = ResultObject(source: SourceObject(source))
    object.sample = SampleObject(sample, &finite)
    object.conditions = ConditionsObject(analysis.conditions, &finite)
    object.budgetName = analysis.budgetName
    object.quantities = Dictionary(
      uniqueKeysWithValues: analysis.estimates.compactMap { estimate in
        QuantityObject(estimate, showBudget: showBudget, monteCarlo: monteCarlo, &finite).map {
          (estimate.characteristic.rawValue, $0)
        }
      })
    if let saturation = analysis.saturation {
      object.quantities?["Js"] = QuantityObject(saturation, key: "Js", showBudget: showBudget, &finite)
    }
    if !analysis.diagnostics.isEmpty {
      object.diagnostics = DiagnosticsObject(analysis.diagnostics, &finite)
    }
    object.reduced = analysis.reduced.map { ReducedObject($0, showBudget: showBudget, &finite) }
    object.temperatureSeries = temperatureSeries.map { TemperatureSeriesObject($0, &finite) }
    object.absent = analysis.absences.map { AbsenceObject($0, &finite) }
    object.corrections = analysis.corrections.map { CorrectionObject($0, &finite) }
    object.estimation = EstimationObject(analysis)
    let compared = analysis.instrumentComparisons.compactMap { InstrumentResultObject($0, &finite) }
    object.instrumentResults = compared.isEmpty ? nil : compared
    object.notes = notes.map { MessageObject(code: $0.code, message: $0.message) }
    object.verdict = verdict.map { VerdictObject($0, &finite) }
    let steps = explanation(.si)
    object.explanation = steps.isEmpty ? nil : steps
    object.grades = grades?.map(\.name)
    object.gradeResults = grades?.map {
      GradeObject(
        name: $0.name, result: $0.result, confidence: $0.confidence, notLimited: $0.notLimited)
    }
    object.flags =
      analysis.flags.map { MessageObject(code: $0.code.rawValue, message: $0.message) }
      + finite.refused.map {
        MessageObject(code: "not-finite", message: "\($0) is not a finite number and was left out.")
      }
    return jsonText(object)
  }
}

extension ReportedFailure {
  /// The failure as one line of JSON, schema `magcert.result/1`, without the line feed.
  public func jsonLine() -> String {
    var object = ResultObject(source: SourceObject(source))
    object.error = ErrorObject(code: code, message: message, line: line, column: column)
    return jsonText(object)
  }
}

extension LotSummary {
  /// The lot as one line of JSON, schema `magcert.lot/1`, without the line feed.
  ///
  /// `counts` has every result, `unjudged`, `failed` files and the `total`; `verdict` is absent when no sample
  /// was judged.
  public func jsonLine() -> String {
    jsonText(
      LotObject(
        lot: lot, counts: numbers,
        verdict: worst.map { LotObject.Verdict(method: "worst-of", result: $0) }))
  }

  /// How many samples have each result, by the words of JSON.
  var numbers: [String: Int] {
    var numbers = ["failed": failed, "unjudged": unjudged, "total": total]
    for result in Conformity.allCases { numbers[result.rawValue] = counts[result] ?? 0 }
    return numbers
  }
}

private struct LotObject: Encodable {
  struct Verdict: Encodable {
    let method: String
    let result: Conformity
  }
  var schema = "magcert.lot/1"
  let lot: String?
  let counts: [String: Int]
  let verdict: Verdict?
}
