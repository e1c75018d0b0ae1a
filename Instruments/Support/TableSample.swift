// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What the `# key: value` lines of a table say of the specimen.
struct TableSample {
  private(set) var sample = Sample()

  /// Reads the entries; one that cannot be read becomes a note and is not used.
  init(_ entries: [HeaderEntry], _ notes: inout [ReadingNote]) {
    func text(_ key: String) -> String? {
      entries.first { $0.key.lowercased() == key && !$0.value.isEmpty }?.value
    }
    func ignore(_ key: String, _ text: String, _ expected: String) {
      notes.append(
        ReadingNote(
          code: "header-value-ignored", message: "\(key) “\(text)” is not \(expected) and was not used"))
    }
    func number<Kind>(_ key: String, _ dimension: PhysicalDimension) -> Sourced<Quantity<Kind>>? {
      guard let text = text(key) else { return nil }
      guard let number = NumberWithUnit(text, dimension: dimension), number.si > 0 else {
        ignore(key, text, "a number above 0 with a unit of \(dimension.rawValue)")
        return nil
      }
      return Sourced(Quantity(si: number.si), .header)
    }
    sample.id = text("sample").map { Sourced($0, .header) }
    sample.lot = text("lot").map { Sourced($0, .header) }
    sample.material = text("material").map { Sourced($0, .header) }
    sample.mass = number("mass", .mass)
    sample.density = number("density", .density)
    sample.volume = number("volume", .volume)
    if let text = text("temperature") {
      if let number = NumberWithUnit(text, dimension: .temperature) {
        sample.temperature = specimenTemperature(number.si, "temperature", text, &notes)
      } else {
        ignore("temperature", text, "a number with a unit of temperature")
      }
    }
    if let word = text("circuit") {
      if let circuit = Circuit(rawValue: word.lowercased()) {
        sample.circuit = Sourced(circuit, .header)
      } else {
        ignore("circuit", word, "open or closed")
      }
    }
    if let size = text("size") {
      if let shape = Self.shape(size, word: text("shape") ?? "") {
        sample.shape = Sourced(shape, .header)
      } else {
        ignore(
          "size", size, "the size of a \(text("shape") ?? "cuboid") with a unit, such as 1.98x1.99x2.70 mm")
      }
    }
  }

  private static func shape(_ text: String, word: String) -> Shape? {
    guard let size = sizeNumbers(text), let unit = UnitOfMeasure(word: size.unitText),
      unit.dimension == .length
    else { return nil }
    return Shape(word: word, lengths: size.numbers.map { unit.si($0) })
  }
}
