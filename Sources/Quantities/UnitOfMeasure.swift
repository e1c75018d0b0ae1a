// SPDX-License-Identifier: GPL-3.0-or-later

/// What a unit of measurement measures.
public enum PhysicalDimension: String, Hashable, Sendable {
  case fieldStrength = "field strength"
  case fluxDensity = "flux density or polarisation"
  case magneticMoment = "magnetic moment"
  case momentPerMass = "moment per mass"
  case energyProduct = "energy product"
  case temperature
  case length
  case volume
  case mass
  case density
  case time
  case voltage
  case current
}

/// A unit as people and instruments write it, with its exact conversion to SI.
///
/// The magnetisation units emu/cm³ and kA/m have the dimension of a field strength.
public struct UnitOfMeasure: Hashable, Sendable {
  /// The usual spelling, such as `kA/m`.
  public let symbol: String
  /// What the unit measures.
  public let dimension: PhysicalDimension
  /// The SI value of one unit.
  public let factor: Double
  /// The SI value of zero units: 273.15 for °C, else 0.
  public let offset: Double

  init(_ symbol: String, _ dimension: PhysicalDimension, _ factor: Double, offset: Double = 0) {
    self.symbol = symbol
    self.dimension = dimension
    self.factor = factor
    self.offset = offset
  }

  /// The number in SI.
  @inlinable
  public func si(_ value: Double) -> Double { value * factor + offset }

  /// The number in this unit.
  @inlinable
  public func value(ofSI si: Double) -> Double { (si - offset) / factor }

  /// The unit that a word stands for; nil when the word is not known.
  ///
  /// Upper and lower case are told apart only where it matters (mT and MT, mg and Mg); blanks, underscores,
  /// `·`, `*`, `^` and superscripts are read as people mean them, and a non-ASCII character where µ or a
  /// superscript 2 or 3 is expected is accepted, because instrument files arrive with mangled encodings.
  public init?(word: String) {
    guard let unit = Self.bySpelling[Self.skeleton(of: word)] else { return nil }
    self = unit
  }

  /// Every unit in the vocabulary, one of each.
  public static let all: [UnitOfMeasure] = spellings.map(\.unit)

  /// ASCII letters, digits and `/` with the decorations gone.
  static func skeleton(of word: String) -> String {
    var text = ""
    for scalar in word.unicodeScalars {
      switch scalar {
      case " ", "_", "\t", "·", "*", "^", ".", "⋅", "(", ")", "[", "]": continue
      case "²": text += "2"
      case "³": text += "3"
      case "µ", "μ": text += "u"
      case "°", "º": continue
      case "℃": text += "C"
      // A no-break or thin space is a blank, not a mangled µ: "5 g" must not become micrograms.
      case _ where scalar.properties.isWhitespace: continue
      default: if scalar.isASCII { text.unicodeScalars.append(scalar) } else { text += "?" }
      }
    }
    return text
  }

  private static let bySpelling: [String: UnitOfMeasure] = {
    var table: [String: UnitOfMeasure] = [:]
    for (unit, words) in spellings { for word in words { table[skeleton(of: word)] = unit } }
    return table
  }()

  /// 1 Oe = 1000/(4π) A/m; 1 G = 1e-4 T; 1 emu = 1e-3 A·m²; 1 emu/cm³ = 1 kA/m (exact by definition).
  private static let spellings: [(unit: UnitOfMeasure, words: [String])] = {
    let oersted = 1000 / (4 * Double.pi)
    return [
      (
        .init("A/m", .fieldStrength, 1),
        ["A/m", "Am-1", "Am^-1", "A_per_meter", "A_per_metre", "ampere/meter"]
      ),
      (
        .init("kA/m", .fieldStrength, 1e3),
        ["kA/m", "KA/m", "kAm-1", "kA_per_meter", "kA_per_metre", "A/mm"]
      ),
      (.init("MA/m", .fieldStrength, 1e6), ["MA/m", "MAm-1", "MA_per_meter", "MA_per_metre", "kA/mm"]),
      (.init("Oe", .fieldStrength, oersted), ["Oe", "oe", "OE", "oersted", "Oersted"]),
      (.init("kOe", .fieldStrength, 1e3 * oersted), ["kOe", "KOe", "koe", "KOE", "kilooersted"]),
      (
        .init("emu/cm3", .fieldStrength, 1e3),
        ["emu/cm3", "emu/cc", "emucm-3", "emu/cm?", "EMU/cm3", "EMU/cc", "emu_per_cc"]
      ),
      (.init("T", .fluxDensity, 1), ["T", "tesla", "Tesla"]),
      (.init("mT", .fluxDensity, 1e-3), ["mT", "millitesla"]),
      (.init("G", .fluxDensity, 1e-4), ["G", "Gs", "gauss", "Gauss"]),
      (.init("kG", .fluxDensity, 0.1), ["kG", "KG", "kGs", "KGs", "kilogauss"]),
      (
        .init("A m2", .magneticMoment, 1),
        ["Am2", "A m^2", "A*m2", "Am?", "A?m?", "A?m2", "J/T"]
      ),
      (.init("mA m2", .magneticMoment, 1e-3), ["mAm2", "mA m^2", "mAm?"]),
      (.init("emu", .magneticMoment, 1e-3), ["emu", "EMU", "erg/G", "erg/Oe"]),
      (.init("memu", .magneticMoment, 1e-6), ["memu"]),
      (.init("µemu", .magneticMoment, 1e-9), ["uemu", "?emu"]),
      (.init("emu/g", .momentPerMass, 1), ["emu/g", "emug-1", "EMU/g"]),
      (
        .init("A m2/kg", .momentPerMass, 1),
        ["Am2/kg", "A m^2/kg", "Am?/kg", "A?m?/kg", "Am2kg-1", "J/T/kg"]
      ),
      (.init("J/m3", .energyProduct, 1), ["J/m3", "J/m^3", "J/m?"]),
      (.init("kJ/m3", .energyProduct, 1e3), ["kJ/m3", "kJ/m^3", "kJ/m?", "KJ/m3"]),
      (.init("GOe", .energyProduct, 1e-4 * oersted), ["GOe", "GsOe"]),
      (.init("MGOe", .energyProduct, 100 * oersted), ["MGOe", "MGsOe", "MGOE"]),
      (.init("K", .temperature, 1), ["K", "kelvin", "Kelvin", "degK"]),
      (
        .init("°C", .temperature, 1, offset: 273.15),
        ["C", "°C", "?C", "degC", "celsius", "Celsius", "centigrade"]
      ),
      (.init("m", .length, 1), ["m", "meter", "metre"]),
      (.init("cm", .length, 1e-2), ["cm"]),
      (.init("mm", .length, 1e-3), ["mm"]),
      (.init("µm", .length, 1e-6), ["um", "?m"]),
      (.init("m3", .volume, 1), ["m3", "m^3", "m?"]),
      (.init("cm3", .volume, 1e-6), ["cm3", "cm^3", "cc", "ml", "mL", "cm?"]),
      (.init("mm3", .volume, 1e-9), ["mm3", "mm^3", "mm?"]),
      (.init("kg", .mass, 1), ["kg"]),
      (.init("g", .mass, 1e-3), ["g", "gram", "grams"]),
      (.init("mg", .mass, 1e-6), ["mg"]),
      (.init("µg", .mass, 1e-9), ["ug", "?g"]),
      (.init("kg/m3", .density, 1), ["kg/m3", "kgm-3", "kg/m?"]),
      (.init("g/cm3", .density, 1e3), ["g/cm3", "g/cc", "gcm-3", "g/cm?", "g/ml", "Mg/m3", "t/m3"]),
      (.init("s", .time, 1), ["s", "sec", "second", "seconds"]),
      (.init("ms", .time, 1e-3), ["ms", "msec"]),
      (.init("µs", .time, 1e-6), ["us", "?s"]),
      (.init("ns", .time, 1e-9), ["ns", "nsec"]),
      (.init("min", .time, 60), ["min", "minutes"]),
      (.init("h", .time, 3600), ["h", "hours"]),
      (.init("V", .voltage, 1), ["V", "volt", "Volt", "volts", "Volts"]),
      (.init("mV", .voltage, 1e-3), ["mV"]),
      (.init("µV", .voltage, 1e-6), ["uV", "?V"]),
      (.init("kV", .voltage, 1e3), ["kV"]),
      (.init("A", .current, 1), ["A", "ampere", "Ampere", "amperes", "amps"]),
      (.init("mA", .current, 1e-3), ["mA"]),
      (.init("kA", .current, 1e3), ["kA"]),
    ]
  }()
}

/// A number with a unit as a user types it, such as `54.86mg` or `23 °C`.
public struct NumberWithUnit: Hashable, Sendable {
  /// The number, in SI.
  public let si: Double
  /// The unit that was written.
  public let unit: UnitOfMeasure

  /// Reads a number followed by a unit of the dimension asked for; nil when the text is anything else.
  ///
  /// A number without a unit is refused, never guessed.
  public init?(_ text: String, dimension: PhysicalDimension) {
    let trimmed = text.drop { $0 == " " }
    // A letter e starts an exponent only when a digit or a sign follows it.
    var end = trimmed.startIndex
    var index = trimmed.startIndex
    while index < trimmed.endIndex {
      let character = trimmed[index]
      let next = trimmed.index(after: index)
      if character == "e" || character == "E" {
        guard next < trimmed.endIndex, "+-0123456789".contains(trimmed[next]) else { break }
      } else if !"+-.0123456789".contains(character) {
        break
      }
      index = next
      end = next
    }
    guard let number = Double(trimmed[..<end]), number.isFinite,
      let unit = UnitOfMeasure(word: String(trimmed[end...])), unit.dimension == dimension
    else { return nil }
    si = unit.si(number)
    self.unit = unit
  }
}
