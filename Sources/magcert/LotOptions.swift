// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Inspection
internal import LotStatistics

/// How a lot is judged as a whole.
struct LotOptions: ParsableArguments {
  /// The ways to judge a lot.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case attributes
    case variablesK = "variables-k"
    case variablesM = "variables-m"

    var form: VariablesForm? {
      switch self {
      case .attributes: nil
      case .variablesK: .k
      case .variablesM: .m
      }
    }
  }

  /// How severely, or as earlier lots ask for.
  enum Inspection: String, CaseIterable, ExpressibleByArgument {
    case normal, tightened, reduced, auto
  }

  @Option(
    help: ArgumentHelp(
      "The acceptance quality limit in percent: judge the lot by a sampling plan.",
      discussion: """
        The files are the sample of the lot, in the order of production; “magcert plan” says how many the plan asks for. A \
        piece that is a conditional fail or a fail does not conform.
        """, valueName: "percent"))
  var aql: String?
  @Option(
    help: ArgumentHelp("The number of pieces in the lot, 2 or more; with --aql.", valueName: "pieces"))
  var lotSize: Int?
  @Option(
    help: "The plan: attributes counts pieces; variables-k and variables-m judge mean and spread.")
  var plan = Method.attributes
  @Option(help: "How much is inspected: S-1, S-2, S-3, S-4, I, II or III.")
  var level = InspectionLevel.two
  @Option(
    help: "normal, tightened or reduced; auto follows the switching rules over the lots in --history.")
  var inspection = Inspection.normal
  @Option(
    help: ArgumentHelp(
      "The folder with the archives of earlier lots, for --inspection auto.", valueName: "folder"))
  var history: String?

  /// The plan that the options ask for; nil without --aql.
  func planned(grade: String?, table: String?) throws -> PlannedLot? {
    guard let aql else {
      guard lotSize == nil, history == nil, plan == .attributes, inspection == .normal else {
        throw ValidationError("--lot-size, --plan, --inspection and --history need --aql")
      }
      return nil
    }
    guard let lotSize else {
      throw ValidationError("--aql needs --lot-size, the number of pieces in the lot")
    }
    guard let grade, let table else {
      throw ValidationError("--aql needs --grade: a lot is judged against the limits of one grade")
    }
    guard (inspection == .auto) == (history != nil) else {
      throw ValidationError("--inspection auto and --history belong together")
    }
    guard inspection != .auto || plan == .attributes else {
      throw ValidationError("--inspection auto follows the rules for --plan attributes; name the severity")
    }
    let request = LotPlanRequest(
      lotSize: lotSize, limit: aql, level: level,
      severity: InspectionSeverity(rawValue: inspection.rawValue) ?? .normal, variables: plan.form)
    var result: PlannedLot?
    func make() throws(InputError) {
      result = try plannedLot(request, grade: grade, table: table, history: history)
    }
    // What earlier archives hold is no part of the command line.
    if history == nil { try asUsage { try make() } } else { try reportingErrors { try make() } }
    return result
  }
}
