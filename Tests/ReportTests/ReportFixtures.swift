// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Measurements
import Quantities
import Report

/// Values of a specimen with round numbers, made by hand.
enum Fixture {
  static let sha256 = String(repeating: "0123456789abcdef", count: 4)

  /// A two-line budget whose combined standard uncertainty is `u`, 112 effective degrees of freedom or more.
  static func budget(_ u: Double) -> [BudgetLine] {
    [
      BudgetLine(
        id: "noise", evaluation: .typeA, title: "noise of the loop", contribution: 0.6 * u,
        degreesOfFreedom: 200),
      BudgetLine(
        id: "moment-gain", evaluation: .typeB, title: "calibration of the moment", contribution: -0.8 * u),
    ]
  }

  /// A demagnetisation curve whose J crosses zero at `coercivity` in A/m and is about `remanence` in T at zero.
  static func curve(remanence: Double = 1.3124, coercivity: Double = 1.624e6) -> DemagnetisationCurve {
    let fields = (0...240).map { 1e5 - Double($0) * (coercivity * 1.1 + 1e5) / 240 }
    let polarisations = fields.map { h in
      remanence * tanh((h + coercivity) / (0.06 * coercivity)) + 1.02e-8 * h
    }
    return DemagnetisationCurve(
      internalField: Series(si: fields), polarisation: Series(si: polarisations))
  }

  static func analysis() -> LoopAnalysis {
    var properties = MagnetProperties()
    properties.remanence = Estimate(
      value: Quantity(si: 1.31237), budget: budget(0.008), method: "local-polynomial")
    properties.coercivityHcB = Estimate(
      value: Quantity(si: 1_012_345), budget: budget(6500), method: "ladder")
    properties.coercivityHcJ = Estimate(
      value: Quantity(si: 1_624_000), budget: budget(8000), method: "ladder")
    properties.energyProduct = Estimate(value: Quantity(si: 330_900), budget: budget(3200), method: "ladder")
    properties.squareness = Estimate(value: Quantity(si: 0.9649), budget: budget(0.0021), method: "ladder")
    let curve = curve()
    return LoopAnalysis(
      properties: properties,
      absences: [
        Absence(.kneeField, .incompleteHk, lowerBound: 1.5e6), Absence(.recoilPermeability, .singleBranch),
      ],
      conditions: Conditions(
        temperature: Sourced(Quantity(si: 296.15), .header), circuit: Sourced(.open, .user),
        demagnetisingFactor: Sourced(Quantity(si: 0.26825772828), .computed), fieldIsInternal: true,
        maximumFieldAmperesPerMetre: 1.1e7),
      flags: [Flag(.defaultBudget, "The uncertainty rests on a default budget; give one with --budget.")],
      corrections: [
        AppliedCorrection(
          id: "field-smoothing",
          parameters: [.init("window", 5, .one), .init("step", 120.5, .amperePerMetre)])
      ],
      loop: ConditionedLoop(
        internalField: curve.internalField, polarisation: curve.polarisation,
        sweeps: [0..<curve.internalField.count]),
      curve: curve, budgetName: "default open circuit", coverageProbability: CoverageFactor.conventional)
  }

  static func sample(id: String = "7A/µ-12", verdict: Verdict? = verdict(), grades: [MetGrade]? = grades)
    -> ReportedSample
  {
    var sample = Sample()
    sample.id = Sourced(id, .user)
    sample.lot = Sourced("2025-041", .header)
    sample.mass = Sourced(Quantity(si: 54.86e-6), .header)
    sample.shape = Sourced(
      .cuboid(a: Quantity(si: 1.98e-3), b: Quantity(si: 1.99e-3), c: Quantity(si: 2.7e-3)), .user)
    return ReportedSample(
      source: ReportedSource(
        path: "data/loop 7.dat", sha256: sha256, bytes: 2_004_277, instrument: "quantum-design-vsm",
        model: "PPMS VSM", measured: "2025-02-12T15:36:00"),
      sample: sample, analysis: analysis(),
      notes: [ReadingNote(code: "dc-moment", message: "The DC moment was used.")],
      verdict: verdict, grades: grades)
  }

  static func verdict(_ result: Conformity = .conditionalPass) -> Verdict {
    Verdict(
      grade: "N42SH", table: "consensus-ndfeb", edition: "1", confidence: "consensus", rule: "ilac-g8",
      guardBand: 1, result: result, reasons: [],
      characteristics: [
        CharacteristicVerdict(
          characteristic: .remanence, side: .minimum, limit: 1.28, value: 1.31237, expandedUncertainty: 0.016,
          probabilityOfConformity: 0.999974, result: .pass),
        CharacteristicVerdict(
          characteristic: .remanence, side: .maximum, limit: 1.35, value: 1.31237, expandedUncertainty: 0.016,
          probabilityOfConformity: 0.9999987, result: .pass),
        CharacteristicVerdict(
          characteristic: .coercivityHcJ, side: .minimum, limit: 1.592e6, value: 1.624e6,
          expandedUncertainty: 16000, probabilityOfConformity: 0.99996, result: .pass),
        CharacteristicVerdict(
          characteristic: .energyProduct, side: .minimum, limit: 326_000, value: 330_900,
          expandedUncertainty: 6400, probabilityOfConformity: 0.937, result: result),
        CharacteristicVerdict(
          characteristic: .kneeField, side: .minimum, limit: 1.43e6, value: nil, expandedUncertainty: nil,
          probabilityOfConformity: nil, result: .undetermined, reason: "The data do not reach the knee."),
      ])
  }

  static let grades = [
    MetGrade(name: "N42SH", result: .conditionalPass, confidence: "consensus"),
    MetGrade(name: "N42H", result: .pass, confidence: "consensus"),
    MetGrade(name: "N40X", result: .pass, confidence: "unchecked"),
  ]

  static let failure = ReportedFailure(
    source: ReportedSource(path: "data/broken.dat", sha256: sha256, bytes: 12),
    ReadError(.malformed, "The field “12,3,4” is not a number.", line: 812, column: "Field"))
}
