// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Simulation
import Testing
import Validation

/// The bound against figures that a separate program computed and that are printed in the design papers.
struct CramerRaoBoundTests {
  struct Printed: Sendable {
    let points: Int
    let noise: Double
    /// Br, HcJ, HcB, (BH)max, Hk in %.
    let percent: [Double]
  }

  static let printed = [
    Printed(points: 200, noise: 0.1, percent: [0.00840, 0.00223, 0.01258, 0.02051, 0.03049]),
    Printed(points: 1000, noise: 0.1, percent: [0.00374, 0.00081, 0.00560, 0.00912, 0.01249]),
    Printed(points: 1000, noise: 0.3, percent: [0.01121, 0.00243, 0.01680, 0.02736, 0.03747]),
    Printed(points: 1000, noise: 1, percent: [0.03737, 0.00811, 0.05599, 0.09120, 0.12491]),
    Printed(points: 10_000, noise: 0.1, percent: [0.00118, 0.00026, 0.00177, 0.00288, 0.00395]),
    Printed(points: 10_000, noise: 1, percent: [0.01181, 0.00256, 0.01770, 0.02882, 0.03946]),
  ]

  // One unit of the last digit: whether the printed figure was rounded or cut off is not known.
  private func compare(_ bound: CramerRaoBound, _ percent: [Double], digit: Double) throws {
    for (characteristic, expected) in zip(CramerRaoBound.characteristics, percent) {
      let value = try #require(bound.percent[characteristic])
      #expect(abs(value - expected) <= digit, "\(characteristic.rawValue): \(value), printed \(expected)")
    }
  }

  // The printed figures are for fields that include both ends, 2400 kA/m.
  @Test(arguments: printed)
  func boundOfTruthAHasThePrintedDigits(_ row: Printed) throws {
    let half = row.points / 2
    let fields = (0..<half).map { 2400e3 - 4800e3 * Double($0) / Double(half - 1) }
    let bound = try #require(CramerRaoBound(.a, fields: fields, branches: 2, noisePercent: row.noise))
    try compare(bound, row.percent, digit: 1e-5)
  }

  @Test func oneSweepOfTheSecondQuadrantHasThePrintedDigits() throws {
    let fields = (0..<1000).map { -1900e3 * Double($0) / 999 }
    let bound = try #require(CramerRaoBound(.a, fields: fields, branches: 1, noisePercent: 0.1))
    try compare(bound, [0.00432, 0.00051, 0.00389, 0.00692, 0.00804], digit: 1e-5)
  }

  @Test(arguments: [
    (ReferenceLoop.t1, [0.0094, 0.0035, 0.0087, 0.0243, 0.0116]),
    (ReferenceLoop.t2, [0.0093, 0.0035, 0.0096, 0.0239, 0.0141]),
    (ReferenceLoop.t3, [0.0112, 0.0056, 0.0098, 0.0250, 0.0281]),
  ])
  func tangentLoopsHaveThePrintedDigits(_ loop: ReferenceLoop, _ percent: [Double]) throws {
    var simulated = SimulatedLoop(loop)
    simulated.noisePercent = 0.2
    try compare(try #require(CramerRaoBound(simulated)), percent, digit: 1e-4)
  }

  // From a program of its own in another language, with factorisation and roots of its library: parts that are
  // skewed, and mixtures of two and three kinds. Half a unit of the last digit.
  @Test(arguments: [
    (ReferenceLoop.b, [0.00364, 0.00071, 0.00540, 0.00882, 0.00357]),
    (.c, [0.01952, 0.00083, 0.00628, 0.01332, 0.02621]), (.d, [0.00680, 0.00490, 0.01026, 0.01801, 0.06510]),
    (.ferrite, [0.00600, 0.00244, 0.01044, 0.01419, 0.02969]),
    (.n30eh, [0.00416, 0.00109, 0.00523, 0.00933, 0.03297]),
    (.bonded3, [0.00791, 0.00907, 0.01268, 0.02585, 0.06261]),
  ])
  func otherLoopsAgreeWithAnIndependentProgram(_ loop: ReferenceLoop, _ percent: [Double]) throws {
    var simulated = SimulatedLoop(loop)
    simulated.noisePercent = 0.1
    try compare(try #require(CramerRaoBound(simulated)), percent, digit: 0.51e-5)
  }

  // Both the gradients and the derivatives by the parameters are checked at once where the answer is known: half
  // the noise or four times the points halve the bound, and Hk/HcJ is not independent of its two parts.
  @Test(arguments: ReferenceLoop.shapes + [.b, .c, .d, .l2])
  func boundScalesWithNoiseAndPoints(_ loop: ReferenceLoop) throws {
    var simulated = SimulatedLoop(loop)
    simulated.points = 1000
    simulated.noisePercent = 0.4
    let bound = try #require(CramerRaoBound(simulated)).percent
    simulated.noisePercent = 0.2
    let quiet = try #require(CramerRaoBound(simulated)).percent
    simulated.points = 4000
    let dense = try #require(CramerRaoBound(simulated)).percent
    for characteristic in CramerRaoBound.characteristics {
      let (whole, half, quarter) = (
        try #require(bound[characteristic]), try #require(quiet[characteristic]),
        try #require(dense[characteristic])
      )
      #expect(abs(half / whole - 0.5) < 1e-12)
      // Sums over curves that are smooth on the scale of a step differ from integrals by far less than this.
      #expect(abs(quarter / half - 0.5) < 1e-3, "\(loop.name) \(characteristic.rawValue)")
    }
    let (knee, coercivity) = (try #require(bound[.kneeField]), try #require(bound[.coercivityHcJ]))
    let ratio = try #require(bound[.squareness])
    #expect(ratio >= abs(knee - coercivity) * (1 - 1e-12) && ratio <= knee + coercivity)
  }

  @Test func pointsThatDoNotDetermineTheLoopGiveNoBound() {
    // Twelve points in a field far from every switching field, and fewer points than parameters.
    let far = (0..<12).map { 2400e3 + 1e3 * Double($0) }
    #expect(CramerRaoBound(.a, fields: far, branches: 2, noisePercent: 1) == nil)
    #expect(CramerRaoBound(.a, fields: [0, -1600e3], branches: 2, noisePercent: 1) == nil)
    #expect(CramerRaoBound(.a, fields: [], branches: 2, noisePercent: 1) == nil)
  }
}
