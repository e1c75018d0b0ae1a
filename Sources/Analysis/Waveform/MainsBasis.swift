// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The mains frequency of a record, in cycles per sample.
struct MainsFrequency: Sendable {
  let frequency: Double
  /// How far the true frequency may lie off.
  let standardUncertainty: Double
}

/// One and the sinusoids of the mains, as functions of the row.
struct MainsBasis: Sendable {
  /// How many harmonics there are, the fundamental included.
  static let harmonics = 5

  /// Cycles per sample; nil for the constant alone.
  let frequency: Double?

  /// How many functions there are.
  var order: Int { frequency == nil ? 1 : 1 + 2 * Self.harmonics }

  /// Every function at a row: 1, then cosine and sine of each harmonic.
  func values(at row: Int) -> [Double] {
    guard let frequency else { return [1] }
    let angle = 2 * .pi * frequency * Double(row)
    let (c, s) = (cos(angle), sin(angle))
    var values = [1, c, s]
    values.reserveCapacity(order)
    for _ in 1..<Self.harmonics {
      let (x, y) = (values[values.count - 2], values[values.count - 1])
      values += [x * c - y * s, x * s + y * c]
    }
    return values
  }

  /// The integral of every function from row 0 to a row, in samples.
  func integrals(to row: Int) -> [Double] {
    guard let frequency else { return [Double(row)] }
    var integrals = [Double(row)]
    let values = values(at: row)
    for harmonic in 1...Self.harmonics {
      let speed = 2 * .pi * frequency * Double(harmonic)
      integrals += [values[2 * harmonic] / speed, (1 - values[2 * harmonic - 1]) / speed]
    }
    return integrals
  }

  /// The derivative of a sum of the functions by the frequency's phase: each harmonic turned by 90° and weighted.
  func quadrature(of coefficients: [Double]) -> [Double] {
    guard frequency != nil else { return [0] }
    return [0]
      + (1...Self.harmonics).flatMap { harmonic in
        let weight = Double(harmonic)
        return [weight * coefficients[2 * harmonic], -weight * coefficients[2 * harmonic - 1]]
      }
  }
}

/// A sum of the functions of a basis: an error of a channel that varies as slowly as the mains.
struct SlowError: Sendable {
  let basis: MainsBasis
  var coefficients: [Double]

  /// The error at a row.
  func value(at row: Int) -> Double { Self.sum(coefficients, basis.values(at: row)) }

  /// The error of the integral between two rows, in samples.
  func integral(from start: Int, to end: Int) -> Double {
    Self.sum(coefficients, basis.integrals(to: end)) - Self.sum(coefficients, basis.integrals(to: start))
  }

  /// The error times a factor.
  func scaled(by factor: Double) -> SlowError {
    SlowError(basis: basis, coefficients: coefficients.map { $0 * factor })
  }

  private static func sum(_ coefficients: [Double], _ values: [Double]) -> Double {
    zip(coefficients, values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
