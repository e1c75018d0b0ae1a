// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Foundation
public import Measurements
internal import TOMLText

extension TypeBBudget {
  /// The general budget for a circuit, shipped with magcert.
  public static func general(for circuit: Circuit) throws(InputError) -> TypeBBudget {
    let id = circuit == .open ? "default-open-circuit" : "default-closed-circuit"
    guard let folder = Bundle.module.url(forResource: "Budgets", withExtension: nil) else {
      throw InputError("the folder of default budgets is missing beside the program; install it again")
    }
    let text = try readSettingsText(folder.appending(path: id + ".toml").path)
    return try TypeBBudget(toml: text, name: id, isDefault: true)
  }

  /// A laboratory's own budget from a TOML file.
  public init(file path: String) throws(InputError) {
    try self.init(toml: readSettingsText(path), name: path, isDefault: false)
  }

  /// A budget from TOML text; `source` names it in errors.
  ///
  /// Every line has `id`, `title`, `input` and one figure in the unit of its input. Throws one sentence that
  /// names the line.
  public init(toml: String, name source: String, isDefault: Bool) throws(InputError) {
    let text: BudgetText
    do { text = try decodeTOML(BudgetText.self, from: toml) } catch {
      throw InputError("budget “\(source)”: \(error)")
    }
    var lines: [Line] = []
    for entry in text.line {
      guard !lines.contains(where: { $0.id == entry.id }) else {
        throw InputError("budget “\(source)”: two lines have the id “\(entry.id)”")
      }
      // The names of what the loop itself tells.
      let taken = [
        "noise", "estimator", "branches", "sampling", "extrapolation", "misfit", "field-noise",
        "centring-field",
        "centring-response", "drift", "approach-exponent", "pickup-coil", "field-sensor", "field-sensor-air",
        "coil-area", "field-channel-air", "pickup-delay-air",
        "integrated-noise", "zero-and-hum", "mains-frequency", "field-channel", "pickup-delay", "empty-shot",
        "compensation-residue", "calibration-shot", "eddy-currents", "eddy-lag", "eddy-extrapolation",
        "image-effect",
        "temperature-reduction", "temperature-model",
      ]
      guard !taken.contains(entry.id) else {
        throw InputError("budget “\(source)”: the id “\(entry.id)” is taken by magcert itself")
      }
      lines.append(try entry.line(source))
    }
    guard !lines.isEmpty else { throw InputError("budget “\(source)” has no [[line]]") }
    self.init(name: text.name, isDefault: isDefault, lines: lines)
  }
}

/// The file as it is written.
private struct BudgetText: Decodable {
  struct Entry: Decodable {
    var id: String
    var title: String
    var input: String
    var percent: TOMLNumber?
    var absolute: TOMLNumber?
    var kelvin: TOMLNumber?
    var kA_per_m: TOMLNumber?
    var alpha_percent_per_K: TOMLNumber?
    var beta_percent_per_K: TOMLNumber?
    var degrees_of_freedom: TOMLNumber?
    var distribution: String?
  }
  var name: String
  var line: [Entry]
}

extension BudgetText.Entry {
  func line(_ source: String) throws(InputError) -> TypeBBudget.Line {
    let figures: [(key: String, value: TOMLNumber?, scale: Double)] = [
      ("percent", percent, 0.01), ("absolute", absolute, 1), ("kelvin", kelvin, 1),
      ("kA_per_m", kA_per_m, 1000),
    ]
    let place = "budget “\(source)”, line “\(id)”"
    func figure(_ key: String) throws(InputError) -> Double {
      let given = figures.filter { $0.value != nil }
      guard given.count == 1, let only = given.first, only.key == key, let number = only.value else {
        throw InputError("\(place): an uncertainty of “\(input)” needs the one figure “\(key)”")
      }
      // Nothing measured is worse than this by far; larger figures are slips of the pen.
      guard (0...1000).contains(number.value) else {
        throw InputError("\(place): \(key) = \(number.value) is not from 0 to 1000")
      }
      return number.value * only.scale
    }
    let meaning: TypeBBudget.Input
    let uncertainty: Double
    switch input {
    case "polarisation-gain": (meaning, uncertainty) = (.polarisationGain, try figure("percent"))
    case "field-gain": (meaning, uncertainty) = (.fieldGain, try figure("percent"))
    case "polarisation-offset": (meaning, uncertainty) = (.polarisationOffset, try figure("percent"))
    case "drift": (meaning, uncertainty) = (.loopLevel, try figure("percent"))
    case "demagnetising-factor": (meaning, uncertainty) = (.demagnetisingFactor, try figure("absolute"))
    case "susceptibility": (meaning, uncertainty) = (.susceptibility, try figure("absolute"))
    case "field-offset": (meaning, uncertainty) = (.fieldOffset, try figure("kA_per_m"))
    case "temperature":
      guard let alpha = alpha_percent_per_K, let beta = beta_percent_per_K else {
        throw InputError("\(place): a temperature needs alpha_percent_per_K and beta_percent_per_K")
      }
      meaning = .temperature(alphaPerKelvin: alpha.value / 100, betaPerKelvin: beta.value / 100)
      uncertainty = try figure("kelvin")
    default:
      throw InputError(
        "\(place): “\(input)” is not one of polarisation-gain, field-gain, demagnetising-factor, "
          + "susceptibility, temperature, polarisation-offset, field-offset, drift")
    }
    guard let form = TypeBBudget.Distribution(rawValue: distribution ?? "normal") else {
      throw InputError("\(place): distribution = “\(distribution ?? "")” is neither normal nor rectangular")
    }
    if let degrees = degrees_of_freedom, degrees.value < 1 {
      throw InputError("\(place): \(degrees.value) degrees of freedom are fewer than 1")
    }
    return TypeBBudget.Line(
      id: id, title: title, input: meaning, standardUncertainty: uncertainty,
      degreesOfFreedom: degrees_of_freedom?.value, distribution: form)
  }
}
