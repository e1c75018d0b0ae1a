// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import TestSupport
import Testing

@Suite struct UnitTests {
  private func unit(_ word: String) throws -> UnitOfMeasure { try #require(UnitOfMeasure(word: word)) }

  /// The vectors are exact to their printed digits; the conversions are products of two rounded numbers.
  @Test(
    arguments: [
      (1, "Oe", 79.5774715459477, 1e-14), (12.4, "kOe", 986_760.647169751, 1e-14),
      (12, "kOe", 954_929.658551, 1e-12), (17, "kOe", 1_352_817.01628, 1e-11),
      (20, "kOe", 1_591_549.43092, 1e-11),
      (13.1, "kG", 1.31, 1e-14), (6115, "G", 0.6115, 1e-14), (1, "emu", 1e-3, 1e-15),
      (1, "memu", 1e-6, 1e-15),
      (1, "emu/cm3", 1e3, 1e-15), (138.7, "emu/g", 138.7, 1e-15), (7.55, "g/cm3", 7550, 1e-15),
      (23, "°C", 296.15, 1e-15), (1.98, "mm", 1.98e-3, 1e-15), (54.86, "mg", 5.486e-5, 1e-15),
    ] as [(Double, String, Double, Double)])
  func unitsConvertToSI(_ value: Double, _ word: String, _ si: Double, _ tolerance: Double) throws {
    let converted = try unit(word).si(value)
    #expect(abs(converted / si - 1) <= tolerance, "\(value) \(word) is \(converted)")
  }

  /// Printed to 15 digits; µ0 enters the products.
  @Test func magneticConstantJoinsTheSystems() throws {
    let moment = try unit("emu/g").si(138.7) * unit("g/cm3").si(7.55)
    #expect(abs(moment / 1_047_185 - 1) < 1e-14)
    #expect(abs(moment * magneticConstant / 1.31593148117977 - 1) < 1e-14)
    #expect(abs(try unit("G").si(6115) / magneticConstant / 486_616.239 - 1) < 2e-9)
    #expect(abs(1 / magneticConstant / 795_774.715459477 - 1) < 1e-14)
    #expect(abs(try unit("emu").si(1) * magneticConstant / 1.25663706143592e-9 - 1) < 1e-14)
  }

  /// Multiplying and dividing round once each, so 4 ulp are generous; an offset rounds at its own magnitude.
  @Test(arguments: UnitOfMeasure.all)
  func everyUnitGoesThereAndBack(_ unit: UnitOfMeasure) {
    for (mantissa, place) in zip(
      SeededNumbers.uniform(500, seed: 1), SeededNumbers.uniform(500, seed: 2))
    {
      var x = 1 + mantissa
      let decades = Int(place * 24) - 12
      for _ in 0..<abs(decades) { x *= decades < 0 ? 0.1 : 10 }
      for x in [x, -x] {
        let back = unit.value(ofSI: unit.si(x))
        let scale = max(abs(x), abs(unit.offset / unit.factor))
        #expect(abs(back - x) <= 4 * scale.ulp, "\(x) \(unit.symbol) came back as \(back)")
      }
    }
    #expect(UnitOfMeasure(word: unit.symbol) == unit, "\(unit.symbol) does not read its own symbol")
  }

  @Test(arguments: [
    ("kA/m", "kA/m"), ("KA/m", "kA/m"), ("A_per_meter", "A/m"), ("A m^-1", "A/m"), ("(Oe)", "Oe"),
    ("OE", "Oe"),
    ("emu/cm^3", "emu/cm3"), ("emu/cm³", "emu/cm3"), ("emu/cm\u{FFFD}", "emu/cm3"), ("EMU/cc", "emu/cm3"),
    ("A·m²", "A m2"), ("A\u{FFFD}m\u{FFFD}", "A m2"), ("A.m^2", "A m2"), ("A*m2", "A m2"),
    ("Am2/kg", "A m2/kg"),
    ("µm", "µm"), ("\u{03BC}m", "µm"), ("\u{FFFD}m", "µm"), ("um", "µm"), ("mm³", "mm3"),
    ("cm\u{FFFD}", "cm3"),
    ("º C", "°C"), ("\u{FFFD}C", "°C"), ("K", "K"), ("mT", "mT"), ("T", "T"), ("G", "G"), ("g", "g"),
    ("mg", "mg"),
    ("µg", "µg"), ("kg/m^3", "kg/m3"), ("Mg/m³", "g/cm3"), ("A/mm", "kA/m"), ("MA/m", "MA/m"), ("µs", "µs"),
  ])
  func wordsAreReadAsPeopleMeanThem(_ word: String, _ symbol: String) throws {
    #expect(try unit(word).symbol == symbol)
  }

  /// The other case of these letters is another unit, a factor of up to 1e12 away, or none.
  @Test(arguments: [
    "MT", "mt", "Mg", "MG", "k", "M", "mA/m", "kM", "S", "t", "", " ", "?", "1", "/", "\u{FFFD}", "µ", "²",
    "banana",
    "kOe/s", "A/m2", "Tm", "🧲",
  ])
  func unknownWordsAreRefused(_ word: String) { #expect(UnitOfMeasure(word: word) == nil) }

  /// Text copied from a web page or a table has blanks that are not ASCII; they are not a mangled µ.
  @Test(arguments: ["\u{A0}", "\u{202F}", "\u{2009}"])
  func typographicBlanksAreBlanks(_ blank: String) throws {
    #expect(try unit("\(blank)m").symbol == "m")
    #expect(try #require(NumberWithUnit("5\(blank)g", dimension: .mass)).si == 5e-3)
    #expect(try #require(NumberWithUnit("5\(blank)mm", dimension: .length)).si == 5e-3)
  }

  @Test func dimensionsKeepLookAlikesApart() throws {
    #expect(try unit("G").dimension == .fluxDensity)
    #expect(try unit("g").dimension == .mass)
    #expect(try unit("Oe").dimension == .fieldStrength)
    #expect(try unit("emu").dimension == .magneticMoment)
    #expect(try unit("emu/g").dimension == .momentPerMass)
    #expect(try unit("emu/cm3").dimension == .fieldStrength)
    #expect(try unit("ms").dimension == .time)
    #expect(try unit("m").dimension == .length)
  }
}

@Suite struct NumberWithUnitTests {
  @Test(arguments: [
    ("1.98mm", PhysicalDimension.length, 1.98e-3), ("5e-3 m", .length, 5e-3), ("5E-3m", .length, 5e-3),
    ("1e3µm", .length, 1e-3), ("+2 mm", .length, 2e-3), ("  .5 cm", .length, 5e-3),
    ("54.86 mg", .mass, 54.86e-6),
    ("23 °C", .temperature, 296.15), ("-40°C", .temperature, 233.15), ("296.15 K", .temperature, 296.15),
    ("2emu", .magneticMoment, 2e-3), ("2e1emu", .magneticMoment, 2e-2), ("7.5 g/cm³", .density, 7500),
    ("20kOe", .fieldStrength, 1_591_549.430918953), ("0 mm", .length, 0),
  ])
  func textIsReadInSI(_ text: String, _ dimension: PhysicalDimension, _ si: Double) throws {
    let read = try #require(NumberWithUnit(text, dimension: dimension))
    // Two roundings: of the number and of the product.
    #expect(abs(read.si - si) <= 4 * abs(si).ulp, "\(text) is \(read.si)")
  }

  @Test(arguments: [
    "", " ", "54.86", "mg", "1e400 mg", "-1e999mg", "1.5.2 mg", "1,98 mg", "1e mg", "1e+ mg", "0x10 mg",
    "nan mg",
    "inf mg", "5 mm", "5 Mg", "5 mg 3", "--5 mg", "5 mg/", "٣ mg",
  ])
  func anythingElseIsRefused(_ text: String) {
    #expect(NumberWithUnit(text, dimension: .mass) == nil)
  }
}
