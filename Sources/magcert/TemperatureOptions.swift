// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import ArgumentParser
internal import Inspection
internal import Quantities

/// The reduction of results to a reference temperature.
struct ReductionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Give the quantities at this temperature too, such as 20C, by the coefficients that follow.",
      discussion: """
        X(20) = X(T)/(1 + c·(T - 20)). Values as measured stay; the reduced ones stand beside them and are what a \
        grade is judged by. Br follows alpha and HcJ beta. HcB, (BH)max and Hk have coefficients of their own in a \
        measured series; with alpha and beta alone they are read off the fitted curve with J multiplied and the \
        switching fields shifted, and the uncertainty has a line for the width of the switching, which may change too. \
        No coefficient is ever assumed.
        """,
      valueName: "temperature"))
  var reduceTo: String?
  @Option(
    help: ArgumentHelp(
      "Coefficient of Br, relative to its value at --reduce-to: --alpha=-0.12%/K.", valueName: "%/K"))
  var alpha: String?
  @Option(
    help: ArgumentHelp(
      "Standard uncertainty of --alpha, such as 0.01%/K; 0%/K says that it is exact.", valueName: "%/K"))
  var alphaUncertainty: String?
  @Option(
    help: ArgumentHelp(
      "Coefficient of HcJ, relative to its value at --reduce-to: --beta=-0.6%/K.", valueName: "%/K"))
  var beta: String?
  @Option(
    help: ArgumentHelp(
      "Standard uncertainty of --beta, such as 0.03%/K; 0%/K says that it is exact.", valueName: "%/K"))
  var betaUncertainty: String?
  @Option(
    help: ArgumentHelp(
      "Take the coefficients from what analyze --temperature-series --json printed.",
      discussion: """
        Of several ranges the one whose end is nearest to the loop's temperature serves. Coefficients reach \
        \(TemperatureReduction.tolerance) K beyond their range, with a warning, and no further.
        """,
      valueName: "file"))
  var coefficients: String?

  func apply(to request: inout InspectionRequest) throws {
    let words = [alpha, alphaUncertainty, beta, betaUncertainty].compactMap(\.self)
    guard let reduceTo else {
      guard words.isEmpty, coefficients == nil else {
        throw ValidationError("temperature coefficients need --reduce-to, the temperature to reduce to")
      }
      return
    }
    let target = try temperature(reduceTo, "--reduce-to")
    var table: [Characteristic: [TemperatureCoefficient]] = [:]
    if let coefficients {
      guard words.isEmpty else {
        throw ValidationError("--coefficients and --alpha or --beta are two sources of the same numbers")
      }
      try asUsage { table = try measuredCoefficients(coefficients) }
    }
    for (characteristic, option, value, uncertainty) in [
      (Characteristic.remanence, "--alpha", alpha, alphaUncertainty),
      (.coercivityHcJ, "--beta", beta, betaUncertainty),
    ] {
      switch (value, uncertainty) {
      case (nil, nil): continue
      case (let value?, let uncertainty?):
        let u = try perKelvin(uncertainty, option + "-uncertainty")
        guard u >= 0 else { throw ValidationError("\(option)-uncertainty “\(uncertainty)” is negative") }
        table[characteristic] = [
          TemperatureCoefficient(
            perKelvin: try perKelvin(value, option), standardUncertainty: u, reference: target)
        ]
      case (_?, nil):
        throw ValidationError(
          "\(option) needs \(option)-uncertainty, such as 0.01%/K; 0%/K says that it is exact")
      case (nil, _?): throw ValidationError("\(option)-uncertainty needs \(option)")
      }
    }
    guard !table.isEmpty else {
      throw ValidationError("--reduce-to needs --alpha, --beta or --coefficients; none is ever assumed")
    }
    request.reduction = TemperatureReduction(to: target, coefficients: table)
  }
}

/// Loops of one specimen at several temperatures.
struct SeriesOptions: ParsableArguments {
  @ArgumentParser.Flag(
    help: ArgumentHelp(
      "The files are loops of one specimen at several temperatures: give the temperature coefficients.",
      discussion: """
        alpha of Br, beta of HcJ, and those of HcB, (BH)max and Hk, from the loop nearest to --reference-temperature \
        to every other, with the sign as measured. Gains of one instrument, the demagnetising factor and the \
        background are one unknown in all loops and cancel; the uncertainty of the temperature counts at each loop \
        anew. Temperatures are those of the files or of a column temperature of --samples. With --json the series is \
        the last line, schema magcert.temperature-series/1.
        """))
  var temperatureSeries = false
  @Option(help: "The temperature that coefficients of a series start from, with unit.")
  var referenceTemperature = "20C"

  /// The reference temperature of the series; nil when none was asked for.
  func reference() throws -> Quantity<Temperature>? {
    let reference = try temperature(referenceTemperature, "--reference-temperature")
    return temperatureSeries ? reference : nil
  }
}

private func temperature(_ text: String, _ option: String) throws -> Quantity<Temperature> {
  guard let number = NumberWithUnit(text, dimension: .temperature), number.si > 0 else {
    throw ValidationError("\(option) “\(text)” is not a temperature with a unit such as 20C")
  }
  return Quantity(si: number.si)
}

/// A relative change by kelvin, in 1/K, from words such as `-0.12%/K`; throws a usage error for anything else.
func perKelvin(_ text: String, _ option: String) throws -> Double {
  for ending in ["%/K", "%/C", "%/°C"] where text.hasSuffix(ending) {
    let number = text.dropLast(ending.count).filter { $0 != " " }
    // Nothing that is a magnet over a range of temperatures changes faster.
    if let percent = Double(number), abs(percent) <= 5 { return percent / 100 }
  }
  throw ValidationError(
    "\(option) “\(text)” is not a number from -5 to 5 with the unit %/K, such as -0.12%/K")
}
