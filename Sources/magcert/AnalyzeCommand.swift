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
      """)

  @Argument(help: "Instrument files.")
  var files: [String]
  @OptionGroup(title: "Specimen") var sample: SampleOptions
  @OptionGroup(title: "Analysis") var analysis: AnalysisOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    var request = InspectionRequest()
    try sample.apply(to: &request)
    try analysis.apply(to: &request)
    request.showBudget = output.showBudget
    try await Session(request: request, output: output, lot: sample.lot, certificate: nil).run(files)
  }
}
