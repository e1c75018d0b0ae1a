// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// A column's name taken apart: `Magnetic Field (Oe)`, `H [kA/m]`, `H/kA/m`, `H, kA/m`.
struct ColumnName {
  /// The name as the file spells it, without quotation marks and blanks around it.
  let spelled: String
  /// The name without the unit.
  let name: String
  /// The text of the unit; nil when there is none.
  let unitText: String?

  /// Takes a name apart.
  init(_ text: String) {
    spelled = text.trimmed
    var parts: (name: Substring, unit: Substring)?
    let bytes = spelled.utf8
    if let last = bytes.last, last == UInt8(ascii: ")") || last == UInt8(ascii: "]"),
      let opening = bytes.lastIndex(of: UInt8(ascii: last == UInt8(ascii: ")") ? "(" : "["))
    {
      parts = (spelled[..<opening], Substring(bytes[bytes.index(after: opening)...].dropLast()))
    } else if let mark = bytes.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ",") }) {
      parts = (spelled[..<mark], spelled[bytes.index(after: mark)...])
    }
    name = String(parts?.name ?? spelled[...]).trimmed
    let unit = String(parts?.unit ?? "").trimmed
    unitText = unit.isEmpty ? nil : unit
  }

  /// A name and the text of a unit that the file has in different places.
  init(name: String, unitText: String?) {
    self.name = name
    self.unitText = unitText
    spelled = unitText.map { "\(name) (\($0))" } ?? name
  }

  /// The unit that the header names; nil when it names none that is known.
  var headerUnit: UnitOfMeasure? { unitText.flatMap(UnitOfMeasure.init(word:)) }

  /// The unit the user stated for the column as it is spelled in full, else that of the header, else the one
  /// stated for the name alone; nil when none is known.
  ///
  /// So a unit stated for a batch serves the files that need it and leaves the others as they are.
  func unit(_ options: ReadingOptions) -> UnitOfMeasure? {
    options.columnUnits[spelled] ?? headerUnit ?? options.columnUnits[name]
  }

  /// The name in lower-case ASCII letters and digits, with `µ`, `π` and `σ` written out.
  ///
  /// A sign that changes the meaning, such as those of `|H|`, `ΔM`, `M'` and `-H`, stays as a question mark.
  var skeleton: String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "µ", "μ": result += "mu"
      case "π": result += "pi"
      case "σ": result += "sigma"
      case "₀": result += "0"
      case "a"..."z", "0"..."9": result.unicodeScalars.append(scalar)
      case "A"..."Z": result += String(scalar).lowercased()
      case " ", "_", "-", ".", "·", "*", "(", ")", "[", "]", "{", "}", ":", "⋅", "\u{A0}":
        if scalar == "-", result.isEmpty { result = "?" }
      // A description in Chinese or Japanese beside the symbol.
      case "\u{3000}"..."\u{9FFF}": break
      default: result += "?"
      }
    }
    return result
  }

  /// The same; throws when it is not known or of another dimension, and adds a note when the user has stated it.
  func unit(
    _ dimensions: [PhysicalDimension], _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> UnitOfMeasure {
    guard let unit = unit(options), dimensions.contains(unit.dimension) else { throw unitError(dimensions) }
    if unit != headerUnit { notes.append(.stated(unit, for: self)) }
    return unit
  }

  /// The error for a column whose unit is missing, unknown or of another dimension.
  func unitError(_ dimensions: [PhysicalDimension]) -> ReadError {
    let known = UnitOfMeasure.all.filter { dimensions.contains($0.dimension) }.map(\.symbol)
    let fault = unitText.map { "its unit “\($0)” is not one that is known for it" } ?? "it has no unit"
    let example = known.first ?? "A/m"
    return ReadError(
      .unit,
      "\(fault); write one of \(known.joined(separator: ", ")) behind the name, as in “\(name) (\(example))”, "
        + "or state it with --unit \"\(spelled)=\(example)\"", column: spelled)
  }
}

/// Throws when a unit is stated for a column that is not there.
func requireStatedColumns(_ options: ReadingOptions, among columns: [ColumnName]) throws(ReadError) {
  guard !options.columnUnits.isEmpty else { return }
  let names = Set(columns.flatMap { [$0.spelled, $0.name] })
  guard let stranger = options.columnUnits.keys.sorted().first(where: { !names.contains($0) }) else { return }
  throw ReadError(
    .missingColumn,
    "a unit is stated for it and there is no such column; the columns are "
      + columns.map(\.spelled).joined(separator: ", "), column: stranger)
}

/// Throws for the first number that left the range of a double on its way to SI.
func requireFinite(_ si: [Double], lines: [Int], column: String) throws(ReadError) {
  guard let row = si.firstIndex(where: { !$0.isFinite }) else { return }
  throw ReadError(
    .malformed, "the number is too large to be one of a measurement", line: lines[row], column: column)
}

extension UnitOfMeasure {
  /// The numbers in SI; a coherent unit leaves them as they are, to the last bit.
  func si(_ values: [Double]) -> [Double] {
    factor == 1 && offset == 0 ? values : values.map { self.si($0) }
  }

  /// The numbers as a field in A/m; in a unit of flux density they are µ0·H.
  func field(_ values: [Double]) -> [Double] {
    dimension == .fluxDensity ? si(values).map { $0 / magneticConstant } : si(values)
  }
}
