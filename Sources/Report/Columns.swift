// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
internal import Quantities

/// The units in which people read results.
public enum DisplayUnits: String, Hashable, Sendable, CaseIterable {
  /// T, kA/m, kJ/m³.
  case si
  /// kG, kOe, MGOe.
  case cgs
}

/// A unit for people with the SI value of one of it.
struct DisplayUnit: Hashable, Sendable {
  let symbol: String
  let factor: Double

  func value(_ si: Double) -> Double { si / factor }
}

extension DisplayUnit {
  static let one = DisplayUnit(symbol: "", factor: 1)

  static func flux(_ units: DisplayUnits) -> DisplayUnit {
    units == .si ? DisplayUnit(symbol: "T", factor: 1) : DisplayUnit(symbol: "kG", factor: 0.1)
  }

  /// 1 Oe = 1000/(4π) A/m, exactly.
  static func field(_ units: DisplayUnits) -> DisplayUnit {
    units == .si
      ? DisplayUnit(symbol: "kA/m", factor: 1e3) : DisplayUnit(symbol: "kOe", factor: 1e6 / (4 * .pi))
  }

  /// 1 MGOe = 100/(4π) kJ/m³, exactly.
  static func energy(_ units: DisplayUnits) -> DisplayUnit {
    units == .si
      ? DisplayUnit(symbol: "kJ/m³", factor: 1e3) : DisplayUnit(symbol: "MGOe", factor: 1e5 / (4 * .pi))
  }

  /// 1 emu = 1 mA·m², exactly.
  static func moment(_ units: DisplayUnits) -> DisplayUnit {
    DisplayUnit(symbol: units == .si ? "mA·m²" : "emu", factor: 1e-3)
  }
}

/// How a characteristic is shown: one row per characteristic.
struct Column: Hashable, Sendable {
  let symbol: String
  let title: String
  let unit: DisplayUnit

  init(_ characteristic: Characteristic, _ units: DisplayUnits) {
    (symbol, title, unit) =
      switch characteristic {
      case .remanence: ("Br", "remanence", .flux(units))
      case .coercivityHcB: ("HcB", "coercivity of the flux density", .field(units))
      case .coercivityHcJ: ("HcJ", "coercivity of the polarisation", .field(units))
      case .energyProduct: ("(BH)max", "maximum energy product", .energy(units))
      case .kneeField: ("Hk", "knee field at J = 0.90·Br", .field(units))
      case .kneeField95: ("Hk95", "knee field at J = 0.95·Br", .field(units))
      case .kneeField80: ("Hx80", "knee field at J = 0.80·Br", .field(units))
      case .irreversibleLoss2: ("HD2", "field of 2 % irreversible loss", .field(units))
      case .irreversibleLoss5: ("HD5", "field of 5 % irreversible loss", .field(units))
      case .irreversibleLoss10: ("HD10", "field of 10 % irreversible loss", .field(units))
      case .squareness: ("Hk/HcJ", "squareness", .one)
      case .recoilPermeability: ("µrec", "relative recoil permeability", .one)
      case .switchingFieldWidth:
        ("SFDwidth", "width of the middle half of the switching-field distribution", .field(units))
      case .maximumPolarisation: ("Jmax", "polarisation at the largest field", .flux(units))
      case .remanentMoment: ("mr", "moment at zero field", .moment(units))
      }
  }
}

extension SIUnit {
  /// The unit as people write it: `kg/m³`, `A·m²`; nothing for one.
  var forPeople: String {
    switch self {
    case .one: ""
    case .joulePerCubicMetre: "J/m³"
    case .ampereSquareMetre: "A·m²"
    case .ampereSquareMetrePerKilogram: "A·m²/kg"
    case .cubicMetre: "m³"
    case .kilogramPerCubicMetre: "kg/m³"
    case .squareMetre: "m²"
    case .ohmMetre: "Ω·m"
    case .amperePerMetreSecond: "A/(m·s)"
    case .tesla, .amperePerMetre, .kelvin, .metre, .kilogram, .second, .volt, .ampere, .hertz, .perKelvin:
      rawValue
    }
  }
}
