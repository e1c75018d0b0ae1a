// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Testing

// Expected values were computed with 30 digits by mpmath's integrals and sums.
@Suite struct DistributionTests {
  private func relative(_ value: Double, _ expected: Double) -> Double { abs(value / expected - 1) }

  @Test(
    arguments: [
      (1e-300, -37.047096299361199), (1e-20, -9.2623400897984076), (1e-6, -4.7534243088228989),
      (0.025, -1.9599639845400542), (0.3, -0.52440051270804078), (0.499999, -2.5066282746336254e-6),
      (0.9, 1.2815515655446005), (0.999999, 4.7534243088228989),
    ])
  func normalQuantiles(_ probability: Double, _ expected: Double) {
    // 1 − p has an absolute error of 1e-16, which is 1e-10 of 1e-6; near the middle z has the error of p.
    let tolerance = probability > 0.99 ? 1e-11 : abs(probability - 0.5) < 0.01 ? 1e-9 : 4e-15
    #expect(relative(normalQuantile(probability), expected) < tolerance)
  }

  @Test func normalQuantileOfOneHalfIsZero() { #expect(normalQuantile(0.5) == 0) }

  // The larger tail of two is 1 less the other, to 2e-16 absolute.
  @Test(
    arguments: [
      (0.5, 0.01, 0.11246291601828489, 0.88753708398171511),
      (3, 0.1, 0.00015465307026467168, 0.99984534692973533), (1, 50, 1, 1.9287498479639178e-22),
      (10, 12, 0.75760783832948765, 0.24239216167051235),
      (100, 80, 0.017108313035133114, 0.98289168696486689),
      (1000, 1100, 0.99894067674607002, 0.0010593232539299773),
      (20000, 19500, 0.00018327005188799396, 0.99981672994811201),
      (0.1, 1e-8, 0.16659398838160215, 0.83340601161839785), (50, 200, 1, 1.6927979958857088e-37),
    ] as [(Double, Double, Double, Double)])
  func incompleteGamma(_ a: Double, _ x: Double, _ below: Double, _ above: Double) {
    let tails = regularisedIncompleteGamma(a, at: x)
    // a·(ln(x/a) − x/a + 1) loses up to a·1e-16·|x/a − 1|.
    #expect(relative(tails.below, below) < 1e-12, "\(tails.below)")
    #expect(relative(tails.above, above) < 1e-12, "\(tails.above)")
  }

  @Test func incompleteGammaAtItsEnds() {
    #expect(regularisedIncompleteGamma(2, at: 0) == regularisedIncompleteGamma(2, at: -1))
    #expect(regularisedIncompleteGamma(2, at: 0).above == 1)
    #expect(regularisedIncompleteGamma(2, at: .infinity).below == 1)
  }

  @Test(
    arguments: [
      (0.025, 1, 0.00098206911717525591), (0.975, 1, 5.023886187314889), (0.05, 30, 18.492660981953468),
      (0.95, 30, 43.772971825742188), (1e-10, 5, 0.00032335571462496934), (0.999999, 200, 309.83809199007797),
    ] as [(Double, Double, Double)])
  func chiSquareQuantiles(_ probability: Double, _ degrees: Double, _ expected: Double) {
    // For 0.999999 the probability itself is known to 1e-10 of its tail, which is 1e-12 of the quantile.
    #expect(relative(chiSquareQuantile(probability, degreesOfFreedom: degrees), expected) < 2e-12)
  }

  @Test(
    arguments: [
      (0.5, 0.5, 0.1, 0.024471741852423214), (1.5, 1.5, 0.001, 0.0070368786736820895),
      (74, 74, 0.01, 0.40509835418929741), (99, 99, 0.00218, 0.39960584099068774),
      (5, 2, 0.9, 0.90740474108687125), (0.5, 0.5, 1e-12, 2.4674011002723397e-24),
    ])
  func betaQuantiles(_ a: Double, _ b: Double, _ probability: Double, _ expected: Double) {
    #expect(relative(betaQuantile(probability, a, b), expected) < 1e-12)
  }

  @Test func betaQuantilesAtTheEnds() {
    #expect(betaQuantile(0, 2, 3) == 0)
    #expect(betaQuantile(1, 2, 3) == 1)
  }

  @Test(
    arguments: [
      (2, 80, 0.01, 0.95344681426406853, 0.95257740392850977),
      (0, 13, 0.1, 0.2541865828329, 0.2725317930340126),
      (7, 315, 0.1, 5.7347676141985332e-8, 1.6219054717311995e-7),
      (14, 2000, 0.02, 1.6586841088415726e-6, 1.9756232434910639e-6),
    ])
  func countsOfNonconformingPieces(
    _ count: Int, _ n: Int, _ p: Double, _ binomial: Double, _ poisson: Double
  ) {
    // The incomplete beta function loses digits with a + b.
    #expect(relative(binomialProbability(atMost: count, trials: n, probability: p), binomial) < 2e-11)
    #expect(relative(poissonProbability(atMost: count, mean: Double(n) * p), poisson) < 1e-12)
  }

  @Test func countsBeyondWhatIsPossible() {
    #expect(binomialProbability(atMost: 5, trials: 5, probability: 0.5) == 1)
    #expect(binomialProbability(atMost: -1, trials: 5, probability: 0.5) == 0)
    #expect(poissonProbability(atMost: -1, mean: 1) == 0)
    #expect(poissonProbability(atMost: 3, mean: 0) == 1)
    // Of 8 drawn from 10 with 9 marked at least 7 are marked.
    #expect(hypergeometricProbability(atMost: 6, sample: 8, marked: 9, population: 10) == 0)
    #expect(hypergeometricProbability(atMost: 8, sample: 8, marked: 9, population: 10) == 1)
    // The unmarked one is among the 8 with a probability of 8/10.
    #expect(abs(hypergeometricProbability(atMost: 7, sample: 8, marked: 9, population: 10) - 0.8) < 1e-12)
  }

  @Test(
    arguments: [
      (0, 5, 3, 20, 0.39912280701754386), (2, 20, 10, 100, 0.68122006381768887),
      (3, 125, 30, 1200, 0.61783452142248408), (5, 200, 400, 10000, 0.18290304831125479),
    ])
  func drawingWithoutPuttingBack(_ c: Int, _ n: Int, _ marked: Int, _ lot: Int, _ expected: Double) {
    let found = hypergeometricProbability(atMost: c, sample: n, marked: marked, population: lot)
    #expect(relative(found, expected) < 1e-11)
  }

  @Test(
    arguments: [
      (1.5, 3, 2, 0.29409334689991735), (0, 4, 1, 0.15865525393145705), (-2, 5, 1, 0.0058964622898421618),
      (10, 5, 3, 0.012049336175430884), (40, 199, 38.9, 0.32133014760820251),
      (30, 199, 38.9, 6.2575195867723036e-7), (60, 199, 38.9, 1.1345419097652653e-12),
      (2, 1, 0.5, 0.25151441576070984), (500, 1, 10, 0.015956595524899682),
      (-30, 2, 4, 3.4326069966193367e-9), (2.5, 9, 0, 0.01693091384149287),
      (100, 2999, 104, 0.0071605764626142468), (3, 2.5, 1.7, 0.27304263560488836),
    ] as [(Double, Double, Double, Double)])
  func noncentralStudentTails(_ t: Double, _ degrees: Double, _ delta: Double, _ tail: Double) {
    let tails = noncentralStudentProbabilities(at: t, degreesOfFreedom: degrees, noncentrality: delta)
    #expect(relative(t < delta ? tails.below : tails.above, tail) < 2e-12, "\(tails)")
    #expect(abs(tails.below + tails.above - 1) < 1e-15)
    let mirrored = noncentralStudentProbabilities(
      at: -t, degreesOfFreedom: degrees, noncentrality: -delta)
    #expect(mirrored.below == tails.above && mirrored.above == tails.below)
    let quantile = noncentralStudentQuantile(tails.below, degreesOfFreedom: degrees, noncentrality: delta)
    // Where the tail above is small, the probability below has lost its digits.
    guard tails.above > 1e-3 else { return }
    #expect(abs(quantile - t) < 1e-11 * max(1, abs(t)), "\(quantile)")
  }

  @Test func noncentralStudentWithoutNoncentralityIsStudent() {
    for degrees in [1.0, 2, 7, 50, 1000] {
      let t = studentQuantile(twoSided: 0.9, degreesOfFreedom: degrees)
      let tails = noncentralStudentProbabilities(at: t, degreesOfFreedom: degrees, noncentrality: 0)
      #expect(abs(tails.above - 0.05) < 1e-12)
    }
  }

  @Test func noncentralStudentOfExtremeArguments() {
    let far = noncentralStudentProbabilities(at: 1, degreesOfFreedom: 20, noncentrality: 40)
    #expect(far.below < 1e-300 && far.above == 1)
    let many = noncentralStudentProbabilities(at: 3, degreesOfFreedom: 1e12, noncentrality: 2)
    #expect(relative(many.above, normalProbability(below: -1)) < 1e-9)
    let last = noncentralStudentProbabilities(at: .infinity, degreesOfFreedom: 3, noncentrality: 2)
    #expect(last.below == 1 && last.above == 0)
    #expect(
      noncentralStudentProbabilities(at: -.infinity, degreesOfFreedom: 3, noncentrality: 2).below == 0)
  }

  @Test func rootsAreFoundFromAnyStart() {
    for (low, high) in [(0.0, 1.0), (-5, -4), (100, 101), (1.9, 2.1)] {
      #expect(abs(monotoneRoot(from: low, to: high) { $0 * $0 * $0 - 8 } - 2) < 1e-15)
    }
    // A step has its root where it jumps; a function without a root gives the end that is nearer.
    #expect(abs(monotoneRoot(from: 0, to: 1) { $0 < 0.3 ? -1 : 1 } - 0.3) < 1e-15)
    #expect(monotoneRoot(from: 0, to: 1) { _ in 1 } < -1e15)
  }

  @Test func polynomialsOfDegree31AreIntegratedExactly() {
    // ∫₀² x³¹ dx = 2³²/32.
    let integral = GaussLegendre.integral(over: [0, 2]) { pow($0, 31) }
    #expect(relative(integral, 134_217_728) < 1e-14)
    let twelve = GaussLegendre.integral(over: GaussLegendre.panels(4, from: 0, to: Double.pi), sin)
    #expect(relative(twelve, 2) < 1e-15)
  }
}
