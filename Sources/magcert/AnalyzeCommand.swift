// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Gives the magnetic properties of loops with their uncertainties.",
    discussion: """
      Every file is recognised by its content and read as its instrument wrote it. Values that the header does not \
      give, or gives wrongly, are stated as options with units; what is stated wins.

      EXAMPLES
        magcert analyze loop.dat
        magcert analyze loop.dat --shape cylinder --size 5x10mm --temperature 23C --show-budget
        magcert analyze curve.txt --unit H=kA/m --unit B=T --json
        magcert analyze loop.dat --blank blank.dat --show-budget
        magcert analyze loop.dat --method interpolation --branch falling
        magcert analyze loop.dat --budget lab.toml --monte-carlo 2000
        magcert analyze 20C.dat 60C.dat 100C.dat --temperature-series
        magcert analyze loop.dat --temperature 80C --reduce-to 20C --alpha=-0.12%/K --alpha-uncertainty 0.01%/K
      """)

  @Argument(help: "Instrument files.")
  var files: [String]
  @OptionGroup(title: "Specimen") var sample: SampleOptions
  @OptionGroup(title: "Analysis") var analysis: AnalysisOptions
  @Option(
    help: ArgumentHelp(
      "Check the uncertainties with as many simulated loops, at least \(MonteCarloRequest.fewestDraws), such as 2000.",
      discussion: """
        JCGM 101:2008: loops are drawn from the fitted curve with noise and an error of every input of the budget, and \
        analysed anew. u by linear propagation and by Monte Carlo stand side by side, and whether both give the same \
        interval in two digits of u, which may take a million loops to tell. About 10 ms a loop.
        """,
      valueName: "number"))
  var monteCarlo: Int?
  @Option(help: "The base of the seeds of --monte-carlo.")
  var seed: UInt32 = 1
  @OptionGroup(title: "Temperature series") var series: SeriesOptions
  @OptionGroup(title: "Reduction to a reference temperature") var reduction: ReductionOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    var request = InspectionRequest()
    try sample.apply(to: &request)
    try analysis.apply(to: &request)
    try reduction.apply(to: &request)
    request.showBudget = output.showBudget
    if let monteCarlo {
      guard (MonteCarloRequest.fewestDraws...10_000_000).contains(monteCarlo) else {
        throw ValidationError(
          "--monte-carlo \(monteCarlo) is not from \(MonteCarloRequest.fewestDraws) to 10000000")
      }
      request.monteCarlo = MonteCarloRequest(draws: monteCarlo, seed: seed)
    }
    let series = try series.reference()
    if series != nil, monteCarlo != nil {
      throw ValidationError("--temperature-series and --monte-carlo do not go together")
    }
    try await Session(
      request: request, output: output, lot: sample.lot, certificate: nil, seriesReference: series
    ).run(files)
  }
}
