// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Quantities

/// What no true grade table can break: physics, and where grades have classes the order that misprints disturb.
struct GradeTableCheck {
  let table: String
  let grades: [Grade]

  func run() throws(GradeTableError) {
    guard !grades.isEmpty else { throw GradeTableError(table, "there is no grade in it") }
    var named: [[Character]: String] = [:]
    for grade in grades {
      for name in grade.reducedNames.map(\.letters) {
        guard !name.isEmpty else {
          throw GradeTableError(table, "a grade without letters or digits as its name")
        }
        if let other = named.updateValue(grade.name, forKey: name) {
          throw fault(grade, "the name stands twice, here and as “\(other)”")
        }
      }
      try checkLimits(of: grade)
      try checkPhysics(of: grade)
    }
    try checkOrderInsideClasses()
    try checkOrderOfClasses()
  }

  private func fault(_ grade: Grade, _ detail: String) -> GradeTableError {
    GradeTableError(table, grade: grade.name, detail)
  }

  private func checkLimits(of grade: Grade) throws(GradeTableError) {
    // Generous: what lies outside was mistyped or is in another unit.
    let typical: [(String, Double?, ClosedRange<Double>)] = [
      ("mu_rec_typ", grade.typicalRecoilPermeability, 0.9...20),
      ("density_g_per_cm3", grade.typicalDensity.map { $0 / 1e3 }, 1...20),
      ("tw_max_C", grade.maximumWorkingTemperature.map { $0 - 273.15 }, -273...1000),
      ("br_typ_T", grade.typicalRemanence, 0...2.5),
    ]
    for (name, value, range) in typical {
      if let value, !range.contains(value) { throw fault(grade, "\(name) = \(value) is that of no magnet") }
    }
    guard !grade.limits.isEmpty else { throw fault(grade, "there is no limit") }
    for limit in grade.limits {
      guard limit.value > 0, limit.value.isFinite else {
        throw fault(
          grade, "the limit \(limit.printed) of \(limit.characteristic.rawValue) is no positive number")
      }
      if let (largest, hint) = Self.largest[limit.characteristic], limit.value > largest {
        throw fault(
          grade,
          "the limit \(limit.printed) of \(limit.characteristic.rawValue) is above what any magnet has\(hint)"
        )
      }
    }
    for lower in grade.limits where lower.side == .minimum {
      for upper in grade.limits
      where upper.side == .maximum && upper.characteristic == lower.characteristic {
        guard lower.value <= upper.value else {
          throw fault(
            grade,
            "the minimum \(lower.printed) of \(lower.characteristic.rawValue) is above its maximum "
              + upper.printed)
        }
      }
    }
  }

  /// What no permanent magnet reaches, in SI, and the unit that a larger number was probably meant in.
  private static let largest: [Characteristic: (Double, String)] = [
    .remanence: (2.5, "; is it in kG?"), .coercivityHcB: (2.5 / magneticConstant, "; is it in Oe?"),
    .coercivityHcJ: (2e7, "; is it in Oe?"),
    .energyProduct: (2.5 * 2.5 / (4 * magneticConstant), "; is it in kGOe?"),
    .squareness: (1, "; is it in percent?"),
  ]

  /// HcB ≤ Br/µ0, HcB ≤ HcJ and (BH)max ≤ Br²/(4µ0): true of every magnet.
  private func checkPhysics(of grade: Grade) throws(GradeTableError) {
    let lowRemanence =
      grade.limit(.remanence, .minimum) ?? grade.limit(.remanence, .maximum) ?? grade.typicalRemanence
    let highRemanence = [
      grade.limit(.remanence, .minimum), grade.limit(.remanence, .maximum), grade.typicalRemanence,
    ].compactMap(\.self).max()
    if let hcB = grade.limit(.coercivityHcB, .minimum) {
      if let lowRemanence, hcB > lowRemanence / magneticConstant {
        throw fault(
          grade,
          "HcB of \(kilo(hcB)) kA/m is above Br/µ0 = \(kilo(lowRemanence / magneticConstant)) kA/m "
            + "for \(lowRemanence) T")
      }
      let hcJ = grade.limit(.coercivityHcJ, .minimum) ?? grade.limit(.coercivityHcJ, .maximum)
      if let hcJ, hcB > hcJ {
        throw fault(grade, "HcB of \(kilo(hcB)) kA/m is above HcJ of \(kilo(hcJ)) kA/m")
      }
    }
    guard let highRemanence else { return }
    let largest = highRemanence * highRemanence / (4 * magneticConstant)
    // A wide upper limit of (BH)max is only absurd beside an upper limit of Br.
    let widest =
      grade.limit(.remanence, .maximum) == nil ? nil : grade.limit(.energyProduct, .maximum)
    let products = [grade.limit(.energyProduct, .minimum), widest, grade.typicalEnergyProduct]
      .compactMap(\.self)
    // 1 % for the rounding of printed figures.
    for product in products where product > 1.01 * largest {
      throw fault(
        grade,
        "(BH)max of \(kilo(product)) kJ/m³ is above Br²/(4µ0) = \(kilo(largest)) kJ/m³ "
          + "for \(highRemanence) T")
    }
  }

  private func checkOrderInsideClasses() throws(GradeTableError) {
    for characteristic in [Characteristic.remanence, .energyProduct] {
      for side in [LimitSide.minimum, .maximum] {
        var latest: [String: (grade: String, limit: Double)] = [:]
        for grade in grades where !grade.classMark.isEmpty {
          guard let limit = grade.limit(characteristic, side) else { continue }
          if let before = latest[grade.classMark], limit < before.limit {
            throw fault(
              grade,
              "\(characteristic.rawValue) \(side.rawValue) falls inside class \(grade.classMark): "
                + "\(number(limit, characteristic)) after \(number(before.limit, characteristic)) "
                + "of \(before.grade)")
          }
          latest[grade.classMark] = (grade.name, limit)
        }
      }
    }
  }

  /// Classes stand in the order of rising HcJ, so at one grade number HcJ does not fall from class to class.
  private func checkOrderOfClasses() throws(GradeTableError) {
    var latest: [[Character]: (grade: String, limit: Double)] = [:]
    let classes = grades.reduce(into: [String]()) { list, grade in
      if !grade.classMark.isEmpty, !list.contains(grade.classMark) { list.append(grade.classMark) }
    }
    for mark in classes {
      for grade in grades where grade.classMark == mark {
        guard let limit = grade.limit(.coercivityHcJ, .minimum) else { continue }
        var stem = GradeName(grade.name).letters
        let suffix = GradeName(mark).letters
        if stem.count > suffix.count, stem.suffix(suffix.count).elementsEqual(suffix) {
          stem.removeLast(suffix.count)
        }
        if let before = latest[stem], limit < before.limit {
          throw fault(
            grade,
            "HcJ falls from class to class: \(kilo(limit)) kA/m after \(kilo(before.limit)) kA/m "
              + "of \(before.grade)")
        }
        latest[stem] = (grade.name, limit)
      }
    }
  }

  private func number(_ value: Double, _ characteristic: Characteristic) -> String {
    characteristic == .remanence ? "\(value) T" : "\(kilo(value)) kJ/m³"
  }

  /// A number in thousands with up to one decimal.
  private func kilo(_ value: Double) -> String {
    let tenths = (value / 100).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e9 ? String(Int(tenths)) : String(tenths)
  }
}
