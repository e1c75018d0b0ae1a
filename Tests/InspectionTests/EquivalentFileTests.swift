// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Inspection
import Measurements
import Quantities
import Report
import Simulation
import TestSupport
import Testing

/// The same loop written down in SI and in cgs.
@Suite struct EquivalentFileTests {
  private static let fields: [(name: String, perUnit: Double)] = [
    ("H (A/m)", 1), ("H (kA/m)", 1e3), ("H (Oe)", 1e3 / (4 * Double.pi)), ("H (kOe)", 1e6 / (4 * Double.pi)),
    ("mu0H (T)", 1 / magneticConstant),
  ]
  /// The unit of J, M, 4πM, B or moment in what it is converted to by µ0 and the volume, in T.
  private static let volume = 27e-9
  private static let responses: [(name: String, perUnit: Double)] = [
    ("J (T)", 1), ("J (mT)", 1e-3), ("4piM (G)", 1e-4), ("4piM (kG)", 0.1),
    ("M (kA/m)", 1e3 * magneticConstant),
    ("M (emu/cm3)", 1e3 * magneticConstant), ("Moment (emu)", 1e-3 * magneticConstant / volume),
    ("Moment (A m2)", magneticConstant / volume),
  ]

  private func analysis(_ field: Int, _ response: Int) throws -> LoopAnalysis {
    let loop = SimulatedLoop(.c).with { $0.noisePercent = 0.3 }.measurement()
    let (h, j) = (Self.fields[field], Self.responses[response])
    let rows = zip(loop.field.amperesPerMetre, loop.response.si).map { "\($0 / h.perUnit),\($1 / j.perUnit)" }
    let folder = try Repository.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "loop.txt").path
    let text = (["# circuit: closed", "\(h.name),\(j.name)"] + rows).joined(separator: "\n")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    var request = InspectionRequest()
    request.sample.volume = Sourced(Quantity(si: Self.volume), .user)
    let results = try Inspector(request).inspect(path: path).results
    guard results.count == 1, case .sample(let sample)? = results.first else {
      throw InputError("\(results.map { $0.jsonLine(showBudget: false) })")
    }
    return sample.analysis
  }

  // Conversion rounds twice, 4e-16; the estimators make 1e-10 of it at most.
  @Test(arguments: fields.indices, responses.indices)
  func unitsChangeNothing(_ field: Int, _ response: Int) throws {
    let (plain, other) = (try analysis(0, 0), try analysis(field, response))
    #expect(plain.ladderComponents == other.ladderComponents)
    for characteristic: Characteristic in [
      .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField, .squareness,
    ] {
      let (a, b) = (try #require(plain[characteristic]), try #require(other[characteristic]))
      #expect(abs(b.value / a.value - 1) < 1e-10, "\(characteristic) \(b.value) \(a.value)")
    }
  }
}
