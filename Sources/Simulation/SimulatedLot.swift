// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Pieces of one lot as a production line would deliver them: alike, with a spread, some with a defect.
///
/// Cubes with an edge of 3 mm, free-standing, like a magnet of grade N42SH with a clear margin to its limits.
public struct SimulatedLot: Hashable, Sendable {
  /// What can be wrong with a piece.
  public enum Defect: String, Hashable, Sendable, CaseIterable {
    /// HcJ near 1450 kA/m.
    case lowCoercivity = "low-coercivity"
    /// 2 % of a soft phase: a kink near 80 kA/m.
    case softPhase = "soft-phase"
  }

  /// The lot's name; pieces are called `<name>-01` and so on.
  public var name: String
  /// How many pieces.
  public var pieces: Int
  /// The seed of spread and noise.
  public var seed: UInt64
  /// The defects, by the number of the piece counted from 1.
  public var defects: [Int: Defect]
  /// Standard deviation of Br from piece to piece, relative; cut off at two of it.
  public var remanenceSpread = 0.003
  /// Standard deviation of HcJ from piece to piece, relative; cut off at two of it.
  public var coercivitySpread = 0.01

  /// A lot with the usual spread and the given defects by piece number, counted from 1.
  public init(name: String, pieces: Int, seed: UInt64, defects: [Int: Defect] = [:]) {
    self.name = name
    self.pieces = pieces
    self.seed = seed
    self.defects = defects
  }

  /// One loop per piece: 1000 points up to 5 T of applied field, noise 0.1 % of Br, 23 °C.
  public func loops() -> [SimulatedLoop] {
    var source = GaussianSource(seed: seed)
    func deviate() -> Double {
      while true {
        let g = source.next()
        if abs(g) <= 2 { return g }
      }
    }
    let width = String(max(pieces, 10)).count
    return (0..<max(pieces, 0)).map { index in
      let number = String(index + 1)
      let remanence = 1.325 * (1 + remanenceSpread * deviate())
      let coercivity = 1700e3 * (1 + coercivitySpread * deviate())
      var loop = SimulatedLoop(
        piece(remanence: remanence, coercivity: coercivity, defect: defects[index + 1]))
      loop.maximumField = 5 / magneticConstant
      loop.noisePercent = 0.1
      loop.seed = seed &+ UInt64(index) &+ 1
      loop.sample.id = Sourced(
        "\(name)-\(String(repeating: "0", count: width - number.count))\(number)", .header)
      loop.sample.lot = Sourced(name, .header)
      let edge = Quantity<Length>(si: 3e-3)
      let shape = Shape.cuboid(a: edge, b: edge, c: edge)
      loop.sample.shape = Sourced(shape, .header)
      // The magnetometric factor of a cube is 1/3 exactly: the three axes are alike and their sum is 1.
      loop.openCircuit = .init(demagnetisingFactor: 1.0 / 3, volume: shape.volume.si)
      return loop
    }
  }

  private func piece(remanence: Double, coercivity: Double, defect: Defect?) -> ReferenceLoop {
    let base = ReferenceLoop.a
    let scaled = base.scaled(by: remanence / base.polarisation(atAmperesPerMetre: 0))
    let target = defect == .lowCoercivity ? 1450e3 : coercivity
    let hard = scaled.shifted(byAmperesPerMetre: target - base.answers.coercivityHcJ)
    return defect == .softPhase ? hard.withSoftPhase(fraction: 0.02) : hard
  }
}
