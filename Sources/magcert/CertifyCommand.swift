// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certification
internal import Inspection

struct CertifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Judges samples against a grade, or lists the grades that they meet.",
    discussion: """
      Every limit is judged by a decision rule that takes the measurement uncertainty into account:
        ilac-g8     pass, conditional pass, conditional fail, fail around the limit, guard band w = U (default)
        guard-band  pass only when the value clears the limit by w = r·U
        simple      pass when the value is on the right side of the limit

      EXAMPLES
        magcert certify loop.dat
        magcert certify lot/*.dat --grade N42SH --lot L17 --archive L17.h5 --certificate L17.pdf
        magcert certify lot/*.dat --grade N42SH --lot L17 --archive L17.h5 --certificate L17.pdf \
          --laboratory laboratory.toml --lang zh
        magcert certify loop.dat --grade N42SH --rule guard-band --guard 0.82 --json
        magcert certify ferrite.dat --grade Y30H-1 --explain
        magcert certify loop.dat --table smco
        magcert certify lot/*.dat --grade N42SH --lot L17 --lot-size 1200 --aql 0.65 --archive L17.h5
        magcert certify hot.dat --grade N42SH --reduce-to 20C --coefficients series.json
      """)

  @Argument(help: "Instrument files.")
  var files: [String]
  @OptionGroup(title: "Judgement") var judgement: JudgementOptions
  @OptionGroup(title: "Lot") var lot: LotOptions
  @OptionGroup(title: "Certificate") var certificate: CertificateOptions
  @OptionGroup(title: "Specimen") var sample: SampleOptions
  @OptionGroup(title: "Analysis") var analysis: AnalysisOptions
  @OptionGroup(title: "Reduction to a reference temperature") var reduction: ReductionOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    var request = InspectionRequest()
    try sample.apply(to: &request)
    try analysis.apply(to: &request)
    try reduction.apply(to: &request)
    request.showBudget = output.showBudget
    try judgement.apply(to: &request)
    try await Session(
      request: request, output: output, lot: sample.lot, certificate: certificate.request(),
      plannedLot: lot.planned(grade: request.grade?.name, table: request.judge?.table.id)
    ).run(files)
  }
}

/// Against which limits and by which rule samples are judged.
struct JudgementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The grade to judge against, such as N42SH; without it the grades that are met are listed.",
      discussion: "A name that the default table does not have is looked for in all shipped tables."))
  var grade: String?
  @Option(
    help: ArgumentHelp(
      "The grade table: the id of a shipped one or a file; consensus-ndfeb by default.",
      discussion: "magcert grades list --tables shows them all.", valueName: "id|file.toml"))
  var table: String?
  @Option(help: "The decision rule: ilac-g8, guard-band or simple.")
  var rule = "ilac-g8"
  @Option(
    name: .customLong("guard"), help: "The guard band as a multiple of U, with guard-band or ilac-g8.")
  var guardBand: Double?
  @Option(help: "The limits that are judged: min, or min-max.")
  var limits = "min"
  @Flag(help: "Judge against limits that were not checked against their document; the result says so.")
  var allowUnchecked = false
  @Flag(help: "Explain the judgement step by step.")
  var explain = false

  func apply(to request: inout InspectionRequest) throws {
    var rule = try decisionRule()
    if let guardBand {
      guard let adjusted = rule.withGuardBand(guardBand) else {
        throw ValidationError("--guard \(guardBand) does not fit the rule “\(rule.id)”")
      }
      rule = adjusted
    }
    guard let selection = Judge.LimitSelection(rawValue: limits) else {
      throw ValidationError("--limits “\(limits)” is neither min nor min-max")
    }
    try asUsage {
      let entry = try grade.map { name throws(InputError) in try gradeEntry(name, table: table) }
      request.grade = entry?.grade
      request.judge = Judge(
        table: try entry?.table ?? gradeTable(table ?? defaultGradeTable), rule: rule,
        limitSelection: selection, allowUnchecked: allowUnchecked)
    }
    request.explains = explain
  }

  private func decisionRule() throws -> DecisionRule {
    guard let rule = DecisionRule(id: rule) else {
      throw ValidationError(
        "--rule “\(rule)” is not one of \(DecisionRule.all.map(\.id).joined(separator: ", "))")
    }
    return rule
  }
}
