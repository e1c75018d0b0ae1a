// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
public import Quantities

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Shape {
  /// The magnetometric demagnetising factor along the field for vanishing susceptibility.
  ///
  /// Right for detection of the whole moment (VSM, extraction). Cuboid: Aharoni, J. Appl. Phys. 83 (1998) 3432,
  /// equation 1. Cylinder: Joseph, J. Appl. Phys. 37 (1966) 4639. Ellipsoid: Osborn, Phys. Rev. 67 (1945) 351.
  public var demagnetisingFactor: Quantity<DemagnetisingFactor> {
    switch self {
    case .cuboid(let a, let b, let c): Quantity(si: cuboidFactor(a.si / 2, b.si / 2, c.si / 2))
    case .cylinder(let diameter, let length): Quantity(si: cylinderFactor(length.si / diameter.si))
    case .sphere: Quantity(si: 1.0 / 3)
    case .ellipsoid(let a, let b, let c): Quantity(si: ellipsoidFactor(a.si, b.si, c.si))
    }
  }
}

/// Aharoni's factor of a prism with semi-axes a, b, c along c.
private func cuboidFactor(_ a: Double, _ b: Double, _ c: Double) -> Double {
  // The factor depends on ratios only; a common scale keeps cubes in range for any unit.
  let scale = max(a, b, c)
  let (a, b, c) = (a / scale, b / scale, c / scale)
  let (a2, b2, c2) = (a * a, b * b, c * c)
  let r = (a2 + b2 + c2).squareRoot()
  let ab = (a2 + b2).squareRoot()
  let bc = (b2 + c2).squareRoot()
  let ac = (a2 + c2).squareRoot()
  // (r − x)/(r + x) = (r² − x²)/(r + x)² keeps the digits that the difference r − x loses.
  var sum = (b2 - c2) / (2 * b * c) * log((b2 + c2) / ((r + a) * (r + a)))
  sum += (a2 - c2) / (2 * a * c) * log((a2 + c2) / ((r + b) * (r + b)))
  sum += b / (2 * c) * log((ab + a) * (ab + a) / b2)
  sum += a / (2 * c) * log((ab + b) * (ab + b) / a2)
  sum += c / (2 * a) * log(c2 / ((bc + b) * (bc + b)))
  sum += c / (2 * b) * log(c2 / ((ac + a) * (ac + a)))
  sum += 2 * atan(a * b / (c * r))
  sum += (a * a2 + b * b2 - 2 * c * c2) / (3 * a * b * c)
  sum += (a2 + b2 - 2 * c2) / (3 * a * b * c) * r
  sum += c / (a * b) * (ac + bc)
  sum -= (ab * ab * ab + bc * bc * bc + ac * ac * ac) / (3 * a * b * c)
  return sum / .pi
}

/// Joseph's factor of a uniformly magnetised cylinder of length over diameter t.
private func cylinderFactor(_ t: Double) -> Double {
  let (k, e) = completeEllipticIntegrals(complement: t * t / (1 + t * t))
  let bracket = (1 + t * t).squareRoot() * (t * t * k + (1 - t * t) * e) - 1
  return 1 - 4 / (3 * .pi * t) * bracket
}

/// K and E of parameter m = 1 − complement, by the arithmetic-geometric mean (Abramowitz and Stegun, 17.6).
private func completeEllipticIntegrals(complement: Double) -> (k: Double, e: Double) {
  var (a, b) = (1.0, complement.squareRoot())
  var power = 0.5
  var sum = power * (1 - complement)
  for _ in 0..<60 {
    let c = 0.5 * (a - b)
    guard abs(c) > 1e-17 * a else { break }
    (a, b) = (0.5 * (a + b), (a * b).squareRoot())
    power *= 2
    sum += power * c * c
  }
  let k = .pi / (2 * a)
  return (k, k * (1 - sum))
}

/// Osborn's factor of an ellipsoid along c: abc/3·R_D(a², b², c²) with Carlson's R_D.
private func ellipsoidFactor(_ a: Double, _ b: Double, _ c: Double) -> Double {
  let scale = max(a, b, c)
  let (a, b, c) = (a / scale, b / scale, c / scale)
  return a * b * c / 3 * carlsonRD(a * a, b * b, c * c)
}

/// Carlson's degenerate elliptic integral R_D(x, y, z) by duplication.
///
/// Carlson, Numer. Algorithms 10 (1995) 13.
private func carlsonRD(_ x: Double, _ y: Double, _ z: Double) -> Double {
  var (x, y, z) = (x, y, z)
  var sum = 0.0
  var factor = 1.0
  for _ in 0..<60 {
    let mean = (x + y + 3 * z) / 5
    let spread = max(abs(mean - x), abs(mean - y), abs(mean - z)) / mean
    guard spread > 1e-4 else { break }
    let lambda = (x * y).squareRoot() + (y * z).squareRoot() + (z * x).squareRoot()
    sum += factor / (z.squareRoot() * (z + lambda))
    factor /= 4
    (x, y, z) = ((x + lambda) / 4, (y + lambda) / 4, (z + lambda) / 4)
  }
  let mean = (x + y + 3 * z) / 5
  let (dx, dy, dz) = ((mean - x) / mean, (mean - y) / mean, (mean - z) / mean)
  let ea = dx * dy
  let eb = dz * dz
  let ec = ea - eb
  let ed = ea - 6 * eb
  let ee = ed + ec + ec
  var series = ed * (-3.0 / 14 + 0.25 * (9.0 / 22) * ed - 4.5 / 26 * dz * ee)
  series += dz * (1.0 / 6 * ee + dz * (-9.0 / 22 * ec + dz * (3.0 / 26) * ea))
  return 3 * sum + factor * (1 + series) / (mean * mean.squareRoot())
}
