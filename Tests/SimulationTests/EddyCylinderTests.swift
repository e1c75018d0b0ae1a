// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Simulation
import Testing
import TestSupport

/// The radial diffusion of a pulse into a cylinder of truth A, ρ = 1.5·10⁻⁶ Ω·m.
@Suite struct EddyCylinderTests {
  // Errors of HcJ and Br in % at 15, 30 and 60 Hz as an independent program gave them, printed to 0.001 %.
  @Test func twoMillimetresGiveTheTable() throws {
    let truth = ReferenceLoop.a.answers
    for (frequency, coercivity, remanence) in [
      (15.0, 0.224, 0.016), (30.0, 0.406, 0.032), (60.0, 0.699, 0.063),
    ] {
      let curve = EddyCurve(radius: 2e-3, frequency: frequency)
      let hcJ = try #require(curve.field(atPolarisation: 0))
      let br = try #require(curve.polarisation(atField: 0))
      #expect(abs((-hcJ / truth.coercivityHcJ - 1) * 100 - coercivity) < 0.001)
      #expect(abs((br / truth.remanence - 1) * 100 - remanence) < 0.001)
    }
  }

  // 2·X_f − X_2f at equal field nulls what is proportional to the rate; at equal J it leaves less of HcJ.
  @Test func twoRatesExtrapolateToRest() throws {
    let truth = ReferenceLoop.a.answers
    let (slow, fast) = (EddyCurve(radius: 2e-3, frequency: 15), EddyCurve(radius: 2e-3, frequency: 30))
    func vertical(_ field: Double) throws -> Double {
      try 2 * #require(slow.polarisation(atField: field)) - #require(fast.polarisation(atField: field))
    }
    #expect(try abs(vertical(0) / truth.remanence - 1) < 1e-6)
    var (low, high) = (-1.1 * truth.coercivityHcJ, -0.9 * truth.coercivityHcJ)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if try vertical(middle) > 0 { high = middle } else { low = middle }
    }
    let horizontal =
      try -2 * #require(slow.field(atPolarisation: 0)) + #require(fast.field(atPolarisation: 0))
    #expect(abs(-low / truth.coercivityHcJ - 1) < 0.08e-2)
    #expect(abs(horizontal / truth.coercivityHcJ - 1) < 0.05e-2)
  }

  // The linear part at H = 0 is −µ0·µr·a²/(8ρ)·dB/dt; diffusion of the field itself adds less than 1 % to it.
  @Test func aSaturatedCylinderShowsTheLinearPart() throws {
    let curve = EddyCurve(radius: 5e-3, frequency: 15)
    let added = try #require(curve.polarisation(atField: 0)) - 1.31
    let permeability = 1.04 * magneticConstant
    let rate = try #require(curve.rate(atField: 0))
    let expected = -permeability * permeability * 25e-6 / 12e-6 * rate
    #expect(abs(added / expected - 1) < 0.01)
  }
}
