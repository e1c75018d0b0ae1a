// SPDX-License-Identifier: GPL-3.0-or-later
public import ArgumentParser
public import Certification
internal import Inspection
public import LotStatistics
internal import Report

extension InspectionLevel: ExpressibleByArgument {}
extension InspectionSeverity: ExpressibleByArgument {}
extension SigmaKnowledge: ExpressibleByArgument {}
extension VariablesForm: ExpressibleByArgument {}

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Says how many pieces of a lot to inspect, and when to accept it.",
    discussion: """
      Reads the single sampling plans of ANSI/ASQ Z1.4 (MIL-STD-105E), which count pieces that do not conform, or with \
      --variables those of ANSI/ASQ Z1.9 (MIL-STD-414), which compare the mean and the standard deviation of measured \
      values with a limit and need fewer pieces, but normally distributed values. The acceptance quality limit, AQL, is the \
      worst percentage of pieces that do not conform that is still tolerable on average over many lots; lots at the AQL are \
      mostly accepted, and the table printed says how often others are.

      Inspection starts as normal. It becomes tightened after 2 of 5 or fewer lots in a row were rejected, and normal again \
      after 5 accepted in a row; it is discontinued after 5 rejected under tightened inspection. It may be reduced after a \
      long run of good lots from steady production when the customer agrees.

      EXAMPLES
        magcert plan --lot-size 1200 --aql 0.65
        magcert plan --lot-size 1200 --aql 0.65 --inspection tightened
        magcert plan --lot-size 500 --aql 1.0 --level S-4 --json
        magcert plan --lot-size 1200 --aql 0.65 --variables k
        magcert plan --lot-size 1200 --aql 0.65 --variables m --sigma known

      EXIT CODES
        0   the plan was printed
        64  the command line is not understood, or no table has such a plan
      """)

  @Option(help: ArgumentHelp("The number of pieces in the lot, 2 or more.", valueName: "pieces"))
  var lotSize: Int
  @Option(
    help: ArgumentHelp(
      "The acceptance quality limit in percent, one of the tabled values.",
      discussion: """
        0.010, 0.015, 0.025, 0.040, 0.065, 0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5 or 10; for variables 0.10 to \
        10; above 10, up to 1000, defects per hundred pieces.
        """, valueName: "percent"))
  var aql: String
  @Option(help: "How much is inspected: S-1, S-2, S-3, S-4, I, II or III; for variables not S-1 and S-2.")
  var level = InspectionLevel.two
  @Option(help: "normal, tightened or reduced.")
  var inspection = InspectionSeverity.normal
  @Option(
    help: ArgumentHelp(
      "Judge measured values by k (one limit) or by m (one limit or two).", valueName: "k|m"))
  var variables: VariablesForm?
  @Option(
    help:
      "Whether the standard deviation of the process is known, with --variables: unknown (estimated from the sample) or known."
  )
  var sigma: SigmaKnowledge?
  @Flag(help: "Print a JSON object, schema magcert.plan/1.")
  var json = false

  func validate() throws {
    guard sigma == nil || variables != nil else {
      throw ValidationError("--sigma belongs to --variables k or --variables m; counting pieces needs no σ")
    }
  }

  func run() throws {
    try asUsage {
      let plan = try lotPlan(
        LotPlanRequest(
          lotSize: lotSize, limit: aql, level: level, severity: inspection, variables: variables,
          sigma: sigma ?? .unknown))
      let sheet = PlanSheet(plan, level: level)
      try printOut(json ? sheet.jsonLine() + "\n" : sheet.text)
    }
  }
}
