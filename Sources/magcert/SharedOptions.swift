// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import ArgumentParser
internal import Inspection
internal import Measurements
internal import Quantities

extension EstimationMethod: ExpressibleByArgument {}
extension RecoilMethod: ExpressibleByArgument {}
extension BranchChoice: ExpressibleByArgument {}
extension ColumnChoice: ExpressibleByArgument {}

/// What the user says about the specimens.
struct SampleOptions: ParsableArguments {
  @Option(help: "The specimen's name.")
  var sample: String?
  @Option(help: "The lot's name.")
  var lot: String?
  @Option(help: "Mass with unit, such as 54.86mg.")
  var mass: String?
  @Option(help: "Density with unit, such as 7.5g/cm3.")
  var density: String?
  @Option(help: "Volume with unit, such as 10.6mm3.")
  var volume: String?
  @Option(help: "cuboid, cylinder, sphere or ellipsoid.")
  var shape: String?
  @Option(
    help:
      "Size with unit; the last length lies along the field: 1.98x1.99x2.70mm; for a cylinder LxD: 5x10mm.")
  var size: String?
  @Option(
    help: ArgumentHelp(
      "Self-demagnetisation: auto, none, or the factor N from 0 to 1.",
      discussion: "auto corrects loops of open circuits with a known shape."))
  var demag = "auto"
  @Option(help: "open or closed; by default what the instrument's format implies.")
  var circuit: String?
  @Option(
    help:
      "Temperature of the specimen with unit, such as 23C or 296K; --temperature=-40C when it is negative.")
  var temperature: String?
  @Option(
    help: ArgumentHelp(
      "A CSV table with a column file and others named as these options, for values that differ by file.",
      valueName: "manifest.csv"))
  var samples: String?

  func apply(to request: inout InspectionRequest) throws {
    let words = [
      "sample": sample, "lot": lot, "mass": mass, "density": density, "volume": volume, "shape": shape,
      "size": size, "circuit": circuit, "temperature": temperature,
    ].compactMapValues(\.self)
    try asUsage { try request.sample = StatedSample(words).sample() }
    switch demag {
    case "auto": request.demagnetisation = .automatic
    case "none": request.demagnetisation = .none
    default:
      guard let factor = Double(demag), (0..<1).contains(factor) else {
        throw ValidationError("--demag “\(demag)” is not auto, none, or a number from 0 to below 1")
      }
      request.demagnetisation = .factor(Quantity(si: factor))
    }
    if let samples { try asUsage { request.samples = try sampleManifest(samples) } }
  }
}

/// How files are read and analysed.
struct AnalysisOptions: ParsableArguments {
  @Option(help: "The driver to read with, by its id; by default recognised from the content.")
  var instrument: String?
  @Option(
    help: ArgumentHelp(
      "Read text that no driver knows as a profile describes it: a TOML file, or the id of a shipped example.",
      discussion: """
        It states encoding, delimiter, decimal mark, where the table is, what its columns hold in which units, and \
        where the header names the specimen. magcert instruments profile FILE proposes one.
        """,
      valueName: "file.toml"))
  var profile: String?
  @Option(help: "Which block to read of a file that holds several, by its name in the file.")
  var block: String?
  @Option(
    name: .customLong("unit"),
    help: ArgumentHelp(
      "The unit of a column whose header names none, such as H=A/m; may be repeated.",
      valueName: "column=unit"))
  var units: [String] = []
  @Option(
    help: ArgumentHelp(
      "fit, local, or interpolation; by default fit.",
      discussion: """
        fit takes values off a curve that follows all samples and checks them with polynomials around each; local takes \
        those polynomials alone. interpolation gives the two-point values of instrument software, for comparison only.
        """, valueName: "method"))
  var method: EstimationMethod?
  @ArgumentParser.Flag(
    help: "Take local estimators only, as --method local: less time, more uncertainty; every result says so.")
  var fast = false
  @Option(
    help: ArgumentHelp(
      "Recoil permeability: auto, recoil-loop, secant or major-slope.",
      discussion: """
        recoil-loop is the line through a recoil loop back to H = 0, secant that between its tips, major-slope the \
        slope of the curve itself from 0 to -0.7 HcB. auto takes recoil-loop where the data hold one, else major-slope. \
        HD2, HD5 and HD10 rest on it.
        """, valueName: "method"))
  var recoil = RecoilMethod.auto
  @Option(help: "falling, rising, or both branches of the loop.")
  var branch = BranchChoice.both
  @Option(help: "raw columns, or processed: the instrument's own corrected ones where the file has them.")
  var columns = ColumnChoice.raw
  @Option(
    help: ArgumentHelp(
      "A record of the instrument without a specimen, at least 4 and better 16 loop times long.",
      discussion: """
        It tells the noise that is as slow as a loop, which the loop itself cannot. Same kind of response, ranges, \
        filters and sampling interval as the loops.
        """,
      valueName: "file"))
  var blank: String?
  @Option(
    help: ArgumentHelp(
      "How the sensitivity of coils between iron poles changes with the field, as TOML.",
      discussion: """
        A name, a source and [[point]] tables with field_kA_per_m, rising from 0 on, sensitivity relative to that of \
        the calibration, and uncertainty_percent. The response is divided by it; beyond the table it is not known.
        """,
      valueName: "file.toml"))
  var imageEffect: String?
  @Option(
    help: ArgumentHelp(
      "What the channels of waveform records mean: the coils, as TOML.",
      discussion: """
        Needed for oscilloscope and recorder files. A name, [pickup] and [field] tables with channel, kind, gain and \
        uncertainty_percent; simulate shot --setup writes one to start from.
        """,
      valueName: "file.toml"))
  var setup: String?
  @Option(
    help: ArgumentHelp(
      "What the coils record without a specimen; once for all files, or once for each in their order.",
      valueName: "file"))
  var emptyShot: [String] = []
  @Option(
    help: ArgumentHelp(
      "The shot of a specimen with the polarisation that [calibration] of the setup states.",
      valueName: "file"))
  var calibrationShot: String?
  @ArgumentParser.Flag(
    help: ArgumentHelp(
      "The files are shots of one specimen at two or three rates, the slowest first: extrapolate eddy currents away.",
      discussion:
        "Linear in the rate from two shots; from three by Aitken's rule. Half of the change is uncertainty."))
  var pulseRates = false
  @Option(
    help: ArgumentHelp(
      "Type B uncertainty budget of this instrument.",
      discussion: """
        A name and [[line]] tables with id, title, input and the standard uncertainty of the input: percent for \
        polarisation-gain, field-gain, polarisation-offset and drift; absolute for demagnetising-factor and \
        susceptibility; kA_per_m for field-offset; kelvin with alpha_percent_per_K and beta_percent_per_K for \
        temperature. A line may have degrees_of_freedom and distribution, normal or rectangular. The general budgets \
        beside the program are examples.
        """,
      valueName: "file.toml"))
  var budget: String?
  @Option(
    help: "Probability that U is meant to cover, such as 0.95; the default 0.9545 gives k = 2.")
  var coverage = 0.9545
  @ArgumentParser.Flag(
    help: ArgumentHelp(
      "Fit the approach to saturation for Js.",
      discussion: "J = Js + χ·µ0·H + a/H² above 0.7 of the largest field, which must be at least twice HcJ."))
  var saturationFit = false

  func apply(to request: inout InspectionRequest) throws {
    if let instrument, !instrumentIDs.contains(instrument) {
      throw ValidationError(
        "--instrument “\(instrument)” is not one of \(instrumentIDs.joined(separator: ", "))")
    }
    request.instrumentID = instrument
    guard profile == nil || (instrument == nil && setup == nil && units.isEmpty) else {
      throw ValidationError(
        "--profile says how a loop is read and in which units; it does not go with --instrument, --unit or --setup"
      )
    }
    request.profile = profile
    request.reading.block = block
    for pair in units {
      guard let mark = pair.lastIndex(of: "="),
        let unit = UnitOfMeasure(word: String(pair[pair.index(after: mark)...]))
      else {
        throw ValidationError("--unit “\(pair)” is not a column and a known unit such as H=A/m")
      }
      request.reading.columnUnits[String(pair[..<mark])] = unit
    }
    if fast, let method, method != .local {
      throw ValidationError("--fast and --method \(method.rawValue) ask for different estimators")
    }
    request.method = fast ? .local : method ?? .fit
    request.recoilMethod = recoil
    request.branch = branch
    request.columns = columns
    // Below, a verdict would rest on an uncertainty that means nothing.
    guard (0.9...0.9999).contains(coverage) else {
      throw ValidationError("--coverage \(coverage) is not from 0.9 to 0.9999")
    }
    request.coverageProbability = coverage
    request.approachToSaturation = saturationFit
    request.blank = blank
    guard setup != nil || (emptyShot.isEmpty && calibrationShot == nil && !pulseRates) else {
      throw ValidationError("--empty-shot, --calibration-shot and --pulse-rates need a --setup")
    }
    guard setup == nil || imageEffect == nil else {
      throw ValidationError(
        "--image-effect and --setup do not go together: a pulsed-field magnetometer has no iron poles")
    }
    request.imageEffect = imageEffect
    request.setup = setup
    request.emptyShots = emptyShot
    request.calibrationShot = calibrationShot
    request.combinesRates = pulseRates
    if let budget { try asUsage { request.budget = try TypeBBudget(file: budget) } }
  }
}

/// Turns what is wrong with an argument into a usage error, exit code 64.
func asUsage(_ body: () throws -> Void) throws {
  do { try body() } catch let error as InputError { throw ValidationError(error.description) }
}
