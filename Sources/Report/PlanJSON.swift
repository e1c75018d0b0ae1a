// SPDX-License-Identifier: GPL-3.0-or-later
internal import Certification
internal import LotStatistics

extension PlanSheet {
  /// The plan as one line of JSON, schema `magcert.plan/1`, without the line feed.
  ///
  /// Fractions are of 1, or mean numbers of defects per piece where the model is `poisson`; keys in percent say so. Attribute plans have `acceptanceNumber` and
  /// `rejectionNumber`, variables plans `sigma`, `acceptabilityConstant` (k) and `maximumPercent` (M). `acceptedWith` holds
  /// the fractions that are accepted with 95, 50 and 10 %; what the plan does not have is absent, as the whole
  /// characteristic is when every piece is inspected.
  public func jsonLine() -> String {
    var object = PlanObject(
      standard: plan.standard, method: plan.method, lotSize: plan.basis.lotSize, level: level.rawValue,
      inspection: plan.basis.severity.rawValue,
      aqlPercent: plan.basis.limit.percent, codeLetter: String(plan.basis.codeLetter),
      sampleSize: plan.basis.sampleSize,
      tabledSampleSize: plan.basis.tabledSampleSize,
      inspectsAll: plan.basis.inspectsAll, sentence: sentence)
    switch plan {
    case .attributes(let plan):
      object.planLetter = String(plan.planLetter)
      object.acceptanceNumber = plan.acceptanceNumber
      object.rejectionNumber = plan.rejectionNumber
    case .variables(let plan, _):
      object.sigma = plan.sigma.rawValue
      object.acceptabilityConstant = plan.acceptabilityConstant
      object.maximumPercent = plan.maximumPercent
    }
    if let curve, !plan.basis.inspectsAll {
      let outgoing = curve.outgoingQualityLimit
      object.operatingCharacteristic = .init(
        model: characteristicModel,
        points: curvePoints.map { .init(fraction: $0.fraction, acceptance: $0.acceptance) },
        acceptedWith: .init(
          p95: curve.fraction(acceptedWith: 0.95), p50: curve.fraction(acceptedWith: 0.5),
          p10: curve.fraction(acceptedWith: 0.1)),
        averageOutgoingQualityLimit: outgoing.fraction, incomingFractionAtLimit: outgoing.incoming)
    }
    return jsonText(object)
  }

  private var characteristicModel: String {
    switch plan {
    case .attributes: model == .defects ? "poisson" : "binomial"
    case .variables(let plan, _): plan.sigma == .known ? "normal" : "noncentral-t"
    }
  }
}

private struct PlanObject: Encodable {
  var schema = "magcert.plan/1"
  var standard: String
  var method: String
  var lotSize: Int?
  var level: String
  var inspection: String
  var aqlPercent: Double
  var codeLetter: String
  var planLetter: String?
  var sampleSize: Int
  var tabledSampleSize: Int
  var inspectsAll: Bool
  var acceptanceNumber: Int?
  var rejectionNumber: Int?
  var sigma: String?
  var acceptabilityConstant: Double?
  var maximumPercent: Double?
  var sentence: String
  var operatingCharacteristic: CharacteristicObject?
}

private struct CharacteristicObject: Encodable {
  struct Point: Encodable {
    var fraction: Double
    var acceptance: Double
  }
  struct Accepted: Encodable {
    var p95: Double?
    var p50: Double?
    var p10: Double?
  }
  var model: String
  var points: [Point]
  var acceptedWith: Accepted
  var averageOutgoingQualityLimit: Double
  var incomingFractionAtLimit: Double
}
