// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The fewest rows from which anything could be told of a loop.
let fewestRows = 8

extension ReadingNote {
  /// For a last row with all its cells and without a line end, of which nobody can tell whether it was cut.
  static let noFinalLineEnd = ReadingNote(
    code: "no-final-line-end",
    message: "the last row has no line end; if the file was cut there, its last number may lack digits")

  /// For a value in a header that nobody changed from what the program offers.
  static func offeredValue(_ key: String, _ text: String) -> ReadingNote {
    ReadingNote(
      code: "placeholder-value", message: "\(key) “\(text)” is a placeholder value and was not used")
  }

  /// For a number in a header that is not used: a placeholder value or one that cannot be read.
  static func unused(_ key: String, _ text: String, _ expected: String) -> ReadingNote {
    isPlaceholder(text) ? offeredValue(key, text) : ignored(key, text, expected)
  }

  /// For a value in a header that cannot be read.
  static func ignored(_ key: String, _ text: String, _ expected: String) -> ReadingNote {
    ReadingNote(
      code: "header-value-ignored", message: "\(key) “\(text)” is not \(expected) and was not used")
  }
}

/// Whether the text of a size is what programs offer before anybody types one: nothing, N/A, 0 or 1 of the file's
/// own unit.
func isPlaceholder(_ text: String) -> Bool {
  let trimmed = text.trimmed
  if ["", "n/a"].contains(trimmed.lowercased()) { return true }
  let number = Double(trimmed.prefix { "+-.0123456789eE".contains($0) })
  return number == 0 || number == 1
}

/// A mass or volume in SI that somebody has typed into the dialogue of a program.
///
/// Nil with a note for a placeholder value and for what is no such size. `unit` is that of a text without one.
func typedSize(
  _ key: String, _ text: String, unit: String = "", _ dimension: PhysicalDimension,
  _ notes: inout [ReadingNote]
) -> Double? {
  if !isPlaceholder(text), let number = NumberWithUnit(text + unit, dimension: dimension), number.si > 0 {
    return number.si
  }
  notes.append(.unused(key, text, "a number above 0 with a unit of \(dimension.rawValue)"))
  return nil
}

extension Shape {
  /// A shape from the word a header uses for it and its lengths in m, the one along the field last.
  ///
  /// Without a word three lengths are a cuboid. Nil when the word is not known, the lengths do not fit it or one
  /// is not above 0.
  init?(word: String, lengths: [Double]) {
    guard lengths.allSatisfy({ $0.isFinite && $0 > 0 }), let last = lengths.last else { return nil }
    let sizes = lengths.map { Quantity<Length>(si: $0) }
    switch word.trimmed.lowercased() {
    case "", "cuboid", "prism", "rectangular prism", "rectangular", "box", "bar", "plate", "block", "cube":
      guard sizes.count == 3 else { return nil }
      self = .cuboid(a: sizes[0], b: sizes[1], c: sizes[2])
    case "cylinder", "cylindrical", "disc", "disk", "rod":
      // Three lengths name the diameter twice.
      guard sizes.count == 2 || sizes.count == 3 && sizes[0] == sizes[1] else { return nil }
      self = .cylinder(diameter: sizes[0], length: Quantity(si: last))
    case "sphere", "spherical", "ball":
      guard sizes.count == 1 || sizes.count == 3 && sizes.allSatisfy({ $0.si == last }) else { return nil }
      self = .sphere(diameter: Quantity(si: last))
    case "ellipsoid", "ellipsoidal":
      guard sizes.count == 3 else { return nil }
      self = .ellipsoid(a: sizes[0], b: sizes[1], c: sizes[2])
    default: return nil
    }
  }
}

/// The numbers of a size such as `(1.98, 1.99, 2.70)` or `1.98x1.99x2.70 mm` with the text behind them.
func sizeNumbers(_ text: String) -> (numbers: [Double], unitText: String)? {
  var body = text.trimmed
  if body.hasPrefix("("), let closing = body.lastIndex(of: ")") {
    body = String(body[body.index(after: body.startIndex)..<closing] + body[body.index(after: closing)...])
  }
  let parts = body.split(omittingEmptySubsequences: false) { ",x×*X".contains($0) }.map { String($0).trimmed }
  guard let last = parts.last else { return nil }
  let split = last.firstIndex { $0.isLetter || $0 == "µ" } ?? last.endIndex
  var numbers: [Double] = []
  for part in parts.dropLast() + [String(last[..<split]).trimmed] {
    guard let number = Double(part), number.isFinite else { return nil }
    numbers.append(number)
  }
  return (numbers, String(last[split...]).trimmed)
}
