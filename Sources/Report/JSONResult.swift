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
  public func jsonLine(showBudget: Bool = false) -> String { line(showBudget ? .all : .none) }

  /// The line that archives take: budgets are in tables there, and the line has those only for which there are none.
  ///
  /// They are the budgets of Js and of values at another temperature. The function `archivedLine(_:with:)` adds the others.
  public func archivedLine() -> String { line(.withoutTables) }

  /// Whether the archived line has budgets.
  public var hasBudgetsWithoutTables: Bool { analysis.saturation != nil || analysis.reduced != nil }

  private func line(_ budgets: ShownBudgets) -> String {
    var json = JSONText(capacity: budgets == .all ? 24576 : 8192)
    var endOfFlags = 0
    json.object { json in
      json.absent(analysis.absences)
      json.member("budgetName", analysis.budgetName)
      json.object("conditions") { $0.members(of: analysis.conditions) }
      json.objects("corrections", analysis.corrections) { $0.members(of: $1) }
      if !analysis.diagnostics.isEmpty {
        json.object("diagnostics") { $0.members(of: analysis.diagnostics) }
      }
      json.estimation(of: analysis)
      let steps = explanation(.si)
      if !steps.isEmpty { json.member("explanation", steps) }
      json.objects("flags", analysis.flags) { $0.message($1.code.rawValue, $1.message) }
      endOfFlags = json.bytes.count - 1
      if let grades {
        json.objects("gradeResults", grades) { $0.members(of: $1) }
        json.member("grades", grades.map(\.name))
      }
      json.instrumentResults(analysis.instrumentComparisons)
      json.objects("notes", notes) { $0.message($1.code, $1.message) }
      json.quantities(
        analysis.estimates, saturation: analysis.saturation, budgets: budgets, monteCarlo: monteCarlo)
      if let reduced = analysis.reduced {
        json.object("reduced") { $0.members(of: reduced, showBudget: budgets != .none) }
      }
      json.object("sample") { $0.members(of: sample) }
      json.member("schema", "magcert.result/1")
      json.object("source") { $0.members(of: source) }
      if let temperatureSeries {
        json.object("temperatureSeries") { $0.members(of: temperatureSeries) }
      }
      if let verdict { json.object("verdict") { $0.members(of: verdict) } }
    }
    // In pieces, because to check UTF-8 is free where all is ASCII, and after the flags hardly anything is not.
    return String(decoding: json.bytes[..<endOfFlags], as: UTF8.self) + json.flagsOfRefused(after: endOfFlags)
      + String(decoding: json.bytes[endOfFlags...], as: UTF8.self)
  }
}

extension JSONText {
  /// Flags for the numbers that were left out, to stand at the end of the array of flags that was written before.
  fileprivate func flagsOfRefused(after end: Int) -> String {
    guard !refused.isEmpty else { return "" }
    var flags = JSONText()
    for name in refused {
      flags.object { $0.message("not-finite", "\(name) is not a finite number and was left out.") }
    }
    return (bytes[end - 1] == UInt8(ascii: "[") ? "" : ",") + flags.string
  }
}

extension ReportedFailure {
  /// The failure as one line of JSON, schema `magcert.result/1`, without the line feed.
  public func jsonLine() -> String {
    var json = JSONText()
    json.object { json in
      json.object("error") { json in
        json.member("code", code)
        json.member("column", column)
        json.member("line", line)
        json.member("message", message)
      }
      json.member("schema", "magcert.result/1")
      json.object("source") { $0.members(of: source) }
    }
    return json.string
  }
}

extension LotSummary {
  /// How many samples have each result, by the words of JSON.
  var numbers: [String: Int] {
    var numbers = ["failed": failed, "unjudged": unjudged, "total": total]
    for result in Conformity.allCases { numbers[result.rawValue] = counts[result] ?? 0 }
    return numbers
  }
}
