// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certification
internal import Measurements
internal import Quantities

/// What a judgement rests on beside its results, for those who want to follow it.
public struct JudgementReasoning: Hashable, Sendable {
  /// Table, rule and choice of limits.
  public let judge: Judge
  /// Where the limits are from.
  public let source: String
  /// Why the loop cannot be judged at all; empty when it can.
  public let obstacles: [String]
  /// The verdict on the grade next above the best one that is met; nil when there is none.
  public let nextBetter: Verdict?

  /// The reasoning of a judge about a sample, after its grades are known.
  public init(of judge: Judge, grade: Grade?, sample: ReportedSample) {
    self.judge = judge
    source = grade?.source ?? judge.table.source
    obstacles = judge.obstacles(to: sample.analysis)
    nextBetter = judge.nextBetter(than: sample.grades?.first, for: sample.analysis)
  }
}

extension ReportedSample {
  /// The judgement step by step in plain sentences; empty when no reasoning was asked for.
  func explanation(_ units: DisplayUnits) -> [String] {
    guard let reasoning else { return [] }
    var steps = [reasoning.tableSentence(verdict), conditionSentence, reasoning.ruleSentence]
    if let verdict {
      if verdict.result == .undetermined, !reasoning.obstacles.isEmpty {
        steps += reasoning.obstacles.map { "Nothing can be decided: " + printable($0) }
      } else {
        steps += verdict.characteristics.map { limitSentence($0, verdict, units) }
      }
      if let words = verdict.notLimitedWords { steps.append("Of this grade " + words + ".") }
      steps += verdict.reasons.filter { !reasoning.obstacles.contains($0) }
        .map { "This allows a conditional pass at best: " + printable($0) }
      steps.append("The verdict is the worst of these: \(verdict.result.words).")
    } else {
      steps += reasoning.obstacles.map { "No grade can be judged: " + printable($0) }
    }
    guard reasoning.obstacles.isEmpty else { return steps }
    steps.append(
      "Grades of the table that are met, best first by the minimum of (BH)max and then of HcJ: "
        + "\(Self.list(grades ?? [])).")
    return steps + reasoning.nextSentences(met: grades ?? [], units)
  }

  private var conditionSentence: String {
    let measured = analysis.conditions.temperature.map { "measured at \(celsius($0.value.si))" }
    let start = "The loop was \(measured ?? "measured at a temperature that is not known")"
    let reduced = analysis.reduced.map { ", and its values were reduced to \(celsius($0.temperature.si))" }
    return start + (reduced ?? "")
      + "; the uncertainties rest on the budget “\(printable(analysis.budgetName))”."
  }

  /// Limit, guard band, value, comparison and probability of one decision.
  private func limitSentence(
    _ decision: CharacteristicVerdict, _ verdict: Verdict, _ units: DisplayUnits
  ) -> String {
    let column = Column(decision.characteristic, units)
    let claim = "\(column.symbol) \(decision.side.sign) \(column.words(decision.limit))"
    let reason = decision.reason.map { " " + printable($0) } ?? ""
    guard let value = decision.value, let u = decision.expandedUncertainty, decision.result != .undetermined
    else { return "\(claim): \(decision.result.words).\(reason)" }
    let band = verdict.guardBand * u
    let isMinimum = decision.side == .minimum
    let acceptance = decision.limit + (isMinimum ? band : -band)
    func rounded(_ number: Double) -> RoundedResult {
      RoundedResult(column.unit.value(number), uncertainty: column.unit.value(u))
    }
    let estimates = analysis.reduced?.estimates ?? analysis.estimates
    let k = estimates.first { $0.characteristic == decision.characteristic }
      .map { " (k = \(fixedText($0.coverage.k, decimals: 2)))" }
    var sentence =
      "\(claim): the value is \(rounded(value).value)\(column.unitSuffix) with U = "
      + "\(rounded(value).uncertainty ?? "0")\(column.unitSuffix)\(k ?? ""). "
    if band > 0 {
      sentence +=
        "It is accepted from T \(isMinimum ? "+" : "−") w = \(rounded(acceptance).value)\(column.unitSuffix) "
        + "\(isMinimum ? "up" : "down"). "
    }
    let keeps = isMinimum ? value >= decision.limit : value <= decision.limit
    let clears = isMinimum ? value >= acceptance : value <= acceptance
    let margin = column.words(abs(value - decision.limit), significant: 3)
    sentence +=
      clears
      ? "It clears that by \(column.words(abs(value - acceptance), significant: 3))"
      : "It \(keeps ? "keeps the limit" : "misses the limit") by \(margin)"
        + (band > 0 ? ", \(abs(value - decision.limit) > band ? "more" : "not more") than w" : "")
    sentence += ": \(decision.result.words)"
    if let odds = decision.probabilityOfConformity {
      sentence += ", probability of conformity \(percent(odds))"
    }
    return sentence + "." + reason
  }
}

extension JudgementReasoning {
  fileprivate func tableSentence(_ verdict: Verdict?) -> String {
    let table = judge.table
    let confidence = verdict?.confidence ?? table.confidence.rawValue
    let subject = verdict.map { "The limits of \(printable($0.grade)) are those" } ?? "The limits are those"
    return "\(subject) of table \(printable(table.id)), edition \(printable(table.edition)) "
      + "(\(printable(source))); their confidence is “\(confidence)”, and they hold at "
      + "\(celsius(table.referenceTemperature))."
  }

  fileprivate var ruleSentence: String {
    let band =
      judge.rule.guardBand > 0
      ? "with the guard band w = \(shortText(judge.rule.guardBand))·U" : "without a guard band"
    let sides = judge.limitSelection == .minimum ? "Minima are tested" : "Minima and maxima are tested"
    return "\(sides) by the rule “\(judge.rule.id)” (\(judge.rule.title)) \(band)."
  }

  fileprivate func nextSentences(met: [MetGrade], _ units: DisplayUnits) -> [String] {
    guard let next = nextBetter else {
      return met.isEmpty ? [] : ["There is no better grade in the table."]
    }
    let misses = next.characteristics.compactMap { decision in
      decision.missWords(guardBand: next.guardBand, units)
        ?? (decision.result == .undetermined ? decision.reason : nil)
    }
    return [
      "The next better grade, \(printable(next.grade)), is not met (\(next.result.words)): "
        + misses.map(printable).joined(separator: "; ") + "."
    ]
  }
}
