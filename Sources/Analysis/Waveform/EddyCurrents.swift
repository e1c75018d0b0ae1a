// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
public import Quantities

extension Shape {
  /// The mean square distance from the axis along the field, m².
  ///
  /// A cylinder of radius a has a²/2, a sphere 2a²/5, a prism (a² + b²)/12 of its edges, an ellipsoid (a² + b²)/20 of
  /// its full axes.
  public var meanSquareDistanceFromAxis: Double {
    switch self {
    case .cuboid(let a, let b, _): (a.si * a.si + b.si * b.si) / 12
    case .cylinder(let diameter, _): diameter.si * diameter.si / 8
    case .sphere(let diameter): diameter.si * diameter.si / 10
    case .ellipsoid(let a, let b, _): (a.si * a.si + b.si * b.si) / 20
    }
  }

  /// What eddy currents add to the measured polarisation while the field penetrates the specimen, T.
  ///
  /// ΔJ = −µ0·µr·⟨r²⟩/(4ρ)·dB/dt with dB/dt = µ0·µr·dH/dt: a²/8ρ for a cylinder, a²/10ρ for a sphere. Exact for
  /// bodies of revolution; for others ⟨r²⟩/4 is more than the currents' loops reach, so it is an upper bound.
  /// `resistivity` in Ω·m, `fieldRate` dH/dt in A/(m·s). It holds where J follows its reversible slope. In the
  /// switching front it falls short: there the error grows like a power of 0.64 to 0.86 of the rate.
  public func linearEddyPolarisation(
    resistivity: Double, relativePermeability: Double, fieldRate: Double
  ) -> Quantity<Polarisation> {
    let permeability = magneticConstant * relativePermeability
    return Quantity(
      si: -permeability * permeability * meanSquareDistanceFromAxis / (4 * resistivity) * fieldRate)
  }
}
