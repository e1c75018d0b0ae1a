// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// Where a value came from.
public enum Origin: String, Codable, Hashable, Sendable {
  /// The user said so.
  case user
  /// The file's header says so.
  case header
  /// A column of the file.
  case data
  /// Computed from other values.
  case computed
  /// Nobody said so; a documented default.
  case assumed
}

/// A value and where it came from.
public struct Sourced<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The value.
  public let value: Value
  /// Where it came from.
  public let origin: Origin

  /// A value with its origin.
  public init(_ value: Value, _ origin: Origin) {
    self.value = value
    self.origin = origin
  }
}

/// The shape of a specimen with its size; lengths in m, the last one along the field.
public enum Shape: Hashable, Sendable {
  /// A rectangular prism of edges a × b × c, c along the field.
  case cuboid(a: Quantity<Length>, b: Quantity<Length>, c: Quantity<Length>)
  /// A cylinder magnetised along its axis.
  case cylinder(diameter: Quantity<Length>, length: Quantity<Length>)
  /// A sphere.
  case sphere(diameter: Quantity<Length>)
  /// An ellipsoid of full axes a × b × c, c along the field.
  case ellipsoid(a: Quantity<Length>, b: Quantity<Length>, c: Quantity<Length>)

  /// `cuboid`, `cylinder`, `sphere` or `ellipsoid`.
  public var name: String {
    switch self {
    case .cuboid: "cuboid"
    case .cylinder: "cylinder"
    case .sphere: "sphere"
    case .ellipsoid: "ellipsoid"
    }
  }

  /// The lengths in m, the one along the field last.
  public var lengths: [Double] {
    switch self {
    case .cuboid(let a, let b, let c), .ellipsoid(let a, let b, let c): [a.si, b.si, c.si]
    case .cylinder(let diameter, let length): [diameter.si, length.si]
    case .sphere(let diameter): [diameter.si]
    }
  }

  /// The area of the cross-section across the field, in m²; nil where it changes along the field.
  public var crossSection: Quantity<Area>? {
    switch self {
    case .cuboid(let a, let b, _): Quantity(si: a.si * b.si)
    case .cylinder(let d, _): Quantity(si: .pi / 4 * d.si * d.si)
    case .sphere, .ellipsoid: nil
    }
  }

  /// The volume, in m³.
  public var volume: Quantity<Volume> {
    switch self {
    case .cuboid(let a, let b, let c): Quantity(si: a.si * b.si * c.si)
    case .cylinder(let d, let length): Quantity(si: .pi / 4 * d.si * d.si * length.si)
    case .sphere(let d): Quantity(si: .pi / 6 * d.si * d.si * d.si)
    case .ellipsoid(let a, let b, let c): Quantity(si: .pi / 6 * a.si * b.si * c.si)
    }
  }
}

/// Whether the specimen is part of a closed magnetic circuit.
public enum Circuit: String, Codable, Hashable, Sendable, CaseIterable {
  /// The specimen stands free in the field (VSM, extraction, most pulsed-field systems).
  case open
  /// The specimen is clamped between pole pieces.
  case closed
}

/// How the self-demagnetising field is to be corrected.
public enum DemagnetisationChoice: Hashable, Sendable {
  /// From the shape, in an open circuit whose field is the applied one.
  case automatic
  /// Not at all.
  case none
  /// With this factor, 0 to 1.
  case factor(Quantity<DemagnetisingFactor>)
}

/// What is known of the specimen and its mounting; every value with its origin.
public struct Sample: Hashable, Sendable {
  /// The specimen's name.
  public var id: Sourced<String>?
  /// The lot it belongs to.
  public var lot: Sourced<String>?
  /// The material, in the operator's words.
  public var material: Sourced<String>?
  /// Its mass, in kg.
  public var mass: Sourced<Quantity<Mass>>?
  /// Its density, in kg/m³.
  public var density: Sourced<Quantity<Density>>?
  /// Its volume, in m³.
  public var volume: Sourced<Quantity<Volume>>?
  /// Its shape and size.
  public var shape: Sourced<Shape>?
  /// Open or closed circuit.
  public var circuit: Sourced<Circuit>?
  /// Its temperature when that is not a column of the file, in K.
  public var temperature: Sourced<Quantity<Temperature>>?

  /// A specimen of which nothing is known.
  public init() {}

  /// This specimen with everything that `stated` knows put in place of its own.
  public func overridden(by stated: Sample) -> Sample {
    var result = self
    result.id = stated.id ?? id
    result.lot = stated.lot ?? lot
    result.material = stated.material ?? material
    result.mass = stated.mass ?? mass
    result.density = stated.density ?? density
    result.volume = stated.volume ?? volume
    result.shape = stated.shape ?? shape
    result.circuit = stated.circuit ?? circuit
    result.temperature = stated.temperature ?? temperature
    return result
  }

  /// The volume with its origin: the one given, else that of the shape, else mass by density.
  public var effectiveVolume: Sourced<Quantity<Volume>>? {
    if let volume { return volume }
    if let shape { return Sourced(shape.value.volume, shape.origin) }
    if let mass, let density, density.value.si > 0 {
      return Sourced(Quantity(si: mass.value.si / density.value.si), .computed)
    }
    return nil
  }

  /// The density as given, else mass by volume; nil when there is neither.
  public var effectiveDensity: Sourced<Quantity<Density>>? {
    if let density { return density }
    guard let mass, let volume = effectiveVolume, volume.value.si > 0 else { return nil }
    return Sourced(Quantity(si: mass.value.si / volume.value.si), .computed)
  }
}
