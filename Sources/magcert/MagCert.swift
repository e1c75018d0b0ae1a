// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection

@main
struct MagCert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "magcert",
    abstract: "Proves or refutes the grade of a permanent magnet from its hysteresis loop.",
    discussion: """
      Reads loops as instruments write them, gives Br, HcB, HcJ, (BH)max, Hk, squareness and recoil permeability \
      with their uncertainties, judges them against a grade, and archives data and results in HDF5.

      EXAMPLES
        magcert analyze loop.dat --shape cuboid --size 3x3x3mm
        magcert certify lot/*.dat --grade N42SH --archive lot.h5 --certificate lot.pdf
        magcert batch measurements/ --lot L17 --grade N42SH --archive L17.h5
        magcert watch measurements/ --lot L18 --grade N42SH --archive L18.h5

      EXIT CODES
        0   every file gave its quantities; with certify, every sample conforms
        1   at least one sample does not conform; with validate, a figure misses its limit; with verify, something
            was changed
        2   at least one file could not be read or judged
        64  the command line is not understood
      """,
    version: magcertVersion,
    subcommands: [
      AnalyzeCommand.self, CertifyCommand.self, BatchCommand.self, WatchCommand.self, VerifyCommand.self,
      ArchiveCommand.self,
      GradesCommand.self, PlanCommand.self, ControlCommand.self, InstrumentsCommand.self,
      SimulateCommand.self,
      ValidateCommand.self, CertificateCommand.self, KeyCommand.self,
    ])
}
