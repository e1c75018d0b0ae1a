// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension LoopQuality {
  /// Gives every characteristic without a value its reason, and the bound that the data still give.
  mutating func collectAbsences() {
    let has = Set(properties.estimates().map(\.characteristic))
    func absent(_ characteristic: Characteristic, _ reason: Flag.Code, bound: Double? = nil) {
      guard !has.contains(characteristic) else { return }
      absences.append(Absence(characteristic, reason, lowerBound: bound))
    }
    let knees = KneeDefinition.all.map(\.characteristic)
    let several = pilots.contains { $0.crossings > 1 }
    let noCoercivity = several ? .multipleCrossings : reason(.incompleteHcJ, \.coercivityHcJ)
    if !data.hasPolarisation {
      for characteristic: Characteristic in [
        .remanence, .coercivityHcB, .energyProduct, .squareness, .recoilPermeability, .switchingFieldWidth,
        .maximumPolarisation,
      ] + knees { absent(characteristic, .noVolume) }
      absent(.coercivityHcJ, noCoercivity)
      if !data.hasMoment { absent(.remanentMoment, .noVolume) }
    } else if branches.isEmpty {
      for characteristic: Characteristic in [
        .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .squareness, .recoilPermeability,
        .switchingFieldWidth,
      ] + knees { absent(characteristic, .initialOnly) }
    } else {
      let noRemanence = reason(.incompleteBr, \.remanence)
      absent(.remanence, noRemanence)
      absent(.coercivityHcJ, noCoercivity, bound: several ? nil : reach { _, response in response })
      absent(.coercivityHcB, reason(.incompleteHcB, \.coercivityHcB), bound: reach(data.shear.fluxDensity))
      absent(.energyProduct, reason(.incompleteBHmax, \.energyProduct))
      absent(.recoilPermeability, noRecoilPermeability)
      for knee in KneeDefinition.all {
        let (reason, bound) = absence(of: knee, noRemanence: noRemanence)
        absent(knee.characteristic, reason, bound: bound)
      }
      absent(.switchingFieldWidth, noSwitchingFieldWidth(noCoercivity))
      let cause = absences.last { $0.characteristic == .coercivityHcJ || $0.characteristic == .kneeField }
      absent(.squareness, cause?.reason ?? .incompleteHk)
    }
    flagAbsences()
  }

  private var noRecoilPermeability: Flag.Code {
    switch settings.recoilMethod {
    case .recoilLoop, .secant: return .noRecoilLoop
    case .auto, .majorSlope:
      if pilots.contains(where: { $0.remanenceField == nil }) { return .incompleteBr }
      if pilots.contains(where: { $0.fluxCrossingField == nil }) { return .incompleteHcB }
      return reason(.sparse, \.recoilPermeability)
    }
  }

  private func noSwitchingFieldWidth(_ noCoercivity: Flag.Code) -> Flag.Code {
    if properties.coercivityHcJ == nil { return noCoercivity }
    if settings.method == .interpolation { return .interpolation }
    if isSparse { return .sparse }
    if branches.contains(where: { !$0.reachesBack }) { return .secondQuadrantOnly }
    if pilots.contains(where: { ($0.switchingPoints ?? 0) < undersamplingLimit }) { return .undersampled }
    return reason(.unsaturated, \.switchingFieldWidth)
  }

  /// Why a knee field would have no value, and how far the data stay above its line.
  private func absence(of knee: KneeDefinition, noRemanence: Flag.Code) -> (Flag.Code, bound: Double?) {
    guard let remanence = properties.remanence?.value.si else { return (noRemanence, nil) }
    guard let permeability = knee.isRecoilSloped ? properties.recoilPermeability?.value.si : 1 else {
      return (noRecoilPermeability, nil)
    }
    let bound = reach { field, response in
      response
        - knee.level(
          at: data.shear.internalField(field, response), remanence: remanence,
          recoilPermeability: permeability)
    }
    return (reason(.incompleteHk) { $0.kneeFields[knee] }, bound)
  }

  /// A reading that was left out for its value says that these are not the data of a magnet.
  private func reason(_ code: Flag.Code, _ path: (BranchReadings) -> Reading?) -> Flag.Code {
    !readings.isEmpty && readings.allSatisfy { path($0) != nil } ? .implausible : code
  }

  /// How far a function of measured field and response stays above its noise from H = 0 to the end of every branch.
  ///
  /// In A/m of internal field, less the expanded uncertainty of the field; nil when it does not stay above.
  private func reach(_ level: (Double, Double) -> Double) -> Double? {
    var shortest = Double.infinity
    for (branch, pilot) in zip(branches, pilots) {
      guard let origin = pilot.remanenceField, let last = branch.field.last else { return nil }
      let rows = branch.firstRow { $0 <= origin }..<branch.count
      let isAbove = rows.allSatisfy {
        level(branch.field[$0], pilot.smooth[$0]) > 3 * noise.standardDeviation
      }
      guard isAbove, !rows.isEmpty else { return nil }
      shortest = min(shortest, -data.shear.internalField(last, branch.response.last ?? 0))
    }
    var (relative, absolute) = (0.0, 0.0)
    for line in settings.budget.lines {
      switch line.input {
      case .fieldGain: relative += line.standardUncertainty * line.standardUncertainty
      case .fieldOffset: absolute += line.standardUncertainty * line.standardUncertainty
      default: break
      }
    }
    let bound = shortest - 2 * (relative * shortest * shortest + absolute).squareRoot()
    return bound.isFinite && bound > 0 ? bound : nil
  }

  private mutating func flagAbsences() {
    let missing = Set(absences.map(\.reason))
    func bound(_ characteristic: Characteristic) -> String {
      absences.first { $0.characteristic == characteristic }?.lowerBound
        .map { ": \(characteristic.rawValue) is larger than \(thousands($0)) kA/m" } ?? ""
    }
    if missing.contains(.incompleteHcJ) {
      flag(.incompleteHcJ, "the data do not show J = 0" + bound(.coercivityHcJ))
    }
    if missing.contains(.incompleteHcB) {
      flag(.incompleteHcB, "the data do not show B = 0" + bound(.coercivityHcB))
    }
    let isKneeMissing = absences.contains { $0.characteristic == .kneeField && $0.reason == .incompleteHk }
    if isKneeMissing, !missing.contains(.incompleteHcJ) {
      flag(.incompleteHk, "J = 0.90·Br is not reached within the data")
    }
    if missing.contains(.noRecoilLoop) {
      flag(
        .noRecoilLoop,
        "no recoil loop in the data, so µrec by \(settings.recoilMethod.rawValue) and what rests on it is missing"
      )
    }
    if missing.contains(.incompleteBHmax) {
      flag(.incompleteBHmax, "the maximum of −B·H is not bracketed by data")
    }
    if absences.contains(where: { $0.characteristic == .remanence && $0.reason == .incompleteBr }) {
      flag(
        .incompleteBr, "the data do not reach zero internal field, so Br and all that rests on it is missing")
    }
    if missing.contains(.implausible), !flags.contains(where: { $0.code == .implausible }) {
      flag(
        .implausible, "values that are not positive were left out: this is not the loop of a permanent magnet"
      )
    }
  }
}
