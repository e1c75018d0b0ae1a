// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Measurements
import Quantities
import Report
import Testing

/// The table for a specimen whose only quantity is Br = `value` ± 2·`u` tesla.
private func tableLine(_ value: Double, u: Double) -> String {
  var sample = Fixture.sample(verdict: nil, grades: nil)
  sample.analysis.properties = MagnetProperties()
  sample.analysis.absences = []
  sample.analysis.properties.remanence = Estimate(
    value: Quantity(si: value), budget: [BudgetLine(id: "a", evaluation: .typeB, title: "a", contribution: u)],
    method: "m")
  return sample.terminalTable().split(separator: "\n").first { $0.hasPrefix("  Br ") }.map {
    $0.split(separator: " ").joined(separator: " ")
  } ?? ""
}

@Test func showMe() {
  let sample = Fixture.sample()
  print(sample.terminalTable())
  print(sample.terminalTable(units: .cgs))
  print(sample.terminalPlot() ?? "none")
  print(sample.terminalPlot(ascii: true) ?? "none")
  print(sample.budgetTable())
  print(lotTable([sample, Fixture.sample(id: "B", verdict: Fixture.verdict(.fail))], failures: [Fixture.failure], lot: "2025-041"))
  print(sample.jsonLine())
  print(Fixture.failure.jsonLine())
}
