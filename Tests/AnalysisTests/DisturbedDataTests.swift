// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// What goes wrong in laboratories is flagged or corrected, and never changes values in silence.
@Suite struct DisturbedDataTests {
  private let plain = SimulatedLoop(.a).with {
    $0.noisePercent = 0.1
    $0.seed = 71
  }.measurement()

  private let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct,
  ]

  /// Values within `tolerance` of the undisturbed loop's, or a flag of `codes`.
  private func expectSeen(
    _ disturbed: LoopMeasurement, _ codes: Set<Flag.Code>, tolerance: Double, _ comment: Comment
  ) throws {
    let (one, other) = (try plain.analyzed(), try disturbed.analyzed())
    let isFlagged = !other.codes.isDisjoint(with: codes)
    for characteristic in characteristics {
      let (a, b) = (try #require(one[characteristic]), try #require(other[characteristic], comment))
      #expect(isFlagged || abs(b.value / a.value - 1) < tolerance, "\(comment) \(characteristic) \(b.value)")
    }
  }

  /// The rows repeated or rearranged as a list of row numbers says.
  private func rows(_ order: [Int]) -> LoopMeasurement {
    .of(order.map { plain.field.amperesPerMetre[$0] }, order.map { plain.response.si[$0] })
  }

  // Three standard deviations of what a sample more or less weighs at 0.1 % noise.
  @Test func duplicatedRowsAndPlateausChangeNothing() throws {
    let some = (0..<plain.count).flatMap { $0 % 17 == 3 ? [$0, $0, $0] : [$0] }
    try expectSeen(rows(some), [], tolerance: 3e-4, "triplets")
    let held = (0..<plain.count).flatMap {
      [120, 499, 700].contains($0) ? Array(repeating: $0, count: 30) : [$0]
    }
    try expectSeen(rows(held), [], tolerance: 3e-4, "plateaus")
  }

  @Test func unsortedRowsChangeNothing() throws {
    let swapped = (0..<plain.count).map { $0 % 10 == 4 ? $0 + 1 : $0 % 10 == 5 ? $0 - 1 : $0 }
    try expectSeen(rows(swapped), [], tolerance: 3e-4, "neighbours")
    // The branches in one order of fields, as a spreadsheet sorts them: no sweep is left to go by.
    let sorted = (0..<plain.count).sorted {
      plain.field.amperesPerMetre[$0] > plain.field.amperesPerMetre[$1]
    }
    if let analysis = try? rows(sorted).analyzed() {
      #expect(!analysis.flags.isEmpty)
      for estimate in analysis.estimates { #expect(estimate.value.isFinite) }
    }
  }

  // A spike of the field is replaced. One of the response weighs 1/500 of the branch at most: it is within the noise
  // or flagged.
  @Test(arguments: [60, 245, 350, 426, 800])
  func glitchesAreSeen(_ row: Int) throws {
    let field = try plain.changing(field: { $0 == row ? $1 + 200e3 : $1 }).analyzed()
    #expect(field.codes.contains(.despiked))
    let response = plain.changing(response: { $0 == row ? $1 + 0.5 : $1 })
    let analysis = try response.analyzed()
    for characteristic in characteristics {
      let (a, b) = (try #require(plain.analyzed()[characteristic]), try #require(analysis[characteristic]))
      let isSeen = analysis.codes.contains(.modelMisfit) || analysis.codes.contains(.asymmetric)
      #expect(
        isSeen || abs(b.value - a.value) < b.expandedUncertainty + a.expandedUncertainty,
        "\(row) \(characteristic): \(b.value) ± \(b.expandedUncertainty) instead of \(a.value)")
    }
  }

  // +5 kA/m and +10 mT; a drift of 20 mT: taken out and said so. What is left is the uncertainty of the drift's
  // quarter, 0.07 mT, and the noise.
  @Test func offsetsAndDriftAreTakenOutAloud() throws {
    let end = Double(plain.count - 1)
    let truth = ReferenceLoop.a.answers
    for (disturbed, code) in [
      (plain.changing(field: { $1 + 5e3 }, response: { $1 + 10e-3 }), Flag.Code.centred),
      (plain.changing(response: { $1 + 20e-3 * (Double($0) / end - 0.5) }), .driftCorrected),
      (plain.changing(response: { $1 + 20e-3 * Double($0) / end }), .driftCorrected),
    ] {
      let analysis = try disturbed.analyzed()
      #expect(analysis.codes.contains(code) && !analysis.codes.contains(.asymmetric))
      #expect(!analysis.corrections.allSatisfy { $0.id != "centring" && $0.id != "drift-correction" })
      let br = try #require(analysis[.remanence])
      #expect(abs(br.value / truth.remanence - 1) < 4e-4, "\(br.value)")
      #expect(abs(try #require(analysis[.coercivityHcJ]).value / truth.coercivityHcJ - 1) < 2e-4)
    }
  }

  // Points read off a drawing lie at uneven fields, which are true: shifting them would bend the curve. Noise of the
  // field is smoothed away.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func unevenFieldsAreLeftAsTheyAre(_ seed: UInt64) throws {
    let curve = ReferenceLoop.t3
    let shares = SeededNumbers.uniform(240, seed: seed).map { 0.2 + 1.6 * $0 }
    let total = shares.reduce(0, +)
    var field = [2400e3]
    for share in shares { field.append((field.last ?? 0) - 4800e3 * share / total) }
    let drawn = LoopMeasurement.of(field, field.map { curve.polarisation(atAmperesPerMetre: $0) })
    let analysis = try drawn.analyzed()
    #expect(!analysis.corrections.contains { $0.id == "field-smoothing" })
    // The local polynomials hold steps of up to 36 kA/m within 2e-4, moved fields would not be within 1e-3.
    #expect(abs(try #require(analysis[.coercivityHcJ]).value / 1200e3 - 1) < 3e-4)
    let noisy = SimulatedLoop(curve).with {
      $0.points = 240
      $0.fieldNoise = 4e3
      $0.seed = seed
    }.measurement()
    #expect(try noisy.analyzed().corrections.contains { $0.id == "field-smoothing" })
  }
}
