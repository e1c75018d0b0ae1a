// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Inspection
import Measurements
import Quantities
import Report
import TestSupport
import Testing

/// Published and instrument-reported values of real files, which are not part of the repository.
@Suite struct RealFileTests {
  private func inspected(
    _ path: String, _ change: (inout InspectionRequest) throws -> Void = { _ in }
  ) throws -> [Inspected]? {
    guard let url = Repository.shared("data/" + path) else {
      print("\(path) is not beside the repository; passed over")
      return nil
    }
    var request = InspectionRequest()
    try change(&request)
    return try Inspector(request).inspect(path: url.path).results
  }

  private func onlySample(_ results: [Inspected]) throws -> ReportedSample {
    #expect(results.count == 1)
    guard case .sample(let sample)? = results.first else {
      throw InputError("no sample: \(results.map { $0.jsonLine(showBudget: false) })")
    }
    return sample
  }

  private let magmeas = "qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT"

  // MaMMoS magmeas 0.5.1 publishes 0.2453529830215174 and 0.39461314771557665 MA/m for this file. The recipe is
  // the same, so only rounding may differ.
  @Test func twoPointValuesOfMagmeasAreReproduced() throws {
    guard
      let results = try inspected(
        magmeas,
        {
          $0.method = .interpolation
          $0.branch = .falling
        })
    else { return }
    let sample = try onlySample(results)
    let hcj = try #require(sample.analysis[.coercivityHcJ]).value
    let br = try #require(sample.analysis[.remanence]).value
    let factor = try #require(sample.analysis.conditions.demagnetisingFactor).value.si
    #expect(abs(hcj / 245_352.9830215174 - 1) < 1e-9, "HcJ \(hcj)")
    #expect(abs(br / (4e-7 * .pi * 394_613.14771557665) - 1) < 1e-9, "Br \(br)")
    // The factor is published to 11 digits.
    #expect(abs(factor / 0.26825772828 - 1) < 1e-9, "N \(factor)")
  }

  // The default method on both branches must agree with the two-point values of one branch within 0.3 % and
  // (BH)max within 1 %, and its U must hold the difference.
  @Test func defaultMethodAgreesWithMagmeasWithinItsUncertainty() throws {
    guard let results = try inspected(magmeas) else { return }
    let sample = try onlySample(results)
    for (characteristic, published, tolerance): (Characteristic, Double, Double) in [
      (.coercivityHcJ, 245_352.983, 0.003), (.remanence, 4e-7 * .pi * 394_613.1477, 0.003),
      (.energyProduct, 34.1e3, 0.01),
    ] {
      let estimate = try #require(sample.analysis[characteristic])
      #expect(abs(estimate.value / published - 1) < tolerance, "\(characteristic) \(estimate.value)")
      #expect(abs(estimate.value - published) < estimate.expandedUncertainty, "\(characteristic)")
    }
  }

  // Digitised data-sheet curve at 80 °C; values computed by straight lines between its points.
  @Test func arnoldCurveAt80DegreesIsNotJudgedAgainst20DegreeLimits() throws {
    let judge = Judge(table: try gradeTable("consensus-ndfeb"))
    guard
      let results = try inspected(
        "bh_curves/ansys_Arnold_N30UH_80C.tab",
        {
          $0.sample = try StatedSample(["temperature": "80C"]).sample()
          $0.judge = judge
          $0.grade = try judge.table.requireGrade("N30UH")
        })
    else { return }
    let sample = try onlySample(results)
    for (characteristic, expected): (Characteristic, Double) in [
      (.remanence, 1.044), (.coercivityHcB, 800.1e3), (.coercivityHcJ, 1405.6e3), (.energyProduct, 209e3),
    ] {
      let value = try #require(sample.analysis[characteristic]).value
      #expect(abs(value / expected - 1) < 0.003, "\(characteristic) \(value)")
    }
    let verdict = try #require(sample.verdict)
    #expect(verdict.result == .undetermined)
    #expect(verdict.reasons.contains { $0.contains("80.0 °C") && $0.contains("20.0 °C") })
  }

  // Three temperatures, each with an initial curve, a loop and a jump back to zero.
  @Test func loopsAtSeveralTemperaturesAreToldApart() throws {
    guard let results = try inspected("qd_mpms3/nomad_MPMS_test.dat") else { return }
    let temperatures = results.compactMap { result -> Double? in
      guard case .sample(let sample) = result else { return nil }
      return sample.analysis.conditions.temperature?.value.si
    }
    #expect(temperatures.count == 3, "\(temperatures)")
    for (found, expected) in zip(temperatures, [2.0, 2.5, 3.0]) {
      // The instrument regulates to about 10 mK.
      #expect(abs(found - expected) < 0.05)
    }
  }

  // A column without a unit is refused by name, and read when the unit is stated. Linear interpolation of the
  // digitised Alnico gives 1.2363 T, 50.02 kA/m, 42.54 kJ/m³.
  @Test func unitsAreStatedNeverGuessed() throws {
    let path = "bh_curves/jafit_VegaTechnik_LNG37.tab"
    guard let refused = try inspected(path) else { return }
    guard case .failure(let failure)? = refused.first else {
      Issue.record("a table without units was read")
      return
    }
    #expect(failure.code == "unit")
    #expect(["H", "B"].contains(failure.column))
    let units = [
      "H": try #require(UnitOfMeasure(word: "A/m")), "B": try #require(UnitOfMeasure(word: "T")),
    ]
    let read = try inspected(path) {
      $0.reading = ReadingOptions(columnUnits: units)
      $0.method = .interpolation
    }
    let sample = try onlySample(#require(read))
    for (characteristic, expected): (Characteristic, Double) in [
      (.remanence, 1.2363), (.coercivityHcB, 50.02e3), (.energyProduct, 42.54e3),
    ] {
      let value = try #require(sample.analysis[characteristic]).value
      // The references are printed to four digits.
      #expect(abs(value / expected - 1) < 1e-4, "\(characteristic) \(value)")
    }
  }

  // Digitised Alnico by the default method: within 0.5 % of the values by straight lines, (BH)max of the coarse
  // second quadrant within 1 %, whose U says so; and not one field of a drawing moved.
  @Test(arguments: [
    ("VegaTechnik_LNG37", 1.2363, 50.02e3, 42.54e3), ("Jesenik_AlNiCo5_loop", 1.4976, 48.03e3, 43.5e3),
  ])
  func digitisedAlnicoAgreesWithStraightLines(
    _ name: String, _ remanence: Double, _ coercivity: Double, _ product: Double
  ) throws {
    let units = [
      "H": try #require(UnitOfMeasure(word: "A/m")), "B": try #require(UnitOfMeasure(word: "T")),
    ]
    guard
      let results = try inspected(
        "bh_curves/jafit_\(name).tab", { $0.reading = ReadingOptions(columnUnits: units) })
    else { return }
    let sample = try onlySample(results)
    #expect(!sample.analysis.corrections.contains { $0.id == "field-smoothing" })
    for (characteristic, expected, tolerance): (Characteristic, Double, Double) in [
      (.remanence, remanence, 0.005), (.coercivityHcB, coercivity, 0.006), (.energyProduct, product, 0.012),
    ] {
      let estimate = try #require(sample.analysis[characteristic])
      #expect(abs(estimate.value / expected - 1) < tolerance, "\(characteristic) \(estimate.value)")
      #expect(abs(estimate.value - expected) < estimate.expandedUncertainty, "\(characteristic)")
    }
  }

  /// What every real file gives without any option: how many loops, or the code of the refusal.
  private static let outcomes: [String: String] = [
    "bh_curves/ansys_Arnold_N30UH_80C.tab": "1", "bh_curves/femag_BM38H.MCV": "1",
    "bh_curves/femag_FERRIT_20gC.MCV": "1",
    // Columns without units.
    "bh_curves/jafit_Ibrayeva_LNGT72.tab": "unit", "bh_curves/jafit_Jesenik_AlNiCo5_loop.tab": "unit",
    "bh_curves/jafit_VegaTechnik_LNG37.tab": "unit",
    "cryogenic_cfms/DomiDre_CFMS_example.dat": "1",
    // No line names the columns: a profile has to.
    "lakeshore_7400_ideasvsm/VSManalyser_headerless_example.txt": "unknown-format",
    "lakeshore_8600/BRimmler_8600_sw1.2_hysteresis_cgs.csv": "1",
    // Several specimens.
    "magic/PmagPy_hysteresis_magic_measurements_v3.txt": "block",
    "micromag/HystLab_CP4Q_s0015.hyst": "1", "micromag/HystLab_Conc_40_C2A_s0016.002.hys": "1",
    "micromag/HystLab_DL362_s0016.000.hys": "1", "micromag/HystLab_H11_s0016.002.hys": "1",
    "micromag/HystLab_PIOX_s0015.loop": "1",
    // Version 7 does not say in which unit its moments are.
    "micromag/PmagPy_IS01a-1_legacy.agm": "unit",
    "micromag/PmagPy_IS01a-1_legacy.irm": "not-a-loop", "micromag/RockPy_dcd_vsm.001": "not-a-loop",
    "micromag/forcsensei_UB199BF.forc": "not-a-loop",
    "microsense_easyvsm/magLabUtilities_HY100_virgin.RAW": "3", "oxford_leeds_vsm/Stoner_VSM-Data.fld": "1",
    "petersen_vftb/RockPy_hys_vftb.001": "1",
    // One initial curve.
    "qd_acms/nomad_ACMS_test.dat": "1",
    "qd_acms/quantumPPMS_sample3.DAT": "not-a-loop", "qd_mpms3/BRimmler_MA2936_MH_300K.dat": "1",
    "qd_mpms3/MagnetoPy_mvsh3.dat": "1", "qd_mpms3/MagnetoPy_mvsh5.dat": "1",
    "qd_mpms3/nomad_MPMS_test.dat": "3", "qd_mpms_xl/jhilgar_pb6051_ZFC_0p1T.dc.dat": "not-a-loop",
    "qd_mpms_xl/quantumPPMS_sample1.dat": "not-a-loop", "qd_ppms_log/quantumPPMS_sample2.DAT": "not-a-loop",
    "qd_ppms_vsm/fjose10_SS5-FC_MvsT.DAT": "not-a-loop", "qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT": "1",
    "qd_ppms_vsm/quantumPPMS_MVSH_3K.DAT": "1", "qd_ppms_vsm/quantumPPMS_empty_vsm.dat": "truncated",
    // Voltages: a setup has to say what they mean.
    "waveforms/PicoScope_Hysterese.csv": "waveform",
    "waveforms/Stoner_TDMS_File.tdms": "unit", "waveforms/npTDMS_big_endian.tdms": "unit",
  ]

  @Test func everyRealFileIsReadOrRefusedForTheRightReason() throws {
    guard let root = Repository.shared("data") else {
      print("the real files are not beside the repository; passed over")
      return
    }
    let about = ["PROVENANCE.md", "reference_values.csv"]
    let all = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { path in
      !about.contains(path)
        && (try? root.appending(path: path).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile)
          == true
    }
    #expect(Set(all) == Set(Self.outcomes.keys))
    for (path, expected) in Self.outcomes.sorted(by: { $0.key < $1.key }) {
      let results = try #require(try inspected(path) { $0.method = .interpolation })
      let found: String
      if case .failure(let failure)? = results.first, results.count == 1 {
        found = failure.code
      } else {
        found = "\(results.count)"
      }
      #expect(found == expected, "\(path): \(results.first?.jsonLine(showBudget: false).prefix(600) ?? "")")
    }
  }
}
