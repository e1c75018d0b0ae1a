// SPDX-License-Identifier: GPL-3.0-or-later
internal import Simulation

/// The cells of a validation.
public struct ValidationPlan: Hashable, Sendable {
  /// The name, such as `quick`.
  public let name: String
  /// The cells, in the order in which they are worked on and reported.
  public var cells: [ValidationCell]

  /// A plan from its parts.
  public init(name: String, cells: [ValidationCell]) {
    self.name = name
    self.cells = cells
  }

  /// The number of loops of all cells.
  public var loops: Int { cells.reduce(0) { $0 + $1.loops } }

  /// A check of an installation in less than a minute.
  public static let quick = ValidationPlan(
    name: "quick",
    [
      ([.a], [0.1, 1], 1000, 100, [.accuracy, .coverage]),
      ([.b, .c, .d], [0.1], 1000, 60, [.accuracy, .coverage]),
      ([.b, .c, .d], [1], 1000, 60, [.coverage]),
      ([.t1, .t2, .t3], [0.2], 1000, 60, [.accuracy]),
      (ReferenceLoop.shapes, [0.3], 1000, 60, [.accuracy, .coverage]),
      ([.a], [1], 10_000, 12, [.bias]),
    ], noiseCoverageLoops: 200, noiseKinds: [.white], shots: 40)

  /// The whole set of acceptance simulations.
  ///
  /// `noiseCoverageLoops` is the number of loops for each kind of noise in the test of the noise part alone.
  public static func full(noiseCoverageLoops: Int = 10_000) -> ValidationPlan {
    ValidationPlan(
      name: "full",
      [
        ([.a], [0.1, 0.3, 1], 1000, 300, [.accuracy, .coverage]),
        ([.b, .c, .d], [0.1], 1000, 300, [.accuracy, .coverage]),
        ([.b, .c, .d], [0.3, 1], 1000, 300, [.coverage]),
        ([.t1, .t2, .t3], [0.2], 1000, 300, [.accuracy]),
        (ReferenceLoop.shapes, [0.1, 0.3, 1], 1000, 300, [.accuracy, .coverage]),
        ([.a], [1], 10_000, 60, [.bias]),
      ], noiseCoverageLoops: noiseCoverageLoops, noiseKinds: NoiseKind.allCases, shots: 1000)
  }

  /// A block of cells: every truth with every noise.
  private typealias Block = (
    truths: [ReferenceLoop], noise: [Double], points: Int, loops: Int, checks: [ValidationCell.Check]
  )

  private init(
    name: String, _ blocks: [Block], noiseCoverageLoops: Int, noiseKinds: [NoiseKind], shots: Int
  ) {
    var cells: [ValidationCell] = []
    for block in blocks {
      for truth in block.truths {
        for noise in block.noise {
          cells.append(
            ValidationCell(
              truth, noisePercent: noise, points: block.points, loops: block.loops, seedBase: 0,
              checks: block.checks))
        }
      }
    }
    cells += noiseKinds.map {
      ValidationCell(
        .l2, noiseKind: $0, noisePercent: 0.3, loops: noiseCoverageLoops, seedBase: 0,
        checks: [.noiseCoverage], ladderComponents: 2)
    }
    cells += [.shot, .shotWithExactGains].map { ValidationCell(shotsOf: .a, $0, loops: shots) }
    self.init(name: name, cells: cells)
    seed(from: 1)
  }

  /// Gives every cell seeds of its own, the first the given base: cells share no noise.
  public mutating func seed(from base: UInt32) {
    for index in cells.indices { cells[index].seedBase = base &+ UInt32(index) }
  }
}
