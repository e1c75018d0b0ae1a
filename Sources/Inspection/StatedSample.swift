// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

/// What a user says about a specimen, in words with units, as options or as cells of a manifest.
public struct StatedSample: Hashable, Sendable {
  /// The words by name: `sample`, `lot`, `mass`, `density`, `volume`, `shape`, `size`, `circuit`, `temperature`.
  public var words: [String: String]

  /// The names that are understood.
  public static let names = [
    "sample", "lot", "mass", "density", "volume", "shape", "size", "circuit", "temperature",
  ]

  /// What a user says, by name; empty words count as not said.
  public init(_ words: [String: String]) { self.words = words.filter { !$0.value.isEmpty } }

  /// The specimen; every value has the origin `.user`.
  ///
  /// Throws one sentence for a number without a unit, an unknown word, or a size that does not fit the shape.
  public func sample() throws(InputError) -> Sample {
    var sample = Sample()
    sample.id = words["sample"].map { Sourced($0, .user) }
    sample.lot = words["lot"].map { Sourced($0, .user) }
    sample.mass = try quantity("mass", .mass, "54.86mg")
    sample.density = try quantity("density", .density, "7.5g/cm3")
    sample.volume = try quantity("volume", .volume, "10.6mm3")
    sample.temperature = try quantity("temperature", .temperature, "23C")
    if let word = words["circuit"] {
      guard let circuit = Circuit(rawValue: word) else {
        throw InputError("circuit “\(word)” is neither open nor closed")
      }
      sample.circuit = Sourced(circuit, .user)
    }
    sample.shape = try shape()
    return sample
  }

  private func quantity<Kind>(
    _ name: String, _ dimension: PhysicalDimension, _ example: String
  ) throws(InputError) -> Sourced<Quantity<Kind>>? {
    guard let word = words[name] else { return nil }
    guard let number = NumberWithUnit(word, dimension: dimension) else {
      throw InputError("\(name) “\(word)” is not a number with a unit such as \(example)")
    }
    // 0 K and below, and no mass or volume, are slips of the pen.
    guard number.si > 0 else { throw InputError("\(name) “\(word)” is not above zero") }
    return Sourced(Quantity(si: number.si), .user)
  }

  private func shape() throws(InputError) -> Sourced<Shape>? {
    let name = words["shape"]
    guard let size = words["size"] else {
      guard let name else { return nil }
      throw InputError("shape “\(name)” needs a size, such as 3x3x3mm")
    }
    let lengths = try Self.lengths(size)
    func length(_ index: Int) -> Quantity<Length> { Quantity(si: lengths[index]) }
    switch (name ?? (lengths.count == 3 ? "cuboid" : ""), lengths.count) {
    case ("cuboid", 3): return Sourced(.cuboid(a: length(0), b: length(1), c: length(2)), .user)
    case ("ellipsoid", 3): return Sourced(.ellipsoid(a: length(0), b: length(1), c: length(2)), .user)
    case ("cylinder", 2): return Sourced(.cylinder(diameter: length(1), length: length(0)), .user)
    case ("sphere", 1): return Sourced(.sphere(diameter: length(0)), .user)
    case ("", _): throw InputError("size “\(size)” needs a shape: cuboid, cylinder, sphere or ellipsoid")
    case ("cuboid", _), ("ellipsoid", _):
      throw InputError("a \(name ?? "cuboid") has three lengths, the last along the field, not “\(size)”")
    case ("cylinder", _): throw InputError("a cylinder has length and diameter, LxD, not “\(size)”")
    case ("sphere", _): throw InputError("a sphere has one length, its diameter, not “\(size)”")
    default: throw InputError("shape “\(name ?? "")” is not one of cuboid, cylinder, sphere, ellipsoid")
    }
  }

  /// Lengths in m from `1.98x1.99x2.70mm`; a unit after the last number serves those without.
  private static func lengths(_ text: String) throws(InputError) -> [Double] {
    let parts = text.split(whereSeparator: { $0 == "x" || $0 == "×" || $0 == "X" }).map(String.init)
    guard let last = parts.last else { throw InputError("an empty size") }
    let unit = String(last.drop { "+-.0123456789eE ".contains($0) })
    var lengths: [Double] = []
    for part in parts {
      let hasUnit = part.contains { $0.isLetter && $0 != "e" && $0 != "E" }
      guard let number = NumberWithUnit(hasUnit ? part : part + unit, dimension: .length), number.si > 0
      else {
        throw InputError("size “\(text)” is not lengths with a unit such as 1.98x1.99x2.70mm")
      }
      lengths.append(number.si)
    }
    return lengths
  }
}

/// What a manifest says about each file: a CSV table with a column `file` and others named as the options.
///
/// Keys are the paths as the table spells them. Throws one sentence with the line.
public func sampleManifest(_ path: String) throws(InputError) -> [String: Sample] {
  let rows = try readSettingsText(path).split(omittingEmptySubsequences: false) { $0.isNewline }
    .enumerated().filter { !$0.element.allSatisfy(\.isWhitespace) }
  guard let header = rows.first else { throw InputError("manifest “\(path)” is empty") }
  func cells(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
      var text = String(cell).trimmingBlanks
      if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
        text = String(text.dropFirst().dropLast())
      }
      return text
    }
  }
  let names = cells(header.element)
  guard let fileColumn = names.firstIndex(of: "file") else {
    throw InputError("manifest “\(path)”, line \(header.offset + 1): there is no column “file”")
  }
  if let stranger = names.first(where: { $0 != "file" && !StatedSample.names.contains($0) }) {
    throw InputError(
      "manifest “\(path)”, line \(header.offset + 1): column “\(stranger)” is not one of file, "
        + StatedSample.names.joined(separator: ", "))
  }
  var result: [String: Sample] = [:]
  for row in rows.dropFirst() {
    let values = cells(row.element)
    let place = "manifest “\(path)”, line \(row.offset + 1)"
    guard values.count == names.count else {
      throw InputError("\(place): \(values.count) cells under \(names.count) columns")
    }
    let file = values[fileColumn]
    guard !file.isEmpty, result[file] == nil else {
      throw InputError("\(place): the file is \(file.isEmpty ? "not named" : "“\(file)” a second time")")
    }
    var words = Dictionary(zip(names, values)) { first, _ in first }
    words["file"] = nil
    do { result[file] = try StatedSample(words).sample() } catch {
      throw InputError("\(place): \(error.description)")
    }
  }
  return result
}

extension String {
  fileprivate var trimmingBlanks: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
