// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Measurements
import Quantities
import TestSupport
import Testing

@Suite struct DemagnetisingFactorTests {
  private func length(_ value: Double) -> Quantity<Length> { Quantity(si: value) }
  private func cylinder(_ lengthOverDiameter: Double) -> Double {
    Shape.cylinder(diameter: length(3e-3), length: length(3e-3 * lengthOverDiameter)).demagnetisingFactor.si
  }
  private func cuboid(_ a: Double, _ b: Double, _ c: Double) -> Double {
    Shape.cuboid(a: length(a), b: length(b), c: length(c)).demagnetisingFactor.si
  }
  private func ellipsoid(_ a: Double, _ b: Double, _ c: Double) -> Double {
    Shape.ellipsoid(a: length(a), b: length(b), c: length(c)).demagnetisingFactor.si
  }

  /// Ten printed digits: half a unit of the last, and 1e-10 for the rounding of the tables' own making.
  @Test(
    arguments: [
      (0.1, 0.7966764825), (0.2, 0.6801745322), (0.5, 0.4744899757), (0.7, 0.3933104021), (1, 0.3115773927),
      (2, 0.1818642481), (5, 0.07990732917), (10, 0.0411928758),
    ] as [(Double, Double)])
  func cylindersAgreeWithTheTable(_ ratio: Double, _ expected: Double) {
    #expect(abs(cylinder(ratio) - expected) < 1.5e-10, "\(cylinder(ratio))")
  }

  @Test(
    arguments: [
      (1, 1, 1, 1.0 / 3, 1e-13), (1, 1, 2, 0.198316152789, 1e-12), (1, 1, 0.5, 0.495922037975, 1e-12),
      (2, 3, 1, 0.538790305924, 1e-12), (3, 1, 2, 0.278391716036, 1e-12), (1, 2, 3, 0.182817978040, 1e-12),
      (1, 1, 5, 0.0883157400454, 1e-12), (10, 10, 1, 0.805077633641, 1e-12),
      (2.2, 2.2, 2.1, 0.343746042, 1e-9),
      (1.98, 1.99, 2.70, 0.268257728, 1e-9),
    ] as [(Double, Double, Double, Double, Double)])
  func prismsAgreeWithTheTable(
    _ a: Double, _ b: Double, _ c: Double, _ expected: Double, _ tolerance: Double
  ) {
    #expect(abs(cuboid(a, b, c) - expected) < tolerance, "\(cuboid(a, b, c))")
    // The factor is a matter of shape, whatever the size.
    for scale in [1e-9, 1e-3, 1e6] {
      #expect(abs(cuboid(a * scale, b * scale, c * scale) - expected) < tolerance)
    }
  }

  @Test(
    arguments: [
      (1, 1, 1, 1.0 / 3), (1, 1, 2, 0.1735639975), (1, 1, 5, 0.0558209698), (1, 1, 10, 0.0202858803),
      (2, 2, 1, 0.5272002826), (10, 10, 1, 0.8608042765), (2, 1, 3, 0.1563006988), (3, 1, 2, 0.2671540403),
      (3, 2, 1, 0.5765452609),
    ] as [(Double, Double, Double, Double)])
  func ellipsoidsAgreeWithTheTable(_ a: Double, _ b: Double, _ c: Double, _ expected: Double) {
    #expect(abs(ellipsoid(a, b, c) - expected) < 1e-10, "\(ellipsoid(a, b, c))")
  }

  @Test func sphereIsAThird() {
    #expect(Shape.sphere(diameter: length(2e-3)).demagnetisingFactor.si == 1.0 / 3)
    #expect(abs(ellipsoid(2e-3, 2e-3, 2e-3) - 1.0 / 3) < 1e-15)
  }

  /// The trace of the demagnetising tensor is 1 for every body and uniform magnetisation.
  @Test func factorsOfTheThreeAxesAddUpToOne() {
    let numbers = SeededNumbers.uniform(300, seed: 61).map { 0.2 + 4.8 * $0 }
    for index in stride(from: 0, to: numbers.count, by: 3) {
      let (a, b, c) = (numbers[index], numbers[index + 1], numbers[index + 2])
      #expect(abs(cuboid(a, b, c) + cuboid(b, c, a) + cuboid(c, a, b) - 1) < 1e-12, "\(a) \(b) \(c)")
      #expect(abs(ellipsoid(a, b, c) + ellipsoid(b, c, a) + ellipsoid(c, a, b) - 1) < 1e-12, "\(a) \(b) \(c)")
      // The edges across the field may change places.
      #expect(abs(cuboid(a, b, c) - cuboid(b, a, c)) < 1e-13)
      #expect(abs(ellipsoid(a, b, c) - ellipsoid(b, a, c)) < 1e-13)
    }
  }

  /// Films and needles: cancellation between the formulas' terms must not leave 0 to 1 by more than rounding.
  @Test(arguments: [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4])
  func extremeAspectRatiosStayBetweenZeroAndOne(_ ratio: Double) {
    for factor in [cylinder(ratio), cuboid(1, 1, ratio), ellipsoid(1, 1, ratio), cuboid(1, ratio, ratio)] {
      #expect(factor.isFinite && factor > -1e-6 && factor < 1 + 1e-6, "\(factor) at \(ratio)")
    }
  }

  @Test func longerSpecimensDemagnetiseLess() {
    let ratios = (0..<60).map { index in (0..<index).reduce(0.05) { value, _ in value * 1.15 } }
    for (here, next) in zip(ratios, ratios.dropFirst()) {
      #expect(cylinder(next) < cylinder(here))
      #expect(cuboid(1, 1, next) < cuboid(1, 1, here))
      #expect(ellipsoid(1, 1, next) < ellipsoid(1, 1, here))
    }
  }

  /// The published tables beside the checkout, where they are; rows of comma-separated numbers.
  private func rows(_ name: String) throws -> [[Double]]? {
    guard let url = Repository.shared("facts/\(name)") else {
      print("facts/\(name) is not here; passing over it")
      return nil
    }
    return try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).prefix(6).compactMap { Double($0) }
    }
  }

  @Test func cylindersAgreeWithThePublishedTable() throws {
    guard let rows = try rows("demag_cylinder_chi0.csv") else { return }
    #expect(rows.count > 20)
    for row in rows where row.count >= 2 {
      #expect(abs(cylinder(row[0]) - row[1]) < 1e-9, "L/D = \(row[0]): \(cylinder(row[0]))")
    }
  }

  @Test func prismsAndEllipsoidsAgreeWithThePublishedTables() throws {
    for (name, factor) in [("demag_prism_chi0.csv", cuboid), ("demag_ellipsoid.csv", ellipsoid)] {
      guard let rows = try rows(name) else { continue }
      #expect(rows.count > 10)
      for row in rows where row.count == 6 {
        let (a, b, c) = (row[0], row[1], row[2])
        for (computed, printed) in zip([factor(b, c, a), factor(c, a, b), factor(a, b, c)], row[3...]) {
          #expect(abs(computed - printed) < 1e-9, "\(name) \(a) × \(b) × \(c): \(computed), not \(printed)")
        }
      }
    }
  }
}
