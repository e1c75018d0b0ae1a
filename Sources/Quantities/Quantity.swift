// SPDX-License-Identifier: GPL-3.0-or-later

/// What a number stands for: a kind of quantity with its one SI unit.
///
/// Kinds keep look-alikes apart: applied and internal field, HcB and HcJ, B and J are different types.
public protocol QuantityKind: Sendable {
  /// The SI unit in which values of this kind are stored.
  static var unit: SIUnit { get }
}

/// Magnetic field strength produced by the magnet or coil, in A/m.
public enum AppliedField: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Magnetic field strength inside the specimen, H = Ha − N·J/µ0, in A/m.
public enum InternalField: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Magnetic polarisation J = µ0·M, in T.
public enum Polarisation: QuantityKind {
  /// T.
  public static var unit: SIUnit { .tesla }
}

/// Magnetic flux density B = µ0·H + J, in T.
public enum FluxDensity: QuantityKind {
  /// T.
  public static var unit: SIUnit { .tesla }
}

/// Magnetisation M, in A/m.
public enum Magnetisation: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Magnetic moment, in A·m².
public enum MagneticMoment: QuantityKind {
  /// A·m².
  public static var unit: SIUnit { .ampereSquareMetre }
}

/// Magnetic moment per mass, in A·m²/kg.
public enum SpecificMoment: QuantityKind {
  /// A·m²/kg.
  public static var unit: SIUnit { .ampereSquareMetrePerKilogram }
}

/// Remanence Br = Jr: the polarisation at zero internal field, in T.
public enum Remanence: QuantityKind {
  /// T.
  public static var unit: SIUnit { .tesla }
}

/// Coercivity HcB: magnitude of the internal field where B = 0, in A/m.
public enum CoercivityHcB: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Coercivity HcJ: magnitude of the internal field where J = 0, in A/m.
public enum CoercivityHcJ: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Knee field: magnitude of the internal field where J falls to a stated level, such as 0.90·Br for Hk, in A/m.
public enum KneeField: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Width of the middle half of the distribution of switching fields, in A/m.
public enum SwitchingFieldWidth: QuantityKind {
  /// A/m.
  public static var unit: SIUnit { .amperePerMetre }
}

/// Maximum energy product (BH)max, in J/m³.
public enum EnergyProduct: QuantityKind {
  /// J/m³.
  public static var unit: SIUnit { .joulePerCubicMetre }
}

/// Squareness Hk/HcJ.
public enum Squareness: QuantityKind {
  /// Unit one.
  public static var unit: SIUnit { .one }
}

/// Relative recoil permeability µrec.
public enum RecoilPermeability: QuantityKind {
  /// Unit one.
  public static var unit: SIUnit { .one }
}

/// Magnetic susceptibility dM/dH.
public enum Susceptibility: QuantityKind {
  /// Unit one.
  public static var unit: SIUnit { .one }
}

/// Demagnetising factor N, from 0 to 1.
public enum DemagnetisingFactor: QuantityKind {
  /// Unit one.
  public static var unit: SIUnit { .one }
}

/// Thermodynamic temperature, in K.
public enum Temperature: QuantityKind {
  /// K.
  public static var unit: SIUnit { .kelvin }
}

/// Time, in s.
public enum Time: QuantityKind {
  /// s.
  public static var unit: SIUnit { .second }
}

/// Frequency, in Hz.
public enum Frequency: QuantityKind {
  /// Hz.
  public static var unit: SIUnit { .hertz }
}

/// Voltage, in V.
public enum Voltage: QuantityKind {
  /// V.
  public static var unit: SIUnit { .volt }
}

/// Electric current, in A.
public enum ElectricCurrent: QuantityKind {
  /// A.
  public static var unit: SIUnit { .ampere }
}

/// Electrical resistivity, in Ω·m.
public enum Resistivity: QuantityKind {
  /// Ω·m.
  public static var unit: SIUnit { .ohmMetre }
}

/// Area, and the area-turns of a coil, in m².
public enum Area: QuantityKind {
  /// m².
  public static var unit: SIUnit { .squareMetre }
}

/// Length, in m.
public enum Length: QuantityKind {
  /// m.
  public static var unit: SIUnit { .metre }
}

/// Volume, in m³.
public enum Volume: QuantityKind {
  /// m³.
  public static var unit: SIUnit { .cubicMetre }
}

/// Mass, in kg.
public enum Mass: QuantityKind {
  /// kg.
  public static var unit: SIUnit { .kilogram }
}

/// Mass density, in kg/m³.
public enum Density: QuantityKind {
  /// kg/m³.
  public static var unit: SIUnit { .kilogramPerCubicMetre }
}

/// A number of a known kind, held in SI.
public struct Quantity<Kind: QuantityKind>: Hashable, Comparable, Sendable {
  /// The number, in `Kind.unit`.
  public let si: Double

  /// A quantity from a number in `Kind.unit`.
  @inlinable
  public init(si: Double) { self.si = si }

  /// Compares the numbers.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.si < right.si }
}

/// Numbers of one kind in a stated order, held in SI.
public struct Series<Kind: QuantityKind>: Hashable, Sendable {
  /// The numbers, in `Kind.unit`.
  public var si: [Double]

  /// A series from numbers in `Kind.unit`.
  @inlinable
  public init(si: [Double]) { self.si = si }

  /// How many numbers there are.
  @inlinable
  public var count: Int { si.count }
}

/// The magnetic constant µ0 = 4π·10⁻⁷ H/m.
///
/// The value fixed before 2019; the measured one differs by less than 1e-9 relative, and a program constant
/// makes unit round trips exact (CODATA 2018 gives 1.25663706212(19)e-6).
public let magneticConstant = 4e-7 * Double.pi
