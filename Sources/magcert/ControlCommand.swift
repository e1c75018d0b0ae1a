// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import ArgumentParser
internal import Inspection
internal import Report

extension Characteristic: ExpressibleByArgument {}

struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control",
    abstract: "Draws conclusions from archived results over time: control charts, reference magnets, trends.",
    discussion: """
      Takes the values of one quantity out of archives, in the order in which the archives were made, and tests them with \
      Shewhart charts, of single values and moving ranges or, with --subgroup, of means and standard deviations, and with \
      Nelson's eight rules.

      With --reference the values are those of a reference magnet: each is compared with the known one by \
      E_n = (x - x_ref)/sqrt(U^2 + U_ref^2), and a trend over the measurements counts as out of control.

      EXAMPLES
        magcert control lots/*.h5 --quantity HcJ
        magcert control lots/*.h5 --quantity Br --subgroup 5 --json
        magcert control checks/*.h5 --quantity HcJ --sample REF-1 --reference 1600kA/m --uncertainty 12kA/m

      EXIT CODES
        0   in control
        1   a point signals, an E_n is above 1, or a reference magnet has a trend
        2   an archive cannot be read, or has too few values
        64  the command line is not understood
      """)

  @Argument(help: "Archives.")
  var archives: [String]
  @Option(help: "The quantity by its key in JSON: Br, HcB, HcJ, BHmax, Hk, squareness, muRec …")
  var quantity = Characteristic.coercivityHcJ
  @Option(help: "Only the measurements of this sample.")
  var sample: String?
  @Option(help: "How many values make a subgroup; single values without it.")
  var subgroup = 1
  @Option(help: ArgumentHelp("The known value of a reference magnet.", valueName: "value with unit"))
  var reference: String?
  @Option(help: ArgumentHelp("Its expanded uncertainty U, k = 2.", valueName: "value with unit"))
  var uncertainty: String?
  @Option(help: "Units for people: si or cgs. JSON is always SI.")
  var units = DisplayUnits.si
  @ArgumentParser.Flag(help: "Print a JSON object, schema magcert.control/1.")
  var json = false

  func validate() throws {
    guard (reference == nil) == (uncertainty == nil) else {
      throw ValidationError("--reference and --uncertainty belong together")
    }
    guard subgroup > 0 else { throw ValidationError("--subgroup \(subgroup) is less than 1") }
  }

  func run() throws {
    var isInControl = false
    try reportingErrors {
      let known: (value: String, expandedUncertainty: String)?
      if let reference, let uncertainty { known = (reference, uncertainty) } else { known = nil }
      let sheet = try controlSheet(
        quantity, in: archives, sample: sample, subgroupSize: subgroup, reference: known)
      try printOut(json ? sheet.jsonLine() + "\n" : sheet.text(units: units))
      isInControl = sheet.isInControl
    }
    if !isInControl { throw ExitCode(1) }
  }
}
