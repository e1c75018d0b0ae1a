// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// Where a knee field is read: where J(H) meets a line that begins at a share of Br.
///
/// The line is level, J = s·Br, or parallel to the recoil line, J = s·Br + µ0(µrec − 1)·H with H < 0; then 1 − s is
/// the irreversible loss. Knee fields by different definitions differ by hundreds of kA/m, so every one carries
/// the id of its definition.
struct KneeDefinition: Hashable, Sendable {
  let characteristic: Characteristic
  /// The first part of the method id.
  let id: String
  /// The share of Br at which the line begins.
  let share: Double
  let isRecoilSloped: Bool

  static let hk90 = KneeDefinition(
    characteristic: .kneeField, id: "J=0.90Br", share: 0.90, isRecoilSloped: false)
  static let hk95 = KneeDefinition(
    characteristic: .kneeField95, id: "J=0.95Br", share: 0.95, isRecoilSloped: false)
  static let hx80 = KneeDefinition(
    characteristic: .kneeField80, id: "J=0.80Br", share: 0.80, isRecoilSloped: false)
  static let hd2 = KneeDefinition(
    characteristic: .irreversibleLoss2, id: "J=0.98Br-recoil", share: 0.98, isRecoilSloped: true)
  static let hd5 = KneeDefinition(
    characteristic: .irreversibleLoss5, id: "J=0.95Br-recoil", share: 0.95, isRecoilSloped: true)
  static let hd10 = KneeDefinition(
    characteristic: .irreversibleLoss10, id: "J=0.90Br-recoil", share: 0.90, isRecoilSloped: true)

  static let all = [hk90, hk95, hx80, hd2, hd5, hd10]

  /// The line's slope dJ/dH in T·m/A; `recoilPermeability` matters to sloped lines only.
  func slope(recoilPermeability: Double) -> Double {
    isRecoilSloped ? magneticConstant * (recoilPermeability - 1) : 0
  }

  /// The line's height in T at an internal field in A/m, negative in the second quadrant.
  func level(at field: Double, remanence: Double, recoilPermeability: Double) -> Double {
    share * remanence + slope(recoilPermeability: recoilPermeability) * field
  }

  /// The change of the knee field for changes δJ of the curve there and δBr, in T; `slope` is dJ/dH there.
  func change(_ polarisation: Double, _ remanence: Double, slope: Double, recoilPermeability: Double)
    -> Double
  {
    (polarisation - share * remanence) / (slope - self.slope(recoilPermeability: recoilPermeability))
  }

  /// The change of the knee field in A/m for a unit change of µrec; `slope` is dJ/dH there.
  func changePerRecoilPermeability(kneeField: Double, slope: Double, recoilPermeability: Double) -> Double {
    guard isRecoilSloped else { return 0 }
    return magneticConstant * kneeField / (slope - self.slope(recoilPermeability: recoilPermeability))
  }

  /// The id of definition and estimator; a sloped line names how its µrec was found, the value of which is `muRec`
  /// of the same result.
  func method(_ estimator: String, recoilMethod: RecoilMethod) -> String {
    isRecoilSloped ? "\(id)/\(recoilMethod.rawValue)/\(estimator)" : "\(id)/\(estimator)"
  }
}
