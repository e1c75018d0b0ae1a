// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Quantities
import Simulation

extension LoopMeasurement {
  /// A closed loop of a reference curve in steps of `step`, in A/m, whose descending branch recoil loops interrupt.
  ///
  /// Each begins at a field of `tips`, in A/m and negative, rises to `top` on a straight line of slope `permeability`
  /// for B(H), bowed upward by `bow` in T at its middle, and comes back bowed downward. An ascending branch is the
  /// mirror image, with recoil loops of its own when `onBoth`.
  static func withRecoilLoops(
    _ reference: ReferenceLoop, from tips: [Double], to top: Double = 0, permeability: Double,
    bow: Double = 0, points: Int = 200, step: Double = 1e3, onBoth: Bool = false
  ) -> LoopMeasurement {
    func branch(_ tips: [Double]) -> [(field: Double, response: Double)] {
      let grid = (0..<Int(4800e3 / step)).map { 2400e3 - step * (Double($0) + 0.5) }
      var rows: [(field: Double, response: Double)] = []
      var above = Double.infinity
      func major(_ field: Double) -> (Double, Double) {
        (field, reference.polarisation(atAmperesPerMetre: field))
      }
      for tip in tips {
        rows += grid.filter { $0 < above && $0 > tip }.map(major)
        let start = reference.polarisation(atAmperesPerMetre: tip)
        let shares = (0...points).map { Double($0) / Double(points) }
        func recoil(_ share: Double, _ bow: Double) -> (Double, Double) {
          let rise = share * (top - tip)
          return (
            tip + rise, start + (permeability - 1) * magneticConstant * rise + 4 * bow * share * (1 - share)
          )
        }
        rows += shares.map { recoil($0, bow) } + shares.reversed().dropFirst().map { recoil($0, -bow) }
        above = tip
      }
      return rows + grid.filter { $0 < above }.map(major)
    }
    let rows = branch(tips) + branch(onBoth ? tips : []).map { (-$0.field, -$0.response) }
    return .of(rows.map(\.field), rows.map(\.response))
  }

  /// A measurement of internal field in A/m and polarisation in T, at 23 °C.
  static func of(_ field: [Double], _ polarisation: [Double]) -> LoopMeasurement {
    of(field, .polarisation(Series(si: polarisation)))
  }

  /// A measurement of internal field in A/m and any response, at 23 °C.
  static func of(_ field: [Double], _ response: ResponseChannel) -> LoopMeasurement {
    LoopMeasurement(
      instrument: "test", field: .internal(Series(si: field)), response: response,
      temperature: Series(si: [Double](repeating: 296.15, count: field.count)))
  }

  /// The same with other numbers in the channels, whose kinds stay.
  func changing(
    field changeField: (Int, Double) -> Double = { $1 },
    response changeResponse: (Int, Double) -> Double = { $1 }
  ) -> LoopMeasurement {
    var copy = self
    let fields = field.amperesPerMetre.enumerated().map { changeField($0.offset, $0.element) }
    let responses = response.si.enumerated().map { changeResponse($0.offset, $0.element) }
    switch field {
    case .applied: copy.field = .applied(Series(si: fields))
    case .internal: copy.field = .internal(Series(si: fields))
    }
    switch response {
    case .moment: copy.response = .moment(Series(si: responses))
    case .specificMoment: copy.response = .specificMoment(Series(si: responses))
    case .magnetisation: copy.response = .magnetisation(Series(si: responses))
    case .polarisation: copy.response = .polarisation(Series(si: responses))
    case .fluxDensity: copy.response = .fluxDensity(Series(si: responses))
    }
    return copy
  }
}
