// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Quantities

extension LoopMeasurement {
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
