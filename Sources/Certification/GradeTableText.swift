// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import TOMLText

/// A grade table as it is written; the unit of every number is in its key.
struct GradeTableText: Decodable {
  let id: String
  let edition: String
  let source: String
  let confidence: String
  let family: String
  let reference_temperature_C: TOMLNumber?
  let grade: [Row]

  struct Row: Decodable {
    let name: String
    let aliases: [String]?
    let `class`: String?
    let confidence: String?
    let source: String?
    let note: String?
    let br_min_T: TOMLNumber?
    let br_max_T: TOMLNumber?
    let br_typ_T: TOMLNumber?
    let hcb_min_kA_per_m: TOMLNumber?
    let hcb_max_kA_per_m: TOMLNumber?
    let hcj_min_kA_per_m: TOMLNumber?
    let hcj_max_kA_per_m: TOMLNumber?
    let bhmax_min_kJ_per_m3: TOMLNumber?
    let bhmax_max_kJ_per_m3: TOMLNumber?
    let bhmax_typ_kJ_per_m3: TOMLNumber?
    let squareness_min: TOMLNumber?
    let mu_rec_typ: TOMLNumber?
    let density_g_per_cm3: TOMLNumber?
    let tw_max_C: TOMLNumber?
    let alpha_br_percent_per_K: TOMLNumber?
    let beta_hcj_percent_per_K: TOMLNumber?

    func grade(in table: String, confidence: Confidence) throws(GradeTableError) -> Grade {
      var own = confidence
      if let word = self.confidence {
        guard let stated = Confidence(rawValue: word) else {
          throw GradeTableError(table, grade: name, Confidence.refusal(of: word))
        }
        guard stated >= confidence else {
          throw GradeTableError(
            table, grade: name,
            "a grade cannot be trusted more (\(word)) than its table (\(confidence.rawValue))")
        }
        own = stated
      }
      return Grade(
        name: name, aliases: aliases ?? [], classMark: self.class ?? "", confidence: own, limits: limits,
        typicalRemanence: br_typ_T?.value, typicalEnergyProduct: bhmax_typ_kJ_per_m3.map { $0.value * 1e3 },
        typicalRecoilPermeability: mu_rec_typ?.value,
        typicalDensity: density_g_per_cm3.map { $0.value * 1e3 },
        maximumWorkingTemperature: tw_max_C.map { $0.value + 273.15 },
        remanenceCoefficient: alpha_br_percent_per_K.map { $0.value / 100 },
        coercivityCoefficient: beta_hcj_percent_per_K.map { $0.value / 100 }, source: source,
        note: note)
    }

    private var limits: [Limit] {
      func limit(
        _ characteristic: Characteristic, _ side: LimitSide, _ number: TOMLNumber?, _ unit: String = "",
        times factor: Double = 1
      ) -> Limit? {
        number.map { number in
          let digits =
            number.value == number.value.rounded() && abs(number.value) < 1e9
            ? String(Int(number.value)) : String(number.value)
          return Limit(
            characteristic: characteristic, side: side, value: number.value * factor,
            printed: unit.isEmpty ? digits : "\(digits) \(unit)")
        }
      }
      return [
        limit(.remanence, .minimum, br_min_T, "T"),
        limit(.remanence, .maximum, br_max_T, "T"),
        limit(.coercivityHcB, .minimum, hcb_min_kA_per_m, "kA/m", times: 1e3),
        limit(.coercivityHcB, .maximum, hcb_max_kA_per_m, "kA/m", times: 1e3),
        limit(.coercivityHcJ, .minimum, hcj_min_kA_per_m, "kA/m", times: 1e3),
        limit(.coercivityHcJ, .maximum, hcj_max_kA_per_m, "kA/m", times: 1e3),
        limit(.energyProduct, .minimum, bhmax_min_kJ_per_m3, "kJ/m³", times: 1e3),
        limit(.energyProduct, .maximum, bhmax_max_kJ_per_m3, "kJ/m³", times: 1e3),
        limit(.squareness, .minimum, squareness_min),
      ].compactMap(\.self)
    }
  }
}
