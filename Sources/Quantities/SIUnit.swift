// SPDX-License-Identifier: GPL-3.0-or-later

/// The coherent SI units in which magcert stores and exchanges numbers.
///
/// The raw value is the text used in JSON and in the archive.
public enum SIUnit: String, Codable, Hashable, Sendable {
  case one = "1"
  case tesla = "T"
  case amperePerMetre = "A/m"
  case joulePerCubicMetre = "J/m3"
  case ampereSquareMetre = "A m2"
  case kelvin = "K"
  case metre = "m"
  case cubicMetre = "m3"
  case kilogram = "kg"
  case kilogramPerCubicMetre = "kg/m3"
  case ampereSquareMetrePerKilogram = "A m2/kg"
  case second = "s"
  case volt = "V"
  case ampere = "A"
  case squareMetre = "m2"
  case hertz = "Hz"
  case perKelvin = "1/K"
  case amperePerMetreSecond = "A/(m s)"
  case ohmMetre = "ohm m"
}
