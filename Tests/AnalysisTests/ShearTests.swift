// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

@Suite struct ShearTests {
  private let cylinder = Shape.cylinder(diameter: Quantity(si: 5e-3), length: Quantity(si: 5e-3))
  private let factor = 0.3115773927

  private func applied(
    _ field: [Double], _ response: ResponseChannel, shape: Shape? = nil
  ) -> LoopMeasurement {
    var sample = Sample()
    sample.shape = shape.map { Sourced($0, .user) }
    return LoopMeasurement(
      instrument: "test", sample: sample, field: .applied(Series(si: field)), response: response,
      temperature: Series(si: [Double](repeating: 296.15, count: field.count)))
  }

  /// Truth A as a cylinder as long as wide gives the published applied fields and gets its internal ones back.
  ///
  /// To the printed 1e-3 A/m and to 1e-9 of the largest field. The factor is printed to ten digits, which moves H by up to 1e-4 A/m.
  @Test func internalFieldsOfAFreeCylinderAreRecovered() throws {
    let down = (0...960).map { 2400e3 - 5e3 * Double($0) }
    let inner = down + down.map { -$0 }
    let polarisation = inner.enumerated().map { index, h in
      index < down.count
        ? ReferenceLoop.a.polarisation(atAmperesPerMetre: h)
        : -ReferenceLoop.a.polarisation(atAmperesPerMetre: -h)
    }
    let exact = cylinder.demagnetisingFactor.si
    #expect(abs(exact - factor) < 1.5e-10)
    let outer = zip(inner, polarisation).map { $0 + exact * $1 / magneticConstant }
    for (h, j, expected) in [
      (0, 1.31, 324_808.488), (-500e3, 1.28486725877, -181_423.059), (-1000e3, 1.25973451754, -687_654.607),
      (-1500e3, 1.23053444553, -1_194_894.631),
    ] {
      let row = try #require(down.firstIndex(of: h))
      #expect(abs(polarisation[row] - j) < 1e-11)
      #expect(abs(outer[row] - expected) < 1e-3)
    }
    let measurement = applied(outer, .polarisation(Series(si: polarisation)), shape: cylinder)
    let analysis = try measurement.analyzed()
    #expect(analysis.loop.internalField.count == inner.count)
    for (found, truth) in zip(analysis.loop.internalField.si, inner) { #expect(abs(found - truth) < 2.4e-3) }
    #expect(analysis.conditions.fieldIsInternal)
    #expect(analysis.corrections.contains { $0.id == "self-demagnetisation" })
  }

  /// M = 10⁶ A/m at Ha = −5·10⁵ A/m: H = Ha − N·M = −811577.3927 A/m.
  @Test func squareSpecimenIsShearedByItsMagnetisation() throws {
    let fields = (0...40).map { 1e6 - 5e4 * Double($0) }
    let measurement = applied(
      fields, .magnetisation(Series(si: fields.map { _ in 1e6 })), shape: cylinder)
    let analysis = try measurement.analyzed()
    let row = try #require(fields.firstIndex(of: -5e5))
    #expect(abs(analysis.loop.internalField.si[row] + 811_577.3927) < 2e-4)
  }

  /// An applied slope of 3 is 3/(1 − 3N) = 45.9644571 inside.
  ///
  /// Dividing by 1 − 3N = 0.065 twice turns the 1.5e-10
  /// of N's printed digits into 1e-7 and rounding into 1e-10.
  @Test func appliedSlopeBecomesTheMaterials() throws {
    // Zero internal field lies at an applied one of N·J/µ0 = 4.94 MA/m on so steep a line.
    let fields = (0...700).map { 6e6 - 1e4 * Double($0) }
    let response = fields.map { 1.3 + 3 * magneticConstant * $0 }
    let analysis = try applied(fields, .polarisation(Series(si: response)), shape: cylinder).analyzed()
    #expect(abs(try #require(analysis[.recoilPermeability]).value - 46.9644571) < 2e-6)
  }

  /// Data of a cube, sheared as if it were a film: the curve would fold back on itself.
  @Test func overCorrectionIsRefused() throws {
    let cube = SimulatedLoop(.a).asCube.measurement()
    #expect(throws: Never.self) { _ = try cube.analyzed(demagnetisation: .factor(Quantity(si: 1.0 / 3))) }
    do {
      _ = try cube.analyzed(demagnetisation: .factor(Quantity(si: 0.5)))
      Issue.record("a factor of 0.5 was accepted")
    } catch let error as AnalysisError { #expect(error.code == .overCorrected) }
  }

  /// A soft phase of 0.26 T that switches within 20 kA/m at −300 kA/m: χa is 10 there and 2 at HcJ, so that a
  /// factor of 0.2 folds the curve back there alone.
  @Test func overCorrectionIsSeenAlongTheWholeQuadrant() throws {
    let field = (0..<2000).map { 2400e3 - 2.4e3 * Double($0) }
    let response = field.map { h in
      ReferenceLoop.d.polarisation(atAmperesPerMetre: h) - 0.13 * min(max((-h - 300e3) / 10e3, 0), 2)
    }
    let loop = applied(field, .polarisation(Series(si: response)), shape: nil)
    #expect(throws: Never.self) { _ = try loop.analyzed(demagnetisation: .factor(Quantity(si: 0.02))) }
    do {
      _ = try loop.analyzed(demagnetisation: .factor(Quantity(si: 0.2)))
      Issue.record("a factor of 0.2 was accepted")
    } catch let error as AnalysisError {
      #expect(error.code == .overCorrected && error.description.contains("-3"), "\(error)")
    }
  }

  @Test(arguments: [-0.1, -1e-9, 1.000001, 4 * Double.pi, .nan, .infinity, -.infinity])
  func factorsOutsideZeroToOneAreRefused(_ factor: Double) throws {
    let cube = SimulatedLoop(.a).asCube.measurement()
    do {
      _ = try cube.analyzed(demagnetisation: .factor(Quantity(si: factor)))
      Issue.record("a factor of \(factor) was accepted")
    } catch let error as AnalysisError { #expect(error.code == .sample) }
  }

  @Test func withoutCorrectionFieldsAreApplied() throws {
    let cube = SimulatedLoop(.a).asCube.measurement()
    let plain = try cube.analyzed(demagnetisation: .none)
    #expect(!plain.conditions.fieldIsInternal)
    #expect(plain.conditions.demagnetisingFactor == nil)
    #expect(plain.loop.internalField.si == cube.field.amperesPerMetre)
    #expect(!plain.codes.contains(.noDemagnetisation), "the user asked for it")
    var shapeless = cube
    shapeless.sample.volume = Sourced(Quantity(si: 27e-9), .user)
    shapeless.sample.shape = nil
    #expect(try shapeless.analyzed().codes.contains(.noDemagnetisation))
  }

  /// A factor of exactly 0 is no shear; of 1 (an infinite film) B = µ0·Ha, which has no HcB of its own.
  @Test func limitsOfTheFactorGiveNumbersOrNothing() throws {
    let cube = SimulatedLoop(.a).asCube.measurement()
    let zero = try cube.analyzed(demagnetisation: .factor(Quantity(si: 0)))
    let none = try cube.analyzed(demagnetisation: .none)
    #expect(zero[.coercivityHcB]?.value == none[.coercivityHcB]?.value)
    let fields = (0...200).map { 2e6 - 2e4 * Double($0) }
    for response: ResponseChannel in [
      .polarisation(Series(si: fields.map { _ in 1.2 })),
      .fluxDensity(Series(si: fields.map { magneticConstant * $0 })),
    ] {
      let film = applied(fields, response)
      if let analysis = try? film.analyzed(demagnetisation: .factor(Quantity(si: 1))) {
        for estimate in analysis.estimates {
          #expect(
            estimate.value.isFinite && estimate.standardUncertainty.isFinite, "\(estimate.characteristic)")
        }
      }
    }
  }
}
