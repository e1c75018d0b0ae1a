// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import TestSupport
import Testing

@Suite struct StepFitterTests {
  /// Two steps in the reduced units of a demagnetisation curve, like those of sintered NdFeB.
  private func curve(_ shape: StepShape) -> StepSum {
    StepSum(
      offset: 1, slope: -0.06,
      steps: [
        .init(shape, amplitude: 1.5, centre: 1.004, logWidth: -4.3),
        .init(shape, amplitude: 0.5, centre: 0.98, logWidth: -3.3),
      ])
  }

  private let start = StepSum(
    offset: 1, slope: -0.03, steps: [.init(amplitude: 2, centre: 1, logWidth: -3.9)])

  private let limits = StepFitter.Limits(logWidth: -7 ... -0.2, centre: -0.3...1.6)

  private func abscissas(_ count: Int) -> [Double] {
    (0..<count).map { -1.4 + 2.8 * (Double($0) + 0.5) / Double(count) }
  }

  private func fitter(
    _ x: [Double], _ y: [Double], nodesOf size: Int = 1, feedback: Double = 0
  ) -> StepFitter {
    StepFitter(
      x: x, y: y, weight: Array(repeating: 1, count: x.count),
      borders: Array(stride(from: 0, to: x.count, by: size)), feedback: feedback, limits: limits)
  }

  /// The y at which y = F(x + ν·y), by bisection; F falls.
  private func solved(_ curve: StepSum, _ x: Double, _ feedback: Double) -> Double {
    var (low, high) = (-2.0, 2.0)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if middle < curve.value(at: x + feedback * middle) { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  // The vectorised shapes are exact to about 1e-14, and a fit without noise ends where the residuals are rounding.
  @Test(arguments: StepShape.allCases)
  func stepsWithoutNoiseComeBack(_ shape: StepShape) throws {
    let truth = curve(shape)
    let x = abscissas(800)
    var fitter = fitter(x, x.map(truth.value(at:)))
    let grown = fitter.ladder(from: start)
    let rung = try #require(grown?.rungs.last)
    let found = fitter.polished(rung.curve)
    #expect(found.steps.map(\.shape) == [shape, shape])
    for x in stride(from: -1.3, through: 1.3, by: 0.01) {
      #expect(abs(found.value(at: x) - truth.value(at: x)) < 1e-11)
    }
  }

  // y = F(x + ν·y) is solved by the fitter; here the samples are made the other way, x = u − ν·F(u).
  @Test func feedbackIsSolvedInsideTheFit() throws {
    let truth = curve(.normal)
    let inner = abscissas(4000)
    let y = inner.map(truth.value(at:))
    let x = zip(inner, y).map { $0 - 0.2 * $1 }
    var fitter = fitter(x, y, feedback: 0.2)
    let grown = fitter.ladder(from: start)
    let rung = try #require(grown?.rungs.last)
    let found = fitter.polished(rung.curve)
    #expect(found.steps.count == 2)
    for u in stride(from: -1.3, through: 1.3, by: 0.01) {
      #expect(abs(found.value(at: u) - truth.value(at: u)) < 1e-10)
    }
  }

  // Nodes of 10 samples hold as much as the samples: the optimum moves by the second-order rest of the curvature
  // inside a node, which centring on the curve leaves at the noise's share of it.
  @Test func gatheringSamplesToNodesLosesNothing() throws {
    let truth = curve(.normal)
    let x = abscissas(5000)
    let y = zip(x, SeededNumbers.gaussian(5000, seed: 3)).map { truth.value(at: $0) + 1e-3 * $1 }
    var single = fitter(x, y)
    var gathered = fitter(x, y, nodesOf: 10)
    let (one, other) = (single.ladder(from: start)?.rungs.last, gathered.ladder(from: start)?.rungs.last)
    let fine = single.polished(try #require(one).curve)
    let coarse = gathered.polished(try #require(other).curve)
    // σ/√n is 1.4e-5; a twentieth of that adds a thousandth to the uncertainty.
    for place in [0.0, 0.3, 0.7] { #expect(abs(fine.value(at: place) - coarse.value(at: place)) < 7e-7) }
  }

  // Centring wide nodes moves the minimum, at which they are to be centred anew, by up to a quarter as much each time;
  // what is left in the end is below 1e-13, times what rounding in the normal matrix makes of it.
  @Test func polishingOnceMoreChangesNothing() throws {
    let truth = curve(.normal)
    let x = abscissas(5000)
    let y = zip(x, SeededNumbers.gaussian(5000, seed: 3)).map { truth.value(at: $0) + 1e-3 * $1 }
    var fitter = fitter(x, y, nodesOf: 40)
    let grown = fitter.ladder(from: start)
    let rung = try #require(grown?.rungs.last)
    let found = fitter.polished(rung.curve)
    let again = fitter.polished(found)
    for place in [0.0, 0.7, 0.97, 1, 1.02] {
      #expect(abs(found.value(at: place) - again.value(at: place)) < 1e-11)
    }
    #expect(abs(found.value(at: 1) - rung.curve.value(at: 1)) > 1e-9, "there was something to do")
  }

  // A step more costs three parameters and 2 on top in Schwarz's criterion; noise pays that in fewer than 1 of 100.
  @Test func noiseBringsNoFurtherStep() throws {
    let truth = StepSum(
      offset: 1, slope: -0.06, steps: [.init(amplitude: 2, centre: 1, logWidth: -4)])
    let x = abscissas(500)
    var further = 0
    for seed in 0..<60 {
      let noise = SeededNumbers.gaussian(500, seed: UInt64(seed))
      let y = zip(x, noise).map { truth.value(at: $0) + 2e-3 * $1 }
      var fitter = fitter(x, y)
      let ladder = fitter.ladder(from: start)
      if try #require(ladder).rungs.count > 1 { further += 1 }
    }
    #expect(further <= 2)
  }

  // Where y feeds back, a steep step lies within a few samples, and solving for y can go astray: as in a plate or with a
  // sharp loop. 497 degrees of freedom give the scatter of the samples to 3.2 %; four of that are allowed.
  @Test(arguments: [(0.3, 0.0012), (0.3, 0.004), (0.9, 0.004), (1.5, 0.02)])
  func steepStepsAreFoundWhereTheyFeedBack(_ feedback: Double, _ width: Double) throws {
    let truth = StepSum(
      offset: 1, slope: -0.06,
      steps: [
        .init(amplitude: 1.5, centre: 1.004, logWidth: log(width)),
        .init(amplitude: 0.5, centre: 0.98, logWidth: log(3 * width)),
      ])
    let x = abscissas(500).map { $0 * (1 + feedback) }
    let exact = x.map { solved(truth, $0, feedback) }
    for seed in 0..<10 {
      let noise = SeededNumbers.gaussian(500, seed: UInt64(seed))
      let y = zip(exact, noise).map { $0 + 1e-3 * $1 }
      var fitter = fitter(x, y, nodesOf: 2, feedback: feedback)
      let ladder = fitter.ladder(from: start, noiseVariance: 1e-6)
      let found = fitter.polished(try #require(ladder?.rungs.last).curve)
      let squares = zip(x, y).reduce(0.0) {
        let residual = $1.1 - solved(found, $1.0, feedback)
        return $0 + residual * residual
      }
      #expect((squares / 500).squareRoot() < 1.13e-3, "seed \(seed)")
    }
  }

  // 300 repetitions give the standard deviation to 1/√600 = 4.1 %; three of that are allowed.
  @Test func theCovarianceIsThatOfRepetition() throws {
    let truth = curve(.normal)
    let x = abscissas(500)
    let sigma = 1e-3
    var values: [Double] = []
    for seed in 0..<300 {
      let noise = SeededNumbers.gaussian(500, seed: UInt64(1000 + seed))
      var fitter = fitter(x, zip(x, noise).map { truth.value(at: $0) + sigma * $1 })
      values.append(fitter.polished(fitter.fit(from: truth).curve).value(at: 0))
    }
    let mean = values.reduce(0, +) / 300
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299).squareRoot()
    var exact = fitter(x, x.map(truth.value(at:)))
    let covariance = exact.covariance(of: truth)
    let gradient = truth.gradient(at: 0)
    let direction = try #require(covariance.direction(of: gradient))
    let variance = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(spread / (sigma * variance.squareRoot()) - 1) < 0.123)
    // The influence of the samples is the same thing seen from the other side.
    let row = exact.influence(on: truth).row(along: direction)
    #expect(abs(row.reduce(0) { $0 + $1 * $1 } / variance - 1) < 1e-6)
  }

  @Test func whatSamplesDoNotTellIsRefused() throws {
    // A second step with no amplitude: its place and width leave no trace.
    var truth = curve(.normal)
    truth.steps[1].amplitude = 0
    let x = abscissas(300)
    var fitter = fitter(x, x.map(truth.value(at:)))
    let covariance = fitter.covariance(of: truth)
    #expect(covariance.direction(of: [0, 0, 0, 0, 0, 0, 1, 0]) == nil)
    #expect(covariance.direction(of: truth.gradient(at: 0)) != nil)
  }

  @Test func derivativesAgreeWithDifferences() {
    for shape in StepShape.allCases {
      let curve = curve(shape)
      for x in stride(from: 0.9, through: 1.1, by: 0.003) {
        let h = 1e-6
        let slope = (curve.value(at: x + h) - curve.value(at: x - h)) / (2 * h)
        let bend = (curve.slope(at: x + h) - curve.slope(at: x - h)) / (2 * h)
        // Central differences leave h²/6 of the third derivative, up to 1e7 here, and rounding 1e-16/h.
        #expect(abs(curve.slope(at: x) - slope) < 1e-4)
        #expect(abs(curve.curvature(at: x) - bend) < 1)
      }
    }
  }

  @Test func principalDirectionsRebuildTheMatrix() {
    let order = 9
    var numbers = SeededNumbers.gaussian(order * order, seed: 11)
    var matrix = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0...row {
        let value = numbers.removeLast()
        matrix[row * order + column] = value
        matrix[column * order + row] = value
      }
    }
    let directions = PrincipalDirections(of: matrix, order: order)
    for row in 0..<order {
      for column in 0..<order {
        let rebuilt = (0..<order).reduce(0.0) {
          $0 + directions.values[$1] * directions.vectors[$1][row] * directions.vectors[$1][column]
        }
        #expect(abs(rebuilt - matrix[row * order + column]) < 1e-12)
      }
    }
  }
}
