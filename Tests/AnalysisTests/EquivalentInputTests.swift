// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct EquivalentInputTests {
  private let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField, .squareness, .recoilPermeability,
    .maximumPolarisation,
  ]

  private let loop = SimulatedLoop(.c).with { $0.noisePercent = 0.2 }.measurement()

  /// Adding and taking away µ0·H rounds at 3 T, 4e-16; windows and sums make 1e-10 of it at the most.
  private func expectEqual(_ one: LoopAnalysis, _ other: LoopAnalysis) throws {
    for characteristic in characteristics {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic]))
      #expect(abs(a.value / b.value - 1) < 1e-9, "\(characteristic) \(a.value) \(b.value)")
      #expect(abs(a.standardUncertainty / b.standardUncertainty - 1) < 1e-6, "u of \(characteristic)")
    }
  }

  @Test func fluxDensityEqualsPolarisation() throws {
    let field = loop.field.amperesPerMetre
    let density = zip(field, loop.response.si).map { magneticConstant * $0 + $1 }
    let analysis = try LoopMeasurement.of(field, .fluxDensity(Series(si: density))).analyzed()
    #expect(analysis.codes.contains(.fromFluxDensity))
    try expectEqual(loop.analyzed(), analysis)
  }

  @Test func magnetisationEqualsPolarisation() throws {
    let magnetisation = loop.response.si.map { $0 / magneticConstant }
    let analysis = try LoopMeasurement.of(
      loop.field.amperesPerMetre, .magnetisation(Series(si: magnetisation))
    ).analyzed()
    try expectEqual(loop.analyzed(), analysis)
  }

  @Test func momentOfKnownVolumeEqualsPolarisation() throws {
    for stated in [0, 1, 2] {
      var sample = Sample()
      let volume = 27e-9
      let edge = Quantity<Length>(si: 3e-3)
      if stated == 0 { sample.volume = Sourced(Quantity(si: volume), .user) }
      if stated == 1 { sample.shape = Sourced(.cuboid(a: edge, b: edge, c: edge), .user) }
      if stated == 2 {
        sample.mass = Sourced(Quantity(si: volume * 7600), .user)
        sample.density = Sourced(Quantity(si: 7600), .user)
      }
      var moment = LoopMeasurement.of(
        loop.field.amperesPerMetre,
        .moment(Series(si: loop.response.si.map { $0 / magneticConstant * volume })))
      moment.sample = sample
      try expectEqual(loop.analyzed(), moment.analyzed())
    }
  }

  /// An open circuit that measures B: J = (B − µ0·Ha)/(1 − N).
  @Test func fluxDensityOfAFreeCubeEqualsItsPolarisation() throws {
    let cube = SimulatedLoop(.c).asCube.with { $0.noisePercent = 0.2 }.measurement()
    let volume = try #require(cube.sample.effectiveVolume).value.si
    let polarisation = cube.response.si.map { $0 * magneticConstant / volume }
    var density = cube
    density.response = .fluxDensity(
      Series(
        si: zip(cube.field.amperesPerMetre, polarisation).map {
          magneticConstant * $0 + (1 - 1.0 / 3) * $1
        }))
    try expectEqual(cube.analyzed(), density.analyzed())
  }
}

/// Curves whose two-point values are known exactly.
@Suite struct InterpolationTests {
  private func analysis(_ reference: ReferenceLoop, to end: Double, step: Double) throws -> LoopAnalysis {
    let count = Int((end / step).rounded())
    let field = (0...count).map { -step * Double($0) }
    let response = field.map { reference.polarisation(atAmperesPerMetre: $0) }
    return try LoopMeasurement.of(field, response).analyzed(method: .interpolation)
  }

  private func expect(
    _ analysis: LoopAnalysis, _ expected: [(Characteristic, Double)], tolerance: Double
  ) throws {
    for (characteristic, truth) in expected {
      let value = try #require(analysis[characteristic]).value
      #expect(abs(value / truth - 1) < tolerance, "\(characteristic) \(value) instead of \(truth)")
    }
  }

  /// Straight lines between samples that include the knee are the curve: printed digits.
  @Test func straightLinesAreExact() throws {
    let analysis = try analysis(.p1, to: 1700e3, step: 1e3)
    try expect(
      analysis,
      [
        (.remanence, 1.30), (.coercivityHcJ, 1600e3), (.coercivityHcB, 985_244.8858),
        (.energyProduct, 320_204.5879), (.kneeField, 1_502_965.1383),
      ], tolerance: 1e-10)
    try expect(analysis, [(.squareness, 0.9393532)], tolerance: 1e-7)
  }

  /// A chord of step h misses by h²/8·J″/J′, at most 1e-6 of the field here.
  @Test func powersAreNearlyExact() throws {
    let p2 = try analysis(.p2, to: 2100e3, step: 500)
    try expect(
      p2,
      [
        (.remanence, 1.25), (.coercivityHcB, 994_717.5410), (.energyProduct, 310_849.4982),
        (.kneeField, 1_782_501.8763), (.squareness, 0.8912509381), (.coercivityHcJ, 2000e3),
      ], tolerance: 1e-6)
    let p3 = try analysis(.p3, to: 53e3, step: 25)
    try expect(
      p3,
      [
        (.remanence, 1.28), (.coercivityHcB, 50_844.9270), (.energyProduct, 33_801.3601),
        (.kneeField, 28_960.5782),
      ], tolerance: 1e-6)
  }

  /// M = αH + β with α = ½ and β = 10⁶ A/m: (BH)max = µ0β²/(4(1 + α)); the polygon is the line.
  @Test func lineHasItsClosedForm() throws {
    let field = (0...100).map { 5e5 - 2e4 * Double($0) }
    for method in EstimationMethod.allCases {
      let analysis = try LoopMeasurement.of(
        field, .magnetisation(Series(si: field.map { 0.5 * $0 + 1e6 }))
      ).analyzed(method: method)
      try expect(
        analysis,
        [
          (.energyProduct, 209_439.5102), (.remanence, 1e6 * magneticConstant), (.recoilPermeability, 1.5),
          (.coercivityHcB, 1e6 / 1.5),
        ], tolerance: 1e-9)
    }
  }

  /// A square loop: µ0·M0²/4 at half the coercivity of B.
  // Two samples at the jump pull the fitted plateau by 1e-7; the polygon is exact.
  @Test func squareLoopHasItsClosedForm() throws {
    let m = 1_281_197.0
    let field = (0...400).map { 2000e3 - 1e4 * Double($0) }
    for method in EstimationMethod.allCases {
      let analysis = try LoopMeasurement.of(
        field, .magnetisation(Series(si: field.map { $0 > -1600e3 ? m : -m }))
      ).analyzed(method: method)
      try expect(analysis, [(.energyProduct, 515_681.6750), (.coercivityHcB, m)], tolerance: 1e-6)
    }
  }
}
